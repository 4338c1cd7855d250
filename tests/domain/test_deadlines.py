"""Wall time to instants over every change of the clocks, and the door that closes at the second."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.deadlines import TimeError, days_left, end_of_day, instant, is_open

pytestmark = pytest.mark.pure

PARIS = ZoneInfo("Europe/Paris")
SPRINGS = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]
AUTUMNS = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27)]
minutes = st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))


def reason(day, at, zone="Europe/Paris"):
    with pytest.raises(TimeError) as refused:
        instant(day, at, zone)
    return refused.value.reason


def test_the_deadlines_of_the_demonstration():
    assert instant(date(2025, 11, 3), time(12)) == datetime(2025, 11, 3, 11, tzinfo=UTC)
    assert instant(date(2025, 9, 15), time(9)) == datetime(2025, 9, 15, 7, tzinfo=UTC)
    assert instant(date(2026, 12, 7), time(12)) == datetime(2026, 12, 7, 11, tzinfo=UTC)


@pytest.mark.parametrize("day", SPRINGS)
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_that_spring_jumps_over_is_missing(day, minute):
    assert reason(day, time(2, minute)) == "missing"


@pytest.mark.parametrize("day", AUTUMNS)
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_that_autumn_repeats_is_asked_again(day, minute):
    assert reason(day, time(2, minute)) == "ambiguous"
    first, second = (instant(day, time(2, minute), fold=fold) for fold in (0, 1))
    assert first == datetime(day.year, 10, day.day, 0, minute, tzinfo=UTC)
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize("day", SPRINGS + AUTUMNS)
@pytest.mark.parametrize("at", [time(1, 59), time(3)])
def test_the_minutes_around_a_change_are_plain(day, at):
    assert instant(day, at).astimezone(PARIS).replace(tzinfo=None) == datetime.combine(day, at)


def instant_or_reason(day, at, fold):
    try:
        return instant(day, at, fold=fold)
    except TimeError as refused:
        return refused.reason


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)) | st.sampled_from(SPRINGS + AUTUMNS),
    minutes,
    st.sampled_from([0, 1, None]),
)
def test_an_instant_shows_the_wall_time_it_was_made_of(day, at, fold):
    found = instant_or_reason(day, at, fold)
    if isinstance(found, str):
        assert at.hour == 2
        assert (found, day) in [("missing", d) for d in SPRINGS] + [("ambiguous", d) for d in AUTUMNS]
    else:
        assert found.tzinfo is UTC
        assert found.astimezone(PARIS).replace(tzinfo=None, fold=0) == datetime.combine(day, at)


def test_a_zone_without_changes_knows_neither():
    assert instant(AUTUMNS[0], time(2, 30), "Africa/Dakar") == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Lyon", "", "../etc/passwd", "/etc/passwd", "Europe\x00", "Europe"])
def test_a_zone_that_nobody_knows_is_refused(zone):
    assert reason(date(2026, 1, 1), time(12), zone) == "unknown_zone"


def test_a_fold_that_came_with_the_time_decides_nothing():
    assert reason(AUTUMNS[0], time(2, 30, fold=1)) == "ambiguous"


def test_a_day_without_an_hour_closes_at_its_end():
    assert end_of_day(date(2026, 12, 7)) == datetime(2026, 12, 7, 23, tzinfo=UTC)


OPENS_AT, CLOSES_AT = datetime(2026, 10, 5, 7, tzinfo=UTC), datetime(2026, 12, 7, 11, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "grace", "answer"),
    [
        (OPENS_AT - INSTANT, 0, False),
        (OPENS_AT, 0, True),
        (CLOSES_AT - INSTANT, 0, True),
        (CLOSES_AT, 0, False),
        (CLOSES_AT + timedelta(seconds=60) - INSTANT, 60, True),
        (CLOSES_AT + timedelta(seconds=60), 60, False),
    ],
)
def test_the_door_opens_at_the_instant_and_closes_at_the_instant(now, grace, answer):
    assert is_open(OPENS_AT, CLOSES_AT, now, grace) is answer


def test_days_are_counted_on_the_calendar_of_the_zone():
    assert days_left(datetime(2026, 11, 21, 9, tzinfo=UTC), CLOSES_AT) == 16
    assert days_left(datetime(2026, 12, 6, 22, 59, tzinfo=UTC), CLOSES_AT) == 1
    assert days_left(datetime(2026, 12, 6, 23, 0, tzinfo=UTC), CLOSES_AT) == 0
    assert days_left(datetime(2026, 12, 6, 23, 0, tzinfo=UTC), CLOSES_AT, "Africa/Dakar") == 1
    assert days_left(CLOSES_AT + timedelta(days=2), CLOSES_AT) == -2
