"""Asking for the copies that those who judge blindly will read; a part of a transaction that several use cases share."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from grants import outbox
from grants.domain.verdicts import Verdict
from grants.models import Application, Attachment, CleanedCopy
from grants.queries import copies as queries
from grants.queries.blindness import NEVER
from grants.services import lifecycle

KIND = "copy"


def ask_for(session: Session, application: Application, documents: Iterable[Attachment] | None = None) -> int:
    """Promise the copies that are missing, of all the documents that are judged or of these; how many.

    Nothing is promised in a call where everybody knows who applies.
    """
    if application.call.blind == NEVER:
        return 0
    wanted = queries.judged_documents(application) if documents is None else list(documents)
    known = queries.copies_of(session, [one.id for one in wanted])
    missing = [one for one in wanted if one.id not in known and one.verdict != Verdict.WITHHELD]
    at = lifecycle.moment(session) if missing else None
    for one in missing:
        assert at is not None
        session.add(CleanedCopy(attachment_id=one.id, asked_at=at))
        outbox.put(
            session,
            f"copy:{one.public_id}",
            kind=KIND,
            name=KIND,
            subject=f"application:{application.public_id}",
            programme_id=application.call.programme_id,
            made_at=at,
            payload={"attachment": one.public_id},
        )
    session.flush()
    return len(missing)
