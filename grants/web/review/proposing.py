"""A proposal of who reads what: asked for, waited for, read as a difference, applied."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import NotPossible
from grants.models import Call
from grants.queries import proposal as queries
from grants.queries.programme import call_for
from grants.services import proposal as service
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.responses import back, page, reasons_of
from grants.web.review import words
from grants.web.review.blueprint import blueprint
from grants.workflow.actions import Action


@blueprint.get("/gestion/appels/<slug>/affectations/proposition")
@may(Action.REVIEW_PROPOSE)
def proposal(slug: str) -> ResponseReturnValue:
    """The newest proposal of the call beside what stands, or the door to a first one."""
    return _proposal_page(_call(slug))


@blueprint.post("/gestion/appels/<slug>/affectations/proposition")
@may(Action.REVIEW_PROPOSE)
def propose(slug: str) -> ResponseReturnValue:
    """Ask the worker for a proposal."""
    call = _call(slug)
    try:
        service.ask(
            actor=current_actor(),
            call=call.public_id,
            keep=request.form.get("garder", queries.KEEP_ALL),
            anchors=frozenset(request.form.getlist("commun")),
        )
    except NotPossible as refused:
        return _proposal_page(_call(slug), 409, reasons_of(refused))
    flash(_("La répartition est en cours de calcul ; cette page se met à jour seule."), "ok")
    return back("review.proposal", slug=slug)


@blueprint.post("/gestion/appels/<slug>/affectations/proposition/application")
@may(Action.REVIEW_ASSIGN)
def apply_proposal(slug: str) -> ResponseReturnValue:
    """Name the readers as proposed; a proposal that holds no more is refused with the reason, and made anew."""
    call = _call(slug)
    wished = request.form.get("proposition", "")
    before = queries.newest(db.session(), current_actor(), call)
    wishes = dict(before.wishes) if before is not None and before.public_id == wished else {}
    try:
        changed = service.apply(actor=current_actor(), call=call.public_id, proposal=wished)
    except NotPossible as refused:
        _make_anew(call, wishes)
        return _proposal_page(_call(slug), 409, reasons_of(refused))
    flash(
        ngettext(
            "Répartition appliquée : %(num)s attribution modifiée.",
            "Répartition appliquée : %(num)s attributions modifiées.",
            changed,
        ),
        "ok",
    )
    return back("review.assignments", slug=slug)


def _make_anew(call: Call, wishes: dict[str, object]) -> None:
    """The same wishes, from what stands now. Somebody may have asked already."""
    anchors = wishes.get("anchors")
    try:
        service.ask(
            actor=current_actor(),
            call=call.public_id,
            keep=str(wishes.get("keep", queries.KEEP_ALL)),
            anchors=frozenset(anchors) if isinstance(anchors, list) else frozenset(),
        )
    except NotPossible:
        return


def _call(slug: str) -> Call:
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.REVIEW_PROPOSE, call)
    return call


def _proposal_page(call: Call, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    found = queries.newest(session, actor, call)
    shown = queries.Shown(session, found) if found is not None else None
    done = shown is not None and bool(shown.report.get("pairs"))
    moved = found is not None and done and queries.moved(found, queries.material(session, actor, call, found.wishes))
    costs = shown.report.get("costs", []) if shown is not None else []
    return page(
        "review/proposal.html",
        status,
        call=call,
        proposal=found,
        shown=shown,
        done=done,
        moved=moved and found is not None and found.applied_at is None,
        summary=words.summary(shown) if shown is not None and done else [],
        relaxed=words.relaxed(shown) if shown is not None else [],
        together=words.worse(shown.report["cost"]) if shown is not None and shown.report.get("cost") else "",
        costs=[
            (shown.names.get(one["pair"][0], ""), shown.files[one["pair"][1]][0], words.worse(one["worse"]))
            for one in costs
            if shown is not None
        ],
        kinds=words.KINDS,
        files=queries.files_of(session, actor, call),
        anchors=set(found.wishes.get("anchors", ())) if found is not None else set(),
        keep=found.wishes.get("keep", queries.KEEP_ALL) if found is not None else queries.KEEP_ALL,
        reasons=reasons or [],
    )
