"""Making the copies that those who judge blindly read: by the worker, once; where it fails, a manager settles it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.delivery import uploads
from grants.delivery.cleaner import Reason as Why
from grants.delivery.cleaner import Withheld, cleaned
from grants.delivery.doors import Doors
from grants.delivery.files import Store
from grants.delivery.scanning import Scanner
from grants.domain.verdicts import Verdict
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Attachment, CleanedCopy
from grants.policies import Actor, require
from grants.queries.attachment import document_of
from grants.queries.blindness import NEVER
from grants.queries.copies import copy_of
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import copies, lifecycle
from grants.services.relay import NotReady, Task
from grants.workflow.actions import Action

__all__ = ["KIND", "ask", "keep", "settle"]

KIND = copies.KIND
TRIES = 2  # a machine that was very busy is given a second chance


def ask(*, actor: Actor, application: str, attachment: str) -> None:
    """Promise the copy of a document that has none yet: somebody wants to read it. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        require(actor, Action.APPLICATION_READ_ATTACHMENT, subject_of(row, session))
        copies.ask_for(session, row, [document_of(session, row, attachment)])


def keep(task: Task, doors: Doors) -> None:
    """Make the copy, outside of any transaction. NotReady while the virus scanner has not spoken.

    Whatever goes wrong with the file is a reason, and no copy; the original is given to nobody instead.
    """
    with reading() as session:
        found = _asked(session, str(task.payload["attachment"]))
        if found is None:
            return
        document = found.attachment
        if document.verdict == Verdict.PENDING:
            raise NotReady("the virus scanner has not spoken yet")
        source, name, media_type = document.sha256, document.filename, document.media_type
        if document.verdict == Verdict.WITHHELD:
            return
    extension = _extension(name)
    try:
        data = doors.store.read(source)
        blob = doors.store.put(_copy(extension, data))
    except NotFound:
        _note(document.id, source_sha256=source, withheld=Why.NOT_STORED)
    except Withheld as withheld:
        _note(document.id, source_sha256=source, withheld=withheld.reason)
    else:
        made = {"sha256": blob.sha256, "size": blob.size, "extension": extension, "media_type": media_type}
        _note(document.id, source_sha256=source, **made)


def _asked(session: Session, attachment: str) -> CleanedCopy | None:
    """The copy that is still to be made."""
    query = select(CleanedCopy).join(Attachment, Attachment.id == CleanedCopy.attachment_id)
    return session.scalar(query.where(Attachment.public_id == attachment, CleanedCopy.made_at.is_(None)))


def _extension(filename: str) -> str:
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def _copy(extension: str, data: bytes) -> bytes:
    for last in (*[False] * (TRIES - 1), True):
        try:
            return cleaned(extension, data)
        except Withheld as withheld:
            if last or withheld.reason is not Why.TOOK_TOO_LONG:
                raise
    raise Withheld(Why.TOOK_TOO_LONG)


def _note(document: int, **values: object) -> None:
    """Write the outcome unless somebody else did, or a manager settled it meanwhile."""
    with transaction() as session:
        values["made_at"] = lifecycle.moment(session)
        row = update(CleanedCopy).where(CleanedCopy.attachment_id == document, CleanedCopy.made_at.is_(None))
        session.execute(row.values(**values))


def settle(  # noqa: PLR0913 -- which document, and what for it
    *,
    actor: Actor,
    application: str,
    attachment: str,
    filename: str = "",
    data: bytes = b"",
    store: Store,
    scanner: Scanner | None = None,
) -> CleanedCopy:
    """Give those who judge this file instead of the copy that could not be made; without `data`: leave it withheld.

    What is given is looked at and cleaned like any other. Raises NotFound, NotAllowed, NotPossible (a copy that is not
    withheld), Invalid (`file`: why it is not taken).
    """
    action = Action.SCREENING_SETTLE_COPY
    given = _given(actor, application, filename, data, store, scanner) if data else None
    with transaction() as session:
        row = locked(session, actor, Application, application)
        document = document_of(session, row, attachment)
        note = {"attachment": attachment, "given": given["sha256"] if given else ""}
        lifecycle.act(session, actor=actor, action=action, row=row, note=note)
        found = copy_of(session, document)
        if row.call.blind == NEVER or found is None or not found.withheld:
            raise NotPossible(action, (Reason("copy_not_withheld"),))
        _settle(found, given, lifecycle.moment(session), actor)
        return found


def _settle(row: CleanedCopy, given: dict[str, object] | None, at: datetime, actor: Actor) -> None:
    row.settled_at, row.settled_by_id = at, actor.id
    if given is not None:
        row.withheld, row.made_at = "", at
        for name, value in given.items():
            setattr(row, name, value)


def _given(
    actor: Actor, application: str, filename: str, data: bytes, store: Store, scanner: Scanner | None
) -> dict[str, object]:
    """What was sent, clean and stored. Raises Invalid, NotFound, NotAllowed."""
    with reading() as session:
        require(
            actor, Action.SCREENING_SETTLE_COPY, subject_of(one_for(session, actor, Application, application), session)
        )
    try:
        taken = uploads.check(filename, data)
        verdict = Verdict.CLEAN if scanner is None else scanner.verdict(data)
        if verdict is not Verdict.CLEAN:
            raise Invalid({"file": Reason("file_infected" if verdict is Verdict.WITHHELD else "file_not_checked")})
        blob = store.put(_copy(taken.extension, data))
    except uploads.Refused as refused:
        params = {} if refused.limit is None else {"bytes": refused.limit}
        raise Invalid({"file": Reason(f"file_{refused.reason}", params)}) from None
    except Withheld as withheld:
        raise Invalid({"file": Reason(f"copy_{withheld.reason}")}) from None
    return {"sha256": blob.sha256, "size": blob.size, "extension": taken.extension, "media_type": taken.mime}
