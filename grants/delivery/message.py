"""A mail as bytes: plain text for one person, the same bytes for the same message, nothing that a stranger could add."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

SUBJECT_LENGTH = 200
ADDRESS_LENGTH = 254
_LOCAL_LENGTH = 64
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
# C0, DEL, C1, the Unicode line ends and half a surrogate pair: nothing that belongs to a header on one line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class BadMessage(ValueError):
    """A message that must not leave: a control character, a second address, a subject that is too long."""


@dataclass(frozen=True)
class Attachment:
    """A file in a message."""

    filename: str
    data: bytes
    mime: str


@dataclass(frozen=True)
class Message:
    """A plain text mail for one person. `date` is aware; `sender` may carry a name: `Palabre <bureau@example.org>`."""

    message_id: str
    date: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    language: str = "fr"


def bare_address(text: str) -> str:
    """Return `text` when it is exactly one plain ASCII address; BadMessage otherwise (lists, names, comments)."""
    local = text.partition("@")[0]
    if len(text) > ADDRESS_LENGTH or len(local) > _LOCAL_LENGTH or not _ADDRESS.fullmatch(text):
        message = "not one plain address"
        raise BadMessage(message)
    return text


def to_bytes(message: Message) -> bytes:
    """Return the message as it travels, the same bytes for the same message; BadMessage when it must not leave."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _sender(message.sender)
    mail["To"] = Address(addr_spec=bare_address(message.recipient))
    mail["Subject"] = _subject(message.subject)
    mail["Date"] = format_datetime(_aware(message.date).astimezone(UTC))
    mail["Message-ID"] = _message_id(message.message_id)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_text(message.text), cte="quoted-printable")
    for attachment in message.attachments:
        _attach(mail, attachment)
    mail["Content-Language"] = _one_line(message.language)  # after the files: adding one moves all Content- headers
    if message.attachments:
        mail.set_boundary("palabre-" + hashlib.sha256(message.message_id.encode()).hexdigest()[:32])
    return mail.as_bytes()


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    """Add a file, always as base64: no line of a stranger's file can end the message or be too long."""
    if not _MIME.fullmatch(attachment.mime):
        message = "not a media type"
        raise BadMessage(message)
    main, _, sub = attachment.mime.partition("/")
    name = _one_line(attachment.filename)
    mail.add_attachment(attachment.data, maintype=main, subtype=sub, filename=name, cte="base64")


def _one_line(text: str) -> str:
    """Return the text when it can stand in a header; BadMessage for anything that could begin another one."""
    if not text.strip() or _CONTROL.search(text):
        message = "empty, or a control character in a header"
        raise BadMessage(message)
    return text


def _subject(text: str) -> str:
    if len(text) > SUBJECT_LENGTH:
        message = f"a subject of more than {SUBJECT_LENGTH} characters"
        raise BadMessage(message)
    return _one_line(text)


def _sender(text: str) -> Address:
    name, address = parseaddr(_one_line(text))
    return Address(display_name=name, addr_spec=bare_address(address))


def _message_id(text: str) -> str:
    text = text if text.startswith("<") else f"<{text}>"
    if not _MESSAGE_ID.fullmatch(text):
        message = "not a message id"
        raise BadMessage(message)
    return text


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        message = "a date without its zone"
        raise BadMessage(message)
    return at


def _text(text: str) -> str:
    """Return the body with plain line ends; BadMessage for characters that no mail program shows."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL_IN_TEXT.search(plain):
        message = "a control character in the text"
        raise BadMessage(message)
    return plain.rstrip("\n") + "\n"
