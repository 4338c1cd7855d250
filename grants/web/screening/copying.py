"""Documents that could not be made anonymous: what those who judge get instead."""

from flask import current_app, flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.delivery import uploads
from grants.errors import Invalid, NotPossible, Reason
from grants.queries.attachment import document_of
from grants.queries.desk import staff_files
from grants.queries.reading import file_for
from grants.services import cleaning
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.downloads import store
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, reasons_of
from grants.web.screening.blueprint import blueprint
from grants.web.screening.views import show_with
from grants.workflow.actions import Action

SETTLE = Action.SCREENING_SETTLE_COPY


@blueprint.post("/gestion/candidatures/<public_id>/pieces/<attachment>/copie")
@may(SETTLE)
def settle_copy(public_id: str, attachment: str) -> ResponseReturnValue:
    """Give another file to those who judge, or leave this one withheld."""
    file = file_for(db.session(), current_actor(), public_id, staff_files)
    allow(SETTLE, file)
    document_of(db.session(), file, attachment)  # 404 before anything is said of what was sent
    sent, leaves = request.files.get("file"), request.form.get("suite") == "retenue"
    if not leaves and (sent is None or not sent.filename):
        return show_with(
            public_id, 422, copy_reasons={attachment: [("file_missing", sentence(Reason("file_missing")))]}
        )
    data = sent.read(uploads.MAX_BYTES + 1) if sent is not None and not leaves else b""
    try:
        cleaning.settle(
            actor=current_actor(),
            application=public_id,
            attachment=attachment,
            filename=(sent.filename or "") if sent is not None else "",
            data=data,
            store=store(),
            scanner=current_app.config["SCANNER"],
        )
    except (Invalid, NotPossible) as refused:
        status = 422 if isinstance(refused, Invalid) else 409
        return show_with(public_id, status, copy_reasons={attachment: reasons_of(refused)})
    flash(
        _("La pièce reste retenue : personne ne la lira.")
        if leaves
        else _("Le comité lira le fichier que vous avez donné."),
        "ok",
    )
    return back("screening.show", public_id=public_id, _anchor="copies")
