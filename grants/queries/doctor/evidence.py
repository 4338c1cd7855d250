"""Evidence: the trail and the stored files."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.audit_chain import Entry, verify
from grants.domain.eligibility import details_data
from grants.domain.eligibility_data import replayed
from grants.models import (
    Application,
    Appointment,
    Attachment,
    AuditEntry,
    Check,
    Decision,
    Document,
    Paper,
    Payment,
    Promise,
    PromiseState,
    Tranche,
)
from grants.queries.doctor.ward import Ward
from grants.workflow.actions import Action

ORPHANED_AFTER = timedelta(hours=24)
# a role is given by the administration, taken by invitation, or comes with the organisation that one founds
APPOINTING = (Action.ADMINISTRATION_APPOINT, Action.ACCOUNT_ACCEPT_INVITATION, Action.ORGANISATION_FOUND)

# how a decision comes about: in a sitting, by the board, in the place of another
DECIDING = (
    Action.DECISION_PROPOSE,
    Action.DECISION_DECIDE_OTHERWISE,
    Action.DECISION_REVISE,
    Action.DECISION_REISSUE,
)


def trail(session: Session, ward: Ward) -> Iterator[str]:
    """I8."""
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500))
    bad = verify(Entry(row.seq, ward.sealed(row), row.prev_hash, row.hash) for row in rows)
    if bad is not None:
        yield f"the chain is broken at {bad}"
    yield from _told(session, APPOINTING, "appointment", Counter(session.scalars(select(Appointment.public_id))))
    yield from _told(session, DECIDING, "decision", Counter(session.scalars(select(Decision.public_id))))
    paid = select(Tranche.public_id, func.count(Payment.id)).join(Payment, Payment.tranche_id == Tranche.id)
    counts = session.execute(paid.group_by(Tranche.public_id)).all()
    yield from _told(session, (Action.TRANCHE_PAY,), "tranche", Counter(dict(counts)))


def _told(session: Session, actions: tuple[Action, ...], kind: str, done: Counter[str]) -> Iterator[str]:
    """What was done and what the trail tells of it are the same, one for one."""
    query = select(AuditEntry.object, func.count()).where(
        AuditEntry.action.in_([str(action) for action in actions]), AuditEntry.object.like(f"{kind}:%")
    )
    told = Counter({name.partition(":")[2]: n for name, n in session.execute(query.group_by(AuditEntry.object))})
    for name in (done - told) | (told - done):
        yield f"{kind} {name}: {done[name]} times, told {told[name]} times ({actions[0]})"


def files(session: Session, ward: Ward) -> Iterator[str]:
    """I9. A mail that was sent needs its bytes no more, and the sweep takes them after a day."""
    known = set()
    for owner, column in (("attachment", Attachment), ("document", Document), ("paper", Paper)):
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


def verdicts(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I11. A trace alone gives the verdict again, whatever became of the file and of its call."""
    query = select(Application.public_id, Check.rule, Check.trace).join(
        Application, Application.id == Check.application_id
    )
    for name, rule, trace in session.execute(query.execution_options(yield_per=500)):
        if "rule" not in trace:
            continue  # written by an import, which judges nothing by itself
        try:
            found = replayed(trace)
        except ValueError:
            yield f"application {name}: the trace of {rule} cannot be read"
            continue
        told = {name: trace.get(name) for name in ("outcome", "details")}
        if told != {"outcome": str(found.outcome), "details": details_data(found.details)}:
            yield f"application {name}: the verdict on {rule} is not that of its trace"


def _kept(ward: Ward, name: str, sha256: str) -> Iterator[str]:
    if not ward.store.exists(sha256):
        yield f"{name}: its file is missing"
    elif not ward.store.verify(sha256):
        yield f"{name}: its file was changed"
