"""The deliberation room: files are called, people come and go, notes are kept and shared, the projector is opened."""

from collections.abc import Iterable
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import (
    AgendaLine,
    Application,
    Attendance,
    Calling,
    Decision,
    Meeting,
    ProjectorKey,
    SittingNote,
)
from grants.policies import Actor, require
from grants.queries import committee, room
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import calling, lifecycle, sitting_log
from grants.workflow.actions import Action

NOTE_LIMIT = 4000
BEFORE, AFTER = "before", "after"
PRESENCE = Action.SELECTION_RECORD_ATTENDANCE


def call_file(*, actor: Actor, meeting: str, application: str) -> Calling:
    """Call a file: the projector shows it, and whoever is recused from it leaves the room. Another one is put back.

    Raises NotFound for a file of no concern to the actor; NotPossible outside the sitting, while a vote is open, and
    for a file on which a decision is written down.
    """
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        file = _file(session, actor, Action.SELECTION_CALL_FILE, row, application)
        ballot, before = calling.running(session, row.id), calling.current(session, row.id)
        # whoever has left the room for the file called hears the same whatever happens to it
        _require(Action.SELECTION_CALL_FILE, in_the_room=not room.called(session, actor, row).closed)
        _require(
            Action.SELECTION_CALL_FILE,
            no_ballot_open=ballot is None or ballot.application_id == file.id,
            file_undecided=not _decided(session, file.id),
        )
        if before is not None and before.application_id == file.id:
            return before
        at = lifecycle.moment(session)
        if before is not None:
            before.ended_at = at
            session.flush()
        out, voters = room.outside(session, row.id, file.id), room.voters(session, row.id, file.id)
        assert actor.id is not None  # a manager or a chair, as the policy says
        made = Calling(
            meeting_id=row.id,
            application_id=file.id,
            called_by_id=actor.id,
            called_at=at,
            emptied_at=None if out else at,
        )
        session.add(made)
        note = {"meeting": row.public_id, "out": [public_id for _, public_id, _ in out], "voters": len(voters)}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_CALL_FILE, row=file, note=note)
        told = {"out": [sitting_log.person(*one[1:]) for one in out], "voters": len(voters)}
        sitting_log.note(session, row, "called", actor.id, told, about=file)
        return made


def empty_room(*, actor: Actor, meeting: str, application: str) -> Calling:
    """Note that those recused from the file called have left the room: the projector may show it, a vote may open."""
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        file = _file(session, actor, Action.SELECTION_EMPTY_ROOM, row, application)
        now_called = calling.current(session, row.id)
        if now_called is None or now_called.application_id != file.id:
            raise NotPossible(Action.SELECTION_EMPTY_ROOM, (Reason("file_called"),))
        if now_called.emptied_at is None:
            out = room.outside(session, row.id, file.id)
            now_called.emptied_at = lifecycle.moment(session)
            note = {"meeting": row.public_id, "out": [public_id for _, public_id, _ in out]}
            lifecycle.act(session, actor=actor, action=Action.SELECTION_EMPTY_ROOM, row=file, note=note)
            told = {"out": [sitting_log.person(*one[1:]) for one in out]}
            sitting_log.note(session, row, "emptied", actor.id, told, about=file)
        return now_called


def order_agenda(*, actor: Actor, meeting: str, applications: Iterable[str]) -> None:
    """Put these files first on the agenda, in this order; the others follow by the formula. None: the formula alone.

    Raises NotFound for a file of no concern to the actor. Files closed to the actor keep no place.
    """
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_ORDER_AGENDA, row=row)
        files = [room.file_of(session, actor, row, one) for one in dict.fromkeys(applications)]
        session.execute(delete(AgendaLine).where(AgendaLine.meeting_id == row.id))
        for position, file in enumerate(files, 1):
            session.add(AgendaLine(meeting_id=row.id, application_id=file.id, position=position))
        session.flush()


def arrive(*, actor: Actor, meeting: str, account: str) -> Meeting:
    """Somebody comes into the room. Nothing happens for somebody who is there. NotFound: not on the committee."""
    with transaction() as session:
        row, member = _seat(session, actor, meeting, account)
        note = {"arrived": account}
        lifecycle.perform(session, actor=actor, action=PRESENCE, row=row, note=note)
        if member.account_id not in sitting_log.present(row):
            row.attendance.append(Attendance(account_id=member.account_id, recorded_at=lifecycle.moment(session)))
            session.flush()
            calling.came_in(session, row, member.account_id)
            told = {"member": sitting_log.person(member.public_id, member.name)}
            sitting_log.note(session, row, "arrived", actor.id, told)
        return row


def leave(*, actor: Actor, meeting: str, account: str) -> Meeting:
    """Somebody leaves the room, for good or for a while. Nothing happens for somebody who is not there."""
    with transaction() as session:
        row, member = _seat(session, actor, meeting, account)
        note = {"left": account}
        lifecycle.perform(session, actor=actor, action=PRESENCE, row=row, note=note)
        if member.account_id in sitting_log.present(row):
            row.attendance = [line for line in row.attendance if line.account_id != member.account_id]
            session.flush()
            told = {"member": sitting_log.person(member.public_id, member.name)}
            sitting_log.note(session, row, "left", actor.id, told)
        return row


def keep_note(*, actor: Actor, meeting: str, application: str, text: str) -> SittingNote | None:
    """Keep one's own note on a file, which nobody else reads; an empty one is thrown away. Raises Invalid, NotFound."""
    words = _read(text)
    with transaction() as session:
        row, file = _noting(session, actor, meeting, application)
        own = _own(session, row.id, file.id, actor)
        if not words:
            if own is not None:
                session.delete(own)
            return None
        if own is None:
            own = _write(session, row, file, actor, words, BEFORE)
        own.text, own.written_at = words, lifecycle.moment(session)
        session.flush()
        return own


def share_note(*, actor: Actor, meeting: str, application: str, text: str, moment: str = AFTER) -> SittingNote:
    """Put a note on a file into the log, for all who discuss it: what one had prepared, or what came of the discussion.

    A note shared from one's own takes its place. Raises NotPossible without words, Invalid for what cannot be kept.
    """
    words = _read(text)
    if moment not in (BEFORE, AFTER):
        raise Invalid({"moment": Reason("missing")})
    with transaction() as session:
        row, file = _noting(session, actor, meeting, application)
        _require(Action.SELECTION_NOTE, note_given=bool(words))
        own = _own(session, row.id, file.id, actor) if moment == BEFORE else None
        made = own or _write(session, row, file, actor, words, moment)
        made.text, made.shared_at = words, lifecycle.moment(session)
        session.flush()
        note = {"meeting": row.public_id, "note": made.public_id, "moment": moment}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_NOTE, row=file, note=note)
        sitting_log.note(session, row, "note", actor.id, {"text": words, "moment": moment}, about=file)
        return made


def issue_projection(*, actor: Actor, meeting: str) -> str:
    """Make the address under which the room's projector reads, until the sitting closes; the one before ends.

    Returns its secret part, which is not stored.
    """
    token = token_urlsafe(24)
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_ISSUE_PROJECTION, row=row)
        at = lifecycle.moment(session)
        for before in session.scalars(
            select(ProjectorKey).where(ProjectorKey.meeting_id == row.id, ProjectorKey.ended_at.is_(None))
        ):
            before.ended_at = at
        session.flush()
        assert actor.id is not None  # a manager or a chair, as the policy says
        fingerprint = sha256(token.encode()).hexdigest()
        session.add(ProjectorKey(meeting_id=row.id, token_sha256=fingerprint, issued_by_id=actor.id, issued_at=at))
        session.flush()
        return token


# parts


def _file(session: Session, actor: Actor, action: Action, meeting: Meeting, public_id: str) -> Application:
    """A file of this sitting, with which the actor may do this now."""
    file = room.file_of(session, actor, meeting, public_id, hold=True)
    require(actor, action, subject_of(file, session))
    reasons = lifecycle.obstacles(meeting, action)
    if reasons:
        raise NotPossible(action, reasons)
    return file


def _noting(session: Session, actor: Actor, meeting: str, application: str) -> tuple[Meeting, Application]:
    row = locked(session, actor, Meeting, meeting)
    require(actor, Action.SELECTION_READ, subject_of(row, session))
    return row, _file(session, actor, Action.SELECTION_NOTE, row, application)


def _seat(session: Session, actor: Actor, meeting: str, account: str) -> tuple[Meeting, committee.Member]:
    row = locked(session, actor, Meeting, meeting)
    member = next((one for one in committee.members(session, row.call_id) if one.public_id == account), None)
    if member is None:
        raise NotFound(account)
    return row, member


def _own(session: Session, meeting_id: int, application_id: int, actor: Actor) -> SittingNote | None:
    return session.scalar(
        select(SittingNote)
        .where(
            SittingNote.meeting_id == meeting_id,
            SittingNote.application_id == application_id,
            SittingNote.author_id == actor.id,
            SittingNote.shared_at.is_(None),
        )
        .with_for_update()
    )


def _write(session: Session, meeting: Meeting, file: Application, actor: Actor, words: str, moment: str) -> SittingNote:
    assert actor.id is not None  # a manager or a member, as the policy says
    made = SittingNote(
        meeting_id=meeting.id,
        application_id=file.id,
        author_id=actor.id,
        moment=moment,
        text=words,
        written_at=lifecycle.moment(session),
    )
    session.add(made)
    return made


def _decided(session: Session, application_id: int) -> bool:
    query = select(Decision.id).where(Decision.application_id == application_id, Decision.ended_at.is_(None))
    return session.scalar(query) is not None


def _require(action: Action, **true: bool) -> None:
    reasons = tuple(Reason(code) for code, holds in true.items() if not holds)
    if reasons:
        raise NotPossible(action, reasons)


def _read(text: str) -> str:
    try:
        return clean_text(text, NOTE_LIMIT)
    except Unreadable as error:
        raise Invalid({"text": error.as_reason}) from error
