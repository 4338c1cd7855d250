"""Conflicts of interest in force: declared by the person, or found from facts; both close the file at once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain import conflicts
from grants.models import Application, Interest, Review
from grants.policies import SYSTEM, Actor
from grants.queries import committee
from grants.queries.conflicts import found as facts_of
from grants.queries.visibility import CLOSING_STANDS
from grants.services import calling, lifecycle
from grants.workflow.actions import Action
from grants.workflow.review import LIVE


def write(  # noqa: PLR0913 -- a row
    session: Session,
    application: Application,
    account_id: int,
    stand: str,
    note: str = "",
    *,
    hints: tuple[str, ...] = (),
    override_id: int | None = None,
) -> Interest:
    """Put a stand into force in place of the one before, which is kept with the instant of its end.

    `hints`: the facts it was found from, none where the person declared it. `override_id`: opened by two managers.
    """
    at = lifecycle.moment(session)
    before = committee.stand_of(session, application.id, account_id)
    if before is not None:
        before.replaced_at = at
        session.flush()
    interest = Interest(
        application_id=application.id,
        account_id=account_id,
        stand=stand,
        note=note,
        found=bool(hints),
        hints=list(hints),
        override_id=override_id,
        declared_at=at,
    )
    session.add(interest)
    session.flush()
    if stand in CLOSING_STANDS and (before is None or before.stand not in CLOSING_STANDS):
        calling.recused(session, application, account_id)
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
    """`find_all` for one file."""
    return find_all(session, application.call_id, [application])


def find_all(session: Session, call_id: int, files: Sequence[Application]) -> list[Interest]:
    """Close these files of a call to the committee members whom facts bind to them, whether they have said so or not.

    What the register itself says is a conflict; anything weaker is a doubt. Where a person has retired already, where
    that doubt stands, and where two managers decided with open eyes, nothing changes.
    """
    seated = [member.account_id for member in committee.members(session, call_id)]
    standing = {
        (one.application_id, one.account_id): one
        for one in session.scalars(
            select(Interest).where(
                Interest.application_id.in_([file.id for file in files]), Interest.replaced_at.is_(None)
            )
        )
    }
    by_id = {file.id: file for file in files}
    found = []
    for (file_id, account_id), facts in sorted(facts_of(session, seated, files).items()):
        before, stand = standing.get((file_id, account_id)), conflicts.stand_of(facts)
        if not _closes(before, facts, stand):
            continue
        if stand == "conflict":
            recuse(session, SYSTEM, by_id[file_id], account_id)
        note = before.note if before is not None else ""
        found.append(write(session, by_id[file_id], account_id, stand, note, hints=tuple(map(str, facts))))
    return found


def _closes(before: Interest | None, facts: tuple[conflicts.Hint, ...], stand: str) -> bool:
    """The facts say more than what stands."""
    if before is None:
        return True
    if before.override_id is not None and not conflicts.FINAL & set(facts):
        return False
    return before.stand == "free" or (before.stand == "doubt" and stand == "conflict")
