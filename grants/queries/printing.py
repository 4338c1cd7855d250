"""Files on paper: which ones somebody may print, whether what was printed still is what that person reads."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.models import Application, Call, Printout, Review
from grants.policies import Actor
from grants.queries.blindness import veil_over
from grants.queries.copies import copies_of, judged_documents
from grants.queries.visibility import conflict_free, declared_free, visible_to
from grants.workflow.review import LIVE

KEPT = timedelta(hours=24)
LATE = timedelta(minutes=10)  # a document that takes longer will not come


def to_read(session: Session, actor: Actor, call_id: int) -> list[int]:
    """The files (internal ids) of a call that the actor has to evaluate and may open, in the actor's own order."""
    query = (
        select(Application.id)
        .join(Review, Review.application_id == Application.id)
        .where(
            Application.call_id == call_id,
            Review.reviewer_id == actor.id,
            Review.state.in_(LIVE),
            visible_to(actor, Application),
            conflict_free(actor),
            declared_free(actor),
        )
    )
    return list(session.scalars(query.order_by(Review.position, Review.id)))


def evaluates(session: Session, actor: Actor, application_id: int) -> bool:
    """Whether the actor has a live review of this file: then a sheet of marks is printed behind it."""
    query = select(Review.id).where(
        Review.application_id == application_id, Review.reviewer_id == actor.id, Review.state.in_(LIVE)
    )
    return session.scalar(query) is not None


def opened(session: Session, actor: Actor, files: Sequence[int]) -> list[Application]:
    """Those of these files (internal ids) that the actor may read now, in this order, with all that is read of them."""
    query = (
        select(Application)
        .where(Application.id.in_(files), visible_to(actor, Application), conflict_free(actor))
        .options(
            joinedload(Application.call).selectinload(Call.criteria),
            joinedload(Application.organisation),
            selectinload(Application.partners),
            selectinload(Application.territories),
            selectinload(Application.budget_lines),
            selectinload(Application.attachments),
        )
    )
    found = {row.id: row for row in session.scalars(query)}
    return [found[number] for number in files if number in found]


def basis_of(session: Session, actor: Actor, call: Call, files: Sequence[int], manner: Sequence[object]) -> str:
    """Fingerprint of what a document of these files, made in this manner, shows to this person now; it is drawn anew for another."""
    query = (
        select(Application)
        .where(Application.id.in_(files))
        .options(joinedload(Application.organisation), selectinload(Application.attachments))
    )
    rows = {row.id: row for row in session.scalars(query)}
    veil = veil_over(session, actor, call, files)
    copies = copies_of(session, [one.id for row in rows.values() for one in judged_documents(row)])
    told = [
        [
            row.public_id,
            row.version,
            row.edited_at.isoformat(),
            row.terms_sha256,
            veil.hides(row.id),
            row.organisation.name,
            [
                [one.public_id, copies[one.id].sha256 if one.id in copies else "", one.id in copies]
                for one in judged_documents(row)
            ],
        ]
        for row in (rows[number] for number in files)
    ]
    whole_text = json.dumps([call.public_id, call.version, call.terms_sha256, *manner, told])
    return hashlib.sha256(whole_text.encode()).hexdigest()


def latest(session: Session, actor: Actor, basis: str, now: datetime) -> Printout | None:
    """The actor's own newest document of this content that is there, under way or failed; none after a day."""
    query = select(Printout).where(
        Printout.account_id == actor.id,
        Printout.basis == basis,
        Printout.asked_at > now - KEPT,
        Printout.dropped_at.is_(None),
    )
    return session.scalar(query.order_by(Printout.id.desc()).limit(1))


def under_way(row: Printout, now: datetime) -> bool:
    """Whether it may still come."""
    return row.finished_at is None and row.asked_at + LATE > now


def stands(row: Printout, now: datetime) -> bool:
    """Whether it is there, may still come, or failed so lately that trying again would be idle."""
    if row.finished_at is None:
        return under_way(row, now)
    return bool(row.file) or row.finished_at + LATE > now


def asked_since(session: Session, actor: Actor, since: datetime) -> int:
    """How many documents this person has asked for since then."""
    query = select(func.count(Printout.id)).where(Printout.account_id == actor.id, Printout.asked_at > since)
    return session.scalar(query) or 0
