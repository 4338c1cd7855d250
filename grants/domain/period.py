"""The period of a project against the window of its call: dates in order, inside, neither too short nor too long."""

from dataclasses import dataclass
from datetime import date

from grants.domain.calendar import at_least_months, at_most_months, months_between
from grants.errors import Reason


@dataclass(frozen=True)
class Window:
    """What the call allows; None where it says nothing. Days are included; months are calendar months."""

    first_on: date | None = None
    last_on: date | None = None
    min_months: int | None = None
    max_months: int | None = None


def window_problems(starts_on: date, ends_on: date, window: Window) -> tuple[Reason, ...]:
    """Codes: ends_before_start, starts_too_early (first_on), ends_too_late (last_on); days as ISO texts."""
    if ends_on < starts_on:
        return (Reason("ends_before_start"),)
    found = []
    if window.first_on is not None and starts_on < window.first_on:
        found.append(Reason("starts_too_early", {"first_on": window.first_on.isoformat()}))
    if window.last_on is not None and ends_on > window.last_on:
        found.append(Reason("ends_too_late", {"last_on": window.last_on.isoformat()}))
    return tuple(found)


def duration_problems(starts_on: date, ends_on: date, window: Window) -> tuple[Reason, ...]:
    """Codes: duration_too_short, duration_too_long (months, limit). Nothing to say where the days are not in order."""
    months = months_between(starts_on, ends_on)
    if ends_on < starts_on:
        return ()
    if window.min_months is not None and not at_least_months(starts_on, ends_on, window.min_months):
        return (Reason("duration_too_short", {"months": months, "limit": window.min_months}),)
    if window.max_months is not None and not at_most_months(starts_on, ends_on, window.max_months):
        return (Reason("duration_too_long", {"months": months, "limit": window.max_months}),)
    return ()
