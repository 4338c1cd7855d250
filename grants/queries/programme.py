"""The manager's day: what waits, in which call, until when; and where a call stands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from grants.errors import NotFound
from grants.models import (
    Agreement,
    Amendment,
    Application,
    Call,
    Decision,
    Interest,
    Meeting,
    Project,
    Report,
    Review,
    Tranche,
    Waiver,
)
from grants.policies import Actor
from grants.queries.visibility import conflict_free, received, visible_to
from grants.workflow.agreement import AgreementState
from grants.workflow.amendment import AmendmentState
from grants.workflow.application import ApplicationState as State
from grants.workflow.decision import DecisionState
from grants.workflow.meeting import MeetingState
from grants.workflow.project import RUNNING
from grants.workflow.report import ReportState
from grants.workflow.review import LIVE, ReviewState
from grants.workflow.tranche import TrancheState


class Waiting(StrEnum):
    """What may wait for the programme team."""

    WAIVERS = "waivers"
    SCREENING = "screening"
    CORRECTIONS_LATE = "corrections_late"
    DOUBTS = "doubts"
    ASSIGNMENTS = "assignments"
    REVIEWS = "reviews"
    MEETING = "meeting"
    APPROVALS = "approvals"
    RELEASES = "releases"
    CONDITIONS = "conditions"
    PROJECTS = "projects"
    AGREEMENTS = "agreements"
    AMENDMENTS = "amendments"
    REPORTS_TO_READ = "reports_to_read"
    REPORTS_LATE = "reports_late"
    TRANCHES = "tranches"


@dataclass(frozen=True)
class Task:
    """Something to do: how many, in which call (slug, title), since or until when (UTC), one object if there is one."""

    kind: Waiting
    count: int
    call: str
    title: str
    due_at: datetime | None = None
    object: str = ""


@dataclass(frozen=True)
class Followed:
    """A call of the actor's programmes with its figures."""

    call: Call
    received: int
    decided: int
    drafts: int
    awarded_cents: int  # of the decisions that the actor may know of


def today(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """Everything that waits, the nearest date first; a constant number of queries."""
    tasks = [*_files(session, actor, now), *_waivers(session, actor), *_doubts(session, actor)]
    tasks += [*_assignments(session, actor), *_reviews(session, actor), *_meetings(session, actor)]
    tasks += [*_decisions(session, actor), *_projects(session, actor), *_children(session, actor, now)]
    return sorted(tasks, key=lambda task: (task.due_at is None, task.due_at or now, list(Waiting).index(task.kind)))


def _mine(actor: Actor) -> ColumnElement[bool]:
    return and_(Call.programme_id.in_(actor.manages), Call.imported.is_(False))


def _files(session: Session, actor: Actor, now: datetime) -> list[Task]:
    late = and_(Application.state == State.RETURNED, Application.own_deadline_at < now)
    rows = session.execute(
        select(
            Call.slug,
            Call.title,
            func.count(case((Application.state == State.SUBMITTED, 1))),
            func.count(case((late, 1))),
            func.min(Application.own_deadline_at).filter(late),
            Call.corrections_due_at,
        )
        .join(Application, Application.call_id == Call.id)
        .where(_mine(actor), received(), conflict_free(actor))
        .group_by(Call.id)
    )
    tasks = []
    for slug, title, submitted, overdue, since, due_at in rows:
        if submitted:
            tasks.append(Task(Waiting.SCREENING, submitted, slug, title, due_at))
        if overdue:
            tasks.append(Task(Waiting.CORRECTIONS_LATE, overdue, slug, title, since))
    return tasks


def _waivers(session: Session, actor: Actor) -> list[Task]:
    rows = session.execute(
        select(Call.slug, Call.title, Waiver.asked_at, Application.public_id)
        .select_from(Waiver)
        .join(Application, Application.id == Waiver.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(_mine(actor), Waiver.granted.is_(None), conflict_free(actor))
    )
    return [Task(Waiting.WAIVERS, 1, *row) for row in rows]


def _doubts(session: Session, actor: Actor) -> list[Task]:
    rows = session.execute(
        select(Call.slug, Call.title, func.count(), func.min(Interest.declared_at))
        .select_from(Interest)
        .join(Application, Application.id == Interest.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(_mine(actor), Interest.stand == "doubt", Interest.replaced_at.is_(None), conflict_free(actor))
        .group_by(Call.id)
    )
    return [Task(Waiting.DOUBTS, count, slug, title, since) for slug, title, count, since in rows]


def _assignments(session: Session, actor: Actor) -> list[Task]:
    """Eligible files whose reading is not open yet."""
    rows = session.execute(
        select(Call.slug, Call.title, func.count(), Call.reviews_open_at)
        .join(Application, Application.call_id == Call.id)
        .where(_mine(actor), Application.state == State.ELIGIBLE, conflict_free(actor))
        .group_by(Call.id)
    )
    return [Task(Waiting.ASSIGNMENTS, count, slug, title, due_at) for slug, title, count, due_at in rows]


def _reviews(session: Session, actor: Actor) -> list[Task]:
    rows = session.execute(
        select(Call.slug, Call.title, func.count(), Call.reviews_close_at)
        .join(Application, Application.call_id == Call.id)
        .join(Review, Review.application_id == Application.id)
        .where(
            _mine(actor),
            Application.state == State.IN_REVIEW,
            Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)),
            conflict_free(actor),
        )
        .group_by(Call.id)
    )
    return [Task(Waiting.REVIEWS, count, slug, title, due_at) for slug, title, count, due_at in rows]


def _meetings(session: Session, actor: Actor) -> list[Task]:
    rows = session.execute(
        select(Call.slug, Call.title, Meeting.held_at, Meeting.public_id)
        .join(Meeting, Meeting.call_id == Call.id)
        .where(_mine(actor), Meeting.state != MeetingState.CLOSED)
    )
    return [Task(Waiting.MEETING, 1, *row) for row in rows]


def _decisions(session: Session, actor: Actor) -> list[Task]:
    """Proposals to enter the board's act for, decisions to release, conditions to lift."""
    approve = and_(Decision.state == DecisionState.PROPOSED, Meeting.state == MeetingState.CLOSED)
    lift = and_(
        Decision.state == DecisionState.RELEASED,
        Decision.outcome == "awarded_with_conditions",
        Decision.conditions_lifted_at.is_(None),
    )
    rows = session.execute(
        select(
            Call.slug,
            Call.title,
            func.count(case((approve, 1))),
            func.count(case((Decision.state == DecisionState.APPROVED, 1))),
            func.count(case((lift, 1))),
        )
        .join(Application, Application.call_id == Call.id)
        .join(Decision, Decision.application_id == Application.id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .where(_mine(actor), Decision.ended_at.is_(None), conflict_free(actor))
        .group_by(Call.id)
    )
    kinds = (Waiting.APPROVALS, Waiting.RELEASES, Waiting.CONDITIONS)
    found = [(slug, title, dict(zip(kinds, counts, strict=True))) for slug, title, *counts in rows]
    return [Task(kind, int(n), slug, title) for slug, title, told in found for kind, n in told.items() if n]


def _projects(session: Session, actor: Actor) -> list[Task]:
    """Released awards that no project stands on yet."""
    rows = session.execute(
        select(Call.slug, Call.title, func.count())
        .join(Application, Application.call_id == Call.id)
        .join(Decision, Decision.application_id == Application.id)
        .outerjoin(Project, Project.decision_id == Decision.id)
        .where(
            _mine(actor),
            Decision.state == DecisionState.RELEASED,
            Decision.awarded_cents > 0,
            Project.id.is_(None),
            conflict_free(actor),
        )
        .group_by(Call.id)
    )
    return [Task(Waiting.PROJECTS, count, slug, title) for slug, title, count in rows]


def _children(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """What the projects wait for: agreements, amendments, reports, tranches."""
    day = now.date()
    late = and_(
        Report.state.in_((ReportState.EXPECTED, ReportState.DRAFT, ReportState.CHANGES_REQUESTED)), Report.due_on < day
    )
    wishes = (
        (Waiting.AGREEMENTS, Agreement, Agreement.state == AgreementState.DRAFT),
        (Waiting.AMENDMENTS, Amendment, Amendment.state == AmendmentState.REQUESTED),
        (Waiting.REPORTS_TO_READ, Report, Report.state == ReportState.SUBMITTED),
        (Waiting.REPORTS_LATE, Report, and_(late, Project.state.in_(RUNNING))),
        (Waiting.TRANCHES, Tranche, Tranche.state == TrancheState.DUE),
    )
    tasks = []
    for kind, model, condition in wishes:
        rows = session.execute(
            select(Call.slug, Call.title, Project.public_id)
            .select_from(model)
            .join(Project, Project.id == model.project_id)
            .join(Call, Call.id == Project.call_id)
            .where(_mine(actor), condition, visible_to(actor, Project))
            .limit(50)
        ).all()
        by_call: dict[tuple[str, str], list[str]] = {}
        for slug, title, project in rows:
            by_call.setdefault((slug, title), []).append(project)
        tasks += [
            Task(kind, len(found), *call, object=found[0] if len(set(found)) == 1 else "")
            for call, found in by_call.items()
        ]
    return tasks


def calls_followed(session: Session, actor: Actor) -> list[Followed]:
    """The calls of the actor's programmes with their figures, the newest first: three queries."""
    calls = session.scalars(
        select(Call)
        .where(Call.programme_id.in_(actor.manages))
        .options(joinedload(Call.envelope))
        .order_by(Call.imported, Call.opens_at.desc().nulls_last(), Call.id.desc())
    ).all()
    counts = _counts(session, actor, [call.id for call in calls])
    awards = _awards(session, actor, [call.id for call in calls])
    return [Followed(call, *_figures(counts.get(call.id, {})), awards.get(call.id, 0)) for call in calls]


def _awards(session: Session, actor: Actor, calls: list[int]) -> dict[int, int]:
    """Cents that live decisions take from each envelope; a file of a conflict is not counted."""
    rows = session.execute(
        select(Application.call_id, func.sum(Decision.awarded_cents))
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.call_id.in_(calls), Decision.ended_at.is_(None), conflict_free(actor))
        .group_by(Application.call_id)
    )
    return {row[0]: int(row[1] or 0) for row in rows}


def _figures(counts: dict[str, int]) -> tuple[int, int, int]:
    drafts = counts.get(State.DRAFT, 0) + counts.get(State.AWAITING_SIGNATURE, 0)
    gone = counts.get("withdrawn_before", 0)
    return sum(counts.values()) - drafts - gone, counts.get(State.DECIDED, 0), drafts


def _counts(session: Session, actor: Actor, calls: list[int]) -> dict[int, dict[str, int]]:
    early = and_(Application.state == State.WITHDRAWN, Application.submitted_at.is_(None))
    state = case((early, "withdrawn_before"), else_=Application.state)
    rows = session.execute(
        select(Application.call_id, state, func.count())
        .where(Application.call_id.in_(calls), conflict_free(actor))
        .group_by(Application.call_id, state)
    )
    found: dict[int, dict[str, int]] = {}
    for call_id, name, count in rows:
        found.setdefault(call_id, {})[str(name)] = count
    return found


@dataclass(frozen=True)
class Funnel:
    """Where the files of a call stand: how many came so far, and what they ask for, in cents."""

    drafts: int
    received: int
    eligible: int
    scored: int
    awarded: int
    reserve: int
    refused: int
    out: int  # inadmissible or ineligible
    withdrawn: int
    requested_cents: int
    awarded_cents: int
    reviews_given: int
    reviews_expected: int
    states: dict[str, int] = field(default_factory=dict)


def call_for(session: Session, actor: Actor, slug: str) -> Call:
    """A call of the actor's by its slug, with what its overview shows. Raises NotFound."""
    row = session.scalar(
        select(Call)
        .where(Call.slug == slug, visible_to(actor, Call))
        .options(joinedload(Call.envelope), joinedload(Call.programme))
    )
    if row is None:
        raise NotFound(slug)
    return row


def funnel(session: Session, actor: Actor, call: Call) -> Funnel:
    """The figures of a call, without the files of a conflict."""
    states = _counts(session, actor, [call.id]).get(call.id, {})
    outcomes: dict[str, int] = {
        str(row[0]): row[1]
        for row in session.execute(
            select(Decision.outcome, func.count())
            .join(Application, Application.id == Decision.application_id)
            .where(Application.call_id == call.id, Decision.ended_at.is_(None), conflict_free(actor))
            .group_by(Decision.outcome)
        )
    }
    requested = session.scalar(
        select(func.sum(Application.requested_cents)).where(
            Application.call_id == call.id, received(), conflict_free(actor)
        )
    )
    given, live, scored = session.execute(
        select(
            func.count(case((Review.state == ReviewState.GIVEN, 1))),
            func.count(case((Review.state.in_(LIVE), 1))),
            func.count(func.distinct(case((Review.state == ReviewState.GIVEN, Review.application_id)))),
        )
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, conflict_free(actor))
    ).one()
    eligible = sum(
        states.get(one, 0) for one in (State.ELIGIBLE, State.IN_REVIEW, State.IN_DELIBERATION, State.DECIDED)
    )
    late = session.scalar(
        select(func.count()).where(
            Application.call_id == call.id,
            Application.late_attempt_at.is_not(None),
            or_(Application.state == State.DRAFT, Application.state == State.AWAITING_SIGNATURE),
            conflict_free(actor),
        )
    )
    drafts = states.get(State.DRAFT, 0) + states.get(State.AWAITING_SIGNATURE, 0) - (late or 0)
    out = states.get(State.INADMISSIBLE, 0) + states.get(State.INELIGIBLE, 0)
    waiting = states.get(State.SUBMITTED, 0) + states.get(State.RETURNED, 0)
    return Funnel(
        drafts=drafts,
        received=waiting + out + eligible + states.get(State.WITHDRAWN, 0) + (late or 0),
        eligible=eligible,
        scored=scored,
        awarded=outcomes.get("awarded", 0) + outcomes.get("awarded_with_conditions", 0),
        reserve=outcomes.get("reserve", 0),
        refused=outcomes.get("rejected", 0) + outcomes.get("deferred", 0),
        out=out,
        withdrawn=states.get(State.WITHDRAWN, 0),
        requested_cents=int(requested or 0),
        awarded_cents=_awards(session, actor, [call.id]).get(call.id, 0),
        reviews_given=given,
        reviews_expected=live,
        states=states,
    )
