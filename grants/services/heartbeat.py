"""Signs of life: when scheduler and worker were last seen, and which periodic runs are already taken."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from grants.clock import now
from grants.db import reading, transaction
from grants.models import Heartbeat, Slot

WORKER, SCHEDULER = "worker", "scheduler"
KEPT = timedelta(days=30)  # slots older than this decide nothing any more


def alive(name: str) -> None:
    """Note that `name` is alive now."""
    with transaction() as session:
        fresh = _insert(session)(Heartbeat).values(name=name, at=now())
        session.execute(fresh.on_conflict_do_update(index_elements=["name"], set_={"at": fresh.excluded.at}))


def last_seen(name: str) -> datetime | None:
    """When `name` was last alive (UTC); None if never."""
    with reading() as session:
        return session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))


def take(name: str, every: timedelta) -> bool:
    """Take the slot of this periodic run: the moment rounded down to `every`. False when somebody has it already.

    Two schedulers, or one message delivered five times, do the work once.
    """
    at = now()
    slot_at = at - timedelta(seconds=at.timestamp() % every.total_seconds())
    slot_at = slot_at.replace(microsecond=0)
    with transaction() as session:
        row = _insert(session)(Slot).values(name=name, slot_at=slot_at, begun_at=at)
        done = session.execute(row.on_conflict_do_nothing(index_elements=["name", "slot_at"]))
        return bool(done.rowcount)  # type: ignore[attr-defined]


def forget_old_slots() -> int:
    """Remove slots that decide nothing any more; returns how many."""
    with transaction() as session:
        done = session.execute(delete(Slot).where(Slot.slot_at < now() - KEPT))
        return int(done.rowcount)  # type: ignore[attr-defined]


def _insert(session: Session):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- of one dialect or the other
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
