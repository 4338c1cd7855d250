"""Pages of an organisation."""

from datetime import timedelta

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.lookalikes import mixed_scripts
from grants.errors import Invalid, NotFound
from grants.models import Organisation
from grants.queries.account import SignedIn
from grants.queries.application import team_of
from grants.queries.organisation import bank_of, history_of, masked, standings_of, twin_of
from grants.services import organisation as organisations
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.countries import name_of
from grants.web.kit.labels import VAT_REGIMES
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page
from grants.web.organisation.blueprint import blueprint, found
from grants.web.organisation.forms import BankForm, OrganisationForm
from grants.web.organisation.papers import paper_lines
from grants.web.organisation.words import remarks_of
from grants.workflow.actions import Action

# a password given this recently vouches for a change of bank details
FRESH = timedelta(minutes=10)


@blueprint.get("/organisations/<public_id>")
@may(Action.ORGANISATION_READ)
def show(public_id: str) -> ResponseReturnValue:
    """The entry of the register, the standing in the networks, the bank details for those who may."""
    session, actor = db.session(), current_actor()
    row = found(public_id, Action.ORGANISATION_READ)
    bank = bank_of(session, actor, row.id)
    return page(
        "organisation/show.html",
        organisation=row,
        country=name_of(row.country, current_language()),
        standings=standings_of(session, row.id),
        team=team_of(session, row.id),
        today=clock.now().date(),
        papers=paper_lines(row) if permits(Action.ORGANISATION_READ_PAPER, row) else None,
        remarks=remarks_of(row),
        twin=twin_of(session, row) if current_actor().manages or current_actor().audits else "",
        mixed=mixed_scripts(row.name),
        history=history_of(session, row.id) if current_actor().manages or current_actor().audits else [],
        vat=VAT_REGIMES[row.vat_regime] if row.vat_regime else "",
        bank=bank,
        full=permits(Action.ORGANISATION_READ_BANK, row),
        masked=masked(bank.account.iban) if bank else "",
        edits=permits(Action.ORGANISATION_EDIT, row),
        verifies=bank is not None and permits(Action.ORGANISATION_VERIFY_BANK, bank.account),
    )


@blueprint.get("/organisations/<public_id>/fiche")
@may(Action.ORGANISATION_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """Change the entry."""
    row = found(public_id, Action.ORGANISATION_EDIT)
    form = OrganisationForm.empty(obj=row, data={"address": "\n".join(row.address_lines)})
    form.address.data = "\n".join(row.address_lines)
    return _edit_page(row, form)


@blueprint.post("/organisations/<public_id>/fiche")
@may(Action.ORGANISATION_EDIT)
def keep(public_id: str) -> ResponseReturnValue:
    """Keep the change."""
    form = OrganisationForm()
    try:
        organisations.edit(actor=current_actor(), organisation=public_id, **form.typed())
    except Invalid as refused:
        form.accept_refusal(refused)
        return _edit_page(found(public_id, Action.ORGANISATION_EDIT), form, 422)
    flash(_("La fiche est à jour."), "ok")
    return back("organisation.show", public_id=public_id)


@blueprint.get("/organisations/<public_id>/banque")
@may(Action.ORGANISATION_CHANGE_BANK)
def bank(public_id: str) -> ResponseReturnValue:
    """Enter new bank details, the password having been asked again."""
    row = found(public_id, Action.ORGANISATION_CHANGE_BANK)
    if not _freshly_confirmed():
        return _confirm_first(public_id)
    return _bank_page(row, BankForm.empty(holder=row.name))


@blueprint.post("/organisations/<public_id>/banque")
@may(Action.ORGANISATION_CHANGE_BANK)
def change_bank(public_id: str) -> ResponseReturnValue:
    """Keep them; they wait for the finance officer."""
    row, form = found(public_id, Action.ORGANISATION_CHANGE_BANK), BankForm()
    if not _freshly_confirmed():
        return _confirm_first(public_id)
    typed = {name: form[name].data or "" for name in ("iban", "bic", "holder")}
    try:
        organisations.change_bank(actor=current_actor(), organisation=public_id, **typed)
    except Invalid as refused:
        form.accept_refusal(refused)
        return _bank_page(row, form, 422)
    flash(_("Coordonnées bancaires enregistrées. Les finances vont les vérifier avec vous."), "ok")
    return back("organisation.show", public_id=public_id)


@blueprint.post("/organisations/<public_id>/banque/verification")
@may(Action.ORGANISATION_VERIFY_BANK)
def verify_bank(public_id: str) -> ResponseReturnValue:
    """Confirm the details in force, checked with the organisation."""
    row = found(public_id, Action.ORGANISATION_READ)
    entered = bank_of(db.session(), current_actor(), row.id)
    if entered is None:
        raise NotFound(public_id)
    organisations.verify_bank(actor=current_actor(), bank_account=entered.account.public_id)
    flash(_("Coordonnées bancaires vérifiées."), "ok")
    return back("organisation.show", public_id=public_id)


def _edit_page(row: Organisation, form: OrganisationForm, status: int = 200) -> ResponseReturnValue:
    return page("organisation/edit.html", status, organisation=row, form=form.offer(current_language()))


def _bank_page(row: Organisation, form: BankForm, status: int = 200) -> ResponseReturnValue:
    return page("organisation/bank.html", status, organisation=row, form=form)


def _freshly_confirmed() -> bool:
    actor = current_actor()
    at = actor.reauth_at if isinstance(actor, SignedIn) else None
    return at is not None and clock.now() - at < FRESH


def _confirm_first(public_id: str) -> ResponseReturnValue:
    target = url_for("organisation.bank", public_id=public_id)
    return redirect(url_for("account.ask_again", next=target), 303)
