"""The figures of the invented round are those of its table, to the cent."""

from collections import Counter
from fractions import Fraction

import pytest

from grants.demo import budgets, remarks
from grants.demo.decisions import PROPOSALS
from grants.demo.figures import ASKS, AWARDED, ENVELOPE, MARKS, RECUSALS, SCORED
from grants.demo.round2026 import RUBRIC
from grants.domain import budget, scoring

pytestmark = pytest.mark.pure

TOTALS = {
    "A01": (83, 87, 88),
    "A02": (82, 83, 84),
    "A03": (76, 81, 83),
    "A04": (80, 73, 81),
    "A05": (74, 75, 79),
    "A06": (78, 73, 71),
    "A07": (73, 70, 73),
    "A08": (64, 68, 69),
    "A09": (64.5, 65.5, 66.5),
    "A10": (60, 65, 67),
    "A11": (63, 56, 64),
    "A12": (58.5, 59.5, 63.5),
    "A13": (42, 58, 74),
}
MEANS = (86, 83, 80, 78, 76, 74, 72, 67, 65.5, 64, 61, 60.5, 58, 56, 54, 52, 50, 47, 44, 41, 37)
RATES = {"A01": 6769, "A02": 6809, "A03": 6881, "A04": 6905, "A05": 6938, "A06": 6818, "A07": 6840, "A23": 8200}


def totals_of(key: str) -> list[Fraction]:
    found = [scoring.total(marks, RUBRIC) for marks in MARKS[key].values()]
    return [total for total in found if total is not None]


def test_marks_give_the_scores_of_the_table() -> None:
    assert {key: tuple(float(total) for total in totals_of(key)) for key in TOTALS} == TOTALS


def test_marks_give_the_means_of_the_table_in_its_order() -> None:
    assert tuple(float(sum(totals_of(key)) / 3) for key in SCORED) == MEANS


def test_readers_carry_the_loads_of_the_table() -> None:
    loads = Counter(reader for given in MARKS.values() for reader in given)
    assert loads == {"R1": 11, "R2": 11, "R3": 11, "R4": 10, "R5": 10, "R6": 10}


def test_nobody_reads_a_file_that_they_have_a_link_with() -> None:
    assert RECUSALS == {"A02": "R2", "A04": "R5", "A06": "R3", "A09": "R1", "A14": "R4", "A20": "R6"}
    assert not [key for key, reader in RECUSALS.items() if reader in MARKS[key]]


@pytest.mark.parametrize("key", ASKS)
def test_budgets_are_balanced_and_ask_for_the_amounts_of_the_table(key: str) -> None:
    asked = ASKS[key]
    sums = budget.totals(budgets.lines(key, asked.requested, asked.cash))
    assert (sums.requested, sums.cash_expenses, sums.cash_income) == (
        asked.requested * 100,
        asked.cash * 100,
        asked.cash * 100,
    )
    assert sums.in_kind_gap == 0
    assert RATES.get(key, sums.rate_bp) == sums.rate_bp


def test_requests_add_up_to_those_of_the_funnel() -> None:
    assert sum(asked.requested for asked in ASKS.values()) == 331_300
    assert sum(ASKS[key].requested for key in SCORED) == 286_300


def test_awards_use_the_envelope_to_the_last_euro() -> None:
    assert sum(proposal.awarded for proposal in PROPOSALS.values()) == ENVELOPE
    assert [key for key, proposal in PROPOSALS.items() if proposal.awarded] == list(AWARDED)


def test_decisions_are_written_down_in_the_order_of_the_sitting() -> None:
    times = [proposal.at for proposal in PROPOSALS.values()]
    assert times == sorted(times)
    assert PROPOSALS["A12"].at == (11, 52)


def test_every_extreme_mark_has_its_comment() -> None:
    for key, given in MARKS.items():
        for turn, marks in enumerate(given.values()):
            assert scoring.uncommented(marks, remarks.comments(marks, turn), RUBRIC) == (), key
