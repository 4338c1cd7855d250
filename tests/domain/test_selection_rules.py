"""What a call says of the set that it wants: tags, who carries them, the least award."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.selection_rules import KINDS, Traits, carries, joined, least_cents, sound, split

pytestmark = pytest.mark.pure
TRAITS = Traits((("REG-53", "Bretagne"), ("SN", "Sénégal"), ("", "Itasy")), ("Eau et climat",), ("ngo", "company"))


@pytest.mark.parametrize(
    ("tag", "holds"),
    [
        ("territory:SN", True),
        ("territory:senegal", True),
        ("territory:ML,Sénégal", True),
        ("territory:ML", False),
        ("territory:ITASY", True),
        ("theme:eau et CLIMAT", True),
        ("theme:eau", False),
        ("actor:company", True),
        ("actor:union", False),
        ("theme:SN", False),
        ("organisation:*", False),
    ],
)
def test_a_file_is_counted_by_code_or_by_name_whatever_the_capitals_and_accents(tag: str, holds: bool) -> None:  # noqa: FBT001
    assert carries(TRAITS, tag) is holds


@pytest.mark.parametrize("tag", ["territory:SN,ML", "theme:Eau", "actor:ngo", "organisation:*"])
def test_a_sound_tag_is_written_in_one_way(tag: str) -> None:
    kind, words = split(tag)
    assert sound(tag)
    assert joined(kind, " , ".join(words)) == tag


@pytest.mark.parametrize("tag", ["", "SN", "territory:", "territory: SN", "organisation:Bocage", "colour:red", 7, None])
def test_what_is_no_tag_is_refused(tag: object) -> None:
    assert not sound(tag)


@given(
    st.sampled_from(KINDS[:3]),
    st.lists(st.text("abcÉ ’-", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=4),
)
def test_what_was_typed_makes_a_sound_tag(kind: str, words: list[str]) -> None:
    assert sound(joined(kind, ", ".join(words)))


@given(st.integers(0, 10**9), st.integers(0, 10_000), st.integers(0, 10**9))
def test_the_least_award_keeps_the_share_and_the_floor_and_never_exceeds_the_request(
    cents: int, share: int, floor: int
) -> None:
    least = least_cents(cents, share, floor)
    assert least <= cents
    assert least == cents or (least * 10_000 >= cents * share and least >= floor)
    assert least_cents(cents, 10_000) == cents
