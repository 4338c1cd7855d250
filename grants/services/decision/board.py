"""The board decides: it follows the committee, or it does not, with its reason."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.errors import NotPossible
from grants.models import Application, Decision
from grants.policies import Actor, require
from grants.queries.locking import locked, several_locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle
from grants.services.commitment import give_back, held_cents, hold
from grants.services.decision import picture
from grants.services.decision.wording import Wish
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Origin


def approve(*, actor: Actor, decisions: Iterable[str], board_on: date | None, board_reference: str) -> list[Decision]:
    """Enter the act by which the board follows the committee: all of these proposals or none.

    Raises NotPossible (sitting not closed, act not entered), NotFound if one of them is not the actor's.
    """
    reference = picture.cleaned("board_reference", board_reference)
    with transaction() as session:
        rows = several_locked(session, actor, Decision, decisions)
        for row in rows:
            application = session.get_one(Application, row.application_id)
            facts = picture.facts(session, application, row, board_on=board_on, board_reference=reference)
            note = picture.told_on(board_on, reference)
            lifecycle.perform(session, actor=actor, action=Action.DECISION_APPROVE, row=row, facts=facts, note=note)
            row.board_on, row.board_reference = board_on, reference
            row.approved_by_id, row.approved_at = actor.id, lifecycle.moment(session)
        return rows


def decide_otherwise(
    *, actor: Actor, decision: str, wish: Wish, board_on: date | None, board_reference: str
) -> Decision:
    """Enter the act by which the board does not follow a proposal: it ends, and the board's own decision stands.

    `wish.why`: the board's reason. Both stay, with their distance. Raises NotPossible with every reason (sitting not
    closed, act or reason missing, envelope…), Invalid for what cannot be kept.
    """
    said = wish.cleaned()
    reference = picture.cleaned("board_reference", board_reference)
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        require(actor, Action.DECISION_DECLINE, subject_of(row, session))
        application = session.get_one(Application, row.application_id)
        act: dict[str, Any] = {"board_on": board_on, "board_reference": reference, "why": said.why}
        declined = picture.facts(session, application, row, **act)
        reasons = lifecycle.obstacles(row, Action.DECISION_DECLINE, declined)
        if reasons:
            raise NotPossible(Action.DECISION_DECLINE, reasons)
        return _otherwise(session, actor, application, row, said, act)


def _otherwise(
    session: Session, actor: Actor, application: Application, row: Decision, said: Wish, act: dict[str, Any]
) -> Decision:
    assert actor.id is not None
    made = Decision(
        application_id=application.id,
        state=DecisionState.PROPOSED,
        origin=Origin.BOARD,
        follows_id=row.id,
        proposed_by_id=actor.id,
        votes="",
        **said.columns(),
        **act,
    )
    give_back(session, application.call_id, held_cents(row))
    left = hold(session, application.call_id, _askable(application, made)).left_cents
    facts = picture.facts(session, application, made, left_cents=left)
    reasons = lifecycle.obstacles(made, Action.DECISION_DECIDE_OTHERWISE, facts)
    if reasons:
        raise NotPossible(Action.DECISION_DECIDE_OTHERWISE, reasons)
    note: dict[str, Any] = picture.told_on(made.board_on, made.board_reference) | {"why": said.why}
    lifecycle.perform(
        session,
        actor=actor,
        action=Action.DECISION_DECLINE,
        row=row,
        facts=picture.facts(session, application, row, **act),
        note=note,
    )
    at = lifecycle.moment(session)
    row.ended_at, row.ended_why = at, said.why
    session.flush()
    made.proposed_at = at
    session.add(made)
    session.flush()
    note = {**note, "outcome": str(made.outcome), "awarded_cents": made.awarded_cents, "proposal": row.public_id}
    lifecycle.perform(session, actor=actor, action=Action.DECISION_DECIDE_OTHERWISE, row=made, facts=facts, note=note)
    made.approved_by_id, made.approved_at = actor.id, at
    return made


def _askable(application: Application, made: Decision) -> int:
    """What is asked of the envelope: nothing for an amount that is refused anyway."""
    return made.awarded_cents if made.awarded_cents <= picture.asked_cents(application) else 0
