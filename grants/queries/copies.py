"""Copies of documents without who made them: who is given one, how it stands, which ones a manager must look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain.papers import BANK_STATEMENT
from grants.models import Account, Application, Attachment, CleanedCopy
from grants.queries.blindness import NEVER
from grants.queries.terms import terms_of

READY, PREPARING, WITHHELD = "ready", "preparing", "withheld"


@dataclass(frozen=True)
class Standing:
    """A document as those who judge get it: ready, preparing, or withheld (`reason`: for the manager alone)."""

    stand: str
    reason: str = ""
    size: int = 0
    extension: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""


NONE_YET = Standing(PREPARING)


def judged_documents(application: Application) -> list[Attachment]:
    """The documents that those who judge without knowing who applies may read, as the file holds them."""
    terms = terms_of(application)
    kept_from_them = {BANK_STATEMENT, *(kind.key for kind in terms.documents if kind.blind)}
    return [one for one in application.attachments if one.removed_at is None and one.kind not in kept_from_them]


def copy_name(piece: str, extension: str) -> str:
    """The name of a copy: that of the piece, with the kind of file that the copy is."""
    return f"{piece.rpartition('.')[0] or piece}.{extension}"


def copy_of(session: Session, document: Attachment) -> CleanedCopy | None:
    """The copy of a document, made or asked for."""
    return session.scalar(select(CleanedCopy).where(CleanedCopy.attachment_id == document.id))


def copies_of(session: Session, documents: Iterable[int]) -> dict[int, CleanedCopy]:
    """The copies of these documents (internal ids), made or asked for, by document."""
    wanted = set(documents)
    if not wanted:
        return {}
    rows = session.scalars(select(CleanedCopy).where(CleanedCopy.attachment_id.in_(wanted)))
    return {row.attachment_id: row for row in rows}


def standings(session: Session, application: Application) -> dict[str, Standing]:
    """How the copy of each document stands, by its public id; nothing in a call where everybody knows who applies."""
    if application.call.blind == NEVER:
        return {}
    found = copies_of(session, [one.id for one in judged_documents(application)])
    names = _names(session, found.values())
    return {
        one.public_id: _standing(found[one.id], names) if one.id in found else NONE_YET
        for one in judged_documents(application)
    }


def _standing(row: CleanedCopy, names: dict[int, str]) -> Standing:
    stand = READY if row.sha256 else WITHHELD if row.withheld else PREPARING
    who = names.get(row.settled_by_id or 0, "")
    return Standing(stand, row.withheld, row.size, row.extension, row.settled_at, who)


def _names(session: Session, rows: Iterable[CleanedCopy]) -> dict[int, str]:
    people = {row.settled_by_id for row in rows if row.settled_by_id is not None}
    found: Sequence[Account] = session.scalars(select(Account).where(Account.id.in_(people))).all() if people else ()
    return {one.id: one.name for one in found}
