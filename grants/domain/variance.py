"""Actual against budget, heading by heading: what was planned, what was spent, which gap asks for a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.domain.budget import Line
from grants.domain.chart import CERFA_12156_06, Chart, Heading, Side
from grants.domain.money import WHOLE_BP, rate_bp

#: A heading of expenses → {"spent_cents": cents or None, "reason": text}, as a report stores it.
Figures = Mapping[str, Mapping[str, object]]

TOLERANCE_BP = 1_000
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Actual:
    """A heading of expenses with its figures in cents; `spent_cents` None is not filled in, never zero."""

    heading: Heading
    budgeted_cents: int
    spent_cents: int | None
    reason: str

    @property
    def gap_cents(self) -> int:
        """Spent minus budgeted."""
        return (self.spent_cents or 0) - self.budgeted_cents

    @property
    def gap_bp(self) -> int | None:
        """The gap in basis points of the budget, rounded half up; None where nothing was budgeted or filled in."""
        if self.spent_cents is None or not self.budgeted_cents:
            return None
        size = rate_bp(abs(self.gap_cents), self.budgeted_cents) or 0
        return size if self.gap_cents >= 0 else -size

    def beyond(self, *, midway: bool) -> bool:
        """The gap passes the tolerance. Midway only an overspending counts: money still to be spent is no gap."""
        if self.spent_cents is None or (midway and self.gap_cents < 0):
            return False
        return abs(self.gap_cents) * WHOLE_BP > TOLERANCE_BP * self.budgeted_cents


def budgeted(lines: Iterable[Line], chart: Chart = CERFA_12156_06) -> dict[str, int]:
    """Cents planned by heading of cash expenses, in the order of the chart; headings without a line are left out."""
    sums: dict[str, int] = {}
    for line in lines:
        heading = chart.heading(line.key)
        if heading is not None and heading.side is Side.EXPENSE and not heading.in_kind:
            sums[heading.key] = sums.get(heading.key, 0) + line.amount_cents
    return {heading.key: sums[heading.key] for heading in chart.of(Side.EXPENSE) if heading.key in sums}


def actuals(plan: Mapping[str, int], figures: Figures, chart: Chart = CERFA_12156_06) -> tuple[Actual, ...]:
    """Every cash heading of the chart with its plan and what was filled in, planned ones first."""
    rows = [
        Actual(heading, plan.get(heading.key, 0), _cents(figures, heading.key), _reason(figures, heading.key))
        for heading in chart.of(Side.EXPENSE)
        if not heading.in_kind
    ]
    return tuple(sorted(rows, key=lambda row: row.heading.key not in plan))


def _cents(figures: Figures, key: str) -> int | None:
    value = figures.get(key, {}).get("spent_cents")
    return value if isinstance(value, int) else None


def _reason(figures: Figures, key: str) -> str:
    return str(figures.get(key, {}).get("reason", ""))


def unfilled(rows: Iterable[Actual]) -> tuple[str, ...]:
    """Keys of the planned headings whose expenses were not filled in (zero has to be written)."""
    return tuple(row.heading.key for row in rows if row.budgeted_cents and row.spent_cents is None)


def unexplained(rows: Iterable[Actual], *, midway: bool) -> tuple[str, ...]:
    """Keys of the headings whose gap passes the tolerance without a sentence."""
    return tuple(
        row.heading.key for row in rows if row.beyond(midway=midway) and len(row.reason.strip()) < SHORTEST_REASON
    )


def spent(rows: Iterable[Actual]) -> int:
    """Cents spent in cash, all headings together."""
    return sum(row.spent_cents or 0 for row in rows)
