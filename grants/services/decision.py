"""Deciding: the committee proposes, the board's act is entered, the decisions leave together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.domain.forms import SectionKind
from grants.domain.ledger import Posting as Side
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line, clean_text
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Account, Application, Call, Decision, Meeting, Posting, Project
from grants.policies import Actor, require
from grants.queries import committee
from grants.queries.locking import locked, several_locked
from grants.queries.subjects import subject_of
from grants.queries.terms import form_of
from grants.services import lifecycle
from grants.services.commitment import give_back, hold
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.facts import DecisionFacts
from grants.workflow.meeting import MeetingState

LIMITS = {"motive": 4000, "conditions": 4000, "votes": 60, "reason_code": 40, "board_reference": 80}
LONG_TEXTS = frozenset({"motive", "conditions"})
MOST_RANKS = 10_000


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
    _refuse_wild(outcome, awarded_cents, reserve_rank)
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
    standing = session.scalar(select(Decision).where(Decision.application_id == row.id, Decision.ended_at.is_(None)))
    if standing is not None:
        raise _says(session, standing)
    facts = _facts(session, row, decision)
    meeting = committee.live_meeting(session, row.call_id)
    decision.meeting_id = meeting.id if meeting else None
    # the envelope's row is the queue of everybody who awards; a request that is refused anyway holds nothing
    askable = decision.awarded_cents if decision.awarded_cents <= facts.requested_cents else 0
    facts = replace(facts, left_cents=hold(session, row.call_id, askable).left_cents)
    reasons = lifecycle.obstacles(row, Action.DECISION_PROPOSE) + lifecycle.obstacles(
        decision, Action.DECISION_PROPOSE, facts
    )
    if reasons:
        raise NotPossible(Action.DECISION_PROPOSE, reasons)
    decision.proposed_at = lifecycle.moment(session)
    session.add(decision)
    session.flush()
    note = {"outcome": str(decision.outcome), "awarded_cents": decision.awarded_cents, "voters": facts.voters}
    lifecycle.perform(session, actor=actor, action=Action.DECISION_PROPOSE, row=decision, facts=facts, note=note)


def undo(*, actor: Actor, decision: str) -> Decision:
    """Take a proposal back while the sitting lasts: its money is free again, the file waits for another.

    Raises NotPossible once the sitting is closed or the board has decided.
    """
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        application = session.get_one(Application, row.application_id)
        facts = _facts(session, application, row)
        require(actor, Action.DECISION_UNDO, subject_of(row, session))
        # everybody takes the envelope before the trail: two orders would be a deadlock
        give_back(session, application.call_id, row.awarded_cents)
        lifecycle.perform(session, actor=actor, action=Action.DECISION_UNDO, row=row, facts=facts)
        row.ended_at = lifecycle.moment(session)
        return row


def approve(*, actor: Actor, decisions: Iterable[str], board_on: date | None, board_reference: str) -> list[Decision]:
    """Enter the act by which the board follows the committee: all of these proposals or none.

    Raises NotPossible (sitting not closed, act not entered), NotFound if one of them is not the actor's.
    """
    reference = _cleaned("board_reference", board_reference)
    with transaction() as session:
        rows = several_locked(session, actor, Decision, decisions)
        for row in rows:
            application = session.get_one(Application, row.application_id)
            facts = replace(_facts(session, application, row), board_on=board_on, board_reference=reference)
            note = {"board_on": board_on.isoformat() if board_on else "", "board_reference": reference}
            lifecycle.perform(session, actor=actor, action=Action.DECISION_APPROVE, row=row, facts=facts, note=note)
            row.board_on, row.board_reference = board_on, reference
            row.approved_by_id, row.approved_at = actor.id, lifecycle.moment(session)
        return rows


def release(*, actor: Actor, decisions: Iterable[str]) -> list[Decision]:
    """Let these decisions leave: files decided, letters and mails promised, awards entered in the ledger. All or none.

    A decision that has left already is returned as it is: two managers pressing make one batch.
    """
    with transaction() as session:
        rows = several_locked(session, actor, Decision, decisions)
        at = lifecycle.moment(session)
        for row in rows:
            if row.state != DecisionState.RELEASED:
                _release(session, actor, row)
                row.released_by_id, row.released_at = actor.id, at
        return rows


def _release(session: Session, actor: Actor, row: Decision) -> None:
    application = session.get_one(Application, row.application_id)
    facts = _facts(session, application, row)
    lifecycle.perform(session, actor=actor, action=Action.DECISION_RELEASE, row=row, facts=facts)
    note = {"decision": row.public_id}
    lifecycle.perform(session, actor=actor, action=Action.DECISION_RELEASE, row=application, note=note)
    if row.awarded_cents:
        _post(session, f"award:{row.public_id}", application.call_id, row.awarded_cents)


def lift_condition(*, actor: Actor, decision: str) -> Decision:
    """Note that the condition of an award is met: its agreement may be sent. Lifting it again changes nothing."""
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        if row.conditions_lifted_at is None:
            application = session.get_one(Application, row.application_id)
            facts = _facts(session, application, row)
            lifecycle.perform(session, actor=actor, action=Action.DECISION_LIFT_CONDITION, row=row, facts=facts)
            row.conditions_lifted_at = lifecycle.moment(session)
        return row


def revoke(*, actor: Actor, decision: str, motive: str) -> Decision:
    """Withdraw an approved or released decision, with its reason: the money is free, another decision may follow.

    Raises NotPossible once a project stands on it. What was posted is undone by postings the other way.
    """
    why = _cleaned("motive", motive)
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        application = session.get_one(Application, row.application_id)
        require(actor, Action.DECISION_REVOKE, subject_of(row, session))
        was_released = row.state == DecisionState.RELEASED
        facts = replace(_facts(session, application, row), motive=why)
        give_back(session, application.call_id, row.awarded_cents)
        lifecycle.perform(
            session, actor=actor, action=Action.DECISION_REVOKE, row=row, facts=facts, note={"reason": why}
        )
        row.ended_at = lifecycle.moment(session)
        if was_released and row.awarded_cents:
            _post(session, f"award-revoked:{row.public_id}", application.call_id, -row.awarded_cents)
        return row


def _post(session: Session, entry: str, call_id: int, cents: int) -> None:
    """Two sides that sum to zero: from the envelope to the awards, or back where `cents` is negative."""
    at = lifecycle.moment(session)
    for side in (Side("envelope", -cents), Side("awards", cents)):
        session.add(
            Posting(entry=entry, posted_at=at, call_id=call_id, account=side.account, amount_cents=side.amount_cents)
        )


def _facts(session: Session, application: Application, decision: Decision) -> DecisionFacts:
    """The picture of a decision beside its sitting; what the envelope has left is filled in by whoever takes from it."""
    meeting = (
        session.get(Meeting, decision.meeting_id)
        if decision.meeting_id is not None
        else committee.live_meeting(session, application.call_id)
    )
    funded = session.scalar(select(Project.id).where(Project.decision_id == decision.id)) if decision.id else None
    return DecisionFacts(
        outcome=str(decision.outcome),
        awarded_cents=decision.awarded_cents,
        requested_cents=_asked_cents(application),
        motive=decision.motive,
        conditions=decision.conditions,
        reserve_rank=decision.reserve_rank,
        meeting_open=meeting is not None and meeting.state == MeetingState.OPEN,
        meeting_closed=meeting is not None and meeting.state == MeetingState.CLOSED,
        voters=committee.voters(session, meeting.id, application.id) if meeting else 0,
        quorum=session.get_one(Call, application.call_id).quorum,
        board_on=decision.board_on,
        board_reference=decision.board_reference or "",
        funded=funded is not None,
        conditions_lifted=decision.conditions_lifted_at is not None,
    )


def _asked_cents(application: Application) -> int:
    """What may be awarded at most: what was asked for, or the call's ceiling where its form asks for no budget."""
    if any(section.kind is SectionKind.BUDGET for section in form_of(application).sections):
        return application.requested_cents
    call = application.call
    return call.max_cents or (call.envelope.total_cents if call.envelope else 0)


def _already(application: str) -> Conflict:
    """Who decided meanwhile: read apart, since the transaction that met the unique rule is gone."""
    with reading() as session:
        standing = session.scalar(
            select(Decision).join(Application).where(Application.public_id == application, Decision.ended_at.is_(None))
        )
        return _says(session, standing) if standing is not None else Conflict("decision")


def _says(session: Session, standing: Decision) -> Conflict:
    by = session.scalar(select(Account.name).where(Account.id == standing.proposed_by_id))
    return Conflict("decision", by, standing.proposed_at)


def _refuse_wild(outcome: str, awarded_cents: int, reserve_rank: int | None) -> None:
    problems = {}
    if outcome not in set(Outcome):
        problems["outcome"] = Reason("missing")
    if awarded_cents < 0:
        problems["awarded_cents"] = Reason("negative")
    if reserve_rank is not None and not 1 <= reserve_rank <= MOST_RANKS:
        problems["reserve_rank"] = Reason("reserve_ranked")
    if problems:
        raise Invalid(problems)


def _clean(**texts: str) -> Words:
    return Words(**{name: _cleaned(name, text) for name, text in texts.items()})


def _cleaned(name: str, text: str) -> str:
    clean = clean_text if name in LONG_TEXTS else clean_line
    try:
        return clean(text, LIMITS[name])
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error
