"""The reserve list: who waits, until when, who could enter with freed money; an applicant gives a place up."""

from collections.abc import Callable

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import Conflict, Invalid, NotPossible
from grants.models import Decision, Succession
from grants.queries import decision as decisions
from grants.queries import succession as queries
from grants.queries.desk import calls_followed
from grants.queries.visibility import one_for
from grants.services import decision as service
from grants.web.decision.blueprint import blueprint, the_call
from grants.web.decision.forms import WhyForm, judged
from grants.web.decision.views import Refused
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action


@blueprint.get("/gestion/decisions/liste-d-attente")
@may(Action.SCREENING_BROWSE, whole=True)
def reserve() -> ResponseReturnValue:
    """The reserve list by rank, and what freed money could do."""
    return _reserve_page(request.args.get("appel", ""))


def _reserve_page(
    slug: str, status: int = 200, reasons: Refused | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    call = the_call(slug)
    if call is None:
        return page("decision/none.html")
    session, actor = db.session(), current_actor()
    waiters = queries.reserve(session, actor, call.id)
    total, _committed = decisions.envelope_of(session, call.id)
    held = sum(line.held_cents for line in decisions.listing(session, actor, call.id))
    freed = queries.freed(session, actor, call.id)
    return page(
        "decision/reserve.html",
        status,
        call=call,
        calls=calls_followed(session, actor),
        waiters=waiters,
        next=next((one for one in waiters if one.state == "released"), None),
        freed=freed,
        searching=any(one.state == "sought" for one in freed),
        total=total,
        left=total - held,
        manages=permits(Action.SELECTION_CONVENE, call),
        reasons=reasons or [],
        typed=typed or {},
    )


def _settle(public_id: str, act: Callable[[], object], said: str) -> ResponseReturnValue:
    slug = one_for(db.session(), current_actor(), Succession, public_id).call.slug
    try:
        act()
    except (Invalid, NotPossible, Conflict) as error:
        status = 422 if isinstance(error, Invalid) else 409
        told = [("reserve", _("La liste a changé depuis : relancez la recherche."))]
        return _reserve_page(
            slug, status, told if isinstance(error, Conflict) else reasons_of(error), request.form.to_dict()
        )
    flash(said, "ok")
    return back("decision.reserve", appel=slug)


@blueprint.post("/gestion/decisions/places/<public_id>/entree")
@may(Action.DECISION_TAKE_SUCCESSOR)
def take(public_id: str) -> ResponseReturnValue:
    """Prepare the decisions of those who enter; the board decides."""
    why = request.form.get("why", "")
    return _settle(
        public_id,
        lambda: service.take(actor=current_actor(), succession=public_id, why=why),
        _("Décisions préparées : il reste à saisir l’acte du conseil, puis à notifier."),
    )


@blueprint.post("/gestion/decisions/places/<public_id>/refus")
@may(Action.DECISION_PASS_OVER)
def pass_over(public_id: str) -> ResponseReturnValue:
    """Leave the place free, with the reason."""
    why = request.form.get("why", "")
    return _settle(
        public_id,
        lambda: service.pass_over(actor=current_actor(), succession=public_id, why=why),
        _("C’est noté : la somme reste dans l’enveloppe."),
    )


@blueprint.post("/gestion/decisions/places/<public_id>/recherche")
@may(Action.DECISION_SEEK_SUCCESSOR)
def seek_again(public_id: str) -> ResponseReturnValue:
    """Look again: the list or the envelope has changed."""
    return _settle(
        public_id,
        lambda: service.seek_again(actor=current_actor(), succession=public_id),
        _("Recherche relancée : elle dure quelques secondes."),
    )


@blueprint.route("/decisions/<public_id>/desistement", methods=["GET", "POST"])
@may(Action.DECISION_RENOUNCE)
def renounce(public_id: str) -> ResponseReturnValue:
    """The applicant gives up an award or a place on the reserve list."""
    row = one_for(db.session(), current_actor(), Decision, public_id)
    allow(Action.DECISION_RENOUNCE, row)
    file = row.application
    if request.method != "POST":  # HEAD reads too
        return page("decision/renounce.html", decision=row, file=file, form=WhyForm.empty(), reasons=[])
    form, back_to = WhyForm(), file.public_id
    try:
        judged(form)
        service.renounce(actor=current_actor(), decision=public_id, why=form.why.data or "")
    except (Invalid, NotPossible, Conflict) as error:
        row = one_for(db.session(), current_actor(), Decision, public_id)
        status = 422 if isinstance(error, Invalid) else 409
        reasons = [] if isinstance(error, Invalid) else reasons_of(error)
        return page("decision/renounce.html", status, decision=row, file=row.application, form=form, reasons=reasons)
    flash(_("Désistement enregistré. L’équipe du programme est prévenue."), "ok")
    return back("application.follow", public_id=back_to)
