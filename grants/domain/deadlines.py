"""Deadlines: local wall time to the one instant that counts, and whether the door is open then."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grants.domain.reasons import Unreadable

DEFAULT_ZONE = "Europe/Paris"
_MIDNIGHT = time(0)


class TimeError(Unreadable):
    """Reasons: missing (the clocks jump over it), ambiguous (it comes twice: ask which, fold 0 or 1), unknown_zone."""


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name (`Europe/Paris`). Raises TimeError("unknown_zone")."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the two others: names that are no file names
        raise TimeError("unknown_zone", zone=name) from None


def instant(day: date, at: time, zone: str = DEFAULT_ZONE, fold: int | None = None) -> datetime:
    """The UTC instant of a wall time in a zone. `fold` chooses between the two of an ambiguous hour: 0 first, 1 second.

    Raises TimeError: missing (29 March 2026 at 02:30 in Paris), ambiguous (25 October 2026 at 02:30) without a fold.
    """
    place = zone_named(zone)
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    first, second = (wall.replace(tzinfo=place, fold=which).astimezone(UTC) for which in (0, 1))
    if first == second:
        return first
    if first.astimezone(place).replace(tzinfo=None) != wall:
        raise TimeError("missing", zone=zone)
    if fold is None:
        raise TimeError("ambiguous", zone=zone)
    return second if fold else first


def end_of_day(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """The UTC instant at which a day ends in a zone: where no hour is given, a day closes at 24:00.

    Where the clocks change at midnight (Cairo, Beirut) the day ends at the change, the first midnight of two.
    Raises TimeError: unknown_zone.
    """
    midnight = datetime.combine(day + timedelta(days=1), _MIDNIGHT, zone_named(zone))
    return midnight.astimezone(UTC)


def is_open(opens_at: datetime, closes_at: datetime, now: datetime, grace_seconds: int = 0) -> bool:
    """The door is open from `opens_at` on and closed at `closes_at`: at 12:00:00 it is late.

    `grace_seconds` is a public field of the call. All moments are aware.
    """
    return opens_at <= now < closes_at + timedelta(seconds=grace_seconds)


def days_left(now: datetime, due_at: datetime, zone: str = DEFAULT_ZONE) -> int:
    """Days on the zone's calendar until a moment: 0 on the day itself, below zero afterwards."""
    place = zone_named(zone)
    return (due_at.astimezone(place).date() - now.astimezone(place).date()).days
