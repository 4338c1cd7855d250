"""Sweeping: what interrupted work left behind, and memories that are of no use any more."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants.clock import now
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.delivery.incoming import Incoming
from grants.models import Attachment, CommandLog, Document, Paper, Promise, PromiseState, Upload
from grants.queries.letter import COPY
from grants.services.heartbeat import forget_old_slots

ORPHANED = timedelta(hours=24)  # bytes whose row never came; long enough for the slowest transaction
UNFINISHED = timedelta(minutes=10)
REMEMBERED = timedelta(hours=48)  # a form that was acted upon
COPIES_KEPT = timedelta(days=7)
UNSENT = tuple(state for state in PromiseState if state is not PromiseState.SENT)


def sweep(store: Store) -> dict[str, int]:
    """Remove orphaned bytes, half-written files, late uploads, old slots and form numbers; returns how many of each."""
    at = now()
    with reading() as session:
        known = stored(session)
    orphans = [name for name in store.orphans(known, at - ORPHANED) if store.remove(name, at - ORPHANED)]
    return {
        "orphans": len(orphans),
        "unfinished": store.sweep_unfinished(at - UNFINISHED),
        "uploads": _forget_uploads(Incoming(store)),
        "slots": forget_old_slots(),
        "commands": _forget_commands(),
        "copies": _forget_copies(),
    }


def stored(session: Session) -> set[str]:
    """The names of all bytes that a row refers to: files, documents, and mails that may have to leave again."""
    queries = (
        select(Attachment.sha256),
        select(Document.sha256),
        select(Paper.sha256),
        select(Promise.content_sha256).where(Promise.content_sha256 != "", Promise.state.in_(UNSENT)),
    )
    return {name for query in queries for name in session.scalars(query)}


def _forget_uploads(incoming: Incoming) -> int:
    """Give up documents whose rest never came, and remove the pieces that no row knows any more."""
    at = now()
    with transaction() as session:
        session.execute(delete(Upload).where(Upload.expires_at < at))
        known = set(session.scalars(select(Upload.part)))
    return incoming.sweep(known, at - UNFINISHED)


def _forget_commands() -> int:
    with transaction() as session:
        done = session.execute(delete(CommandLog).where(CommandLog.begun_at < now() - REMEMBERED))
        return int(done.rowcount)  # type: ignore[attr-defined]


def _forget_copies() -> int:
    """Paper copies of files as they stood: another is drawn when somebody asks. Their bytes become orphans."""
    late = now() - COPIES_KEPT
    with transaction() as session:
        session.execute(delete(Promise).where(Promise.kind == "document", Promise.name == COPY, Promise.made_at < late))
        gone = session.execute(delete(Document).where(Document.kind == COPY, Document.produced_at < late))
        return int(gone.rowcount)  # type: ignore[attr-defined]
