"""The lot among the files that the line cuts: promised before the sitting, drawn in it, repeated by anybody."""

import shlex

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain import lots
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Meeting
from grants.queries import analysis, selection
from grants.queries.visibility import one_for
from grants.services import lot as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.selection.blueprint import blueprint
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState


@blueprint.get("/seances/<public_id>/tirage")
@may(Action.SELECTION_READ)
def lot(public_id: str) -> ResponseReturnValue:
    """The lot of a sitting: its promise, its outcome, how to draw it again."""
    return _lot_page(public_id)


@blueprint.post("/seances/<public_id>/tirage/engagement")
@may(Action.SELECTION_PROMISE_LOT)
def promise_lot(public_id: str) -> ResponseReturnValue:
    """Make a seed and publish its fingerprint."""
    try:
        service.promise(actor=current_actor(), meeting=public_id)
    except NotPossible as refused:
        return _lot_page(public_id, 409, reasons_of(refused))
    flash(_("La graine est engagée : son empreinte est publiée ci-dessous, elle-même reste secrète."), "ok")
    return back("selection.lot", public_id=public_id)


@blueprint.post("/seances/<public_id>/tirage")
@may(Action.SELECTION_DRAW_LOT)
def draw_lot(public_id: str) -> ResponseReturnValue:
    """Draw it."""
    typed = request.form.get("word", "")
    try:
        service.draw(actor=current_actor(), meeting=public_id, word=typed)
    except NotPossible as refused:
        return _lot_page(public_id, 409, reasons_of(refused), typed)
    except Invalid as refused:
        return _lot_page(public_id, 422, reasons_of(refused), typed)
    flash(_("Le tirage est fait et inscrit au journal."), "ok")
    return back("selection.lot", public_id=public_id)


def _lot_page(
    public_id: str, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: str = ""
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    meeting = one_for(session, actor, Meeting, public_id)
    call = selection.call_for_ranking(session, meeting.call_id)
    allow(Action.SELECTION_READ, call if meeting.state == MeetingState.CONVENED else meeting)
    if not call.lot:
        raise NotFound(public_id)
    board = selection.board(session, actor, call)
    # whoever does not see every file sees nothing of the lot: a fingerprint, or a number of files, would tell of the rest
    whole = len(board.places) == analysis.scored_files(session, call.id)
    found = service.current(session, meeting.id) if whole else None
    places = {place.file.public_id: place for place in board.places}
    drawn = lots.draw(found.seed, call.public_id, found.files, public=found.word) if found and found.drawn_at else ()
    return page(
        "selection/lot.html",
        status,
        call=call,
        meeting=meeting,
        whole=whole,
        lot=found,
        group=[places[key] for key in found.files if key in places] if found else [],
        tickets=[(ticket, places[ticket.file]) for ticket in drawn if ticket.file in places],
        promises=whole and meeting.state == MeetingState.CONVENED and permits(Action.SELECTION_PROMISE_LOT, meeting),
        draws=found is not None
        and meeting.state == MeetingState.OPEN
        and not found.drawn_at
        and permits(Action.SELECTION_DRAW_LOT, meeting),
        word_quoted=shlex.quote(found.word) if found else "",
        reasons=reasons or [],
        typed=typed,
    )
