"""Documents of a file: what is asked, what is there and was there; adding, putting back, taking out, reading."""

from dataclasses import dataclass

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.delivery import uploads
from grants.delivery.scanning import Scanner
from grants.domain.forms import DocumentKind
from grants.domain.papers import BANK_STATEMENT, expired
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Application, Attachment, Paper
from grants.queries import attachment as queries
from grants.queries import copies
from grants.queries.attachment import Version
from grants.queries.blindness import veiled
from grants.queries.organisation import papers_of
from grants.queries.reading import piece_name, withheld
from grants.queries.terms import terms_of
from grants.queries.visibility import one_for
from grants.services import application as use_cases
from grants.services import cleaning
from grants.services.application.attaching import SEVERAL
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.copy import MOST_LOOKS
from grants.web.application.pages import Overview
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.downloads import download, store
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

# what HTTP calls a file that is too big, and one of a kind that is not taken; everything else wrong with one is 422
STATUSES = {"file_too_large": 413, "file_type_not_allowed": 415, "file_type_mismatch": 415}


@dataclass(frozen=True)
class Slot:
    """One kind of document: what it is, whether the call asks for it, what it holds, what it held.

    `theirs`: the organisation itself gives it; whoever helps to write learns only whether it is there.
    """

    key: str
    label: str
    hint: str
    asked: bool
    several: bool
    items: list[Attachment]
    earlier: list[Version]
    theirs: bool = False

    @property
    def seen(self) -> str:
        """The document that a new one would replace."""
        return self.items[0].public_id if self.items and not self.several else ""


def scanner() -> Scanner | None:
    """The virus scanner of this deployment."""
    found: Scanner | None = current_app.config["SCANNER"]
    return found


def status_of(refused: Invalid | NotPossible) -> int:
    """The status of a refusal of a document."""
    if isinstance(refused, NotPossible):
        return 409
    return next((STATUSES[one.code] for one in refused.problems.values() if one.code in STATUSES), 422)


@blueprint.get("/candidatures/<public_id>/pieces", endpoint="documents")
@may(Action.APPLICATION_EDIT)
def documents_page(public_id: str) -> ResponseReturnValue:
    """What the call asks for, and what was received."""
    return _page(own_file(public_id))


@blueprint.post("/candidatures/<public_id>/pieces")
@may(Action.APPLICATION_ATTACH)
def attach(public_id: str) -> ResponseReturnValue:
    """Receive one file of one kind."""
    kind, sent = request.form.get("kind", ""), request.files.get("file")
    row = own_file(public_id, Action.APPLICATION_ATTACH)
    if sent is None or not sent.filename:
        return _page(row, 422, wrong={kind: [("file_missing", _("Choisissez un fichier."))]})
    data = sent.read(uploads.MAX_BYTES + 1)
    sent.close()
    try:
        added = use_cases.attach(
            actor=current_actor(),
            application=public_id,
            kind=kind,
            filename=sent.filename,
            data=data,
            store=store(),
            scanner=scanner(),
            replaces=request.form.get("replaces"),
        )
    except (Invalid, NotPossible) as refused:
        return _page(own_file(public_id), status_of(refused), wrong={kind: reasons_of(refused)})
    flash(_("%(name)s est reçu.", name=added.filename), "ok")
    return back("application.documents", public_id=public_id, _anchor=kind)


@blueprint.get("/candidatures/<public_id>/pieces/<attachment>")
@may(Action.APPLICATION_READ_ATTACHMENT)
def read_attachment(public_id: str, attachment: str) -> ResponseReturnValue:
    """The bytes, for whoever may read the file; earlier versions for those who write it.

    Who must not know who applies gets the cleaned copy, or nothing.
    """
    row = own_file(public_id, Action.APPLICATION_READ_ATTACHMENT)
    writes = permits(Action.APPLICATION_EDIT, row)
    found = queries.document_of(db.session(), row, attachment, earlier=writes)
    one_for(db.session(), current_actor(), Attachment, attachment)  # 404 for a bank statement, when one only judges
    queries.refuse_unread(current_actor(), found)
    if veiled(db.session(), current_actor(), row.call, row):
        return _copy(row, found)
    return download(found.sha256, found.filename, found.media_type)


def _copy(row: Application, document: Attachment) -> ResponseReturnValue:
    """The copy that says nothing of who made it. Without one: a page that waits for it (202), or the refusal (409).

    A paper that says all through whose it is has none (404).
    """
    if withheld(row, document.kind):
        raise NotFound(document.public_id)
    copy = copies.copy_of(db.session(), document)
    if copy is not None and copy.sha256:
        return download(copy.sha256, copies.copy_name(piece_name(document, row), copy.extension), copy.media_type)
    if copy is not None and copy.withheld:
        raise NotPossible(Action.APPLICATION_READ_ATTACHMENT, (Reason("copy_withheld"),))
    name = piece_name(document, row)
    if copy is None:
        cleaning.ask(actor=current_actor(), application=row.public_id, attachment=document.public_id)
    looks = request.args.get("essai", 0, type=int) + 1
    return page(
        "application/piece.html",
        202,
        name=name,
        address=url_for("application.read_attachment", public_id=row.public_id, attachment=document.public_id),
        again=url_for(
            "application.read_attachment", public_id=row.public_id, attachment=document.public_id, essai=looks
        ),
        more=looks < MOST_LOOKS,
    )


@blueprint.post("/candidatures/<public_id>/pieces/<attachment>/retrait")
@may(Action.APPLICATION_DETACH)
def detach(public_id: str, attachment: str) -> ResponseReturnValue:
    """Take it out of the file."""
    removed = use_cases.detach(actor=current_actor(), application=public_id, attachment=attachment)
    flash(_("%(name)s est retiré. Vous le retrouvez dans les versions précédentes.", name=removed.filename), "ok")
    return back("application.documents", public_id=public_id, _anchor=removed.kind)


@blueprint.post("/candidatures/<public_id>/pieces/<attachment>/reprise")
@may(Action.APPLICATION_ATTACH)
def reinstate(public_id: str, attachment: str) -> ResponseReturnValue:
    """Put an earlier version back in its place."""
    own_file(public_id, Action.APPLICATION_ATTACH)
    added = use_cases.reinstate(actor=current_actor(), application=public_id, attachment=attachment)
    flash(_("%(name)s a repris sa place.", name=added.filename), "ok")
    return back("application.documents", public_id=public_id, _anchor=added.kind)


@blueprint.post("/candidatures/<public_id>/pieces/passeport")
@may(Action.APPLICATION_ATTACH)
def reuse(public_id: str) -> ResponseReturnValue:
    """Put a paper of the organisation's passport into a slot."""
    row, kind = own_file(public_id, Action.APPLICATION_ATTACH), request.form.get("kind", "")
    try:
        added = use_cases.reuse(
            actor=current_actor(), application=public_id, kind=kind, paper=request.form.get("paper", "")
        )
    except (Invalid, NotPossible) as refused:
        return _page(row, status_of(refused), wrong={kind: reasons_of(refused)})
    flash(_("%(name)s est repris du passeport de votre organisation.", name=added.filename), "ok")
    return back("application.documents", public_id=public_id, _anchor=kind)


def _reusable(row: Application) -> dict[str, list[tuple[Paper, bool]]]:
    """The papers of the passport for each slot, with whether they have expired; for the organisation's own people."""
    if row.organisation_id not in current_actor().writes_for:
        return {}
    held, today = papers_of(db.session(), row.organisation_id), clock.now().date()
    return {
        kind.key: [(paper, expired(paper.valid_until_on, today)) for paper in held if paper.kind == kind.paper]
        for kind in terms_of(row).documents
        if kind.paper
    }


def _page(
    row: Application, status: int = 200, wrong: dict[str, list[tuple[str, str]]] | None = None
) -> ResponseReturnValue:
    overview = Overview(row, clock.now())
    return page(
        "application/documents.html",
        status,
        application=row,
        overview=overview,
        slots=_slots(row),
        reusable=_reusable(row),
        senders=queries.senders(db.session(), row),
        wrong=wrong or {},
        open=overview.open_for("documents") and not overview.late,
        removable=overview.open_for("documents"),
    )


def _slots(row: Application) -> list[Slot]:
    earlier = queries.earlier_versions(db.session(), row)
    live = [item for item in row.attachments if item.removed_at is None]
    return [
        Slot(
            kind.key,
            _(kind.label),
            _(kind.hint) if kind.hint else "",
            kind.required,
            kind.key in SEVERAL,
            [item for item in live if item.kind == kind.key],
            earlier.get(kind.key, []),
            kind.key == BANK_STATEMENT and row.organisation_id not in current_actor().writes_for,
        )
        for kind in terms_of(row).documents
        if _asked(kind, row) or any(item.kind == kind.key for item in row.attachments)
    ]


def _asked(kind: DocumentKind, row: Application) -> bool:
    return kind.shown_if is None or kind.shown_if.holds(row.answers)
