"""The decisions of a call as the programme follows them, and what their release will send."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from grants.models import (
    Account,
    Application,
    Appointment,
    Call,
    Decision,
    Envelope,
    Meeting,
    Organisation,
    Project,
)
from grants.models import Departure as Planned
from grants.policies import Actor
from grants.policies.actors import ORGANISATION_ROLES
from grants.queries.visibility import Condition, conflict_free, visible_to
from grants.workflow.decision import DecisionState, Origin
from grants.workflow.departure import DepartureState

FORMER = aliased(Decision)  # the one in whose place a decision stands


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
    origin: str
    held_cents: int
    leaves_at: datetime | None  # planned
    proposed_outcome: str  # of the committee, where the board did not follow it
    proposed_cents: int
    replaces: bool  # a letter that its applicant has


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
            Decision.origin.label("origin"),
            (Decision.awarded_cents - Decision.freed_cents).label("held_cents"),
            Planned.leaves_at.label("leaves_at"),
            case((Decision.origin == Origin.BOARD, FORMER.outcome), else_="").label("proposed_outcome"),
            case((Decision.origin == Origin.BOARD, FORMER.awarded_cents), else_=0).label("proposed_cents"),
            and_(FORMER.id.is_not(None), FORMER.released_at.is_not(None)).label("replaces"),
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(Project, Project.decision_id == Decision.id)
        .outerjoin(FORMER, FORMER.id == Decision.follows_id)
        .outerjoin(Planned, and_(Planned.id == Decision.departure_id, Planned.state == DepartureState.PLANNED))
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
    """What leaves with the approved decisions: letters by outcome, people written to by decision (name, address)."""

    decisions: tuple[Line, ...]
    letters: dict[str, int]
    people: dict[str, list[tuple[str, str]]]

    @property
    def mails(self) -> int:
        """How many mails leave."""
        return sum(len(people) for people in self.people.values())

    @property
    def cents(self) -> int:
        """What is awarded in all."""
        return sum(line.awarded_cents for line in self.decisions)


def departure(session: Session, actor: Actor, call_id: int) -> Departure:
    """What pressing « release » would send now: approved decisions whose moment is not planned."""
    lines = tuple(
        one for one in listing(session, actor, call_id) if one.state == DecisionState.APPROVED and one.leaves_at is None
    )
    letters: dict[str, int] = {}
    for line in lines:
        letters[line.outcome] = letters.get(line.outcome, 0) + 1
    return Departure(lines, letters, _people(session, [line.public_id for line in lines]))


def _people(session: Session, decisions: list[str]) -> dict[str, list[tuple[str, str]]]:
    query = (
        select(Decision.public_id, Account.name, Account.email)
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Appointment, Appointment.organisation_id == Application.organisation_id)
        .join(Account, Account.id == Appointment.account_id)
        .where(
            Decision.public_id.in_(decisions),
            Appointment.role.in_(ORGANISATION_ROLES),
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Account.name, Account.email)
    )
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in decisions}
    for name, person, email in session.execute(query):
        found[name].append((person, email))
    return found


def rows(session: Session, leaving: Departure) -> list[Decision]:
    """The decisions of a departure, as rows."""
    names = [line.public_id for line in leaving.decisions]
    return list(session.scalars(select(Decision).where(Decision.public_id.in_(names)).order_by(Decision.id)))


@dataclass(frozen=True)
class PlannedLetters:
    """Letters that leave together later, or that were held (UTC, cents)."""

    public_id: str
    state: str
    leaves_at: datetime
    by: str
    lines: tuple[Line, ...]
    obstacles: tuple[tuple[str, str], ...]  # (number of the file, code)


def departures(session: Session, actor: Actor, call_id: int) -> list[PlannedLetters]:
    """What is planned to leave, and the last that was held with what held it."""
    found = session.execute(
        select(Planned, Account.name)
        .join(Account, Account.id == Planned.planned_by_id)
        .where(Planned.call_id == call_id, visible_to(actor, Planned))
        .order_by(Planned.id.desc())
    ).all()
    known = listing(session, actor, call_id)
    told = {one.number or one.title for one in known} | {""}
    lines = [one for one in known if one.leaves_at is not None]
    names = [one.public_id for one in lines]
    inside = {
        row[0]: row[1]
        for row in session.execute(
            select(Decision.public_id, Decision.departure_id).where(Decision.public_id.in_(names))
        )
    }
    return [
        PlannedLetters(
            row.public_id,
            str(row.state),
            row.leaves_at,
            by,
            tuple(one for one in lines if inside[one.public_id] == row.id),
            tuple(
                (str(one.get("file", "")), str(one.get("code", "")))
                for one in row.obstacles
                if one.get("file", "") in told
            ),
        )
        for rank, (row, by) in enumerate(found)
        if row.state == DepartureState.PLANNED or (rank == 0 and row.state == DepartureState.HELD)
    ]


def project_on(session: Session, decision_id: int) -> Project | None:
    """The project that stands on a decision."""
    return session.scalar(select(Project).where(Project.decision_id == decision_id))


def leaves_at(session: Session, decision: Decision) -> datetime | None:
    """The planned moment of its letter; None where nothing is planned."""
    return session.scalar(
        select(Planned.leaves_at).where(Planned.id == decision.departure_id, Planned.state == DepartureState.PLANNED)
    )
