"""Days and months: what people type as a date, how long a project lasts by the calendar."""

import re
from calendar import monthrange
from datetime import date, timedelta

from grants.domain.reasons import Unreadable

MONTHS_A_YEAR = 12
_ONE_DAY = timedelta(days=1)
_LONGEST_DAY = 40

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_UNACCENTED = {"fevrier": 2, "aout": 8, "decembre": 12}
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS.split(), start=1)} | _UNACCENTED
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_FRENCH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\Z")
_WORDS = re.compile(r"([0-9]{1,2})(?:er)? ([a-zûé]{3,9}) ([0-9]{4})\Z")


class DayError(Unreadable):
    """Reasons: empty, not_a_date."""


def parse_day(text: str) -> date:
    """Read a day as people type it: `2027-03-12`, `12/03/2027`, `12 mars 2027`, `1er mars 2027`. Raises DayError."""
    day = " ".join(text.split()).lower() if len(text) <= _LONGEST_DAY else "?"
    if not day:
        raise DayError("empty")
    try:
        return date(*_year_month_day(day))
    except ValueError:  # the thirtieth of February, the thirteenth month
        raise DayError("not_a_date") from None


def _year_month_day(day: str) -> tuple[int, int, int]:
    if iso := _ISO.match(day):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if french := _FRENCH.match(day):
        return int(french[3]), int(french[2]), int(french[1])
    if words := _WORDS.match(day):
        return int(words[3]), _MONTH_NUMBERS.get(words[2], 0), int(words[1])
    raise DayError("not_a_date")


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the month's last one: 31 Jan + 1 is 28 or 29 Feb."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_between(starts_on: date, ends_on: date) -> int:
    """Whole months of a period, both days included: 1 March to 31 August is 6. Zero where it ends before it starts."""
    after = ends_on + _ONE_DAY
    months = (after.year - starts_on.year) * MONTHS_A_YEAR + after.month - starts_on.month
    return max(0, months if add_months(starts_on, months) <= after else months - 1)


def at_least_months(starts_on: date, ends_on: date, months: int) -> bool:
    """The period lasts so many calendar months or more."""
    return add_months(starts_on, months) <= ends_on + _ONE_DAY


def at_most_months(starts_on: date, ends_on: date, months: int) -> bool:
    """The period lasts so many calendar months to the day, or less."""
    return ends_on + _ONE_DAY <= add_months(starts_on, months)


def end_after_months(starts_on: date, months: int) -> date:
    """Last day of a period of so many months: 1 March and 6 months is 31 August."""
    return add_months(starts_on, months) - _ONE_DAY
