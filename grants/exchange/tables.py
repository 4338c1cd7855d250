"""Lists that people take away: CSV and XLSX, written row by row so that the memory does not grow with the list.

A cell never becomes a formula: what a spreadsheet would compute is written as text (OWASP: formula injection).
"""

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, TypeAlias

from xlsxwriter import Workbook

Cell: TypeAlias = "str | int | float | datetime | None"
#: What a spreadsheet takes for the beginning of a formula, and what it skips before one.
FORMULA = frozenset("=+-@|%")
UNSEEN = frozenset("\t\r\n\0")
BOM = "\ufeff"
EUROS = "#,##0.00"
MOMENT = "yyyy-mm-dd hh:mm"
LONGEST_CELL = 32_767
PIECE = 64 * 1024


def guarded(text: str) -> str:
    """The same text, with an apostrophe before what a spreadsheet would compute."""
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if first in FORMULA or text[:1] in UNSEEN else text


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV as it is written: UTF-8 with its mark, semicolons and decimal commas, as French spreadsheets open it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([guarded(name) for name in columns])
    for row in rows:
        writer.writerow([_in_csv(cell) for cell in row])
        if buffer.tell() > io.DEFAULT_BUFFER_SIZE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_pieces(sheet: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """An XLSX, piece by piece: numbers are numbers, moments are moments, the rest is text. The rows are read at once."""
    with tempfile.TemporaryFile() as target:
        _fill(target, sheet, columns, rows)
        target.seek(0)
        while piece := target.read(PIECE):
            yield piece


def _fill(target: IO[bytes], sheet: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": MOMENT,
        "remove_timezone": True,
    }
    with Workbook(target, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold, euros = book.add_format({"bold": True}), book.add_format({"num_format": EUROS})
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 18)
        for place, name in enumerate(columns):
            page.write_string(0, place, name, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(page, number, place, cell, euros)


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return guarded(cell) if isinstance(cell, str) else str(cell)


def _write(page, row: int, place: int, cell: Cell, euros) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        page.write_datetime(row, place, cell.replace(tzinfo=None))
    elif isinstance(cell, float):
        page.write_number(row, place, cell, euros)
    elif isinstance(cell, int):
        page.write_number(row, place, cell)
    else:
        page.write_string(row, place, cell[:LONGEST_CELL])
