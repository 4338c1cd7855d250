"""What waits for the programme team, of every kind, in one question that is built once for each kind of reader."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from grants.db import Moment
from grants.models import (
    Agreement,
    Amendment,
    Application,
    Attachment,
    Call,
    CleanedCopy,
    Decision,
    Interest,
    Meeting,
    Project,
    Report,
    Review,
    Succession,
    Tranche,
    Waiver,
)
from grants.models import Departure as Planned
from grants.policies import Actor
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.visibility import conflict_free, visible_to
from grants.workflow.agreement import AgreementState
from grants.workflow.amendment import AmendmentState
from grants.workflow.application import ApplicationState as State
from grants.workflow.decision import DecisionState, Origin, Outcome
from grants.workflow.departure import DepartureState
from grants.workflow.meeting import MeetingState
from grants.workflow.project import RUNNING
from grants.workflow.report import ReportState
from grants.workflow.review import ReviewState
from grants.workflow.succession import SuccessionState
from grants.workflow.tranche import TrancheState


class Waiting(StrEnum):
    """What may wait for the programme team."""

    WAIVERS = "waivers"
    SCREENING = "screening"
    CORRECTIONS_LATE = "corrections_late"
    DOUBTS = "doubts"
    COPIES = "copies"
    ASSIGNMENTS = "assignments"
    REVIEWS = "reviews"
    MEETING = "meeting"
    APPROVALS = "approvals"
    CONFIRMATIONS = "confirmations"
    RELEASES = "releases"
    SUCCESSIONS = "successions"
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


Part = Select[*tuple[Any, ...]]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
NOW, TODAY = bindparam("now", type_=Moment()), bindparam("today", type_=Date())
NO_DATE, NO_OBJECT = cast(null(), Moment()), cast(null(), String())


def waiting(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """What waits, but the files to screen and to give to readers, which are counted with their calls."""
    values = {**filling(actor), "now": now, "today": now.date()}
    return [
        Task(Waiting(kind), int(count), slug, title, due_at, found or "")
        for kind, slug, title, count, due_at, found in ask(session, _waiting(shape_of(actor)), values)
        if count
    ]


@cache
def _waiting(shape: Shape) -> CompoundSelect[*tuple[Any, ...]]:
    actor = holes(shape)
    return union_all(*_of_files(actor), *_of_decisions(actor), *_of_projects(actor), _meetings(actor))


def _part(kind: Waiting, count: Column, due_at: Column = NO_DATE, found: Column = NO_OBJECT) -> Part:
    return select(
        literal_column(f"'{kind}'").label("kind"),
        Call.slug.label("slug"),
        Call.title.label("title"),
        count.label("count"),
        due_at.label("due_at"),
        found.label("object"),
    )


def _mine(actor: Actor) -> ColumnElement[bool]:
    return and_(Call.programme_id.in_(actor.manages), Call.imported.is_(False))


def _where_answered() -> Column:
    """A waiver is answered on the page of its file; a later date for a draft, on that of its call: no object."""
    return case((Waiver.until_at.is_not(None), literal("")), else_=Application.public_id)


def _of_files(actor: Actor) -> tuple[Part, ...]:
    mine = (_mine(actor), conflict_free(actor))
    of_call = Application.call_id == Call.id
    waivers = (
        _part(Waiting.WAIVERS, literal(1), Waiver.asked_at, _where_answered())
        .select_from(Waiver)
        .join(Application, Application.id == Waiver.application_id)
        .join(Call, of_call)
        .where(*mine, Waiver.granted.is_(None))
    )
    late = (
        _part(Waiting.CORRECTIONS_LATE, func.count(), func.min(Application.own_deadline_at))
        .join(Application, of_call)
        .where(*mine, Application.state == State.RETURNED, Application.own_deadline_at < NOW)
    )
    doubts = (
        _part(Waiting.DOUBTS, func.count(), func.min(Interest.declared_at))
        .select_from(Interest)
        .join(Application, Application.id == Interest.application_id)
        .join(Call, of_call)
        .where(*mine, Interest.stand == "doubt", Interest.replaced_at.is_(None))
    )
    reviews = (
        _part(Waiting.REVIEWS, func.count(), Call.reviews_close_at)
        .join(Application, of_call)
        .join(Review, Review.application_id == Application.id)
        .where(
            *mine,
            Application.state == State.IN_REVIEW,
            Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)),
        )
    )
    copies = (
        _part(Waiting.COPIES, func.count(), func.min(CleanedCopy.made_at), Application.public_id)
        .select_from(CleanedCopy)
        .join(Attachment, Attachment.id == CleanedCopy.attachment_id)
        .join(Application, Application.id == Attachment.application_id)
        .join(Call, of_call)
        .where(
            *mine,
            CleanedCopy.withheld != "",
            CleanedCopy.settled_at.is_(None),
            Attachment.removed_at.is_(None),
            Application.state.in_((State.ELIGIBLE, State.IN_REVIEW, State.IN_DELIBERATION)),
        )
        .group_by(Call.id, Application.id)
    )
    return (waivers, copies, *(part.group_by(Call.id) for part in (late, doubts, reviews)))


def _meetings(actor: Actor) -> Part:
    return (
        _part(Waiting.MEETING, literal(1), Meeting.held_at, Meeting.public_id)
        .join(Meeting, Meeting.call_id == Call.id)
        .where(_mine(actor), Meeting.state != MeetingState.CLOSED)
    )


def _of_decisions(actor: Actor) -> tuple[Part, ...]:
    """Proposals to enter the board's act for, decisions to release, conditions to lift, awards without a project."""
    conditions = {
        Waiting.APPROVALS: and_(
            Decision.state == DecisionState.PROPOSED,
            or_(Meeting.state == MeetingState.CLOSED, Decision.origin.in_((Origin.REVISION, Origin.SUCCESSION))),
        ),
        Waiting.CONFIRMATIONS: and_(Decision.state == DecisionState.PROPOSED, Decision.origin == Origin.REISSUE),
        Waiting.RELEASES: and_(Decision.state == DecisionState.APPROVED, Planned.id.is_(None)),
        Waiting.CONDITIONS: and_(
            Decision.state == DecisionState.RELEASED,
            Decision.outcome == Outcome.AWARDED_WITH_CONDITIONS,
            Decision.conditions_lifted_at.is_(None),
        ),
    }

    def part(kind: Waiting, *wanted: ColumnElement[bool]) -> Part:
        return (
            _part(kind, func.count())
            .join(Application, Application.call_id == Call.id)
            .join(Decision, Decision.application_id == Application.id)
            .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
            .outerjoin(Project, Project.decision_id == Decision.id)
            .outerjoin(Planned, and_(Planned.id == Decision.departure_id, Planned.state == DepartureState.PLANNED))
            .where(_mine(actor), conflict_free(actor), *wanted)
            .group_by(Call.id)
        )

    standing = Decision.ended_at.is_(None)
    unopened = (Decision.state == DecisionState.RELEASED, Decision.awarded_cents > 0, Project.id.is_(None))
    return (
        *(part(kind, standing, condition) for kind, condition in conditions.items()),
        part(Waiting.PROJECTS, standing, *unopened),
        _part(Waiting.SUCCESSIONS, func.count())
        .join(Succession, Succession.call_id == Call.id)
        .where(_mine(actor), Succession.state == SuccessionState.NAMED, visible_to(actor, Succession))
        .group_by(Call.id),
    )


def _of_projects(actor: Actor) -> tuple[Part, ...]:
    """What the projects wait for: agreements, amendments, reports, tranches; the object when there is one alone."""
    late = and_(
        Report.state.in_((ReportState.EXPECTED, ReportState.DRAFT, ReportState.CHANGES_REQUESTED)),
        Report.due_on < TODAY,
        Project.state.in_(RUNNING),
    )
    wishes: tuple[tuple[Waiting, Any, ColumnElement[bool]], ...] = (
        (Waiting.AGREEMENTS, Agreement, Agreement.state == AgreementState.DRAFT),
        (Waiting.AMENDMENTS, Amendment, Amendment.state == AmendmentState.REQUESTED),
        (Waiting.REPORTS_TO_READ, Report, Report.state == ReportState.SUBMITTED),
        (Waiting.REPORTS_LATE, Report, late),
        (Waiting.TRANCHES, Tranche, Tranche.state == TrancheState.DUE),
    )
    alone = case((func.count(Project.id.distinct()) == 1, func.min(Project.public_id)))
    return tuple(
        _part(kind, func.count(), found=alone)
        .select_from(model)
        .join(Project, Project.id == model.project_id)
        .join(Call, Call.id == Project.call_id)
        .where(_mine(actor), condition, visible_to(actor, Project))
        .group_by(Call.id)
        for kind, model, condition in wishes
    )
