"""Marks by half points and the exact score out of a hundred."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.scoring import (
    Criterion,
    MarkError,
    comment_compulsory,
    display,
    mark_text,
    mean,
    parse_mark,
    points_mean,
    total,
    uncommented,
    unmarked,
    weights_complete,
)

pytestmark = pytest.mark.pure

RUBRIC = (Criterion("C1", 20), Criterion("C2", 25, 5), Criterion("C3", 15), Criterion("C4", 40))
FIVES = dict.fromkeys(("C1", "C2", "C3", "C4"), 10)


@pytest.mark.parametrize(
    ("typed", "halves"),
    [("4,5", 9), ("4.5", 9), (" 4 ", 8), ("0", 0), ("5", 10), ("5,0", 10), ("0,5", 1), ("4,50", 9), ("04", 8)],
)
def test_a_mark_is_read_in_half_points(typed, halves):
    assert parse_mark(typed) == halves


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("-0.5", "out_of_scale"),
        ("5.5", "out_of_scale"),
        ("6", "out_of_scale"),
        ("4.25", "not_a_half_point"),
        ("4.999999", "not_a_half_point"),
        ("NaN", "not_a_mark"),
        ("Infinity", "not_a_mark"),
        ("\uff15", "not_a_mark"),
        ("null", "not_a_mark"),
        ("1e400", "not_a_mark"),
        ("[4]", "not_a_mark"),
        ("4,5,0", "not_a_mark"),
        ("4.", "not_a_mark"),
        (".5", "not_a_mark"),
        ("4\n", "not_a_mark"),
        ("9" * 50_000, "not_a_mark"),
    ],
)
def test_what_is_no_mark_says_why(typed, reason):
    with pytest.raises(MarkError) as refused:
        parse_mark(typed)
    assert refused.value.reason == reason


def test_a_mark_off_the_scale_is_told_the_scale():
    with pytest.raises(MarkError) as refused:
        parse_mark("6")
    assert refused.value.params == {"minimum": 0, "maximum": 5}


@given(st.integers(0, 10), st.sampled_from(",."))
def test_a_mark_is_read_back(halves, comma):
    assert parse_mark(mark_text(halves, comma)) == halves


@given(st.text(max_size=20))
def test_any_text_is_a_mark_on_the_scale_or_a_reason(text):
    with suppress(MarkError):
        assert parse_mark(text) in range(11)


def test_the_best_marks_make_a_hundred_and_the_least_make_none():
    assert total(FIVES, RUBRIC) == 100
    assert total(dict.fromkeys(FIVES, 0), RUBRIC) == 0


def test_a_score_is_the_weighted_sum():
    assert total({"C1": 8, "C2": 9, "C3": 7, "C4": 5}, RUBRIC) == Fraction(16 + 22.5 + 10.5 + 20)


def test_a_missing_mark_is_missing_and_never_zero():
    assert total({**FIVES, "C3": None}, RUBRIC) is None
    assert total({"C1": 10}, RUBRIC) is None
    assert unmarked({"C1": 10, "C3": None}, RUBRIC) == ("C2", "C3", "C4")


def test_weights_that_make_another_sum_are_brought_to_a_hundred():
    assert total({"a": 10, "b": 5}, (Criterion("a", 1), Criterion("b", 2))) == Fraction(200, 3)


@given(st.fixed_dictionaries(dict.fromkeys(FIVES, st.integers(0, 10))))
def test_a_score_lies_on_its_scale_and_every_mark_counts(marks):
    score = total(marks, RUBRIC)
    assert 0 <= score <= 100
    for criterion in RUBRIC:
        if marks[criterion.key] < 10:
            better = total({**marks, criterion.key: marks[criterion.key] + 1}, RUBRIC)
            assert better - score == Fraction(criterion.weight, 10)


def test_means_are_exact_and_there_is_none_of_nothing():
    assert mean([Fraction(83), 87, 88]) == 86
    assert mean([]) is None
    assert points_mean([9, 8, 9]) == Fraction(13, 3)
    assert points_mean([]) is None


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (Fraction(13, 3), 2, "4.33"),
        (Fraction(131, 2), 1, "65.5"),
        (Fraction(86), 2, "86.00"),
        (Fraction(12345, 1000), 2, "12.35"),
        (Fraction(12335, 1000), 2, "12.34"),
        (Fraction(-12345, 1000), 2, "-12.35"),
        (Fraction(1, 2), 0, "1"),
    ],
)
def test_showing_rounds_half_up(value, digits, shown):
    assert str(display(value, digits)) == shown


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_what_is_shown_is_half_a_digit_away_at_most(value, digits):
    assert abs(Fraction(display(value, digits)) - value) <= Fraction(1, 2 * 10**digits)
    assert display(value, digits).as_tuple().exponent == -digits
    assert isinstance(display(value, digits), Decimal)


def test_very_low_and_very_high_marks_need_their_reason():
    assert [halves for halves in range(11) if comment_compulsory(halves)] == [0, 1, 2, 3, 9, 10]
    assert not comment_compulsory(3, low=0)


def test_marks_without_the_comment_they_need_are_named():
    marks = {"C1": 3, "C2": 10, "C3": 5, "C4": None}
    assert uncommented(marks, {"C1": " ", "C2": "Très diverses"}, RUBRIC) == ("C1",)
    assert uncommented(marks, {}, RUBRIC) == ("C1", "C2")


def test_a_rubric_is_complete_when_its_weights_make_a_hundred():
    assert weights_complete(RUBRIC)
    assert not weights_complete(RUBRIC[:3])
    assert not weights_complete((Criterion("a", 50), Criterion("a", 50)))
    assert not weights_complete((Criterion("a", 110), Criterion("b", -10)))
    assert not weights_complete((Criterion("a", 100), Criterion("b", 0)))
    assert not weights_complete(())
