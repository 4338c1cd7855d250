"""The rules of a call for members, with the three files of the demonstration that were not admitted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from grants.domain.budget import Bounds, Totals
from grants.domain.eligibility import (
    MEMBERS_ONLY,
    OPEN_TO_ALL,
    RULES,
    Outcome,
    RuleKind,
    Stage,
    chosen,
    evaluate,
    failures,
)
from grants.domain.eligibility_facts import Facts
from grants.domain.period import Window

pytestmark = pytest.mark.pure

CLOSES_AT = datetime(2025, 11, 3, 11, tzinfo=UTC)
GOOD = Facts(
    received_at=CLOSES_AT - timedelta(hours=1),
    closes_at=CLOSES_AT,
    complete=True,
    signed=True,
    member_in_good_standing=True,
    totals=Totals(2_290_000, 2_290_000, 300_000, 300_000, 1_550_000),
    bounds=Bounds(800_000, 1_600_000, 7000, 2500, 3000),
    starts_on=date(2026, 3, 1),
    ends_on=date(2026, 8, 31),
    window=Window(date(2026, 3, 1), date(2027, 2, 28), 6, 12),
    other_actor_kinds=2,
    territories_here=2,
)


def outcome(key, facts):
    (verdict,) = evaluate([RULES[key]], Stage.SCREENING, facts)
    return verdict.outcome, [reason.code for reason in verdict.details]


def failing(stage, facts, kind=None):
    return [verdict.rule.key for verdict in failures(evaluate(MEMBERS_ONLY, stage, facts), kind)]


def test_the_rules_of_a_call_for_members_stand_in_this_order():
    assert [(rule.key, rule.kind.value, rule.stage.value) for rule in MEMBERS_ONLY] == [
        ("received_before_deadline", "admissibility", "submission"),
        ("complete", "admissibility", "submission"),
        ("signed", "admissibility", "submission"),
        ("member_in_good_standing", "eligibility", "screening"),
        ("within_grant_bounds", "eligibility", "screening"),
        ("within_rate", "eligibility", "screening"),
        ("budget_balanced", "eligibility", "submission"),
        ("dates_in_window", "eligibility", "submission"),
        ("duration_between", "eligibility", "submission"),
        ("enough_actor_kinds", "eligibility", "submission"),
        ("territory_in_france", "eligibility", "submission"),
        ("one_file_per_lead", "eligibility", "screening"),
    ]


def test_a_good_file_passes_every_rule():
    verdicts = evaluate(MEMBERS_ONLY, Stage.SCREENING, GOOD)
    assert len(verdicts) == 12
    assert {verdict.outcome for verdict in verdicts} == {Outcome.PASS}


def test_nothing_known_fails_at_submission_without_asking_the_later_rules():
    assert failing(Stage.SUBMISSION, Facts()) == [
        "complete",
        "signed",
        "dates_in_window",
        "enough_actor_kinds",
        "territory_in_france",
    ]


def test_a_file_that_is_no_members_is_deposited_and_fails_at_screening():
    facts = replace(GOOD, member_in_good_standing=False)
    assert failing(Stage.SUBMISSION, facts) == []
    assert failing(Stage.SCREENING, facts) == ["member_in_good_standing"]


def test_a_file_above_the_ceiling_and_the_rate_is_deposited_and_fails_at_screening():
    facts = replace(GOOD, totals=Totals(2_195_100, 2_195_100, 0, 0, 1_800_000))
    assert failing(Stage.SUBMISSION, facts) == []
    assert failing(Stage.SCREENING, facts) == ["within_grant_bounds", "within_rate"]


def test_a_file_seven_minutes_late_is_inadmissible_and_told_by_how_much():
    facts = replace(GOOD, received_at=CLOSES_AT + timedelta(minutes=7))
    verdicts = failures(evaluate(MEMBERS_ONLY, Stage.SUBMISSION, facts), RuleKind.ADMISSIBILITY)
    assert [(v.rule.key, v.details[0].params) for v in verdicts] == [("received_before_deadline", {"seconds": 420})]
    assert failing(Stage.SUBMISSION, facts, RuleKind.ELIGIBILITY) == []


@pytest.mark.parametrize(
    ("late", "grace", "expected"),
    [
        (timedelta(microseconds=-1), 0, (Outcome.PASS, [])),
        (timedelta(0), 0, (Outcome.FAIL, ["late"])),
        (timedelta(seconds=59), 60, (Outcome.PASS, [])),
        (timedelta(seconds=60), 60, (Outcome.FAIL, ["late"])),
    ],
)
def test_the_deadline_is_exclusive_and_its_grace_too(late, grace, expected):
    facts = replace(GOOD, received_at=CLOSES_AT + late, grace_seconds=grace)
    assert outcome("received_before_deadline", facts) == expected


@pytest.mark.parametrize(
    ("key", "changed", "expected"),
    [
        ("received_before_deadline", {"closes_at": None}, (Outcome.NOT_APPLICABLE, [])),
        ("received_before_deadline", {"received_at": None}, (Outcome.FAIL, ["not_received"])),
        ("complete", {"complete": False}, (Outcome.FAIL, ["incomplete"])),
        ("signed", {"signed": False}, (Outcome.FAIL, ["not_signed"])),
        ("member_in_good_standing", {"member_in_good_standing": None}, (Outcome.FAIL, ["membership_unknown"])),
        ("member_in_good_standing", {"member_in_good_standing": False}, (Outcome.FAIL, ["not_a_member"])),
        ("within_grant_bounds", {"bounds": Bounds(max_rate_bp=1)}, (Outcome.NOT_APPLICABLE, [])),
        ("within_grant_bounds", {"bounds": Bounds(max_cents=1)}, (Outcome.FAIL, ["above_ceiling"])),
        ("within_rate", {"bounds": Bounds(max_cents=1)}, (Outcome.NOT_APPLICABLE, [])),
        ("within_rate", {"bounds": Bounds(min_other_cash_bp=9999)}, (Outcome.FAIL, ["other_cash_below_minimum"])),
        ("budget_balanced", {"totals": Totals(1, 2, 0, 0, 1)}, (Outcome.FAIL, ["unbalanced"])),
        ("dates_in_window", {"starts_on": None}, (Outcome.FAIL, ["no_dates"])),
        ("dates_in_window", {"ends_on": date(2028, 1, 1)}, (Outcome.FAIL, ["ends_too_late"])),
        ("duration_between", {"window": Window()}, (Outcome.NOT_APPLICABLE, [])),
        ("duration_between", {"window": Window(max_months=5)}, (Outcome.FAIL, ["duration_too_long"])),
        ("duration_between", {"ends_on": None}, (Outcome.FAIL, ["no_dates"])),
        ("duration_between", {"starts_on": None}, (Outcome.FAIL, ["no_dates"])),
        ("enough_actor_kinds", {"other_actor_kinds": 1}, (Outcome.FAIL, ["too_few_actor_kinds"])),
        ("territory_in_france", {"territories_here": 0}, (Outcome.FAIL, ["no_territory_in_france"])),
        ("one_file_per_lead", {"files_of_lead": 2}, (Outcome.FAIL, ["several_files"])),
    ],
)
def test_each_rule_is_seen_refusing_and_standing_aside(key, changed, expected):
    assert outcome(key, replace(GOOD, **changed)) == expected


def test_an_open_call_does_not_ask_for_membership():
    assert {rule.key for rule in MEMBERS_ONLY} - {rule.key for rule in OPEN_TO_ALL} == {"member_in_good_standing"}


def test_a_call_chooses_its_rules_their_articles_and_when_they_act():
    (rule,) = chosen([("within_rate", "4.2", Stage.SUBMISSION)])
    assert (rule.key, rule.article, rule.stage, rule.test) == (
        "within_rate",
        "4.2",
        Stage.SUBMISSION,
        RULES["within_rate"].test,
    )


def test_a_rule_that_nobody_wrote_cannot_be_chosen():
    with pytest.raises(KeyError):
        chosen([("sympathetic", "1", Stage.SUBMISSION)])
