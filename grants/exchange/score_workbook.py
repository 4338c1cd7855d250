"""Score sheets as an Excel workbook that is filled in without a connection: a sheet for each file, with the criteria, a
list of marks, room for comments and the levels beside; the rest is locked, totals are formulas. A first sheet lists them.

A hidden sheet holds what is needed to read it back, signed; each sheet names its review, each row its field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from grants.domain import scoring
from grants.domain.score_sheets import (
    COMMENT,
    COMMENT_LIMIT,
    MARK,
    NOT_APPLICABLE,
    OPINION,
    OPINION_LIMIT,
    PRIVATE_NOTE,
    Fields,
    marks_in,
    not_applicable_in,
)
from grants.domain.scoring import Criterion, Rubric
from grants.exchange.score_keys import Base, Keys, packed, signature_of

BOOK_MARK = "palabre-scores-1"
HIDDEN = "_palabre"
#: Columns of a sheet (from 0): criterion, mark, comment, weight, levels, and one that is hidden.
NAME, GRADE, WORDS, WEIGHT, LEVELS, KEY = range(6)
#: The hidden sheet: mark, signature, then the packed keys in pieces; beside them the marks to choose from.
FIRST_PIECE, PIECE = 2, 30_000
MARKS = 2
CRITERION = "criterion:"
HEAD_ROWS = 6
SHEET_NAME = 31
_LINE_POINTS, _LETTERS, _TALLEST = 15.0, {NAME: 34, WORDS: 56, LEVELS: 58}, 405.0
_FORBIDDEN = "[]:*?/\\'"


@dataclass(frozen=True)
class Words:
    """The texts of the workbook in the reader's language. `marked`: with %(n)s and %(max)s."""

    title: str
    advice: Sequence[str]
    contents: str
    columns: Sequence[str]
    overview: Sequence[str]
    total: str
    opinion: str
    private_note: str
    not_applicable: str
    choose: str
    too_long: str


@dataclass(frozen=True)
class Line:
    """A criterion as its reader sees it. `anchors`: a sentence for each mark from 0, or none."""

    criterion: Criterion
    name: str
    question: str
    anchors: Sequence[str]


@dataclass(frozen=True)
class File:
    """A file to mark. `facts`: what else is told of it, and nothing that its reader must not know."""

    review: str
    version: int
    number: str
    title: str
    facts: Sequence[str]
    fields: Fields


@dataclass(frozen=True)
class Book:
    """What is written: call and reviewer by their public ids."""

    call: str
    reviewer: str
    lines: Sequence[Line]
    files: Sequence[File]

    @property
    def rubric(self) -> Rubric:
        """The criteria as the scoring reads them."""
        return tuple(line.criterion for line in self.lines)


@dataclass(frozen=True)
class _Looks:
    title: Format
    hint: Format
    heading: Format
    name: Format
    weight: Format
    level: Format
    grade: Format
    words: Format
    total: Format
    plain: Format
    link: Format
    wanting: Format


def write(book: Book, words: Words, at: datetime, secret: str) -> bytes:
    """The workbook, signed with `secret`. `at`: when it is taken away (aware)."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as workbook:
        workbook.set_properties({"title": words.title, "created": at.replace(tzinfo=None)})
        looks = _looks(workbook)
        overview = workbook.add_worksheet(words.contents[:SHEET_NAME])
        tabs = list(tab_names(book.files, words.contents))
        sheets = [workbook.add_worksheet(name) for name in tabs]
        hidden = workbook.add_worksheet(HIDDEN)
        pen = _Pen(book, words, looks)
        for sheet, file in zip(sheets, book.files, strict=True):
            pen.file(sheet, file)
        pen.overview(overview, tabs)
        _remember(hidden, book, words, at, secret)
        hidden.very_hidden()
        hidden.protect()
    return out.getvalue()


def tab_names(files: Sequence[File], taken: str) -> Iterator[str]:
    """The name of each file's sheet: its number, as a spreadsheet takes it, and no name twice."""
    known = {taken.casefold(), HIDDEN}
    for rank, file in enumerate(files, start=1):
        plain = "".join(sign for sign in file.number if sign not in _FORBIDDEN)[: SHEET_NAME - 6].strip() or str(rank)
        name = plain if plain.casefold() not in known else f"{plain} ({rank})"
        known.add(name.casefold())
        yield name


def _looks(workbook: Workbook) -> _Looks:
    base = {"text_wrap": True, "valign": "top"}
    open_cell = {**base, "locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#B9AE8B"}
    return _Looks(
        title=workbook.add_format({"bold": True, "font_size": 14}),
        hint=workbook.add_format({"font_color": "#4C5853"}),
        heading=workbook.add_format({**base, "bold": True, "bg_color": "#E4ECE9", "bottom": 1}),
        name=workbook.add_format(base),
        weight=workbook.add_format({**base, "num_format": '0" %"', "align": "center"}),
        level=workbook.add_format({**base, "font_color": "#4C5853", "font_size": 10}),
        grade=workbook.add_format({**open_cell, "bold": True, "font_size": 14, "align": "center"}),
        words=workbook.add_format({**open_cell, "num_format": "@"}),
        total=workbook.add_format({"bold": True, "font_size": 14, "num_format": "0.00", "align": "center", "top": 1}),
        plain=workbook.add_format({**base, "num_format": "General"}),
        link=workbook.add_format({**base, "font_color": "#0B5563", "underline": 1}),
        wanting=workbook.add_format({"bg_color": "#FBD9B5"}),
    )


def _remember(hidden: Worksheet, book: Book, words: Words, at: datetime, secret: str) -> None:
    """The keys with their signature, and the marks to choose from: numbers, so that every language of Excel takes them."""
    bases = tuple(Base(file.review, file.version, file.fields) for file in book.files)
    text = packed(Keys(book.call, book.reviewer, at, bases))
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    for row, piece in enumerate((BOOK_MARK, signature_of(text, secret), *pieces)):
        hidden.write_string(row, 0, piece)
    for halves in range(scoring.TOP_HALVES + 1):
        hidden.write_number(halves, MARKS, halves / scoring.HALVES_A_POINT)
    hidden.write_string(scoring.TOP_HALVES + 1, MARKS, words.not_applicable)


@dataclass(frozen=True)
class _Pen:
    """Writes the sheets of a workbook."""

    book: Book
    words: Words
    looks: _Looks

    def file(self, sheet: Worksheet, file: File) -> None:
        """The whole sheet of a file."""
        self._lay_out(sheet)
        title = " – ".join(filter(None, (file.number, file.title)))
        sheet.write_string(0, NAME, title, self.looks.title)
        sheet.write_string(0, KEY, file.review)
        sheet.write_string(1, NAME, " · ".join(filter(None, file.facts)), self.looks.hint)
        for row, text in enumerate(self.words.advice[:2], start=2):
            sheet.write_string(row, NAME, text, self.looks.hint)
        for column, text in enumerate(self.words.columns):
            sheet.write_string(HEAD_ROWS - 1, column, text, self.looks.heading)
        for row, line in enumerate(self.book.lines, start=HEAD_ROWS):
            self._line(sheet, row, line, file.fields)
        row = HEAD_ROWS + len(self.book.lines)
        self._total(sheet, row, file.fields)
        for offset, (key, label) in enumerate(
            ((OPINION, self.words.opinion), (PRIVATE_NOTE, self.words.private_note)), start=1
        ):
            self._words(sheet, row + offset, key, label, file.fields.get(key, ""))

    def overview(self, sheet: Worksheet, tabs: Sequence[str]) -> None:
        """The list of the files, each with the way to its sheet and its total."""
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 2, 18)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, self.words.title, self.looks.title)
        for row, text in enumerate(self.words.advice, start=1):
            sheet.write_string(row, 0, text, self.looks.hint)
        first = len(self.words.advice) + 2
        for column, text in enumerate(self.words.overview):
            sheet.write_string(first, column, text, self.looks.heading)
        cell = f"${_letter(GRADE)}${HEAD_ROWS + len(self.book.lines) + 1}"
        for row, (tab, file) in enumerate(zip(tabs, self.book.files, strict=True), start=first + 1):
            sheet.write_url(row, 0, f"internal:'{tab}'!{_letter(GRADE)}{HEAD_ROWS + 1}", self.looks.link, string=tab)
            sheet.write_string(row, 1, file.title, self.looks.name)
            sheet.write_formula(row, 2, f"='{tab}'!{cell}", self.looks.total, self._score(file.fields))

    def _lay_out(self, sheet: Worksheet) -> None:
        widths = {NAME: 36, GRADE: 9, WORDS: 58, WEIGHT: 9, LEVELS: 60}
        for column, width in widths.items():
            sheet.set_column(column, column, width)
        sheet.set_column(KEY, KEY, 2, None, {"hidden": True})
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _line(self, sheet: Worksheet, row: int, line: Line, fields: Fields) -> None:
        """A criterion: its mark chosen from a list, its comment, its weight and its levels."""
        key, levels = (
            line.criterion.key,
            "\n".join(f"{mark} : {text}" for mark, text in enumerate(line.anchors) if text),
        )
        name, comment = "\n".join(filter(None, (line.name, line.question))), fields.get(COMMENT + key, "")
        sheet.write_string(row, NAME, name, self.looks.name)
        self._grade(sheet, row, fields.get(MARK + key, ""))
        sheet.write_string(row, WORDS, comment, self.looks.words)
        sheet.write_number(row, WEIGHT, line.criterion.weight, self.looks.weight)
        sheet.write_string(row, LEVELS, levels, self.looks.level)
        sheet.write_string(row, KEY, CRITERION + key)
        sheet.set_row(row, _height({NAME: name, WORDS: comment, LEVELS: levels}, least=3))
        last = scoring.TOP_HALVES + (2 if line.criterion.optional else 1)
        source = f"='{HIDDEN}'!${_letter(MARKS)}$1:${_letter(MARKS)}${last}"
        told = {"validate": "list", "source": source, "error_message": self.words.choose}
        sheet.data_validation(row, GRADE, row, GRADE, told)
        self._limit(sheet, row, COMMENT_LIMIT)
        grade, words = f"${_letter(GRADE)}{row + 1}", f"${_letter(WORDS)}{row + 1}"
        low, high = (halves / scoring.HALVES_A_POINT for halves in (scoring.LOW_HALVES, scoring.HIGH_HALVES))
        bare = f"=AND(ISNUMBER({grade}),OR({grade}<={low},{grade}>={high}),LEN(TRIM({words}))=0)"
        sheet.conditional_format(
            row, WORDS, row, WORDS, {"type": "formula", "criteria": bare, "format": self.looks.wanting}
        )

    def _grade(self, sheet: Worksheet, row: int, mark: str) -> None:
        if mark == NOT_APPLICABLE:
            sheet.write_string(row, GRADE, self.words.not_applicable, self.looks.grade)
        elif mark:
            sheet.write_number(row, GRADE, scoring.parse_mark(mark) / scoring.HALVES_A_POINT, self.looks.grade)
        else:
            sheet.write_blank(row, GRADE, None, self.looks.grade)

    def _words(self, sheet: Worksheet, row: int, key: str, label: str, text: str) -> None:
        sheet.write_string(row, NAME, label, self.looks.name)
        sheet.write_string(row, WORDS, text, self.looks.words)
        sheet.write_string(row, KEY, key)
        sheet.set_row(row, _height({WORDS: text}, least=6))
        self._limit(sheet, row, OPINION_LIMIT)

    def _limit(self, sheet: Worksheet, row: int, most: int) -> None:
        told = {"validate": "length", "criteria": "<=", "value": most, "error_message": self.words.too_long}
        sheet.data_validation(row, WORDS, row, WORDS, told)

    def _total(self, sheet: Worksheet, row: int, fields: Fields) -> None:
        """The score out of 100 over the criteria that apply; until all have their mark, how many have one."""
        first, last, count = HEAD_ROWS + 1, row, len(self.book.lines)
        grades, weights = (f"{letter}{first}:{letter}{last}" for letter in (_letter(GRADE), _letter(WEIGHT)))
        without = self.words.not_applicable.replace('"', '""')
        marked = f'COUNT({grades})+COUNTIF({grades},"{without}")'
        score = f'ROUND(20*SUMPRODUCT({grades},{weights})/SUMIF({grades},">=0",{weights}),2)'
        formula = f'=IF(OR({marked}<{count},COUNT({grades})=0),{marked}&" / {count}",{score})'
        sheet.write_string(row, NAME, self.words.total, self.looks.heading)
        sheet.write_formula(row, GRADE, formula, self.looks.total, self._score(fields))

    def _score(self, fields: Fields) -> float | str:
        """What the formula of the total gives."""
        rubric = self.book.rubric
        marks, without = marks_in(fields, rubric), not_applicable_in(fields, rubric)
        total = scoring.total(marks, rubric, without)
        if total is not None:
            return float(scoring.display(total))
        return f"{sum(halves is not None for halves in marks.values()) + len(without)} / {len(rubric)}"


def _height(texts: Mapping[int, str], least: int) -> float:
    """Points that a row needs so that its longest text is read whole, within what a spreadsheet allows."""
    lines = max(sum(1 + len(part) // _LETTERS[column] for part in text.split("\n")) for column, text in texts.items())
    return min(_TALLEST, max(lines, least) * _LINE_POINTS)


def _letter(column: int) -> str:
    return chr(ord("A") + column)
