"""Producing a promised document: drawn once, stored by its content, kept for ever.

Two workers may draw at once: the row is unique, the second drawing is discarded. The date of a document is the moment
of the act that it tells, so that drawing it again gives the same bytes.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.delivery.answers import in_words
from grants.delivery.doors import Doors
from grants.delivery.fonts import letter_assets
from grants.delivery.pdf import render
from grants.delivery.templating import Renderer
from grants.domain.chart import Side
from grants.models import Document
from grants.models.keys import new_public_id
from grants.queries import letter, minutes
from grants.queries.consortium import operators_of
from grants.queries.eligibility import chart_of
from grants.queries.reading import reading_of
from grants.queries.terms import document_labels, terms_of
from grants.services.relay import Task
from grants.workflow.application import EDITABLE

LANGUAGE = "fr"  # letters speak the language of the network; mails that carry them speak the reader's
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_PLACE = re.compile(r"^(?=\D*\d)[0-9A-Z-]{4,10}\s+(?P<city>\D+?)(?:\s+CEDEX.*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of document: the first word of its file name, and the words that it needs beside its subject's."""

    stem: str
    more: Callable[[Session, letter.Words, Task], letter.Words]


def keep(task: Task, doors: Doors) -> None:
    """Produce the document of this promise unless it exists. Raises RenderFailed, LeakyDocument, NotFound."""
    with reading() as session:
        subject = letter.document_subject(session, task.name, task.subject, task.made_at)
        if letter.document(session, task.name, subject) is not None:
            return
        words = told(session, task, doors)
    blob = doors.store.put(drawn(doors.renderer, task.name, words, task.made_at))
    with transaction() as session:
        row = {
            "public_id": new_public_id(),
            "kind": task.name,
            "subject": subject,
            "reference": words["reference"],
            "filename": f"{KINDS[task.name].stem}-{words['reference'].lower()}.pdf",
            "language": LANGUAGE,
            "size": blob.size,
            "sha256": blob.sha256,
            "produced_at": task.made_at,
        }
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        once = insert(Document).values(row).on_conflict_do_nothing(index_elements=["kind", "subject"])
        session.execute(once)


def drawn(renderer: Renderer, name: str, words: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of a kind of document, of these words, dated `at` (aware): the same bytes for the same arguments."""
    page = renderer.document(name, LANGUAGE, words)
    assets = letter_assets()
    return render(page, (renderer.stylesheet(),), assets, title=title_of(page), lang=LANGUAGE, moment=at)


def told(session: Session, task: Task, doors: Doors) -> dict[str, Any]:
    """The words of a document: its subject's rows, what its kind adds, the letterhead."""
    if task.name == minutes.KIND:  # they stand on a log, not on rows
        return minutes.words(session, task.subject, task.payload.get("hidden", []))
    words = letter.told(session, task.subject)
    words |= {
        "at": task.made_at,
        "act": letter.act(session, task.payload.get("entry")),
        "base_url": doors.base_url,
        "letter": letterhead(words),
    }
    words |= KINDS[task.name].more(session, words, task)
    return words | {"own": own_words(words, task.name)}


def own_words(words: letter.Words, name: str) -> dict[str, str]:
    """The paragraphs that the call opens and closes a letter with, by the version that its file is written under."""
    application, decision = words.get("application"), words.get("decision")
    said = terms_of(application).part("letters") if application is not None else {}
    kind = str(decision.outcome) if decision is not None else name
    found = said.get(kind, {}) if isinstance(said, Mapping) else {}
    return {"opening": str(found.get("opening", "")), "closing": str(found.get("closing", ""))}


def letterhead(words: letter.Words) -> dict[str, Any]:
    """Who writes to whom, from where. The template adds what the letter is about."""
    network, organisation = words["network"], words["organisation"]
    attention = ", ".join(filter(None, [organisation.representative, organisation.representative_function]))
    return {
        "language": LANGUAGE,
        "sender": {"name": network.name, "address_lines": network.address_lines},
        "recipient": {
            "name": organisation.name,
            "attention": attention,
            "address_lines": organisation.address_lines,
        },
        "city": city_of(network.address_lines),
        "reference": words["reference"],
    }


def city_of(address_lines: list[Any]) -> str:
    """The town of an address, for « Paris, le … »; empty when no line looks like a postcode and a town."""
    found = [match["city"] for line in address_lines if (match := _PLACE.match(str(line).strip()))]
    return found[-1] if found else ""


def title_of(page: str) -> str:
    """The title of a page, as the file will carry it."""
    found = _TITLE.search(page)
    return html.unescape(found[1]).strip() if found else ""


def _receipt(session: Session, words: letter.Words, task: Task) -> letter.Words:
    application = words["application"]
    snapshot = letter.snapshot(session, application, task.made_at)
    if snapshot is None:
        message = "a receipt without a submission"
        raise LookupError(message)
    return {
        "snapshot": snapshot,
        "submitter": letter.submitter(session, snapshot),
        "attachments": letter.enclosed(session, application, snapshot.received_at),
        "budget": letter.budget(application),
        "labels": document_labels(application),
        "operators": operators_of(session, application),
    }


def _refused(session: Session, words: letter.Words, task: Task) -> letter.Words:  # noqa: ARG001 -- one shape for all kinds
    application = words["application"]
    return {
        "checks": letter.failed_checks(session, application),
        "waiver": letter.newest_waiver(session, application),
        "budget": letter.budget(application),
    }


def _budgeted(session: Session, words: letter.Words, task: Task) -> letter.Words:  # noqa: ARG001
    application = words.get("application")
    if application is None:
        return {"expenses": [], "income": []}
    lines, chart = application.budget_lines, chart_of(application.call)
    return {
        "expenses": letter.by_heading(lines, Side.EXPENSE, chart),
        "income": letter.by_heading(lines, Side.INCOME, chart),
    }


def _nothing_more(session: Session, words: letter.Words, task: Task) -> letter.Words:  # noqa: ARG001
    return {}


def _copied(session: Session, words: letter.Words, task: Task) -> letter.Words:  # noqa: ARG001 -- one shape for all kinds
    application = words["application"]
    return {
        "reading": reading_of(application, whole=True),
        "told": lambda answer, field: in_words(field, answer, str, LANGUAGE),
        "draft": application.submitted_at is None or application.state in EDITABLE,
    }


KINDS: dict[str, Kind] = {
    letter.COPY: Kind("dossier", _copied),
    "receipt": Kind("recepisse", _receipt),
    "inadmissible": Kind("lettre", _refused),
    "ineligible": Kind("lettre", _refused),
    "note-not-kept": Kind("lettre", _nothing_more),
    "revocation": Kind("lettre-de-retrait", _nothing_more),
    "decision-letter": Kind("lettre", _nothing_more),
    "agreement": Kind("convention", _budgeted),
    minutes.KIND: Kind("proces-verbal", _nothing_more),
}
