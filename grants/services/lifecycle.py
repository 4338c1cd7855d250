"""The one function that changes a state: asks who, asks when, writes the state, the trace and the promises.

`perform` is for objects with a life (a table in `grants.workflow`); `act` is for what has none (bank details, roles,
declarations of interest) and leaves the same trace. Both run inside the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import instant
from grants.domain.audit_chain import entry_hash
from grants.errors import Conflict, Reason
from grants.models import (
    Agreement,
    Amendment,
    Application,
    AuditEntry,
    Call,
    Decision,
    Departure,
    Meeting,
    Minutes,
    Project,
    Report,
    Review,
    Succession,
    Tranche,
)
from grants.policies import Actor, Subject, require
from grants.queries.recipients import behind
from grants.queries.subjects import name_of, subject_of
from grants.workflow.actions import Action
from grants.workflow.agreement import AGREEMENT
from grants.workflow.amendment import AMENDMENT
from grants.workflow.application import APPLICATION
from grants.workflow.call import CALL
from grants.workflow.decision import DECISION
from grants.workflow.departure import DEPARTURE
from grants.workflow.effects import Effect, Mail
from grants.workflow.facts import NoFacts, Picture
from grants.workflow.machine import Machine, Plan
from grants.workflow.meeting import MEETING
from grants.workflow.minutes import MINUTES
from grants.workflow.project import PROJECT
from grants.workflow.report import REPORT
from grants.workflow.review import REVIEW
from grants.workflow.succession import SUCCESSION
from grants.workflow.tranche import TRANCHE

MACHINES: dict[type[Any], Machine[Any]] = {
    Agreement: AGREEMENT,
    Amendment: AMENDMENT,
    Application: APPLICATION,
    Call: CALL,
    Decision: DECISION,
    Departure: DEPARTURE,
    Meeting: MEETING,
    Minutes: MINUTES,
    Project: PROJECT,
    Report: REPORT,
    Review: REVIEW,
    Succession: SUCCESSION,
    Tranche: TRANCHE,
}
GENESIS = "0" * 64
# any constant: the number under which PostgreSQL queues the writers of the trail
TRAIL_LOCK = 7_203_114


def perform(  # noqa: PLR0913 -- who, what, to what, with which facts
    session: Session,
    *,
    actor: Actor,
    action: Action,
    row: Any,  # noqa: ANN401 -- any model with a machine
    facts: Picture | None = None,
    note: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Plan:
    """Do `action` to `row`: right, moment, state, trace, promises.

    `version`: what the person's page showed; Conflict if the row has moved on since. `note`: what the trace should
    tell beside the states (plain values, no personal data). Raises NotAllowed, NotPossible (all reasons), Conflict.
    """
    subject = subject_of(row, session)
    require(actor, action, subject)
    if version is not None and version != row.version:
        what = "version"
        raise Conflict(what)
    before = str(row.state)
    plan = MACHINES[type(row)].plan(before, action, facts or NoFacts())
    if plan.to != before:
        row.state = plan.to
    session.flush()
    entry = _trace(session, actor, action, row, subject, {"from": before, "to": str(plan.to), **(note or {})})
    for effect in plan.effects:
        _promise(session, effect, row, subject, entry)
    return plan


def act(
    session: Session,
    *,
    actor: Actor,
    action: Action,
    row: Any,  # noqa: ANN401 -- any model with a public id
    note: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Leave the trace of `action` on a row without a life, after asking who. Raises NotAllowed."""
    session.flush()
    subject = subject_of(row, session)
    require(actor, action, subject)
    return _trace(session, actor, action, row, subject, dict(note or {}))


def obstacles(row: Any, action: Action, facts: Picture | None = None) -> tuple[Reason, ...]:  # noqa: ANN401
    """Every reason why `action` on `row` is not possible now; pages ask before they offer."""
    return MACHINES[type(row)].obstacles(str(row.state), action, facts or NoFacts())


def _trace(
    session: Session,
    actor: Actor,
    action: Action,
    row: Any,  # noqa: ANN401 -- any model with a public id
    subject: Subject,
    body: dict[str, Any],
) -> AuditEntry:
    """Append to the hash chain. The head is read under a lock: two writers would otherwise fork it."""
    queue_up(session)
    at = instant(session)
    head = session.execute(text("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")).one_or_none()
    seq, prev = (head[0] + 1, head[1]) if head else (1, GENESIS)
    entry = AuditEntry(
        seq=seq,
        at=at,
        actor=actor.public_id or "anonymous",
        action=str(action),
        object=name_of(row),
        programme_id=subject.programme_id,
        call_id=subject.call_id,
        organisation_id=subject.organisation_id,
        body=body,
        prev_hash=prev,
        hash="",
    )
    entry.hash = entry_hash(prev, seq, sealed_part(entry))
    session.add(entry)
    session.flush()
    return entry


def queue_up(session: Session) -> None:
    """Wait for one's turn to write the trail, and keep it until the end of the transaction; asked again, it is held.

    Whatever is numbered one after the other in a log is numbered under this lock. Always the last one to be taken.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRAIL_LOCK})


def sealed_part(entry: AuditEntry) -> dict[str, Any]:
    """What the hash of an entry covers besides its number and its predecessor."""
    return {
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "object": entry.object,
        "programme": entry.programme_id,
        "call": entry.call_id,
        "organisation": entry.organisation_id,
        "body": entry.body,
    }


def _promise(session: Session, effect: Effect, row: Any, subject: Subject, entry: AuditEntry) -> None:  # noqa: ANN401
    if not isinstance(effect, Mail):
        key = f"audit:{entry.seq}:document:{effect.kind}"
        outbox.put(
            session,
            key,
            kind="document",
            name=effect.kind,
            subject=name_of(row),
            programme_id=subject.programme_id,
            made_at=entry.at,
            payload={"entry": entry.seq},
        )
        return
    for person in behind(session, effect.to, subject):
        outbox.put(
            session,
            f"audit:{entry.seq}:mail:{effect.name}:{person.public_id}",
            kind="mail",
            name=effect.name,
            subject=name_of(row),
            recipient_id=person.id,
            programme_id=subject.programme_id,
            made_at=entry.at,
            payload={"entry": entry.seq, "attach": effect.attach},
        )


def moment(session: Session) -> datetime:
    """The decisive instant of the transaction (aware UTC), for facts and stamps alike."""
    return instant(session)
