"""Lives: states and the way to them, submissions, reviews."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants.domain.receipts import fingerprint
from grants.models import (
    Agreement,
    Amendment,
    Application,
    Attachment,
    AuditEntry,
    Call,
    Decision,
    Interest,
    Meeting,
    Project,
    Report,
    Review,
    Snapshot,
    Tranche,
)
from grants.queries.account import actor_for
from grants.queries.doctor.ward import Ward
from grants.queries.visibility import visible_to
from grants.workflow.agreement import AGREEMENT
from grants.workflow.amendment import AMENDMENT
from grants.workflow.application import APPLICATION
from grants.workflow.call import CALL
from grants.workflow.decision import DECISION
from grants.workflow.machine import Machine
from grants.workflow.meeting import MEETING
from grants.workflow.project import PROJECT
from grants.workflow.report import REPORT
from grants.workflow.review import LIVE, REVIEW, ReviewState
from grants.workflow.tranche import TRANCHE

LIVES: tuple[tuple[Any, Machine[Any]], ...] = (
    (Agreement, AGREEMENT),
    (Amendment, AMENDMENT),
    (Application, APPLICATION),
    (Call, CALL),
    (Decision, DECISION),
    (Meeting, MEETING),
    (Project, PROJECT),
    (Report, REPORT),
    (Review, REVIEW),
    (Tranche, TRANCHE),
)
Step = tuple[str, str, str, Any]  # action, from, to, when


def paths(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I3: the trail of every object with a life is a path of its table and ends at its state."""
    walked = _walked(session)
    for model, machine in LIVES:
        kind = model.__tablename__
        for name, state in session.execute(select(model.public_id, model.state)):
            steps = walked.get(f"{kind}:{name}", ())
            fault = _fault(machine, steps, str(state))
            if fault:
                yield f"{kind} {name}: {fault}"


def _walked(session: Session) -> dict[str, list[Step]]:
    query = select(AuditEntry.object, AuditEntry.action, AuditEntry.body, AuditEntry.at).order_by(AuditEntry.seq)
    walked: dict[str, list[Step]] = defaultdict(list)
    for row in session.execute(query.execution_options(yield_per=1000)):
        if "from" in row.body and "to" in row.body:
            walked[row.object].append((row.action, row.body["from"], row.body["to"], row.at))
    return walked


def _fault(machine: Machine[Any], steps: tuple[Step, ...] | list[Step], state: str) -> str:
    """Why these steps do not lead from the beginning to `state`; empty when they do."""
    here, before = str(machine.initial), None
    known = {(str(frm), str(move.action)): str(move.to or frm) for move in machine.moves for frm in move.frm}
    for action, frm, to, at in steps:
        if frm != here:
            return f"{action} from {frm}, but it was {here}"
        if known.get((frm, action)) != to:
            return f"{action} does not lead from {frm} to {to}"
        if before is not None and at < before:
            return f"{action} is dated before what precedes it"
        here, before = to, at
    return "" if here == state else f"is {state}, but the trail ends at {here}"


def snapshots(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I4."""
    query = select(Application).where(Application.submitted_at.is_not(None)).options(joinedload(Application.call))
    kept: dict[int, list[Snapshot]] = defaultdict(list)
    for found in session.scalars(select(Snapshot).order_by(Snapshot.rank)):
        kept[found.application_id].append(found)
    files = session.execute(select(Attachment.application_id, Attachment.sha256))
    known = {(application_id, sha256) for application_id, sha256 in files}
    for application in session.scalars(query):
        frozen = kept.get(application.id, [])
        if not frozen:
            yield f"application {application.public_id}: submitted without a snapshot"
        for snapshot in frozen:
            yield from _judged(application, snapshot, known)


def _judged(application: Application, snapshot: Snapshot, known: set[tuple[int, str]]) -> Iterator[str]:
    name = f"application {application.public_id}, snapshot {snapshot.rank}"
    if fingerprint(snapshot.content) != snapshot.sha256:
        yield f"{name}: its content is not what was submitted"
    files = {(application.id, item["sha256"]) for item in snapshot.content.get("attachments", ())}
    if not files <= known:
        yield f"{name}: names a file that is not kept"
    own, closes_at = application.own_deadline_at, application.closes_at
    if snapshot.content.get("stage") != (application.stage or None):  # a note that was kept: judged in its time
        return
    until = max((at for at in (own, closes_at) if at is not None), default=None)
    grace = timedelta(seconds=application.call.grace_seconds)
    if until is not None and snapshot.received_at >= until + grace:
        yield f"{name}: received after the deadline"


def reviews(session: Session, ward: Ward) -> Iterator[str]:  # noqa: ARG001
    """I7."""
    conflicted = (
        select(Review.public_id)
        .join(
            Interest,
            (Interest.application_id == Review.application_id) & (Interest.account_id == Review.reviewer_id),
        )
        .where(Review.state.in_(LIVE), Interest.replaced_at.is_(None), Interest.stand == "conflict")
    )
    for name in session.scalars(conflicted):
        yield f"review {name}: its author has a conflict of interest"
    pending = select(Review.reviewer_id).where(Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT))).distinct()
    for reviewer in session.scalars(pending).all():
        yield from _peeking(session, reviewer)


def _peeking(session: Session, reviewer: int) -> Iterator[str]:
    """Reviews of others that this person may read although their own of the same file is not given.

    A call may open them at once, and says so.
    """
    actor = actor_for(session, reviewer)
    if actor.manages or actor.audits or actor.chairs:
        return
    owed = (
        select(Review.application_id)
        .join(Application, Application.id == Review.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Review.reviewer_id == reviewer,
            Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)),
            Call.others_reviews != "always",
        )
    )
    query = select(Review.public_id).where(
        Review.reviewer_id != reviewer, Review.application_id.in_(owed), visible_to(actor, Review)
    )
    for name in session.scalars(query):
        yield f"review {name}: readable by a reviewer who has not given their own"
