"""How projects are born: of released awards with everything that follows from them, or imported with their source."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from grants.db import transaction
from grants.domain.calendar import months_between
from grants.domain.milestones import Step, report_days, steps
from grants.domain.money import rate_bp, tranche_amounts
from grants.domain.slugs import folded, slug
from grants.domain.terms_parts import paid_at_once
from grants.models import (
    Agreement,
    Application,
    Call,
    Decision,
    Milestone,
    Organisation,
    Project,
    Report,
    Tranche,
)
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.conditions import begin, local_day, plan_of
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.report import ReportKind
from grants.workflow.tranche import Condition

#: What of the file its public page tells, in this order.
PUBLIC_TEXTS = ("activities", "alliance", "learning", "effects")
#: A report is accepted within fifteen days and its tranche paid ten days later, as a rule.
PAID_AFTER_DAYS = 25
_REPORT_OF = {
    Condition.INTERIM_REPORT_ACCEPTED: ReportKind.INTERIM,
    Condition.FINAL_REPORT_ACCEPTED: ReportKind.FINAL,
}


def open_projects(*, actor: Actor, call: str) -> list[Project]:
    """Open a project for every released award of the call that has none, with all that follows from it.

    Agreement to send, tranches that sum to the award, milestones, expected reports, public sheet. Doing it again
    opens nothing twice. An award whose file tells no first and last day is left aside; a prize asks for none: it runs
    at once, with its payment due, without agreement, milestones or reports. One under a condition waits for it.
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.PROJECT_OPEN, subject_of(row, session))
        at = lifecycle.moment(session)
        taken = set(session.scalars(select(Project.slug).where(Project.call_id == row.id)))
        return [
            _open(session, actor, row, decision, at, taken)
            for decision in _awards(session, row)
            if _ready(row, decision)
        ]


def _ready(call: Call, decision: Decision) -> bool:
    if paid_at_once(call.tranches):
        return decision.outcome != Outcome.AWARDED_WITH_CONDITIONS or decision.conditions_lifted_at is not None
    return bool(decision.application.starts_on and decision.application.ends_on)


def _awards(session: Session, call: Call) -> list[Decision]:
    """Released awards without a project, in the order of the file numbers."""
    query = (
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .outerjoin(Project, Project.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Decision.state == DecisionState.RELEASED,
            Decision.ended_at.is_(None),
            Decision.awarded_cents > 0,
            Project.id.is_(None),
        )
        .options(
            selectinload(Decision.application).options(
                selectinload(Application.partners),
                selectinload(Application.territories),
                selectinload(Application.organisation),
            )
        )
        .order_by(Application.number, Application.id)
    )
    return list(session.scalars(query))


def _open(session: Session, actor: Actor, call: Call, decision: Decision, at: datetime, taken: set[str]) -> Project:
    application = decision.application
    prize = paid_at_once(call.tranches)
    starts_on, ends_on = (None, None) if prize else (application.starts_on, application.ends_on)
    sheet = sheet_of(application)
    project = Project(
        slug=_free(slug(application.title), taken),
        call_id=call.id,
        application_id=application.id,
        decision_id=decision.id,
        organisation_id=application.organisation_id,
        number=application.number or "",
        title=application.title,
        awarded_cents=decision.awarded_cents,
        starts_on=starts_on,
        ends_on=ends_on,
        months=months_between(starts_on, ends_on) if starts_on and ends_on else None,
        sheet=sheet,
        theme=sheet["theme"],
        places=_places(sheet),
        search=_search(application.title, sheet),
        public=True,
        opened_at=at,
    )
    session.add(project)
    session.flush()
    project.rate_bp = rate_bp(decision.awarded_cents, sum(plan_of(session, project).values()))
    lifecycle.act(session, actor=actor, action=Action.PROJECT_OPEN, row=project, note={"number": project.number})
    if prize:
        _pay_at_once(session, actor, call, project)
        return project
    agreement = Agreement(project_id=project.id, prepared_at=at)
    session.add(agreement)
    lifecycle.act(session, actor=actor, action=Action.AGREEMENT_PREPARE, row=agreement)
    _plan(session, call, project)
    session.flush()
    return project


def _pay_at_once(session: Session, actor: Actor, call: Call, project: Project) -> None:
    """A prize begins with its letter, and its payment is due."""
    today = local_day(session, project, lifecycle.moment(session))
    _tranches(session, call, project, today, {})
    session.flush()
    begin(session, actor=actor, project=project, today=today)


def _plan(session: Session, call: Call, project: Project) -> None:
    """Milestones, expected reports and tranches of a project that has its days and its award."""
    assert project.starts_on is not None
    assert project.ends_on is not None
    planned = steps(call.milestones, project.starts_on, project.ends_on)
    due = report_days(planned, project.starts_on, project.ends_on)
    session.add_all(_milestone(project, step) for step in planned)
    session.add_all(Report(project_id=project.id, kind=kind, due_on=due[kind]) for kind in ReportKind)
    _tranches(session, call, project, project.starts_on, due)


def _tranches(session: Session, call: Call, project: Project, starts_on: date, due: Mapping[str, date]) -> None:
    """The planned payments: they sum to the award."""
    assert project.awarded_cents is not None
    amounts = tranche_amounts(project.awarded_cents, tuple(tranche["share_bp"] for tranche in call.tranches))
    for position, (tranche, amount) in enumerate(zip(call.tranches, amounts, strict=True), start=1):
        condition = Condition(tranche["condition"])
        session.add(
            Tranche(
                project_id=project.id,
                position=position,
                share_bp=tranche["share_bp"],
                amount_cents=amount,
                condition=condition,
                expected_on=expected_on(condition, starts_on, due),
            )
        )


def _milestone(project: Project, step: Step) -> Milestone:
    return Milestone(project_id=project.id, code=step.code, name=step.name, due_on=step.due_on, report=step.report)


def expected_on(condition: Condition, starts_on: date, due: Mapping[str, date]) -> date:
    """When a tranche will be paid, if all goes well: the first day, or some time after its report is due."""
    if condition not in _REPORT_OF:
        return starts_on
    return due[_REPORT_OF[condition]] + timedelta(days=PAID_AFTER_DAYS)


def sheet_of(application: Application) -> dict[str, Any]:
    """What the public page shows of a file: who, where, about what. No person, no address, no amount."""
    answers = application.answers
    return {
        "leads": [application.organisation.name],
        "invented": application.organisation.invented,
        "partners": [
            {"name": partner.name, "kind": partner.actor_kind, "country": partner.country, "role": partner.role}
            for partner in application.partners
        ],
        "territories": [
            {"side": place.side, "code": place.code, "label": place.label} for place in application.territories
        ],
        "theme": str(answers.get("theme", "")),
        "summary": str(answers.get("summary", "")),
        "texts": {key: str(answers[key]) for key in PUBLIC_TEXTS if answers.get(key)},
    }


def import_project(*, actor: Actor, call: str, values: Mapping[str, Any]) -> Project:
    """Tell a project that was run elsewhere, in a call that is `imported`, with its source.

    `values`: title, source, and optionally slug, number, sheet (as `sheet_of`), placeholder (the source says that
    it exists and no more), starts_on, ends_on, months, organisation (public id), awarded_cents (None: unknown).
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.PROJECT_IMPORT, subject_of(row, session))
        taken = set(session.scalars(select(Project.slug).where(Project.call_id == row.id)))
        sheet = dict(values.get("sheet") or {})
        holder = values.get("organisation")
        project = Project(
            slug=_free(values.get("slug") or slug(values["title"]), taken),
            call_id=row.id,
            organisation_id=one_for(session, actor, Organisation, holder).id if holder else None,
            number=values.get("number", ""),
            title=values["title"],
            awarded_cents=values.get("awarded_cents"),
            starts_on=values.get("starts_on"),
            ends_on=values.get("ends_on"),
            months=values.get("months"),
            sheet=sheet,
            theme=str(sheet.get("theme", "")),
            places=_places(sheet),
            search=_search(values["title"], sheet),
            imported=True,
            placeholder=bool(values.get("placeholder")),
            source=values["source"],
            public=True,
            opened_at=lifecycle.moment(session),
        )
        session.add(project)
        lifecycle.act(session, actor=actor, action=Action.PROJECT_IMPORT, row=project)
        return project


def _free(wanted: str, taken: set[str]) -> str:
    """The address, with a number behind it where another project of the call has it already."""
    found, count = wanted, 1
    while found in taken:
        count += 1
        found = f"{wanted}-{count}"
    taken.add(found)
    return found


def _places(sheet: Mapping[str, Any]) -> str:
    labels = dict.fromkeys(place["label"] for place in sheet.get("territories", ()))
    return f"|{'|'.join(labels)}|" if labels else ""


def _search(title: str, sheet: Mapping[str, Any]) -> str:
    partners = (partner["name"] for partner in sheet.get("partners", ()))
    places = (place["label"] for place in sheet.get("territories", ()))
    texts = (title, *sheet.get("leads", ()), *partners, *places, sheet.get("theme", ""), sheet.get("summary", ""))
    return folded(" ".join(texts))
