"""The decisions of a call as the programme follows them, and what their release will send."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from grants.models import Account, Application, Appointment, Call, Decision, Envelope, Meeting, Organisation, Project
from grants.policies import Actor
from grants.policies.actors import ORGANISATION_ROLES
from grants.queries.visibility import Condition, conflict_free
from grants.workflow.decision import DecisionState


@dataclass(frozen=True)
class Line:
    """A decision in force about a file (cents, UTC)."""

    public_id: str
    application: str
    number: str
    title: str
    lead: str
    outcome: str
    state: str
    awarded_cents: int
    requested_cents: int
    reserve_rank: int | None
    reason_code: str
    motive: str
    conditions: str
    conditions_due_on: date | None
    conditions_lifted_at: datetime | None
    board_on: date | None
    board_reference: str
    released_at: datetime | None
    meeting_state: str
    project: str


def followed(actor: Actor) -> Condition:
    """Files whose decisions the programme team or the auditor follows, without those of a conflict."""
    programmes = select(Call.id).where(Call.programme_id.in_(actor.manages))
    scope = or_(Application.call_id.in_(programmes), true() if actor.audits else false())
    return and_(scope, conflict_free(actor))


def listing(session: Session, actor: Actor, call_id: int) -> list[Line]:
    """The decisions in force of a call, in one query: awards first, then the reserve list, by number."""
    rows = session.execute(
        select(
            Decision.public_id.label("public_id"),
            Application.public_id.label("application"),
            func.coalesce(Application.number, "").label("number"),
            Application.title.label("title"),
            Organisation.name.label("lead"),
            Decision.outcome.label("outcome"),
            Decision.state.label("state"),
            Decision.awarded_cents.label("awarded_cents"),
            Application.requested_cents.label("requested_cents"),
            Decision.reserve_rank.label("reserve_rank"),
            Decision.reason_code.label("reason_code"),
            Decision.motive.label("motive"),
            Decision.conditions.label("conditions"),
            Decision.conditions_due_on.label("conditions_due_on"),
            Decision.conditions_lifted_at.label("conditions_lifted_at"),
            Decision.board_on.label("board_on"),
            Decision.board_reference.label("board_reference"),
            Decision.released_at.label("released_at"),
            func.coalesce(Meeting.state, "").label("meeting_state"),
            func.coalesce(Project.public_id, "").label("project"),
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(Project, Project.decision_id == Decision.id)
        .where(Application.call_id == call_id, Decision.ended_at.is_(None), followed(actor))
        .order_by(Decision.reserve_rank.nulls_last(), Application.number, Application.id)
    )
    return [Line(**row) for row in rows.mappings()]


def envelope_of(session: Session, call_id: int) -> tuple[int, int]:
    """(total, committed) of a call's envelope in cents."""
    row = session.execute(
        select(Envelope.total_cents, Envelope.committed_cents).where(Envelope.call_id == call_id)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, 0)


@dataclass(frozen=True)
class Departure:
    """What leaves with the approved decisions: letters by outcome, people written to, decisions and their files."""

    decisions: tuple[Line, ...]
    letters: dict[str, int]
    mails: int


def departure(session: Session, actor: Actor, call_id: int) -> Departure:
    """What pressing « release » would send now."""
    lines = tuple(one for one in listing(session, actor, call_id) if one.state == DecisionState.APPROVED)
    letters: dict[str, int] = {}
    for line in lines:
        letters[line.outcome] = letters.get(line.outcome, 0) + 1
    people = (
        select(Application.id, Account.id)
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Appointment, Appointment.organisation_id == Application.organisation_id)
        .join(Account, Account.id == Appointment.account_id)
        .where(
            Application.call_id == call_id,
            Decision.state == DecisionState.APPROVED,
            Decision.ended_at.is_(None),
            Appointment.role.in_(ORGANISATION_ROLES),
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
            followed(actor),
        )
        .distinct()
    )
    mails = session.scalar(
        select(func.count()).select_from(
            people.with_only_columns(Application.id.label("file"), Account.id.label("person")).subquery()
        )
    )
    return Departure(lines, letters, mails or 0)
