"""The questions of a file as an Excel workbook that is filled in without a connection: a sheet for each section, answers
open, the rest locked, lists to choose from. A hidden sheet says which cell is which answer, and what stood there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from grants.domain.asking import print_of
from grants.domain.conditions import Answer
from grants.domain.forms import ACCEPTED, ROWS, SHOWN_ONLY, TICKED, Field, FieldKind, Form, Section, SectionKind

MARK = "palabre-form-1"
HIDDEN = "_palabre"
#: Rows offered in a repeated group beyond those that are filled.
SPARE_ROWS = 4
MOST_ROWS = 60
TICK = "x"
#: Columns of the hidden sheet: where each answer is, then the lists of (words, value), two columns each.
PLACES, LISTS = 0, 8
FIRST_PLACE = 4
SHEET_NAME = 31
LONGEST_CELL = 32_000


@dataclass(frozen=True)
class Words:
    """The texts of the workbook in the reader's language; `say` texts of the call by themselves."""

    title: str
    advice: Sequence[str]
    yes: str
    no: str
    optional: str
    limit: str
    sometimes: str
    labels: Mapping[str, str]
    countries: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]

    def say(self, text: str) -> str:
        """A text of the call in the reader's language."""
        return self.labels.get(text, text)


@dataclass(frozen=True)
class Book:
    """What is written: the file by its public id, the fingerprint of its terms, its form, its answers."""

    application: str
    terms: str
    form: Form
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Place:
    """A cell that holds an answer or a part of one. `row`, `column`: within the answer, of a table or of choices."""

    key: str
    sheet: str
    line: int
    cell: int
    row: int = -1
    column: str = ""


@dataclass
class _Looks:
    """The formats."""

    title: Format
    question: Format
    hint: Format
    open: Format
    heading: Format


@dataclass
class _Lists:
    """The lists to choose from, each once, in columns of the hidden sheet."""

    sheet: Worksheet
    known: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)

    def source(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Where a list of (words, value) stands, for a cell that is chosen from it."""
        key = tuple(pairs)
        if key not in self.known:
            column = LISTS + 2 * len(self.known)
            for row, (words, value) in enumerate(pairs):
                self.sheet.write_string(row, column, words)
                self.sheet.write_string(row, column + 1, value)
            letter = xl_col_to_name(column)
            self.known[key] = f"='{HIDDEN}'!${letter}$1:${letter}${len(pairs)}"
        return self.known[key]


def write(book: Book, words: Words, at: datetime) -> bytes:
    """The workbook. `at`: when it is made (aware), said in its properties."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": words.title, "created": at.replace(tzinfo=None)})
        sections = [one for one in book.form.sections if one.kind is SectionKind.FIELDS and one.fields]
        sheets = [
            workbook.add_worksheet(sheet_name(rank, words.say(one.title))) for rank, one in enumerate(sections, 1)
        ]
        hidden = workbook.add_worksheet(HIDDEN)
        pen = _Pen(book, words, _looks(workbook), _Lists(hidden))
        for sheet, section in zip(sheets, sections, strict=True):
            pen.section(sheet, section)
        for row, text in enumerate((MARK, book.application, book.terms)):
            hidden.write_string(row, PLACES, text)
        for rank, one in enumerate(pen.places, start=FIRST_PLACE):
            base = print_of(book.answers.get(one.key))
            for column, value in enumerate((one.key, one.sheet, one.line, one.cell, one.row, one.column, base)):
                hidden.write(rank, PLACES + column, value)
        hidden.very_hidden()
        hidden.protect()
    return out.getvalue()


def sheet_name(rank: int, title: str) -> str:
    """A name that a spreadsheet takes: `2 Avec qui, où`."""
    plain = "".join(sign for sign in title if sign not in "[]:*?/\\'")
    return f"{rank} {plain}"[:SHEET_NAME].strip()


def choices_of(asked: Field, words: Words) -> Sequence[tuple[str, str]]:
    """(words, value) of what may be answered; empty where anything may."""
    if asked.kind in TICKED:
        return ((words.yes, ACCEPTED), (words.no, ""))
    lists: Mapping[FieldKind, Sequence[tuple[str, str]]] = {
        FieldKind.COUNTRY: words.countries,
        FieldKind.PLACE: words.places,
        FieldKind.CHOICE: [(words.say(one.label), one.value) for one in asked.choices],
    }
    return lists.get(asked.kind, ())


def _looks(workbook: Workbook) -> _Looks:
    base = {"text_wrap": True, "valign": "top"}
    return _Looks(
        title=workbook.add_format({"bold": True, "font_size": 14}),
        question=workbook.add_format({**base, "bold": True}),
        hint=workbook.add_format({**base, "font_color": "#4C5853"}),
        open=workbook.add_format({**base, "locked": False, "bg_color": "#FFF9E5", "num_format": "@", "border": 1}),
        heading=workbook.add_format({**base, "bold": True, "bottom": 1}),
    )


@dataclass
class _Pen:
    """Writes sections from the top, and remembers where each answer went."""

    book: Book
    words: Words
    looks: _Looks
    lists: _Lists
    places: list[Place] = field(default_factory=list)
    _sheet: Worksheet | None = None
    _line: int = 0

    @property
    def sheet(self) -> Worksheet:
        """The sheet that is being written."""
        assert self._sheet is not None
        return self._sheet

    def section(self, sheet: Worksheet, section: Section) -> None:
        """A whole sheet."""
        self._sheet, self._line = sheet, 0
        sheet.set_column(0, 0, 42)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 12, 28)
        self._say(self.words.say(section.title), self.looks.title)
        for text in (*self.words.advice, self.words.say(section.intro)):
            if text:
                self._say(text, self.looks.hint)
        self._line += 1
        for asked in section.fields:
            self._field(asked)
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _say(self, text: str, look: Format, column: int = 0, *, down: bool = True) -> None:
        self.sheet.write_string(self._line, column, text[:LONGEST_CELL], look)
        self._line += down

    def _field(self, asked: Field) -> None:
        if asked.kind is FieldKind.COMPUTED:
            return
        hint = " ".join(filter(None, self._hints(asked)))
        if asked.kind in SHOWN_ONLY or asked.kind in ROWS or asked.kind is FieldKind.CHOICES:
            self._say(self.words.say(asked.label), self.looks.question)
            if hint:
                self._say(hint, self.looks.hint)
            {FieldKind.CHOICES: self._boxes, FieldKind.NOTE: _nothing}.get(asked.kind, self._rows)(asked)
            self._line += 1
            return
        self._say(self.words.say(asked.label), self.looks.question, down=False)
        self._say(hint, self.looks.hint, 2, down=False)
        answer = self.book.answers.get(asked.key, "")
        self._cell(
            asked, answer if isinstance(answer, str) else "", 1, Place(asked.key, self.sheet.name, self._line, 1)
        )
        if asked.kind is FieldKind.TEXT:
            self.sheet.set_row(self._line, 120)
        self._line += 2

    def _hints(self, asked: Field) -> Iterator[str]:
        yield self.words.say(asked.hint)
        if asked.kind in (FieldKind.NOTE, FieldKind.CONSENT):
            yield self.words.say(asked.help)
        if asked.limit and asked.kind is FieldKind.TEXT:
            yield self.words.limit % {"max": asked.limit}
        if not asked.required and asked.kind not in SHOWN_ONLY:
            yield self.words.optional
        if asked.shown_if is not None:
            yield self.words.sometimes

    def _boxes(self, asked: Field) -> None:
        """A line for each choice: an x beside those that are taken."""
        answer = self.book.answers.get(asked.key, ())
        for rank, one in enumerate(asked.choices):
            self._say(self.words.say(one.label), self.looks.hint, down=False)
            self.sheet.write(self._line, 1, TICK if one.value in answer else "", self.looks.open)
            source = self.lists.source(((TICK, TICK),))
            self.sheet.data_validation(self._line, 1, self._line, 1, {"validate": "list", "source": source})
            self.places.append(Place(asked.key, self.sheet.name, self._line, 1, rank, one.value))
            self._line += 1

    def _rows(self, asked: Field) -> None:
        """A heading with the columns, then the rows: those of the table, or those that are filled and some more."""
        answer = self.book.answers.get(asked.key, ())
        rows = [one for one in answer if isinstance(one, Mapping)] if not isinstance(answer, str) else []
        count = len(asked.rows) or min(len(rows) + SPARE_ROWS, asked.most or MOST_ROWS, MOST_ROWS)
        for rank, column in enumerate(asked.columns, start=1):
            self._say(self.words.say(column.label), self.looks.heading, rank, down=False)
        self._line += 1
        for number in range(max(count, len(rows))):
            label = self.words.say(asked.rows[number]) if number < len(asked.rows) else str(number + 1)
            self._say(label, self.looks.hint, down=False)
            row = rows[number] if number < len(rows) else {}
            for rank, column in enumerate(asked.columns, start=1):
                place = Place(asked.key, self.sheet.name, self._line, rank, number, column.key)
                self._cell(column, row.get(column.key, ""), rank, place)
            self._line += 1

    def _cell(self, asked: Field, text: str, column: int, place: Place) -> None:
        """An open cell, chosen from a list where there is one. An answer that is not on the list stands as it is."""
        pairs = choices_of(asked, self.words)
        shown = next((words for words, value in pairs if value == text and text), text)
        self.sheet.write(self._line, column, shown[:LONGEST_CELL], self.looks.open)
        if pairs:
            told = {"validate": "list", "source": self.lists.source(pairs), "error_type": "warning"}
            self.sheet.data_validation(self._line, column, self._line, column, told)
        self.places.append(place)


def _nothing(_asked: Field) -> None:
    """A note has no cells."""
