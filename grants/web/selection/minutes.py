"""The minutes of a sitting: read by everybody on it, amended, approved by one person and signed by another."""

import json
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.sitting_log import written
from grants.errors import Conflict, Invalid, NotFound, NotPossible
from grants.models import Meeting
from grants.queries import minutes as queries
from grants.queries import selection
from grants.queries.visibility import one_for
from grants.services import minutes as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.downloads import own_pdf, saved_file, store
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.selection.blueprint import blueprint
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState
from grants.workflow.minutes import MinutesState


def _meeting(public_id: str) -> Meeting:
    meeting = one_for(db.session(), current_actor(), Meeting, public_id)
    allow(Action.SELECTION_READ, meeting)
    return meeting


@blueprint.get("/seances/<public_id>/proces-verbal")
@may(Action.SELECTION_READ)
def minutes(public_id: str) -> ResponseReturnValue:
    """What the log says, as minutes; and what may be done about them."""
    return _minutes_page(public_id)


def _minutes_page(public_id: str, status: int = 200, **more: Any) -> ResponseReturnValue:  # noqa: ANN401
    session, actor = db.session(), current_actor()
    meeting = _meeting(public_id)
    reading = queries.reading(session, actor, meeting)
    closed = meeting.state == MeetingState.CLOSED
    return page(
        "selection/minutes.html",
        status,
        meeting=meeting,
        call=selection.call_for_ranking(session, meeting.call_id),
        reading=reading,
        told=reading.told,
        amends=closed and reading.state != MinutesState.SIGNED and permits(Action.SELECTION_AMEND_MINUTES, meeting),
        approves=closed and reading.state == MinutesState.DRAFT and permits(Action.SELECTION_APPROVE_MINUTES, meeting),
        signs=reading.state == MinutesState.APPROVED and permits(Action.SELECTION_SIGN_MINUTES, meeting),
        **{"reasons": [], "typed": "", "about": "", **more},
    )


@blueprint.get("/seances/<public_id>/proces-verbal.pdf")
@may(Action.SELECTION_READ)
def minutes_document(public_id: str) -> ResponseReturnValue:
    """The signed minutes as PDF: the whole, or the extract without the files that the reader is recused from."""
    reading = queries.reading(db.session(), current_actor(), _meeting(public_id))
    if reading.document is None:
        raise NotFound(public_id)
    return own_pdf(store().read(reading.document.sha256), reading.document.filename)


@blueprint.get("/seances/<public_id>/journal.json")
@may(Action.SELECTION_READ)
def sitting_log(public_id: str) -> ResponseReturnValue:
    """The log that the minutes are written from, without the files that the reader is recused from."""
    meeting = _meeting(public_id)
    reading = queries.reading(db.session(), current_actor(), meeting)
    content = {"v": 1, "extract": bool(reading.hidden), "entries": written(reading.entries)}
    data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return saved_file(data, f"journal-{meeting.public_id}.json", "application/json")


@blueprint.post("/seances/<public_id>/proces-verbal/rectifications")
@may(Action.SELECTION_AMEND_MINUTES)
def amend_minutes(public_id: str) -> ResponseReturnValue:
    """Add a correction."""
    typed, file = request.form.get("text", ""), request.form.get("file", "")
    try:
        service.amend(actor=current_actor(), meeting=public_id, text=typed, file=file)
    except Invalid as error:
        return _minutes_page(public_id, 422, reasons=reasons_of(error), typed=typed, about=file)
    except NotPossible as error:
        return _minutes_page(public_id, 409, reasons=reasons_of(error), typed=typed, about=file)
    flash(_("Rectification ajoutée."), "ok")
    return back("selection.minutes", public_id=public_id)


@blueprint.post("/seances/<public_id>/proces-verbal/rectifications/<amendment>/retrait")
@may(Action.SELECTION_AMEND_MINUTES)
def strike_amendment(public_id: str, amendment: str) -> ResponseReturnValue:
    """Strike a correction: it stays readable."""
    try:
        service.strike(actor=current_actor(), meeting=public_id, amendment=amendment)
    except NotPossible as error:
        return _minutes_page(public_id, 409, reasons=reasons_of(error))
    flash(_("Rectification rayée."), "ok")
    return back("selection.minutes", public_id=public_id)


@blueprint.post("/seances/<public_id>/proces-verbal/approbation")
@may(Action.SELECTION_APPROVE_MINUTES)
def approve_minutes(public_id: str) -> ResponseReturnValue:
    """Approve them as they stand."""
    try:
        service.approve(actor=current_actor(), meeting=public_id)
    except (NotPossible, Conflict) as error:
        return _minutes_page(public_id, 409, reasons=reasons_of(error))
    flash(_("Procès-verbal approuvé. Une autre personne peut maintenant le signer."), "ok")
    return back("selection.minutes", public_id=public_id)


@blueprint.post("/seances/<public_id>/proces-verbal/signature")
@may(Action.SELECTION_SIGN_MINUTES)
def sign_minutes(public_id: str) -> ResponseReturnValue:
    """Sign them: they do not change any more."""
    try:
        service.sign(actor=current_actor(), meeting=public_id)
    except (NotPossible, Conflict) as error:
        return _minutes_page(public_id, 409, reasons=reasons_of(error))
    flash(_("Procès-verbal signé. Le document PDF se prépare."), "ok")
    return back("selection.minutes", public_id=public_id)
