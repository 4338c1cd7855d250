"""Time left is told from one's own readings, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.domain.pace import LEAST, Pace, pace_of

pytestmark = pytest.mark.pure
START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def moments(*gaps: float) -> list[datetime]:
    at, found = START, [START]
    for gap in gaps:
        at += timedelta(minutes=gap)
        found.append(at)
    return found


def test_nothing_is_said_before_three_readings_followed_one_another() -> None:
    assert pace_of([]) is None
    assert pace_of(moments(*[20] * (LEAST - 1))) is None
    assert pace_of(moments(*[20] * LEAST)) == Pace(20, LEAST)


def test_a_night_and_a_sheet_given_twice_are_no_readings() -> None:
    assert pace_of(moments(10, 20, 900, 30, 1)) == Pace(20, 3)
    assert pace_of(moments(10, 20, 900, 1)) is None


def test_the_order_in_which_moments_come_changes_nothing() -> None:
    assert pace_of(reversed(moments(10, 20, 40))) == pace_of(moments(10, 20, 40)) == Pace(20, 3)


@pytest.mark.parametrize(
    ("minutes", "files", "told"), [(13, 1, 15), (13, 10, 130), (1, 1, 5), (27.5, 2, 55), (31, 2, 60)]
)
def test_what_is_told_is_round(minutes: float, files: int, told: int) -> None:
    assert Pace(minutes, 4).left(files) == told
