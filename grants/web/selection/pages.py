"""The file under discussion: its reviews, who may vote, the form prepared for it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from grants.domain.money import format_plain
from grants.models import Application, Call, Meeting
from grants.policies import Actor, may
from grants.queries import committee
from grants.queries.reading import file_for
from grants.queries.selection import Board, Opinion, Place, opinions
from grants.queries.subjects import subject_of
from grants.web.kit.labels import places_of
from grants.web.selection.forms import DecisionForm
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState


@dataclass(frozen=True)
class Discussed:
    """A file of the sitting as its form's neighbour shows it."""

    place: Place
    file: Application
    places: str
    opinions: tuple[Opinion, ...]
    voters: int
    decides: bool
    undoes: bool
    next_rank: int
    reads: bool


def first_undecided(board: Board) -> str:
    """The first file of the ranking that waits for the committee."""
    waiting = (p for p in board.places if not p.file.outcome and p.file.state == "in_deliberation")
    return next((place.file.public_id for place in waiting), "")


def discussed(
    session: Session, actor: Actor, call: Call, meeting: Meeting, board: Board, public_id: str
) -> Discussed | None:
    """The file of this address; None when the reader does not know of it here."""
    place = next((one for one in board.places if one.file.public_id == public_id), None)
    if place is None:
        return None
    subject_row = session.get_one(Application, place.file.id)
    subject = subject_of(subject_row, session)
    reads = may(actor, Action.APPLICATION_READ, subject)
    file = file_for(session, actor, public_id) if reads else subject_row
    running = meeting.state == MeetingState.OPEN
    ranks = [one.file.reserve_rank or 0 for one in board.places]
    return Discussed(
        place=place,
        file=file,
        places=places_of(file),
        opinions=tuple(opinions(session, actor, file, call)),
        voters=committee.voters(session, meeting.id, file.id),
        decides=running and not place.file.outcome and may(actor, Action.DECISION_PROPOSE, subject),
        undoes=running and place.file.decision_state == "proposed" and may(actor, Action.DECISION_UNDO, subject),
        next_rank=max(ranks, default=0) + 1,
        reads=reads,
    )


def proposal(told: Discussed) -> DecisionForm:
    """The form prepared with what the ranking says: the request above the line, the reserve list below it."""
    ranked = told.place.ranked
    outcome = "awarded" if ranked.above_line else "reserve" if ranked.fundable else "rejected"
    below = ranked.below_threshold or ranked.below_minimum
    return DecisionForm(
        formdata=None,
        outcome=outcome,
        awarded_cents=format_plain(told.place.file.requested_cents),
        reserve_rank=str(told.next_rank),
        reason_code=("below_threshold" if ranked.below_threshold else "below_minimum") if below else "",
    )
