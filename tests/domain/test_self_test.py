"""The self-test: the rules of a call asked before there is a file."""

from datetime import date

import pytest

from grants.domain.budget import Bounds
from grants.domain.eligibility import MEMBERS_ONLY, OPEN_TO_ALL
from grants.domain.eligibility_data import read_rules
from grants.domain.eligibility_facts import Facts
from grants.domain.form_data import Faults
from grants.domain.period import Window
from grants.domain.self_test import Standing, answered, questions

pytestmark = pytest.mark.pure

CALL = Facts(
    bounds=Bounds(800_000, 1_600_000, 7000),
    window=Window(date(2027, 3, 1), date(2028, 2, 29), 6, 12),
    min_actor_kinds=2,
    judged_on=date(2026, 12, 7),
)
GOOD = {
    "member": ["yes"],
    "lead_kind": ["ngo"],
    "kinds": ["local_authority", "company", "ngo"],
    "here": ["yes"],
    "starts_on": ["01/03/2027"],
    "ends_on": ["31/12/2027"],
    "total": ["22 900"],
    "requested": ["15 500"],
}


def rules(*data: dict[str, object]):  # type: ignore[no-untyped-def]
    faults = Faults()
    found = read_rules([{"kind": "eligibility", "stage": "screening", **one} for one in data], faults)
    assert faults.found == []
    return found


def standings(typed: dict[str, list[str]], of=MEMBERS_ONLY) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {one.rule.key: str(one.standing) for one in answered(of, CALL, typed).found}


def test_each_thing_is_asked_once_for_all_the_rules_that_need_it() -> None:
    assert [one.key for one in questions(MEMBERS_ONLY)] == [
        *("member", "lead_kind", "kinds", "here", "starts_on", "ends_on", "total", "requested"),
    ]
    assert "member" not in {one.key for one in questions(OPEN_TO_ALL)}


def test_good_answers_respect_every_rule_that_can_be_asked() -> None:
    result = answered(MEMBERS_ONLY, CALL, GOOD)
    assert result.standing is Standing.YES
    assert [one.rule.key for one in result.found] == [
        "member_in_good_standing",
        "within_grant_bounds",
        "within_rate",
        "dates_in_window",
        "duration_between",
        "enough_actor_kinds",
        "territory_in_france",
    ]


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"member": ["no"]}, "member_in_good_standing"),
        ({"requested": ["16 000,01"], "total": ["40 000"]}, "within_grant_bounds"),
        ({"requested": ["15 500"], "total": ["20 000"]}, "within_rate"),
        ({"ends_on": ["31/03/2028"], "starts_on": ["01/06/2027"]}, "dates_in_window"),
        ({"ends_on": ["31/03/2027"]}, "duration_between"),
        ({"kinds": ["ngo", "company"]}, "enough_actor_kinds"),
        ({"kinds": []}, "enough_actor_kinds"),
        ({"here": ["no"]}, "territory_in_france"),
    ],
)
def test_one_answer_that_refuses_says_no_and_which_rule(typed: dict[str, list[str]], rule: str) -> None:
    answers = {**GOOD, **typed}
    assert answered(MEMBERS_ONLY, CALL, answers).standing is Standing.NO
    assert [key for key, standing in standings(answers).items() if standing == "no"] == [rule]


def test_what_is_not_answered_is_perhaps() -> None:
    assert answered(MEMBERS_ONLY, CALL, {}).standing is Standing.MAYBE
    assert set(standings({}).values()) == {"maybe"}
    assert standings({**GOOD, "member": [""]})["member_in_good_standing"] == "maybe"


def test_what_cannot_be_read_is_told_and_guessed_at_by_nobody() -> None:
    result = answered(MEMBERS_ONLY, CALL, {**GOOD, "requested": ["1.500"], "ends_on": ["30/02/2027"]})
    assert {key: reason.code for key, reason in result.problems.items()} == {
        "requested": "ambiguous",
        "ends_on": "not_a_date",
    }


def test_a_soft_rule_that_refuses_lets_one_go_on() -> None:
    soft = rules({"key": "old_enough", "soft": True, "test": {"name": "old_enough", "years": 3}})
    result = answered(soft, CALL, {"founded_on": ["12/03/2025"]})
    assert (result.found[0].standing, result.standing) == (Standing.NO, Standing.MAYBE)
    assert answered(soft, CALL, {"founded_on": ["07/12/2023"]}).standing is Standing.YES


def test_a_rule_with_a_question_of_its_own_is_asked_as_it_is_written() -> None:
    own = rules(
        {
            "key": "staff",
            "question": "Avez-vous une personne salariée ?",
            "test": {"condition": {"field": "staff", "at_least": "1"}},
        }
    )
    assert [(one.key, one.text) for one in questions(own)] == [("rule_staff", "Avez-vous une personne salariée ?")]
    assert answered(own, CALL, {"rule_staff": ["yes"]}).standing is Standing.YES
    assert answered(own, CALL, {"rule_staff": ["no"]}).standing is Standing.NO
    assert answered(own, CALL, {}).standing is Standing.MAYBE


def test_a_condition_on_answers_without_a_question_waits_for_the_file() -> None:
    quiet = rules({"key": "staff", "test": {"condition": {"field": "staff", "at_least": "1"}}})
    assert questions(quiet) == ()
    assert answered(quiet, CALL, {}).found == ()


@pytest.mark.parametrize(
    ("test", "typed", "expected"),
    [
        ({"name": "lead_kind_allowed", "kinds": ["ngo", "union"]}, {"lead_kind": ["union"]}, "yes"),
        ({"name": "lead_kind_allowed", "kinds": ["ngo"]}, {"lead_kind": ["company"]}, "no"),
        ({"name": "legal_form_allowed", "forms": ["association"]}, {"legal_form": ["association"]}, "yes"),
        ({"name": "legal_form_allowed", "forms": ["association"]}, {"legal_form": ["–"]}, "no"),
        ({"name": "country_allowed", "denied": ["ML"]}, {"country": ["ML"]}, "no"),
        ({"name": "country_allowed", "allowed": ["FR", "SN"]}, {"country": ["SN"]}, "yes"),
        ({"name": "territories_allowed", "denied": ["ML"]}, {"there": ["none"]}, "yes"),
        ({"name": "territories_allowed", "denied": ["ML"]}, {"there": ["ML"]}, "no"),
        ({"name": "resources_below", "field": "resources", "max_cents": 15_000_000}, {"resources": ["150 000"]}, "yes"),
        (
            {"name": "resources_below", "field": "resources", "max_cents": 15_000_000},
            {"resources": ["150 000,50"]},
            "no",
        ),
        ({"name": "total_budget_between", "min_cents": 100_000}, {"total": ["999"]}, "no"),
        ({"name": "obligations_met"}, {"obligations": ["no"]}, "no"),
        ({"name": "obligations_met"}, {"obligations": ["yes"]}, "yes"),
        ({"name": "invited"}, {"invited": ["no"]}, "no"),
        ({"name": "invited"}, {}, "maybe"),
    ],
)
def test_every_built_in_test_that_asks_is_answered(
    test: dict[str, object], typed: dict[str, list[str]], expected: str
) -> None:
    assert standings(typed, rules({"key": "mine", "test": test})) == {"mine": expected}
