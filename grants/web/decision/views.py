"""The decisions of a call: the committee's proposals and the board's act beside each other; one decision and its history."""

from datetime import date

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.domain.calendar import DayError, parse_day
from grants.errors import Conflict, Invalid, NotPossible
from grants.models import Decision
from grants.queries import decision as queries
from grants.queries import lineage
from grants.queries.blindness import veil_over
from grants.queries.desk import calls_followed
from grants.queries.reading import face_of
from grants.queries.visibility import one_for
from grants.services import decision as service
from grants.web.decision.blueprint import blueprint, the_call, the_decision
from grants.web.decision.forms import BoardForm, filled, judged
from grants.web.decision.story import told
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.labels import STATES
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action
from grants.workflow.decision import DecisionState, Origin
from grants.workflow.meeting import MeetingState

Refused = list[tuple[str, str]]


@blueprint.get("/gestion/decisions")
@may(Action.SCREENING_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """Decisions by outcome with their amounts, and the next act."""
    return browse_page(request.args.get("appel", ""))


def browse_page(
    slug: str, status: int = 200, reasons: Refused | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    """The decisions of a call, with what a refused act said."""
    call = the_call(slug)
    if call is None:
        return page("decision/none.html")
    lines = queries.listing(db.session(), current_actor(), call.id)
    groups = [(outcome, [line for line in lines if line.outcome == outcome]) for outcome in STATES["outcome"]]
    proposed = [line for line in lines if line.state == DecisionState.PROPOSED]
    ripe = [line for line in proposed if line.meeting_state == MeetingState.CLOSED or line.origin != Origin.COMMITTEE]
    total, _committed = queries.envelope_of(db.session(), call.id)
    return page(
        "decision/browse.html",
        status,
        call=call,
        calls=calls_followed(db.session(), current_actor()),
        groups=[(outcome, rows) for outcome, rows in groups if rows],
        lines=lines,
        to_approve=[line for line in ripe if line.origin != Origin.REISSUE],
        to_confirm=[line for line in ripe if line.origin == Origin.REISSUE],
        waiting=[line for line in proposed if line not in ripe],
        approved=[line for line in lines if line.state == DecisionState.APPROVED and line.leaves_at is None],
        planned=[line for line in lines if line.state == DecisionState.APPROVED and line.leaves_at is not None],
        total=total,
        awarded=sum(line.held_cents for line in lines),
        manages=permits(Action.SELECTION_CONVENE, call),
        reasons=reasons or [],
        typed=typed or {},
    )


@blueprint.post("/gestion/decisions/approbation")
@may(Action.DECISION_APPROVE)
def approve() -> ResponseReturnValue:
    """Enter the board's act for the proposals that it follows."""
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
        return browse_page(slug, status, reasons_of(error), form.to_dict())
    flash(_("Acte enregistré : les décisions peuvent être notifiées."), "ok")
    return back("decision.browse", appel=slug)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text)
    except DayError as error:
        raise Invalid({"board_on": error.as_reason}) from error


@blueprint.get("/gestion/decisions/<public_id>")
@may(Action.DECISION_READ)
def show(public_id: str) -> ResponseReturnValue:
    """One decision: the committee's act and the board's, its letters, what came before and after."""
    return show_page(public_id)


def show_page(public_id: str, status: int = 200, reasons: Refused | None = None) -> ResponseReturnValue:
    """The page of a decision, with what a refused act said."""
    session = db.session()
    row, file = the_decision(public_id, Action.CALL_OVERSEE)
    stages = lineage.of_file(session, file.id)
    by_id = {stage.decision.id: stage for stage in stages}
    stage = by_id.get(row.id)
    follows = by_id.get(row.follows_id) if row.follows_id is not None else None
    proposal = follows if row.origin == Origin.BOARD else stage
    veil = veil_over(session, current_actor(), file.call, [file.id])
    return page(
        "decision/show.html",
        status,
        veil=veil,
        face=face_of(file, veil),
        decision=row,
        file=file,
        call=file.call,
        stage=stage,
        stages=stages,
        proposal=proposal,
        story=[{**event, "detail": veil.text(file.id, event.get("detail", ""))} for event in told(stages)],
        sitting=lineage.sitting_of(session, row),
        current=next((one.decision for one in stages if one.decision.ended_at is None), None),
        follows=follows,
        project=queries.project_on(session, row.id),
        manages=permits(Action.DECISION_REVOKE, row),
        confirms=permits(Action.DECISION_CONFIRM, row),
        reasons=reasons or [],
    )


@blueprint.post("/gestion/decisions/<public_id>/reserve")
@may(Action.DECISION_LIFT_CONDITION)
def lift_condition(public_id: str) -> ResponseReturnValue:
    """The condition of an award is met."""
    slug = one_for(db.session(), current_actor(), Decision, public_id).application.call.slug
    try:
        service.lift_condition(actor=current_actor(), decision=public_id)
    except NotPossible as error:
        return browse_page(slug, 409, reasons_of(error))
    flash(_("Condition levée : la convention peut être envoyée."), "ok")
    return back("decision.browse", appel=slug)


@blueprint.route("/gestion/decisions/<public_id>/autrement", methods=["GET", "POST"])
@may(Action.DECISION_DECLINE)
def decide_otherwise(public_id: str) -> ResponseReturnValue:
    """The board does not follow the committee: its own decision, its act and its reason."""
    row, file = the_decision(public_id, Action.DECISION_DECLINE)
    if request.method != "POST":  # HEAD reads too
        form = BoardForm.empty(**filled(row))
        return page("decision/otherwise.html", decision=row, file=file, form=form, reasons=[])
    form = BoardForm()
    try:
        judged(form)
        made = service.decide_otherwise(
            actor=current_actor(),
            decision=public_id,
            wish=form.wish(),
            board_on=form.board_day(),
            board_reference=form.board_reference.data or "",
        )
    except (Invalid, NotPossible, Conflict) as error:
        if isinstance(error, Invalid):
            form.accept_refusal(error)
        row, file = the_decision(public_id, Action.DECISION_DECLINE)
        reasons = [] if isinstance(error, Invalid) else reasons_of(error)
        status = 422 if isinstance(error, Invalid) else 409
        return page("decision/otherwise.html", status, decision=row, file=file, form=form, reasons=reasons)
    flash(_("Décision du conseil enregistrée, à côté de la proposition du comité."), "ok")
    return back("decision.show", public_id=made.public_id)
