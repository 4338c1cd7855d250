"""A workbook of a file's questions that comes back: its cells are taken out in a sealed child, here they become answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from grants.domain.conditions import Answer
from grants.domain.forms import ROWS, SHOWN_ONLY, Field, FieldKind, Form
from grants.errors import Reason
from grants.exchange.cells import (
    FORMULA,
    TEXT,
    Cell,
    Refusal,
    Shape,
    Sheets,
    address_of,
    at,
    sheets_in,
    taken_out,
    warm,
)
from grants.exchange.form_workbook import FIRST_PLACE, HIDDEN, LISTS, MARK, PLACES, TICK, Place

#: Nothing beyond is looked at.
SHAPE = Shape(sheets=41, lines=3000, columns=80, hidden_lines=5000)
LISTED = frozenset({FieldKind.CHOICE, FieldKind.COUNTRY, FieldKind.PLACE, FieldKind.DECLARATION, FieldKind.CONSENT})


__all__ = ["Back", "NotOurs", "Refusal", "cells", "read", "warm"]


class NotOurs(Exception):
    """The workbook is not one that we wrote."""


@dataclass(frozen=True)
class Back:
    """What came back: answers by key as they are in the workbook, the fingerprints of those that were written out."""

    application: str
    terms: str
    answers: Mapping[str, Answer]
    bases: Mapping[str, str]
    refusals: tuple[Refusal, ...]


def cells(data: bytes) -> bytes:
    """The cells of a workbook as JSON, by sheet; runs in a sealed child. Empty: not of ours."""
    return taken_out(data, HIDDEN, SHAPE)


def read(raw: bytes, form: Form) -> Back:
    """The answers in the workbook whose cells these are, of the questions that `form` still has. Raises NotOurs."""
    sheets = sheets_in(raw)
    hidden = sheets.get(HIDDEN, [])
    if at(hidden, 0, PLACES) != MARK:
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
    return Back(at(hidden, 1, PLACES), at(hidden, 2, PLACES), answers, bases, tuple(reader.refusals))


def _places(hidden: list[list[Cell]]) -> tuple[dict[str, list[Place]], dict[str, str]]:
    places: dict[str, list[Place]] = {}
    bases: dict[str, str] = {}
    for line in range(FIRST_PLACE, len(hidden)):
        key, sheet, row, cell, number, column, base = (at(hidden, line, PLACES + one) for one in range(7))
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
        self.refusals.append(Refusal(place.sheet, address_of(place.line, place.cell), text, Reason(code)))
