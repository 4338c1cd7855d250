"""Days as people type them, months by the calendar."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.calendar import (
    DayError,
    add_months,
    at_least_months,
    at_most_months,
    end_after_months,
    months_between,
    parse_day,
)

pytestmark = pytest.mark.pure

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-03-12", date(2027, 3, 12)),
        ("12/03/2027", date(2027, 3, 12)),
        ("12.3.2027", date(2027, 3, 12)),
        (" 12 mars 2027 ", date(2027, 3, 12)),
        ("1er Août 2027", date(2027, 8, 1)),
        ("28 fevrier 2028", date(2028, 2, 28)),
        ("15 aout 2028", date(2028, 8, 15)),
        ("25 decembre 2028", date(2028, 12, 25)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_type_it(typed, day):
    assert parse_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("30/02/2027", "not_a_date"),
        ("2027-13-01", "not_a_date"),
        ("29 février 2027", "not_a_date"),
        ("12 march 2027", "not_a_date"),
        ("12/03/27", "not_a_date"),
        ("0000-01-01", "not_a_date"),
        ("demain", "not_a_date"),
        ("\uff11\uff12/03/2027", "not_a_date"),
        ("1" * 50_000, "not_a_date"),
    ],
)
def test_what_is_no_day_says_so(typed, reason):
    with pytest.raises(DayError) as refused:
        parse_day(typed)
    assert refused.value.reason == reason


@given(days)
def test_an_iso_day_is_read_back(day):
    assert parse_day(day.isoformat()) == day


@given(st.text(max_size=50))
def test_any_text_is_a_day_or_a_reason(text):
    with suppress(DayError):
        assert isinstance(parse_day(text), date)


def test_a_month_more_keeps_the_day_or_takes_the_last_of_the_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2027, 12, 15), 2) == date(2028, 2, 15)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2026, 3, 1), date(2026, 8, 31), 6),
        (date(2026, 3, 1), date(2027, 2, 28), 12),
        (date(2027, 3, 1), date(2028, 2, 29), 12),
        (date(2027, 3, 1), date(2028, 2, 28), 11),
        (date(2026, 1, 15), date(2026, 2, 14), 1),
        (date(2026, 1, 15), date(2026, 2, 13), 0),
        (date(2026, 1, 31), date(2026, 2, 27), 1),
        (date(2026, 3, 1), date(2026, 1, 1), 0),
    ],
)
def test_months_are_counted_by_the_calendar_with_both_days(starts_on, ends_on, months):
    assert months_between(starts_on, ends_on) == months


def test_twelve_months_and_a_day_are_more_than_twelve_months():
    starts_on = date(2026, 3, 1)
    assert at_most_months(starts_on, date(2027, 2, 28), 12)
    assert not at_most_months(starts_on, date(2027, 3, 1), 12)
    assert at_least_months(starts_on, date(2026, 8, 31), 6)
    assert not at_least_months(starts_on, date(2026, 8, 30), 6)


@given(days, st.integers(0, 60))
def test_the_months_of_a_period_made_of_months_are_those(starts_on, months):
    ends_on = end_after_months(starts_on, months)
    assert months_between(starts_on, ends_on) == months
    assert at_least_months(starts_on, ends_on, months)
    assert at_most_months(starts_on, ends_on, months)


@given(days, st.integers(0, 1500))
def test_months_between_agrees_with_at_least(starts_on, length):
    ends_on = starts_on + timedelta(days=length)
    months = months_between(starts_on, ends_on)
    assert at_least_months(starts_on, ends_on, months)
    assert not at_least_months(starts_on, ends_on, months + 1)
