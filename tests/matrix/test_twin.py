"""What lists show (`queries.visibility`, in SQL) and what the policies allow are the same, for everybody and everything."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import reading
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Attachment,
    BankAccount,
    Call,
    Decision,
    Departure,
    Export,
    Invitation,
    Invitee,
    Meeting,
    Milestone,
    Organisation,
    Paper,
    Programme,
    Project,
    Promise,
    Report,
    Review,
    Scenario,
    Succession,
    SupportSession,
    Tranche,
    UserSession,
)
from grants.policies import ANONYMOUS, SYSTEM, Actor, may
from grants.policies.actors import SERVICE
from grants.queries.account import actor_for
from grants.queries.subjects import subject_of
from grants.queries.visibility import VISIBLE, visible_to
from grants.workflow.actions import Action
from grants.workflow.call import CallState
from grants.workflow.review import ReviewState
from tests.matrix.conftest import Stage
from tests.matrix.people import EVERYBODY

pytestmark = pytest.mark.db
Rule = Callable[[Actor, Any, Session], bool]


def reads(action: Action) -> Rule:
    """The right to read the row itself."""
    return lambda actor, row, session: may(actor, action, subject_of(row, session))


def reads_project(action: Action) -> Rule:
    """What hangs on a project is read with it."""
    return lambda actor, row, session: may(actor, action, subject_of(session.get_one(Project, row.project_id), session))


def _review(actor: Actor, row: Review, session: Session) -> bool:
    """An assignment that was taken back is kept and shown to nobody."""
    return row.state != ReviewState.UNASSIGNED and reads(Action.REVIEW_READ)(actor, row, session)


def _call(actor: Actor, row: Call, session: Session) -> bool:
    """Everybody's once published; before, of those who oversee it."""
    return row.state != CallState.DRAFT or reads(Action.CALL_OVERSEE)(actor, row, session)


def _scenario(actor: Actor, row: Scenario, session: Session) -> bool:
    """One that was put away is kept and shown to nobody."""
    return row.discarded_at is None and reads(Action.SCENARIO_READ)(actor, row, session)


def _meeting(actor: Actor, row: Meeting, session: Session) -> bool:
    """The committee knows of its sitting before it may read what is said there."""
    return row.call_id in actor.sits_on or reads(Action.SELECTION_READ)(actor, row, session)


def _bank(actor: Actor, row: BankAccount, session: Session) -> bool:
    """The auditor knows that there are bank details, and reads them masked."""
    return actor.audits or reads(Action.ORGANISATION_READ_BANK)(actor, row, session)


def _account(actor: Actor, row: Account, session: Session) -> bool:
    return row.id == actor.id or may(actor, Action.ADMINISTRATION_BROWSE_ACCOUNTS, SERVICE)


def _promise(actor: Actor, row: Promise, session: Session) -> bool:
    """One's own mails; those of the programme for whoever may try them again; all for the auditor without conflict."""
    subject = subject_of(row, session)
    audits = actor.audits and actor.id not in subject.conflicted
    return row.recipient_id == actor.id or may(actor, Action.MESSAGE_RETRY, subject) or audits


def _for_managers(action: Action) -> Rule:
    """For whoever may do something about it, and for the auditor without conflict."""

    def rule(actor: Actor, row: Any, session: Session) -> bool:
        subject = subject_of(row, session)
        return may(actor, action, subject) or (actor.audits and actor.id not in subject.conflicted)

    return rule


RULES: dict[type[Any], Rule] = {
    Account: _account,
    Agreement: reads(Action.AGREEMENT_READ),
    Amendment: reads(Action.PROJECT_READ),
    Application: reads(Action.APPLICATION_READ),
    Attachment: reads(Action.APPLICATION_READ_ATTACHMENT),
    BankAccount: _bank,
    Call: _call,
    Decision: reads(Action.DECISION_READ),
    Departure: _for_managers(Action.DECISION_PLAN),
    Export: lambda actor, row, _session: row.account_id == actor.id,
    Invitation: reads(Action.ACCOUNT_REVOKE_INVITATION),
    Invitee: reads(Action.CALL_READ_INVITED),
    Meeting: _meeting,
    Milestone: reads_project(Action.PROJECT_READ),
    Organisation: reads(Action.ORGANISATION_READ),
    Paper: reads(Action.ORGANISATION_READ_PAPER),
    Programme: lambda _actor, _row, _session: True,  # public, with its calls
    Project: reads(Action.PROJECT_READ),
    Promise: _promise,
    Report: reads(Action.REPORT_READ),
    Review: _review,
    Scenario: _scenario,
    Succession: _for_managers(Action.DECISION_TAKE_SUCCESSOR),
    SupportSession: reads_project(Action.PROJECT_READ),
    Tranche: reads(Action.PROJECT_READ),
    UserSession: reads(Action.ACCOUNT_REVOKE_SESSION),
}
# the trail has no subject of its own: tests below say who reads what of it
WITHOUT_SUBJECT = {"AuditEntry"}


@pytest.mark.parametrize("code", EVERYBODY)
@pytest.mark.parametrize("model", RULES, ids=lambda model: model.__name__)
def test_a_row_is_listed_exactly_when_it_may_be_read(stage: Stage, model: type[Any], code: str) -> None:
    with reading() as session:
        actor = ANONYMOUS if code == "AN" else actor_for(session, stage.world.cast[code].id)
        listed = set(session.scalars(select(model.id).where(visible_to(actor, model))))
        rows = session.scalars(select(model)).all()
        allowed = {row.id for row in rows if RULES[model](actor, row, session)}
        assert rows
        names = {row.id: name for name, row in stage.world.rows.items() if isinstance(row, model)}
        difference = {names.get(key, key) for key in listed ^ allowed}
    assert not difference


def test_every_kind_of_row_that_is_listed_is_compared() -> None:
    assert {model.__name__ for model in VISIBLE} == {model.__name__ for model in RULES} | WITHOUT_SUBJECT


@pytest.mark.parametrize("model", RULES, ids=lambda model: model.__name__)
def test_the_scheduler_sees_every_row(stage: Stage, model: type[Any]) -> None:
    with reading() as session:
        listed = session.scalars(select(model.id).where(visible_to(SYSTEM, model))).all()
        assert len(listed) == len(session.scalars(select(model.id)).all())
