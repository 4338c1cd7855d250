"""Actual against budget."""

import pytest

from grants.domain.budget import Line
from grants.domain.chart import Side
from grants.domain.variance import actuals, budgeted, spent, unexplained, unfilled

pytestmark = pytest.mark.pure

PLAN = {"other_services": 720_000, "staff": 966_000}


def figures(**cents: int | None) -> dict[str, dict[str, object]]:
    return {key: {"spent_cents": value, "reason": ""} for key, value in cents.items()}


def test_only_cash_expenses_are_planned_by_heading() -> None:
    lines = [
        Line(Side.EXPENSE, "staff.wages", "", 690_000),
        Line(Side.EXPENSE, "staff.social_charges", "", 276_000),
        Line(Side.EXPENSE, "in_kind_uses.volunteering", "", 210_000),
        Line(Side.EXPENSE, "other_services.travel", "", 720_000),
        Line(Side.INCOME, "grants.this_fund", "", 1_550_000),
    ]
    assert list(budgeted(lines).items()) == [("other_services", 720_000), ("staff", 966_000)]


@pytest.mark.parametrize(
    ("cents", "midway", "asked"),
    [
        (792_000, False, False),  # +10 % exactly
        (792_001, False, True),
        (648_000, False, False),  # -10 % exactly
        (647_999, False, True),
        (100_000, True, False),
        (849_600, True, True),
    ],
)
def test_a_gap_beyond_a_tenth_asks_for_a_sentence(cents: int, midway: bool, asked: bool) -> None:  # noqa: FBT001
    rows = actuals(PLAN, figures(other_services=cents, staff=966_000))
    assert (unexplained(rows, midway=midway) == ("other_services",)) is asked


def test_expenses_that_nobody_planned_ask_for_a_sentence() -> None:
    rows = actuals(PLAN, figures(other_services=720_000, staff=966_000, taxes=1))
    assert unexplained(rows, midway=True) == ("taxes",)
    assert next(row for row in rows if row.heading.key == "taxes").gap_bp is None


def test_zero_has_to_be_written() -> None:
    rows = actuals(PLAN, figures(other_services=0, staff=None))
    assert unfilled(rows) == ("staff",)
    assert spent(rows) == 0


def test_the_gap_is_told_in_basis_points_of_the_budget() -> None:
    row = actuals(PLAN, figures(other_services=849_600))[0]
    assert (row.heading.key, row.gap_cents, row.gap_bp) == ("other_services", 129_600, 1_800)
    assert actuals(PLAN, figures(other_services=590_400))[0].gap_bp == -1_800
