"""The file under discussion: its reviews, who votes, who has left the room, its notes, the form prepared for it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from grants.domain.ballots import Count
from grants.domain.money import format_plain
from grants.domain.ranking import Ranked
from grants.models import Application, Call, Meeting
from grants.policies import Actor, may
from grants.queries import room
from grants.queries.blindness import veil_over
from grants.queries.reading import file_for
from grants.queries.selection import Board, Opinion, Place, opinions
from grants.queries.subjects import subject_of
from grants.web.kit.labels import places_of
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.selection.forms import DecisionForm
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState


@dataclass(frozen=True)
class NoteTold:
    """A shared note as it is read. `after`: it came of the discussion."""

    author: str
    text: str
    after: bool


@dataclass(frozen=True)
class Discussed:
    """A file of the sitting as its form's neighbour shows it. `called`: it is the one under discussion.

    `out`: names of those present who leave the room for it; `calls`: the reader conducts its discussion.
    """

    place: Place
    file: Application
    places: str
    opinions: tuple[Opinion, ...]
    voters: int
    out: tuple[str, ...]
    called: room.Called | None
    vote: room.Vote | None
    own_note: str
    notes: tuple[NoteTold, ...]
    running: bool
    calls: bool
    decides: bool
    undoes: bool
    votes: bool
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
    called = room.called(session, actor, meeting)
    vote = room.vote_on(session, actor, meeting.id, file.id)
    voters = room.voters(session, meeting.id, file.id)
    own, notes = _notes(session, actor, call, meeting, file)
    undecided = running and not place.file.outcome
    return Discussed(
        place=place,
        file=file,
        places=places_of(file),
        opinions=tuple(opinions(session, actor, file, call)),
        voters=len(voters),
        out=tuple(name for _id, _public, name in room.outside(session, meeting.id, file.id)),
        called=called if called.file == public_id else None,
        vote=vote,
        own_note=own,
        notes=notes,
        running=running,
        calls=undecided and may(actor, Action.SELECTION_CALL_FILE, subject),
        decides=undecided and may(actor, Action.DECISION_PROPOSE, subject),
        undoes=running and place.file.decision_state == "proposed" and may(actor, Action.DECISION_UNDO, subject),
        votes=running
        and vote is not None
        and vote.running
        and not vote.mine
        and actor.id in {account for account, _public, _name in voters}
        and may(actor, Action.SELECTION_VOTE, subject),
        next_rank=max(ranks, default=0) + 1,
        reads=reads,
    )


def _notes(
    session: Session, actor: Actor, call: Call, meeting: Meeting, file: Application
) -> tuple[str, tuple[NoteTold, ...]]:
    """The reader's own note, and the shared ones; names are masked for whoever must not know them."""
    found, veil = room.notes_on(session, actor, meeting.id, file.id), veil_over(session, actor, call, [file.id])
    shared = tuple(
        NoteTold(author, veil.text(file.id, note.text), note.moment == "after") for author, note in found.shared
    )
    return (found.own.text if found.own else ""), shared


def proposal(told: Discussed) -> DecisionForm:
    """The form prepared with what the committee has voted, or else with what the ranking says.

    Without a vote: the request above the line, the reserve list below it.
    """
    ranked = told.place.ranked
    outcome = "awarded" if ranked.above_line else "reserve" if ranked.fundable else "rejected"
    below = ranked.below_threshold or ranked.below_minimum
    counted = told.vote.count if told.vote is not None else None
    if told.vote is not None and counted is not None:
        outcome = told.vote.ballot.outcome if counted.carried else _otherwise(told.vote.ballot.outcome, outcome)
    return DecisionForm(
        formdata=None,
        outcome=outcome,
        awarded_cents=format_plain(told.place.file.requested_cents),
        reserve_rank=str(told.next_rank),
        reason_code=_reason(ranked) if below and not outcome.startswith("awarded") else "",
        votes=_votes(told.vote.ballot.secret, counted) if told.vote is not None and counted is not None else "",
    )


def _reason(ranked: Ranked) -> str:
    return "below_threshold" if ranked.below_threshold else "below_minimum"


def _votes(secret: bool, count: Count) -> str:  # noqa: FBT001 -- as the ballot says it
    words = count_words(count)
    return _("%(count)s, à bulletin secret", count=words) if secret else words


def _otherwise(refused: str, ranked: str) -> str:
    """What is prepared when the committee did not want an outcome: what the ranking says, unless it is the same."""
    if ranked != refused and not (ranked.startswith("awarded") and refused.startswith("awarded")):
        return ranked
    return "rejected" if refused != "rejected" else ""


def count_words(count: Count) -> str:
    """« 5 pour, 1 contre, 1 abstention »."""
    said = [_("%(n)s pour", n=count.votes_for), _("%(n)s contre", n=count.votes_against)]
    if count.abstained:
        said.append(ngettext("%(num)s abstention", "%(num)s abstentions", count.abstained))
    return ", ".join(said)
