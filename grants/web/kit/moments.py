"""A day and an hour as people type them, to the one instant that counts, in the zone of a call."""

from datetime import datetime, time

from grants.domain.calendar import parse_day
from grants.domain.deadlines import TimeError, instant
from grants.domain.reasons import Unreadable
from grants.errors import Invalid, Reason


def typed_moment(day: str, hour: str, zone: str, *, name: str = "due_on") -> datetime | None:
    """The UTC instant of what was typed; None when the day is empty. Raises Invalid under `name`."""
    if not day.strip():
        return None
    try:
        return instant(parse_day(day), _hour(hour), zone)
    except TimeError as error:  # the clocks change that night
        code = {"missing": "hour_skipped", "ambiguous": "hour_twice"}.get(error.reason, error.reason)
        raise Invalid({name: Reason(code)}) from error
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error
    except ValueError as error:
        raise Invalid({name: Reason("not_an_hour")}) from error


def _hour(text: str) -> time:
    """18:00, 18 h, 18h30. Raises ValueError."""
    parts = [part for part in text.lower().replace("h", ":").replace(" ", "").split(":") if part]
    if not 1 <= len(parts) <= 2 or not all(part.isascii() and part.isdecimal() for part in parts):  # noqa: PLR2004
        raise ValueError(text)
    return time(int(parts[0]), int(parts[1]) if len(parts) > 1 else 0)
