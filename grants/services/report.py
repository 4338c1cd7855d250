"""Reports of a project: what the holder tells and spent, what the manager reads, returns or accepts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.text import TextError, clean_text
from grants.domain.variance import Actual, actuals, spent, unexplained, unfilled
from grants.errors import Invalid, Reason
from grants.models import Milestone, Project, Report
from grants.policies import Actor, require
from grants.queries.eligibility import chart_of
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.conditions import hold, local_day, plan_of, settle
from grants.workflow.actions import Action
from grants.workflow.facts import ReportFacts
from grants.workflow.project import RUNNING
from grants.workflow.report import ReportKind

#: The questions of a report, in their order.
QUESTIONS = ("done", "partners", "learning", "next")
#: What each report has to answer: an interim one tells and counts, a final one tells, a financial one counts.
TELLS = {ReportKind.INTERIM: QUESTIONS, ReportKind.FINAL: QUESTIONS, ReportKind.FINANCIAL: ()}
COUNTS = frozenset({ReportKind.INTERIM, ReportKind.FINANCIAL})
LONGEST_ANSWER = 6000
LONGEST_REASON = 1000


def save(
    *,
    actor: Actor,
    report: str,
    narrative: Mapping[str, str],
    figures: Mapping[str, Mapping[str, Any]],
    version: int | None = None,
) -> Report:
    """Keep a draft. What is not named in `narrative` or `figures` stays as it was.

    `narrative`: question (`QUESTIONS`, or `remarks`) → text. `figures`: heading of expenses → {"spent_cents": cents
    or None, "reason": text}. Raises Invalid for a text that is none, Conflict for a stale version.
    """
    with transaction() as session:
        row, project = _held(session, actor, Action.REPORT_SAVE, report)
        facts = report_facts(session, row, project)
        lifecycle.perform(session, actor=actor, action=Action.REPORT_SAVE, row=row, facts=facts, version=version)
        _write(session, row, project, narrative, figures)
        return row


def submit(*, actor: Actor, report: str, version: int | None = None) -> Report:
    """Send a report. Raises NotPossible with every answer, figure or explanation that is missing."""
    with transaction() as session:
        row, project = _held(session, actor, Action.REPORT_SUBMIT, report)
        facts = report_facts(session, row, project)
        at = lifecycle.moment(session)
        late = max(0, (local_day(session, project, at) - row.due_on).days)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.REPORT_SUBMIT,
            row=row,
            facts=facts,
            version=version,
            note={"kind": str(row.kind), "days_late": late},
        )
        row.submitted_at = at
        return row


def return_report(*, actor: Actor, report: str, reason: str, version: int | None = None) -> Report:
    """Give a report back with what has to be mended; the sentence reaches the holder."""
    with transaction() as session:
        row, project = _held(session, actor, Action.REPORT_RETURN, report)
        reason = clean_text(reason, LONGEST_ANSWER)
        facts = report_facts(session, row, project, reason_given=bool(reason))
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.REPORT_RETURN,
            row=row,
            facts=facts,
            version=version,
            note={"kind": str(row.kind), "reason": reason},
        )
        row.change_request = reason
        return row


def accept(*, actor: Actor, report: str, version: int | None = None) -> Report:
    """Accept a report: its milestone is reached, and the tranche that waited for it falls due."""
    with transaction() as session:
        row, project = _held(session, actor, Action.REPORT_ACCEPT, report)
        facts = report_facts(session, row, project)
        at = lifecycle.moment(session)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.REPORT_ACCEPT,
            row=row,
            facts=facts,
            version=version,
            note={"kind": str(row.kind), "spent_cents": row.spent_cents},
        )
        row.accepted_at = at
        row.change_request = ""
        session.execute(
            update(Milestone)
            .where(Milestone.project_id == project.id, Milestone.report == row.kind, Milestone.reached_on.is_(None))
            .values(reached_on=local_day(session, project, at))
        )
        session.flush()
        if project.state in RUNNING:
            settle(session, actor=actor, project=project)
        return row


def report_facts(session: Session, row: Report, project: Project, *, reason_given: bool = False) -> ReportFacts:
    """The frozen picture of a report: unanswered questions, headings without figures, gaps without a sentence."""
    rows = rows_of(session, row, project)
    midway = row.kind == ReportKind.INTERIM
    return ReportFacts(
        report_kind=str(row.kind),
        missing=(*_unanswered(row), *(unfilled(rows) if row.kind in COUNTS else ())),
        variances=unexplained(rows, midway=midway) if row.kind in COUNTS else (),
        project_running=project.state in RUNNING,
        reason_given=reason_given,
    )


def rows_of(session: Session, row: Report, project: Project) -> tuple[Actual, ...]:
    """Budget and expenses of a report, heading by heading."""
    return actuals(plan_of(session, project), row.figures, chart_of(project.call))


def _unanswered(row: Report) -> tuple[str, ...]:
    return tuple(key for key in TELLS[row.kind] if not str(row.narrative.get(key, "")).strip())


def _held(session: Session, actor: Actor, action: Action, public_id: str) -> tuple[Report, Project]:
    row = one_for(session, actor, Report, public_id)
    require(actor, action, subject_of(row, session))
    project = hold(session, row.project_id)
    session.refresh(row)
    return row, project


def _write(
    session: Session,
    row: Report,
    project: Project,
    narrative: Mapping[str, str],
    figures: Mapping[str, Mapping[str, Any]],
) -> None:
    plan, chart = plan_of(session, project), chart_of(project.call)
    problems: dict[str, Reason] = {}
    told = dict(row.narrative)
    for key in (*QUESTIONS, "remarks"):
        if key in narrative:
            told[key] = _clean(narrative[key], LONGEST_ANSWER, key, problems)
    counted = {key: dict(value) for key, value in row.figures.items()}
    known = {actual.heading.key for actual in actuals(plan, {}, chart)}
    for key, value in figures.items():
        if key not in known:
            problems[key] = Reason("unknown_heading")
            continue
        cents = value.get("spent_cents")
        if cents is not None and int(cents) < 0:
            problems[key] = Reason("negative")
        counted[key] = {
            "budgeted_cents": plan.get(key, 0),
            "spent_cents": cents,
            "reason": _clean(str(value.get("reason", "")), LONGEST_REASON, f"{key}-reason", problems),
        }
    if problems:
        raise Invalid(problems)
    row.narrative = told
    row.figures = counted
    row.spent_cents = spent(actuals(plan, counted, chart)) if counted else None


def _clean(text: str, limit: int, field: str, problems: dict[str, Reason]) -> str:
    try:
        return clean_text(text, limit)
    except TextError as error:
        problems[field] = error.as_reason
        return ""
