"""Signs of life and slots: two schedulers do the work once."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.clock import frozen
from grants.services import heartbeat

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]
NOW = datetime(2026, 11, 21, 9, 7, 13, 250_000, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def test_the_last_sign_of_life_is_kept():
    assert heartbeat.last_seen(heartbeat.WORKER) is None
    with frozen(NOW):
        heartbeat.alive(heartbeat.WORKER)
    with frozen(NOW + QUARTER):
        heartbeat.alive(heartbeat.WORKER)
    assert heartbeat.last_seen(heartbeat.WORKER) == NOW + QUARTER


def test_a_slot_is_taken_once():
    with frozen(NOW):
        assert heartbeat.take("send-reminders", QUARTER)
        assert not heartbeat.take("send-reminders", QUARTER)
        assert heartbeat.take("sweep", QUARTER)
    with frozen(NOW + timedelta(minutes=7)):
        assert not heartbeat.take("send-reminders", QUARTER)
    with frozen(NOW + timedelta(minutes=8)):
        assert heartbeat.take("send-reminders", QUARTER)


def test_old_slots_are_forgotten():
    with frozen(NOW):
        heartbeat.take("sweep", QUARTER)
    with frozen(NOW + heartbeat.KEPT):
        assert heartbeat.forget_old_slots() == 1
