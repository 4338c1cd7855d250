"""Sending the agreement, entering its signature."""

from flask import flash
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.errors import NotFound
from grants.models import Agreement, Project
from grants.queries.visibility import one_for
from grants.services import agreement as services
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back
from grants.web.project import blueprint
from grants.web.project.forms import SignatureForm
from grants.web.project.views import overview_page
from grants.workflow.actions import Action


def _agreement(public_id: str) -> Agreement:
    """The agreement of a project that the actor may know of. Raises NotFound."""
    session = db.session()
    project = one_for(session, current_actor(), Project, public_id)
    found = session.query(Agreement).filter_by(project_id=project.id).one_or_none()
    if found is None:
        raise NotFound(public_id)
    return found


@blueprint.post("/projets/<public_id>/convention/envoi")
@may(Action.AGREEMENT_SEND)
def send_agreement(public_id: str) -> ResponseReturnValue:
    """Send the agreement to the holder."""
    services.send(actor=current_actor(), agreement=_agreement(public_id).public_id)
    flash(_("Convention envoyée : le document se prépare et part par message."), "ok")
    return back("project.show", public_id=public_id)


@blueprint.post("/projets/<public_id>/convention/signature")
@may(Action.AGREEMENT_SIGN)
def sign_agreement(public_id: str) -> ResponseReturnValue:
    """Enter the day of the signature: the project starts and its first tranche falls due."""
    row = _agreement(public_id)
    form = SignatureForm()
    if not form.validate():
        return overview_page(public_id, 422, form=form, signature=form)
    services.sign(actor=current_actor(), agreement=row.public_id, signed_on=form.signed_on.read)
    flash(_("Signature enregistrée : le projet commence, la première tranche est exigible."), "ok")
    return back("project.show", public_id=public_id)
