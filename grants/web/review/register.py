"""The register of interests of a call, and opening a file in spite of a conflict: two managers, each with a reason."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Application, Call
from grants.queries import interests as queries
from grants.queries.programme import call_for
from grants.queries.visibility import one_for
from grants.services import override as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.review import words
from grants.web.review.blueprint import blueprint
from grants.workflow.actions import Action

ANSWERS = {"accord": service.grant, "refus": service.refuse}


@blueprint.get("/gestion/appels/<slug>/liens")
@may(Action.REVIEW_READ_INTERESTS)
def register(slug: str) -> ResponseReturnValue:
    """Conflicts and doubts with their dates, settled ones too, and who opened what in spite of them."""
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.REVIEW_READ_INTERESTS, call)
    return _register_page(call)


def _register_page(
    call: Call, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: str = ""
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    overrides = queries.overrides(session, actor, call.id)
    return page(
        "review/register.html",
        status,
        call=call,
        lines=queries.register(session, actor, call.id),
        overrides=overrides,
        waiting={(one.name, one.number) for one in overrides if one.answered_at is None},
        facts=words.facts,
        manages=permits(Action.REVIEW_ASK_OVERRIDE, call),
        reasons=reasons or [],
        typed=typed,
    )


@blueprint.post("/gestion/appels/<slug>/liens/<public_id>/<account>/ouverture")
@may(Action.REVIEW_ASK_OVERRIDE)
def ask_override(slug: str, public_id: str, account: str) -> ResponseReturnValue:
    """Propose to open a file to a member in spite of a conflict."""
    actor, reason = current_actor(), request.form.get("reason", "")
    call = call_for(db.session(), actor, slug)
    if one_for(db.session(), actor, Application, public_id).call_id != call.id:
        raise NotFound(public_id)
    try:
        service.ask(actor=actor, application=public_id, account=account, reason=reason)
    except (NotPossible, Invalid) as error:
        return _register_page(call_for(db.session(), actor, slug), _status(error), reasons_of(error), reason)
    flash(_("Ouverture proposée : une autre personne de l’équipe doit répondre."), "ok")
    return back("review.register", slug=slug)


@blueprint.post("/gestion/appels/<slug>/liens/ouvertures/<override>/<any(accord, refus):answer>")
@may(Action.REVIEW_GRANT_OVERRIDE, Action.REVIEW_REFUSE_OVERRIDE)
def answer_override(slug: str, override: str, answer: str) -> ResponseReturnValue:
    """Answer what another manager proposed."""
    actor, typed = current_actor(), request.form.get("answer", "")
    call = call_for(db.session(), actor, slug)
    try:
        ANSWERS[answer](actor=actor, call=call.public_id, override=override, answer=typed)
    except (NotPossible, Invalid) as error:
        return _register_page(call_for(db.session(), actor, slug), _status(error), reasons_of(error), typed)
    flash(
        _("Dossier ouvert : la personne en est informée par message.")
        if answer == "accord"
        else _("Ouverture refusée."),
        "ok",
    )
    return back("review.register", slug=slug)


def _status(error: NotPossible | Invalid) -> int:
    return 422 if isinstance(error, Invalid) else 409
