"""Money: envelopes, awards, tranches, payments, the ledger."""

from collections.abc import Iterator

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grants.models import Application, Call, Decision, Envelope, Payment, Posting, Project, Tranche
from grants.queries.doctor.ward import Ward
from grants.workflow.decision import ACTIVE
from grants.workflow.tranche import TrancheState


def envelopes(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I1."""
    held = (
        select(Application.call_id, func.sum(Decision.awarded_cents - Decision.freed_cents).label("cents"))
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.ended_at.is_(None), Decision.state.in_(ACTIVE))
        .group_by(Application.call_id)
        .subquery()
    )
    query = (
        select(Call.slug, Envelope.total_cents, Envelope.committed_cents, func.coalesce(held.c.cents, 0))
        .join(Envelope, Envelope.call_id == Call.id)
        .outerjoin(held, held.c.call_id == Call.id)
    )
    for slug, total, committed, awarded in session.execute(query):
        if awarded > total:
            yield f"call {slug}: awards of {awarded} cents in an envelope of {total}"
        if awarded != committed:
            yield f"call {slug}: the counter says {committed} cents, the awards {awarded}"


def tranches(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I2, and the postings of every entry of the ledger sum to zero."""
    planned = _sums(session, select(Tranche.project_id, func.sum(Tranche.amount_cents)).group_by(Tranche.project_id))
    paid = _sums(
        session,
        select(Tranche.project_id, func.sum(Payment.amount_cents))
        .join(Payment, Payment.tranche_id == Tranche.id)
        .where(Payment.returned_on.is_(None))
        .group_by(Tranche.project_id),
    )
    for key, name, award in session.execute(
        select(Project.id, Project.public_id, Project.awarded_cents).where(Project.imported.is_(False))
    ):
        if planned.get(key, 0) != award:
            yield f"project {name}: tranches of {planned.get(key, 0)} cents for an award of {award}"
        if paid.get(key, 0) > (award or 0):
            yield f"project {name}: {paid[key]} cents paid of {award}"
    yield from _live_payments(session)
    unbalanced = select(Posting.entry).group_by(Posting.entry).having(func.sum(Posting.amount_cents) != 0)
    for entry in session.scalars(unbalanced):
        yield f"ledger: entry {entry} does not sum to zero"


def _sums(session: Session, query: Select[int, int]) -> dict[int, int]:
    return {key: int(cents) for key, cents in session.execute(query)}


def _live_payments(session: Session) -> Iterator[str]:
    query = (
        select(Tranche.public_id, Tranche.state, func.count(Payment.id))
        .outerjoin(Payment, (Payment.tranche_id == Tranche.id) & Payment.returned_on.is_(None))
        .group_by(Tranche.id, Tranche.public_id, Tranche.state)
    )
    for name, state, live in session.execute(query):
        expected = 1 if state == TrancheState.PAID else 0
        if live != expected:
            yield f"tranche {name}: {state} with {live} live payments"
