"""Evidence: the trail and the stored files."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.audit_chain import Entry, verify
from grants.models import (
    Appointment,
    Attachment,
    AuditEntry,
    Decision,
    Document,
    Payment,
    Promise,
    PromiseState,
    Tranche,
)
from grants.queries.doctor.ward import Ward
from grants.workflow.actions import Action

ORPHANED_AFTER = timedelta(hours=24)


def trail(session: Session, ward: Ward) -> Iterator[str]:
    """I8."""
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500))
    bad = verify(Entry(row.seq, ward.sealed(row), row.prev_hash, row.hash) for row in rows)
    if bad is not None:
        yield f"the chain is broken at {bad}"
    yield from _told(
        session, Action.ADMINISTRATION_APPOINT, "appointment", Counter(session.scalars(select(Appointment.public_id)))
    )
    yield from _told(session, Action.DECISION_PROPOSE, "decision", Counter(session.scalars(select(Decision.public_id))))
    paid = select(Tranche.public_id, func.count(Payment.id)).join(Payment, Payment.tranche_id == Tranche.id)
    counts = session.execute(paid.group_by(Tranche.public_id)).all()
    yield from _told(session, Action.TRANCHE_PAY, "tranche", Counter(dict(counts)))


def _told(session: Session, action: Action, kind: str, done: Counter[str]) -> Iterator[str]:
    """What was done and what the trail tells of it are the same, one for one."""
    query = select(AuditEntry.object, func.count()).where(
        AuditEntry.action == str(action), AuditEntry.object.like(f"{kind}:%")
    )
    told = Counter({name.partition(":")[2]: n for name, n in session.execute(query.group_by(AuditEntry.object))})
    for name in (done - told) | (told - done):
        yield f"{kind} {name}: {done[name]} times, told {told[name]} times ({action})"


def files(session: Session, ward: Ward) -> Iterator[str]:
    """I9. A mail that was sent needs its bytes no more, and the sweep takes them after a day."""
    known = set()
    for owner, column in (("attachment", Attachment), ("document", Document)):
        for name, sha256 in session.execute(select(column.public_id, column.sha256)):
            known.add(sha256)
            yield from _kept(ward, f"{owner} {name}", sha256)
    mails = select(Promise.public_id, Promise.content_sha256, Promise.state).where(Promise.content_sha256 != "")
    for name, sha256, state in session.execute(mails):
        known.add(sha256)
        if state != PromiseState.SENT:
            yield from _kept(ward, f"mail {name}", sha256)
    for sha256 in ward.store.orphans(known, ward.now - ORPHANED_AFTER):
        yield f"file {sha256[:12]}…: nobody knows it"


def _kept(ward: Ward, name: str, sha256: str) -> Iterator[str]:
    if not ward.store.exists(sha256):
        yield f"{name}: its file is missing"
    elif not ward.store.verify(sha256):
        yield f"{name}: its file was changed"
