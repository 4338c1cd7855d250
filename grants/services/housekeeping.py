"""Sweeping: what interrupted work left behind, and memories that are of no use any more."""

from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from grants.clock import now
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.delivery.handouts import Handouts
from grants.delivery.incoming import Incoming
from grants.models import (
    Attachment,
    CleanedCopy,
    CommandLog,
    Document,
    Export,
    Mark,
    Paper,
    Printout,
    Promise,
    PromiseState,
    Review,
    Upload,
)
from grants.queries.export import KEPT
from grants.queries.letter import COPY
from grants.queries.printing import KEPT as PRINTED
from grants.services.heartbeat import forget_old_slots
from grants.workflow.review import ReviewState

ORPHANED = timedelta(hours=24)  # bytes whose row never came; long enough for the slowest transaction
UNFINISHED = timedelta(minutes=10)
REMEMBERED = timedelta(hours=48)  # a form that was acted upon
WITHDRAWN_KEPT = timedelta(days=30)  # for whoever asks the programme's team what had been written
COPIES_KEPT = timedelta(days=7)
ABANDONED = timedelta(hours=1)  # a list that is being written for longer was left by a worker that died
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
        "drafts": forget_withdrawn(),
        "printouts": _forget_printouts(Handouts(store)),
        "exports": _forget_exports(Handouts(store)),
    }


def stored(session: Session) -> set[str]:
    """The names of all bytes that a row refers to: files, documents, and mails that may have to leave again."""
    queries = (
        select(Attachment.sha256),
        select(CleanedCopy.sha256).where(CleanedCopy.sha256 != ""),
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


def forget_withdrawn() -> int:
    """Thirty days after a file was taken back from its reader, what was written of it goes; the row stays. How many."""
    with transaction() as session:
        late = list(
            session.scalars(
                select(Review.id).where(
                    Review.state == ReviewState.UNASSIGNED,
                    Review.withdrawn_at < now() - WITHDRAWN_KEPT,
                    or_(Review.opinion != "", Review.private_note != "", Review.marks.any()),
                )
            )
        )
        session.execute(delete(Mark).where(Mark.review_id.in_(late)))
        session.execute(update(Review).where(Review.id.in_(late)).values(opinion="", private_note=""))
        return len(late)


def _forget_copies() -> int:
    """Paper copies of files as they stood: another is drawn when somebody asks. Their bytes become orphans."""
    late = now() - COPIES_KEPT
    with transaction() as session:
        session.execute(delete(Promise).where(Promise.kind == "document", Promise.name == COPY, Promise.made_at < late))
        gone = session.execute(delete(Document).where(Document.kind == COPY, Document.produced_at < late))
        return int(gone.rowcount)  # type: ignore[attr-defined]


def _forget_printouts(handouts: Handouts) -> int:
    """Files on paper: gone after a day, with what told which files they held."""
    at = now()
    with transaction() as session:
        late = list(session.scalars(select(Printout).where(Printout.file != "", Printout.finished_at <= at - PRINTED)))
        gone = [row.file for row in late]
        empty = {"file": "", "files": [], "size": 0, "dropped_at": at}
        session.execute(update(Printout).where(Printout.id.in_([row.id for row in late])).values(**empty))
    for name in gone:
        handouts.drop(name)
    return len(gone)


def _forget_exports(handouts: Handouts) -> int:
    """Lists that were taken away, or not: after a day the file goes, and from the row all that told what was in it."""
    at = now()
    with transaction() as session:
        late = list(session.scalars(select(Export).where(Export.file != "", Export.finished_at <= at - KEPT)))
        gone = [row.file for row in late]
        empty = {"file": "", "basis": {}, "words": {}, "rows": 0, "size": 0, "dropped_at": at}
        session.execute(update(Export).where(Export.id.in_([row.id for row in late])).values(**empty))
    for name in gone:
        handouts.drop(name)
    with reading() as session:
        known = set(session.scalars(select(Export.file).where(Export.file != "")))
        known |= set(session.scalars(select(Printout.file).where(Printout.file != "")))
    handouts.sweep(known, at - ABANDONED)
    return len(gone)
