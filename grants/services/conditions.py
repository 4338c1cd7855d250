"""What a project waits for: its facts, its start, and the tranches whose condition is met.

Below the features: agreement, report, project and finance meet here, inside the transaction of their use case.
"""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.budget import Line
from grants.domain.chart import Side
from grants.domain.deadlines import zone_named
from grants.domain.ledger import balance_due
from grants.domain.money import exact_rate_bp
from grants.domain.terms_parts import paid_at_once
from grants.domain.variance import budgeted
from grants.models import Agreement, BudgetLine, Call, Payment, Project, Report, Tranche
from grants.policies import Actor
from grants.queries.eligibility import chart_of
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.agreement import AgreementState
from grants.workflow.facts import ProjectFacts, TrancheFacts
from grants.workflow.project import RUNNING
from grants.workflow.report import ReportKind, ReportState
from grants.workflow.tranche import Condition, TrancheState

OUTSTANDING = (TrancheState.PLANNED, TrancheState.DUE, TrancheState.ORDERED)


def local_day(session: Session, project: Project, at: datetime) -> date:
    """The day of an instant in the zone of the project's call."""
    call = session.get_one(Call, project.call_id)
    return at.astimezone(zone_named(call.zone)).date()


def hold(session: Session, project_id: int) -> Project:
    """The project, with its row locked until the end of the transaction: its sums cannot move under our feet."""
    query = select(Project).where(Project.id == project_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def project_facts(session: Session, project: Project, today: date, *, reason_given: bool = False) -> ProjectFacts:
    """The frozen picture of a project."""
    signed = select(Agreement.id).where(Agreement.project_id == project.id, Agreement.state == AgreementState.SIGNED)
    reports = select(func.count(Report.id)).where(Report.project_id == project.id, Report.state != ReportState.ACCEPTED)
    tranches = select(func.count(Tranche.id)).where(Tranche.project_id == project.id, Tranche.state.in_(OUTSTANDING))
    return ProjectFacts(
        agreement_signed=session.scalar(signed) is not None,
        agreement_asked=not paid_at_once(project.call.tranches),
        reports_outstanding=session.scalar(reports) or 0,
        tranches_outstanding=session.scalar(tranches) or 0,
        ends_on=project.ends_on,
        today=today,
        reason_given=reason_given,
    )


def begin(session: Session, *, actor: Actor, project: Project, today: date) -> None:
    """Start a project whose agreement is signed, or that needs none; its first tranche falls due in the same transaction."""
    lifecycle.perform(
        session,
        actor=actor,
        action=Action.PROJECT_START,
        row=project,
        facts=project_facts(session, project, today),
    )
    settle(session, actor=actor, project=project)


def settle(session: Session, *, actor: Actor, project: Project) -> list[Tranche]:
    """Every planned tranche whose condition is met falls due, with the amount that is due.

    The tranche that waits for all reports is the balance: min(planned, accepted expenses × rate − already paid).
    Where nothing is left to pay it is cancelled at once. Returns what fell due.
    """
    hold(session, project.id)
    at = lifecycle.moment(session)
    planned = session.scalars(
        select(Tranche)
        .where(Tranche.project_id == project.id, Tranche.state == TrancheState.PLANNED)
        .order_by(Tranche.position)
    ).all()
    ready = [tranche for tranche in planned if condition_met(session, tranche)]
    for tranche in ready:
        tranche.due_cents = _amount_due(session, project, tranche)
        tranche.due_at = at
        facts = TrancheFacts(condition_met=True, project_running=project.state in RUNNING)
        note = {"due_cents": tranche.due_cents}
        lifecycle.perform(session, actor=actor, action=Action.TRANCHE_FALL_DUE, row=tranche, facts=facts, note=note)
        if tranche.due_cents == 0:
            lifecycle.perform(
                session, actor=actor, action=Action.TRANCHE_CANCEL, row=tranche, note={"why": "nothing_left_to_pay"}
            )
    return ready


def condition_met(session: Session, tranche: Tranche) -> bool:
    """What the tranche waits for has happened. The last condition asks for every report of the project."""
    if tranche.condition == Condition.AWARD_RELEASED:  # a project stands on a decision that was released
        return True
    if tranche.condition == Condition.AGREEMENT_SIGNED:
        signed = select(Agreement.id).where(
            Agreement.project_id == tranche.project_id, Agreement.state == AgreementState.SIGNED
        )
        return session.scalar(signed) is not None
    query = select(Report.state).where(Report.project_id == tranche.project_id)
    if tranche.condition == Condition.INTERIM_REPORT_ACCEPTED:
        query = query.where(Report.kind == ReportKind.INTERIM)
    states = session.scalars(query).all()
    return bool(states) and all(state == ReportState.ACCEPTED for state in states)


def paid_cents(session: Session, project_id: int) -> int:
    """What was paid to a project and did not come back."""
    query = (
        select(func.coalesce(func.sum(Payment.amount_cents), 0))
        .join(Tranche, Tranche.id == Payment.tranche_id)
        .where(Tranche.project_id == project_id, Payment.returned_on.is_(None))
    )
    return int(session.scalar(query) or 0)


def plan_of(session: Session, project: Project) -> dict[str, int]:
    """Cents budgeted by heading of cash expenses, from the file that was funded."""
    rows = session.scalars(
        select(BudgetLine).where(BudgetLine.application_id == project.application_id).order_by(BudgetLine.position)
    )
    lines = (Line(Side(row.side), row.key, row.label, row.amount_cents) for row in rows)
    return budgeted(lines, chart_of(project.call))


def _amount_due(session: Session, project: Project, tranche: Tranche) -> int:
    if tranche.condition != Condition.FINAL_REPORT_ACCEPTED or project.awarded_cents is None:
        return tranche.amount_cents
    spent = accepted_expenses(session, project.id)
    if spent is None:
        return tranche.amount_cents
    whole = sum(plan_of(session, project).values())
    rate = exact_rate_bp(project.awarded_cents, whole) if whole else Fraction(project.rate_bp or 0)
    return balance_due(tranche.amount_cents, spent, rate, paid_cents(session, project.id))


def accepted_expenses(session: Session, project_id: int) -> int | None:
    """Cash expenses of the accepted report that tells most: financial, else final, else interim; None without."""
    rows = session.execute(
        select(Report.kind, Report.spent_cents).where(
            Report.project_id == project_id, Report.state == ReportState.ACCEPTED, Report.spent_cents.is_not(None)
        )
    )
    told: dict[str, int] = {str(kind): int(spent) for kind, spent in rows if spent is not None}
    order = (ReportKind.FINANCIAL, ReportKind.FINAL, ReportKind.INTERIM)
    return next((told[kind] for kind in order if kind in told), None)
