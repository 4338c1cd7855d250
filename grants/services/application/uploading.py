"""A document that arrives in pieces, over a line that may be cut: begun, continued where it stopped, finished, given up.

Nothing of it stands in the file before the last byte is there and was looked at. Time is judged at every piece and at
the end: a document that is not whole at the deadline is not attached, and what had arrived goes.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.delivery import uploads
from grants.delivery.files import Store
from grants.delivery.incoming import Incoming
from grants.delivery.scanning import Scanner
from grants.errors import Busy, ClockSkew, Conflict, Invalid, NotFound, NotPossible, Reason, Refusal, Throttled
from grants.models import Application, Attachment, Upload
from grants.policies import Actor
from grants.queries.attachment import on_their_way, upload_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import attaching
from grants.workflow.actions import Action

T = TypeVar("T")
PIECE_BYTES = 1_000_000
KEPT = timedelta(hours=48)  # an evening's upload may be continued the next evening, and the one after
MOST_WAITING = 10
# refusals that may pass: what has arrived waits for the next try
PASSING = (Busy, ClockSkew, Throttled, Conflict)


def begin(  # noqa: PLR0913 -- what is announced
    *,
    actor: Actor,
    application: str,
    kind: str,
    filename: str,
    size: int,
    store: Store,
    replaces: str = "",
    sha256: str = "",
) -> Upload:
    """Announce a document: its name, its bytes, which one it replaces. Refused now rather than after an hour of sending.

    Raises NotFound, NotAllowed, NotPossible (closed, full, too many on their way), Throttled, Invalid (kind, file).
    """
    name = uploads.clean_name(filename)
    _refuse_announced(name, size)
    with reading() as session:
        waiting = on_their_way(session, application)
    attaching.may_add(actor, application, kind, size=size, waiting=sum(one.size for one in waiting))
    told = {"kind": kind, "filename": name, "size": size, "replaces": replaces[:24], "sha256": sha256.lower()}
    mine = [one for one in waiting if one.account_id == actor.id]
    for one in mine:  # the answer to the same announcement was lost on the way
        if not one.received and all(getattr(one, key) == value for key, value in told.items()):
            return one
    if len(mine) >= MOST_WAITING:
        raise NotPossible(Action.APPLICATION_ATTACH, (Reason("uploads_waiting", {"most": MOST_WAITING}),))
    part = Incoming(store).begin()
    with transaction() as session:
        at = lifecycle.moment(session)
        file = one_for(session, actor, Application, application)
        row = Upload(
            application_id=file.id, account_id=actor.id, part=part, started_at=at, expires_at=at + KEPT, **told
        )
        row.received = 0
        session.add(row)
    return row


def offset(*, actor: Actor, application: str, upload: str, store: Store) -> tuple[int, int]:
    """How many bytes are there, and how many were announced. Raises NotFound."""
    with reading() as session:
        row = upload_of(session, actor, application, upload)
    return min(row.received, Incoming(store).size(row.part)), row.size


def proceed(*, actor: Actor, application: str, upload: str, start: int, data: bytes, store: Store) -> int:
    """Take the next piece, which begins at byte `start`; returns how many bytes are there now.

    Raises NotFound, NotAllowed, Conflict (not the piece that is expected), Invalid (more than was announced),
    NotPossible (too late: what had arrived is gone).
    """
    with reading() as session:
        row = upload_of(session, actor, application, upload)
    _or_gone(row, store, partial(attaching.still_open, actor, application))
    incoming = Incoming(store)
    with transaction() as session:
        mine = session.scalars(select(Upload).where(Upload.id == row.id).with_for_update()).one_or_none()
        if mine is None:
            raise NotFound(upload)
        if start != min(mine.received, incoming.size(mine.part)):
            raise Conflict("offset")
        if start + len(data) > mine.size:
            raise Invalid({"file": Reason("file_changed")})
        incoming.write(mine.part, start, data)
        mine.received = start + len(data)
        return mine.received


def finish(*, actor: Actor, application: str, upload: str, store: Store, scanner: Scanner | None = None) -> Attachment:
    """Attach a document whose last byte has arrived, by the same road as one sent whole.

    Raises what `attaching.attach` raises, NotPossible while it is not whole. A refusal for good removes the pieces.
    """
    with reading() as session:
        row = upload_of(session, actor, application, upload)
    incoming = Incoming(store)
    if min(row.received, incoming.size(row.part)) != row.size:
        raise NotPossible(Action.APPLICATION_ATTACH, (Reason("file_unfinished"),))
    return _or_gone(row, store, partial(_attached, actor, application, row, store, scanner))


def cancel(*, actor: Actor, application: str, upload: str, store: Store) -> None:
    """Give a document up; what had arrived goes. Raises NotFound."""
    with reading() as session:
        row = upload_of(session, actor, application, upload)
    _forget(row, store)


def _refuse_announced(name: str, size: int) -> None:
    """What is known to be refused before a byte is sent."""
    if name.rpartition(".")[2].lower() not in uploads.ALLOWED or "." not in name:
        raise Invalid({"file": Reason("file_type_not_allowed")})
    if size <= 0:
        raise Invalid({"file": Reason("file_empty")})
    if size > uploads.MAX_BYTES:
        raise Invalid({"file": Reason("file_too_large", {"bytes": uploads.MAX_BYTES})})


def _attached(actor: Actor, application: str, row: Upload, store: Store, scanner: Scanner | None) -> Attachment:
    data = Incoming(store).read(row.part)
    if row.sha256 and hashlib.sha256(data).hexdigest() != row.sha256:
        raise Invalid({"file": Reason("file_changed")})
    attaching.still_open(actor, application)
    added = attaching.receive(
        actor=actor,
        application=application,
        kind=row.kind,
        filename=row.filename,
        data=data,
        store=store,
        scanner=scanner,
        replaces=row.replaces,
        claim=partial(_claim, row.id),
    )
    Incoming(store).drop(row.part)
    return added


def _claim(upload_id: int, session: Session) -> None:
    """Take the document out of those on their way, once: a second finish at the same time finds nothing."""
    gone: CursorResult[tuple[()]] = session.execute(delete(Upload).where(Upload.id == upload_id))  # type: ignore[assignment]
    if not gone.rowcount:
        raise NotFound(str(upload_id))


def _or_gone(row: Upload, store: Store, step: Callable[[], T]) -> T:
    """Do a step; when it is refused for good, nothing half sent stays behind."""
    try:
        return step()
    except PASSING:
        raise
    except Refusal:
        _forget(row, store)
        raise


def _forget(row: Upload, store: Store) -> None:
    with transaction() as session:
        session.execute(delete(Upload).where(Upload.id == row.id))
    Incoming(store).drop(row.part)
