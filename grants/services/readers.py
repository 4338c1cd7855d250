"""Who reads a file: naming members of the committee, rearranging them; parts of a transaction that several use cases share."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.errors import NotFound, NotPossible, Reason
from grants.models import Account, Application, Call, Review
from grants.policies import Actor, require
from grants.queries import committee
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import copies, interests, lifecycle
from grants.workflow.actions import Action
from grants.workflow.facts import ReviewFacts
from grants.workflow.review import LIVE, ReviewState

ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)


def rearrange(session: Session, actor: Actor, call: Call, wanted: Mapping[str, frozenset[str]]) -> int:
    """Make the readers of these files be exactly these persons (public ids). Returns how many reviews changed.

    A review that was given stays. Raises NotPossible naming conflicts, NotFound for a foreign file or person.
    """
    changed = 0
    for public_id, people in wanted.items():
        row = locked(session, actor, Application, public_id)
        if row.call_id != call.id:
            raise NotFound(public_id)
        current = {_public(session, review.reviewer_id): review for review in live(session, row.id)}
        changed += name(session, actor, row, set(people) - current.keys())
        for person in current.keys() - people:
            if current[person].state != ReviewState.GIVEN:
                withdraw(session, actor, current[person])
                changed += 1
    return changed


def name(session: Session, actor: Actor, row: Application, people: set[str]) -> int:
    """Name these members (public ids) to read the file; how many. NotPossible names who has a conflict."""
    if not people:
        require(actor, Action.REVIEW_ASSIGN, subject_of(row, session))
        return 0
    lifecycle.perform(session, actor=actor, action=Action.REVIEW_ASSIGN, row=row, note={"reviewers": sorted(people)})
    interests.find(session, row)
    closed = committee.closed_to(session, row.id)
    seated = [member(session, row.call_id, person) for person in sorted(people)]
    refusals = tuple(
        Reason(f"reviewer_in_{closed[one.account_id]}", {"name": one.name})
        for one in seated
        if one.account_id in closed
    )
    if refusals:
        raise NotPossible(Action.REVIEW_ASSIGN, refusals)
    for one in seated:
        _name(session, actor, row, one)
    copies.ask_for(session, row)
    session.flush()
    return len(seated)


def _name(session: Session, actor: Actor, row: Application, who: committee.Member) -> None:
    at = lifecycle.moment(session)
    known = session.scalar(select(Review).where(Review.application_id == row.id, Review.reviewer_id == who.account_id))
    if known is None:
        position = _load(session, row.call_id, who.account_id) + 1
        session.add(Review(application_id=row.id, reviewer_id=who.account_id, position=position, assigned_at=at))
        session.flush()
    elif known.state in (ReviewState.UNASSIGNED, ReviewState.RECUSED):  # recused: two managers opened the file again
        facts = ReviewFacts(now=at, opens_at=ALWAYS, closes_at=NEVER)
        lifecycle.perform(session, actor=actor, action=Action.REVIEW_ASSIGN, row=known, facts=facts)
        known.assigned_at, known.withdrawn_at = at, None


def withdraw(session: Session, actor: Actor, review: Review) -> None:
    """Take a file back from its reader. What was written is kept for a while, for whoever asks the programme's team."""
    lifecycle.perform(session, actor=actor, action=Action.REVIEW_UNASSIGN, row=review)
    review.withdrawn_at = lifecycle.moment(session)


def member(session: Session, call_id: int, public_id: str) -> committee.Member:
    """The member of the committee with this public id. Raises NotFound."""
    for one in committee.members(session, call_id):
        if one.public_id == public_id:
            return one
    raise NotFound(public_id)


def live(session: Session, application_id: int) -> list[Review]:
    """The live reviews of a file, the oldest first."""
    query = select(Review).where(Review.application_id == application_id, Review.state.in_(LIVE))
    return list(session.scalars(query.order_by(Review.id)))


def _load(session: Session, call_id: int, account_id: int) -> int:
    query = (
        select(func.max(Review.position))
        .join(Application)
        .where(Application.call_id == call_id, Review.reviewer_id == account_id)
    )
    return session.scalar(query) or 0


def _public(session: Session, account_id: int) -> str:
    return session.get_one(Account, account_id).public_id
