"""Letters leave: at once, or together at a planned moment that can be cancelled until it comes. All of them or none."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.errors import NotPossible, Reason
from grants.models import Application, Decision, Departure
from grants.policies import SYSTEM, Actor, require
from grants.queries.locking import locked, several_locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle
from grants.services.commitment import held_cents, post, seek
from grants.services.decision import picture
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.departure import DepartureState
from grants.workflow.facts import DepartureFacts


def release(*, actor: Actor, decisions: Iterable[str]) -> list[Decision]:
    """Let these decisions leave: files decided, letters and mails promised, awards entered in the ledger. All or none.

    A decision that has left already is returned as it is: two managers pressing make one batch. Raises NotPossible with
    every reason, each with the number of its file.
    """
    with transaction() as session:
        rows = several_locked(session, actor, Decision, decisions)
        _leave(session, actor, rows)
        return rows


def _leave(session: Session, actor: Actor, rows: Sequence[Decision]) -> None:
    """The rows that have not left, in this transaction, once nothing stands in the way of any."""
    waiting = [row for row in rows if row.released_at is None]
    refuse_obstacles(session, waiting)
    at = lifecycle.moment(session)
    for row in waiting:
        _release(session, actor, row)
        row.released_by_id, row.released_at = actor.id, at


def refuse_obstacles(session: Session, rows: Sequence[Decision]) -> None:
    """Raise NotPossible with what keeps any of these decisions from leaving."""
    reasons = tuple(reason for row in rows for reason in in_the_way(session, row))
    if reasons:
        raise NotPossible(Action.DECISION_RELEASE, reasons)


def in_the_way(session: Session, row: Decision) -> tuple[Reason, ...]:
    """What keeps a decision from leaving now; each reason knows the number of its file."""
    application = session.get_one(Application, row.application_id)
    found = lifecycle.obstacles(row, Action.DECISION_RELEASE, picture.facts(session, application, row))
    found += lifecycle.obstacles(application, Action.DECISION_RELEASE)
    return tuple(Reason(one.code, {**one.params, "file": application.number or application.title}) for one in found)


def _release(session: Session, actor: Actor, row: Decision) -> None:
    application = session.get_one(Application, row.application_id)
    if row.outcome == Outcome.RESERVE:
        row.reserve_until_on = row.reserve_until_on or application.call.reserve_until_on
    facts = picture.facts(session, application, row)
    lifecycle.perform(session, actor=actor, action=Action.DECISION_RELEASE, row=row, facts=facts)
    note = {"decision": row.public_id}
    lifecycle.perform(session, actor=actor, action=Action.DECISION_RELEASE, row=application, note=note)
    if row.awarded_cents:
        post(session, f"award:{row.public_id}", application.call_id, row.awarded_cents)
    former = session.get(Decision, row.follows_id) if row.follows_id is not None else None
    if former is not None and former.state == DecisionState.RELEASED:
        _supersede(session, actor, former, row, application)


def _supersede(session: Session, actor: Actor, former: Decision, row: Decision, application: Application) -> None:
    """The letter that is replaced stays; what it gave is undone in the ledger, and what is over may serve others."""
    note = {"by": row.public_id, "why": row.why}
    lifecycle.perform(session, actor=actor, action=Action.DECISION_SUPERSEDE, row=former, note=note)
    former.ended_why = row.why
    cents = held_cents(former)
    if cents:
        post(session, f"award-superseded:{former.public_id}", application.call_id, -cents)
        session.flush()
        seek(session, row, cents - row.awarded_cents, "lowered")


def plan(*, actor: Actor, decisions: Iterable[str], leaves_at: datetime) -> Departure:
    """Plan that these decisions of one call leave together at `leaves_at` (UTC); until then nobody outside knows.

    Raises NotPossible: a moment that is not ahead, no decision that has not left, anything that keeps one from leaving.
    """
    with transaction() as session:
        rows = [one for one in several_locked(session, actor, Decision, decisions) if one.released_at is None]
        calls = {session.get_one(Application, one.application_id).call_id for one in rows}
        if len(calls) != 1:
            raise NotPossible(Action.DECISION_PLAN, (Reason("decisions_in_it"),))
        assert actor.id is not None
        now = lifecycle.moment(session)
        made = Departure(
            state=DepartureState.PLANNED,
            call_id=calls.pop(),
            leaves_at=leaves_at,
            planned_by_id=actor.id,
            planned_at=now,
        )
        require(actor, Action.DECISION_PLAN, subject_of(made, session))
        for one in rows:
            require(actor, Action.DECISION_RELEASE, subject_of(one, session))
        facts = DepartureFacts(now=now, leaves_at=leaves_at, decisions=len(rows))
        reasons = lifecycle.obstacles(made, Action.DECISION_PLAN, facts)
        if reasons:
            raise NotPossible(Action.DECISION_PLAN, reasons)
        refuse_obstacles(session, rows)
        session.add(made)
        session.flush()
        for one in rows:
            one.departure_id = made.id
        note: dict[str, Any] = {
            "leaves_at": leaves_at.isoformat(timespec="minutes"),
            "decisions": [one.public_id for one in rows],
        }
        lifecycle.perform(session, actor=actor, action=Action.DECISION_PLAN, row=made, facts=facts, note=note)
        return made


def cancel(*, actor: Actor, departure: str) -> Departure:
    """Stop a planned departure: its decisions wait again. Raises NotPossible once the letters have left."""
    with transaction() as session:
        row = locked(session, actor, Departure, departure)
        lifecycle.perform(session, actor=actor, action=Action.DECISION_CANCEL_PLAN, row=row, facts=_now(session, row))
        _let_go(session, row)
        return row


def leave_due() -> int:
    """What the clock does: the planned departures whose moment has come leave, or are held. Returns how many left."""
    with reading() as session:
        query = select(Departure.id, Departure.leaves_at).where(Departure.state == DepartureState.PLANNED)
        now = lifecycle.moment(session)
        due = [row.id for row in session.execute(query.order_by(Departure.leaves_at)) if row.leaves_at <= now]
    return sum(_leave_together(one) for one in due)


def _leave_together(departure_id: int) -> bool:
    try:
        with transaction() as session:
            row = _taken(session, departure_id)
            if row is None:
                return False
            rows = _waiting_in(session, row)
            lifecycle.perform(session, actor=SYSTEM, action=Action.DECISION_RELEASE, row=row, facts=_now(session, row))
            row.ended_at = lifecycle.moment(session)
            session.flush()
            _leave(session, SYSTEM, rows)
            for one in rows:
                one.released_by_id = row.planned_by_id
            return True
    except NotPossible as refusal:
        _hold_back(departure_id, refusal)
        return False


def _hold_back(departure_id: int, refusal: NotPossible) -> None:
    """None left: the managers are told what stood in the way, and plan anew."""
    with transaction() as session:
        row = _taken(session, departure_id)
        if row is None:
            return
        obstacles = [{"code": one.code, "file": str(one.params.get("file", ""))} for one in refusal.reasons]
        note = {"obstacles": obstacles}
        facts = _now(session, row)
        lifecycle.perform(session, actor=SYSTEM, action=Action.DECISION_HOLD_BACK, row=row, facts=facts, note=note)
        row.obstacles = obstacles
        _let_go(session, row)


def _taken(session: Session, departure_id: int) -> Departure | None:
    """The departure, locked, while it is still planned: two clocks let it leave once."""
    query = select(Departure).where(Departure.id == departure_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    return row if row.state == DepartureState.PLANNED else None


def _waiting_in(session: Session, row: Departure) -> list[Decision]:
    """Its decisions, but for those whose applicant withdrew meanwhile."""
    query = select(Decision).where(Decision.departure_id == row.id, Decision.ended_at.is_(None))
    return list(session.scalars(query.order_by(Decision.id).with_for_update()))


def _let_go(session: Session, row: Departure) -> None:
    row.ended_at = lifecycle.moment(session)
    for one in _waiting_in(session, row):
        one.departure_id = None


def _now(session: Session, row: Departure) -> DepartureFacts:
    return DepartureFacts(now=lifecycle.moment(session), leaves_at=row.leaves_at, decisions=1)
