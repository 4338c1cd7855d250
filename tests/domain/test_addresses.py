"""Mail addresses: one spelling for one person, no address for what is none."""

import pytest

from grants.domain.addresses import AddressError, canonical

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("typed", ["awa@exemple.org", " Awa@Exemple.ORG ", "AWA@EXEMPLE.ORG"])
def test_capitals_and_spaces_make_no_other_person(typed: str) -> None:
    assert canonical(typed) == "awa@exemple.org"


def test_two_spellings_of_an_accent_are_one_address() -> None:
    assert canonical("re\u0301mi@exemple.org") == canonical("rémi@exemple.org")


@pytest.mark.parametrize(
    "typed",
    [
        "awa",
        "awa@",
        "@exemple.org",
        "a b@exemple.org",
        "awa@exemple",
        "a@b@c.org",
        "awa@x..org",
        "a\n@exemple.org",
        "a" * 65 + "@exemple.org",
        "x" * 600,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressError) as refused:
        canonical(typed)
    assert refused.value.reason == "not_an_email"


def test_nothing_is_empty() -> None:
    with pytest.raises(AddressError) as refused:
        canonical("  ")
    assert refused.value.reason == "empty"
