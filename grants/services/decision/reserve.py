"""The reserve list and awards that are not used: the list ends by the clock, an applicant renounces."""

from datetime import timedelta

from sqlalchemy import select

from grants.db import reading, transaction
from grants.domain.deadlines import zone_named
from grants.models import Application, Call, Decision
from grants.policies import SYSTEM, Actor, require
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle
from grants.services.commitment import give_back, held_cents, lapse, post, seek
from grants.services.decision import picture
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Outcome

A_DAY = timedelta(days=1)


def expire_due() -> int:
    """What the clock does: files of a reserve list whose last day is past leave it, and are told. Returns how many."""
    with reading() as session:
        now = lifecycle.moment(session)
        query = (
            select(Decision.id, Decision.reserve_until_on, Call.zone)
            .join(Application, Application.id == Decision.application_id)
            .join(Call, Call.id == Application.call_id)
            .where(
                Decision.state == DecisionState.RELEASED,
                Decision.ended_at.is_(None),  # one that is about to enter does not expire meanwhile
                Decision.outcome == Outcome.RESERVE,
                Decision.reserve_until_on < (now + A_DAY).date(),
            )
            .order_by(Decision.id)
        )
        due = [
            row.id
            for row in session.execute(query)
            if row.reserve_until_on < now.astimezone(zone_named(row.zone)).date()
        ]
    return sum(_expire(one) for one in due)


def _expire(decision_id: int) -> bool:
    with transaction() as session:
        query = select(Decision).where(Decision.id == decision_id).with_for_update()
        row = session.scalars(query.execution_options(populate_existing=True)).one()
        if row.state != DecisionState.RELEASED or row.ended_at is not None:
            return False
        application = session.get_one(Application, row.application_id)
        facts = picture.facts(session, application, row)
        note = {"until_on": row.reserve_until_on.isoformat() if row.reserve_until_on else ""}
        lifecycle.perform(session, actor=SYSTEM, action=Action.DECISION_EXPIRE, row=row, facts=facts, note=note)
        row.ended_at = lifecycle.moment(session)
        return True


def renounce(*, actor: Actor, decision: str, why: str = "") -> Decision:
    """The applicant gives up an award or a place on the reserve list: the money is free for others.

    Raises NotPossible once a project stands on it: its manager ends the project.
    """
    said = picture.cleaned("why", why)
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        require(actor, Action.DECISION_RENOUNCE, subject_of(row, session))
        application = session.get_one(Application, row.application_id)
        facts = picture.facts(session, application, row)
        picture.refuse(row, Action.DECISION_RENOUNCE, facts)
        cents = held_cents(row)
        if row.ended_at is None:
            give_back(session, application.call_id, cents)
        else:
            lapse(session, application)  # what was prepared in its place falls with it
        lifecycle.perform(
            session, actor=actor, action=Action.DECISION_RENOUNCE, row=row, facts=facts, note={"reason": said}
        )
        row.ended_at, row.ended_why = lifecycle.moment(session), said
        if cents:
            post(session, f"award-renounced:{row.public_id}", application.call_id, -cents)
            session.flush()
            seek(session, row, cents, "renounced")
        return row
