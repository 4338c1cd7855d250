"""The built-in tests that rules of a call are made of: what each looks at, the parameters it takes, what it asks.

A test answers nothing for a file that respects it, reasons with their figures for one that does not, and None where
the call does not bound what it looks at. `asks` names what the self-test has to ask before the test can be tried.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, cast

from grants.domain.budget import amount_problems, balance_problems, rate_problems
from grants.domain.conditions import number_of
from grants.domain.eligibility_facts import Facts
from grants.domain.period import duration_problems, window_problems
from grants.errors import Reason

Findings: TypeAlias = tuple[Reason, ...] | None
"""Nothing found: the rule passes. None: it does not apply."""

Parameters: TypeAlias = Mapping[str, object]
#: The reason of a rule that is a condition on answers.
CONDITION = "condition_unmet"
CENTS = 100
FEBRUARY, LEAP_DAY = 2, 29


class Parameter(StrEnum):
    """What a parameter is: a whole number, cents, texts, numbers by kind of actor, the key of a field of the form."""

    WHOLE = "whole"
    CENTS = "cents"
    TEXTS = "texts"
    COUNTS = "counts"
    FIELD = "field"


@dataclass(frozen=True)
class Probe:
    """A built-in test. `parameters`: what it takes; those in `required` have to be there."""

    run: Callable[[Facts, Parameters], Findings]
    looks_at: tuple[str, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    required: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


def _whole(parameters: Parameters, name: str) -> int | None:
    value = parameters.get(name)
    return value if isinstance(value, int) else None


def _texts(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", parameters.get(name, ())))


def _listed(values: object) -> str:
    return ", ".join(sorted(cast("set[str]", values)))


def _received_before_deadline(facts: Facts, _: Parameters) -> Findings:
    """The deadline is exclusive: at 12:00:00 it is late."""
    if facts.closes_at is None:
        return None
    if facts.received_at is None:
        return (Reason("not_received"),)
    late = facts.received_at - facts.closes_at
    if late < timedelta(seconds=facts.grace_seconds):
        return ()
    return (Reason("late", {"seconds": int(late.total_seconds())}),)


def _complete(facts: Facts, _: Parameters) -> Findings:
    return () if facts.complete else (Reason("incomplete"),)


def _signed(facts: Facts, _: Parameters) -> Findings:
    return () if facts.signed else (Reason("not_signed"),)


def _member_in_good_standing(facts: Facts, _: Parameters) -> Findings:
    """Judged on the day of the deadline. Somebody has to look where the register says nothing."""
    if facts.member_in_good_standing is None:
        return (Reason("membership_unknown"),)
    return () if facts.member_in_good_standing else (Reason("not_a_member"),)


def _within_grant_bounds(facts: Facts, _: Parameters) -> Findings:
    if facts.bounds.min_cents is None and facts.bounds.max_cents is None:
        return None
    return amount_problems(facts.totals, facts.bounds)


def _within_rate(facts: Facts, _: Parameters) -> Findings:
    bounds = facts.bounds
    if bounds.max_rate_bp is None and bounds.max_in_kind_bp is None and bounds.min_other_cash_bp is None:
        return None
    return rate_problems(facts.totals, bounds)


def _budget_balanced(facts: Facts, _: Parameters) -> Findings:
    return balance_problems(facts.totals)


def _dates_in_window(facts: Facts, _: Parameters) -> Findings:
    if facts.starts_on is None or facts.ends_on is None:
        return (Reason("no_dates"),)
    return window_problems(facts.starts_on, facts.ends_on, facts.window)


def _duration_between(facts: Facts, _: Parameters) -> Findings:
    if facts.window.min_months is None and facts.window.max_months is None:
        return None
    if facts.starts_on is None or facts.ends_on is None:
        return (Reason("no_dates"),)
    return duration_problems(facts.starts_on, facts.ends_on, facts.window)


def _enough_actor_kinds(facts: Facts, parameters: Parameters) -> Findings:
    least = _whole(parameters, "least")
    there, asked = facts.other_actor_kinds, facts.min_actor_kinds if least is None else least
    return () if there >= asked else (Reason("too_few_actor_kinds", {"there": there, "asked": asked}),)


def _territory_in_france(facts: Facts, _: Parameters) -> Findings:
    return () if facts.territories_here else (Reason("no_territory_in_france"),)


def _one_file_per_lead(facts: Facts, _: Parameters) -> Findings:
    return () if facts.files_of_lead <= 1 else (Reason("several_files", {"files": facts.files_of_lead}),)


def _lead_kind_allowed(facts: Facts, parameters: Parameters) -> Findings:
    allowed = _texts(parameters, "kinds")
    return () if facts.lead_kind in allowed else (Reason("lead_kind_not_allowed", {"kind": facts.lead_kind}),)


def _legal_form_allowed(facts: Facts, parameters: Parameters) -> Findings:
    """One of the words of the list stands in the legal form as the organisation writes it, capitals aside."""
    own = facts.legal_form.casefold()
    if not own.strip():
        return (Reason("legal_form_unknown"),)
    there = any(form.casefold() in own for form in _texts(parameters, "forms"))
    return () if there else (Reason("legal_form_not_allowed", {"form": facts.legal_form}),)


def _old_enough(facts: Facts, parameters: Parameters) -> Findings:
    years = _whole(parameters, "years") or 0
    if facts.founded_on is None or facts.judged_on is None:
        return (Reason("foundation_unknown", {"years": years}),)
    reached = years_later(facts.founded_on, years) <= facts.judged_on
    return () if reached else (Reason("too_young", {"years": years, "since_on": facts.founded_on.isoformat()}),)


def years_later(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March where there is none."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (day.month, day.day) == (FEBRUARY, LEAP_DAY) and not leap:
        return date(year, FEBRUARY + 1, 1)
    return day.replace(year=year)


def _country_allowed(facts: Facts, parameters: Parameters) -> Findings:
    return _places((facts.country,) if facts.country else (), parameters, "country_not_allowed")


def _territories_allowed(facts: Facts, parameters: Parameters) -> Findings:
    """Codes of territories, or of their country before the hyphen (`ML` names `ML-1`)."""
    return _places(facts.territories, parameters, "territory_not_allowed")


def _places(codes: tuple[str, ...], parameters: Parameters, reason: str) -> Findings:
    allowed, denied = set(_texts(parameters, "allowed")), set(_texts(parameters, "denied"))
    names = {code: {code, code.split("-", 1)[0]} for code in codes}
    out = {code for code, known in names.items() if known & denied or (allowed and not known & allowed)}
    return (Reason(reason, {"codes": _listed(out)}),) if out else ()


def _enough_partners(facts: Facts, parameters: Parameters) -> Findings:
    least, most, there = _whole(parameters, "least") or 0, _whole(parameters, "most"), len(facts.partner_kinds)
    if there < least:
        return (Reason("too_few_partners", {"there": there, "asked": least}),)
    if most is not None and there > most:
        return (Reason("too_many_partners", {"there": there, "limit": most}),)
    return ()


def _enough_of_each_kind(facts: Facts, parameters: Parameters) -> Findings:
    there = Counter(facts.partner_kinds)
    counts = cast("Mapping[str, int]", parameters.get("counts", {}))
    return tuple(
        Reason("too_few_of_kind", {"kind": kind, "there": there[kind], "asked": least})
        for kind, least in sorted(counts.items())
        if there[kind] < least
    )


def _total_budget_between(facts: Facts, parameters: Parameters) -> Findings:
    low, high, total = _whole(parameters, "min_cents"), _whole(parameters, "max_cents"), facts.totals.cash_expenses
    if low is not None and total < low:
        return (Reason("total_below_floor", {"total": total, "limit": low}),)
    if high is not None and total > high:
        return (Reason("total_above_ceiling", {"total": total, "limit": high}),)
    return ()


def _resources_below(facts: Facts, parameters: Parameters) -> Findings:
    """The yearly resources of the organisation, as the field `field` of the form says in euros."""
    limit = _whole(parameters, "max_cents") or 0
    told = number_of(facts.answers.get(str(parameters.get("field", "")), ""))
    if told is None:
        return (Reason("resources_unknown", {"limit": limit}),)
    cents = int(told * CENTS)
    return () if cents <= limit else (Reason("resources_above", {"resources": cents, "limit": limit}),)


def _no_refused_cost(facts: Facts, parameters: Parameters) -> Findings:
    there = set(facts.expense_keys) & set(_texts(parameters, "keys"))
    return (Reason("cost_not_allowed", {"keys": _listed(there)}),) if there else ()


def _documents_in_date(facts: Facts, parameters: Parameters) -> Findings:
    asked = set(_texts(parameters, "documents"))
    there = {kind for kind in facts.expired_documents if not asked or kind in asked}
    return (Reason("documents_expired", {"documents": _listed(there)}),) if there else ()


def _obligations_met(facts: Facts, _: Parameters) -> Findings:
    overdue = facts.reports_overdue
    return (Reason("reports_overdue", {"count": overdue}),) if overdue else ()


def _invited(facts: Facts, _: Parameters) -> Findings:
    """The programme has invited the lead to this call, and has not taken the invitation back."""
    if facts.invited is None:
        return None
    return () if facts.invited else (Reason("not_invited"),)


def _operator_signed(facts: Facts, _: Parameters) -> Findings:
    if facts.operator_signed is None:
        return None
    return () if facts.operator_signed else (Reason("operator_not_signed"),)


def _partners_attested(facts: Facts, _: Parameters) -> Findings:
    if facts.partners_attested is None:
        return None
    return () if facts.partners_attested else (Reason("partners_not_attested"),)


_W, _C, _T = Parameter.WHOLE, Parameter.CENTS, Parameter.TEXTS
_PLACES = {"allowed": _T, "denied": _T}
#: The built-in tests by name.
PROBES: Mapping[str, Probe] = {
    "received_before_deadline": Probe(_received_before_deadline, ("received_at", "closes_at", "grace_seconds")),
    "complete": Probe(_complete, ("complete",)),
    "signed": Probe(_signed, ("signed",)),
    "member_in_good_standing": Probe(_member_in_good_standing, ("member_in_good_standing",), asks=("member",)),
    "invited": Probe(_invited, ("invited",), asks=("invited",)),
    "lead_kind_allowed": Probe(_lead_kind_allowed, ("lead_kind",), {"kinds": _T}, ("kinds",), asks=("lead_kind",)),
    "legal_form_allowed": Probe(_legal_form_allowed, ("legal_form",), {"forms": _T}, ("forms",), asks=("legal_form",)),
    "old_enough": Probe(_old_enough, ("founded_on", "judged_on"), {"years": _W}, ("years",), asks=("founded_on",)),
    "country_allowed": Probe(_country_allowed, ("country",), _PLACES, asks=("country",)),
    "resources_below": Probe(
        _resources_below, (), {"field": Parameter.FIELD, "max_cents": _C}, ("field", "max_cents"), asks=("resources",)
    ),
    "obligations_met": Probe(_obligations_met, ("reports_overdue",), asks=("obligations",)),
    "within_grant_bounds": Probe(_within_grant_bounds, ("totals", "bounds"), asks=("requested",)),
    "within_rate": Probe(_within_rate, ("totals", "bounds"), asks=("requested", "total")),
    "total_budget_between": Probe(
        _total_budget_between, ("totals",), {"min_cents": _C, "max_cents": _C}, asks=("total",)
    ),
    "budget_balanced": Probe(_budget_balanced, ("totals",)),
    "no_refused_cost": Probe(_no_refused_cost, ("expense_keys",), {"keys": _T}, ("keys",)),
    "dates_in_window": Probe(_dates_in_window, ("starts_on", "ends_on", "window"), asks=("starts_on", "ends_on")),
    "duration_between": Probe(_duration_between, ("starts_on", "ends_on", "window"), asks=("starts_on", "ends_on")),
    "enough_actor_kinds": Probe(
        _enough_actor_kinds, ("other_actor_kinds", "min_actor_kinds"), {"least": _W}, asks=("lead_kind", "kinds")
    ),
    "enough_partners": Probe(_enough_partners, ("partner_kinds",), {"least": _W, "most": _W}),
    "enough_of_each_kind": Probe(_enough_of_each_kind, ("partner_kinds",), {"counts": Parameter.COUNTS}, ("counts",)),
    "territory_in_france": Probe(_territory_in_france, ("territories_here",), asks=("here",)),
    "territories_allowed": Probe(_territories_allowed, ("territories",), _PLACES, asks=("there",)),
    "one_file_per_lead": Probe(_one_file_per_lead, ("files_of_lead",)),
    "documents_in_date": Probe(_documents_in_date, ("expired_documents",), {"documents": _T}),
    "partners_attested": Probe(_partners_attested, ("partners_attested",)),
    "operator_signed": Probe(_operator_signed, ("operator_signed",)),
}
