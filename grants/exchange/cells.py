"""Cells of a workbook that somebody brings back: taken out as what people would have typed; runs in a sealed child."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from grants.errors import Reason

TEXT, FORMULA, OTHER = "s", "f", "x"
#: Digits that a spreadsheet keeps: what stands behind them is noise of its own arithmetic.
DIGITS = 15
_LONGEST_FORMULA = 80
_ALPHABET = 26
_COUNTABLE = 1e21  # a longer number is shown as the spreadsheet does

Cell: TypeAlias = tuple[str, str]
Sheets: TypeAlias = dict[str, list[list[Cell]]]


@dataclass(frozen=True)
class Refusal:
    """A cell that cannot be taken: its sheet and address, what stands there, why not."""

    sheet: str
    address: str
    typed: str
    reason: Reason


@dataclass(frozen=True)
class Shape:
    """How much is looked at: sheets, lines and columns of each, lines of the hidden one."""

    sheets: int
    lines: int
    columns: int
    hidden_lines: int


def warm() -> None:
    """Import what is slow to import, before a child is made."""
    import openpyxl  # noqa: F401, PLC0415 -- never in a web worker


def taken_out(data: bytes, hidden: str, shape: Shape) -> bytes:
    """The cells by sheet, as JSON; empty where the hidden sheet is not there: the workbook is not ours."""
    from io import BytesIO  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415 -- never in a web worker

    workbook = load_workbook(BytesIO(data), read_only=True, data_only=False)
    if hidden not in workbook.sheetnames:
        return b""
    found = {}
    for name in [hidden, *(name for name in workbook.sheetnames if name != hidden)][: shape.sheets]:
        lines = shape.hidden_lines if name == hidden else shape.lines
        sheet = workbook[name]
        if hasattr(sheet, "iter_rows"):  # a sheet that is a picture has none
            rows = sheet.iter_rows(max_row=lines, max_col=shape.columns)
            found[name] = [[_cell(cell) for cell in row] for row in rows]
    return json.dumps(found).encode()


def sheets_in(raw: bytes) -> Sheets:
    """What `taken_out` gave, back from JSON."""
    return json.loads(raw) if raw else {}


def at(rows: list[list[Cell]], line: int, column: int) -> str:
    """What stands in a cell, counted from 0; empty beyond the edge."""
    return str(rows[line][column][0]) if line < len(rows) and column < len(rows[line]) else ""


def address_of(line: int, column: int) -> str:
    """`B7`, from a line and a column counted from 0."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, _ALPHABET)
        letters, column = chr(ord("A") + rest) + letters, column - 1
    return f"{letters}{line + 1}"


def _cell(cell: Any) -> Cell:  # noqa: ANN401 -- cells of openpyxl
    value = cell.value
    if cell.data_type == "f":
        return (str(value)[:_LONGEST_FORMULA], FORMULA)
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
    if "e" not in text:
        return text.replace(".", ",")
    return str(int(value)) if 1 <= abs(value) < _COUNTABLE else text
