"""Calls in two stages: the page on which a note is kept, or not."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotPossible
from grants.queries import screening as queries
from grants.queries.desk import staff_files
from grants.queries.reading import file_for
from grants.services import screening as service
from grants.services.lifecycle import obstacles
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.screening.blueprint import blueprint
from grants.workflow.actions import Action

KEEP, DECLINE = Action.SCREENING_KEEP_NOTE, Action.SCREENING_DECLINE_NOTE


@blueprint.get("/gestion/candidatures/<public_id>/note")
@may(KEEP)
def note_page(public_id: str) -> ResponseReturnValue:
    """Keep the note or not, and what each will send."""
    return _note_page(public_id)


def _note_page(public_id: str, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    session = db.session()
    file = file_for(session, current_actor(), public_id, staff_files)
    allow(KEEP, file)
    facts = queries.pictured(file, queries.standing_of(session, file), clock.now())
    return page(
        "screening/note.html",
        status,
        file=file,
        call=file.call,
        not_kept=[sentence(one) for one in obstacles(file, KEEP, facts)],
        reasons=reasons or [],
        typed=request.form,
    )


@blueprint.post("/gestion/candidatures/<public_id>/note/retenir")
@may(KEEP)
def keep_note(public_id: str) -> ResponseReturnValue:
    """The full file may be written."""
    try:
        service.keep_note(actor=current_actor(), application=public_id, words=request.form.get("words", ""))
    except (Invalid, NotPossible) as refused:
        return _note_page(public_id, 422 if isinstance(refused, Invalid) else 409, reasons_of(refused))
    flash(_("Note retenue : l’équipe candidate peut écrire son dossier complet."), "ok")
    return back("screening.show", public_id=public_id)


@blueprint.post("/gestion/candidatures/<public_id>/note/ecarter")
@may(DECLINE)
def decline_note(public_id: str) -> ResponseReturnValue:
    """The note stops there; the letter leaves."""
    try:
        service.decline_note(actor=current_actor(), application=public_id, reason=request.form.get("reason", ""))
    except (Invalid, NotPossible) as refused:
        return _note_page(public_id, 422 if isinstance(refused, Invalid) else 409, reasons_of(refused))
    flash(_("Note non retenue : la lettre part avec ses raisons."), "ok")
    return back("screening.show", public_id=public_id)
