"""Funded projects: their steps, their pauses, their end. How they are born stands in `services.opening`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.money import rate_bp
from grants.domain.text import clean_line, clean_text
from grants.errors import Invalid, NotPossible, Reason
from grants.models import Agreement, Decision, Milestone, Project, SupportSession, Tranche
from grants.policies import Actor, require
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.commitment import free
from grants.services.conditions import begin, hold, local_day, plan_of, project_facts
from grants.services.opening import import_project, open_projects
from grants.workflow.actions import Action
from grants.workflow.agreement import AgreementState
from grants.workflow.tranche import TrancheState

LONGEST_NOTE = 4000
LONGEST_TOPIC = 200
LONGEST_SESSION_MINUTES = 24 * 60

__all__ = [
    "await_final_report",
    "close",
    "import_project",
    "lower_award",
    "open_projects",
    "reach_milestone",
    "record_session",
    "resume",
    "start",
    "suspend",
    "terminate",
]


def start(*, actor: Actor, project: str) -> Project:
    """Start a project whose agreement is signed. Signing does it by itself; this is for what was left behind."""
    with transaction() as session:
        row, today = _held(session, actor, Action.PROJECT_START, project)
        begin(session, actor=actor, project=row, today=today)
        return row


def suspend(*, actor: Actor, project: str, reason: str) -> Project:
    """Put a project on hold, with the reason."""
    return _move(actor, Action.PROJECT_SUSPEND, project, reason)


def resume(*, actor: Actor, project: str, reason: str) -> Project:
    """Take a suspended project up again, with the reason."""
    return _move(actor, Action.PROJECT_RESUME, project, reason)


def await_final_report(*, actor: Actor, project: str) -> Project:
    """The last day is past: only reports are missing."""
    return _move(actor, Action.PROJECT_AWAIT_FINAL_REPORT, project, "")


def terminate(*, actor: Actor, project: str, reason: str) -> Project:
    """End a project before its time: what was not ordered is cancelled, and goes back to the envelope."""
    with transaction() as session:
        row, today = _held(session, actor, Action.PROJECT_TERMINATE, project)
        _free(session, row, _unspent(session, row), "terminated")
        _perform(session, actor, Action.PROJECT_TERMINATE, row, today, reason=reason)
        row.closed_at = lifecycle.moment(session)
        waiting = (TrancheState.PLANNED, TrancheState.DUE)
        for tranche in session.scalars(
            select(Tranche).where(Tranche.project_id == row.id, Tranche.state.in_(waiting)).order_by(Tranche.position)
        ):
            lifecycle.perform(
                session, actor=actor, action=Action.TRANCHE_CANCEL, row=tranche, note={"why": "project_terminated"}
            )
        return row


def lower_award(*, actor: Actor, project: str, awarded_cents: int, reason: str) -> Project:
    """Lower the award of a project, with the reason: its last planned payments shrink, the rest is free for others.

    Raises NotPossible: not lower, below what is paid, ordered or due, an agreement that is out for signature, no reason.
    """
    with transaction() as session:
        row, today = _held(session, actor, Action.PROJECT_LOWER_AWARD, project)
        before, said = row.awarded_cents or 0, clean_text(reason, LONGEST_NOTE)
        tranches = list(
            session.scalars(select(Tranche).where(Tranche.project_id == row.id).order_by(Tranche.position.desc()))
        )
        out = select(Agreement.id).where(Agreement.project_id == row.id, Agreement.state == AgreementState.SENT)
        facts = replace(
            project_facts(session, row, today, reason_given=bool(said)),
            awarded_cents=before,
            lowered_cents=awarded_cents,
            bound_cents=sum(one.amount_cents for one in tranches if one.state != TrancheState.PLANNED),
            agreement_out=session.scalar(out) is not None,
        )
        reasons = lifecycle.obstacles(row, Action.PROJECT_LOWER_AWARD, facts)
        if reasons:
            raise NotPossible(Action.PROJECT_LOWER_AWARD, reasons)
        _free(session, row, before - awarded_cents, "lowered")
        note = {"reason": said, "from_cents": before, "to_cents": awarded_cents}
        lifecycle.perform(session, actor=actor, action=Action.PROJECT_LOWER_AWARD, row=row, facts=facts, note=note)
        _shrink(tranches, before - awarded_cents)
        row.awarded_cents = awarded_cents
        row.rate_bp = rate_bp(awarded_cents, sum(plan_of(session, row).values()))
        return row


def _free(session: Session, project: Project, cents: int, cause: str) -> None:
    """Give back what a project will not use; one that was imported holds nothing."""
    decision = session.get(Decision, project.decision_id) if project.decision_id is not None else None
    if decision is not None:
        session.refresh(decision, with_for_update=True)
        free(session, decision, min(cents, decision.awarded_cents - decision.freed_cents), cause)


def _unspent(session: Session, project: Project) -> int:
    """What was neither ordered nor paid."""
    query = select(func.coalesce(func.sum(Tranche.amount_cents), 0)).where(
        Tranche.project_id == project.id, Tranche.state.in_((TrancheState.PLANNED, TrancheState.DUE))
    )
    return session.scalar(query) or 0


def _shrink(tranches: Iterable[Tranche], cents: int) -> None:
    """Take the difference from the planned payments, the last one first."""
    for tranche in tranches:
        if tranche.state == TrancheState.PLANNED:
            less = min(cents, tranche.amount_cents)
            tranche.amount_cents -= less
            cents -= less


def close(*, actor: Actor, project: str) -> Project:
    """Close a project: every report accepted, every tranche settled. Raises NotPossible with what is missing."""
    with transaction() as session:
        row, today = _held(session, actor, Action.PROJECT_CLOSE, project)
        _perform(session, actor, Action.PROJECT_CLOSE, row, today)
        row.closed_at = lifecycle.moment(session)
        return row


def reach_milestone(*, actor: Actor, milestone: str, reached_on: date, note: str = "") -> Milestone:
    """Note that a step was reached. Raises Invalid for a day ahead."""
    with transaction() as session:
        row = one_for(session, actor, Milestone, milestone)
        project = hold(session, row.project_id)
        today = local_day(session, project, lifecycle.moment(session))
        if reached_on > today:
            raise Invalid({"reached_on": Reason("day_ahead")})
        told = {"milestone": row.code, "reached_on": reached_on.isoformat()}
        _perform(session, actor, Action.PROJECT_REACH_MILESTONE, project, today, told=told)
        row.reached_on = reached_on
        row.note = clean_text(note, LONGEST_NOTE)
        return row


def record_session(  # noqa: PLR0913 -- what a session is
    *, actor: Actor, project: str, held_on: date, minutes: int, topic: str, collective: bool = False, note: str = ""
) -> SupportSession:
    """Note a session of accompaniment: day, length in minutes, what was worked on. Raises Invalid."""
    with transaction() as session:
        row, today = _held(session, actor, Action.ACCOMPANIMENT_RECORD_SESSION, project)
        topic = clean_line(topic, LONGEST_TOPIC)
        _check_session(held_on, minutes, topic, today)
        assert actor.id is not None
        held = SupportSession(
            project_id=row.id,
            held_on=held_on,
            collective=collective,
            minutes=minutes,
            topic=topic,
            note=clean_text(note, LONGEST_NOTE),
            recorded_by_id=actor.id,
            recorded_at=lifecycle.moment(session),
        )
        session.add(held)
        session.flush()
        told = {"session": name_of(held), "held_on": held_on.isoformat(), "minutes": minutes}
        _perform(session, actor, Action.ACCOMPANIMENT_RECORD_SESSION, row, today, told=told)
        return held


def _check_session(held_on: date, minutes: int, topic: str, today: date) -> None:
    problems = {}
    if held_on > today:
        problems["held_on"] = Reason("day_ahead")
    if not 0 < minutes <= LONGEST_SESSION_MINUTES:
        problems["minutes"] = Reason("out_of_range", {"least": 1, "most": LONGEST_SESSION_MINUTES})
    if not topic:
        problems["topic"] = Reason("empty")
    if problems:
        raise Invalid(problems)


def _held(session: Session, actor: Actor, action: Action, public_id: str) -> tuple[Project, date]:
    """The project, locked, and today in its zone, once it is known that the actor may act."""
    found = one_for(session, actor, Project, public_id)
    require(actor, action, subject_of(found, session))
    row = hold(session, found.id)
    return row, local_day(session, row, lifecycle.moment(session))


def _move(actor: Actor, action: Action, public_id: str, reason: str) -> Project:
    with transaction() as session:
        row, today = _held(session, actor, action, public_id)
        _perform(session, actor, action, row, today, reason=reason)
        return row


def _perform(  # noqa: PLR0913 -- the use case in one line
    session: Session,
    actor: Actor,
    action: Action,
    row: Project,
    today: date,
    *,
    reason: str = "",
    told: Mapping[str, object] | None = None,
) -> None:
    reason = clean_text(reason, LONGEST_NOTE)
    facts = project_facts(session, row, today, reason_given=bool(reason))
    note = {**(told or {}), **({"reason": reason} if reason else {})}
    lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, note=note)
