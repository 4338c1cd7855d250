"""The one clock: real, shifted, frozen."""

from datetime import UTC, datetime, timedelta

import pytest

from grants import clock

pytestmark = pytest.mark.pure
NOON = datetime(2025, 11, 3, 11, 0, tzinfo=UTC)


def test_frozen_blocks_nest_and_thaw() -> None:
    with clock.frozen(NOON):
        with clock.frozen(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() > NOON


def test_a_frozen_clock_is_utc() -> None:
    with clock.frozen(NOON.astimezone()):
        assert clock.now().tzinfo is UTC


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.frozen(NOON.replace(tzinfo=None)):
        pass


def test_an_offset_shifts_the_present() -> None:
    before = clock.now()
    clock.set_offset(3600)
    try:
        assert clock.offset() == timedelta(hours=1)
        assert timedelta(minutes=59) < clock.now() - before < timedelta(minutes=61)
    finally:
        clock.set_offset(0)
