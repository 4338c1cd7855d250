"""Documents of a file: what is asked, what is there; adding, taking out, reading."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.forms import DOCUMENT_LABELS
from grants.errors import Invalid, NotPossible
from grants.models import Application, Attachment
from grants.queries import application as files
from grants.queries import eligibility
from grants.queries.visibility import one_for
from grants.services import application as use_cases
from grants.services.application.attaching import SEVERAL
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.pages import Overview
from grants.web.kit.access import current_actor, may
from grants.web.kit.downloads import download, store
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

# what HTTP calls a file that is too big, and one of a kind that is not taken; everything else wrong with one is 422
STATUSES = {"file_too_large": 413, "file_type_not_allowed": 415, "file_type_mismatch": 415}


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
    try:
        added = use_cases.attach(
            actor=current_actor(),
            application=public_id,
            kind=kind,
            filename=sent.filename,
            data=sent.read(),
            store=store(),
        )
    except Invalid as refused:
        status = next((STATUSES[one.code] for one in refused.problems.values() if one.code in STATUSES), 422)
        return _page(own_file(public_id), status, wrong={kind: reasons_of(refused)})
    except NotPossible as refused:
        return _page(own_file(public_id), 409, wrong={kind: reasons_of(refused)})
    flash(_("%(name)s est reçu.", name=added.filename), "ok")
    return back("application.documents", public_id=public_id, _anchor=kind)


@blueprint.get("/candidatures/<public_id>/pieces/<attachment>")
@may(Action.APPLICATION_READ_ATTACHMENT)
def read_attachment(public_id: str, attachment: str) -> ResponseReturnValue:
    """The bytes, for whoever may read the file."""
    row = own_file(public_id, Action.APPLICATION_READ_ATTACHMENT)
    found = files.attachment_of(db.session(), row, attachment)
    one_for(db.session(), current_actor(), Attachment, attachment)  # 404 for a bank statement, when one only judges
    return download(found.sha256, found.filename, found.media_type)


@blueprint.post("/candidatures/<public_id>/pieces/<attachment>/retrait")
@may(Action.APPLICATION_DETACH)
def detach(public_id: str, attachment: str) -> ResponseReturnValue:
    """Take it out of the file."""
    removed = use_cases.detach(actor=current_actor(), application=public_id, attachment=attachment)
    flash(_("%(name)s est retiré.", name=removed.filename), "ok")
    return back("application.documents", public_id=public_id, _anchor=removed.kind)


def _page(
    row: Application, status: int = 200, wrong: dict[str, list[tuple[str, str]]] | None = None
) -> ResponseReturnValue:
    overview = Overview(row, clock.now())
    asked = eligibility.requirements_of(row.call).documents
    live = [item for item in row.attachments if item.removed_at is None]
    kinds = [
        (kind, _(label), kind in asked, [item for item in live if item.kind == kind])
        for kind, label in DOCUMENT_LABELS.items()
    ]
    return page(
        "application/documents.html",
        status,
        application=row,
        overview=overview,
        kinds=kinds,
        several=SEVERAL,
        wrong=wrong or {},
        open=overview.open_for("documents") and not overview.late,
        removable=overview.open_for("documents"),
    )
