"""What the projector shows to a room: never a file from which somebody in the room is recused.

The room is who attends, without those who have left it for the file that is called. Somebody who opens the projection
signed in is in the room too: it shows what both may see. So is whoever had its own address made, wherever they are: the
address goes where they go. Figures and ranks are those of these files alone.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, and_, bindparam, select, true
from sqlalchemy.orm import Session, aliased

from grants.domain.projection import window
from grants.errors import NotFound
from grants.models import (
    Application,
    Appointment,
    Attendance,
    Calling,
    Collaborator,
    Interest,
    Meeting,
    ProjectorKey,
)
from grants.policies import ANONYMOUS, Actor
from grants.queries.analysis import scored_files
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.room import CALL_OF_SITTING, called_if, moves
from grants.queries.selection import Board, Place, board_where, call_for_ranking, seen
from grants.queries.visibility import CLOSING_STANDS, Condition, visible_to
from grants.workflow.meeting import MeetingState

_SITTING = aliased(Meeting)
_PUBLIC_ID = bindparam("meeting", type_=String())
_ID = select(_SITTING.id).where(_SITTING.public_id == _PUBLIC_ID).scalar_subquery()


@dataclass(frozen=True)
class Beat:
    """Whether the projection has moved. `file`: the file called, where it may be shown; `closed`: it may not."""

    state: str
    moves: int
    file: str
    closed: bool

    @property
    def version(self) -> str:
        """Another one when the projection would look different."""
        return f"{self.state}-{self.moves}-{'out' if self.closed else self.file}"


@dataclass(frozen=True)
class Projected:
    """What is projected: seven lines around the line, the file called, figures in cents over what is shown."""

    meeting: Meeting
    board: Board
    places: tuple[tuple[int, Place], ...]
    current: Place | None
    closed: bool
    version: str
    whole: bool  # every scored file of the call is shown

    @property
    def above_cents(self) -> int:
        """What the files above the line ask for together."""
        return sum(place.file.requested_cents for place in self.board.places[: self.board.line])

    @property
    def undecided(self) -> int:
        """How many of the files shown wait for the committee."""
        return len(self.board.places) - self.board.decided


def sitting_behind(session: Session, token: str) -> Meeting:
    """The sitting that this address projects. Raises NotFound once it is closed, or another address was issued."""
    found = session.scalar(
        select(Meeting)
        .join(ProjectorKey, ProjectorKey.meeting_id == Meeting.id)
        .where(
            ProjectorKey.token_sha256 == sha256(token.encode()).hexdigest(),
            ProjectorKey.ended_at.is_(None),
            Meeting.state != MeetingState.CLOSED,
        )
    )
    if found is None:
        what = "projection"
        raise NotFound(what)
    return found


def beat(session: Session, public_id: str, actor: Actor | None = None) -> Beat:
    """Whether the projection has moved, for the room or somebody in it; one query. Raises NotFound."""
    shape = None if actor is None else shape_of(actor)
    row = ask(session, _beat(shape), {**filling(actor or ANONYMOUS), "meeting": public_id}).one_or_none()
    if row is None:
        raise NotFound(public_id)
    return Beat(str(row.state), row.moves, row.file or "", closed=row.calling is not None and not row.file)


@cache
def _beat(shape: Shape | None) -> Select[*tuple[Any, ...]]:
    actor = None if shape is None else holes(shape)
    known = _known(actor, _ID, CALL_OF_SITTING)
    return (
        select(Meeting.state, moves(known).label("moves"), Calling.id.label("calling"), called_if(known).label("file"))
        .outerjoin(Calling, and_(Calling.meeting_id == Meeting.id, Calling.ended_at.is_(None)))
        .where(Meeting.public_id == _PUBLIC_ID, true() if actor is None else visible_to(actor, Meeting))
    )


def projected(session: Session, meeting: Meeting, actor: Actor | None = None) -> Projected:
    """What is shown now to the room, or to somebody who sits in it."""
    call = call_for_ranking(session, meeting.call_id)
    known = _known(actor, meeting.id, call.id)
    # names are told to a room as to whoever judges
    board = board_where(session, ANONYMOUS, call, known)
    now = beat(session, meeting.public_id, actor)
    at = next((one for one, place in enumerate(board.places) if place.file.public_id == now.file), None)
    return Projected(
        meeting=meeting,
        board=board,
        places=tuple((one, board.places[one]) for one in window(len(board.places), board.line, at)),
        current=board.places[at] if at is not None else None,
        closed=now.closed,
        version=now.version,
        whole=len(board.places) == scored_files(session, call.id),
    )


def _known(actor: Actor | None, meeting_id: int | ColumnElement[int], call_id: int | ColumnElement[int]) -> Condition:
    """The files that everybody in the room may know of, the reader too."""
    known = Application.call_id == call_id if actor is None else seen(actor, call_id)
    room = _in_room(actor, meeting_id, call_id)
    interest = aliased(Interest)
    closed = select(interest.application_id).where(
        interest.account_id.in_(room), interest.stand.in_(CLOSING_STANDS), interest.replaced_at.is_(None)
    )
    written = select(Collaborator.application_id).where(
        Collaborator.account_id.in_(room), Collaborator.removed_at.is_(None)
    )
    own = select(Appointment.organisation_id).where(
        Appointment.account_id.in_(room), Appointment.ended_at.is_(None), Appointment.organisation_id.is_not(None)
    )
    return and_(
        known,
        Application.id.not_in(closed),
        Application.id.not_in(written),
        Application.organisation_id.not_in(own),
    )


def _in_room(
    actor: Actor | None, meeting_id: int | ColumnElement[int], call_id: int | ColumnElement[int]
) -> Select[int] | CompoundSelect[int]:
    """Accounts of those in the room: present, less those who left it for the file called.

    To somebody who may not know of that file, nobody has left: who comes back into view would tell which file it is.
    """
    calling, interest = aliased(Calling), aliased(Interest)
    opener = select(ProjectorKey.issued_by_id).where(
        ProjectorKey.meeting_id == meeting_id, ProjectorKey.ended_at.is_(None)
    )
    left = select(interest.account_id).where(
        calling.meeting_id == meeting_id,
        calling.ended_at.is_(None),
        calling.emptied_at.is_not(None),
        interest.application_id == calling.application_id,
        interest.stand.in_(CLOSING_STANDS),
        interest.replaced_at.is_(None),
    )
    if actor is not None:
        left = left.where(calling.application_id.in_(select(Application.id).where(seen(actor, call_id))))
    here = select(Attendance.account_id).where(Attendance.meeting_id == meeting_id, Attendance.account_id.not_in(left))
    return here if actor is not None else here.union(opener)
