"""After the sitting: a decision taken back, another one in its place, the same one in a letter written anew."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.errors import Conflict, NotPossible, Reason
from grants.models import Application, Decision
from grants.policies import Actor, require
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle
from grants.services.commitment import give_back, held_cents, hold, post, seek
from grants.services.decision import picture
from grants.services.decision.wording import Wish, same_as
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Origin

#: In whose place another may be prepared: a decision that its applicant knows of, or one that was taken back.
REPLACEABLE = (DecisionState.RELEASED, DecisionState.REVOKED)


def revoke(*, actor: Actor, decision: str, motive: str) -> Decision:
    """Withdraw an approved or released decision, with its reason: the money is free, another decision may follow.

    A letter tells an applicant who knew of it, with its number and date. Raises NotPossible once a project stands on
    it, while its letter is planned, while another is prepared in its place. What was posted is undone by postings the
    other way.
    """
    why = picture.cleaned("why", motive)
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        require(actor, Action.DECISION_REVOKE, subject_of(row, session))
        application = session.get_one(Application, row.application_id)
        _refuse_pending(session, row, Action.DECISION_REVOKE)
        was_released = row.state == DecisionState.RELEASED
        facts = picture.facts(session, application, row, motive=why)
        picture.refuse(row, Action.DECISION_REVOKE, facts)
        cents = held_cents(row)
        give_back(session, application.call_id, cents)
        lifecycle.perform(
            session, actor=actor, action=Action.DECISION_REVOKE, row=row, facts=facts, note={"reason": why}
        )
        row.ended_at, row.ended_why = lifecycle.moment(session), why
        if was_released and cents:
            post(session, f"award-revoked:{row.public_id}", application.call_id, -cents)
            session.flush()
            seek(session, row, cents, "revoked")
        return row


def revise(*, actor: Actor, decision: str, wish: Wish) -> Decision:
    """Prepare another decision in the place of one that was released, or taken back; `wish.why` is told in its letter.

    The board's act is entered as for a proposal of the committee; until its letter leaves, the applicant knows of the
    first alone. Raises NotPossible (a project stands on it, envelope, reason…), Conflict when another is prepared.
    """
    said = wish.cleaned()
    return _instead(actor, Action.DECISION_REVISE, decision, lambda _former: said, origin=Origin.REVISION)


def reissue(
    *,
    actor: Actor,
    decision: str,
    why: str,
    motive: str,
    conditions: str = "",
    conditions_due_on: date | None = None,
) -> Decision:
    """Prepare the same decision in a letter written anew (a wrong address, a wrong word); another person confirms it.

    Outcome, amount and the board's act stay. Raises as `revise` does.
    """

    def anew(former: Decision) -> Wish:
        return same_as(
            former, why=why, motive=motive, conditions=conditions, conditions_due_on=conditions_due_on
        ).cleaned()

    return _instead(actor, Action.DECISION_REISSUE, decision, anew, origin=Origin.REISSUE)


def _instead(actor: Actor, action: Action, decision: str, wish: Any, *, origin: Origin) -> Decision:  # noqa: ANN401
    try:
        with transaction() as session:
            former = locked(session, actor, Decision, decision)
            require(actor, action, subject_of(former, session))
            return replacing(session, actor, action, former, wish(former), origin=origin)
    except IntegrityError as error:  # the unique rule of current decisions: somebody was quicker
        raise _prepared_by(decision) from error


def replacing(
    session: Session,
    actor: Actor,
    action: Action,
    former: Decision,
    said: Wish,
    *,
    origin: Origin,
) -> Decision:
    """The decision in the place of `former`, inside the caller's transaction; the envelope holds what it gives."""
    assert actor.id is not None
    application = session.get_one(Application, former.application_id)
    _refuse_pending(session, former, action)
    made = Decision(
        application_id=application.id,
        state=DecisionState.PROPOSED,
        origin=origin,
        follows_id=former.id,
        proposed_by_id=actor.id,
        why=said.why,
        **said.columns(),
    )
    if origin == Origin.REISSUE:
        made.board_on, made.board_reference = former.board_on, former.board_reference
        made.conditions_lifted_at = former.conditions_lifted_at
    stood = former.ended_at is None
    if stood:
        give_back(session, application.call_id, held_cents(former))
    askable = made.awarded_cents if made.awarded_cents <= picture.asked_cents(application) else 0
    left = hold(session, application.call_id, askable).left_cents
    facts = picture.facts(session, application, made, left_cents=left)
    reasons = _standing(former, action) + lifecycle.obstacles(made, action, facts)
    if action == Action.DECISION_REVISE:
        reasons += lifecycle.obstacles(application, action)
    if reasons:
        raise NotPossible(action, reasons)
    at = lifecycle.moment(session)
    if stood:
        former.ended_at = at
        session.flush()
    made.proposed_at = at
    session.add(made)
    session.flush()
    note = {
        "outcome": str(made.outcome),
        "awarded_cents": made.awarded_cents,
        "instead_of": former.public_id,
        "why": said.why,
    }
    lifecycle.perform(session, actor=actor, action=action, row=made, facts=facts, note=note)
    return made


def confirm(*, actor: Actor, decision: str) -> Decision:
    """A second person finds a letter written anew right: it may leave. Raises NotAllowed for who prepared it."""
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        application = session.get_one(Application, row.application_id)
        facts = picture.facts(session, application, row)
        lifecycle.perform(session, actor=actor, action=Action.DECISION_CONFIRM, row=row, facts=facts)
        row.approved_by_id, row.approved_at = actor.id, lifecycle.moment(session)
        return row


def abandon(*, actor: Actor, decision: str) -> Decision:
    """Give up what was prepared in another's place: that one stands again, and holds its money.

    Raises NotPossible when the envelope bears it no more, or for a decision of the committee or of the board.
    """
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        require(actor, Action.DECISION_ABANDON, subject_of(row, session))
        application = session.get_one(Application, row.application_id)
        seen = picture.facts(session, application, row, left_cents=row.awarded_cents)
        picture.refuse(row, Action.DECISION_ABANDON, seen)
        former = session.get(Decision, row.follows_id) if row.follows_id is not None else None
        stands = former is not None and former.state == DecisionState.RELEASED
        again = held_cents(former) if stands and former is not None else 0
        give_back(session, application.call_id, held_cents(row))
        left = hold(session, application.call_id, again).left_cents
        facts = replace(picture.facts(session, application, row), awarded_cents=again, left_cents=left)
        lifecycle.perform(session, actor=actor, action=Action.DECISION_ABANDON, row=row, facts=facts)
        row.ended_at = lifecycle.moment(session)
        session.flush()
        if former is not None and stands:
            former.ended_at = None
        if row.origin == Origin.SUCCESSION:
            seek(session, row, held_cents(row), "abandoned")
        return row


def _refuse_pending(session: Session, former: Decision, action: Action) -> None:
    """Another is prepared in its place already: its author and moment are told."""
    pending = picture.current(session, former.application_id)
    if pending is not None and pending.id != former.id:
        raise picture.says(session, pending)
    if pending is None and former.state in REPLACEABLE:
        newest = picture.last_released(session, former.application_id)
        if newest is not None and newest != former.id and former.released_at is not None:
            raise NotPossible(action, (Reason("newest_decision"),))


def _standing(former: Decision, action: Action) -> tuple[Reason, ...]:
    """Only what an applicant knows of has a letter to write anew; only that, or what was taken back, is replaced."""
    fits = former.state == DecisionState.RELEASED if action == Action.DECISION_REISSUE else former.state in REPLACEABLE
    return () if fits else (Reason("not_from_here", {"state": str(former.state), "machine": "decision"}),)


def _prepared_by(decision: str) -> Conflict:
    """Who was quicker: read apart, since the transaction that met the unique rule is gone."""
    with reading() as session:
        former = session.query(Decision).filter_by(public_id=decision).one()
        pending = picture.current(session, former.application_id)
        return picture.says(session, pending) if pending is not None else Conflict("decision")
