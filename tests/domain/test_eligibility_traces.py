"""A verdict keeps a trace, and the trace alone finds it again: whatever became of the file and of the call."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.domain.budget import Bounds, Totals
from grants.domain.conditions import read_condition
from grants.domain.eligibility import MEMBERS_ONLY, Rule, RuleKind, Stage, judge, trace
from grants.domain.eligibility_data import replayed, rule_data
from grants.domain.eligibility_facts import Facts, read_facts
from grants.domain.eligibility_tests import PROBES, Parameter
from grants.domain.period import Window

pytestmark = pytest.mark.pure

CENTS = st.integers(0, 5_000_000)
DAYS = st.dates(date(2015, 1, 1), date(2031, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
WORDS = st.text("abcdéÉ -", max_size=12)
CODES = st.sampled_from(["FR", "ML", "ML-1", "SN", "MA-09", ""])
KINDS = st.sampled_from(["ngo", "local_authority", "company", "union"])
SOME_BP = st.none() | st.integers(0, 10_000)

FACTS = st.builds(
    Facts,
    received_at=st.none() | MOMENTS,
    closes_at=st.none() | MOMENTS,
    grace_seconds=st.integers(0, 600),
    complete=st.booleans(),
    signed=st.booleans(),
    member_in_good_standing=st.none() | st.booleans(),
    totals=st.builds(Totals, CENTS, CENTS, CENTS, CENTS, CENTS),
    bounds=st.builds(Bounds, st.none() | CENTS, st.none() | CENTS, SOME_BP, SOME_BP, SOME_BP, st.booleans()),
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
    window=st.builds(
        Window, st.none() | DAYS, st.none() | DAYS, st.none() | st.integers(1, 12), st.none() | st.integers(1, 24)
    ),
    other_actor_kinds=st.integers(0, 5),
    min_actor_kinds=st.integers(0, 5),
    territories_here=st.integers(0, 3),
    files_of_lead=st.integers(1, 3),
    judged_on=st.none() | DAYS,
    lead_kind=KINDS,
    legal_form=WORDS,
    country=CODES,
    founded_on=st.none() | DAYS,
    partner_kinds=st.lists(KINDS, max_size=5).map(tuple),
    territories=st.lists(CODES.filter(bool), max_size=3).map(tuple),
    expense_keys=st.lists(st.sampled_from(["601", "66", "67"]), max_size=3).map(tuple),
    expired_documents=st.lists(st.sampled_from(["statutes", "accounts"]), max_size=2).map(tuple),
    reports_overdue=st.none() | st.integers(0, 3),
    invited=st.none() | st.booleans(),
    operator_signed=st.none() | st.booleans(),
    partners_attested=st.none() | st.booleans(),
    answers=st.dictionaries(
        st.sampled_from(["staff", "resources", "kind"]), st.sampled_from(["", "3", "1 200,5", "town"])
    ),
)
VALUES = {
    Parameter.WHOLE: st.integers(0, 30),
    Parameter.CENTS: CENTS,
    Parameter.TEXTS: st.lists(
        CODES.filter(bool) | st.sampled_from(["ngo", "a", "66", "statutes"]), min_size=1, max_size=3
    ),
    Parameter.COUNTS: st.dictionaries(KINDS, st.integers(0, 3), min_size=1),
    Parameter.FIELD: st.sampled_from(["resources", "staff"]),
}
CONDITIONS = st.sampled_from(
    [
        None,
        {"field": "staff", "at_least": "2"},
        {"not": {"field": "kind", "is": "town"}},
        {"field": "resources", "filled": True},
    ]
).map(lambda data: read_condition(data) if data else None)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that a call may state."""
    kind, stage = draw(st.sampled_from(RuleKind)), draw(st.sampled_from(Stage))
    condition, when = draw(CONDITIONS), draw(CONDITIONS)
    words = {"article": draw(st.sampled_from(["", "4.2"])), "soft": draw(st.booleans())}
    if condition is not None:
        return Rule("own", kind, stage, condition=condition, when=when, **words)  # type: ignore[arg-type]
    name = draw(st.sampled_from(sorted(PROBES)))
    probe = PROBES[name]
    taken = [key for key in probe.parameters if key in probe.required or draw(st.booleans())]
    parameters = {key: draw(VALUES[probe.parameters[key]]) for key in taken}
    return Rule(name, kind, stage, name, parameters, when=when, **words)  # type: ignore[arg-type]


@given(rules(), FACTS)
@settings(max_examples=400, deadline=None)
def test_a_trace_that_went_through_json_replays_to_the_same_verdict(rule: Rule, facts: Facts) -> None:
    verdict = judge(rule, facts)
    kept = json.loads(json.dumps(trace(verdict, facts, rule_data(rule), "a" * 64)))
    again = replayed(kept)
    assert (again.outcome, [(one.code, dict(one.params)) for one in again.details]) == (
        verdict.outcome,
        [(one.code, dict(one.params)) for one in verdict.details],
    )
    assert kept["outcome"] == again.outcome


@given(FACTS)
@settings(max_examples=60, deadline=None)
def test_a_verdict_of_a_call_that_was_amended_since_is_the_one_that_was_told(facts: Facts) -> None:
    """The bounds, the window and the deadline moved: the trace holds those that were in force."""
    for rule in MEMBERS_ONLY:
        verdict = judge(rule, facts)
        kept = trace(verdict, facts, rule_data(rule), "")
        judge(rule, replace(facts, bounds=Bounds(max_cents=1), window=Window(max_months=1), closes_at=None))
        assert replayed(kept).outcome == verdict.outcome


@given(rules(), FACTS, FACTS)
@settings(max_examples=200, deadline=None)
def test_a_trace_holds_only_what_the_rule_looked_at(rule: Rule, facts: Facts, others: Facts) -> None:
    """Two files that agree on what the rule looks at are judged alike, and nothing else of them is kept."""
    kept = trace(judge(rule, facts), facts, rule_data(rule), "")
    assert set(kept["facts"]) <= {*rule.looks_at, "answers"}  # type: ignore[arg-type]
    alike = replace(others, **{name: getattr(facts, name) for name in rule.looks_at}, answers=facts.answers)
    assert judge(rule, alike).outcome == judge(rule, facts).outcome


@pytest.mark.parametrize("data", [None, [], {"siret": "1"}, {"closes_at": 12}, {"window": {}}, {"totals": {"x": 1}}])
def test_what_nobody_wrote_is_no_trace(data: object) -> None:
    with pytest.raises(ValueError, match="fac"):
        read_facts(data)


def test_a_trace_without_its_rule_is_no_trace() -> None:
    with pytest.raises(ValueError, match="not a trace"):
        replayed({"facts": {}})


def test_lateness_is_told_to_the_second_after_a_year() -> None:
    closes = datetime(2026, 12, 7, 11, tzinfo=UTC)
    facts = Facts(received_at=closes + timedelta(seconds=421), closes_at=closes)
    kept = trace(judge(MEMBERS_ONLY[0], facts), facts, rule_data(MEMBERS_ONLY[0]), "")
    assert kept["facts"] == {
        "closes_at": "2026-12-07T11:00:00.000000+00:00",
        "grace_seconds": 0,
        "received_at": "2026-12-07T11:07:01.000000+00:00",
    }
    assert replayed(kept).details[0].params == {"seconds": 421}
