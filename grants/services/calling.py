"""The file called in a sitting: what other use cases do to it. Part of their transactions, never one of its own."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants.errors import Reason
from grants.models import Application, Attendance, Ballot, Calling, Meeting, ProjectorKey, Urn
from grants.policies import SYSTEM
from grants.queries import committee
from grants.queries.room import recused_from
from grants.services import lifecycle, sitting_log
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState


def current(session: Session, meeting_id: int) -> Calling | None:
    """The file that is called, held until the end of the transaction."""
    return session.scalar(
        select(Calling).where(Calling.meeting_id == meeting_id, Calling.ended_at.is_(None)).with_for_update()
    )


def running(session: Session, meeting_id: int) -> Ballot | None:
    """The vote that is open, held until the end of the transaction."""
    return session.scalar(
        select(Ballot).where(Ballot.meeting_id == meeting_id, Ballot.ended_at.is_(None)).with_for_update()
    )


def unsettled(session: Session, file: Application) -> tuple[Reason, ...]:
    """Why nothing can be written down about the file yet: its vote is still open."""
    meeting = committee.live_meeting(session, file.call_id)
    ballot = running(session, meeting.id) if meeting is not None else None
    return (Reason("no_ballot_open"),) if ballot is not None and ballot.application_id == file.id else ()


def settle(session: Session, file: Application) -> None:
    """Something is written down about the file: it is not called any more."""
    meeting = committee.live_meeting(session, file.call_id)
    calling = current(session, meeting.id) if meeting is not None else None
    if calling is not None and calling.application_id == file.id:
        calling.ended_at = lifecycle.moment(session)


def stop(session: Session, meeting: Meeting, file: Application, ballot: Ballot, by: int | None) -> None:
    """End a vote without a result; what was said in it is not counted."""
    ballot.ended_at = lifecycle.moment(session)
    empty_urn(session, ballot)
    data = {"secret": ballot.secret, "question": ballot.question, "outcome": ballot.outcome}
    sitting_log.note(session, meeting, "stopped", by, data, about=file)


def empty_urn(session: Session, ballot: Ballot) -> None:
    """Of a vote that is over nothing is kept beside its counts: of one that few had cast, it would say who voted what."""
    session.execute(delete(Urn).where(Urn.ballot_id == ballot.id))


def recused(session: Session, file: Application, account_id: int) -> None:
    """Somebody steps back from a file: the log says so while its sitting lasts, and they leave the room where it is called.

    A vote that is open on it is stopped: it counts again without them.
    """
    sitting_log.recused(session, file, account_id, None)
    meeting = committee.live_meeting(session, file.call_id)
    if meeting is None or meeting.state != MeetingState.OPEN or not _there(session, meeting.id, account_id):
        return
    calling = current(session, meeting.id)
    if calling is None or calling.application_id != file.id:
        return
    calling.emptied_at = None
    _interrupt(session, meeting, file)


def withdrawn(session: Session, file: Application) -> None:
    """The applicant takes the file back while it is discussed: it is not called any more, and its vote is stopped."""
    meeting = committee.live_meeting(session, file.call_id)
    if meeting is not None and meeting.state == MeetingState.OPEN:
        settle(session, file)
        _interrupt(session, meeting, file)


def _interrupt(session: Session, meeting: Meeting, file: Application) -> None:
    ballot = running(session, meeting.id)
    if ballot is not None and ballot.application_id == file.id:
        note = {"ballot": ballot.public_id}
        lifecycle.act(session, actor=SYSTEM, action=Action.SELECTION_STOP_BALLOT, row=file, note=note)
        stop(session, meeting, file, ballot, None)


def came_in(session: Session, meeting: Meeting, account_id: int) -> None:
    """Somebody who is recused from the file called comes into the room: it is not emptied any more."""
    calling = current(session, meeting.id)
    if calling is not None and account_id in set(session.scalars(recused_from(calling.application_id))):
        calling.emptied_at = None


def _there(session: Session, meeting_id: int, account_id: int) -> bool:
    query = select(Attendance.id).where(Attendance.meeting_id == meeting_id, Attendance.account_id == account_id)
    return session.scalar(query) is not None


def end(session: Session, meeting: Meeting) -> None:
    """The sitting is over: nothing is called, and the projector's address leads nowhere."""
    at = lifecycle.moment(session)
    calling = current(session, meeting.id)
    if calling is not None:
        calling.ended_at = at
    for key in session.scalars(
        select(ProjectorKey).where(ProjectorKey.meeting_id == meeting.id, ProjectorKey.ended_at.is_(None))
    ):
        key.ended_at = at
