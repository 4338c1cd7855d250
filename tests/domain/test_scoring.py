"""Marks by half points and the exact score out of a hundred."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.scoring import (
    FEWEST_LETTERS,
    Criterion,
    MarkError,
    comment_compulsory,
    display,
    mark_text,
    mean,
    parse_mark,
    points_mean,
    ratio,
    says_something,
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


OPTIONAL = (Criterion("C1", 20), Criterion("C2", 25, 5), Criterion("C3", 15, optional=True), Criterion("C4", 40))


def test_what_does_not_apply_is_missing_and_never_zero() -> None:
    marks = {"C1": 8, "C2": 8, "C3": None, "C4": 8}
    assert total(marks, OPTIONAL) is None
    assert total(marks, OPTIONAL, {"C3"}) == 80
    assert total({**marks, "C3": 0}, OPTIONAL) == 68


def test_the_weights_of_the_others_are_brought_back_to_a_hundred() -> None:
    marks = {"C1": 10, "C2": 0, "C4": 5}
    assert total(marks, OPTIONAL, {"C3"}) == Fraction(100 * (20 * 10 + 40 * 5), 10 * (20 + 25 + 40))


def test_a_sheet_on_which_nothing_applies_lacks_every_mark_and_has_no_score() -> None:
    keys = tuple(criterion.key for criterion in OPTIONAL)
    assert unmarked({}, OPTIONAL, keys) == keys
    assert total({}, OPTIONAL, keys) is None
    assert unmarked({"C1": 4, "C2": 4, "C4": 4}, OPTIONAL, {"C3"}) == ()
    assert unmarked({"C1": 4, "C4": 4}, OPTIONAL, {"C3"}) == ("C2",)
    assert ratio(0, 0) is None


@given(st.dictionaries(st.sampled_from([c.key for c in OPTIONAL]), st.integers(0, 10)), st.integers(0, 10))
def test_a_score_lies_between_the_lowest_and_the_highest_of_its_marks(marks: dict[str, int], common: int) -> None:
    aside = {criterion.key for criterion in OPTIONAL} - marks.keys()
    score = total(marks, OPTIONAL, aside)
    assert (score is None) == (not marks)
    if score is not None:
        assert 10 * min(marks.values()) <= score <= 10 * max(marks.values())
        assert total(dict.fromkeys(marks, common), OPTIONAL, aside) == 10 * common, "whatever is left out"


@pytest.mark.parametrize(
    ("words", "letters"), [("", 0), (" ", 0), (".", 0), ("x", 1), ("…, -", 0), ("Oui", 3), ("Non, trop cher.", 11)]
)
def test_a_dot_explains_nothing(words: str, letters: int) -> None:
    assert says_something(words) is (letters >= FEWEST_LETTERS)
