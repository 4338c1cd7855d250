"""Score sheets that come back: their cells are taken out in a sealed child, here they become fields or refusals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grants.domain.reasons import Unreadable
from grants.domain.score_sheets import COMMENT, MARK, names_of, read_field
from grants.domain.scoring import Rubric
from grants.errors import Reason
from grants.exchange.cells import FORMULA, TEXT, Cell, Refusal, Shape, address_of, at, sheets_in, taken_out, warm
from grants.exchange.score_keys import Base, Keys, genuine, unpacked
from grants.exchange.score_workbook import (
    BOOK_MARK,
    CRITERION,
    FIRST_PIECE,
    GRADE,
    HIDDEN,
    KEY,
    WORDS,
)

#: Nothing beyond is looked at.
SHAPE = Shape(sheets=602, lines=120, columns=KEY + 1, hidden_lines=400)

__all__ = ["Back", "Brought", "NotOurs", "Refusal", "cells", "read", "warm"]


class NotOurs(Exception):
    """`sheets_unknown`: no workbook of score sheets; `sheets_tampered`: its keys are not those that we signed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Brought:
    """A sheet: as it was taken away, and its fields as they are in it, without those that cannot be taken."""

    tab: str
    base: Base
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Back:
    """What came back. `refusals`: cells and whole sheets that cannot be taken, each with its reason."""

    keys: Keys
    sheets: tuple[Brought, ...]
    refusals: tuple[Refusal, ...]


def cells(data: bytes) -> bytes:
    """The cells of a workbook as JSON, by sheet; runs in a sealed child. Empty: not of ours."""
    return taken_out(data, HIDDEN, SHAPE)


def _keys(hidden: list[list[Cell]], secret: str) -> Keys:
    if at(hidden, 0, 0) != BOOK_MARK:
        raise NotOurs("sheets_unknown")
    text = "".join(at(hidden, row, 0) for row in range(FIRST_PIECE, len(hidden)))
    if not genuine(text, at(hidden, 1, 0), secret):
        raise NotOurs("sheets_tampered")
    return unpacked(text)


def read(raw: bytes, rubric: Rubric, secret: str) -> Back:
    """The sheets in the workbook whose cells these are, for the criteria that the call has. Raises NotOurs."""
    sheets = sheets_in(raw)
    keys = _keys(sheets.get(HIDDEN, []), secret)
    known = keys.by_review
    found: dict[str, Brought] = {}
    refusals: list[Refusal] = []
    for tab, rows in sheets.items():
        review = at(rows, 0, KEY)
        if tab == HIDDEN or not review:
            continue
        if review not in known or review in found:
            reason = Reason("sheet_twice" if review in found else "sheet_not_open")
            refusals.append(Refusal(tab, "", "", reason))
            continue
        reader = _Reader(tab, rows, rubric)
        found[review] = Brought(tab, known[review], dict(reader.fields()))
        refusals += reader.refusals
    return Back(keys, tuple(found.values()), tuple(refusals))


@dataclass
class _Reader:
    """Takes the fields out of a sheet, and notes what cannot be taken."""

    tab: str
    rows: list[list[Cell]]
    rubric: Rubric
    refusals: list[Refusal] = field(default_factory=list)

    def fields(self) -> Iterator[tuple[str, str]]:
        """(name, value) of every field; a row that was lost is said."""
        places = {at(self.rows, row, KEY): row for row in range(len(self.rows) - 1, 0, -1)}
        for name in names_of(self.rubric):
            part, _, key = name.rpartition(":")
            row = places.get(CRITERION + key if part else name)
            if row is None:
                if not name.startswith(COMMENT):
                    self._refuse(None, GRADE, Reason("sheet_row_lost"))
                continue
            column = GRADE if name.startswith(MARK) else WORDS
            text = self._text(row, column)
            if text is None:
                continue
            try:
                yield name, read_field(name, text, self.rubric)
            except Unreadable as error:
                self._refuse(row, column, error.as_reason)

    def _text(self, row: int, column: int) -> str | None:
        """What stands in a cell; None, and said, for what is neither text nor number nor day."""
        line = self.rows[row]
        text, kind = line[column] if column < len(line) else ("", TEXT)
        if kind == TEXT:
            return text
        self._refuse(row, column, Reason("workbook_formula" if kind == FORMULA else "workbook_strange"))
        return None

    def _refuse(self, row: int | None, column: int, reason: Reason) -> None:
        address = "" if row is None else address_of(row, column)
        typed = "" if row is None else at(self.rows, row, column)
        self.refusals.append(Refusal(self.tab, address, typed, reason))
