"""Documents of a file and those on their way: who may read which, what a slot held before, how much was sent lately."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.verdicts import Verdict
from grants.errors import NotFound, NotPossible, Reason
from grants.models import Account, Application, Attachment, Upload
from grants.policies import Actor
from grants.workflow.actions import Action


@dataclass(frozen=True)
class Version:
    """A document that a slot held before: who sent it, and who took it away or replaced it."""

    document: Attachment
    added_by: str
    removed_by: str


def document_of(session: Session, application: Application, public_id: str, *, earlier: bool = False) -> Attachment:
    """A document that the file holds now; `earlier`: or held before. Raises NotFound, also for one of another file."""
    query = select(Attachment).where(Attachment.application_id == application.id, Attachment.public_id == public_id)
    found = session.scalar(query if earlier else query.where(Attachment.removed_at.is_(None)))
    if found is None:
        raise NotFound(public_id)
    return found


def refuse_unread(actor: Actor, document: Attachment) -> None:
    """Raise NotPossible for a document whose bytes this person may not have.

    Until the scanner has spoken only its sender reads it; one that is withheld is read by nobody.
    """
    if document.verdict == Verdict.CLEAN or (document.verdict == Verdict.PENDING and document.added_by_id == actor.id):
        return
    raise NotPossible(Action.APPLICATION_READ_ATTACHMENT, (Reason(f"file_{document.verdict}"),))


def earlier_versions(session: Session, application: Application) -> dict[str, list[Version]]:
    """By kind of document, what the file held before, the newest first."""
    gone = [one for one in application.attachments if one.removed_at is not None]
    names = _names(session, gone)
    found: dict[str, list[Version]] = {}
    for one in sorted(gone, key=lambda item: (item.added_at, item.id), reverse=True):
        version = Version(one, names.get(one.added_by_id, ""), names.get(one.removed_by_id or 0, ""))
        found.setdefault(one.kind, []).append(version)
    return found


def senders(session: Session, application: Application) -> dict[int, str]:
    """The names of those who sent the documents that the file holds."""
    return _names(session, application.attachments)


def _names(session: Session, documents: Iterable[Attachment]) -> dict[int, str]:
    people = {one.added_by_id for one in documents} | {one.removed_by_id for one in documents if one.removed_by_id}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(people))) if people else ()
    return {key: name for key, name in rows}  # noqa: C416 -- rows, not pairs


def sent_since(session: Session, application: Application, account_id: int | None, since: datetime) -> int:
    """How many documents of this file the person sent or began to send since a moment."""
    sent = select(func.count(Attachment.id)).where(
        Attachment.application_id == application.id, Attachment.added_by_id == account_id, Attachment.added_at > since
    )
    begun = select(func.count(Upload.id)).where(
        Upload.application_id == application.id, Upload.account_id == account_id, Upload.started_at > since
    )
    return (session.scalar(sent) or 0) + (session.scalar(begun) or 0)


def on_their_way(session: Session, application: str) -> Sequence[Upload]:
    """The unfinished documents of a file, the oldest first."""
    query = select(Upload).join(Application, Application.id == Upload.application_id)
    return session.scalars(query.where(Application.public_id == application).order_by(Upload.id)).all()


def upload_of(session: Session, actor: Actor, application: str, public_id: str) -> Upload:
    """The person's own unfinished document. Raises NotFound, also for somebody else's."""
    query = select(Upload).join(Application, Application.id == Upload.application_id)
    found = session.scalar(
        query.where(Application.public_id == application, Upload.public_id == public_id, Upload.account_id == actor.id)
    )
    if found is None:
        raise NotFound(public_id)
    return found


def name_of_document(session: Session, public_id: str | None) -> str:
    """How a document is called; empty where there is none."""
    return session.scalar(select(Attachment.filename).where(Attachment.public_id == public_id)) or ""


def waiting_for_verdict(session: Session, most: int) -> Sequence[Attachment]:
    """Documents that the scanner has not judged yet, the oldest first."""
    query = select(Attachment).where(Attachment.verdict == Verdict.PENDING)
    return session.scalars(query.order_by(Attachment.id).limit(most)).all()
