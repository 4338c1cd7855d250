"""What is typed on the pages of a call's terms: an item is one value of the document, shown as texts and read back.

An item stands at a path of the document (`call.closes_at`). Its fields of the page are named after it; a moment has
three (`call.closes_at`, `….hour`, `….fold`). What is left empty, or has its ordinary value, is not written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from grants.delivery import typography
from grants.domain.calendar import parse_day
from grants.domain.deadlines import DEFAULT_ZONE, instant, zone_named
from grants.domain.money import parse_amount
from grants.domain.numbers import NumberError, parse_number, parse_whole
from grants.domain.reasons import Unreadable
from grants.domain.terms import moment_words
from grants.domain.text import clean_line, clean_text
from grants.errors import Reason

LONGEST_LINE = 300
LONGEST_TEXT = 20_000
WHOLE_BP = 10_000
LARGEST = 10**12
Texts = Mapping[str, str]


class Kind(StrEnum):
    """How an item is typed."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    AMOUNT = "amount"
    PERCENT = "percent"
    HALVES = "halves"
    MOMENT = "moment"
    DAY = "day"
    FLAG = "flag"
    CHOICE = "choice"
    DAYS = "days"
    CHOICES = "choices"
    WORDS = "words"


@dataclass(frozen=True)
class Item:
    """One value. `ordinary`: what is not written; `least`, `most`: bounds of a whole number; `options`: (value, words).

    `worth`: of one typed unit (minutes of grace are kept in seconds). `only`: shown where the field `base` of the same
    row says one of these.
    """

    path: str
    kind: Kind
    label: Any
    hint: Any = ""
    needed: bool = False
    limit: int = 0
    least: int = 0
    most: int = LARGEST
    ordinary: object = None
    options: Sequence[tuple[str, Any]] = ()
    unit: Any = ""
    worth: int = 1
    rows: int = 4
    only: frozenset[str] = frozenset()
    base: str = ""

    @property
    def longest(self) -> int:
        """The most signs that a text may have."""
        return self.limit or (LONGEST_TEXT if self.kind is Kind.TEXT else LONGEST_LINE)


class NotRead(Exception):
    """A typed value that cannot be kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def shown(item: Item, value: object, zone: str = DEFAULT_ZONE) -> dict[str, str]:
    """The texts of the fields of an item, by the end of their names (empty: the item itself)."""
    if value is None:
        value = item.ordinary
    if value is None:
        return {"": ""}
    return _SHOWN.get(item.kind, _plain)(item, value, zone)


def read(item: Item, texts: Texts, name: str, zone: str = DEFAULT_ZONE) -> object:
    """The value of an item from the fields of a page; None where nothing is to be written. Raises NotRead."""
    typed = texts.get(name, "")
    if not typed.strip() and item.kind is not Kind.FLAG:
        if item.needed:
            raise NotRead(Reason("empty"))
        return None
    try:
        value = _READ[item.kind](item, texts, name, zone)
    except Unreadable as error:
        raise NotRead(error.as_reason) from error
    except ValueError as error:
        raise NotRead(Reason("not_a_number")) from error
    return None if value == item.ordinary else value


def _plain(item: Item, value: object, zone: str) -> dict[str, str]:  # noqa: ARG001 -- one shape for all kinds
    return {"": str(value)}


def _shown_moment(item: Item, value: object, zone: str) -> dict[str, str]:  # noqa: ARG001
    at = datetime.fromisoformat(str(value)).astimezone(zone_named(zone))
    fold = str(at.fold) if _comes_twice(at, zone) else ""
    return {"": f"{at:%d/%m/%Y}", ".hour": f"{at:%H:%M}", ".fold": fold}


def _comes_twice(at: datetime, zone: str) -> bool:
    first, second = (at.replace(tzinfo=zone_named(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return first != second


def _amount(cents: int) -> str:
    euros, rest = divmod(cents, 100)
    whole = f"{euros:,}".replace(",", " ")
    return f"{whole},{rest:02}" if rest else whole


def _percent(bp: int) -> str:
    return f"{bp / 100:g}".replace(".", ",")


_SHOWN: Mapping[Kind, Callable[[Item, Any, str], dict[str, str]]] = {
    Kind.MOMENT: _shown_moment,
    Kind.DAY: lambda _item, value, _zone: {"": f"{date.fromisoformat(str(value)):%d/%m/%Y}"},
    Kind.AMOUNT: lambda _item, value, _zone: {"": _amount(int(value)) if value else ""},
    Kind.PERCENT: lambda _item, value, _zone: {"": _percent(int(value))},
    Kind.HALVES: lambda _item, value, _zone: {"": f"{int(value) / 2:g}".replace(".", ",")},
    Kind.FLAG: lambda _item, value, _zone: {"": "yes" if value else ""},
    Kind.WHOLE: lambda item, value, _zone: {"": str(int(value) // item.worth)},
    Kind.DAYS: lambda _item, value, _zone: {"": ", ".join(str(day) for day in value)},
    Kind.CHOICES: lambda _item, value, _zone: {"": " ".join(str(one) for one in value)},
    Kind.WORDS: lambda _item, value, _zone: {"": ", ".join(str(one) for one in value)},
}


def _read_line(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    return clean_line(texts[name], item.longest)


def _read_text(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    return clean_text(texts[name], item.longest)


def _read_whole(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    value = parse_whole(texts[name])
    if not item.least <= value <= item.most:
        raise NumberError("out_of_range", least=item.least, most=item.most)
    return value * item.worth


def _read_percent(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    typed = texts[name].replace("%", "").strip()
    share = parse_number(typed) * 100
    if share != share.to_integral_value() or not 0 <= share <= WHOLE_BP:
        raise NumberError("out_of_range", least=0, most=100)
    return int(share)


def _read_halves(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    halves = parse_number(texts[name]) * 2
    if halves != halves.to_integral_value() or not 0 <= halves <= 10:  # noqa: PLR2004 -- marks go to five
        raise NumberError("not_a_mark")
    return int(halves)


def _read_moment(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    fold = {"0": 0, "1": 1}.get(texts.get(f"{name}.fold", ""))
    return moment_words(instant(parse_day(texts[name]), _hour(texts.get(f"{name}.hour", "")), zone, fold))


def _hour(text: str) -> time:
    """18:00, 18 h, 18h30. Raises Unreadable."""
    parts = [part for part in text.lower().replace("h", ":").replace(" ", "").split(":") if part]
    sound = 1 <= len(parts) <= 2 and all(part.isascii() and part.isdecimal() for part in parts)  # noqa: PLR2004
    try:
        return time(int(parts[0]), int(parts[1]) if len(parts) > 1 else 0) if sound else _no_hour()
    except ValueError as error:
        raise Unreadable("not_an_hour") from error


def _no_hour() -> time:
    raise Unreadable("not_an_hour")


def _read_days(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    typed = [part for part in texts[name].replace(";", ",").replace(" ", ",").split(",") if part]
    days = sorted({parse_whole(part) for part in typed}, reverse=True)
    if any(not 0 <= day <= item.most for day in days):
        raise NumberError("out_of_range", least=0, most=item.most)
    return days


def _read_choice(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    if texts[name] not in {value for value, _words in item.options}:
        raise Unreadable("not_a_choice")
    return texts[name]


def _read_choices(item: Item, texts: Texts, name: str, zone: str) -> object:  # noqa: ARG001
    ticked = texts[name].split()
    return [value for value, _words in item.options if value in ticked] or None


_READ: Mapping[Kind, Callable[[Item, Texts, str, str], object]] = {
    Kind.LINE: _read_line,
    Kind.TEXT: _read_text,
    Kind.WHOLE: _read_whole,
    Kind.AMOUNT: lambda item, texts, name, _zone: parse_amount(texts[name], allow_zero=item.least == 0),
    Kind.PERCENT: _read_percent,
    Kind.HALVES: _read_halves,
    Kind.MOMENT: _read_moment,
    Kind.DAY: lambda _item, texts, name, _zone: parse_day(texts[name]).isoformat(),
    Kind.FLAG: lambda _item, texts, name, _zone: texts.get(name) == "yes",
    Kind.CHOICE: _read_choice,
    Kind.DAYS: _read_days,
    Kind.CHOICES: _read_choices,
    Kind.WORDS: lambda _item, texts, name, _zone: [one for part in texts[name].split(",") if (one := part.strip())],
}


def local_moment(value: str, zone: str, language: str) -> str:
    """A moment of the document in words, in the zone of the call."""
    return typography.moment(datetime.fromisoformat(value), zone, language=language)
