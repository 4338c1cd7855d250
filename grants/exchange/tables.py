"""Lists that people take away: CSV and XLSX, written row by row so that the memory does not grow with the list.

A cell never becomes a formula: what a spreadsheet would compute is written as text (OWASP: formula injection). The same
rows give the same bytes: no clock, no name of a machine or of a person stands in a file.
"""

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import IO, TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = "str | int | float | datetime | date | None"
#: What a spreadsheet takes for the beginning of a formula, and what it skips before one.
FORMULA = frozenset("=+-@|%")
UNSEEN = ("\t", "\r", "\n", "\0")
QUOTES = "\"'"
BOM = "\ufeff"
EUROS = "#,##0.00"
MOMENT = "yyyy-mm-dd hh:mm"
DAY = "yyyy-mm-dd"
#: What a cell of a workbook holds, and how many rows a sheet has.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
LONGEST_NAME = 31
#: What no XML document may hold.
BROKEN = frozenset("\ufffe\uffff")
WRITTEN_AT = datetime(1980, 1, 1, tzinfo=UTC)  # the date of every workbook: that of its zip entries
CUT = "[…]"  # after a text that was too long, where nobody gave other words
PIECE = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What a workbook holds: characters a cell, rows a sheet (the names of the columns included)."""

    cell: int = LONGEST_CELL
    rows: int = MOST_ROWS


def guarded(text: str) -> str:
    """The same text, with an apostrophe before what a spreadsheet would compute."""
    seen = _seen(text)
    first = unicodedata.normalize("NFKC", seen[:1])[:1]
    return f"'{text}" if first in FORMULA or text.startswith(UNSEEN) else text


def _seen(text: str) -> str:
    """The text from its first sign that counts: spaces, quotes and what takes no place are skipped as importers skip them."""
    for place, sign in enumerate(text):
        if not (sign in QUOTES or sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc", "Zs")):
            return text[place:]
    return ""


def cleaned(text: str) -> str:
    """The text without control characters (tabs and line ends stay) and without what is no character."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\r\n" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in BROKEN)
    )


def shortened(text: str, limit: int, note: str) -> str:
    """The text, cut with a note where it has more than `limit` signs as a workbook counts them (UTF-16)."""
    if _units(text) <= limit:
        return text
    kept = text.encode("utf-16-le")[: 2 * (limit - _units(note))]
    return kept.decode("utf-16-le", "ignore") + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV as it is written: UTF-8 with its mark, semicolons and decimal commas, as French spreadsheets open it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([guarded(cleaned(name)) for name in columns])
    for row in rows:
        writer.writerow([_in_csv(cell) for cell in row])
        if buffer.tell() > io.DEFAULT_BUFFER_SIZE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_pieces(
    sheet: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    note: str = CUT,
    limits: Limits = Limits(),
) -> Iterator[bytes]:
    """An XLSX, piece by piece: numbers are numbers, moments are moments, the rest is text. The rows are read at once.

    A text that is longer than a cell is cut and says so with `note`; rows that do not fit follow on another sheet.
    """
    with tempfile.TemporaryFile() as target:
        _fill(target, _Table(cleaned(sheet), [cleaned(name) for name in columns], note, limits), rows)
        target.seek(0)
        while piece := target.read(PIECE):
            yield piece


@dataclass(frozen=True)
class _Table:
    name: str
    columns: Sequence[str]
    note: str
    limits: Limits


@dataclass(frozen=True)
class _Looks:
    bold: Format
    euros: Format
    day: Format


def _fill(target: IO[bytes], table: _Table, rows: Iterable[Sequence[Cell]]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": MOMENT,
        "remove_timezone": True,
    }
    with Workbook(target, options) as book:
        book.set_properties({"created": WRITTEN_AT})
        looks = _Looks(
            book.add_format({"bold": True}),
            book.add_format({"num_format": EUROS}),
            book.add_format({"num_format": DAY}),
        )
        page, at, sheets = _page(book, table, looks, 1), 1, 1
        for row in rows:
            if at >= table.limits.rows:
                sheets += 1
                page, at = _page(book, table, looks, sheets), 1
            for place, cell in enumerate(row):
                _write(page, (at, place), cell, looks, table)
            at += 1


def _page(book: Workbook, table: _Table, looks: _Looks, number: int) -> Worksheet:
    """The next sheet, with the names of its columns."""
    ending = f" {number}" if number > 1 else ""
    page: Worksheet = book.add_worksheet(table.name[: LONGEST_NAME - len(ending)] + ending)
    page.freeze_panes(1, 0)
    page.set_column(0, len(table.columns) - 1, 18)
    for place, name in enumerate(table.columns):
        page.write_string(0, place, name, looks.bold)
    return page


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return guarded(cleaned(cell)) if isinstance(cell, str) else str(cell)


def _write(page: Worksheet, place: tuple[int, int], cell: Cell, looks: _Looks, table: _Table) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        page.write_datetime(*place, cell.replace(tzinfo=None))
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, looks.day)
    elif isinstance(cell, float):
        page.write_number(*place, cell, looks.euros)
    elif isinstance(cell, int):
        page.write_number(*place, cell)
    else:
        told = cleaned(cell).replace("\r\n", "\n").replace("\r", "\n")  # a workbook knows one line end
        page.write_string(*place, shortened(told, table.limits.cell, table.note))
