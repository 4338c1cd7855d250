"""The ranking, against all twenty-one rows of the demonstration."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.money import exact_rate_bp, tranche_amounts
from grants.domain.ranking import Rules, Scored, minimum_means, rank, tie_order
from grants.domain.scoring import Criterion, display, points_mean, total

pytestmark = pytest.mark.pure

DEMO = json.loads((Path(__file__).parent / "data" / "demo_caac.json").read_text(encoding="utf-8"))
RUBRIC = tuple(Criterion(key, weight, 5 if key == "C2" else None) for key, _, weight in DEMO["criteria"])
RULES = Rules(tie_order(RUBRIC, "C2"), Fraction(60), minimum_means(RUBRIC), Fraction(20), 10_500_000)
AWARDED = [row for row in DEMO["results"] if row["decision"] == "award"]
DAY = datetime(2025, 11, 3, tzinfo=UTC)


def sheets(file_id):
    """The marks of a file in half points, one mapping a review."""
    reviews = [review["notes"] for review in DEMO["reviews"] if review["app"] == file_id]
    return [{key: int(note * 2) for key, note in notes.items()} for notes in reviews]


def scored(row):
    marks = sheets(row["id"])
    totals = tuple(total(sheet, RUBRIC) for sheet in marks)
    means = {c.key: points_mean(sheet[c.key] for sheet in marks) for c in RUBRIC}
    return Scored(row["id"], totals, means, row["requested"] * 100, DAY, 3)


FILES = [scored(row) for row in DEMO["results"]]
RANKED = {line.id: line for line in rank(FILES, RULES)}
ROWS = pytest.mark.parametrize("row", DEMO["results"], ids=lambda row: row["id"])


def file(name, *totals, c2=3, requested=100, minutes=0, expected=0):
    means = {} if c2 is None else {"C2": Fraction(c2)}
    return Scored(name, tuple(map(Fraction, totals)), means, requested, DAY + timedelta(minutes=minutes), expected)


def order(files, rules=RULES):
    return [(line.id, line.rank) for line in rank(files, rules)]


def test_every_score_sheet_makes_the_total_of_the_demonstration():
    for review in DEMO["reviews"]:
        assert total({key: int(note * 2) for key, note in review["notes"].items()}, RUBRIC) == Fraction(review["total"])


@ROWS
def test_the_demonstration_row_by_row(row):
    line = RANKED[row["id"]]
    assert [float(score) for score in next(f for f in FILES if f.id == row["id"]).totals] == row["totals"]
    assert (line.rank, line.mean, line.spread) == (row["rank"], Fraction(row["mean"]), Fraction(row["spread"]))
    assert (line.reviews, line.coverage, line.requested_cents) == (3, 1, row["requested"] * 100)


@ROWS
def test_the_mean_of_the_second_criterion_row_by_row(row):
    means = next(f for f in FILES if f.id == row["id"]).criterion_means
    assert display(means["C2"]) == Decimal(f"{row['c2']:.2f}")


@ROWS
def test_the_decision_follows_from_the_line_and_the_threshold(row):
    line = RANKED[row["id"]]
    assert line.above_line is (row["decision"] == "award")
    assert line.below_threshold is (row["decision"] == "rejected (below threshold)")
    assert line.fundable is not line.below_threshold


@pytest.mark.parametrize("row", AWARDED, ids=lambda row: row["id"])
def test_the_cumulated_amounts_and_the_tranches_of_the_awarded(row):
    assert RANKED[row["id"]].cumulated_cents == row["cum"] * 100
    assert tranche_amounts(row["requested"] * 100, (6000, 3000, 1000)) == tuple(t * 100 for t in row["tranches"])


@ROWS
def test_the_rates_row_by_row(row):
    assert display(exact_rate_bp(row["requested"], row["cash_total"]) / 100, 1) == Decimal(str(row["rate"]))


def test_the_line_lies_under_the_seventh_and_takes_the_whole_envelope():
    above = [line for line in rank(FILES, RULES) if line.above_line]
    assert ([line.rank for line in above], above[-1].cumulated_cents) == ([1, 2, 3, 4, 5, 6, 7], 10_500_000)


def test_below_the_line_the_sum_goes_on_as_the_committee_reads_it():
    shown = {name: line.cumulated_cents // 100 for name, line in RANKED.items()}
    assert (shown["A08"], shown["A12"], shown["A13"]) == (120_000, 171_000, 186_500)


def test_one_file_diverges_and_five_lie_below_the_minimum():
    assert [name for name, line in RANKED.items() if line.divergent] == ["A13"]
    below = [name for name, line in RANKED.items() if line.below_minimum == ("C2",)]
    assert below == ["A15", "A18", "A19", "A20", "A21"]


def test_criteria_break_ties_in_the_stated_order():
    assert tie_order(RUBRIC, "C2") == ("C2", "C1", "C3", "C5", "C4", "C6", "C7")
    assert tie_order(RUBRIC, "C7") == ("C7", "C2", "C1", "C3", "C5", "C4", "C6")
    assert tie_order(RUBRIC) == ("C2", "C1", "C3", "C5", "C4", "C6", "C7")


def test_equal_means_go_to_the_key_criterion_then_the_lower_request_then_the_earlier_deposit():
    files = [
        file("late", 70, requested=50, minutes=9),
        file("early", 70, requested=50),
        file("dear", 70, requested=90),
        file("strong", 70, c2=4, requested=99),
        file("unknown", 70, c2=None, requested=1),
        file("best", 71, c2=2),
    ]
    assert [name for name, _ in order(files)] == ["best", "strong", "early", "late", "dear", "unknown"]


def test_files_equal_in_everything_share_a_rank():
    assert order([file("b", 70), file("a", 70), file("c", 60)]) == [("a", 1), ("b", 1), ("c", 3)]


def test_a_file_without_reviews_is_last_and_has_neither_rank_nor_mean():
    lines = rank([file("none", expected=3), file("some", 60, expected=3)], Rules())
    assert [(line.id, line.rank, line.mean, line.coverage) for line in lines] == [
        ("some", 1, 60, Fraction(1, 3)),
        ("none", None, None, 0),
    ]
    assert lines[1].spread == 0
    assert not lines[1].above_line
    assert not lines[1].fundable
    assert not lines[1].below_threshold


def test_two_files_without_reviews_are_both_unranked():
    assert order([file("a"), file("b")]) == [("a", None), ("b", None)]


def test_one_review_alone_never_diverges():
    (line,) = rank([file("a", 70)], Rules(divergence=Fraction(0)))
    assert (line.spread, line.coverage) == (0, 1)
    assert not line.divergent


def test_the_divergence_itself_is_told():
    assert [line.divergent for line in rank([file("a", 50, 70), file("b", 50, 69)], RULES)] == [True, False]


def test_the_threshold_itself_is_enough():
    assert [line.below_threshold for line in rank([file("a", 60), file("b", "59.99")], RULES)] == [False, True]


def test_a_file_that_cannot_be_funded_takes_nothing_from_those_after_it():
    rules = Rules(minimum_means={"C2": Fraction(5, 2)}, envelope_cents=200)
    lines = rank([file("a", 90), file("weak", 80, c2=2), file("b", 70), file("c", 60)], rules)
    assert [(line.id, line.cumulated_cents, line.above_line) for line in lines] == [
        ("a", 100, True),
        ("weak", 200, False),
        ("b", 200, True),
        ("c", 300, False),
    ]


def test_a_smaller_file_does_not_slip_over_the_line():
    rules = Rules(envelope_cents=150)
    lines = rank([file("a", 90), file("big", 80), file("small", 70, requested=10)], rules)
    assert [line.above_line for line in lines] == [True, False, False]


scored_files = st.lists(
    st.builds(
        file,
        st.integers(0, 10**6).map(str),
        st.integers(0, 20).map(lambda fifths: fifths * 5),
        c2=st.one_of(st.none(), st.integers(0, 5)),
        requested=st.integers(1, 3),
        minutes=st.integers(0, 2),
    ),
    max_size=8,
    unique_by=lambda scored_file: scored_file.id,
)


@given(scored_files.flatmap(lambda files: st.tuples(st.just(files), st.permutations(files))))
def test_the_order_of_arrival_changes_nothing(both):
    files, shuffled = both
    assert rank(files, RULES) == rank(shuffled, RULES)


@given(scored_files, st.integers(0, 20))
def test_what_stands_above_the_line_never_exceeds_the_envelope(files, envelope):
    lines = rank(files, Rules(threshold=Fraction(50), envelope_cents=envelope))
    assert sum(line.requested_cents for line in lines if line.above_line) <= envelope
    means = [line.mean for line in lines]
    assert means == sorted(means, reverse=True)
