"""The period of a project in the window of its call."""

from datetime import date

import pytest

from grants.domain.period import Window, duration_problems, window_problems

pytestmark = pytest.mark.pure

WINDOW = Window(date(2027, 3, 1), date(2028, 2, 29), 6, 12)


def seen(reasons):
    return [(reason.code, dict(reason.params)) for reason in reasons]


def test_both_ends_of_the_window_are_inside():
    assert window_problems(date(2027, 3, 1), date(2028, 2, 29), WINDOW) == ()
    assert duration_problems(date(2027, 3, 1), date(2028, 2, 29), WINDOW) == ()


def test_a_period_outside_is_told_both_ends():
    found = window_problems(date(2027, 2, 28), date(2028, 3, 1), WINDOW)
    assert seen(found) == [
        ("starts_too_early", {"first_on": "2027-03-01"}),
        ("ends_too_late", {"last_on": "2028-02-29"}),
    ]


def test_a_period_that_ends_before_it_starts_is_told_that_alone():
    assert seen(window_problems(date(2027, 5, 2), date(2027, 5, 1), WINDOW)) == [("ends_before_start", {})]
    assert duration_problems(date(2027, 5, 2), date(2027, 5, 1), WINDOW) == ()


def test_a_period_is_neither_too_short_nor_too_long():
    short = duration_problems(date(2027, 3, 1), date(2027, 8, 30), WINDOW)
    long = duration_problems(date(2027, 3, 1), date(2028, 3, 1), WINDOW)
    assert duration_problems(date(2027, 3, 1), date(2027, 3, 1), WINDOW) != ()
    assert seen(short) == [("duration_too_short", {"months": 5, "limit": 6})]
    assert seen(long) == [("duration_too_long", {"months": 12, "limit": 12})]


def test_a_call_that_says_nothing_allows_everything():
    assert window_problems(date(2027, 3, 1), date(2027, 3, 1), Window()) == ()
    assert duration_problems(date(2027, 3, 1), date(2027, 3, 1), Window()) == ()
