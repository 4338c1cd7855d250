"""Calls in two stages: a note is kept, and its team writes the full file; or it stops there, with a letter."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.forms import FileStage
from grants.models import Application, Check
from grants.policies import Actor
from grants.queries.locking import locked
from grants.queries.screening import picture
from grants.services import lifecycle
from grants.services.screening.recording import REASON_LIMIT, read
from grants.workflow.actions import Action


def keep_note(*, actor: Actor, application: str, words: str = "") -> Application:
    """Keep a note: its team may write the full file until the call's second deadline, and is told so.

    `words`: what the team is told beside it, may be empty. Raises NotFound, NotAllowed, NotPossible, Invalid.
    """
    with transaction() as session:
        row = locked(session, actor, Application, application)
        keep_in(session, actor, row, read("words", words, REASON_LIMIT))
        return row


def keep_in(session: Session, actor: Actor, row: Application, words: str = "") -> None:
    """The same inside a transaction of its caller, on a file that is locked.

    What was deposited stays as it was, with its receipt; the checks of the note are kept apart, those of the full file
    begin anew.
    """
    facts = picture(session, row, lifecycle.moment(session))
    note = {"reason": words} if words else {}
    lifecycle.perform(session, actor=actor, action=Action.SCREENING_KEEP_NOTE, row=row, facts=facts, note=note)
    session.execute(
        update(Check)
        .where(Check.application_id == row.id, Check.stage == "")
        .values(stage=FileStage.NOTE)
        .execution_options(synchronize_session="fetch")
    )
    row.stage, row.note_submitted_at, row.note_reason = FileStage.FULL, row.submitted_at, words
    row.own_deadline_at, row.late_attempt_at = None, None
    row.return_reason, row.return_sections = "", []


def decline_note(*, actor: Actor, application: str, reason: str) -> Application:
    """Do not keep a note, with the reason that its team is given by letter. Raises as `keep_note`."""
    words = read("reason", reason, REASON_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        facts = picture(session, row, lifecycle.moment(session), reason=words)
        lifecycle.perform(
            session,
            actor=actor,
            action=Action.SCREENING_DECLINE_NOTE,
            row=row,
            facts=facts,
            note={"reason": words},
        )
        row.note_reason = words
        return row
