"""What would leave with a decision: its letter and its mails, made by the code that makes the real ones, kept nowhere."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from grants.db import reading
from grants.delivery.doors import Doors
from grants.delivery.fonts import letter_assets
from grants.delivery.pdf import render
from grants.models import Decision, Departure
from grants.policies import Actor, require
from grants.queries.recipients import behind
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import document, lifecycle, mail
from grants.services.relay import Task
from grants.workflow.actions import Action
from grants.workflow.decision import DECISION
from grants.workflow.departure import DepartureState
from grants.workflow.effects import Document, Mail

MARK = "Aperçu"
_BODY = re.compile(r"<main>(.*?)</main>(.*?)</body>", re.DOTALL)


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom a mail would go."""

    name: str
    email: str


@dataclass(frozen=True)
class Written:
    """A mail as it would be received, and by whom."""

    subject: str
    text: str
    recipients: tuple[Recipient, ...]
    attached: bool


@dataclass(frozen=True)
class Preview:
    """A letter (title, and the HTML between its head and its foot) and the mails that would carry it."""

    title: str
    letter: str
    address: tuple[str, ...]
    mails: tuple[Written, ...]


def preview(*, actor: Actor, decision: str, doors: Doors) -> Preview:
    """What releasing this decision would send now, or at its planned moment. Raises NotFound, NotAllowed."""
    with reading() as session:
        row, at = _asked(session, actor, decision)
        words, page = _letter(session, row, at, doors)
        body = _BODY.search(page)
        recipient = words["letter"]["recipient"]
        address = (recipient["name"], recipient["attention"], *map(str, recipient["address_lines"]))
        return Preview(
            title=document.title_of(page),
            letter="".join(body.groups()) if body else "",
            address=tuple(line for line in address if line),
            mails=_mails(session, row, at, doors),
        )


def letter_pdf(*, actor: Actor, decision: str, doors: Doors) -> bytes:
    """The letter as a PDF, marked as a preview. Raises NotFound, NotAllowed, RenderFailed."""
    with reading() as session:
        row, at = _asked(session, actor, decision)
        _words, page = _letter(session, row, at, doors)
    return render(
        page,
        (doors.renderer.stylesheet(),),
        letter_assets(),
        title=f"{MARK} – {document.title_of(page)}",
        lang=document.LANGUAGE,
        moment=at,
    )


def _asked(session: Session, actor: Actor, decision: str) -> tuple[Decision, datetime]:
    row = one_for(session, actor, Decision, decision)
    require(actor, Action.DECISION_RELEASE, subject_of(row, session))
    planned = session.get(Departure, row.departure_id) if row.departure_id is not None else None
    if planned is not None and planned.state == DepartureState.PLANNED:
        return row, planned.leaves_at
    return row, lifecycle.moment(session)


def _letter(session: Session, row: Decision, at: datetime, doors: Doors) -> tuple[dict[str, Any], str]:
    kind = next(effect.kind for effect in _effects(row) if isinstance(effect, Document))
    words = document.told(session, _task(row, kind, at), doors)
    words["letter"] = {**words["letter"], "watermark": MARK}
    return words, doors.renderer.document(kind, document.LANGUAGE, words)


def _mails(session: Session, row: Decision, at: datetime, doors: Doors) -> tuple[Written, ...]:
    """One a text: people who read the same words in the same language stand together."""
    found: dict[tuple[str, str, bool], list[Recipient]] = {}
    subject = subject_of(row, session)
    for effect in _effects(row):
        for person in behind(session, effect.to, subject) if isinstance(effect, Mail) else ():
            assert isinstance(effect, Mail)
            language = person.language if person.language in mail.LANGUAGES else mail.LANGUAGES[0]
            words = mail.told(session, _task(row, effect.name, at, person.id), person, doors) | {"token": ""}
            title, text = doors.renderer.mail(effect.name, language, words)
            found.setdefault((title, text, bool(effect.attach)), []).append(Recipient(person.name, person.email))
    return tuple(Written(title, text, tuple(people), att) for (title, text, att), people in found.items())


def _effects(row: Decision) -> tuple[Document | Mail, ...]:
    """What the table promises when a decision of this outcome is released."""
    moves = (move for move in DECISION.moves if move.action == Action.DECISION_RELEASE)
    return tuple(effect for move in moves for effect in move.effects if effect.when in ("", str(row.outcome)))


def _task(row: Decision, name: str, at: datetime, recipient_id: int | None = None) -> Task:
    return Task(
        public_id="",
        name=name,
        subject=name_of(row),
        recipient_id=recipient_id,
        payload={},
        message_id="",
        made_at=at,
        content_sha256="",
        hand=lambda _sha256: None,
    )
