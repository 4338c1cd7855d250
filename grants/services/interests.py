"""Conflicts of interest in force: declared by the person, or found from facts; both close the file at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.models import Application, Interest, Review
from grants.policies import SYSTEM, Actor
from grants.queries import committee
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.review import LIVE


def write(
    session: Session, application: Application, account_id: int, stand: str, note: str = "", *, found: bool = False
) -> Interest:
    """Put a stand into force in place of the one before, which is kept with the instant of its end."""
    at = lifecycle.moment(session)
    before = committee.stand_of(session, application.id, account_id)
    if before is not None:
        before.replaced_at = at
        session.flush()
    interest = Interest(
        application_id=application.id, account_id=account_id, stand=stand, note=note, found=found, declared_at=at
    )
    session.add(interest)
    session.flush()
    return interest


def recuse(session: Session, actor: Actor, application: Application, account_id: int) -> Review | None:
    """Void the live review of a person on this file: it is kept, it counts no more."""
    review = session.scalar(
        select(Review).where(
            Review.application_id == application.id, Review.reviewer_id == account_id, Review.state.in_(LIVE)
        )
    )
    if review is not None:
        lifecycle.perform(session, actor=actor, action=Action.REVIEW_RECUSE, row=review)
    return review


def find(session: Session, application: Application) -> list[Interest]:
    """Close the file to the committee members who belong to the applicant, whether they have said so or not."""
    seated = {member.account_id for member in committee.members(session, application.call_id)}
    closed = committee.closed_to(session, application.id)
    found = []
    for account_id in sorted(committee.belonging_to(session, application.organisation_id, seated) - closed):
        recuse(session, SYSTEM, application, account_id)
        found.append(write(session, application, account_id, "conflict", found=True))
    return found
