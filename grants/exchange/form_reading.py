"""A workbook of a file's questions that comes back: its cells are taken out in a sealed child, here they become answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grants.domain.conditions import Answer
from grants.domain.forms import ROWS, SHOWN_ONLY, Field, FieldKind, Form
from grants.errors import Reason
from grants.exchange.form_workbook import FIRST_PLACE, HIDDEN, LISTS, MARK, PLACES, TICK, Place

#: Nothing beyond is looked at.
MOST_LINES, MOST_COLUMNS, MOST_SHEETS, MOST_HIDDEN = 3000, 80, 41, 5000
TEXT, FORMULA, OTHER = "s", "f", "x"
DIGITS = 15
LISTED = frozenset({FieldKind.CHOICE, FieldKind.COUNTRY, FieldKind.PLACE, FieldKind.DECLARATION, FieldKind.CONSENT})
Cell = tuple[str, str]
Sheets = Mapping[str, list[list[Cell]]]


class NotOurs(Exception):
    """The workbook is not one that we wrote."""


@dataclass(frozen=True)
class Refusal:
    """A cell that cannot be taken: its sheet and address, what stands there, why not."""

    sheet: str
    address: str
    typed: str
    reason: Reason


@dataclass(frozen=True)
class Back:
    """What came back: answers by key as they are in the workbook, the fingerprints of those that were written out."""

    application: str
    terms: str
    answers: Mapping[str, Answer]
    bases: Mapping[str, str]
    refusals: tuple[Refusal, ...]


def warm() -> None:
    """Import what is slow to import, before a child is made."""
    import openpyxl  # noqa: F401, PLC0415 -- never in a web worker


def cells(data: bytes) -> bytes:
    """The cells of a workbook as JSON, by sheet; runs in a sealed child. Empty: not of ours."""
    from io import BytesIO  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415 -- never in a web worker

    workbook = load_workbook(BytesIO(data), read_only=True, data_only=False)
    if HIDDEN not in workbook.sheetnames:
        return b""
    found = {}
    for name in workbook.sheetnames[:MOST_SHEETS]:
        lines = MOST_HIDDEN if name == HIDDEN else MOST_LINES
        rows = workbook[name].iter_rows(max_row=lines, max_col=MOST_COLUMNS)
        found[name] = [[_cell(cell) for cell in row] for row in rows]
    return json.dumps(found).encode()


def _cell(cell: Any) -> Cell:  # noqa: ANN401 -- cells of openpyxl
    value = cell.value
    if cell.data_type == "f":
        return (str(value)[:80], FORMULA)
    if cell.data_type == "e" or isinstance(value, bool):
        return (str(value), OTHER)
    return (_typed(value), TEXT)


def _typed(value: Any) -> str:  # noqa: ANN401 -- as above
    """What people would have typed: nothing, a number, a day, a text."""
    if isinstance(value, int | float):
        return _number(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return "" if value is None else str(value)


def _number(value: float) -> str:
    """As people type it: `20000`, `12,5`."""
    text = format(value, f".{DIGITS}g")
    return text.replace(".", ",") if "e" not in text else str(int(value))


def read(raw: bytes, form: Form) -> Back:
    """The answers in the workbook whose cells these are, of the questions that `form` still has. Raises NotOurs."""
    sheets: Sheets = json.loads(raw) if raw else {}
    hidden = sheets.get(HIDDEN, [])
    if _at(hidden, 0, PLACES) != MARK:
        raise NotOurs
    places, bases = _places(hidden)
    reader = _Reader(sheets, _lists(hidden))
    answers: dict[str, Answer] = {}
    for key, own in places.items():
        asked = form.field(key)
        if asked is None or asked.kind in SHOWN_ONLY:
            continue
        before = len(reader.refusals)
        answer = reader.answer(asked, own)
        if len(reader.refusals) == before:
            answers[key] = answer
    return Back(_at(hidden, 1, PLACES), _at(hidden, 2, PLACES), answers, bases, tuple(reader.refusals))


def _at(rows: list[list[Cell]], line: int, column: int) -> str:
    return str(rows[line][column][0]) if line < len(rows) and column < len(rows[line]) else ""


def _places(hidden: list[list[Cell]]) -> tuple[dict[str, list[Place]], dict[str, str]]:
    places: dict[str, list[Place]] = {}
    bases: dict[str, str] = {}
    for line in range(FIRST_PLACE, len(hidden)):
        key, sheet, row, cell, number, column, base = (_at(hidden, line, PLACES + one) for one in range(7))
        if not (key and row.isdecimal() and cell.isdecimal() and number.lstrip("-").isdecimal()):
            continue
        places.setdefault(key, []).append(Place(key, sheet, int(row), int(cell), int(number), column))
        bases[key] = base
    return places, bases


def _lists(hidden: list[list[Cell]]) -> dict[str, str]:
    """Words → value of every list of the workbook, without regard to case; words that mean two things mean neither."""
    found: dict[str, str] = {}
    unsure: set[str] = set()
    for row in hidden:
        for column in range(LISTS, len(row) - 1, 2):
            words, value = row[column][0].casefold(), row[column + 1][0]
            if words and found.setdefault(words, value) != value:
                unsure.add(words)
    return {words: value for words, value in found.items() if words not in unsure}


@dataclass
class _Reader:
    """Takes answers out of the cells, and notes what cannot be taken."""

    sheets: Sheets
    lists: Mapping[str, str]

    def __post_init__(self) -> None:
        self.refusals: list[Refusal] = []

    def answer(self, asked: Field, places: list[Place]) -> Answer:
        """The answer that stands in these cells."""
        if asked.kind in ROWS:
            return self._rows(asked, places)
        if asked.kind is FieldKind.CHOICES:
            return [one.column for one in places if self._text(one).casefold() == TICK]
        return self._worth(asked, places[0])

    def _rows(self, asked: Field, places: list[Place]) -> list[dict[str, str]]:
        columns = {column.key: column for column in asked.columns}
        rows: dict[int, dict[str, str]] = {}
        for one in places:
            if one.column in columns:
                text = self._worth(columns[one.column], one)
                rows.setdefault(one.row, {}).update({one.column: text} if text else {})
        found = [rows[number] for number in sorted(rows)]
        return found if asked.kind is FieldKind.TABLE and any(found) else [row for row in found if row]

    def _worth(self, asked: Field, place: Place) -> str:
        """The value of a cell: of words that were chosen from a list, what they stand for."""
        text = self._text(place)
        if asked.kind not in LISTED or not text:
            return text
        own = {choice.label.casefold(): choice.value for choice in asked.choices}
        own |= {choice.value.casefold(): choice.value for choice in asked.choices}
        found = own.get(text.casefold(), self.lists.get(text.casefold()))
        if found is None:
            self._refuse(place, text, "unknown_choice")
            return ""
        return found

    def _text(self, place: Place) -> str:
        rows = self.sheets.get(place.sheet, [])
        inside = place.line < len(rows) and place.cell < len(rows[place.line])
        text, kind = rows[place.line][place.cell] if inside else ("", TEXT)
        if kind != TEXT:
            self._refuse(place, text, "workbook_formula" if kind == FORMULA else "workbook_strange")
            return ""
        return text.strip()

    def _refuse(self, place: Place, text: str, code: str) -> None:
        address = f"{''.join(_letters(place.cell))}{place.line + 1}"
        self.refusals.append(Refusal(place.sheet, address, text, Reason(code)))


def _letters(column: int) -> Iterator[str]:
    if column >= 26:  # noqa: PLR2004 -- the alphabet
        yield from _letters(column // 26 - 1)
    yield chr(ord("A") + column % 26)
