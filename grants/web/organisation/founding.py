"""Entering one's own organisation: the step after opening an account."""

from flask import flash
from flask.typing import ResponseReturnValue

from grants.errors import Invalid
from grants.services import organisation as organisations
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page
from grants.web.organisation.blueprint import blueprint
from grants.web.organisation.forms import FoundingForm
from grants.workflow.actions import Action


@blueprint.get("/organisations/nouvelle")
@may(Action.ORGANISATION_FOUND, whole=True)
def found() -> ResponseReturnValue:
    """What is asked of an organisation; most of it can wait."""
    return _page(FoundingForm.empty(country="FR", actor_kind="ngo", vat_regime=""))


@blueprint.post("/organisations/nouvelle")
@may(Action.ORGANISATION_FOUND, whole=True)
def enter() -> ResponseReturnValue:
    """Enter it; who does leads it."""
    form = FoundingForm()
    try:
        row = organisations.found(actor=current_actor(), **form.typed(), actor_kind=form.actor_kind.data or "ngo")
    except Invalid as refused:
        form.accept_refusal(refused)
        return _page(form, 422)
    flash(_("Votre organisation est inscrite. Vous la représentez ici."), "ok")
    return back("organisation.show", public_id=row.public_id)


def _page(form: FoundingForm, status: int = 200) -> ResponseReturnValue:
    return page("organisation/found.html", status, form=form.offer(current_language()))
