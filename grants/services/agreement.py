"""The agreement between the funder and the holder: send it, enter its signature."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.errors import NotPossible, Reason
from grants.models import Agreement, Decision, Document, Project
from grants.policies import Actor, require
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.conditions import begin, hold, local_day
from grants.workflow.actions import Action
from grants.workflow.decision import Outcome
from grants.workflow.facts import AgreementFacts
from grants.workflow.project import ProjectState


def send(*, actor: Actor, agreement: str, version: int | None = None) -> Agreement:
    """Send an agreement to its holder: the PDF and the mail that carries it are promised.

    Raises NotPossible while a condition of the award is not lifted, or when the project was ended before.
    """
    with transaction() as session:
        row = one_for(session, actor, Agreement, agreement)
        require(actor, Action.AGREEMENT_SEND, subject_of(row, session))
        project = hold(session, row.project_id)
        session.refresh(row)
        _refuse_ended(project)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.AGREEMENT_SEND,
            row=row,
            facts=agreement_facts(session, row, project),
            version=version,
        )
        row.sent_at = lifecycle.moment(session)
        return row


def sign(*, actor: Actor, agreement: str, signed_on: date, version: int | None = None) -> Agreement:
    """Enter the day on which both parties had signed: the project starts and its first tranche falls due.

    Raises NotPossible when the document does not exist yet or the day lies ahead.
    """
    with transaction() as session:
        row = one_for(session, actor, Agreement, agreement)
        require(actor, Action.AGREEMENT_SIGN, subject_of(row, session))
        project = hold(session, row.project_id)
        session.refresh(row)
        _refuse_ended(project)
        today = local_day(session, project, lifecycle.moment(session))
        facts = agreement_facts(session, row, project, signed_on=signed_on, today=today)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.AGREEMENT_SIGN,
            row=row,
            facts=facts,
            version=version,
            note={"signed_on": signed_on.isoformat()},
        )
        row.signed_on = signed_on
        session.flush()
        begin(session, actor=actor, project=project, today=today)
        return row


def agreement_facts(
    session: Session, row: Agreement, project: Project, *, signed_on: date | None = None, today: date | None = None
) -> AgreementFacts:
    """The frozen picture of an agreement."""
    document = select(Document.id).where(Document.kind == "agreement", Document.subject == name_of(row))
    decision = session.get(Decision, project.decision_id) if project.decision_id else None
    conditional = decision is not None and decision.outcome == Outcome.AWARDED_WITH_CONDITIONS
    return AgreementFacts(
        document_ready=session.scalar(document) is not None,
        conditions_open=conditional and decision is not None and decision.conditions_lifted_at is None,
        signed_on=signed_on,
        today=today,
    )


def _refuse_ended(project: Project) -> None:
    if project.state != ProjectState.AGREEMENT_PENDING:
        reason = Reason("not_from_here", {"state": str(project.state), "machine": "project"})
        raise NotPossible(Action.AGREEMENT_SEND, (reason,))
