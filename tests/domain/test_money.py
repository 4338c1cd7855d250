"""Amounts as people type them, and splits that add up to the last cent."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.money import (
    LARGEST_CENTS,
    AmountError,
    exact_rate_bp,
    format_plain,
    parse_amount,
    rate_bp,
    split,
    tranche_amounts,
    within_rate,
)

pytestmark = pytest.mark.pure

shares = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any).map(tuple)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1 000", 100_000),
        ("1\u00a0000", 100_000),
        ("1\u202f000,50", 100_050),
        ("1 000,50", 100_050),
        ("1000.5", 100_050),
        ("1.000,50 €", 100_050),
        ("1,000.50", 100_050),
        ("  15500  ", 1_550_000),
        ("15 500 €", 1_550_000),
        ("15 500 EUR", 1_550_000),
        ("1.000.000", 100_000_000),
        ("1 000 000,05", 100_000_005),
        ("0,01", 1),
        ("007", 700),
        ("10 000 000 000", LARGEST_CENTS),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, cents):
    assert parse_amount(typed) == cents


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \u00a0€ ", "empty"),
        ("1.500", "ambiguous"),
        ("1,500", "ambiguous"),
        ("15,005", "ambiguous"),
        ("12 34", "ambiguous"),
        ("1.000 000", "ambiguous"),
        ("1 000.000 000", "ambiguous"),
        ("1 000,000", "too_many_decimals"),
        ("-1", "negative"),
        ("\u22121", "negative"),
        ("0", "zero"),
        ("0,00", "zero"),
        ("0.001", "too_many_decimals"),
        ("1000,123", "too_many_decimals"),
        ("1,5000", "too_many_decimals"),
        ("10 000 000 000,01", "too_large"),
        (str(2**63), "too_large"),
        ("9" * 64, "too_large"),
        ("9" * 65, "not_a_number"),
        ("1e9", "not_a_number"),
        ("1e400", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("\uff11\uff10\uff10", "not_a_number"),
        ("\u0661\u0662", "not_a_number"),
        ("1000,", "not_a_number"),
        (",50", "not_a_number"),
        ("-", "not_a_number"),
        ("-x", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("€ 12", "not_a_number"),
        ("1\x00", "not_a_number"),
        ("12\n", "not_a_number"),
        ("[1]", "not_a_number"),
    ],
)
def test_an_amount_that_cannot_be_kept_says_why(typed, reason):
    with pytest.raises(AmountError) as refused:
        parse_amount(typed)
    assert refused.value.reason == reason


def test_zero_is_read_where_the_field_allows_it():
    assert parse_amount("0", allow_zero=True) == 0


def test_whole_euros_refuse_cents_but_not_the_two_zeros():
    assert parse_amount("15 500,00", whole_euros=True) == 1_550_000
    with pytest.raises(AmountError) as refused:
        parse_amount("15 500,50", whole_euros=True)
    assert (refused.value.reason, refused.value.params) == ("too_many_decimals", {"maximum": 0})


def test_a_refusal_travels_as_a_reason_with_its_figures():
    with pytest.raises(AmountError) as refused:
        parse_amount("99999999999")
    assert refused.value.as_reason.code == "too_large"
    assert refused.value.as_reason.params == {"maximum": LARGEST_CENTS}


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (100_050, "1 000,50"),
        (1_550_000, "15 500"),
        (5, "0,05"),
        (0, "0"),
        (-85_000, "-850"),
        (100_000_001, "1 000 000,01"),
    ],
)
def test_cents_are_written_plainly(cents, text):
    assert format_plain(cents) == text


@given(st.integers(1, LARGEST_CENTS))
def test_what_is_written_is_read_back(cents):
    assert parse_amount(format_plain(cents)) == cents


@given(st.integers(1, LARGEST_CENTS), st.sampled_from([" ", "\u00a0", "\u202f", ".", ","]), st.sampled_from(".,"))
def test_any_grouping_with_two_decimals_is_read(cents, group, comma):
    euros, rest = divmod(cents, 100)
    if group != comma:
        assert parse_amount(f" {euros:,}".replace(",", group) + f"{comma}{rest:02d} €") == cents


@given(st.one_of(st.text(max_size=80), st.text("0123456789 .,-€", max_size=30)))
def test_any_text_gives_an_amount_in_bounds_or_a_reason(text):
    with suppress(AmountError):
        assert 0 < parse_amount(text) <= LARGEST_CENTS


def test_a_hundred_in_three_gives_the_extra_cent_to_the_first():
    assert split(10_000, (1, 1, 1)) == (3334, 3333, 3333)


def test_the_largest_remainder_gets_the_cent():
    assert split(100, (3333, 3333, 3334)) == (33, 33, 34)
    assert split(10, (2, 5)) == (3, 7)  # 2,86 and 7,14


def test_the_smallest_splits():
    assert split(0, (1, 0)) == (0, 0)
    assert split(5, (0, 1)) == (0, 5)


@given(st.integers(0, LARGEST_CENTS), shares)
def test_a_split_adds_up_and_nobody_is_a_cent_away_from_their_part(total, parts):
    result = split(total, parts)
    assert sum(result) == total
    assert all(abs(got - Fraction(total * part, sum(parts))) < 1 for got, part in zip(result, parts, strict=True))


@pytest.mark.parametrize(("total", "parts"), [(-1, (1,)), (1, ()), (1, (0, 0)), (1, (2, -1))])
def test_a_split_without_sense_is_refused(total, parts):
    with pytest.raises(ValueError, match="split"):
        split(total, parts)


@pytest.mark.parametrize(
    ("euros", "tranches"),
    [
        (15_500, (9_300, 4_650, 1_550)),
        (16_000, (9_600, 4_800, 1_600)),
        (15_000, (9_000, 4_500, 1_500)),
        (14_500, (8_700, 4_350, 1_450)),
        (9_999, (5_999, 2_999, 1_001)),
    ],
)
def test_tranches_stay_in_whole_euros_and_the_last_is_what_remains(euros, tranches):
    assert tranche_amounts(euros * 100, (6000, 3000, 1000)) == tuple(t * 100 for t in tranches)


def test_tranches_of_an_award_with_cents_go_to_the_cent():
    assert tranche_amounts(1_550_001, (6000, 3000, 1000)) == (930_000, 465_000, 155_001)
    assert tranche_amounts(103, (5000, 5000)) == (51, 52)


@given(st.integers(0, LARGEST_CENTS), st.integers(0, 10_000), st.integers(0, 10_000))
def test_tranches_always_add_up_to_the_award(award, one, other):
    first, second = sorted((one, other))
    tranches = tranche_amounts(award, (first, second - first, 10_000 - second))
    assert sum(tranches) == award
    assert min(tranches) >= 0
    assert tranches[-1] * 10_000 >= award * (10_000 - second)


@pytest.mark.parametrize(("award", "parts"), [(-1, (10_000,)), (1, (5000, 4000)), (1, ()), (1, (11_000, -1000))])
def test_tranches_that_do_not_add_up_are_refused(award, parts):
    with pytest.raises(ValueError, match="basis points"):
        tranche_amounts(award, parts)


def test_a_rate_is_rounded_half_up_for_showing():
    assert rate_bp(15_500, 22_900) == 6769
    assert rate_bp(1, 1) == 10_000
    assert rate_bp(1, 20_000) == 1
    assert rate_bp(1, 20_001) == 0
    assert rate_bp(18_000, 21_951) == 8200


def test_there_is_no_rate_of_nothing():
    assert rate_bp(1, 0) is None


def test_the_exact_rate_is_not_rounded():
    assert exact_rate_bp(15_500, 22_900) == Fraction(155_000_000, 22_900)


def test_a_rate_is_compared_without_rounding():
    assert within_rate(15_500, 7000, 22_900)
    assert within_rate(7000, 7000, 10_000)
    assert not within_rate(700_001, 7000, 1_000_000)
    assert rate_bp(700_001, 1_000_000) == 7000
    assert not within_rate(18_000, 7000, 21_951)
