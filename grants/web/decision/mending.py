"""After the sitting: take a decision back, prepare another in its place, write its letter anew, confirm, give up."""

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.errors import Conflict, Invalid, NotPossible
from grants.models import Decision
from grants.services import decision as service
from grants.web.decision.blueprint import blueprint, the_decision
from grants.web.decision.forms import AnewForm, WishForm, filled, judged
from grants.web.decision.views import show_page
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action

Refusal = Invalid | NotPossible | Conflict


@blueprint.get("/gestion/decisions/<public_id>/retrait")
@may(Action.DECISION_REVOKE)
def revoke_page(public_id: str) -> ResponseReturnValue:
    """What withdrawing a decision does."""
    return _revoke_page(public_id)


def _revoke_page(public_id: str, error: Refusal | None = None, typed: str = "") -> ResponseReturnValue:
    row, file = the_decision(public_id, Action.DECISION_REVOKE)
    reasons = reasons_of(error) if error is not None else []
    return page("decision/revoke.html", _status(error), decision=row, file=file, reasons=reasons, typed=typed)


def _status(error: Refusal | None) -> int:
    if error is None:
        return 200
    return 422 if isinstance(error, Invalid) else 409


@blueprint.post("/gestion/decisions/<public_id>/retrait")
@may(Action.DECISION_REVOKE)
def revoke(public_id: str) -> ResponseReturnValue:
    """Withdraw a decision, with its reason."""
    motive = request.form.get("motive", "")
    try:
        service.revoke(actor=current_actor(), decision=public_id, motive=motive)
    except (Invalid, NotPossible, Conflict) as error:
        return _revoke_page(public_id, error, motive)
    flash(_("Décision retirée : son montant est de nouveau disponible."), "ok")
    return back("decision.show", public_id=public_id)


@blueprint.route("/gestion/decisions/<public_id>/nouvelle", methods=["GET", "POST"])
@may(Action.DECISION_REVISE)
def revise(public_id: str) -> ResponseReturnValue:
    """Another decision in the place of one that was released or taken back."""
    return _filled_in(
        public_id,
        Action.DECISION_REVISE,
        WishForm,
        "decision/revise.html",
        lambda form: service.revise(actor=current_actor(), decision=public_id, wish=form.wish()),
        _("Décision préparée : le conseil la prend, puis sa lettre remplace la précédente."),
    )


@blueprint.route("/gestion/decisions/<public_id>/lettre", methods=["GET", "POST"])
@may(Action.DECISION_REISSUE)
def reissue(public_id: str) -> ResponseReturnValue:
    """The same decision in a letter written anew."""
    return _filled_in(
        public_id,
        Action.DECISION_REISSUE,
        AnewForm,
        "decision/reissue.html",
        lambda form: service.reissue(
            actor=current_actor(),
            decision=public_id,
            why=form.why.data or "",
            motive=form.motive.data or "",
            conditions=form.conditions.data or "",
            conditions_due_on=form.due_on(),
        ),
        _("Lettre réécrite : une autre personne de l’équipe la relit et la confirme."),
    )


def _filled_in(
    public_id: str,
    action: Action,
    shape: type[Any],
    template: str,
    act: Callable[[Any], Decision],
    said: str,
) -> ResponseReturnValue:
    row, file = the_decision(public_id, action)
    if request.method != "POST":  # HEAD reads too
        known = {name: value for name, value in filled(row).items() if hasattr(shape, name)}
        return page(template, decision=row, file=file, form=shape.empty(**known), reasons=[])
    form = shape()
    try:
        judged(form)
        made = act(form)
    except (Invalid, NotPossible, Conflict) as error:
        if isinstance(error, Invalid):
            form.accept_refusal(error)
        row, file = the_decision(public_id, action)
        reasons = [] if isinstance(error, Invalid) else reasons_of(error)
        return page(template, _status(error), decision=row, file=file, form=form, reasons=reasons)
    flash(said, "ok")
    return back("decision.show", public_id=made.public_id)


@blueprint.post("/gestion/decisions/<public_id>/confirmation")
@may(Action.DECISION_CONFIRM)
def confirm(public_id: str) -> ResponseReturnValue:
    """A second person finds a letter written anew right."""
    return _done(public_id, lambda: service.confirm(actor=current_actor(), decision=public_id), _("Lettre confirmée."))


@blueprint.post("/gestion/decisions/<public_id>/abandon")
@may(Action.DECISION_ABANDON)
def abandon(public_id: str) -> ResponseReturnValue:
    """Give up what was prepared in another's place."""
    return _done(
        public_id,
        lambda: service.abandon(actor=current_actor(), decision=public_id),
        _("Préparation abandonnée : la décision précédente demeure."),
    )


def _done(public_id: str, act: Callable[[], object], said: str) -> ResponseReturnValue:
    try:
        act()
    except (NotPossible, Conflict) as error:
        return show_page(public_id, 409, reasons_of(error))
    flash(said, "ok")
    return back("decision.show", public_id=public_id)
