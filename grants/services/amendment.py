"""Amendments: the holder asks for more time, the manager accepts or refuses."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.calendar import add_months, months_between
from grants.domain.milestones import later_end
from grants.domain.text import clean_text
from grants.errors import Invalid, NotPossible, Reason
from grants.models import Amendment, Call, Milestone, Project, Report, Tranche
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.conditions import hold, local_day
from grants.services.opening import expected_on
from grants.workflow.actions import Action
from grants.workflow.amendment import AmendmentState
from grants.workflow.facts import AmendmentFacts
from grants.workflow.project import RUNNING
from grants.workflow.report import ReportKind, ReportState
from grants.workflow.tranche import TrancheState

MOST_MONTHS = 24
LONGEST_REASON = 3000
NOT_SENT = (ReportState.EXPECTED, ReportState.DRAFT)


def request(*, actor: Actor, project: str, extra_months: int, reason: str) -> Amendment:
    """Ask for `extra_months` more, without more money. Raises Invalid, or NotPossible while another one waits."""
    with transaction() as session:
        found = one_for(session, actor, Project, project)
        require(actor, Action.AMENDMENT_REQUEST, subject_of(found, session))
        row = hold(session, found.id)
        if not 1 <= extra_months <= MOST_MONTHS:
            raise Invalid({"extra_months": Reason("out_of_range", {"least": 1, "most": MOST_MONTHS})})
        _refuse_second(session, row)
        if row.ends_on is None:
            raise NotPossible(Action.AMENDMENT_REQUEST, (Reason("project_running"),))
        assert actor.id is not None
        reason = clean_text(reason, LONGEST_REASON)
        amendment = Amendment(
            project_id=row.id,
            extra_months=extra_months,
            new_end_on=later_end(row.ends_on, extra_months),
            reason=reason,
            requested_by_id=actor.id,
            requested_at=lifecycle.moment(session),
        )
        session.add(amendment)
        session.flush()
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.AMENDMENT_REQUEST,
            row=amendment,
            facts=_facts(session, amendment, row, reason_given=bool(reason)),
            note={"extra_months": extra_months, "new_end_on": amendment.new_end_on.isoformat()},
        )
        return amendment


def accept(*, actor: Actor, amendment: str, answer: str = "") -> Amendment:
    """Accept: the end moves, and with it the milestones not reached, the reports not sent, the tranches not due."""
    with transaction() as session:
        row, project = _held(session, actor, Action.AMENDMENT_ACCEPT, amendment)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.AMENDMENT_ACCEPT,
            row=row,
            facts=_facts(session, row, project),
            note={"from_on": str(project.ends_on), "to_on": row.new_end_on.isoformat()},
        )
        row.answer = clean_text(answer, LONGEST_REASON)
        row.answered_at = lifecycle.moment(session)
        _move_days(session, project, row)
        return row


def refuse(*, actor: Actor, amendment: str, reason: str) -> Amendment:
    """Refuse, with the reason; nothing moves."""
    with transaction() as session:
        row, project = _held(session, actor, Action.AMENDMENT_REFUSE, amendment)
        reason = clean_text(reason, LONGEST_REASON)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.AMENDMENT_REFUSE,
            row=row,
            facts=_facts(session, row, project, reason_given=bool(reason)),
            note={"reason": reason},
        )
        row.answer = reason
        row.answered_at = lifecycle.moment(session)
        return row


def _held(session: Session, actor: Actor, action: Action, public_id: str) -> tuple[Amendment, Project]:
    row = one_for(session, actor, Amendment, public_id)
    require(actor, action, subject_of(row, session))
    project = hold(session, row.project_id)
    session.refresh(row)
    return row, project


def _facts(session: Session, row: Amendment, project: Project, *, reason_given: bool = False) -> AmendmentFacts:
    call = session.get_one(Call, project.call_id)
    return AmendmentFacts(
        project_running=project.state in RUNNING,
        reason_given=reason_given,
        new_end_on=row.new_end_on,
        latest_end_on=call.projects_until_on,
    )


def _refuse_second(session: Session, project: Project) -> None:
    waiting = select(Amendment.id).where(
        Amendment.project_id == project.id, Amendment.state == AmendmentState.REQUESTED
    )
    if session.scalar(waiting) is not None:
        raise NotPossible(Action.AMENDMENT_REQUEST, (Reason("amendment_waiting"),))


def _move_days(session: Session, project: Project, row: Amendment) -> None:
    """An interim report that is late already stays late: an amendment does not forgive it."""
    assert project.starts_on is not None
    assert project.ends_on is not None
    shift = row.new_end_on - project.ends_on
    today = local_day(session, project, lifecycle.moment(session))
    reports = {report.kind: report for report in session.scalars(select(Report).where(Report.project_id == project.id))}
    final, interim = reports.get(ReportKind.FINAL), reports.get(ReportKind.INTERIM)
    moved: set[str] = set()
    if final is not None and final.state in NOT_SENT:
        final.due_on += shift
        moved.add(ReportKind.FINAL)
    if interim is not None and interim.state in NOT_SENT and interim.due_on >= today:
        interim.due_on = add_months(interim.due_on, row.extra_months)
        moved.add(ReportKind.INTERIM)
    _move_milestones(session, project, row, shift, moved)
    project.ends_on = row.new_end_on
    project.months = months_between(project.starts_on, project.ends_on)
    _move_tranches(session, project, {str(kind): report.due_on for kind, report in reports.items()})


def _move_milestones(session: Session, project: Project, row: Amendment, shift: timedelta, moved: set[str]) -> None:
    waiting = select(Milestone).where(Milestone.project_id == project.id, Milestone.reached_on.is_(None))
    for milestone in session.scalars(waiting):
        if milestone.report == ReportKind.FINAL:
            milestone.due_on += shift
        elif not milestone.report or milestone.report in moved:
            milestone.due_on = min(add_months(milestone.due_on, row.extra_months), row.new_end_on)


def _move_tranches(session: Session, project: Project, due: dict[str, date]) -> None:
    assert project.starts_on is not None
    waiting = select(Tranche).where(Tranche.project_id == project.id, Tranche.state == TrancheState.PLANNED)
    for tranche in session.scalars(waiting):
        tranche.expected_on = expected_on(tranche.condition, project.starts_on, due)
