"""Keeping a promised mail: written once, kept as bytes, handed over.

The bytes are stored before they leave. When the answer of the mail server was lost, the same bytes go once more, with
the same Message-ID, so that a second copy can be recognised as one. A mail that announces a letter waits for it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from email import message_from_bytes
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from grants.clock import now
from grants.db import reading
from grants.delivery.doors import Doors
from grants.delivery.smtp import Attachment, Message, Permanent, to_bytes
from grants.errors import NotFound
from grants.models import Account, Application
from grants.queries import consortium, letter
from grants.queries.account import actor_for
from grants.queries.attachment import name_of_document
from grants.queries.blindness import veil_over
from grants.queries.deadline import SIGN_WITHIN
from grants.queries.lineage import reserve_waiting
from grants.queries.terms import form_of
from grants.services import sealing
from grants.services.relay import NotReady, Task

LANGUAGES = ("fr", "en")
PDF = "application/pdf"


def keep(task: Task, doors: Doors) -> None:
    """Deliver the mail of this promise. Raises NotReady (its document), or what the way out raises."""
    raw = _kept(task, doors) or _written(task, doors)
    task.hand(doors.store.put(raw).sha256)
    doors.transport.send(raw, sender=doors.mail_from, recipient=_addressee(raw))


def compose(session: Session, task: Task, doors: Doors, token: str = "") -> Message:
    """The message of this promise; `token` is what its link holds, where it has one that opens something.

    Raises NotReady until its document is there, Permanent without a recipient.
    """
    person = reader(session, task)
    language = person.language if person.language in LANGUAGES else LANGUAGES[0]
    words = told(session, task, person, doors) | {"token": token}
    attachments = _enclosures(session, task, doors)
    subject, text = doors.renderer.mail(task.name, language, words)
    return Message(
        message_id=f"<{task.message_id}@{urlsplit(doors.base_url).hostname}>",
        date=task.made_at,
        sender=doors.mail_from,
        recipient=person.email,
        subject=subject,
        text=text,
        attachments=attachments,
        language=language,
    )


def reader(session: Session, task: Task) -> Account | letter.Correspondent:
    """To whom this mail goes: an account, or somebody who is invited or asked to attest. Raises Permanent."""
    if "invitation" in task.payload:
        asking = letter.invited(session, task.payload["invitation"], now())
        if asking is not None:
            return letter.Correspondent(asking.name, asking.email, asking.language)
        reason = "the invitation is over"
        raise Permanent(reason)
    if "attestation" in task.payload:
        request = letter.attesting(session, task.payload["attestation"], now())
        if request is not None:
            return letter.Correspondent(request.contact, request.email, LANGUAGES[0])
        reason = "the attestation is asked no more"
        raise Permanent(reason)
    if "cosigner" in task.payload:
        signed = consortium.cosigned(session, task.payload["cosigner"])
        if signed is not None:
            return letter.Correspondent(signed.name or signed.contact, signed.email, LANGUAGES[0])
        reason = "the signature stands no more"
        raise Permanent(reason)
    person = letter.account(session, task.recipient_id)
    if person is None:
        reason = "the account of the recipient is closed"
        raise Permanent(reason)
    return person


def told(session: Session, task: Task, person: Account | letter.Correspondent, doors: Doors) -> dict[str, Any]:
    """The words of a mail: its subject's rows, what the act noted (`act`), the plain values of the promise (`due`)."""
    words = letter.told(session, task.subject)
    words |= {
        "recipient": person,
        "base_url": doors.base_url,
        "at": task.made_at,
        "act": letter.act(session, task.payload.get("entry")),
        "due": _dated(task.payload),
    }
    more = MORE.get(task.name)
    words |= more(session, words) if more else {}
    return _under_veil(session, words)


def _under_veil(session: Session, words: letter.Words) -> letter.Words:
    """The words without what tells who applies, to somebody who must not know.

    The rows of the file and of its lead are left out: a mail that would name them does not leave.
    """
    file, person = words.get("application"), words["recipient"]
    if not isinstance(file, Application) or not isinstance(person, Account):
        return words
    veil = veil_over(session, actor_for(session, person.id), words["call"], [file.id])
    if not veil.hides(file.id):
        return words
    told = {name: word for name, word in words.items() if name not in ("application", "organisation")}
    act = {name: veil.text(file.id, word) if isinstance(word, str) else word for name, word in words["act"].items()}
    return told | {"title": veil.text(file.id, words["title"]), "act": act}


def _dated(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of a promise, with the moment of a reminder read back."""
    due_at = payload.get("due_at")
    return {**payload, **({"due_at": datetime.fromisoformat(due_at)} if due_at else {})}


def _waiver(session: Session, words: letter.Words) -> letter.Words:
    return {"waiver": letter.newest_waiver(session, words["application"])}


def _sections(session: Session, words: letter.Words) -> letter.Words:  # noqa: ARG001 -- one shape for all mails
    form = form_of(words["application"])
    found = [form.section(key) for key in words["application"].return_sections]
    return {"sections": [section.title for section in found if section is not None]}


def _sign_by(session: Session, words: letter.Words) -> letter.Words:  # noqa: ARG001
    sent_at = words["agreement"].sent_at or words["at"]
    return {"sign_by": sent_at + SIGN_WITHIN}


def _waiting(session: Session, words: letter.Words) -> letter.Words:
    """Number of each file with its lead; with its title, for somebody who must not know who applies."""
    call, person = words["call"], words["recipient"]
    files = letter.reviews_waiting(session, call.id, person.id)
    veil = veil_over(session, actor_for(session, person.id), call, [file.id for file in files])
    return {
        "waiting": [
            (
                file.number or file.public_id,
                veil.text(file.id, file.title) if veil.hides(file.id) else file.organisation.name,
            )
            for file in files
        ]
    }


def _reserve_waiting(session: Session, words: letter.Words) -> letter.Words:
    return {"waiting": reserve_waiting(session, words["call"].id)}


def _file_offered(session: Session, words: letter.Words) -> letter.Words:
    return letter.told(session, f"invitation:{words['due']['invitation']}")


def _attesting(session: Session, words: letter.Words) -> letter.Words:
    request = letter.attesting(session, words["due"]["attestation"], now())
    return {"attestation": request, "partner": request.partner if request else None}


def _withheld(session: Session, words: letter.Words) -> letter.Words:
    return {"document_name": name_of_document(session, words["act"].get("attachment"))}


def _amended(session: Session, words: letter.Words) -> letter.Words:  # noqa: ARG001
    """The dates that moved; questions and documents by name, each once; the other parts by theirs."""
    said = [one for one in words["act"].get("changes", ()) if isinstance(one, Mapping)]
    moved = [one for one in said if one["part"] == "dates" and one["subject"].endswith(("_at", "_on"))]
    named = [one for one in said if one["part"] in ("form", "documents") and one["subject"]]
    rest = [one for one in said if one not in moved and one["part"] not in ("form", "documents")]
    dates = [
        {"name": one["subject"], "before": _moment_or_day(one["before"]), "after": _moment_or_day(one["after"])}
        for one in moved
    ]
    lines = {(one["part"], one["how"] if not one["what"] else "changed", one["subject"]): one for one in named}
    told = [{"part": part, "how": how, "subject": subject} for part, how, subject in lines]
    return {"amended": {"dates": dates, "lines": told, "parts": list(dict.fromkeys(one["part"] for one in rest))}}


def _moment_or_day(text: str) -> datetime | date | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


# What some mails tell beside their subject's rows.
MORE: dict[str, Callable[[Session, letter.Words], letter.Words]] = {
    "invitation-file": _file_offered,
    "call-amended": _amended,
    "attestation-asked": _attesting,
    "attestation-renewed": _attesting,
    "agreement-to-sign": _sign_by,
    "document-withheld": _withheld,
    "reminder-reserve": _reserve_waiting,
    "reminder-review": _waiting,
    "returned": _sections,
    "waiver-asked": _waiver,
    "waiver-granted": _waiver,
    "waiver-refused": _waiver,
}


def _kept(task: Task, doors: Doors) -> bytes | None:
    """The bytes that may have left before; None when nothing was ever handed over."""
    if not task.content_sha256:
        return None
    try:
        return doors.store.read(task.content_sha256)
    except NotFound:  # swept long after it was refused for good: a person asked to try again
        return None


def _written(task: Task, doors: Doors) -> bytes:
    with reading() as session:
        reader(session, task)  # before a new link is made, which ends a former one
    sealed = next((kind for kind in sealing.OPENED if kind in task.payload), None)
    token = sealing.issue(sealed, task.payload[sealed]) if sealed else ""
    with reading() as session:
        return to_bytes(compose(session, task, doors, token))


def _enclosures(session: Session, task: Task, doors: Doors) -> tuple[Attachment, ...]:
    kind = task.payload.get("attach")
    if not kind:
        return ()
    found = letter.document(session, kind, letter.document_subject(session, kind, task.subject, task.made_at))
    if found is None:
        reason = f"the document {kind} is not there yet"
        raise NotReady(reason)
    return (Attachment(found.filename, doors.store.read(found.sha256), PDF),)


def _addressee(raw: bytes) -> str:
    """To whom these bytes are written: the envelope never differs from the letter."""
    address = message_from_bytes(raw, policy=SMTP)["To"].addresses[0]
    return str(address.addr_spec)
