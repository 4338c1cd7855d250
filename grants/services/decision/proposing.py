"""In the sitting: the committee proposes, takes a proposal back; afterwards a condition is met."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.errors import Conflict, NotPossible
from grants.models import Application, Decision
from grants.policies import Actor, require
from grants.queries import committee
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import calling, lifecycle, sitting_log
from grants.services.commitment import give_back, hold
from grants.services.decision import picture
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Outcome


@dataclass(frozen=True)
class Words:
    """The texts of a proposal, cleaned."""

    motive: str = ""
    conditions: str = ""
    votes: str = ""
    reason_code: str = ""


def propose(  # noqa: PLR0913 -- the whole decision at once
    *,
    actor: Actor,
    application: str,
    outcome: str,
    awarded_cents: int = 0,
    motive: str,
    reason_code: str = "",
    conditions: str = "",
    conditions_due_on: date | None = None,
    reserve_rank: int | None = None,
    votes: str = "",
) -> Decision:
    """Write down what the committee decides about a file; an award is held by the envelope from then on.

    Raises NotPossible (quorum without the recused, envelope, request, motive…), Conflict when the file already has
    a decision (says whose and when), Invalid for a value that cannot be kept.
    """
    words = _clean(motive=motive, conditions=conditions, votes=votes, reason_code=reason_code)
    picture.refuse_wild(outcome, awarded_cents, reserve_rank)
    try:
        with transaction() as session:
            row = locked(session, actor, Application, application)
            decision = Decision(
                application_id=row.id,
                outcome=Outcome(outcome),
                awarded_cents=awarded_cents,
                reserve_rank=reserve_rank,
                conditions_due_on=conditions_due_on,
                proposed_by_id=actor.id,
                state=DecisionState.PROPOSED,
                **vars(words),
            )
            _propose(session, actor, row, decision)
            return decision
    except IntegrityError as error:  # the unique rule of current decisions: somebody was quicker
        raise _already(application) from error


def _propose(session: Session, actor: Actor, row: Application, decision: Decision) -> None:
    require(actor, Action.DECISION_PROPOSE, subject_of(decision, session))
    standing = picture.current(session, row.id)
    if standing is not None:
        raise picture.says(session, standing)
    facts = picture.facts(session, row, decision)
    meeting = committee.live_meeting(session, row.call_id)
    decision.meeting_id = meeting.id if meeting else None
    decision.follows_id = picture.last_released(session, row.id)
    # the envelope's row is the queue of everybody who awards; a request that is refused anyway holds nothing
    askable = decision.awarded_cents if decision.awarded_cents <= facts.requested_cents else 0
    facts = replace(facts, left_cents=hold(session, row.call_id, askable).left_cents)
    reasons = lifecycle.obstacles(row, Action.DECISION_PROPOSE) + lifecycle.obstacles(
        decision, Action.DECISION_PROPOSE, facts
    )
    reasons += calling.unsettled(session, row)
    if reasons:
        raise NotPossible(Action.DECISION_PROPOSE, reasons)
    decision.proposed_at = lifecycle.moment(session)
    session.add(decision)
    session.flush()
    note = {"outcome": str(decision.outcome), "awarded_cents": decision.awarded_cents, "voters": facts.voters}
    lifecycle.perform(session, actor=actor, action=Action.DECISION_PROPOSE, row=decision, facts=facts, note=note)
    sitting_log.proposed(session, row, decision, actor.id)
    calling.settle(session, row)


def undo(*, actor: Actor, decision: str) -> Decision:
    """Take a proposal back while the sitting lasts: its money is free again, the file waits for another.

    Raises NotPossible once the sitting is closed or the board has decided.
    """
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        application = session.get_one(Application, row.application_id)
        facts = picture.facts(session, application, row)
        require(actor, Action.DECISION_UNDO, subject_of(row, session))
        picture.refuse(row, Action.DECISION_UNDO, facts)
        # everybody takes the envelope before the trail: two orders would be a deadlock
        give_back(session, application.call_id, row.awarded_cents)
        lifecycle.perform(session, actor=actor, action=Action.DECISION_UNDO, row=row, facts=facts)
        row.ended_at = lifecycle.moment(session)
        sitting_log.undone(session, application, row, actor.id)
        return row


def lift_condition(*, actor: Actor, decision: str) -> Decision:
    """Note that the condition of an award is met: its agreement may be sent. Lifting it again changes nothing."""
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        if row.conditions_lifted_at is None:
            application = session.get_one(Application, row.application_id)
            facts = picture.facts(session, application, row)
            lifecycle.perform(session, actor=actor, action=Action.DECISION_LIFT_CONDITION, row=row, facts=facts)
            row.conditions_lifted_at = lifecycle.moment(session)
        return row


def _already(application: str) -> Conflict:
    """Who decided meanwhile: read apart, since the transaction that met the unique rule is gone."""
    with reading() as session:
        standing = session.scalar(
            select(Decision).join(Application).where(Application.public_id == application, Decision.ended_at.is_(None))
        )
        return picture.says(session, standing) if standing is not None else Conflict("decision")


def _clean(**texts: str) -> Words:
    return Words(**{name: picture.cleaned(name, text) for name, text in texts.items()})
