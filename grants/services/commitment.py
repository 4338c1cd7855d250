"""The money that decisions hold: taken from the envelope and given back by conditional updates alone.

Reading what is left and writing afterwards would let two managers both find the last euro. One UPDATE with its
condition, whose row count is looked at, cannot; the schema forbids the rest. Whoever touches the envelope does so before
the trail: two orders would be a deadlock.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.domain.ledger import Posting as Side
from grants.models import Application, Call, Decision, Envelope, Posting, Succession
from grants.policies import SYSTEM
from grants.queries.subjects import name_of
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState
from grants.workflow.facts import SuccessionFacts

SUCCESSION = "succession"  # the kind of promise under which the worker looks for who could enter


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


def held_cents(decision: Decision) -> int:
    """What a current decision holds of the envelope: its award, less what went back since."""
    return decision.awarded_cents - decision.freed_cents


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
    give_back(session, application.call_id, held_cents(decision))
    decided = decision.state == DecisionState.APPROVED
    lifecycle.perform(session, actor=SYSTEM, action=Action.DECISION_LAPSE, row=decision)
    decision.ended_at = lifecycle.moment(session)
    session.flush()
    if decided:  # in a sitting that lasts, the committee sees to the money itself
        seek(session, decision, held_cents(decision), "withdrawn")
    return decision


def free(session: Session, decision: Decision, cents: int, cause: str) -> None:
    """Give back a part of an award that stands (a project lowered or ended): envelope, ledger, and who could have it.

    The caller has not touched the trail yet, or holds the envelope already.
    """
    if cents <= 0:
        return
    call_id = session.get_one(Application, decision.application_id).call_id
    give_back(session, call_id, cents)
    decision.freed_cents += cents
    post(session, f"award-freed:{decision.public_id}:{decision.freed_cents}", call_id, -cents)
    seek(session, decision, cents, cause)


def post(session: Session, entry: str, call_id: int, cents: int) -> None:
    """Two sides that sum to zero: from the envelope to the awards, or back where `cents` is negative."""
    at = lifecycle.moment(session)
    for side in (Side("envelope", -cents), Side("awards", cents)):
        session.add(
            Posting(entry=entry, posted_at=at, call_id=call_id, account=side.account, amount_cents=side.amount_cents)
        )


def seek(session: Session, decision: Decision, cents: int, cause: str) -> Succession | None:
    """Promise to work out who of the reserve list could enter with freed money; nothing for no money."""
    if cents <= 0:
        return None
    call = session.get_one(Call, session.get_one(Application, decision.application_id).call_id)
    row = Succession(
        call_id=call.id,
        decision_id=decision.id,
        cause=cause,
        freed_cents=cents,
        opened_at=lifecycle.moment(session),
    )
    session.add(row)
    session.flush()
    ask(session, call, row, {"cause": cause, "freed_cents": cents})
    return row


def ask(session: Session, call: Call, row: Succession, note: dict[str, object]) -> None:
    """Put it to the worker, with the trace of who asked: the system, when money is freed."""
    lifecycle.perform(
        session, actor=SYSTEM, action=Action.DECISION_SEEK_SUCCESSOR, row=row, facts=SuccessionFacts(), note=note
    )
    promised = lifecycle.moment(session)
    outbox.put(
        session,
        f"{SUCCESSION}:{row.public_id}:{row.version}",
        kind=SUCCESSION,
        name=SUCCESSION,
        subject=name_of(row),
        made_at=promised,
        programme_id=call.programme_id,
        payload={"succession": row.public_id},
    )


def _left(session: Session, call_id: int) -> int:
    query = select(Envelope.total_cents - Envelope.committed_cents).where(Envelope.call_id == call_id)
    return session.scalar(query) or 0
