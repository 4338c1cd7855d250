"""Facts that hint at a conflict of interest."""

from dataclasses import replace

import pytest

from grants.domain.conflicts import CERTAIN, FINAL, Hint, Judge, Judged, email_domain, hints, stand_of

pytestmark = pytest.mark.pure

JUDGE = Judge("Hélène Garrigue", "h.garrigue@rivages.example", frozenset({"rivages"}), frozenset({"Rivages Partagés"}))
FILE = Judged("bocage", frozenset({"cooperative"}), emails=frozenset({"a@bocage.example"}))


def test_where_nothing_is_known_nothing_is_hinted():
    assert hints(JUDGE, FILE) == ()
    assert hints(Judge("", ""), Judged("bocage")) == ()


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"lead": "rivages"}, Hint.SAME_ORGANISATION),
        ({"partners": frozenset({"rivages"})}, Hint.PARTNER_ORGANISATION),
        ({"partner_names": frozenset({"", "RIVAGES  partage\u0301s"})}, Hint.PARTNER_ORGANISATION),
        ({"funders": frozenset({"rivages PARTAGÉS"})}, Hint.COFUNDER),
        ({"people": frozenset({"helene", "H\u00e9l\u00e8ne  GARRIGUE"})}, Hint.NAMED_IN_FILE),
        ({"emails": frozenset({"Autre@Rivages.EXAMPLE "})}, Hint.SAME_EMAIL_DOMAIN),
    ],
)
def test_each_fact_is_a_hint_of_its_own(changed, hint):
    assert hints(JUDGE, replace(FILE, **changed)) == (hint,)


@pytest.mark.parametrize("organisation", ["bocage", "cooperative"])
def test_a_common_project_is_a_hint(organisation):
    assert hints(replace(JUDGE, worked_with=frozenset({organisation})), FILE) == (Hint.WORKED_TOGETHER,)


def test_who_writes_the_file_does_not_judge_it():
    assert hints(replace(JUDGE, files=frozenset({"f1"})), replace(FILE, file="f1")) == (Hint.WRITES_FILE,)


def test_a_free_provider_is_no_common_house():
    judge = replace(JUDGE, email="helene@GMAIL.com")
    assert hints(judge, replace(FILE, emails=frozenset({"contact@gmail.com"}))) == ()


def test_all_hints_are_given_the_plainest_first():
    file = Judged(
        "rivages",
        frozenset({"rivages"}),
        people=frozenset({"Hélène Garrigue"}),
        emails=frozenset({"x@rivages.example"}),
        funders=frozenset({"RIVAGES Partagés"}),
        file="f1",
    )
    judge = replace(JUDGE, worked_with=frozenset({"rivages"}), files=frozenset({"f1"}))
    assert hints(judge, file) == tuple(Hint)


def test_what_the_register_says_is_a_conflict_and_the_rest_a_doubt():
    assert stand_of(()) == ""
    assert {hint for hint in Hint if stand_of((hint,)) == "conflict"} == CERTAIN >= FINAL
    assert stand_of((Hint.SAME_EMAIL_DOMAIN, Hint.WORKED_TOGETHER)) == "doubt"
    assert stand_of((Hint.SAME_EMAIL_DOMAIN, Hint.PARTNER_ORGANISATION)) == "conflict"


def test_a_text_without_a_domain_has_none():
    assert email_domain("nobody") == ""
    assert email_domain("") == ""
    assert email_domain(" A@B.Example ") == "b.example"
