"""Who reads what: the matrix of a call, its doubts, the opening of the reviews, a review given back."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Application, Review
from grants.queries import assignments as queries
from grants.queries import other_reviews
from grants.queries.programme import call_for
from grants.queries.visibility import one_for
from grants.services import review as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page, reasons_of
from grants.web.review.blueprint import blueprint
from grants.workflow.actions import Action

PER_PAGE = 50


@blueprint.get("/gestion/appels/<slug>/affectations")
@may(Action.REVIEW_READ_ASSIGNMENTS)
def assignments(slug: str) -> ResponseReturnValue:
    """Files × members with loads; conflicts are closed cells."""
    return _matrix(slug)


def _matrix(
    slug: str, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: set[str] | None = None
) -> ResponseReturnValue:
    session, actor, number = db.session(), current_actor(), asked_page()
    call = call_for(session, actor, slug)
    allow(Action.REVIEW_READ_ASSIGNMENTS, call)
    matrix = queries.matrix(session, actor, call, number, PER_PAGE)
    return page(
        "review/assignments.html",
        status,
        call=call,
        matrix=matrix,
        doubts=queries.doubts(session, actor, call.id),
        taken_back=other_reviews.taken_back(session, actor, call),
        editable=permits(Action.REVIEW_ASSIGN, call),
        settles=permits(Action.REVIEW_SETTLE_INTEREST, call),
        proposes=permits(Action.REVIEW_PROPOSE, call),
        pages=paged(number, matrix.total, PER_PAGE),
        reasons=reasons or [],
        typed=typed,
    )


@blueprint.post("/gestion/appels/<slug>/affectations")
@may(Action.REVIEW_ASSIGN)
def assign(slug: str) -> ResponseReturnValue:
    """Make the readers of the shown files be the ticked persons."""
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.REVIEW_ASSIGN, call)
    ticked = request.form.getlist("lecture")
    pairs = [tuple(one.split(":", 1)) for one in ticked if ":" in one]
    wanted = {
        file: frozenset(person for there, person in pairs if there == file) for file in request.form.getlist("dossier")
    }
    try:
        changed = service.rearrange(actor=current_actor(), call=call.public_id, wanted=wanted)
    except (NotPossible, Invalid) as error:
        return _matrix(slug, 409, reasons_of(error), set(ticked))
    flash(
        ngettext("%(num)s attribution modifiée.", "%(num)s attributions modifiées.", changed)
        if changed
        else _("Rien n’a changé."),
        "ok",
    )
    return back("review.assignments", slug=slug, **_same_page())


def _same_page() -> dict[str, str]:
    number = request.args.get("page", "")
    return {"page": number} if number else {}


@blueprint.post("/gestion/appels/<slug>/affectations/ouverture")
@may(Action.REVIEW_OPEN)
def open_reviews(slug: str) -> ResponseReturnValue:
    """Open the reading of the files that have enough readers."""
    call = call_for(db.session(), current_actor(), slug)
    try:
        opened = service.open_reviews(actor=current_actor(), call=call.public_id)
    except NotPossible as error:
        return _matrix(slug, 409, reasons_of(error))
    flash(
        ngettext("Évaluation ouverte pour %(num)s dossier.", "Évaluation ouverte pour %(num)s dossiers.", len(opened)),
        "ok",
    )
    return back("review.assignments", slug=slug)


@blueprint.post("/gestion/appels/<slug>/liens/<public_id>/<account>")
@may(Action.REVIEW_SETTLE_INTEREST)
def settle(slug: str, public_id: str, account: str) -> ResponseReturnValue:
    """Decide a doubt."""
    stand = request.form.get("stand", "")
    call = call_for(db.session(), current_actor(), slug)
    if one_for(db.session(), current_actor(), Application, public_id).call_id != call.id:
        raise NotFound(public_id)
    try:
        service.settle_interest(actor=current_actor(), application=public_id, account=account, stand=stand)
    except (NotPossible, Invalid) as error:
        return _matrix(slug, 409, reasons_of(error))
    flash(_("Doute tranché."), "ok")
    return back("review.assignments", slug=slug)


@blueprint.post("/evaluations/<public_id>/renvoi")
@may(Action.REVIEW_RETURN)
def return_review(public_id: str) -> ResponseReturnValue:
    """Give a review back to its author."""
    row = one_for(db.session(), current_actor(), Review, public_id)
    file = row.application.public_id
    service.return_review(actor=current_actor(), review=public_id, reason=request.form.get("reason", ""))
    flash(_("Évaluation renvoyée à la personne qui l’a écrite."), "ok")
    return back("screening.show", public_id=file)
