"""Letters, mails and the promises that carry them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from grants.models import Application, Appointment, Decision, Document, Heartbeat, Promise, PromiseState
from grants.policies.actors import ORGANISATION_ROLES
from grants.queries.doctor.ward import Ward

LETTER = "decision-letter"
TO_STAFF = ("renounced",)  # mails about a decision that tell the programme, not the applicant
LATE = timedelta(minutes=5)
ALIVE = timedelta(minutes=2)
OPEN = (PromiseState.QUEUED, PromiseState.LEASED, PromiseState.HANDED, PromiseState.PAUSED)


def letters(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I5. A letter that is still being prepared is no fault; I10 says when it waits too long."""
    current = Counter(session.scalars(select(Decision.application_id).where(Decision.ended_at.is_(None))))
    for application_id, count in current.items():
        if count > 1:
            yield f"application {application_id}: {count} current decisions"
    documents = Counter(session.scalars(select(Document.subject).where(Document.kind == LETTER)))
    promised: dict[str, list[Promise]] = {}
    for promise in session.scalars(select(Promise).where(Promise.subject.like("decision:%"))):
        promised.setdefault(promise.subject, []).append(promise)
    for name in session.scalars(select(Decision.public_id).where(Decision.released_at.is_not(None))):
        yield from _carried(f"decision:{name}", documents, promised.get(f"decision:{name}", []))


def _carried(subject: str, documents: Counter[str], promised: list[Promise]) -> Iterator[str]:
    preparing = any(p.kind == "document" and p.state in OPEN for p in promised)
    if documents[subject] > 1 or (documents[subject] == 0 and not preparing):
        yield f"{subject}: {documents[subject]} letters"
    if not any(p.kind == "mail" for p in promised):
        yield f"{subject}: no mail was promised"


def recipients(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I6."""
    belonging = set(
        session.execute(
            select(Appointment.account_id, Appointment.organisation_id).where(Appointment.role.in_(ORGANISATION_ROLES))
        )
    )
    query = (
        select(Promise.public_id, Promise.recipient_id, Application.organisation_id)
        .join(Decision, Promise.subject == "decision:" + Decision.public_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Promise.kind == "mail", Promise.name.not_in(TO_STAFF))
    )
    for name, account_id, organisation_id in session.execute(query):
        if (account_id, organisation_id) not in belonging:
            yield f"mail {name}: goes to somebody outside the applicant"
    numbered = (
        select(Document.public_id, Document.reference, Application.number)
        .join(Decision, Document.subject == "decision:" + Decision.public_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Document.kind == LETTER)
    )
    for name, reference, number in session.execute(numbered):
        if number is not None and reference != number:
            yield f"document {name}: says {reference}, the file is {number}"


def promises(session: Session, ward: Ward) -> Iterator[str]:
    """I10. Without a live worker nothing is overdue: the page for staff says that mails are delayed."""
    seen = session.scalar(select(Heartbeat.at).where(Heartbeat.name == "worker"))
    if seen is None or ward.now - seen > ALIVE:
        return
    late = ward.now - LATE
    query = select(Promise).where(
        or_(
            and_(Promise.state == PromiseState.QUEUED, Promise.due_at < late),
            and_(Promise.state.in_((PromiseState.LEASED, PromiseState.HANDED)), Promise.lease_until < late),
        )
    )
    for promise in session.scalars(query):
        yield f"promise {promise.public_id} ({promise.name}): {promise.state} since {promise.due_at:%Y-%m-%d %H:%M} UTC"
