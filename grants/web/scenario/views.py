"""Scenarios of a call: listed, asked for, waited for, read; named, shared, made the reference of the sitting, put away."""

from fractions import Fraction
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import Invalid, NotPossible
from grants.models import Call, Scenario
from grants.queries import scenario as queries
from grants.queries import selection
from grants.queries.programme import call_for
from grants.queries.visibility import one_for
from grants.services import scenario as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page, reasons_of
from grants.web.kit.selection_words import BOUND_KINDS, OBJECTIVES, bound_words, capital
from grants.web.scenario import pictures, trial, words
from grants.web.scenario.blueprint import blueprint
from grants.workflow.actions import Action

PER_PAGE = 50
Reasons = list[tuple[str, str]] | None


def call_of(slug: str) -> Call:
    """The call of an address, for whoever reads its ranking."""
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.SELECTION_READ, call)
    return call


def names_of(board: selection.Board) -> words.Names:
    """(number, title) of the files that the reader sees."""
    return {place.file.public_id: (place.file.number, place.file.title) for place in board.places}


@blueprint.get("/classement/<slug>/scenarios")
@may(Action.SCENARIO_READ)
def browse(slug: str) -> ResponseReturnValue:
    """The scenarios that the reader may read, the newest first."""
    session, actor, call = db.session(), current_actor(), call_of(slug)
    board = selection.board(session, actor, call)
    names, stated = names_of(board), queries.rules_of(call)
    return page(
        "scenario/browse.html",
        call=call,
        board=board,
        lines=[
            (one, words.tried(one.rules, stated, names)) for one in queries.listed(session, actor, call, board.basis)
        ],
        stated=stated,
        bounds=[capital(bound_words(*row)) for row in stated.bounds],
        objectives=OBJECTIVES,
        proposes=permits(Action.SCENARIO_PROPOSE, call),
    )


@blueprint.get("/classement/<slug>/scenarios/nouveau")
@may(Action.SCENARIO_PROPOSE)
def new(slug: str) -> ResponseReturnValue:
    """The form of a trial: the rules of the call, or those of the scenario `depuis`."""
    session, actor, call = db.session(), current_actor(), call_of(slug)
    allow(Action.SCENARIO_PROPOSE, call)
    board = selection.board(session, actor, call)
    start = request.args.get("depuis", "")
    if start:
        from_ = queries.shown(session, one_for(session, actor, Scenario, start), board.basis)
        form = trial.stated(from_.rules, board, _("%(name)s, variante", name=from_.scenario.name))
    else:
        form = trial.stated(queries.rules_of(call), board, _next_name(call))
    return _form_page(call, board, form)


def _next_name(call: Call) -> str:
    return _("Scénario %(n)s", n=queries.next_number(db.session(), current_actor(), call.id))


def _form_page(
    call: Call, board: selection.Board, form: trial.Trial, status: int = 200, reasons: Reasons = None
) -> ResponseReturnValue:
    places = trial.rows_of(board)
    return page(
        "scenario/new.html",
        status,
        call=call,
        board=board,
        form=form,
        places=places if len(places) <= trial.MOST_ROWS else [],
        fundable=len(places),
        kinds=[(kind, BOUND_KINDS[kind]) for kind in trial.KINDS],
        objectives=OBJECTIVES,
        reasons=reasons or [],
    )


@blueprint.post("/classement/<slug>/scenarios")
@may(Action.SCENARIO_PROPOSE)
def propose(slug: str) -> ResponseReturnValue:
    """Ask the worker for it."""
    session, actor, call = db.session(), current_actor(), call_of(slug)
    allow(Action.SCENARIO_PROPOSE, call)
    board = selection.board(session, actor, call)
    form = trial.typed(request.form)
    try:
        rules = trial.understood(form, board)
        name = form("name").strip() or _next_name(call)
        made = service.ask(actor=actor, call=call.public_id, rules=rules, name=name, note=form("note"))
    except Invalid as refused:
        form.refused(refused)
        return _form_again(slug, form, 422)
    except NotPossible as refused:
        return _form_again(slug, form, 409, reasons_of(refused))
    flash(_("Le scénario est en cours de calcul ; cette page se met à jour seule."), "ok")
    return back("scenario.show", public_id=made.public_id)


def _form_again(slug: str, form: trial.Trial, status: int, reasons: Reasons = None) -> ResponseReturnValue:
    call = call_of(slug)
    form.bounds = max(form.bounds, trial.SPARE)
    return _form_page(call, selection.board(db.session(), current_actor(), call), form, status, reasons)


@blueprint.get("/scenarios/<public_id>")
@may(Action.SCENARIO_READ)
def show(public_id: str) -> ResponseReturnValue:
    """One scenario: its set, what each rule costs, what each file would cost, other sets, how sure it is."""
    return _show(public_id)


def _show(
    public_id: str, status: int = 200, reasons: Reasons = None, typed: dict[str, Any] | None = None
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    row = one_for(session, actor, Scenario, public_id)
    allow(Action.SCENARIO_READ, row)
    call = selection.call_for_ranking(session, row.call_id)
    board = selection.board(session, actor, call)
    shown, names = queries.shown(session, row, board.basis), names_of(board)
    return page(
        "scenario/show.html",
        status,
        call=call,
        shown=shown,
        scenario=row,
        names=names,
        tried=words.tried(shown.rules, queries.rules_of(call), names),
        objectives=OBJECTIVES,
        keeps=permits(Action.SCENARIO_EDIT, row),
        proposes=permits(Action.SCENARIO_PROPOSE, call),
        meeting=queries.sitting_of(session, call.id),
        reasons=reasons or [],
        typed=typed or {"name": row.name, "note": row.note, "problems": {}},
        relaxed=words.relaxed(shown, names),
        **(_told(shown, names) if shown.feasible else {}),
    )


def _told(shown: queries.Shown, names: words.Names) -> dict[str, Any]:
    """What a set has to say."""
    report, number = shown.report, asked_page()
    outside = {one["id"]: one for one in report["outside"]}
    inside = {one["id"]: one for one in report["inside"]}
    left = [one for one in shown.files if one not in shown.cents]
    stable = report["stability"]
    return {
        "rule_lines": words.rule_lines(shown, names),
        "chosen": [(one, words.price(inside.get(one), shown, names)) for one in shown.files if one in shown.cents],
        "left": [
            (one, words.price(outside.get(one), shown, names))
            for one in left[(number - 1) * PER_PAGE : number * PER_PAGE]
        ],
        "left_count": len(left),
        "pages": paged(number, len(left), PER_PAGE),
        "scores": {key: Fraction(row["score"]) for key, row in shown.files.items()},
        "shares": stable["chosen"] if stable["draws"] else {},
        "stable": stable,
        "aside": [(one, why) for one, why in shown.scenario.material["aside"].items() if one in names],
        "others": [
            (one, words.numbers(one["enter"], names), words.numbers(one["leave"], names)) for one in report["others"]
        ],
        "charts": pictures.charts(shown),
        "balances": pictures.balances(shown),
    }


@blueprint.post("/scenarios/<public_id>")
@may(Action.SCENARIO_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """Give it a name and a note."""
    name, note = request.form.get("name", ""), request.form.get("note", "")
    try:
        service.edit(actor=current_actor(), scenario=public_id, name=name, note=note)
    except Invalid as refused:
        kept = trial.Trial({"name": name, "note": note}, 0)
        kept.refused(refused)
        return _show(public_id, 422, typed={"name": name, "note": note, "problems": kept.problems})
    flash(_("Le nom et la remarque sont enregistrés."), "ok")
    return back("scenario.show", public_id=public_id)


@blueprint.post("/scenarios/<public_id>/partage")
@may(Action.SCENARIO_SHARE)
def share(public_id: str) -> ResponseReturnValue:
    """Let the committee read it."""
    try:
        service.share(actor=current_actor(), scenario=public_id)
    except NotPossible as refused:
        return _show(public_id, 409, reasons_of(refused))
    flash(_("Le scénario est partagé avec les membres du comité qui voient tous ses dossiers."), "ok")
    return back("scenario.show", public_id=public_id)


@blueprint.post("/scenarios/<public_id>/reference")
@may(Action.SCENARIO_REFER)
def refer(public_id: str) -> ResponseReturnValue:
    """Make it the reference of the sitting."""
    try:
        service.refer(actor=current_actor(), scenario=public_id)
    except NotPossible as refused:
        return _show(public_id, 409, reasons_of(refused))
    flash(_("La séance compare désormais ses décisions à ce scénario."), "ok")
    return back("scenario.show", public_id=public_id)


@blueprint.post("/scenarios/<public_id>/retrait")
@may(Action.SCENARIO_DISCARD)
def discard(public_id: str) -> ResponseReturnValue:
    """Put it away."""
    row = one_for(db.session(), current_actor(), Scenario, public_id)
    slug = row.call.slug
    try:
        service.discard(actor=current_actor(), scenario=public_id)
    except NotPossible as refused:
        return _show(public_id, 409, reasons_of(refused))
    flash(_("Le scénario est retiré."), "ok")
    return back("scenario.browse", slug=slug)
