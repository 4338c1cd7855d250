"""The mailbox of a demonstration, the log of sendings, the documents."""

from email.utils import parsedate_to_datetime
from typing import Any

from flask import Blueprint, current_app, flash, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from config.settings import Settings
from grants.clock import now
from grants.db import db
from grants.delivery.files import Store
from grants.delivery.mailbox import list_messages, read_message
from grants.domain.receipts import canonical
from grants.errors import NotFound
from grants.models import Agreement, Application, Decision, Document
from grants.queries import letter
from grants.queries import message as log
from grants.queries.visibility import one_for
from grants.services import relay
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.downloads import PDF, own_pdf, saved_file
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page
from grants.web.message.pages import AGAIN, GROUPS, pieces, trouble, words_of
from grants.workflow.actions import Action

blueprint = Blueprint("message", __name__)

# Of whom the right to read a document is asked: what it is about, and the action.
READERS: dict[str, tuple[type[Any], Action]] = {
    "receipt": (Application, Action.APPLICATION_READ_RECEIPT),
    "inadmissible": (Application, Action.APPLICATION_READ_RECEIPT),
    "ineligible": (Application, Action.APPLICATION_READ_RECEIPT),
    "note-not-kept": (Application, Action.APPLICATION_READ_RECEIPT),
    "decision-letter": (Decision, Action.DECISION_READ_LETTER),
    "revocation": (Decision, Action.DECISION_READ_LETTER),
    "agreement": (Agreement, Action.AGREEMENT_READ),
}


@blueprint.get("/gestion/courrier")
@may(Action.MESSAGE_BROWSE_MAILBOX, whole=True)
def mailbox() -> ResponseReturnValue:
    """The mails that would have left, newest first."""
    q = request.args.get("q", "").strip()[:200]
    found = list_messages(_folder(), asked_page(), q=q or None)
    return page(
        "message/mailbox.html",
        found=found,
        q=q,
        pages=paged(found.page, found.total),
        leaves=bool(_settings().smtp_url),
    )


@blueprint.get("/gestion/courrier/<name>")
@may(Action.MESSAGE_BROWSE_MAILBOX, whole=True)
def show(name: str) -> ResponseReturnValue:
    """One mail: from whom, to whom, its text, its files."""
    found = read_message(_folder(), name)
    files = [
        {"name": file.filename, "size": len(file.data), "href": url_for("message.attachment", name=name, number=number)}
        for number, file in enumerate(found.attachments, start=1)
    ]
    headers = dict(found.headers)
    return page(
        "message/show.html",
        headers=headers,
        sent_at=parsedate_to_datetime(headers["Date"]),
        text=pieces(found.text, _settings().base_url),
        files=files,
    )


@blueprint.get("/gestion/courrier/<name>/<int:number>")
@may(Action.MESSAGE_BROWSE_MAILBOX, whole=True)
def attachment(name: str, number: int) -> ResponseReturnValue:
    """A file of a mail."""
    found = read_message(_folder(), name)
    if not 1 <= number <= len(found.attachments):
        raise NotFound(name)
    file = found.attachments[number - 1]
    return own_pdf(file.data, file.filename) if file.mime == PDF else saved_file(file.data, file.filename, file.mime)


@blueprint.get("/gestion/envois")
@may(Action.MESSAGE_BROWSE_OUTBOX, whole=True)
def outbox() -> ResponseReturnValue:
    """What was promised, what has left, what is stuck."""
    group, q, number = request.args.get("etat", ""), request.args.get("q", "").strip()[:200], asked_page()
    states = GROUPS[group][1] if group in GROUPS else ()
    rows, total = log.all_for(db.session(), current_actor(), number, states=states, q=q)
    return page(
        "message/outbox.html",
        rows=rows,
        totals=log.totals(db.session(), current_actor()),
        groups=GROUPS,
        group=group if group in GROUPS else "",
        q=q,
        pages=paged(number, total, log.PER_PAGE),
        now=now(),
        again=AGAIN,
        words_of=words_of,
        trouble=trouble,
        manages=current_actor().manages,
    )


@blueprint.post("/gestion/envois/<public_id>/nouvel-essai")
@may(Action.MESSAGE_RETRY)
def retry(public_id: str) -> ResponseReturnValue:
    """Try once more what was refused or given up."""
    relay.retry(actor=current_actor(), promise=public_id)
    flash(_("L’envoi est remis dans la file : il part dans les prochaines secondes."), "ok")
    return back("message.outbox", etat="attente")


@may(Action.APPLICATION_READ_RECEIPT, Action.DECISION_READ_LETTER, Action.AGREEMENT_READ)
def download(public_id: str) -> ResponseReturnValue:
    """A document, for those who may read what it is about. `?enregistrer=1` offers it for saving."""
    found, _subject = _readable(public_id)
    return own_pdf(_store().read(found.sha256), found.filename, saved="enregistrer" in request.args)


@may(Action.APPLICATION_READ_RECEIPT)
def content(public_id: str) -> ResponseReturnValue:
    """The submitted content behind a receipt, spelled exactly as its fingerprint was calculated."""
    found, row = _readable(public_id)
    if found.kind != "receipt":
        raise NotFound(public_id)
    snapshot = letter.snapshot(db.session(), row, found.produced_at)
    if snapshot is None:
        raise NotFound(public_id)
    filename = found.filename.removesuffix(".pdf") + "-contenu.json"
    return saved_file(canonical(snapshot.content), filename, "application/json")


@blueprint.record
def _documents(state: BlueprintSetupState) -> None:
    """Documents have an address of their own, whichever feature they come from."""
    state.app.add_url_rule("/documents/<public_id>.pdf", "document.download", download)
    state.app.add_url_rule("/documents/<public_id>.json", "document.content", content)


def _readable(public_id: str) -> tuple[Document, Any]:
    """The document and the row that it is about, if the person may read it; NotFound, NotAllowed otherwise."""
    found = log.document(db.session(), public_id)
    if found is None:
        raise NotFound(public_id)
    if found.kind not in READERS:  # a team's copy of its own file has a page of its own
        raise NotFound(public_id)
    model, action = READERS[found.kind]
    about = found.subject.partition(":")[2].partition("/")[0]
    row = one_for(db.session(), current_actor(), model, about)
    allow(action, row)
    return found, row


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _folder() -> Any:  # noqa: ANN401 -- a path, from the configuration of Flask
    """The mailbox; real letters of real people are nobody's to leaf through."""
    if _settings().is_production:
        raise NotFound(request.path)
    return current_app.config["MAILBOX"]


def _store() -> Store:
    store: Store = current_app.config["STORE"]
    return store
