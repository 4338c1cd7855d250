"""Where a decision comes from: the letter that it replaces, the sitting behind it, its number among those of its file."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.models import Account, Application, Decision, Document, Meeting
from grants.queries.subjects import name_of
from grants.workflow.decision import DecisionState, Outcome


def replaced(session: Session, decision: Decision) -> Decision | None:
    """The decision that its applicant has a letter of, and in whose place this one stands."""
    former = session.get(Decision, decision.follows_id) if decision.follows_id is not None else None
    while former is not None and former.released_at is None:
        former = session.get(Decision, former.follows_id) if former.follows_id is not None else None
    return former


def sitting_of(session: Session, decision: Decision) -> Meeting | None:
    """The sitting in which the file was before the committee, also where another decision followed."""
    one: Decision | None = decision
    while one is not None:
        if one.meeting_id is not None:
            return session.get(Meeting, one.meeting_id)
        one = session.get(Decision, one.follows_id) if one.follows_id is not None else None
    return None


def letter_number(session: Session, decision: Decision) -> int:
    """Which letter of decision of its file it is: the first, the second…"""
    before = select(func.count(Decision.id)).where(
        Decision.application_id == decision.application_id,
        Decision.released_at.is_not(None),
        Decision.id < decision.id,
    )
    return (session.scalar(before) or 0) + 1


def reserve_waiting(session: Session, call_id: int) -> int:
    """How many files of a call wait on its reserve list."""
    query = (
        select(func.count(Decision.id))
        .join(Application, Application.id == Decision.application_id)
        .where(
            Application.call_id == call_id,
            Decision.ended_at.is_(None),
            Decision.state == DecisionState.RELEASED,
            Decision.outcome == Outcome.RESERVE,
        )
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class Stage:
    """A decision of a file among the others: who brought it about, its letters. `letter_number`: None before it left."""

    decision: Decision
    letter_number: int | None
    proposed_by: str
    approved_by: str
    released_by: str
    held_at: datetime | None
    letters: tuple[Document, ...]


def of_file(session: Session, application_id: int) -> list[Stage]:
    """Every decision about a file, the newest first, those that were undone in the sitting apart."""
    rows = session.scalars(
        select(Decision).where(Decision.application_id == application_id).order_by(Decision.id.desc())
    ).all()
    rows = [row for row in rows if row.approved_at or row.released_at or row.ended_at is None or row.ended_why]
    people = {one for row in rows for one in (row.proposed_by_id, row.approved_by_id, row.released_by_id) if one}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(people)))
    names = {row[0]: row[1] for row in found}
    letters: dict[str, list[Document]] = {}
    subjects = [name_of(row) for row in rows]
    for document in session.scalars(select(Document).where(Document.subject.in_(subjects)).order_by(Document.id)):
        letters.setdefault(document.subject, []).append(document)
    stages = []
    for row in rows:
        meeting = session.get(Meeting, row.meeting_id) if row.meeting_id is not None else None
        stages.append(
            Stage(
                decision=row,
                letter_number=letter_number(session, row) if row.released_at is not None else None,
                proposed_by=names.get(row.proposed_by_id, ""),
                approved_by=names.get(row.approved_by_id or 0, ""),
                released_by=names.get(row.released_by_id or 0, ""),
                held_at=meeting.held_at if meeting is not None else None,
                letters=tuple(letters.get(name_of(row), ())),
            )
        )
    return stages
