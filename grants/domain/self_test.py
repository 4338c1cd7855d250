"""The self-test: questions derived from the rules of a call, and what the same rules say of the answers.

Nothing is kept. A rule with a question of its own is asked as it is written, and "yes" respects it; a built-in test
asks what it needs (`Probe.asks`), each thing once for all the rules that need it; what can only be known of a whole
file (complete, signed, balanced) is not asked. An answer that is missing or not known says "maybe".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from grants.domain.budget import Totals
from grants.domain.calendar import parse_day
from grants.domain.completeness import other_actor_kinds
from grants.domain.eligibility import Outcome, Rule, Verdict, judge
from grants.domain.eligibility_facts import Facts
from grants.domain.eligibility_tests import CENTS, PROBES
from grants.domain.money import format_plain, parse_amount
from grants.domain.reasons import Unreadable
from grants.errors import Reason

YES, NO, NONE = "yes", "no", "none"
OWN = "rule_"


class Ask(StrEnum):
    """How a question is answered: yes or no, an amount, a day, a kind of actor, several kinds, a country, a form."""

    YES_NO = "yes_no"
    AMOUNT = "amount"
    DAY = "day"
    KIND = "kind"
    KINDS = "kinds"
    COUNTRY = "country"
    COUNTRY_OR_NONE = "country_or_none"
    FORM = "form"


KINDS: Mapping[str, Ask] = {
    **dict.fromkeys(("member", "invited", "obligations", "here"), Ask.YES_NO),
    **dict.fromkeys(("requested", "total", "resources"), Ask.AMOUNT),
    **dict.fromkeys(("starts_on", "ends_on", "founded_on"), Ask.DAY),
    "lead_kind": Ask.KIND,
    "kinds": Ask.KINDS,
    "country": Ask.COUNTRY,
    "there": Ask.COUNTRY_OR_NONE,
    "legal_form": Ask.FORM,
}
#: The order of the page: who asks, with whom and where, when, how much.
ORDER = (
    *("member", "invited", "lead_kind", "legal_form", "country", "founded_on", "resources", "obligations"),
    *("kinds", "here", "there", "starts_on", "ends_on", "total", "requested"),
)


class Standing(StrEnum):
    """What the self-test says of a rule, and of the whole."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True)
class Question:
    """Something to ask. `text` and `hint` are the call's own words, else empty; `choices`: legal forms of the call."""

    key: str
    ask: Ask
    text: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What the answers say of one rule, with the reasons where it refuses."""

    rule: Rule
    standing: Standing
    details: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Result:
    """The whole: `problems` are answers that could not be read, by the key of their question."""

    found: tuple[Found, ...]
    problems: Mapping[str, Reason] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def standing(self) -> Standing:
        """NO where a rule that is not soft refuses, MAYBE where something is to be looked at, else YES."""
        hard = {one.standing for one in self.found if not one.rule.soft}
        if Standing.NO in hard:
            return Standing.NO
        settled = all(one.standing is Standing.YES for one in self.found)
        return Standing.YES if settled else Standing.MAYBE


Typed: TypeAlias = Mapping[str, Sequence[str]]


def questions(rules: Iterable[Rule]) -> tuple[Question, ...]:
    """What is asked, each thing once: who asks first, money last, the call's own questions after them."""
    own: list[Question] = []
    asked: dict[str, Question] = {}
    for rule in rules:
        if rule.question:
            own.append(Question(OWN + rule.key, Ask.YES_NO, rule.question, rule.hint))
            continue
        for key in _asks(rule):
            known = asked.get(key, Question(key, KINDS[key]))
            forms = tuple(dict.fromkeys((*known.choices, *_forms(rule)))) if key == "legal_form" else ()
            asked[key] = replace(known, choices=forms)
    return (*(asked[key] for key in ORDER if key in asked), *own)


def answered(rules: Iterable[Rule], base: Facts, typed: Typed) -> Result:
    """What the rules say of the answers. `base`: what the call itself says (bounds, window, day of the deadline)."""
    problems: dict[str, Reason] = {}
    given = _read(typed, problems)
    found = [one for rule in rules if (one := _one(rule, base, given)) is not None]
    return Result(tuple(found), MappingProxyType(problems))


def _asks(rule: Rule) -> tuple[str, ...]:
    return PROBES[rule.test].asks if rule.test else ()


def _forms(rule: Rule) -> tuple[str, ...]:
    forms = rule.parameters.get("forms", ())
    return tuple(str(one) for one in forms) if isinstance(forms, list | tuple) else ()


Given: TypeAlias = Mapping[str, object]


def _read(typed: Typed, problems: dict[str, Reason]) -> Given:
    """The answers that are there and can be read."""
    given: dict[str, object] = {}
    for key, values in typed.items():
        filled = [value.strip() for value in values if value.strip()]
        if not filled:
            continue
        reader = _READERS.get(KINDS.get(key, Ask.YES_NO))
        try:
            given[key] = reader(filled[0]) if reader else tuple(filled)
        except Unreadable as error:
            problems[key] = error.as_reason
    return given


_READERS: Mapping[Ask, Callable[[str], object]] = {Ask.AMOUNT: parse_amount, Ask.DAY: parse_day}


def _one(rule: Rule, base: Facts, given: Given) -> Found | None:
    if rule.question:
        return _own(rule, given)
    asks = _asks(rule)
    if not asks:
        return None
    if any(key not in given and key != "kinds" for key in asks):
        return _unless_aside(rule, base)
    facts = base
    for key in asks:
        facts = _TOLD[key](facts, given.get(key, ()), rule)
    return _said(rule, judge(replace(rule, when=None), facts))


def _said(rule: Rule, verdict: Verdict) -> Found | None:
    if verdict.outcome is Outcome.NOT_APPLICABLE:
        return None
    if rule.when is not None:  # whether the rule applies depends on answers that are not there yet
        return Found(rule, Standing.MAYBE, verdict.details)
    return Found(rule, Standing.NO if verdict.outcome is Outcome.FAIL else Standing.YES, verdict.details)


def _unless_aside(rule: Rule, base: Facts) -> Found | None:
    """A rule that bounds nothing in this call says nothing; any other one is still to be looked at."""
    aside = judge(replace(rule, when=None), base).outcome is Outcome.NOT_APPLICABLE and rule.test != "invited"
    return None if aside else Found(rule, Standing.MAYBE)


def _own(rule: Rule, given: Given) -> Found:
    answer = given.get(OWN + rule.key, ("",))
    first = answer[0] if isinstance(answer, tuple) else ""
    standing = {YES: Standing.YES, NO: Standing.NO}.get(str(first), Standing.MAYBE)
    return Found(rule, standing)


def _text(value: object) -> str:
    return str(value[0]) if isinstance(value, tuple) and value else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, tuple) else ()


def _cents(value: object) -> int:
    return value if isinstance(value, int) else 0


def _yes(value: object) -> bool | None:
    return {YES: True, NO: False}.get(_text(value))


def _asked_for(facts: Facts, value: object, _: Rule) -> Facts:
    sums = facts.totals
    total = max(sums.cash_expenses, _cents(value))
    spent = sums.cash_expenses or total
    return replace(facts, totals=Totals(spent, spent, 0, 0, _cents(value)))


def _whole_budget(facts: Facts, value: object, _: Rule) -> Facts:
    return replace(facts, totals=Totals(_cents(value), _cents(value), 0, 0, facts.totals.requested))


def _kinds(facts: Facts, value: object, _: Rule) -> Facts:
    return replace(facts, other_actor_kinds=other_actor_kinds(facts.lead_kind, _texts(value)))


def _resources(facts: Facts, value: object, rule: Rule) -> Facts:
    told = format_plain(_cents(value)) if _cents(value) % CENTS else str(_cents(value) // CENTS)
    return replace(facts, answers={**facts.answers, str(rule.parameters["field"]): told})


def _there(facts: Facts, value: object, _: Rule) -> Facts:
    return replace(facts, territories=tuple(code for code in _texts(value) if code != NONE))


_TOLD: Mapping[str, Callable[[Facts, object, Rule], Facts]] = {
    "member": lambda facts, value, _: replace(facts, member_in_good_standing=_yes(value)),
    "invited": lambda facts, value, _: replace(facts, invited=_yes(value)),
    "obligations": lambda facts, value, _: replace(facts, reports_overdue=0 if _yes(value) else 1),
    "here": lambda facts, value, _: replace(facts, territories_here=int(_yes(value) or False)),
    "lead_kind": lambda facts, value, _: replace(facts, lead_kind=_text(value)),
    "legal_form": lambda facts, value, _: replace(facts, legal_form=_text(value)),
    "country": lambda facts, value, _: replace(facts, country=_text(value)),
    "founded_on": lambda facts, value, _: replace(facts, founded_on=value),  # type: ignore[arg-type]
    "starts_on": lambda facts, value, _: replace(facts, starts_on=value),  # type: ignore[arg-type]
    "ends_on": lambda facts, value, _: replace(facts, ends_on=value),  # type: ignore[arg-type]
    "resources": _resources,
    "there": _there,
    "kinds": _kinds,
    "requested": _asked_for,
    "total": _whole_budget,
}
