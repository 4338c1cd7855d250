"""Documents of a file: looked at in a sealed child, stored by their content, then named in the file.

A slot that holds one document keeps its earlier ones: who sent them, when, and their bytes. Whoever replaces a
document says which one was seen; when another has come meanwhile, theirs is kept among the earlier ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.delivery import uploads
from grants.delivery.files import Blob, Store
from grants.delivery.scanning import Scanner
from grants.domain.papers import BANK_STATEMENT, expired
from grants.domain.verdicts import Verdict
from grants.errors import Invalid, NotFound, NotPossible, Reason, Refusal, Throttled
from grants.models import Account, Application, Attachment, Paper
from grants.policies import Actor, require
from grants.queries.attachment import sent_since
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.queries.terms import document_labels, paper_of_kind
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.application import picture
from grants.workflow.actions import Action

# the others are one document each: a new one takes the place of the former
SEVERAL = frozenset({"partner_letters", "cofunding_proof", "other"})
MOST_BYTES = 100_000_000
MOST_FILES = 60
# with the earlier versions, which are kept too
MOST_KEPT_BYTES = 400_000_000
MOST_KEPT = 400
A_WHILE = timedelta(minutes=1)
MOST_IN_A_WHILE = 60


@dataclass(frozen=True)
class _Received:
    """Bytes that are stored: how they are called, what they are, what the scanner said of them."""

    kind: str
    filename: str
    media_type: str
    blob: Blob
    verdict: Verdict


def attach(  # noqa: PLR0913 -- the file, and what it is compared with
    *,
    actor: Actor,
    application: str,
    kind: str,
    filename: str,
    data: bytes,
    store: Store,
    scanner: Scanner | None = None,
    replaces: str | None = None,
) -> Attachment:
    """Add a document of a kind that the call knows; one that may exist once replaces the former.

    The bytes are on the disk before the file names them. `replaces`: public id of the document that the page showed
    in this slot, empty for none, None not to compare. Raises NotFound, NotAllowed, NotPossible (closed, full, replaced
    by somebody else meanwhile), Throttled, Invalid: `kind`, or `file` with the reason of `delivery.uploads`.
    """
    may_add(actor, application, kind)
    return receive(
        actor=actor,
        application=application,
        kind=kind,
        filename=filename,
        data=data,
        store=store,
        scanner=scanner,
        replaces=replaces,
    )


def receive(  # noqa: PLR0913 -- the same, and what is to happen in the same transaction
    *,
    actor: Actor,
    application: str,
    kind: str,
    filename: str,
    data: bytes,
    store: Store,
    scanner: Scanner | None,
    replaces: str | None,
    claim: Callable[[Session], None] | None = None,
) -> Attachment:
    """Like `attach`, for whoever has asked `may_add`; `claim` runs first in the transaction, and may refuse."""
    try:
        accepted = uploads.check(filename, data)
    except uploads.Refused as refused:
        if refused.reason is uploads.Reason.INFECTED:
            _withhold(actor, application, kind, filename, store.put(data))
        params = {} if refused.limit is None else {"bytes": refused.limit}
        raise Invalid({"file": Reason(f"file_{refused.reason}", params)}) from refused
    verdict = scanner.verdict(data) if scanner else Verdict.CLEAN
    blob = store.put(data)
    if verdict is Verdict.WITHHELD:
        _withhold(actor, application, kind, accepted.filename, blob)
        raise Invalid({"file": Reason("file_infected")})
    received = _Received(kind, accepted.filename, accepted.mime, blob, verdict)
    return _placed(actor, application, received, replaces, claim)


def reinstate(*, actor: Actor, application: str, attachment: str) -> Attachment:
    """Put an earlier document back in its slot, as a new version with the same bytes.

    Raises NotFound, NotAllowed, NotPossible (closed, full, withheld), Throttled.
    """
    with reading() as session:
        parent = one_for(session, actor, Application, application)
        former = session.scalar(
            select(Attachment).where(Attachment.application_id == parent.id, Attachment.public_id == attachment)
        )
    if former is None or former.removed_at is None:
        raise NotFound(attachment)
    may_add(actor, application, former.kind)
    if former.verdict == Verdict.WITHHELD:
        raise NotPossible(Action.APPLICATION_ATTACH, (Reason("file_withheld"),))
    blob = Blob(former.sha256, former.size)
    received = _Received(former.kind, former.filename, former.media_type, blob, Verdict(former.verdict))
    return _placed(actor, application, received, None, None)


def reuse(*, actor: Actor, application: str, kind: str, paper: str) -> Attachment:
    """Put a paper of the lead's passport into a slot of the file: the same bytes, frozen there whatever becomes of it.

    Raises NotFound, NotAllowed, NotPossible (closed, full, the paper has expired), Invalid (kind).
    """
    with reading() as session:
        parent = one_for(session, actor, Application, application)
        if kind not in document_labels(parent):
            raise Invalid({"kind": Reason("unknown_field")})
        held = session.scalar(
            select(Paper).where(
                Paper.organisation_id == parent.organisation_id,
                Paper.public_id == paper,
                Paper.replaced_at.is_(None),
                Paper.kind == paper_of_kind(parent, kind),
            )
        )
        if held is None or parent.organisation_id not in actor.writes_for:
            raise NotFound(paper)
        today = lifecycle.moment(session).date()
    if expired(held.valid_until_on, today):
        reason = Reason("paper_expired", {"until_on": str(held.valid_until_on)})
        raise NotPossible(Action.APPLICATION_ATTACH, (reason,))
    received = _Received(kind, held.filename, held.media_type, Blob(held.sha256, held.size), Verdict.CLEAN)
    return _placed(actor, application, received, None, None)


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
        found.removed_at, found.removed_by_id = row.edited_at, actor.id
    return found


def may_add(actor: Actor, application: str, kind: str, *, size: int = 0, waiting: int = 0) -> None:
    """Before any work is spent on bytes: may this person add a document of this kind to this file now?

    `size`: bytes announced, `waiting`: bytes of other documents on their way; both count against the room left.
    """
    with reading() as session:
        row, now = _open_now(session, actor, application)
        _refuse_foreign_hand(session, actor, Action.APPLICATION_ATTACH, row, kind)
        if kind not in document_labels(row):
            raise Invalid({"kind": Reason("unknown_field")})
        if sent_since(session, row, actor.id, now - A_WHILE) >= MOST_IN_A_WHILE:
            raise Throttled(int(A_WHILE.total_seconds()))
        _refuse_overflow(row, kind, size + waiting)


def still_open(actor: Actor, application: str) -> None:
    """May this person still add documents to this file? Raises NotFound, NotAllowed, NotPossible (closed, too late)."""
    with reading() as session:
        _open_now(session, actor, application)


def _open_now(session: Session, actor: Actor, application: str) -> tuple[Application, datetime]:
    action = Action.APPLICATION_ATTACH
    row = one_for(session, actor, Application, application)
    require(actor, action, subject_of(row, session))
    now = lifecycle.moment(session)
    reasons = lifecycle.obstacles(row, action, picture.facts(session, row, now))
    if reasons:
        raise NotPossible(action, reasons)
    return row, now


def _placed(
    actor: Actor, application: str, received: _Received, replaces: str | None, claim: Callable[[Session], None] | None
) -> Attachment:
    """Name stored bytes in the file. Somebody else's newer document keeps its place: ours goes among the earlier ones."""
    refusal: Refusal | None = None
    with transaction() as session:
        if claim is not None:
            claim(session)
        locked(session, actor, Application, application)
        row = _opened(session, actor, Action.APPLICATION_ATTACH, application, received.kind)
        at = row.edited_at
        _refuse_overflow(row, received.kind, received.blob.size)
        added = _row(received, actor, at)
        former = None if received.kind in SEVERAL else live_in(row, received.kind)
        other = None if replaces is None else _overtaken_by(session, row, received.kind, replaces)
        if other is not None:
            added.removed_at = at
            refusal = NotPossible(Action.APPLICATION_ATTACH, (Reason("slot_replaced", {"name": other}),))
        elif former is not None:
            former.removed_at, former.removed_by_id = at, actor.id
        row.attachments.append(added)
    if refusal is not None:
        raise refusal
    return added


def live_in(row: Application, kind: str) -> Attachment | None:
    """The document that stands in the slot of this kind now."""
    return next((one for one in row.attachments if one.kind == kind and one.removed_at is None), None)


def _row(received: _Received, actor: Actor, at: datetime) -> Attachment:
    return Attachment(
        kind=received.kind,
        filename=received.filename,
        media_type=received.media_type,
        size=received.blob.size,
        sha256=received.blob.sha256,
        verdict=received.verdict,
        added_by_id=actor.id,
        added_at=at,
    )


def _overtaken_by(session: Session, row: Application, kind: str, seen: str) -> str | None:
    """Who changed the slot since `seen` stood in it (empty: nothing); None when it is as it was, or holds several.

    Whoever touched it last sent the document that is there, or took out the one that was.
    """
    touched = [one for one in row.attachments if one.kind == kind]
    former = live_in(row, kind)
    if kind in SEVERAL or not touched or seen == (former.public_id if former else ""):
        return None
    last = max(touched, key=lambda one: one.removed_at or one.added_at)
    hand = last.removed_by_id if last.removed_at and last.removed_by_id else last.added_by_id
    return session.get_one(Account, hand).name


def _withhold(actor: Actor, application: str, kind: str, filename: str, blob: Blob) -> None:
    """Keep the fingerprint, the verdict and the bytes of an infected file; it never was a document of the file."""
    name = uploads.clean_name(filename)
    received = _Received(kind, name, "application/octet-stream", blob, Verdict.WITHHELD)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        at = lifecycle.moment(session)
        kept = _row(received, actor, at)
        kept.removed_at = at
        row.attachments.append(kept)


def _refuse_overflow(row: Application, kind: str, size: int) -> None:
    """The room of a file: its documents, without the one that gives way; and all its versions together."""
    live = [one for one in row.attachments if one.removed_at is None and (kind in SEVERAL or one.kind != kind)]
    code = None
    if len(live) >= MOST_FILES or sum(one.size for one in live) + size > MOST_BYTES:
        code, most_bytes, most = "file_quota", MOST_BYTES, MOST_FILES
    elif len(row.attachments) >= MOST_KEPT or sum(one.size for one in row.attachments) + size > MOST_KEPT_BYTES:
        code, most_bytes, most = "file_quota_kept", MOST_KEPT_BYTES, MOST_KEPT
    if code is not None:
        raise NotPossible(Action.APPLICATION_ATTACH, (Reason(code, {"bytes": most_bytes, "most": most}),))


def _opened(session: Session, actor: Actor, action: Action, application: str, kind: str) -> Application:
    row = picture.change(
        session, actor=actor, action=action, public_id=application, section="documents", note={"kind": kind}
    )
    _refuse_foreign_hand(session, actor, action, row, kind)
    return row


def _refuse_foreign_hand(session: Session, actor: Actor, action: Action, row: Application, kind: str) -> None:
    """Where the money goes is said by the organisation itself, not by a partner who helps to write. Raises NotAllowed."""
    require(actor, action, replace(subject_of(row, session), beyond_judging=kind == BANK_STATEMENT))
