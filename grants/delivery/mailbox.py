"""The folder of delivered mails that stands for a mail server in a demonstration: written once, listed, read."""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from grants.delivery.files import write_once
from grants.delivery.message import Attachment
from grants.errors import NotFound

_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}\.eml")
_REMEMBERED = 4096


@dataclass(frozen=True)
class Entry:
    """A mail in a list: `name` is its file, `attachments` how many files it carries."""

    name: str
    sent_at: datetime
    sender: str
    recipient: str
    subject: str
    attachments: int


@dataclass(frozen=True)
class Page:
    """One page of a list, newest first; `page` counts from 1, `total` counts the mails that fit the filters."""

    messages: tuple[Entry, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Letter:
    """A mail opened: its headers in their order, its text, its files."""

    name: str
    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[Attachment, ...]


def drop(folder: Path, raw: bytes) -> Path:
    """Write a finished message into the folder and return its file; the same Message-ID is written once.

    The file appears whole or not at all.
    """
    mail = _parsed(raw)
    sent_at = parsedate_to_datetime(str(mail["Date"])).astimezone(UTC)
    digest = hashlib.sha256(str(mail["Message-ID"]).encode()).hexdigest()[:16]
    target = folder / f"{sent_at:%Y%m%dT%H%M%SZ}-{digest}.eml"
    write_once(target, raw)
    return target


def list_messages(
    folder: Path, page: int = 1, per_page: int = 50, recipient: str | None = None, q: str | None = None
) -> Page:
    """Return one page of the delivered mails, newest first.

    `recipient` keeps the mails to exactly that address, `q` those that hold all its words in address, subject or text.
    A page beyond the last one is the last one.
    """
    files = _files(folder)
    if recipient or q:
        words = q.casefold().split() if q else []
        files = [file for file in files if _fits(file, recipient, words)]
    pages = max(1, -(-len(files) // per_page))
    page = min(max(1, page), pages)
    shown = files[(page - 1) * per_page : page * per_page]
    return Page(tuple(_read(*file)[0] for file in shown), page, pages, len(files))


def read_message(folder: Path, name: str) -> Letter:
    """Return the mail in the file `name` of the folder; NotFound for any name that this folder did not give."""
    file = folder / name
    if not _NAME.fullmatch(name) or file.is_symlink() or not file.is_file():
        raise NotFound(name)
    mail = _parsed(file.read_bytes())
    headers = tuple((key, str(value)) for key, value in mail.items())
    enclosed = tuple(
        Attachment(part.get_filename() or "", _bytes(part), part.get_content_type()) for part in mail.iter_attachments()
    )
    return Letter(name, headers, _text(mail), enclosed)


def _files(folder: Path) -> list[tuple[Path, int]]:
    """Return the mails of the folder with their stamps, newest first; within a second in the order of arrival."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        found = [(entry.name[:16], entry.stat().st_mtime_ns, entry.path) for entry in _mails(entries)]
    return [(Path(path), stamp) for _, stamp, path in sorted(found, reverse=True)]


def _mails(entries: Iterable[os.DirEntry[str]]) -> Iterable[os.DirEntry[str]]:
    return (entry for entry in entries if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False))


def _fits(file: tuple[Path, int], recipient: str | None, words: list[str]) -> bool:
    entry, searched = _read(*file)
    if recipient and entry.recipient.casefold() != recipient.casefold():
        return False
    return all(word in searched for word in words)


@lru_cache(maxsize=_REMEMBERED)
def _read(file: Path, _stamp: int) -> tuple[Entry, str]:
    """Return what a list shows of a mail and the text that a search looks in; the stamp tells a rewritten file."""
    mail = _parsed(file.read_bytes())
    entry = Entry(
        name=file.name,
        sent_at=parsedate_to_datetime(str(mail["Date"])).astimezone(UTC),
        sender=str(mail["From"]),
        recipient=str(mail["To"]),
        subject=str(mail["Subject"]),
        attachments=sum(1 for _ in mail.iter_attachments()),
    )
    return entry, f"{entry.recipient}\n{entry.subject}\n{_text(mail)}".casefold()


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=SMTP)
    if not isinstance(mail, EmailMessage):  # the policy makes it one
        raise TypeError
    return mail


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _bytes(part: object) -> bytes:
    data = part.get_payload(decode=True) if isinstance(part, EmailMessage) else b""
    return data if isinstance(data, bytes) else b""
