"""Lists that were asked for: one's own, and whether the one that was written may still be handed out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.clock import now
from grants.errors import NotFound
from grants.models import Account, Call, Export
from grants.policies import Actor, may
from grants.queries.account import actor_for
from grants.queries.export.listing import basis, offered
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for, visible_to
from grants.workflow.actions import Action

KEPT = timedelta(hours=24)
LATE = timedelta(minutes=10)  # a list that takes longer will not come
SHOWN = 20


@dataclass(frozen=True)
class Shown:
    """A list on the page of the person who asked for it. `until_at`: until when it may be taken; UTC."""

    public_id: str
    content: str
    form: str
    asked_at: datetime
    until_at: datetime | None
    rows: int
    size: int
    stand: str  # waiting, ready, failed, gone


def own(session: Session, actor: Actor, call: Call) -> list[Shown]:
    """The lists of this call that the actor asked for, the newest first."""
    query = (
        select(Export)
        .where(Export.call_id == call.id, visible_to(actor, Export))
        .order_by(Export.asked_at.desc(), Export.id.desc())
        .limit(SHOWN)
    )
    at = now()
    return [
        Shown(
            row.public_id,
            row.content,
            row.form,
            row.asked_at,
            row.finished_at + KEPT if row.finished_at else None,
            row.rows,
            row.size,
            _stand(row, at),
        )
        for row in session.scalars(query)
    ]


def _stand(row: Export, at: datetime) -> str:
    if row.failure:
        return "failed"
    if row.finished_at is None:
        return "failed" if row.asked_at + LATE < at else "waiting"
    return "ready" if row.file and at < row.finished_at + KEPT else "gone"


def asked_since(session: Session, actor: Actor, since: datetime) -> int:
    """How many lists this person has asked for since then."""
    query = select(func.count(Export.id)).where(Export.account_id == actor.id, Export.asked_at > since)
    return session.scalar(query) or 0


def asker(session: Session, row: Export) -> Actor:
    """The person who asked, with the rights of this moment. NotFound where the account or the right is gone."""
    account = session.get_one(Account, row.account_id)
    actor = actor_for(session, account.id)
    if account.disabled_at is not None or row.content not in offered(session, actor, row.call):
        raise NotFound(row.public_id)
    return actor


def readable(session: Session, actor: Actor, public_id: str) -> Export:
    """The actor's own written list, for handing out. NotFound for everybody and everything else:

    another person, a right that was lost, files seen that are not those it was written from, a review that was taken
    back, a day that has passed.
    """
    row = one_for(session, actor, Export, public_id)
    allowed = may(actor, Action.EXPORT_READ_OWN, subject_of(row, session)) and row.content in offered(
        session, actor, row.call
    )
    if not allowed or not row.file or row.finished_at is None or now() >= row.finished_at + KEPT:
        raise NotFound(public_id)
    standing = basis(session, actor, row.call, row.content)
    kept = set(row.basis["reviews"]) <= set(standing["reviews"])  # type: ignore[call-overload]
    if standing["files_sha256"] != row.basis["files_sha256"] or not kept:
        raise NotFound(public_id)
    return row
