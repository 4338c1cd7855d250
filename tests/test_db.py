"""One transaction, one behaviour on two databases."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text

from grants import clock
from grants.db import alongside, instant, reading, transaction
from grants.errors import ClockSkew
from grants.models import Envelope, Heartbeat
from tests import builders

pytestmark = pytest.mark.db


def beats() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(Heartbeat.name)))


def test_an_exception_undoes_the_whole_use_case(either_database: Engine) -> None:

    def break_off() -> None:
        with transaction() as session:
            session.add(Heartbeat(name="a", at=clock.now()))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert beats() == set()


def test_what_is_written_alongside_is_written_exactly_when_the_use_case_is(either_database: Engine) -> None:
    alongside(lambda session: session.add(Heartbeat(name="form", at=clock.now())))
    with pytest.raises(RuntimeError), transaction():
        raise RuntimeError
    assert beats() == set()
    with transaction() as session:
        session.add(Heartbeat(name="a", at=clock.now()))
    assert beats() == {"a", "form"}
    with transaction() as session:
        session.add(Heartbeat(name="b", at=clock.now()))
    assert beats() == {"a", "b", "form"}


def test_two_read_then_write_use_cases_do_not_overtake_each_other_on_sqlite(database: Engine) -> None:
    """The driver's own way would let both read first, and one be refused or lost."""
    with transaction() as session:
        call = builders.a_call(session, envelope_cents=1_000)
    begun = threading.Barrier(8)

    def add() -> None:
        begun.wait()
        with transaction() as session:
            envelope = session.scalars(select(Envelope).where(Envelope.call_id == call.id)).one()
            envelope.committed_cents += 100

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as session:
        assert session.scalar(select(Envelope.committed_cents)) == 800


def test_sqlite_is_opened_with_our_rules(database: Engine) -> None:
    with reading() as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "busy_timeout", "trusted_schema", "synchronous")
        }
    assert found in (
        {"foreign_keys": 1, "busy_timeout": 30000, "trusted_schema": 0, "synchronous": 3},
        {"foreign_keys": 1, "busy_timeout": 30000, "trusted_schema": 0, "synchronous": 2},
    )


def test_the_decisive_instant_is_the_databases_and_shifted_like_ours(either_database: Engine) -> None:
    with transaction() as session:
        assert abs(instant(session) - clock.now()).total_seconds() < 2
        clock.set_offset(-86_400)
        try:
            assert abs(instant(session) - clock.now()).total_seconds() < 2
        finally:
            clock.set_offset(0)
        with clock.frozen(datetime(2025, 11, 3, 11, 0, tzinfo=UTC)):
            assert instant(session) == datetime(2025, 11, 3, 11, 0, tzinfo=UTC)


def test_a_database_with_another_time_judges_no_deadline() -> None:
    with pytest.raises(ClockSkew):
        clock.decide(lambda: datetime(2020, 1, 1, tzinfo=UTC))
