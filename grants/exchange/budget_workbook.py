"""A budget as an Excel workbook that can be filled in offline: every account has its rows, amounts and names are open, the
rest is locked; totals are formulas. A hidden sheet holds what is needed to read it back: the file, its version, its lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from grants.domain.budget import Line, totals
from grants.domain.chart import TABLES, THIS_FUND, Chart, FundingStatus, Heading
from grants.domain.money import CENTS

MARK = "palabre-budget-1"
HIDDEN = "_palabre"
#: Rows without an account in each table: one is chosen from a list.
FREE_ROWS = 6
FREE = "+"
#: Columns of the sheet that people fill in (from 0): account, label, status, partner, amount, then two that are hidden.
ACCOUNT, LABEL, STATUS, PARTNER, AMOUNT, RANK, KEY = range(7)
#: Columns of the hidden sheet: the lines as they were written, then three lists of (words, key).
BASE, STATUSES, PARTNERS, ACCOUNTS = 0, 8, 10, 12
FIRST_BASE_ROW = 6
TITLE_ROWS = 2


@dataclass(frozen=True)
class Words:
    """The texts of the workbook in the reader's language. `account` names an account or a heading by its key."""

    title: str
    advice: Sequence[str]
    columns: Sequence[str]
    tables: Mapping[str, tuple[str, str]]
    gap: str
    in_kind_gap: str
    rate: str
    statuses: Mapping[FundingStatus, str]
    lead: str
    account: Callable[[str], str]


@dataclass(frozen=True)
class Book:
    """What is written: the file by its public id, its version, the lines. `partners`: public id and name of each."""

    application: str
    version: int
    chart: Chart
    lines: Sequence[Line]
    partners: Sequence[tuple[str, str]] = ()
    whole_euros: bool = False


@dataclass
class _Places:
    """Where the rows of each table went, for the formulas, and the row of the request."""

    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    requested: int = 0


@dataclass(frozen=True)
class _Looks:
    """The formats: locked words, open words, open amounts, locked amounts, titles."""

    locked: Format
    open: Format
    amount: Format
    total: Format
    title: Format
    heading: Format
    share: Format


def write(book: Book, words: Words, at: datetime) -> bytes:
    """The workbook. `at`: when it is made (aware), said in its properties."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": words.title, "created": at.replace(tzinfo=None)})
        looks = _looks(workbook, whole_euros=book.whole_euros)
        sheet, hidden = workbook.add_worksheet("Budget"), workbook.add_worksheet(HIDDEN)
        _remember(hidden, book, words)
        _lay_out(sheet, looks)
        _fill(sheet, looks, book, words)
        hidden.very_hidden()
        hidden.protect()
    return out.getvalue()


def names_of_partners(book: Book, lead: str) -> dict[str, str]:
    """Words → public id of everybody who may spend or bring, the lead first (empty id); equal names are numbered."""
    found: dict[str, str] = {}
    for public_id, name in (("", lead), *book.partners):
        words, rank = name, 1
        while words in found:
            rank += 1
            words = f"{name} ({rank})"
        found[words] = public_id
    return found


def accounts_of(chart: Chart, table: str, words: Words) -> dict[str, str]:
    """Words → key of the accounts of a table."""
    side, in_kind = next((side, in_kind) for key, side, in_kind in TABLES if key == table)
    headings = [heading for heading in chart.of(side) if heading.in_kind is in_kind]
    return {words.account(account.key): account.key for heading in headings for account in heading.accounts}


def _looks(workbook: Workbook, *, whole_euros: bool) -> _Looks:
    figure = "#,##0" if whole_euros else "#,##0.00"
    return _Looks(
        locked=workbook.add_format({"text_wrap": True, "valign": "top"}),
        open=workbook.add_format({"locked": False, "text_wrap": True, "bg_color": "#FFF9E5", "valign": "top"}),
        amount=workbook.add_format({"locked": False, "num_format": figure, "bg_color": "#FFF9E5", "valign": "top"}),
        total=workbook.add_format({"bold": True, "num_format": figure, "top": 1}),
        title=workbook.add_format({"bold": True, "font_size": 14}),
        heading=workbook.add_format({"bold": True, "bg_color": "#E4ECE9"}),
        share=workbook.add_format({"bold": True, "num_format": "0.00%"}),
    )


def _remember(hidden: Worksheet, book: Book, words: Words) -> None:
    """What only the reader of the file needs."""
    for row, value in enumerate((MARK, book.application, str(book.version), book.chart.version)):
        hidden.write_string(row, 0, value)
    for row, line in enumerate(book.lines, start=FIRST_BASE_ROW):
        values = (line.side, line.key, line.label, str(line.amount_cents), line.status or "", line.partner, line.proof)
        for column, text in enumerate(values, start=BASE):
            hidden.write_string(row, column, str(text))
    _list(hidden, STATUSES, {str(text): str(status) for status, text in words.statuses.items()})
    _list(hidden, PARTNERS, names_of_partners(book, words.lead))
    for rank, (table, _side, _in_kind) in enumerate(TABLES):
        _list(hidden, ACCOUNTS + 2 * rank, accounts_of(book.chart, table, words))


def _list(hidden: Worksheet, column: int, values: Mapping[str, str]) -> None:
    for row, (words, key) in enumerate(values.items()):
        hidden.write_string(row, column, words)
        hidden.write_string(row, column + 1, key)


def _lay_out(sheet: Worksheet, looks: _Looks) -> None:
    for column, width in enumerate((46, 38, 14, 24, 16)):
        sheet.set_column(column, column, width, looks.locked)
    sheet.set_column(RANK, KEY, 2, None, {"hidden": True})
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _fill(sheet: Worksheet, looks: _Looks, book: Book, words: Words) -> None:
    sheet.write_string(0, 0, words.title, looks.title)
    row = TITLE_ROWS
    for sentence in words.advice:
        sheet.merge_range(row, 0, row, AMOUNT, sentence, looks.locked)
        row += 1
    places = _Places()
    for table, side, in_kind in TABLES:
        headings = [heading for heading in book.chart.of(side) if heading.in_kind is in_kind]
        row = _table(sheet, looks, book, words, places, _Part(table, headings, row + 1))
    _balance(sheet, looks, book, words, places, row + 1)


@dataclass(frozen=True)
class _Part:
    """A table with its headings and the row that it begins at."""

    table: str
    headings: Sequence[Heading]
    row: int


def _table(sheet: Worksheet, looks: _Looks, book: Book, words: Words, places: _Places, part: _Part) -> int:
    """Draw a table; returns the row after it."""
    title, total = words.tables[part.table]
    sheet.write_string(part.row, 0, title, looks.title)
    for column, text in enumerate(words.columns):
        sheet.write_string(part.row + 1, column, text, looks.heading)
    row = first = part.row + 2
    for key, rank, line in _rows(book, part.headings):
        _row(sheet, looks, row, (words.account(key), key, rank), (book, words, line))
        places.requested = row if key == THIS_FUND else places.requested
        row += 1
    for _ in range(FREE_ROWS):
        _row(sheet, looks, row, ("", FREE, None), (book, words, None))
        row += 1
    _choices(sheet, (first, row - 1), book, words, part.table)
    places.rows[part.table] = (first, row - 1)
    places.totals[part.table] = row
    sheet.write_string(row, ACCOUNT, total, looks.total)
    sheet.write_formula(row, AMOUNT, _sum(first, row - 1, words), looks.total, _euros(_total(book, part.table)))
    return row + 1


def _rows(book: Book, headings: Sequence[Heading]) -> list[tuple[str, int | None, Line | None]]:
    """(key, rank, line) of every row of a table: the lines of each account, or one empty row for it."""
    found: list[tuple[str, int | None, Line | None]] = []
    for heading in headings:
        for key in (*(account.key for account in heading.accounts), heading.key):
            own = [(key, rank, line) for rank, line in enumerate(book.lines) if line.key == key]
            found += own or ([(key, None, None)] if key != heading.key else [])
    return found


def _row(
    sheet: Worksheet,
    looks: _Looks,
    row: int,
    identity: tuple[str, str, int | None],
    content: tuple[Book, Words, Line | None],
) -> None:
    name, key, rank = identity
    book, words, line = content
    sheet.write_string(row, ACCOUNT, name, looks.open if key == FREE else looks.locked)
    sheet.write_string(row, LABEL, line.label if line else "", looks.open)
    status = words.statuses[line.status] if line and line.status else ""
    funder = key == FREE or key.startswith("grants.")
    sheet.write_string(row, STATUS, str(status), looks.open if funder else looks.locked)
    names = {public_id: text for text, public_id in names_of_partners(book, words.lead).items()}
    sheet.write_string(row, PARTNER, names.get(line.partner, "") if line and line.partner else "", looks.open)
    if line and line.amount_cents:
        sheet.write_number(row, AMOUNT, _euros(line.amount_cents), looks.amount)
    else:
        sheet.write_blank(row, AMOUNT, None, looks.amount)
    sheet.write_string(row, RANK, "" if rank is None else str(rank))
    sheet.write_string(row, KEY, key)


def _choices(sheet: Worksheet, rows: tuple[int, int], book: Book, words: Words, table: str) -> None:
    """What may be chosen in the cells of a table."""
    first, last = rows
    column = ACCOUNTS + 2 * next(rank for rank, (key, *_rest) in enumerate(TABLES) if key == table)
    lists = (
        (STATUS, (first, last), STATUSES, len(words.statuses)),
        (PARTNER, (first, last), PARTNERS, len(names_of_partners(book, words.lead))),
        (ACCOUNT, (last - FREE_ROWS + 1, last), column, len(accounts_of(book.chart, table, words))),
    )
    for target, (top, bottom), source, count in lists:
        letter = _letter(source)
        area = f"='{HIDDEN}'!${letter}$1:${letter}${count}"
        sheet.data_validation(top, target, bottom, target, {"validate": "list", "source": area})


def _sum(first: int, last: int, words: Words) -> str:
    """The formula of a total: refused co-fundings count for nothing."""
    amounts, statuses = (f"{letter}{first + 1}:{letter}{last + 1}" for letter in (_letter(AMOUNT), _letter(STATUS)))
    refused = str(words.statuses[FundingStatus.REFUSED]).replace('"', '""')
    return f'=SUM({amounts})-SUMIF({statuses},"{refused}",{amounts})'


def _balance(sheet: Worksheet, looks: _Looks, book: Book, words: Words, places: _Places, row: int) -> None:
    sums, cell = (
        totals(book.lines, book.chart),
        {key: f"{_letter(AMOUNT)}{at + 1}" for key, at in places.totals.items()},
    )
    request = f"{_letter(AMOUNT)}{places.requested + 1}"
    lines = (
        (words.gap, f"={cell['income']}-{cell['expense']}", _euros(sums.gap), looks.total),
        (
            words.in_kind_gap,
            f"={cell['in-kind-income']}-{cell['in-kind-expense']}",
            _euros(sums.in_kind_gap),
            looks.total,
        ),
        (words.rate, f'=IF({cell["expense"]}>0,{request}/{cell["expense"]},"")', _share(sums.rate_bp), looks.share),
    )
    for offset, (name, formula, value, look) in enumerate(lines):
        sheet.write_string(row + offset, ACCOUNT, name, looks.heading)
        sheet.write_formula(row + offset, AMOUNT, formula, look, value)


def _total(book: Book, table: str) -> int:
    sums = totals(book.lines, book.chart)
    return {
        "expense": sums.cash_expenses,
        "income": sums.cash_income,
        "in-kind-expense": sums.in_kind_expenses,
        "in-kind-income": sums.in_kind_income,
    }[table]


def _euros(cents: int) -> Decimal:
    return Decimal(cents) / CENTS


def _share(basis_points: int | None) -> Decimal | str:
    return "" if basis_points is None else Decimal(basis_points) / 10_000


def _letter(column: int) -> str:
    return chr(ord("A") + column)
