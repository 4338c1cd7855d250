"""Two clocks agree within five seconds, or no deadline is judged."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.delivery import clock_check
from grants.errors import ClockSkew

pytestmark = pytest.mark.pure

NOON = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)


def test_a_skew_has_a_direction():
    assert clock_check.skew(NOON, NOON - timedelta(seconds=3)) == timedelta(seconds=3)
    assert clock_check.skew(NOON, NOON + timedelta(seconds=3)) == timedelta(seconds=-3)


@pytest.mark.parametrize("seconds", [0, 5, -5])
def test_five_seconds_are_borne(seconds):
    clock_check.require_agreement(NOON, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [5.001, -5.001, 3600])
def test_more_is_not(seconds):
    with pytest.raises(ClockSkew):
        clock_check.require_agreement(NOON, NOON + timedelta(seconds=seconds))
    assert not clock_check.agree(NOON, NOON + timedelta(seconds=seconds))
