"""Exceptions: a later date for one file, a rule lifted; with a reason, and a second person where one is asked."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.eligibility import Outcome
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Call, Organisation, Waiver
from grants.policies import Actor, require
from grants.queries.eligibility import deadline_of
from grants.queries.locking import locked
from grants.queries.screening import checks_of, picture
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.screening.recording import REASON_LIMIT, Finding, put, read
from grants.workflow.actions import Action
from grants.workflow.application import DRAFTING, ApplicationState

DEADLINE = "received_before_deadline"
EXTENDED = (*DRAFTING, ApplicationState.RETURNED)


def extend(*, actor: Actor, call: str, organisation: str, until_at: datetime | None, reason: str) -> list[Waiver]:
    """Give an organisation a later date for its files of a call that are still being written.

    Before the deadline it is granted at once; after it, a second person has to confirm. `call`, `organisation`: public
    ids. Raises NotFound, NotAllowed, Invalid, NotPossible (no_file: it writes none).
    """
    words = read("reason", reason, REASON_LIMIT)
    with transaction() as session:
        owner = one_for(session, actor, Call, call)
        require(actor, Action.SCREENING_EXTEND, subject_of(owner, session))
        files = _written(session, owner, organisation)
        if not files:
            raise NotPossible(Action.SCREENING_EXTEND, (Reason("no_file"),))
        return [_extend(session, actor, row, until_at, words) for row in files]


def _written(session: Session, call: Call, organisation: str) -> list[Application]:
    query = (
        select(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.call_id == call.id, Organisation.public_id == organisation, Application.state.in_(EXTENDED))
        .order_by(Application.id)
        .with_for_update(of=Application)
    )
    return list(session.scalars(query))


def _extend(session: Session, actor: Actor, row: Application, until_at: datetime | None, words: str) -> Waiver:
    at, deadline = lifecycle.moment(session), deadline_of(row)
    passed = deadline is not None and at >= deadline
    if until_at is not None and deadline is not None and until_at <= deadline:
        raise Invalid({"due_on": Reason("not_later", {"closes_at": deadline})})
    action = Action.SCREENING_ASK_EXTENSION if passed else Action.SCREENING_EXTEND
    facts = picture(session, row, at, own_deadline_at=until_at, reason=words, passed=passed)
    note = {"until_at": until_at.isoformat() if until_at else "", "reason": words}
    lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, note=note)
    assert actor.id is not None  # a manager, as the policy says
    waiver = Waiver(
        application_id=row.id, rule=DEADLINE, reason=words, asked_by_id=actor.id, asked_at=at, until_at=until_at
    )
    if not passed:
        waiver.granted, waiver.answered_by_id, waiver.answered_at = True, actor.id, at
        row.own_deadline_at = until_at
    session.add(waiver)
    session.flush()
    return waiver


def propose_waiver(*, actor: Actor, application: str, rule: str, reason: str) -> Waiver:
    """Propose to lift a rule that the file does not meet; a second person answers. Raises NotPossible, Invalid."""
    words = read("reason", reason, REASON_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        at = lifecycle.moment(session)
        found = checks_of(session, row.id).get(rule)
        failed = (rule,) if found is not None and found.outcome == Outcome.FAIL else ()
        facts = picture(session, row, at, reason=words, failed=failed)
        note = {"rule": rule, "reason": words}
        lifecycle.perform(session, actor=actor, action=Action.SCREENING_PROPOSE_WAIVER, row=row, facts=facts, note=note)
        assert actor.id is not None  # a manager, as the policy says
        waiver = Waiver(application_id=row.id, rule=rule, reason=words, asked_by_id=actor.id, asked_at=at)
        session.add(waiver)
        session.flush()
        return waiver


def grant_waiver(*, actor: Actor, waiver: str, own_deadline_at: datetime | None, answer: str) -> Waiver:
    """Let the file in although a rule refuses it: with a date of its own and a reason, by a second person."""
    return _answer(actor, waiver, answer, own_deadline_at, granted=True)


def refuse_waiver(*, actor: Actor, waiver: str, answer: str) -> Waiver:
    """Say no to a waiver, with the reason."""
    return _answer(actor, waiver, answer, None, granted=False)


def _answer(actor: Actor, waiver: str, answer: str, own_deadline_at: datetime | None, *, granted: bool) -> Waiver:
    words = read("answer", answer, REASON_LIMIT)
    action = Action.SCREENING_GRANT_WAIVER if granted else Action.SCREENING_REFUSE_WAIVER
    with transaction() as session:
        row, application = _waiver(session, actor, waiver)
        at = lifecycle.moment(session)
        of = "deadline" if row.rule == DEADLINE else "rule"
        facts = picture(session, application, at, own_deadline_at=own_deadline_at, reason=words, waiver_of=of)
        note = {"waiver": row.public_id, "rule": row.rule, "reason": words}
        lifecycle.perform(session, actor=actor, action=action, row=application, facts=facts, note=note)
        row.granted, row.answer, row.answered_by_id, row.answered_at = granted, words, actor.id, at
        if granted:
            if of == "deadline":
                application.own_deadline_at = own_deadline_at
            finding = Finding(row.rule, Outcome.WAIVED, words, by_hand=True)
            put(session, actor, application, finding, checks_of(session, application.id), at)
        session.flush()
        return row


def _waiver(session: Session, actor: Actor, public_id: str) -> tuple[Waiver, Application]:
    """A waiver and its file, locked. The file may be a draft that its programme does not see: the act is asked for."""
    row = session.scalar(select(Waiver).where(Waiver.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    query = select(Application).where(Application.id == row.application_id).with_for_update(of=Application)
    application = session.scalars(query.execution_options(populate_existing=True)).one()
    if application.call.programme_id not in actor.manages and not actor.audits:
        raise NotFound(public_id)
    session.refresh(row)
    return row, application
