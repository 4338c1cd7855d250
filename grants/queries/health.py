"""Is everything alive: database, scheduler, promises that wait."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from grants import clock
from grants.models import Heartbeat, Promise, PromiseState

LATE = timedelta(minutes=5)
REMEMBER = timedelta(seconds=15)


class _Memory:
    """The last answer of this process: a banner is not worth a query on every page."""

    asked_at: datetime | None = None
    delayed: bool = False


def delayed(session: Session) -> bool:
    """Whether mails are waiting because nobody keeps promises: due for five minutes, or no heartbeat since."""
    now = clock.now()
    if _Memory.asked_at is None or not timedelta(0) <= now - _Memory.asked_at < REMEMBER:
        _Memory.asked_at, _Memory.delayed = now, _ask(session, now)
    return _Memory.delayed


def _ask(session: Session, now: datetime) -> bool:
    oldest = session.scalar(select(func.min(Promise.due_at)).where(Promise.state == PromiseState.QUEUED))
    return oldest is not None and oldest < now - LATE


def database_answers(session: Session) -> bool:
    """One round trip to the database."""
    return bool(session.scalar(text("SELECT 1")) == 1)


def last_beats(session: Session) -> dict[str, datetime]:
    """When each background process was last alive."""
    return {row.name: row.at for row in session.scalars(select(Heartbeat))}
