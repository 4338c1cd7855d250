"""A budget workbook that comes back: its cells are taken out in a sealed child, here they become lines or refusals."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from grants.domain.budget import Line
from grants.domain.chart import CHARTS, Chart, FundingStatus, Side
from grants.domain.money import CENTS, LARGEST_CENTS, AmountError, parse_amount
from grants.domain.text import TextError, clean_line
from grants.errors import Reason
from grants.exchange.budget_workbook import (
    ACCOUNT,
    ACCOUNTS,
    AMOUNT,
    BASE,
    FIRST_BASE_ROW,
    FREE,
    HIDDEN,
    KEY,
    LABEL,
    MARK,
    PARTNER,
    PARTNERS,
    RANK,
    STATUS,
    STATUSES,
)

#: More rows and columns than a workbook of ours ever has: nothing beyond them is looked at.
MOST_ROWS = 900
MOST_COLUMNS = 20
LONGEST_LABEL = 200
#: Digits that a spreadsheet keeps: what stands behind them is noise of its own arithmetic.
DIGITS = 15
NUMBER, TEXT, EMPTY, FORMULA, OTHER = "n", "s", "", "f", "x"
_BASE_COLUMNS = 7

Cell = tuple[str, str]


class NotOurs(Exception):
    """The workbook is not one that we wrote: `workbook_unknown`, or `workbook_chart` for an unknown chart."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Refusal:
    """A cell that cannot be taken: where it is, what stands there, why not."""

    address: str
    typed: str
    reason: Reason


@dataclass(frozen=True)
class Sheet:
    """What came back. `base`: the lines as they were written out; `lines`: as they are now, in the former order."""

    application: str
    version: int
    chart: Chart
    base: tuple[Line, ...]
    lines: tuple[Line, ...]
    refusals: tuple[Refusal, ...]


def warm() -> None:
    """Import what is slow to import, before a child is made."""
    import openpyxl  # noqa: F401, PLC0415 -- never in a web worker


def cells(data: bytes) -> bytes:
    """The cells of a workbook as JSON: {"Budget": rows, hidden: rows}; runs in a sealed child. Empty: not of ours."""
    from io import BytesIO  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415 -- never in a web worker

    values = load_workbook(BytesIO(data), read_only=True, data_only=True)
    formulas = load_workbook(BytesIO(data), read_only=True, data_only=False)
    if HIDDEN not in values.sheetnames or "Budget" not in values.sheetnames:
        return b""
    found = {}
    for name in ("Budget", HIDDEN):
        shape = {"max_row": MOST_ROWS, "max_col": MOST_COLUMNS}
        pairs = zip(values[name].iter_rows(**shape), formulas[name].iter_rows(**shape), strict=False)
        found[name] = [[_cell(value, formula) for value, formula in zip(*pair, strict=False)] for pair in pairs]
    return json.dumps(found).encode()


def _cell(shown: Any, written: Any) -> Cell:  # noqa: ANN401 -- cells of openpyxl
    value = shown.value
    if value is None:
        return ("", FORMULA if written.data_type == "f" else EMPTY)
    if isinstance(value, bool) or shown.data_type == "e":
        return (str(value), OTHER)
    if isinstance(value, int | float):
        return (repr(value), NUMBER)
    return (value, TEXT) if isinstance(value, str) else (str(value), OTHER)


def read(raw: bytes, *, whole_euros: bool = False) -> Sheet:
    """The workbook whose cells these are; `whole_euros`: cents are refused. Raises NotOurs."""
    found = json.loads(raw) if raw else {}
    hidden = _Hidden(found.get(HIDDEN, []))
    if hidden.text(0, 0) != MARK or not hidden.text(2, 0).isdecimal():
        raise NotOurs("workbook_unknown")
    chart = CHARTS.get(hidden.text(3, 0))
    if chart is None:
        raise NotOurs("workbook_chart")
    base = tuple(_base(hidden, chart))
    lines, refusals = _Reader(chart, base, hidden, whole_euros=whole_euros).lines(found["Budget"])
    return Sheet(hidden.text(1, 0), int(hidden.text(2, 0)), chart, base, lines, refusals)


class _Hidden:
    """The sheet that nobody sees."""

    def __init__(self, rows: list[list[Cell]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def text(self, row: int, column: int) -> str:
        inside = row < len(self._rows) and column < len(self._rows[row])
        return str(self._rows[row][column][0]) if inside else ""

    def choices(self, column: int) -> dict[str, str]:
        """Words → key of a list, without regard to case."""
        named = ((self.text(row, column), self.text(row, column + 1)) for row in range(len(self)))
        return {words.casefold(): key for words, key in named if words}


def _base(hidden: _Hidden, chart: Chart) -> Iterator[Line]:
    for row in range(FIRST_BASE_ROW, len(hidden)):
        side, key, label, cents, status, partner, proof = (hidden.text(row, BASE + n) for n in range(_BASE_COLUMNS))
        if not side:
            return
        known = side in set(Side) and chart.knows(key) and cents.isdecimal() and status in {"", *FundingStatus}
        if not known:
            raise NotOurs("workbook_unknown")
        yield Line(Side(side), key, label, int(cents), FundingStatus(status) if status else None, partner, proof)


class _Reader:
    """Rows into lines: the ones that were written out keep their order, new ones come after them."""

    def __init__(self, chart: Chart, base: tuple[Line, ...], hidden: _Hidden, *, whole_euros: bool) -> None:
        self._whole_euros = whole_euros
        self._chart = chart
        self._base = base
        self._statuses = hidden.choices(STATUSES)
        self._partners = hidden.choices(PARTNERS)
        lists = (hidden.choices(ACCOUNTS + 2 * rank) for rank in range(4))
        self._accounts = {words: key for found in lists for words, key in found.items()}
        self._refusals: list[Refusal] = []

    def lines(self, rows: list[list[Cell]]) -> tuple[tuple[Line, ...], tuple[Refusal, ...]]:
        kept: dict[int, Line] = {}
        added: list[Line] = []
        for number, row in enumerate(rows, start=1):
            if len(row) <= KEY or not row[KEY][0]:
                continue
            former = self._former(row, kept)
            line = self._line(number, row, None if former is None else self._base[former])
            if line is not None and former is not None:
                kept[former] = line
            elif line is not None:
                added.append(line)
        return (*(kept[rank] for rank in sorted(kept)), *added), tuple(self._refusals)

    def _former(self, row: list[Cell], kept: Mapping[int, Line]) -> int | None:
        """The line of which this row is the later state; none for a row that was empty, or a copy."""
        rank = row[RANK][0]
        place = int(rank) if rank.isdecimal() else -1
        same = 0 <= place < len(self._base) and place not in kept and self._base[place].key == row[KEY][0]
        return place if same else None

    def _line(self, number: int, row: list[Cell], former: Line | None) -> Line | None:
        blank = all(row[column][1] == EMPTY or not row[column][0].strip() for column in (LABEL, AMOUNT))
        if blank and row[AMOUNT][1] != FORMULA and (former is None or former.amount_cents or former.label):
            return None
        key = self._account(number, row)
        heading = self._chart.heading(key)
        label, cents = self._label(number, row), self._cents(number, row)
        if heading is None:
            return None
        status = self._status(number, row) if heading.per_funder else None
        proof = former.proof if former and status is FundingStatus.GRANTED else ""
        return Line(heading.side, key, label, cents, status, self._partner(number, row), proof)

    def _account(self, number: int, row: list[Cell]) -> str:
        """The key of the row's account; empty, and said, where none can be told."""
        key = row[KEY][0]
        if key != FREE:
            if not self._chart.knows(key):
                self._refuse(number, ACCOUNT, row, Reason("unknown_account"))
            return key
        typed = row[ACCOUNT][0].strip()
        found = self._accounts.get(typed.casefold(), "")
        if not self._chart.knows(found):
            self._refuse(number, ACCOUNT, row, Reason("unknown_account" if typed else "account_missing"))
        return found

    def _label(self, number: int, row: list[Cell]) -> str:
        text, kind = row[LABEL]
        if kind == NUMBER:
            text = text.removesuffix(".0")
        try:
            return clean_line(text, LONGEST_LABEL)
        except TextError as error:
            self._refuse(number, LABEL, row, error.as_reason)
            return ""

    def _status(self, number: int, row: list[Cell]) -> FundingStatus | None:
        typed = row[STATUS][0].strip()
        found = self._statuses.get(typed.casefold(), "")
        if typed and found not in set(FundingStatus):
            self._refuse(number, STATUS, row, Reason("unknown_status"))
        return FundingStatus(found) if found in set(FundingStatus) else None

    def _partner(self, number: int, row: list[Cell]) -> str:
        typed = row[PARTNER][0].strip()
        if typed and typed.casefold() not in self._partners:
            self._refuse(number, PARTNER, row, Reason("unknown_partner"))
        return self._partners.get(typed.casefold(), "") if typed else ""

    def _cents(self, number: int, row: list[Cell]) -> int:
        text, kind = row[AMOUNT]
        try:
            return _amount(text, kind, whole_euros=self._whole_euros)
        except AmountError as error:
            self._refuse(number, AMOUNT, row, error.as_reason)
            return 0

    def _refuse(self, number: int, column: int, row: list[Cell], reason: Reason) -> None:
        address = f"{chr(ord('A') + column)}{number}"
        self._refusals.append(Refusal(address, row[column][0], reason))


def _amount(text: str, kind: str, *, whole_euros: bool) -> int:
    """Cents of what stands in a cell; 0 where nothing does. Raises AmountError."""
    if kind == NUMBER:
        return _counted(text, whole_euros=whole_euros)
    if kind in (FORMULA, OTHER):
        raise AmountError("formula_uncounted" if kind == FORMULA else "not_a_number")
    return parse_amount(text, whole_euros=whole_euros, allow_zero=True) if text.strip() else 0


def _counted(text: str, *, whole_euros: bool) -> int:
    """Cents of a number of the spreadsheet, rid of the noise of its arithmetic. Raises AmountError."""
    try:
        cents = Decimal(f"{Decimal(text):.{DIGITS}g}") * CENTS
    except InvalidOperation as error:
        raise AmountError("not_a_number") from error
    if not cents.is_finite():
        raise AmountError("not_a_number")
    if cents < 0:
        raise AmountError("negative")
    if cents > LARGEST_CENTS:
        raise AmountError("too_large", maximum=LARGEST_CENTS)
    unit = CENTS if whole_euros else 1
    if cents % unit:
        raise AmountError("too_many_decimals", maximum=0 if whole_euros else 2)
    return int(cents)
