"""Sweeping: what interrupted work left behind, and memories that are of no use any more."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants.clock import now
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.models import Attachment, CommandLog, Document, Promise, PromiseState
from grants.services.heartbeat import forget_old_slots

ORPHANED = timedelta(hours=24)  # bytes whose row never came; long enough for the slowest transaction
UNFINISHED = timedelta(minutes=10)
REMEMBERED = timedelta(hours=48)  # a form that was acted upon
UNSENT = tuple(state for state in PromiseState if state is not PromiseState.SENT)


def sweep(store: Store) -> dict[str, int]:
    """Remove orphaned bytes, half-written files, old slots and old form numbers; returns how many of each."""
    at = now()
    with reading() as session:
        known = stored(session)
    orphans = [name for name in store.orphans(known, at - ORPHANED) if store.remove(name, at - ORPHANED)]
    return {
        "orphans": len(orphans),
        "unfinished": store.sweep_unfinished(at - UNFINISHED),
        "slots": forget_old_slots(),
        "commands": _forget_commands(),
    }


def stored(session: Session) -> set[str]:
    """The names of all bytes that a row refers to: files, documents, and mails that may have to leave again."""
    queries = (
        select(Attachment.sha256),
        select(Document.sha256),
        select(Promise.content_sha256).where(Promise.content_sha256 != "", Promise.state.in_(UNSENT)),
    )
    return {name for query in queries for name in session.scalars(query)}


def _forget_commands() -> int:
    with transaction() as session:
        done = session.execute(delete(CommandLog).where(CommandLog.begun_at < now() - REMEMBERED))
        return int(done.rowcount)  # type: ignore[attr-defined]
