"""Eligibility: the rules of a call as data. Admissibility asks for the form, eligibility for the substance."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from grants.domain.budget import NO_BUDGET, Bounds, Totals, amount_problems, balance_problems, rate_problems
from grants.domain.period import Window, duration_problems, window_problems
from grants.errors import Reason


class RuleKind(StrEnum):
    """Two steps with two letters: the form of the file, and who asks for what."""

    ADMISSIBILITY = "admissibility"
    ELIGIBILITY = "eligibility"


class Stage(StrEnum):
    """When a rule acts: SUBMISSION keeps a file from being deposited, SCREENING is judged by an officer afterwards."""

    SUBMISSION = "submission"
    SCREENING = "screening"


class Outcome(StrEnum):
    """WAIVED is never found by a rule: it is a decision of two persons, with a reason."""

    PASS = "pass"  # noqa: S105 -- an outcome
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


@dataclass(frozen=True)
class Facts:
    """What the rules look at. Moments are aware UTC; None: not known, or not asked by the call.

    `files_of_lead`: deposited files of the same lead in this call, this one included.
    """

    received_at: datetime | None = None
    closes_at: datetime | None = None
    grace_seconds: int = 0
    complete: bool = False
    signed: bool = False
    member_in_good_standing: bool | None = None
    totals: Totals = NO_BUDGET
    bounds: Bounds = field(default_factory=Bounds)
    starts_on: date | None = None
    ends_on: date | None = None
    window: Window = field(default_factory=Window)
    other_actor_kinds: int = 0
    min_actor_kinds: int = 2
    territories_here: int = 0
    files_of_lead: int = 1


Findings: TypeAlias = tuple[Reason, ...] | None
"""Nothing found: the rule passes. None: it does not apply."""


@dataclass(frozen=True)
class Rule:
    """A rule of a call. `article` is where the call's text states it (`4.2`); `key` is its reason code."""

    key: str
    kind: RuleKind
    stage: Stage
    test: Callable[[Facts], Findings] = field(repr=False)
    article: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a rule found, with the reasons and their figures."""

    rule: Rule
    outcome: Outcome
    details: tuple[Reason, ...] = ()


def evaluate(rules: Iterable[Rule], stage: Stage, facts: Facts) -> tuple[Verdict, ...]:
    """Try the rules in their order: at submission those of submission, at screening all of them once more."""
    acting = (rule for rule in rules if stage is Stage.SCREENING or rule.stage is Stage.SUBMISSION)
    return tuple(_verdict(rule, facts) for rule in acting)


def failures(verdicts: Iterable[Verdict], kind: RuleKind | None = None) -> tuple[Verdict, ...]:
    """The verdicts that failed, of one kind or of both: any of them keeps the file out."""
    return tuple(v for v in verdicts if v.outcome is Outcome.FAIL and kind in (None, v.rule.kind))


def _verdict(rule: Rule, facts: Facts) -> Verdict:
    found = rule.test(facts)
    if found is None:
        return Verdict(rule, Outcome.NOT_APPLICABLE)
    return Verdict(rule, Outcome.FAIL if found else Outcome.PASS, found)


def _received_before_deadline(facts: Facts) -> Findings:
    """The deadline is exclusive: at 12:00:00 it is late."""
    if facts.closes_at is None:
        return None
    if facts.received_at is None:
        return (Reason("not_received"),)
    late = facts.received_at - facts.closes_at
    if late < timedelta(seconds=facts.grace_seconds):
        return ()
    return (Reason("late", {"seconds": int(late.total_seconds())}),)


def _complete(facts: Facts) -> Findings:
    return () if facts.complete else (Reason("incomplete"),)


def _signed(facts: Facts) -> Findings:
    return () if facts.signed else (Reason("not_signed"),)


def _member_in_good_standing(facts: Facts) -> Findings:
    """Judged on the day of the deadline. Somebody has to look where the register says nothing."""
    if facts.member_in_good_standing is None:
        return (Reason("membership_unknown"),)
    return () if facts.member_in_good_standing else (Reason("not_a_member"),)


def _within_grant_bounds(facts: Facts) -> Findings:
    if facts.bounds.min_cents is None and facts.bounds.max_cents is None:
        return None
    return amount_problems(facts.totals, facts.bounds)


def _within_rate(facts: Facts) -> Findings:
    bounds = facts.bounds
    if bounds.max_rate_bp is None and bounds.max_in_kind_bp is None and bounds.min_other_cash_bp is None:
        return None
    return rate_problems(facts.totals, bounds)


def _budget_balanced(facts: Facts) -> Findings:
    return balance_problems(facts.totals)


def _dates_in_window(facts: Facts) -> Findings:
    if facts.starts_on is None or facts.ends_on is None:
        return (Reason("no_dates"),)
    return window_problems(facts.starts_on, facts.ends_on, facts.window)


def _duration_between(facts: Facts) -> Findings:
    if facts.window.min_months is None and facts.window.max_months is None:
        return None
    if facts.starts_on is None or facts.ends_on is None:
        return (Reason("no_dates"),)
    return duration_problems(facts.starts_on, facts.ends_on, facts.window)


def _enough_actor_kinds(facts: Facts) -> Findings:
    there, asked = facts.other_actor_kinds, facts.min_actor_kinds
    return () if there >= asked else (Reason("too_few_actor_kinds", {"there": there, "asked": asked}),)


def _territory_in_france(facts: Facts) -> Findings:
    return () if facts.territories_here else (Reason("no_territory_in_france"),)


def _one_file_per_lead(facts: Facts) -> Findings:
    return () if facts.files_of_lead <= 1 else (Reason("several_files", {"files": facts.files_of_lead}),)


_FORM, _SUBSTANCE = RuleKind.ADMISSIBILITY, RuleKind.ELIGIBILITY
_AT_DEPOSIT, _LATER = Stage.SUBMISSION, Stage.SCREENING

#: A call for the members of a network, as it is usually written; articles are the call's own.
MEMBERS_ONLY = (
    Rule("received_before_deadline", _FORM, _AT_DEPOSIT, _received_before_deadline),
    Rule("complete", _FORM, _AT_DEPOSIT, _complete),
    Rule("signed", _FORM, _AT_DEPOSIT, _signed),
    Rule("member_in_good_standing", _SUBSTANCE, _LATER, _member_in_good_standing),
    Rule("within_grant_bounds", _SUBSTANCE, _LATER, _within_grant_bounds),
    Rule("within_rate", _SUBSTANCE, _LATER, _within_rate),
    Rule("budget_balanced", _SUBSTANCE, _AT_DEPOSIT, _budget_balanced),
    Rule("dates_in_window", _SUBSTANCE, _AT_DEPOSIT, _dates_in_window),
    Rule("duration_between", _SUBSTANCE, _AT_DEPOSIT, _duration_between),
    Rule("enough_actor_kinds", _SUBSTANCE, _AT_DEPOSIT, _enough_actor_kinds),
    Rule("territory_in_france", _SUBSTANCE, _AT_DEPOSIT, _territory_in_france),
    Rule("one_file_per_lead", _SUBSTANCE, _LATER, _one_file_per_lead),
)
OPEN_TO_ALL = tuple(rule for rule in MEMBERS_ONLY if rule.key != "member_in_good_standing")
RULES: Mapping[str, Rule] = {rule.key: rule for rule in MEMBERS_ONLY}


def chosen(rows: Iterable[tuple[str, str, Stage]]) -> tuple[Rule, ...]:
    """The rules that a call states, from its data: key, article, stage. Raises KeyError for a key nobody wrote."""
    return tuple(replace(RULES[key], article=article, stage=stage) for key, article, stage in rows)
