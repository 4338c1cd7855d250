"""The two-sided budget of a project: its totals, and what keeps it from being deposited. Amounts are cents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grants.domain.chart import CERFA_12156_06, THIS_FUND, Chart, FundingStatus, Side
from grants.domain.money import WHOLE_BP, rate_bp, split, within_rate
from grants.errors import Reason

#: The kind of document that shows a granted co-funding.
PROOF_KIND = "cofunding_proof"


@dataclass(frozen=True)
class Line:
    """A line of a budget. `key` is an account of the chart; `label` is the applicant's own (a funder's name).

    `status` stands on funders' lines alone. `partner`: who spends or brings it, by public id; empty: the lead itself.
    `proof`: the document that shows a granted co-funding, by public id.
    """

    side: Side
    key: str
    label: str
    amount_cents: int
    status: FundingStatus | None = None
    partner: str = ""
    proof: str = ""

    @property
    def lacks_proof(self) -> bool:
        """A co-funder said yes to an amount, and no document shows it."""
        return self.status is FundingStatus.GRANTED and bool(self.amount_cents) and not self.proof and self.co_funded

    @property
    def co_funded(self) -> bool:
        """The line names another funder than this fund."""
        return self.side is Side.INCOME and self.key != THIS_FUND


@dataclass(frozen=True)
class Bounds:
    """What the call allows; None where it says nothing. Rates in basis points (7 000 is 70 %).

    `rate_with_in_kind`: the rate is taken of the total with valued contributions, else of the cash total.
    `require_proof`: a granted co-funding without its document keeps the budget from being deposited.
    """

    min_cents: int | None = None
    max_cents: int | None = None
    max_rate_bp: int | None = None
    max_in_kind_bp: int | None = None
    min_other_cash_bp: int | None = None
    rate_with_in_kind: bool = False
    require_proof: bool = False


@dataclass(frozen=True)
class Totals:
    """Sums of a budget in cents, rates in basis points rounded for showing (None where there is nothing to divide).

    `gap` and `in_kind_gap`: income minus expenses; below zero, money is missing. `requested`: the line of this fund.
    `in_kind_bp`: valued contributions in the grand total. `other_cash_bp`: cash that others bring, in the cash income.
    `unproved`: how many granted co-fundings have no document.
    """

    cash_expenses: int
    cash_income: int
    in_kind_expenses: int
    in_kind_income: int
    requested: int
    unproved: int = 0

    @property
    def gap(self) -> int:
        return self.cash_income - self.cash_expenses

    @property
    def in_kind_gap(self) -> int:
        return self.in_kind_income - self.in_kind_expenses

    @property
    def grand_total(self) -> int:
        """Expenses with valued contributions."""
        return self.cash_expenses + self.in_kind_expenses

    @property
    def other_cash(self) -> int:
        return self.cash_income - self.requested

    @property
    def rate_bp(self) -> int | None:
        """Requested in the cash expenses."""
        return rate_bp(self.requested, self.cash_expenses)

    @property
    def rate_with_in_kind_bp(self) -> int | None:
        """Requested in the grand total."""
        return rate_bp(self.requested, self.grand_total)

    @property
    def in_kind_bp(self) -> int | None:
        return rate_bp(self.in_kind_expenses, self.grand_total)

    @property
    def other_cash_bp(self) -> int | None:
        return rate_bp(self.other_cash, self.cash_income)


NO_BUDGET = Totals(0, 0, 0, 0, 0)


def totals(lines: Iterable[Line], chart: Chart = CERFA_12156_06) -> Totals:
    """Sums of the lines. A refused funder's line counts for nothing. Raises ValueError for a key out of the chart."""
    sums = {(side, in_kind): 0 for side in Side for in_kind in (False, True)}
    requested = unproved = 0
    for line in lines:
        heading = chart.heading(line.key)
        if heading is None or heading.side is not line.side:
            message = f"{line.key} is no {line.side} of the chart {chart.version}"
            raise ValueError(message)
        if line.status is FundingStatus.REFUSED:
            continue
        sums[line.side, heading.in_kind] += line.amount_cents
        requested += line.amount_cents if line.key == THIS_FUND else 0
        unproved += line.lacks_proof
    return Totals(
        cash_expenses=sums[Side.EXPENSE, False],
        cash_income=sums[Side.INCOME, False],
        in_kind_expenses=sums[Side.EXPENSE, True],
        in_kind_income=sums[Side.INCOME, True],
        requested=requested,
        unproved=unproved,
    )


def problems(sums: Totals, bounds: Bounds) -> tuple[Reason, ...]:
    """Everything that keeps a budget from being deposited, with the figures of its sentence (cents, basis points).

    Codes: no_expense, nothing_requested, unbalanced (gap), in_kind_unbalanced (gap), above_ceiling and below_floor
    (requested, limit), rate_above_maximum, in_kind_above_maximum and other_cash_below_minimum (rate_bp, limit_bp),
    proof_missing or, where the call insists, proof_required (count).
    """
    return (
        *_emptiness(sums),
        *balance_problems(sums),
        *amount_problems(sums, bounds),
        *rate_problems(sums, bounds),
        *proof_problems(sums, bounds),
    )


def proof_problems(sums: Totals, bounds: Bounds) -> tuple[Reason, ...]:
    """A granted co-funding without its document: a remark, or what blocks where the call requires the proofs."""
    if not sums.unproved:
        return ()
    return (Reason("proof_required" if bounds.require_proof else "proof_missing", {"count": sums.unproved}),)


def _emptiness(sums: Totals) -> tuple[Reason, ...]:
    found = (("no_expense", sums.cash_expenses == 0), ("nothing_requested", sums.requested == 0))
    return tuple(Reason(code) for code, there in found if there)


def balance_problems(sums: Totals) -> tuple[Reason, ...]:
    """Both sides are equal to the cent, in cash and in kind apart."""
    found = (("unbalanced", sums.gap), ("in_kind_unbalanced", sums.in_kind_gap))
    return tuple(Reason(code, {"gap": gap}) for code, gap in found if gap)


def amount_problems(sums: Totals, bounds: Bounds) -> tuple[Reason, ...]:
    """The request lies between the floor and the ceiling; asking for exactly one of them is allowed."""
    if bounds.max_cents is not None and sums.requested > bounds.max_cents:
        return (Reason("above_ceiling", {"requested": sums.requested, "limit": bounds.max_cents}),)
    if bounds.min_cents is not None and 0 < sums.requested < bounds.min_cents:
        return (Reason("below_floor", {"requested": sums.requested, "limit": bounds.min_cents}),)
    return ()


def rate_problems(sums: Totals, bounds: Bounds) -> tuple[Reason, ...]:
    """The rates that the call bounds, compared in integers: nothing is rounded before deciding."""
    base = sums.grand_total if bounds.rate_with_in_kind else sums.cash_expenses
    shown = sums.rate_with_in_kind_bp if bounds.rate_with_in_kind else sums.rate_bp
    return (
        *_above("rate_above_maximum", sums.requested, base, bounds.max_rate_bp, shown),
        *_above(
            "in_kind_above_maximum", sums.in_kind_expenses, sums.grand_total, bounds.max_in_kind_bp, sums.in_kind_bp
        ),
        *_below_minimum(sums, bounds.min_other_cash_bp),
    )


def _above(code: str, part: int, whole: int, limit_bp: int | None, shown: int | None) -> tuple[Reason, ...]:
    if limit_bp is None or within_rate(part, limit_bp, whole):
        return ()
    return (Reason(code, {"rate_bp": WHOLE_BP if shown is None else shown, "limit_bp": limit_bp}),)


def _below_minimum(sums: Totals, limit_bp: int | None) -> tuple[Reason, ...]:
    if limit_bp is None or sums.other_cash * WHOLE_BP >= limit_bp * sums.cash_income:
        return ()
    return (Reason("other_cash_below_minimum", {"rate_bp": sums.other_cash_bp or 0, "limit_bp": limit_bp}),)


@dataclass(frozen=True)
class Share:
    """What one partner spends and brings, in cents; `partner` empty: the lead. The request is brought by nobody of them.

    `spends_bp`: its part of the cash expenses, in basis points that add up to 10 000 over all shares.
    """

    partner: str
    totals: Totals
    spends_bp: int

    @property
    def spends(self) -> int:
        return self.totals.cash_expenses

    @property
    def brings(self) -> int:
        """Cash other than the request."""
        return self.totals.other_cash


def shares(lines: Sequence[Line], partners: Sequence[str], chart: Chart = CERFA_12156_06) -> tuple[Share, ...]:
    """Who spends and who brings how much: the lead, then `partners` in their order. The sums are those of the budget.

    A line of somebody who is not among `partners` counts with the lead. Raises ValueError as `totals`.
    """
    named = ("", *(partner for partner in partners if partner))
    parts: dict[str, list[Line]] = {partner: [] for partner in named}
    for line in lines:
        parts[line.partner if line.partner in parts else ""].append(line)
    sums = [totals(parts[partner], chart) for partner in named]
    spent = tuple(one.cash_expenses for one in sums)
    rates = split(WHOLE_BP, spent) if any(spent) else tuple(0 for _ in spent)
    return tuple(Share(partner, one, rate) for partner, one, rate in zip(named, sums, rates, strict=True))
