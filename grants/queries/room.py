"""The deliberation room as one reader may know of it: the file called, its vote, its notes, and whether all that moved.

A file that is closed to the reader leaves no trace but that one is called: which, since when and what comes of it are
in no query's answer. Nothing here tells two closed files apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from grants.domain.agenda import Item, Talk, agenda, line_between
from grants.domain.ballots import Count
from grants.domain.sitting_log import ABOUT_ALL_FILES
from grants.errors import NotFound
from grants.models import (
    Account,
    AgendaLine,
    Application,
    Attendance,
    Ballot,
    BallotVoter,
    Calling,
    Interest,
    Meeting,
    OpenVote,
    Review,
    SittingEvent,
    SittingNote,
)
from grants.models import Call as CallRow
from grants.policies import Actor, Subject
from grants.queries.analysis import Report
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.selection import Board, seen
from grants.queries.visibility import CLOSING_STANDS, Condition, visible_to
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState

_SITTING = aliased(Meeting)
_PUBLIC_ID = bindparam("meeting", type_=String())
CALL_OF_SITTING: ScalarSelect[int] = select(_SITTING.call_id).where(_SITTING.public_id == _PUBLIC_ID).scalar_subquery()


@dataclass(frozen=True)
class Pulse:
    """What a page that follows the sitting asks every two seconds: whether anything it shows has moved.

    `subject`: what rights look at. `file`: public id of the file called, empty for none or a closed one; `closed`: one is
    called that the reader may not know of.
    """

    subject: Subject
    state: str
    moves: int
    file: str
    emptied: bool
    closed: bool

    @property
    def version(self) -> str:
        """Another one when the page would look different; the same whatever happens to a closed file."""
        called = "out" if self.closed else f"{self.file}{'!' if self.emptied else ''}"
        return f"{self.state}-{self.moves}-{called}"


def pulse(session: Session, actor: Actor, public_id: str) -> Pulse:
    """The pulse of a sitting for this reader, in one query. Raises NotFound."""
    row = ask(session, _pulse(shape_of(actor)), {**filling(actor), "meeting": public_id}).one_or_none()
    if row is None:
        raise NotFound(public_id)
    mine = frozenset({actor.id} if row.pending and actor.id is not None else ())
    return Pulse(
        subject=Subject(
            "meeting",
            call_id=row.call_id,
            programme_id=row.programme_id,
            deliberation_begun=row.state != MeetingState.CONVENED,
            own_reviews_pending=mine,
        ),
        state=str(row.state),
        moves=row.moves,
        file=row.file or "",
        emptied=row.emptied_at is not None and bool(row.file),
        closed=row.calling is not None and not row.file,
    )


@cache
def _pulse(shape: Shape) -> Select[*tuple[Any, ...]]:
    actor = holes(shape)
    known = seen(actor, CALL_OF_SITTING)
    owed = exists().where(
        Review.application_id.in_(select(Application.id).where(Application.call_id == Meeting.call_id)),
        Review.reviewer_id == actor.id,
        Review.state.in_((ReviewState.ASSIGNED, ReviewState.DRAFT)),
    )
    return (
        select(
            Meeting.state,
            Meeting.call_id,
            CallRow.programme_id,
            (owed if shape.known else false()).label("pending"),
            moves(known).label("moves"),
            Calling.id.label("calling"),
            Calling.emptied_at,
            called_if(known).label("file"),
        )
        .join(CallRow, CallRow.id == Meeting.call_id)
        .outerjoin(Calling, (Calling.meeting_id == Meeting.id) & Calling.ended_at.is_(None))
        .where(Meeting.public_id == _PUBLIC_ID, visible_to(actor, Meeting))
    )


def moves(known: Condition) -> ScalarSelect[int]:
    """How many lines the log of `Meeting` has for whoever knows these files."""
    about = select(Application.id).where(known)
    return (
        select(func.count(SittingEvent.id))
        .where(
            SittingEvent.meeting_id == Meeting.id,
            SittingEvent.kind.not_in(ABOUT_ALL_FILES),
            or_(SittingEvent.application_id.is_(None), SittingEvent.application_id.in_(about)),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )


def called_if(known: Condition) -> ScalarSelect[str]:
    """The public id of the file of `Calling`, for whoever knows these files."""
    return (
        select(Application.public_id)
        .where(Application.id == Calling.application_id, known)
        .correlate(Calling)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Called:
    """The file that is called, as this reader knows of it. `closed`: one that they may not know of; then all is empty.

    `voting`: a vote is open on it.
    """

    file: str = ""
    since: datetime | None = None
    emptied: bool = False
    closed: bool = False
    voting: bool = False


def called(session: Session, actor: Actor, meeting: Meeting) -> Called:
    """What is being discussed."""
    voting = exists().where(Ballot.application_id == Calling.application_id, Ballot.ended_at.is_(None))
    row = session.execute(
        select(called_if(seen(actor, meeting.call_id)), Calling.called_at, Calling.emptied_at, voting).where(
            Calling.meeting_id == meeting.id, Calling.ended_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return Called()
    return Called(row[0], row[1], row[2] is not None, voting=row[3]) if row[0] else Called(closed=True)


def file_of(session: Session, actor: Actor, meeting: Meeting, public_id: str, *, hold: bool = False) -> Application:
    """A file of the sitting that this reader knows of. Raises NotFound. `hold`: nobody else changes what hangs on it."""
    query = select(Application).where(Application.public_id == public_id, seen(actor, meeting.call_id))
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(public_id)
    return found


def recused_from(application_id: int | ColumnElement[int]) -> Select[int]:
    """Accounts to which the file is closed by a declaration or a found fact."""
    return select(Interest.account_id).where(
        Interest.application_id == application_id,
        Interest.stand.in_(CLOSING_STANDS),
        Interest.replaced_at.is_(None),
    )


def outside(session: Session, meeting_id: int, application_id: int) -> list[tuple[int, str, str]]:
    """(internal id, public id, name) of those present who leave the room when this file is called."""
    return _present(session, meeting_id, lambda who: who.in_(recused_from(application_id)))


def voters(session: Session, meeting_id: int, application_id: int) -> list[tuple[int, str, str]]:
    """(internal id, public id, name) of those present who may vote on this file."""
    return _present(session, meeting_id, lambda who: who.not_in(recused_from(application_id)))


def _present(
    session: Session, meeting_id: int, which: Callable[[ColumnElement[int]], Condition]
) -> list[tuple[int, str, str]]:
    rows = session.execute(
        select(Account.id, Account.public_id, Account.name)
        .join(Attendance, Attendance.account_id == Account.id)
        .where(Attendance.meeting_id == meeting_id, which(Account.__table__.c.id))
        .order_by(Account.name, Account.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True)
class Vote:
    """A vote on a file. `missing`: names of those who have not voted yet; `mine`: the reader has voted.

    `named`: (name, choice) of an open vote that is counted.
    """

    ballot: Ballot
    cast: int
    missing: tuple[str, ...]
    mine: bool
    named: tuple[tuple[str, str], ...] = ()

    @property
    def running(self) -> bool:
        """It is not closed yet."""
        return self.ballot.ended_at is None

    @property
    def count(self) -> Count | None:
        """The result; None while it runs."""
        one = self.ballot
        if one.votes_for is None or one.votes_against is None or one.abstained is None:
            return None
        return Count(one.votes_for, one.votes_against, one.abstained)


def vote_on(session: Session, actor: Actor, meeting_id: int, application_id: int) -> Vote | None:
    """The vote that runs on this file, or else the last one that was counted. The caller has asked whether it is seen."""
    ballot = session.scalar(
        select(Ballot)
        .where(
            Ballot.meeting_id == meeting_id,
            Ballot.application_id == application_id,
            or_(Ballot.ended_at.is_(None), Ballot.votes_for.is_not(None)),
        )
        .order_by(Ballot.id.desc())
        .limit(1)
    )
    if ballot is None:
        return None
    cast = set(session.scalars(select(BallotVoter.account_id).where(BallotVoter.ballot_id == ballot.id)))
    if ballot.ended_at is None:
        rest = [name for account, _, name in voters(session, meeting_id, application_id) if account not in cast]
        return Vote(ballot, len(cast), tuple(rest), actor.id in cast)
    return Vote(ballot, len(cast), (), actor.id in cast, _named(session, ballot.id))


def _named(session: Session, ballot_id: int) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(Account.name, OpenVote.choice)
        .join(Account, Account.id == OpenVote.account_id)
        .where(OpenVote.ballot_id == ballot_id)
        .order_by(Account.name)
    )
    return tuple((row[0], row[1]) for row in rows)


@dataclass(frozen=True)
class Notes:
    """What is written beside a file: the reader's own note, and what everybody who discusses it reads."""

    own: SittingNote | None
    shared: tuple[tuple[str, SittingNote], ...]


def notes_on(session: Session, actor: Actor, meeting_id: int, application_id: int) -> Notes:
    """The reader's own note, and (author, note) of those shared. The caller has asked whether the file is seen."""
    rows = session.execute(
        select(Account.name, SittingNote)
        .join(Account, Account.id == SittingNote.author_id)
        .where(
            SittingNote.meeting_id == meeting_id,
            SittingNote.application_id == application_id,
            or_(SittingNote.shared_at.is_not(None), SittingNote.author_id == actor.id),
        )
        .order_by(SittingNote.shared_at, SittingNote.id)
    ).all()
    return Notes(
        own=next((note for _, note in rows if note.shared_at is None), None),
        shared=tuple((name, note) for name, note in rows if note.shared_at is not None),
    )


def agenda_of(session: Session, meeting: Meeting, board: Board, report: Report | None) -> tuple[Item, ...]:
    """The files of this reader's ranking that wait for the committee, in the order in which to call them."""
    waiting = [
        place
        for place in board.places
        if not place.file.outcome and place.file.state == ApplicationState.IN_DELIBERATION
    ]
    standings = report.standings if report is not None else {}
    line = line_between(
        (float(place.ranked.mean), place.ranked.above_line) for place in board.places if place.ranked.mean is not None
    )
    talks = [
        Talk(
            id=place.file.public_id,
            requested_cents=place.file.requested_cents,
            mean=float(place.ranked.mean) if place.ranked.mean is not None else None,
            spread=float(place.ranked.spread),
            probability_above=standings[place.file.public_id].probability_above
            if place.file.public_id in standings
            else None,
        )
        for place in waiting
    ]
    return agenda(talks, line, _put(session, meeting.id))


def _put(session: Session, meeting_id: int) -> dict[str, int]:
    """Where the chair has put files, by public id."""
    rows = session.execute(
        select(Application.public_id, AgendaLine.position)
        .join(Application, Application.id == AgendaLine.application_id)
        .where(AgendaLine.meeting_id == meeting_id)
    )
    return {row[0]: row[1] for row in rows}
