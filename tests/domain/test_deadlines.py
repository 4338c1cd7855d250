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


# Every change of the clocks from 2026 to 2030, read from the zones themselves.

ZONES = [
    "Europe/Paris",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Miquelon",
    "America/New_York",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
]
SECOND = timedelta(seconds=1)


def changes(zone):
    """(instant, wall clock just before, wall clock just after) of every change from 2026 to 2030."""
    place, found = ZoneInfo(zone), []
    at, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    while at < end:
        after = at + timedelta(minutes=30)
        before_offset, after_offset = (moment.astimezone(place).utcoffset() for moment in (at, after))
        if before_offset != after_offset:
            change = next(
                moment
                for moment in (at + timedelta(minutes=n) for n in range(1, 31))
                if moment.astimezone(place).utcoffset() == after_offset
            )
            found.append((change, change + before_offset, change + after_offset))
        at = after
    return found


CHANGES = [(zone, *change) for zone in ZONES for change in changes(zone)]


def test_paris_changes_its_clocks_ten_times_in_five_years():
    assert [change[1].date() for change in CHANGES if change[0] == "Europe/Paris"] == sorted(SPRINGS + AUTUMNS)
    assert len(CHANGES) >= 8 * 10


@pytest.mark.parametrize(("zone", "at", "before", "after"), CHANGES, ids=[f"{c[0]} {c[1]:%Y-%m-%d}" for c in CHANGES])
def test_dl_03_every_change_of_every_zone_is_refused_or_asked_and_its_edges_are_plain(zone, at, before, after):
    low, high = sorted(moment.replace(tzinfo=None) for moment in (before, after))
    middle, last = low + (high - low) / 2, high - SECOND
    expected = "missing" if after > before else "ambiguous"
    for wall in (low, middle, last):
        assert reason(wall.date(), wall.time(), zone) == expected
    if expected == "ambiguous":
        for wall in (low, middle, last):
            first, second = (instant(wall.date(), wall.time(), zone, fold) for fold in (0, 1))
            assert second - first == high - low
            assert first < at <= second
    just_before, just_after = low - SECOND, high
    assert instant(just_before.date(), just_before.time(), zone) == at - SECOND - (
        timedelta(0) if expected == "missing" else high - low
    )
    assert instant(just_after.date(), just_after.time(), zone) == at + (
        timedelta(0) if expected == "missing" else high - low
    )


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001 -- wall times
    st.sampled_from([0, 1, None]),
)
def test_an_instant_of_any_zone_shows_the_wall_time_it_was_made_of(zone, wall, fold):
    try:
        found = instant(wall.date(), wall.time(), zone, fold)
    except TimeError as refused:
        assert refused.reason in ("missing", "ambiguous")  # noqa: PT017 -- either is right here
        assert (refused.reason == "ambiguous") <= (fold is None)  # noqa: PT017
    else:
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == wall


@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2030, 12, 30)))
def test_a_day_has_one_end_in_every_zone_and_the_next_day_begins_there(zone, day):
    ends_at = end_of_day(day, zone)
    place = ZoneInfo(zone)
    assert (ends_at - timedelta(microseconds=1)).astimezone(place).date() <= day
    assert ends_at.astimezone(place).date() == day + timedelta(days=1)
    assert end_of_day(day - timedelta(days=1), zone) < ends_at


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 -- given a zone
    st.integers(0, 3600),
    st.integers(-5, 5),
)
def test_a_deadline_is_exclusive_to_the_microsecond(closes_at, grace, offset):
    opens_at = closes_at - timedelta(days=30)
    now = closes_at + timedelta(seconds=grace, microseconds=offset)
    assert is_open(opens_at, closes_at, now, grace) is (offset < 0)
