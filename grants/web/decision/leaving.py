"""Before letters leave: everything that would, file by file; at once or at a planned moment; what is planned is stopped."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.clock import now
from grants.db import db
from grants.delivery.pdf import RenderFailed
from grants.delivery.typography import zone_name
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import Call, Departure
from grants.queries import decision as queries
from grants.queries.visibility import one_for
from grants.services import decision as service
from grants.services import preview as previews
from grants.web.decision.blueprint import blueprint, the_call, the_decision, the_doors
from grants.web.decision.views import Refused
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.downloads import own_pdf
from grants.web.kit.labels import sentence
from grants.web.kit.language import current_language, ngettext
from grants.web.kit.language import gettext as _
from grants.web.kit.moments import typed_moment
from grants.web.kit.responses import back, page, reasons_of
from grants.web.kit.tags import letter_body
from grants.workflow.actions import Action
from grants.workflow.guards import departure_not_planned

QUARTER = timedelta(minutes=15)
AT_ONCE, SOON, AT = "maintenant", "quart-d-heure", "date"


@blueprint.get("/gestion/decisions/notification")
@may(Action.DECISION_RELEASE)
def release_page() -> ResponseReturnValue:
    """What will leave, before it leaves."""
    return _release_page(request.args.get("appel", ""))


def _release_page(
    slug: str, status: int = 200, reasons: Refused | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    call = the_call(slug)
    if call is None:
        return page("decision/none.html")
    allow(Action.SELECTION_CONVENE, call)
    session, actor = db.session(), current_actor()
    departure = queries.departure(session, actor, call.id)
    return page(
        "decision/release.html",
        status,
        call=call,
        departure=departure,
        problems=_problems(departure),
        planned=queries.departures(session, actor, call.id),
        reasons=reasons or [],
        typed=typed or {},
        zone=zone_name(call.zone, language=current_language()),
        words=lambda code: sentence(Reason(code)),
    )


def _problems(departure: queries.Departure) -> dict[str, list[str]]:
    """What keeps each of these decisions from leaving, in sentences."""
    found = {one.public_id: service.in_the_way(db.session(), one) for one in queries.rows(db.session(), departure)}
    return {name: [sentence(reason) for reason in reasons] for name, reasons in found.items() if reasons}


@blueprint.post("/gestion/decisions/notification")
@may(Action.DECISION_RELEASE)
def release() -> ResponseReturnValue:
    """Let the decisions of the list leave: now, or at the moment that was chosen."""
    slug, form = request.args.get("appel", ""), request.form
    try:
        leaves_at = _moment(slug)
        if leaves_at is None:
            rows = service.release(actor=current_actor(), decisions=form.getlist("decision"))
            flash(ngettext("%(num)s décision notifiée.", "%(num)s décisions notifiées.", len(rows)), "ok")
            return back("decision.browse", appel=slug)
        service.plan(actor=current_actor(), decisions=form.getlist("decision"), leaves_at=leaves_at)
    except (NotPossible, Invalid, Conflict) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return _release_page(slug, status, reasons_of(error), form.to_dict())
    flash(_("Départ prévu : jusqu’à ce moment, il s’annule d’un geste."), "ok")
    return back("decision.release_page", appel=slug)


def _the_call_of(slug: str) -> Call:
    call = the_call(slug)
    if call is None:
        raise NotFound(slug)
    return call


def _moment(slug: str) -> datetime | None:
    """When it should leave; None for at once. Raises Invalid."""
    when = request.form.get("when", AT_ONCE)
    if when == SOON:
        return now() + QUARTER
    if when != AT:
        return None
    found = typed_moment(
        request.form.get("leaves_on", ""),
        request.form.get("leaves_hour", ""),
        _the_call_of(slug).zone,
        name="leaves_on",
    )
    if found is None:
        raise Invalid({"leaves_on": Reason("missing")})
    return found


@blueprint.post("/gestion/decisions/departs/<public_id>/annulation")
@may(Action.DECISION_CANCEL_PLAN)
def cancel(public_id: str) -> ResponseReturnValue:
    """Stop a planned departure."""
    slug = one_for(db.session(), current_actor(), Departure, public_id).call.slug
    try:
        service.cancel(actor=current_actor(), departure=public_id)
    except (NotPossible, Conflict) as error:
        return _release_page(slug, 409, reasons_of(error))
    flash(_("Départ annulé : aucune lettre ne part."), "ok")
    return back("decision.release_page", appel=slug)


@blueprint.get("/gestion/decisions/<public_id>/apercu")
@may(Action.DECISION_RELEASE)
def preview(public_id: str) -> ResponseReturnValue:
    """The letter and the mails of one decision as they would leave."""
    row, file = the_decision(public_id, Action.DECISION_RELEASE)
    if row.released_at is not None:  # its letter is there to be read
        return back("decision.show", public_id=public_id)
    call = file.call
    waiting = [one.public_id for one in queries.departure(db.session(), current_actor(), call.id).decisions]
    place = waiting.index(public_id) if public_id in waiting else None
    around = SimpleNamespace(
        rank=place + 1 if place is not None else None,
        count=len(waiting),
        before=waiting[place - 1] if place else None,
        after=waiting[place + 1] if place is not None and place + 1 < len(waiting) else None,
    )
    shown = previews.preview(actor=current_actor(), decision=public_id, doors=the_doors())
    letter = letter_body(shown.letter)
    found = service.in_the_way(db.session(), row)
    problems = [sentence(one) for one in found if one.code != departure_not_planned.__name__]
    return page(
        "decision/preview.html",
        decision=row,
        file=file,
        call=call,
        shown=shown,
        letter=letter,
        around=around,
        problems=problems,
        leaves_at=queries.leaves_at(db.session(), row),
    )


@blueprint.get("/gestion/decisions/<public_id>/apercu.pdf")
@may(Action.DECISION_RELEASE)
def preview_pdf(public_id: str) -> ResponseReturnValue:
    """The letter as a PDF, marked as a preview, kept nowhere."""
    _row, file = the_decision(public_id, Action.DECISION_RELEASE)
    name = f"apercu-{(file.number or public_id).lower()}.pdf"
    try:
        return own_pdf(previews.letter_pdf(actor=current_actor(), decision=public_id, doors=the_doors()), name)
    except RenderFailed:
        flash(_("Cette lettre ne se dessine pas : son texte est trop grand. Raccourcissez-le."), "danger")
        return back("decision.preview", public_id=public_id)
