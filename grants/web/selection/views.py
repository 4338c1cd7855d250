"""The ranking of a call, and the sitting in which it is discussed file by file."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.calendar import parse_day
from grants.domain.money import parse_amount
from grants.domain.reasons import Unreadable
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import Call, Decision, Meeting
from grants.queries import analysis, committee
from grants.queries import selection as queries
from grants.queries.programme import call_for
from grants.queries.reading import file_for
from grants.queries.visibility import one_for
from grants.services import decision as deciding
from grants.services import selection as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.moments import typed_moment
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page, reasons_of
from grants.web.selection.blueprint import blueprint
from grants.web.selection.forms import DecisionForm
from grants.web.selection.ordering import asked
from grants.web.selection.sitting import Redrawn, show_sitting, the_meeting
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState

PER_PAGE = 50


@blueprint.get("/classement/<slug>")
@may(Action.SELECTION_READ)
def ranking(slug: str) -> ResponseReturnValue:
    """Every scored file that the reader is not recused from, by mean with the envelope's line, or as asked."""
    session, actor, number = db.session(), current_actor(), asked_page()
    call = call_for(session, actor, slug)
    allow(Action.SELECTION_READ, call)
    board = queries.board(session, actor, call)
    meeting = committee.last_meeting(session, call.id)
    shown = analysis.shown(session, board.basis)
    listed = asked(board, shown.report, slug)
    return page(
        "selection/ranking.html",
        call=call,
        board=board,
        shown=shown,
        places=listed.places[(number - 1) * PER_PAGE : number * PER_PAGE],
        pages=paged(number, len(listed.places), PER_PAGE),
        listed=listed,
        asks=permits(Action.SELECTION_ANALYSE, call),
        meeting=meeting,
        leads_to=_leads_to(meeting),
    )


def _leads_to(meeting: Meeting | None) -> str:
    """Where a line of the ranking leads, up to the public id of its file."""
    actor, some = current_actor(), "x"
    if meeting is not None and meeting.state != MeetingState.CONVENED:
        return url_for("selection.show", public_id=meeting.public_id, dossier="")
    endpoint = "screening.show" if actor.manages or actor.audits else "review.read"
    return url_for(endpoint, public_id=some).removesuffix(some)


@blueprint.get("/seances/<public_id>")
@may(Action.SELECTION_READ, Action.SELECTION_OPEN)
def show(public_id: str) -> ResponseReturnValue:
    """The sitting: presence before it opens; ranking, discussion and decisions while it lasts."""
    return show_sitting(public_id)


@blueprint.post("/gestion/appels/<slug>/seances")
@may(Action.SELECTION_CONVENE)
def convene(slug: str) -> ResponseReturnValue:
    """Call the committee together."""
    call: Call = call_for(db.session(), current_actor(), slug)
    allow(Action.SELECTION_CONVENE, call)
    typed = request.form
    held_at = typed_moment(typed.get("held_on", ""), typed.get("held_time", "") or "09:00", call.zone, name="held_on")
    if held_at is None:
        raise Invalid({"held_on": Reason("empty")})
    meeting = service.convene(actor=current_actor(), call=call.public_id, held_at=held_at, place=typed.get("place", ""))
    flash(_("Séance convoquée."), "ok")
    return back("selection.show", public_id=meeting.public_id)


@blueprint.post("/seances/<public_id>/presence")
@may(Action.SELECTION_RECORD_ATTENDANCE)
def record_attendance(public_id: str) -> ResponseReturnValue:
    """Who is there."""
    service.record_attendance(actor=current_actor(), meeting=public_id, accounts=request.form.getlist("present"))
    flash(_("Présence enregistrée."), "ok")
    return back("selection.show", public_id=public_id)


@blueprint.post("/seances/<public_id>/ouverture")
@may(Action.SELECTION_OPEN)
def open_meeting(public_id: str) -> ResponseReturnValue:
    """Open the sitting."""
    try:
        service.open_meeting(actor=current_actor(), meeting=public_id)
    except NotPossible as error:
        return show_sitting(public_id, 409, Redrawn(reasons=reasons_of(error)))
    flash(_("Séance ouverte."), "ok")
    return back("selection.show", public_id=public_id)


@blueprint.post("/seances/<public_id>/cloture")
@may(Action.SELECTION_CLOSE)
def close_meeting(public_id: str) -> ResponseReturnValue:
    """Close the sitting."""
    try:
        service.close_meeting(actor=current_actor(), meeting=public_id)
    except NotPossible as error:
        return show_sitting(public_id, 409, Redrawn(reasons=reasons_of(error)))
    flash(_("Séance close : les propositions attendent l’acte du conseil."), "ok")
    return back("selection.show", public_id=public_id)


@blueprint.post("/seances/<public_id>/dossiers/<application>/decision")
@may(Action.DECISION_PROPOSE)
def propose(public_id: str, application: str) -> ResponseReturnValue:
    """Write down what the committee decides about a file, then go to the next."""
    meeting = the_meeting(public_id)
    file = file_for(db.session(), current_actor(), application)
    if file.call_id != meeting.call_id:
        raise NotFound(application)
    form = DecisionForm()
    try:
        values = _typed(form)
        deciding.propose(actor=current_actor(), application=application, **values)
    except Invalid as error:
        form.accept_refusal(error)
        return show_sitting(public_id, 422, Redrawn(application, reasons_of(error), form))
    except NotPossible as error:
        return show_sitting(public_id, 409, Redrawn(application, reasons_of(error), form))
    except Conflict as error:
        return show_sitting(public_id, 409, Redrawn(application, form=form, changed=(error.by, error.at)))
    flash(_("Décision consignée."), "ok")
    return back("selection.show", public_id=public_id)


def _typed(form: DecisionForm) -> dict[str, Any]:
    """The values of the form. Raises Invalid under the fields' names."""
    problems: dict[str, Reason] = {}

    def read(name: str, reader: Any) -> Any:  # noqa: ANN401 -- what the reader gives
        text = str(form[name].data or "").strip()
        try:
            return reader(text) if text else None
        except Unreadable as error:
            problems[name] = error.as_reason
        except ValueError:
            problems[name] = Reason("not_a_number")
        return None

    outcome = form.outcome.data or ""
    cents = read("awarded_cents", lambda text: parse_amount(text, allow_zero=True)) or 0
    rank = read("reserve_rank", _small_number)
    due_on = read("conditions_due_on", parse_day)
    if not outcome:
        problems["outcome"] = Reason("missing")
    if problems:
        raise Invalid(problems)
    conditional = outcome == "awarded_with_conditions"
    return {
        "outcome": outcome,
        "awarded_cents": cents if outcome.startswith("awarded") else 0,
        "motive": form.motive.data or "",
        "reason_code": form.reason_code.data or "",
        "conditions": (form.conditions.data or "") if conditional else "",
        "conditions_due_on": due_on if conditional else None,
        "reserve_rank": rank if outcome == "reserve" else None,
        "votes": form.votes.data or "",
    }


def _small_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6):  # noqa: PLR2004
        raise ValueError(text)
    return int(text)


@blueprint.post("/seances/<public_id>/decisions/<decision>/annulation")
@may(Action.DECISION_UNDO)
def undo(public_id: str, decision: str) -> ResponseReturnValue:
    """Take a proposal back while the sitting lasts."""
    meeting = the_meeting(public_id)
    row = one_for(db.session(), current_actor(), Decision, decision)
    if row.meeting_id != meeting.id:
        raise NotFound(decision)
    file = row.application.public_id
    try:
        deciding.undo(actor=current_actor(), decision=decision)
    except (NotPossible, Conflict) as error:
        return show_sitting(public_id, 409, Redrawn(reasons=reasons_of(error)))
    flash(_("Décision annulée : le dossier est de nouveau à discuter."), "ok")
    return back("selection.show", public_id=public_id, dossier=file)
