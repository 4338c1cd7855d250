"""Accounts and roles for the administrator; the trail for managers and auditors."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.models import Account
from grants.queries import administration as lists
from grants.queries.visibility import one_for
from grants.services import account as accounts_service
from grants.web.administration import words
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action

blueprint = Blueprint("administration", __name__)


@blueprint.get("/admin/comptes")
@may(Action.ADMINISTRATION_BROWSE_ACCOUNTS, whole=True)
def accounts() -> ResponseReturnValue:
    """Every account with its roles."""
    number, q = asked_page(), request.args.get("q", "").strip()
    rows, total = lists.accounts(db.session(), current_actor(), number, q)
    return page(
        "administration/accounts.html",
        accounts=rows,
        scopes=lists.scopes(db.session()),
        pages=paged(number, total, lists.PER_PAGE),
        q=q,
    )


@blueprint.post("/admin/comptes/<public_id>/suspension")
@may(Action.ADMINISTRATION_DISABLE_ACCOUNT)
def disable(public_id: str) -> ResponseReturnValue:
    """Nobody signs in with this account any more; its sessions end at once."""
    accounts_service.disable(actor=current_actor(), account=public_id)
    return _said(_("Compte suspendu : ses sessions sont fermées."))


@blueprint.post("/admin/comptes/<public_id>/reprise")
@may(Action.ADMINISTRATION_ENABLE_ACCOUNT)
def enable(public_id: str) -> ResponseReturnValue:
    """The account may sign in again."""
    accounts_service.enable(actor=current_actor(), account=public_id)
    return _said(_("Compte rouvert."))


@blueprint.get("/admin/comptes/<public_id>")
@may(Action.ADMINISTRATION_BROWSE_ACCOUNTS, whole=True)
def account(public_id: str) -> ResponseReturnValue:
    """One account: roles, what may be changed."""
    found = one_for(db.session(), current_actor(), Account, public_id)
    return page("administration/account.html", account=found, scopes=lists.scopes(db.session()))


@blueprint.post("/admin/roles/<public_id>/fin")
@may(Action.ADMINISTRATION_REVOKE_APPOINTMENT)
def end_appointment(public_id: str) -> ResponseReturnValue:
    """Take a role away, at once."""
    accounts_service.end_appointment(actor=current_actor(), appointment=public_id)
    return _said(_("Rôle retiré."))


@blueprint.get("/gestion/journal")
@may(Action.ADMINISTRATION_READ_AUDIT, whole=True)
def trail() -> ResponseReturnValue:
    """The audit trail, newest first."""
    number = asked_page()
    q, obj = request.args.get("q", "").strip(), request.args.get("objet", "").strip()
    rows, total = lists.trail(db.session(), current_actor(), number, q, obj)
    return page(
        "administration/trail.html",
        lines=rows,
        titles=lists.titles(db.session(), [*(line.object for line in rows), obj]) if rows else {},
        words=words,
        pages=paged(number, total, lists.PER_PAGE),
        q=q,
        obj=obj,
    )


def _said(words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return back("administration.accounts")
