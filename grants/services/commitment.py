"""The money that decisions hold: taken from the envelope and given back by conditional updates alone.

Reading what is left and writing afterwards would let two managers both find the last euro. One UPDATE with its
condition, whose row count is looked at, cannot; the schema forbids the rest.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.models import Application, Decision, Envelope
from grants.policies import SYSTEM
from grants.services import lifecycle
from grants.workflow.actions import Action


@dataclass(frozen=True)
class Hold:
    """`held`: the envelope bore it and holds it now. `left_cents`: what it had before."""

    held: bool
    left_cents: int


def hold(session: Session, call_id: int, cents: int) -> Hold:
    """Take `cents` from the envelope of a call, if it bears them; nothing is taken for 0."""
    if cents <= 0:
        return Hold(held=True, left_cents=_left(session, call_id))
    taken = session.execute(
        update(Envelope)
        .where(Envelope.call_id == call_id, Envelope.committed_cents + cents <= Envelope.total_cents)
        .values(committed_cents=Envelope.committed_cents + cents)
        .execution_options(synchronize_session=False)
    )
    left = _left(session, call_id)
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return Hold(held=True, left_cents=left + cents)
    # somebody may have given money back since: what counts is that this hold was refused
    return Hold(held=False, left_cents=min(left, cents - 1))


def give_back(session: Session, call_id: int, cents: int) -> None:
    """Return `cents` to the envelope of a call."""
    if cents > 0:
        session.execute(
            update(Envelope)
            .where(Envelope.call_id == call_id)
            .values(committed_cents=Envelope.committed_cents - cents)
            .execution_options(synchronize_session=False)
        )


def lapse(session: Session, application: Application) -> Decision | None:
    """End the decision that stands on a file whose applicant withdraws, and free its money.

    Nothing of it was ever known outside: a released decision is left as it is. Returns the ended decision.
    """
    decision = session.scalar(
        select(Decision)
        .where(Decision.application_id == application.id, Decision.ended_at.is_(None), Decision.released_at.is_(None))
        .with_for_update()
    )
    if decision is None:
        return None
    give_back(session, application.call_id, decision.awarded_cents)
    lifecycle.perform(session, actor=SYSTEM, action=Action.DECISION_LAPSE, row=decision)
    decision.ended_at = lifecycle.moment(session)
    session.flush()
    return decision


def _left(session: Session, call_id: int) -> int:
    query = select(Envelope.total_cents - Envelope.committed_cents).where(Envelope.call_id == call_id)
    return session.scalar(query) or 0
