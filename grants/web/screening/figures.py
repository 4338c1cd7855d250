"""The figures behind a verdict, in a few words: what the file says beside what the call asks."""

from collections.abc import Callable
from datetime import date

from grants.delivery import typography
from grants.domain.calendar import months_between
from grants.domain.eligibility_facts import Facts
from grants.web.kit.language import current_language, gettext


def _(words: str, **values: object) -> str:
    return str(gettext(words, **values))


def figures(rule: str, facts: Facts) -> str:
    """The figures of a rule; empty where there is none to show."""
    told = FIGURES.get(rule)
    return told(facts) if told else ""


def _euros(cents: int | None) -> str:
    return typography.euros(cents, language=current_language()) if cents is not None else "–"


def _percent(rate_bp: int | None) -> str:
    return typography.percent(rate_bp, language=current_language()) if rate_bp is not None else "–"


def _day(day: date | None) -> str:
    return typography.day_short(day, language=current_language()) if day is not None else "–"


def _deadline(facts: Facts) -> str:
    if facts.received_at is None or facts.closes_at is None:
        return ""
    language = current_language()
    return _(
        "Reçu le %(received)s ; date limite le %(deadline)s.",
        received=typography.moment_short(facts.received_at, "Europe/Paris", language=language),
        deadline=typography.moment_short(facts.closes_at, "Europe/Paris", language=language),
    )


def _bounds(facts: Facts) -> str:
    low, high = facts.bounds.min_cents, facts.bounds.max_cents
    asked = _euros(facts.totals.requested)
    if low is None or high is None:
        return _("%(asked)s demandés.", asked=asked)
    return _("%(asked)s demandés ; de %(low)s à %(high)s.", asked=asked, low=_euros(low), high=_euros(high))


def _rates(facts: Facts) -> str:
    totals, bounds = facts.totals, facts.bounds
    parts = [
        (_("Demandé : %(rate)s"), totals.rate_bp, _("%(limit)s au plus"), bounds.max_rate_bp),
        (_("en nature : %(rate)s"), totals.in_kind_bp, _("%(limit)s au plus"), bounds.max_in_kind_bp),
        (_("autres ressources : %(rate)s"), totals.other_cash_bp, _("%(limit)s au moins"), bounds.min_other_cash_bp),
    ]
    told = [
        f"{name % {'rate': _percent(rate)}} ({edge % {'limit': _percent(limit)}})"
        for name, rate, edge, limit in parts
        if limit is not None
    ]
    return ", ".join(told) + ("." if told else "")


def _balance(facts: Facts) -> str:
    totals = facts.totals
    return _(
        "Dépenses %(expenses)s, ressources %(income)s.",
        expenses=_euros(totals.cash_expenses),
        income=_euros(totals.cash_income),
    )


def _dates(facts: Facts) -> str:
    if facts.starts_on is None or facts.ends_on is None:
        return ""
    told = _("Du %(start)s au %(end)s", start=_day(facts.starts_on), end=_day(facts.ends_on))
    if facts.window.first_on is None or facts.window.last_on is None:
        return told + "."
    frame = _("période : %(first)s – %(last)s.", first=_day(facts.window.first_on), last=_day(facts.window.last_on))
    return f"{told} ; {frame}"


def _duration(facts: Facts) -> str:
    if facts.starts_on is None or facts.ends_on is None:
        return ""
    months = months_between(facts.starts_on, facts.ends_on)
    low, high = facts.window.min_months, facts.window.max_months
    if low is None or high is None:
        return _("%(months)s mois.", months=months)
    return _("%(months)s mois ; de %(low)s à %(high)s mois.", months=months, low=low, high=high)


def _kinds(facts: Facts) -> str:
    return _(
        "%(there)s autres natures d’acteurs, %(asked)s au moins.",
        there=facts.other_actor_kinds,
        asked=facts.min_actor_kinds,
    )


FIGURES: dict[str, Callable[[Facts], str]] = {
    "received_before_deadline": _deadline,
    "within_grant_bounds": _bounds,
    "within_rate": _rates,
    "budget_balanced": _balance,
    "dates_in_window": _dates,
    "duration_between": _duration,
    "enough_actor_kinds": _kinds,
}
