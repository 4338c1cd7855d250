"""Lines of a budget as their author typed them: out of a form, out of the file, into lines that count."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grants.domain.budget import Line
from grants.domain.chart import OWN_FUNDS, TABLES, THIS_FUND, Account, Chart, FundingStatus, Heading, Side
from grants.domain.money import AmountError, format_plain, parse_amount
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _

#: More than a budget may hold: the use case says so, instead of rows being lost here.
MOST_ROWS = 400
ALWAYS = (THIS_FUND, OWN_FUNDS)
_KEY = re.compile(r"row-([0-9]{1,4})-key\Z")
PARTS = ("label", "status", "partner", "proof", "amount")


@dataclass(frozen=True)
class Row:
    """A line as its author typed it. `number` is its place in the form; `error` what is wrong with its amount."""

    chart: Chart
    key: str
    label: str = ""
    status: str = ""
    partner: str = ""
    proof: str = ""
    amount: str = ""
    error: str = ""
    number: int = 0

    @property
    def heading(self) -> Heading:
        found = self.chart.heading(self.key)
        assert found is not None
        return found

    @property
    def account(self) -> Account:
        found = self.chart.account(self.key)
        return found or Account(self.key, self.heading.number, self.heading.label)

    @property
    def name(self) -> str:
        """The account as people read it, in the language of the page."""
        return named_account(self.account)

    @property
    def funder(self) -> bool:
        """Whether the line names who gives, and how sure that is."""
        return self.heading.per_funder and self.key != THIS_FUND

    @property
    def granted(self) -> bool:
        return self.funder and self.status == FundingStatus.GRANTED

    @property
    def removable(self) -> bool:
        """The request and the own funds always have their line."""
        return self.key not in ALWAYS

    @property
    def measure(self) -> str:
        """The sum that the script adds this amount to."""
        if self.key == THIS_FUND:
            return "requested"
        if self.heading.in_kind:
            return f"in-kind-{self.heading.side}"
        return "expense" if self.heading.side is Side.EXPENSE else "other"

    @property
    def filled(self) -> bool:
        """Something stands in it."""
        return bool(self.amount.strip() or self.label.strip())


def named_account(account: Account) -> str:
    """`613 Locations`: number and label, in the language of the page."""
    return f"{account.number} {_(account.label)}".strip()


def stored_rows(lines: Sequence[Line], chart: Chart, *, offering: bool = False) -> list[Row]:
    """The rows of a stored budget; two lines are always there.

    One without an amount shows what its chart offers, and so does one that is being typed (`offering`).
    """
    rows = [
        Row(
            chart,
            line.key,
            line.label,
            str(line.status or ""),
            line.partner,
            line.proof,
            format_plain(line.amount_cents) if line.amount_cents else "",
        )
        for line in lines
    ]
    present = {row.key for row in rows}
    begun = any(line.amount_cents for line in lines) and not offering
    wanted = ALWAYS if begun else chart.offered
    return numbered(rows + [Row(chart, key) for key in wanted if key not in present])


def typed_rows(form: Mapping[str, str], chart: Chart) -> list[Row]:
    """The rows of a form in the order of their numbers, with or without gaps; unknown accounts are left out."""
    numbers = sorted(int(found[1]) for name in form if (found := _KEY.match(name)))
    rows = []
    for number in numbers[:MOST_ROWS]:
        key = form[f"row-{number}-key"]
        if chart.knows(key):
            rows.append(
                Row(chart, key, **{part: form.get(f"row-{number}-{part}", "") for part in PARTS}, number=number)
            )
    return rows


def numbered(rows: Iterable[Row]) -> list[Row]:
    """The same rows, numbered from 0 in their order."""
    return [replace(row, number=number) for number, row in enumerate(rows)]


def read(rows: Iterable[Row], *, whole_euros: bool = False) -> tuple[list[Line], list[Row]]:
    """Lines of the rows that hold something; the rows again, with what could not be read said beside it."""
    lines: list[Line] = []
    told: list[Row] = []
    for row in rows:
        error, cents = "", 0
        if row.amount.strip():
            try:
                cents = parse_amount(row.amount, whole_euros=whole_euros, allow_zero=True)
            except AmountError as unreadable:
                error = sentence(unreadable.as_reason)
        told.append(replace(row, error=error))
        if row.filled:
            lines.append(line_of(row, cents))
    return lines, told


def line_of(row: Row, cents: int) -> Line:
    """A row with its amount in cents; a status or a proof on a line that has none is left out."""
    status = FundingStatus(row.status) if row.funder and row.status in set(FundingStatus) else None
    partner = "" if row.key == THIS_FUND else row.partner
    return Line(row.heading.side, row.key, row.label, cents, status, partner, row.proof if row.granted else "")


@dataclass(frozen=True)
class Group:
    """A heading with its rows; `titled`: it has more than one account, so that its own name says something."""

    heading: Heading
    rows: list[Row]

    @property
    def titled(self) -> bool:
        return len(self.heading.accounts) > 1

    @property
    def name(self) -> str:
        return f"{self.heading.number} {_(self.heading.label)}".strip()


@dataclass(frozen=True)
class Table:
    """One side, in cash or in kind: its headings with their rows, and the accounts that a row may be added for."""

    key: str
    side: Side
    groups: list[Group]
    accounts: list[tuple[str, list[Account]]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not any(group.rows for group in self.groups)


def tables(rows: Sequence[Row], chart: Chart) -> dict[str, Table]:
    """The four tables of a budget, in the order of its chart; the request stands first among the grants."""
    found = {}
    for key, side, in_kind in TABLES:
        headings = [heading for heading in chart.of(side) if heading.in_kind is in_kind]
        groups = [Group(heading, _of(heading, rows)) for heading in headings]
        offered = [(_(h.label), [a for a in h.accounts if a.key != THIS_FUND]) for h in headings]
        found[key] = Table(key, side, groups, offered)
    return found


def _of(heading: Heading, rows: Iterable[Row]) -> list[Row]:
    ranks = {account.key: rank for rank, account in enumerate(heading.accounts)}
    mine = [row for row in rows if row.heading == heading]
    return sorted(mine, key=lambda row: (row.key != THIS_FUND, ranks.get(row.key, 0), row.number))
