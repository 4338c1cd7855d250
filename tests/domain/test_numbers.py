"""Plain numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.numbers import NumberError, parse_number, parse_whole

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12", "12"), (" 12,5 ", "12.5"), ("1 000.25", "1000.25"), ("1\u202f000", "1000"), ("-3", "-3"), ("0,500", "0.5")],
)
def test_what_people_type_is_read(typed: str, read: str) -> None:
    assert parse_number(typed) == Decimal(read)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "empty"), ("douze", "not_a_number"), ("1.500", "ambiguous"), ("1e5", "not_a_number"), ("٣", "not_a_number")],
)
def test_what_is_no_number_is_said(typed: str, why: str) -> None:
    with pytest.raises(NumberError) as error:
        parse_number(typed)
    assert error.value.reason == why


def test_a_whole_number_has_no_decimals_and_may_group_its_thousands_with_a_point() -> None:
    assert parse_whole("1.500") == 1500
    with pytest.raises(NumberError) as error:
        parse_whole("2,5")
    assert error.value.reason == "not_whole"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_written_with_a_comma_is_read_back(number: Decimal) -> None:
    assert parse_number(f"{number:.2f}".replace(".", ",")) == number


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (parse_number, parse_whole):
        try:
            read(text)
        except NumberError as error:
            assert error.reason in {"empty", "not_a_number", "ambiguous", "not_whole"}  # noqa: PT017 -- or nothing
