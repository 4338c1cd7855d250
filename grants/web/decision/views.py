"""The decisions of a call: approved on the board's act, released together, mended where it must be."""

from datetime import date

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.calendar import DayError, parse_day
from grants.errors import Invalid, NotPossible
from grants.models import Call, Decision
from grants.queries import decision as queries
from grants.queries.desk import calls_followed
from grants.queries.programme import call_for
from grants.queries.visibility import one_for
from grants.services import decision as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.labels import STATES
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState
from grants.workflow.meeting import MeetingState

blueprint = Blueprint("decision", __name__)


def _call(slug: str) -> Call | None:
    """The call of the address, for those who follow its decisions; the newest without one."""
    calls = calls_followed(db.session(), current_actor())
    wished = slug or (calls[0][0] if calls else "")
    if not wished:
        return None
    call = call_for(db.session(), current_actor(), wished)
    allow(Action.CALL_OVERSEE, call)
    return call


@blueprint.get("/gestion/decisions")
@may(Action.SCREENING_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """Decisions by outcome with their amounts, and the next act."""
    return _browse(request.args.get("appel", ""))


def _browse(
    slug: str, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    call = _call(slug)
    if call is None:
        return page("decision/none.html")
    lines = queries.listing(db.session(), current_actor(), call.id)
    groups = [(outcome, [line for line in lines if line.outcome == outcome]) for outcome in STATES["outcome"]]
    proposed = [line for line in lines if line.state == DecisionState.PROPOSED]
    total, _committed = queries.envelope_of(db.session(), call.id)
    return page(
        "decision/browse.html",
        status,
        call=call,
        calls=calls_followed(db.session(), current_actor()),
        groups=[(outcome, rows) for outcome, rows in groups if rows],
        lines=lines,
        to_approve=[line for line in proposed if line.meeting_state == MeetingState.CLOSED],
        waiting=[line for line in proposed if line.meeting_state != MeetingState.CLOSED],
        approved=[line for line in lines if line.state == DecisionState.APPROVED],
        total=total,
        awarded=sum(line.awarded_cents for line in lines),
        manages=permits(Action.SELECTION_CONVENE, call),
        reasons=reasons or [],
        typed=typed or {},
    )


@blueprint.post("/gestion/decisions/approbation")
@may(Action.DECISION_APPROVE)
def approve() -> ResponseReturnValue:
    """Enter the board's act for the proposals of a closed sitting."""
    slug, form = request.args.get("appel", ""), request.form
    try:
        service.approve(
            actor=current_actor(),
            decisions=form.getlist("decision"),
            board_on=_day(form.get("board_on", "")),
            board_reference=form.get("board_reference", ""),
        )
    except (Invalid, NotPossible) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return _browse(slug, status, reasons_of(error), form.to_dict())
    flash(_("Acte enregistré : les décisions peuvent être notifiées."), "ok")
    return back("decision.browse", appel=slug)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text)
    except DayError as error:
        raise Invalid({"board_on": error.as_reason}) from error


@blueprint.get("/gestion/decisions/notification")
@may(Action.DECISION_RELEASE)
def release_page() -> ResponseReturnValue:
    """What will leave, before it leaves."""
    call = _call(request.args.get("appel", ""))
    if call is None:
        return page("decision/none.html")
    allow(Action.SELECTION_CONVENE, call)
    return page("decision/release.html", call=call, departure=queries.departure(db.session(), current_actor(), call.id))


@blueprint.post("/gestion/decisions/notification")
@may(Action.DECISION_RELEASE)
def release() -> ResponseReturnValue:
    """Let the decisions of the list leave."""
    slug = request.args.get("appel", "")
    try:
        rows = service.release(actor=current_actor(), decisions=request.form.getlist("decision"))
    except NotPossible as error:
        return _browse(slug, 409, reasons_of(error))
    flash(ngettext("%(num)s décision notifiée.", "%(num)s décisions notifiées.", len(rows)), "ok")
    return back("decision.browse", appel=slug)


@blueprint.post("/gestion/decisions/<public_id>/reserve")
@may(Action.DECISION_LIFT_CONDITION)
def lift_condition(public_id: str) -> ResponseReturnValue:
    """The condition of an award is met."""
    slug = _slug_of(public_id)
    try:
        service.lift_condition(actor=current_actor(), decision=public_id)
    except NotPossible as error:
        return _browse(slug, 409, reasons_of(error))
    flash(_("Condition levée : la convention peut être envoyée."), "ok")
    return back("decision.browse", appel=slug)


def _slug_of(public_id: str) -> str:
    return one_for(db.session(), current_actor(), Decision, public_id).application.call.slug


@blueprint.get("/gestion/decisions/<public_id>/retrait")
@may(Action.DECISION_REVOKE)
def revoke_page(public_id: str) -> ResponseReturnValue:
    """What withdrawing a decision does."""
    return _revoke_page(public_id)


def _revoke_page(
    public_id: str, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: str = ""
) -> ResponseReturnValue:
    row = one_for(db.session(), current_actor(), Decision, public_id)
    allow(Action.DECISION_REVOKE, row)
    return page("decision/revoke.html", status, decision=row, file=row.application, reasons=reasons or [], typed=typed)


@blueprint.post("/gestion/decisions/<public_id>/retrait")
@may(Action.DECISION_REVOKE)
def revoke(public_id: str) -> ResponseReturnValue:
    """Withdraw a decision, with its reason."""
    slug, motive = _slug_of(public_id), request.form.get("motive", "")
    try:
        service.revoke(actor=current_actor(), decision=public_id, motive=motive)
    except (Invalid, NotPossible) as error:
        return _revoke_page(public_id, 422 if isinstance(error, Invalid) else 409, reasons_of(error), motive)
    flash(_("Décision retirée : son montant est de nouveau disponible."), "ok")
    return back("decision.browse", appel=slug)
