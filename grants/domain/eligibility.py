"""Eligibility: the rules of a call as data. Admissibility asks for the form, eligibility for the substance.

A call states its rules in the `rules` part of its terms, a list in the order in which they are told:

    {"key": "within_rate",            # unique in the call, [a-z][a-z0-9_]*; the ordinary test of that name unless `test`
     "kind": "eligibility",           # or "admissibility"
     "stage": "screening",            # or "submission": then it keeps the file from being submitted
     "article": "4.2",                # where the text of the call says it
     "title": "Taux de la demande",   # a few words; empty: the ordinary words of the test
     "text": "La subvention …",       # explains itself to applicants: what is asked and why; empty: ordinary words
     "soft": true,                    # refusing does not block and says "maybe": a person decides (default: false)
     "question": "…", "hint": "…",    # the self-test asks this; empty: what the test asks by itself, or nothing
     "when": {"field": …, "is": …},   # a condition on answers: elsewhere the rule does not apply (domain.conditions)
     "test": {"name": "old_enough", "years": 2}}           # a built-in test (`eligibility_tests.PROBES`) and parameters
     "test": {"condition": {"field": "staff", "at_least": "1"}}   # or a condition on answers, true for who is eligible

`eligibility_data.read_rules` reads it and names what is wrong; `rules_data` writes it; `PROBES[name].parameters` says
which parameters a test takes. A call that states nothing has `MEMBERS_ONLY` or `OPEN_TO_ALL`, by its kind.

A verdict keeps its trace: the rule as data, the facts that it looked at as plain values, what it found. `replay`
gives the same verdict from the trace alone, whatever became of the file and of the call since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from grants.domain.conditions import Condition
from grants.domain.eligibility_facts import Facts, facts_data, read_facts
from grants.domain.eligibility_tests import CONDITION, PROBES, Findings
from grants.errors import Reason

NOTHING: Mapping[str, object] = MappingProxyType({})


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
class Rule:
    """A rule of a call, read. `test` names a built-in test, or is empty: then `condition` says who is eligible."""

    key: str
    kind: RuleKind
    stage: Stage
    test: str = ""
    parameters: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    condition: Condition | None = None
    when: Condition | None = None
    article: str = ""
    title: str = ""
    text: str = ""
    question: str = ""
    hint: str = ""
    soft: bool = False

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The names of the facts behind its verdict."""
        return () if self.condition is not None else PROBES[self.test].looks_at

    def fields(self) -> frozenset[str]:
        """The keys of the answers behind its verdict."""
        asked = [one.fields for one in (self.condition, self.when) if one is not None]
        named = self.parameters.get("field")
        return frozenset().union(*asked, {named} if isinstance(named, str) else ())

    def findings(self, facts: Facts) -> Findings:
        """What refuses the file; nothing: it passes; None: the rule does not apply to it."""
        if self.when is not None and not self.when.holds(facts.answers):
            return None
        if self.condition is not None:
            return () if self.condition.holds(facts.answers) else (Reason(CONDITION),)
        return PROBES[self.test].run(facts, self.parameters)


@dataclass(frozen=True)
class Verdict:
    """What a rule found, with the reasons and their figures."""

    rule: Rule
    outcome: Outcome
    details: tuple[Reason, ...] = ()


def judge(rule: Rule, facts: Facts) -> Verdict:
    """Try one rule."""
    found = rule.findings(facts)
    if found is None:
        return Verdict(rule, Outcome.NOT_APPLICABLE)
    return Verdict(rule, Outcome.FAIL if found else Outcome.PASS, found)


def evaluate(rules: Iterable[Rule], stage: Stage, facts: Facts) -> tuple[Verdict, ...]:
    """Try the rules in their order: at submission those of submission, at screening all of them once more."""
    acting = (rule for rule in rules if stage is Stage.SCREENING or rule.stage is Stage.SUBMISSION)
    return tuple(judge(rule, facts) for rule in acting)


def failures(verdicts: Iterable[Verdict], kind: RuleKind | None = None) -> tuple[Verdict, ...]:
    """The verdicts that failed, of one kind or of both: any of them keeps the file out."""
    return tuple(v for v in verdicts if v.outcome is Outcome.FAIL and kind in (None, v.rule.kind))


def blocking(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Of the verdicts of a submission, those that keep the file from being submitted: a soft rule never does."""
    return tuple(v for v in failures(verdicts) if v.rule.stage is Stage.SUBMISSION and not v.rule.soft)


def trace(verdict: Verdict, facts: Facts, rule: Mapping[str, object], terms: str) -> dict[str, object]:
    """All that the verdict was reached with, as plain data. `rule`: it as data; `terms`: the fingerprint of its text."""
    return {
        "rule": dict(rule),
        "facts": facts_data(facts, verdict.rule.looks_at, verdict.rule.fields()),
        "terms": terms,
        "outcome": str(verdict.outcome),
        "details": details_data(verdict.details),
    }


def details_data(details: Iterable[Reason]) -> list[list[object]]:
    """Reasons as plain data: [[code, {figure: value}], …]."""
    return [[reason.code, {name: _plain(value) for name, value in reason.params.items()}] for reason in details]


def replay(rule: Rule, facts: object) -> Verdict:
    """The verdict of a trace, found again from its rule (read) and its facts (as they were written).

    Raises ValueError for facts that nobody wrote.
    """
    return judge(rule, read_facts(facts))


def _plain(value: object) -> object:
    return value if isinstance(value, int | str) else str(value)


def _rule(key: str, kind: RuleKind, stage: Stage) -> Rule:
    return Rule(key, kind, stage, test=key)


_FORM, _SUBSTANCE = RuleKind.ADMISSIBILITY, RuleKind.ELIGIBILITY
_AT_DEPOSIT, _LATER = Stage.SUBMISSION, Stage.SCREENING

#: A call for the members of a network, as it is usually written; articles are the call's own.
MEMBERS_ONLY = (
    _rule("received_before_deadline", _FORM, _AT_DEPOSIT),
    _rule("complete", _FORM, _AT_DEPOSIT),
    _rule("signed", _FORM, _AT_DEPOSIT),
    _rule("member_in_good_standing", _SUBSTANCE, _LATER),
    _rule("within_grant_bounds", _SUBSTANCE, _LATER),
    _rule("within_rate", _SUBSTANCE, _LATER),
    _rule("budget_balanced", _SUBSTANCE, _AT_DEPOSIT),
    _rule("dates_in_window", _SUBSTANCE, _AT_DEPOSIT),
    _rule("duration_between", _SUBSTANCE, _AT_DEPOSIT),
    _rule("enough_actor_kinds", _SUBSTANCE, _AT_DEPOSIT),
    _rule("territory_in_france", _SUBSTANCE, _AT_DEPOSIT),
    _rule("one_file_per_lead", _SUBSTANCE, _LATER),
)
OPEN_TO_ALL = tuple(rule for rule in MEMBERS_ONLY if rule.key != "member_in_good_standing")
RULES: Mapping[str, Rule] = {rule.key: rule for rule in MEMBERS_ONLY}


def chosen(rows: Iterable[tuple[str, str, Stage]]) -> tuple[Rule, ...]:
    """Ordinary rules with their article and stage: key, article, stage. Raises KeyError for a key nobody wrote."""
    return tuple(replace(RULES[key], article=article, stage=stage) for key, article, stage in rows)
