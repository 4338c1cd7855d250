"""Documents of a file: looked at in a sealed child, stored by their content, then named in the file."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.delivery import uploads
from grants.delivery.files import Store
from grants.domain.forms import DOCUMENT_LABELS
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Attachment
from grants.policies import Actor, require
from grants.queries.subjects import subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow.actions import Action

# the others are one document each: a new one takes the place of the former
SEVERAL = frozenset({"partner_letters", "other"})
MOST_BYTES = 100_000_000
MOST_FILES = 60


def attach(*, actor: Actor, application: str, kind: str, filename: str, data: bytes, store: Store) -> Attachment:
    """Add a document of a kind (`domain.forms.DOCUMENT_LABELS`); one that may exist once replaces the former.

    The bytes are on the disk before the file names them. Raises NotFound, NotAllowed, NotPossible (closed), Invalid:
    `kind`, or `file` with the reason of `delivery.uploads`.
    """
    if kind not in DOCUMENT_LABELS:
        raise Invalid({"kind": Reason("unknown_field")})
    _refuse_early(actor, application)
    try:
        accepted = uploads.check(filename, data)
    except uploads.Refused as refused:
        params = {} if refused.limit is None else {"bytes": refused.limit}
        raise Invalid({"file": Reason(f"file_{refused.reason}", params)}) from refused
    blob = store.put(data)
    with transaction() as session:
        row = _opened(session, actor, Action.APPLICATION_ATTACH, application, kind)
        live = [item for item in row.attachments if item.removed_at is None]
        at = row.edited_at
        if kind not in SEVERAL:
            for former in (item for item in live if item.kind == kind):
                former.removed_at = at
            live = [item for item in live if item.removed_at is None]
        if len(live) >= MOST_FILES or sum(item.size for item in live) + blob.size > MOST_BYTES:
            raise Invalid({"file": Reason("file_quota", {"bytes": MOST_BYTES, "most": MOST_FILES})})
        added = Attachment(
            kind=kind,
            filename=accepted.filename,
            media_type=accepted.mime,
            size=blob.size,
            sha256=blob.sha256,
            added_by_id=actor.id,
            added_at=at,
        )
        row.attachments.append(added)
    return added


def detach(*, actor: Actor, application: str, attachment: str) -> Attachment:
    """Take a document out of the file; its row stays, with the date. Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        parent = one_for(session, actor, Application, application)
        found = session.scalar(
            select(Attachment).where(
                Attachment.application_id == parent.id,
                Attachment.public_id == attachment,
                Attachment.removed_at.is_(None),
            )
        )
        if found is None:
            raise NotFound(attachment)
        row = _opened(session, actor, Action.APPLICATION_DETACH, application, found.kind)
        found.removed_at = row.edited_at
    return found


def _opened(session: Session, actor: Actor, action: Action, application: str, kind: str) -> Application:
    return picture.change(
        session, actor=actor, action=action, public_id=application, section="documents", note={"kind": kind}
    )


def _refuse_early(actor: Actor, application: str) -> None:
    """Before any work is spent on the bytes: may this person add a document to this file now?"""
    action = Action.APPLICATION_ATTACH
    with reading() as session:
        row = one_for(session, actor, Application, application)
        require(actor, action, subject_of(row, session))
        reasons = lifecycle.obstacles(row, action, picture.facts(session, row, lifecycle.moment(session)))
    if reasons:
        raise NotPossible(action, reasons)
