"""Who is let in: the organisations invited to a call, and the end of one that took files as they came."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import Invalid, NotFound, NotPossible
from grants.models import Invitee
from grants.queries.eligibility import by_invitation
from grants.queries.invitee import could_be_invited, invitees_of
from grants.queries.programme import call_for
from grants.queries.visibility import one_for
from grants.services import call as use_cases
from grants.web.call.views import blueprint
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action


@blueprint.get("/gestion/appels/<slug>/invitations")
@may(Action.CALL_READ_INVITED)
def invited(slug: str) -> ResponseReturnValue:
    """Who is invited; the register to invite from, searched by words."""
    return _invited(slug)


def _invited(slug: str, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    call = call_for(session, actor, slug)
    allow(Action.CALL_READ_INVITED, call)
    invites = permits(Action.CALL_INVITE_ORGANISATION, call)
    words = request.values.get("q", "").strip()[:100]
    return page(
        "call/invited.html",
        status,
        call=call,
        open_to_others=not by_invitation(session, call),
        rows=invitees_of(session, call.id),
        found=could_be_invited(session, call.id, words) if invites else [],
        words=words,
        invites=invites and call.state != "closed" and not call.imported,
        reasons=reasons or [],
        typed=request.form.get("reason", ""),
        ticked=request.form.getlist("organisation"),
    )


@blueprint.post("/gestion/appels/<slug>/invitations")
@may(Action.CALL_INVITE_ORGANISATION)
def invite(slug: str) -> ResponseReturnValue:
    """Invite the organisations that were ticked."""
    actor = current_actor()
    call = call_for(db.session(), actor, slug)
    try:
        made = use_cases.invite_organisations(
            actor=actor,
            call=call.public_id,
            organisations=request.form.getlist("organisation"),
            reason=request.form.get("reason", ""),
        )
    except (Invalid, NotPossible) as refused:
        return _invited(slug, 422 if isinstance(refused, Invalid) else 409, reasons_of(refused))
    flash(ngettext("%(num)s organisation invitée.", "%(num)s organisations invitées.", len(made)), "ok")
    return back("call.invited", slug=slug)


@blueprint.get("/gestion/appels/<slug>/arret")
@may(Action.CALL_AMEND)
def stop_page(slug: str) -> ResponseReturnValue:
    """What ends when a call takes no more files."""
    return _stop_page(slug)


def _stop_page(slug: str, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    call = call_for(db.session(), current_actor(), slug)
    allow(Action.CALL_AMEND, call)
    typed = request.form.get("reason", "")
    return page("call/stop.html", status, call=call, reasons=reasons or [], typed=typed)


@blueprint.post("/gestion/appels/<slug>/arret")
@may(Action.CALL_AMEND)
def stop(slug: str) -> ResponseReturnValue:
    """Take no more files from now on."""
    actor = current_actor()
    call = call_for(db.session(), actor, slug)
    try:
        use_cases.stop(actor=actor, call=call.public_id, reason=request.form.get("reason", ""))
    except NotPossible as refused:
        return _stop_page(slug, 409, reasons_of(refused))
    flash(_("Les dépôts sont fermés ; les équipes qui rédigent sont averties."), "ok")
    return back("programme.oversee", slug=slug)


@blueprint.post("/gestion/appels/<slug>/invitations/<public_id>/retrait")
@may(Action.CALL_WITHDRAW_INVITATION)
def uninvite(slug: str, public_id: str) -> ResponseReturnValue:
    """Take back an invitation under which nothing was begun."""
    session, actor = db.session(), current_actor()
    call, row = call_for(session, actor, slug), one_for(session, actor, Invitee, public_id)
    if row.call_id != call.id:
        raise NotFound(public_id)
    allow(Action.CALL_WITHDRAW_INVITATION, row)
    try:
        use_cases.withdraw_invitation(actor=actor, invitee=public_id)
    except NotPossible as refused:
        return _invited(slug, 409, reasons_of(refused))
    flash(_("Invitation retirée."), "ok")
    return back("call.invited", slug=slug)
