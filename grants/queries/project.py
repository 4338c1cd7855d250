"""Funded projects as their holder and the programme read them: the list, one project with all that hangs on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.domain.milestones import days_late
from grants.domain.slugs import folded
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    AuditEntry,
    BankAccount,
    Call,
    Decision,
    Document,
    Milestone,
    Organisation,
    Payment,
    Project,
    Report,
    SupportSession,
    Tranche,
)
from grants.policies import Actor
from grants.queries.subjects import name_of
from grants.queries.visibility import one_for, visible_to
from grants.workflow.amendment import AmendmentState
from grants.workflow.decision import DecisionState
from grants.workflow.project import ProjectState
from grants.workflow.report import ReportKind, ReportState
from grants.workflow.tranche import Condition, TrancheState

AWAITED = (ReportState.EXPECTED, ReportState.DRAFT, ReportState.CHANGES_REQUESTED)
OVER = (ProjectState.CLOSED, ProjectState.TERMINATED)
JOURNAL_LENGTH = 60
#: Which reports hold a tranche back; the balance also asks for the interim one, which its own tranche tells.
REPORT_OF = {
    Condition.INTERIM_REPORT_ACCEPTED: (ReportKind.INTERIM,),
    Condition.FINAL_REPORT_ACCEPTED: (ReportKind.FINAL, ReportKind.FINANCIAL),
}


@dataclass(frozen=True)
class Alert:
    """Something that asks for somebody's attention. Codes: report_late, report_returned, report_to_read,
    amendment_waiting. `days`: since when it is late; `tranche`: what it holds back.
    """

    code: str
    report: Report | None = None
    amendment: Amendment | None = None
    days: int = 0
    tranche: Tranche | None = None


@dataclass(frozen=True)
class Filters:
    """What a list of projects shows. `sort`: number, end or title."""

    q: str = ""
    call: str = ""
    state: str = ""
    alert: bool = False
    sort: str = "number"


@dataclass(frozen=True)
class Line:
    """A project in the list."""

    project: Project
    milestone: Milestone | None
    tranche: Tranche | None
    alerts: tuple[Alert, ...]
    reports: tuple[int, int]


@dataclass(frozen=True)
class Overview:
    """One project with all that hangs on it, in the order in which it is told."""

    project: Project
    agreement: Agreement | None
    decision: Decision | None
    milestones: Sequence[Milestone]
    reports: Sequence[Report]
    tranches: Sequence[Tranche]
    payments: Mapping[int, Payment]
    amendments: Sequence[Amendment]
    sessions: Sequence[SupportSession]
    documents: Sequence[Document]
    journal: Sequence[tuple[AuditEntry, str | None]]
    alerts: tuple[Alert, ...]
    bank_verified: bool
    today: date
    paid_cents: int = field(default=0)


def page_for(
    session: Session, actor: Actor, filters: Filters, *, today: date, offset: int = 0, limit: int = 50
) -> tuple[list[Line], int]:
    """One page of the projects that the actor follows, and how many there are in all. Six queries."""
    condition = and_(visible_to(actor, Project), Project.imported.is_(False), *_chosen(filters, today))
    total = session.scalar(select(func.count(Project.id)).join(Call, Call.id == Project.call_id).where(condition)) or 0
    query = (
        select(Project)
        .join(Call, Call.id == Project.call_id)
        .options(contains_eager(Project.call), joinedload(Project.organisation))
        .where(condition)
        .order_by(*_order(filters.sort))
        .offset(offset)
        .limit(limit)
    )
    projects = session.scalars(query).all()
    return _lines(session, projects, today), total


def _order(sort: str) -> tuple[Any, ...]:
    orders: dict[str, tuple[Any, ...]] = {
        "end": (Project.ends_on, Project.id),
        "title": (Project.search, Project.id),
    }
    return orders.get(sort, (Call.id.desc(), Project.number, Project.id))


def _chosen(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [
        or_(Project.search.contains(word, autoescape=True), Project.number == word)
        for word in folded(filters.q).split()[:8]
    ]
    if filters.call:
        chosen.append(Call.slug == filters.call)
    if filters.state:
        known = filters.state in set(ProjectState)
        chosen.append(Project.state == ProjectState(filters.state) if known else false())
    if filters.alert:
        chosen.append(_troubled(today))
    return chosen


def _troubled(today: date) -> ColumnElement[bool]:
    """Something about the project asks for attention: the twin of `alerts_of` in SQL."""
    reports = exists().where(
        Report.project_id == Project.id,
        or_(
            and_(Report.state.in_(AWAITED), Report.due_on < today),
            Report.state.in_((ReportState.CHANGES_REQUESTED, ReportState.SUBMITTED)),
        ),
    )
    asked = exists().where(Amendment.project_id == Project.id, Amendment.state == AmendmentState.REQUESTED)
    return and_(Project.state.not_in(OVER), or_(reports, asked))


def _lines(session: Session, projects: Sequence[Project], today: date) -> list[Line]:
    ids = [project.id for project in projects]
    milestones = _by_project(session, select(Milestone).order_by(Milestone.due_on, Milestone.id), Milestone, ids)
    tranches = _by_project(session, select(Tranche).order_by(Tranche.position), Tranche, ids)
    reports = _by_project(session, select(Report).order_by(Report.due_on), Report, ids)
    asked = select(Amendment).where(Amendment.state == AmendmentState.REQUESTED)
    amendments = _by_project(session, asked, Amendment, ids)
    return [
        Line(
            project,
            next(
                (step for step in milestones[project.id] if step.reached_on is None and project.state not in OVER), None
            ),
            next_tranche(tranches[project.id]),
            alerts_of(project, reports[project.id], tranches[project.id], amendments[project.id], today),
            (
                sum(report.state == ReportState.ACCEPTED for report in reports[project.id]),
                len(reports[project.id]),
            ),
        )
        for project in projects
    ]


def _by_project(session: Session, query: Select, model: type, ids: Sequence[int]) -> dict[int, list]:  # type: ignore[type-arg]
    found: dict[int, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in session.scalars(query.where(model.project_id.in_(ids))):  # type: ignore[attr-defined]
        found[row.project_id].append(row)
    return found


def next_tranche(tranches: Iterable[Tranche]) -> Tranche | None:
    """The first tranche that is neither paid nor given up."""
    waiting = (TrancheState.PLANNED, TrancheState.DUE, TrancheState.ORDERED)
    return next((tranche for tranche in tranches if tranche.state in waiting), None)


def alerts_of(
    project: Project,
    reports: Iterable[Report],
    tranches: Sequence[Tranche],
    amendments: Iterable[Amendment],
    today: date,
) -> tuple[Alert, ...]:
    """What asks for attention, the gravest first. Late is computed from the day, never stored."""
    if project.state in OVER:
        return ()
    found = [alert for report in reports if (alert := _about(report, tranches, today)) is not None]
    found += [
        Alert("amendment_waiting", amendment=amendment)
        for amendment in amendments
        if amendment.state == AmendmentState.REQUESTED
    ]
    rank = {"report_late": 0, "report_returned": 1, "amendment_waiting": 2, "report_to_read": 3}
    return tuple(sorted(found, key=lambda alert: rank[alert.code]))


def _about(report: Report, tranches: Iterable[Tranche], today: date) -> Alert | None:
    held = next((tranche for tranche in tranches if waits_for(tranche, report)), None)
    days = days_late(report.due_on, today)
    if report.state == ReportState.CHANGES_REQUESTED:
        return Alert("report_returned", report=report, days=days, tranche=held)
    if report.state in AWAITED and days:
        return Alert("report_late", report=report, days=days, tranche=held)
    if report.state == ReportState.SUBMITTED:
        return Alert("report_to_read", report=report, tranche=held)
    return None


def waits_for(tranche: Tranche, report: Report) -> bool:
    """The tranche is held back by this report."""
    return tranche.state == TrancheState.PLANNED and report.kind in REPORT_OF.get(tranche.condition, ())


def calls_for(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(slug, title) of the calls whose projects the actor follows, newest first."""
    query = (
        select(Call.slug, Call.title)
        .where(Call.id.in_(select(Project.call_id).where(visible_to(actor, Project), Project.imported.is_(False))))
        .order_by(Call.id.desc())
    )
    return [(slug, title) for slug, title in session.execute(query)]


def awards_waiting(session: Session, actor: Actor) -> list[tuple[Call, int]]:
    """The calls that the actor manages with released awards without a project, and how many."""
    query = (
        select(Call, func.count(Decision.id))
        .join(Application, Application.call_id == Call.id)
        .join(Decision, Decision.application_id == Application.id)
        .outerjoin(Project, Project.application_id == Application.id)
        .where(
            Call.programme_id.in_(actor.manages),
            Decision.state == DecisionState.RELEASED,
            Decision.ended_at.is_(None),
            Decision.awarded_cents > 0,
            Project.id.is_(None),
        )
        .group_by(Call.id)
        .order_by(Call.id.desc())
    )
    return [(call, number) for call, number in session.execute(query)]


def overview(session: Session, actor: Actor, public_id: str, *, today: date) -> Overview:
    """Everything that the page of a project tells. Raises NotFound."""
    project = one_for(session, actor, Project, public_id)
    session.get(Organisation, project.organisation_id)
    session.get(Call, project.call_id)
    mine = {"project_id": project.id}
    agreement = session.scalar(select(Agreement).filter_by(**mine))
    decision = session.get(Decision, project.decision_id) if project.decision_id else None
    milestones = session.scalars(select(Milestone).filter_by(**mine).order_by(Milestone.due_on, Milestone.id)).all()
    reports = session.scalars(select(Report).filter_by(**mine).order_by(Report.due_on, Report.id)).all()
    tranches = session.scalars(select(Tranche).filter_by(**mine).order_by(Tranche.position)).all()
    payments = session.scalars(select(Payment).where(Payment.tranche_id.in_([row.id for row in tranches]))).all()
    live = {row.tranche_id: row for row in payments if row.returned_on is None}
    amendments = session.scalars(select(Amendment).filter_by(**mine).order_by(Amendment.requested_at.desc())).all()
    held = select(SupportSession).filter_by(**mine).order_by(SupportSession.held_on.desc(), SupportSession.id.desc())
    told = [row for row in (project, agreement, *reports, *tranches, *amendments) if row is not None]
    return Overview(
        project=project,
        agreement=agreement,
        decision=decision,
        milestones=milestones,
        reports=reports,
        tranches=tranches,
        payments=live,
        amendments=amendments,
        sessions=session.scalars(held).all(),
        documents=_documents(session, agreement, decision),
        journal=_journal(session, actor, [name_of(row) for row in told]),
        alerts=alerts_of(project, reports, tranches, amendments, today),
        bank_verified=_bank_verified(session, project),
        today=today,
        paid_cents=sum(row.amount_cents for row in live.values()),
    )


def of_report(session: Session, actor: Actor, public_id: str, project: str) -> Report:
    """A report of this project. Raises NotFound, also where the report belongs to another project."""
    report = one_for(session, actor, Report, public_id)
    holder = one_for(session, actor, Project, project)
    if report.project_id != holder.id:
        one_for(session, actor, Report, "")
    return report


def _documents(session: Session, agreement: Agreement | None, decision: Decision | None) -> Sequence[Document]:
    names = [name_of(row) for row in (agreement, decision) if row is not None]
    return session.scalars(
        select(Document).where(Document.subject.in_(names)).order_by(Document.produced_at, Document.id)
    ).all()


def _journal(session: Session, actor: Actor, names: Sequence[str]) -> Sequence[tuple[AuditEntry, str | None]]:
    """What was done to the project and its parts, newest first, with the name of who did it where it is a person."""
    query = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.public_id == AuditEntry.actor)
        .where(AuditEntry.object.in_(names), visible_to(actor, AuditEntry))
        .order_by(AuditEntry.seq.desc())
        .limit(JOURNAL_LENGTH)
    )
    return [(entry, name) for entry, name in session.execute(query)]


def _bank_verified(session: Session, project: Project) -> bool:
    query = select(BankAccount.id).where(
        BankAccount.organisation_id == project.organisation_id,
        BankAccount.replaced_at.is_(None),
        BankAccount.verified_at.is_not(None),
    )
    return session.scalar(query) is not None
