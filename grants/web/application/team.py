"""The team of a file: who writes it, from inside and outside, who is asked to, who wrote last."""

from flask import flash
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotPossible
from grants.models import Application
from grants.queries import application as files
from grants.queries import consortium
from grants.queries import invitation as asked
from grants.queries.organisation import people_of
from grants.services import application as use_cases
from grants.services import invitation as invitations
from grants.web.application.blueprint import blueprint, own_file
from grants.web.application.forms import HelperForm
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.workflow.actions import Action
from grants.workflow.application import EDITABLE


@blueprint.get("/candidatures/<public_id>/equipe")
@may(Action.APPLICATION_READ_TEAM)
def team(public_id: str) -> ResponseReturnValue:
    """Everybody who writes this file."""
    return _team_page(own_file(public_id, Action.APPLICATION_READ_TEAM), HelperForm.empty())


@blueprint.post("/candidatures/<public_id>/equipe/invitations")
@may(Action.APPLICATION_INVITE)
def invite(public_id: str) -> ResponseReturnValue:
    """Ask somebody from outside to write this file."""
    row, form = own_file(public_id, Action.APPLICATION_INVITE), HelperForm()
    try:
        invitations.invite_to_application(
            actor=current_actor(),
            application=public_id,
            email=form.email.data or "",
            name=form.name.data or "",
            partner=form.partner.data or None,
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _team_page(row, form, 422)
    except NotPossible as refused:
        return _team_page(own_file(public_id, Action.APPLICATION_INVITE), form, 409, reasons_of(refused))
    flash(_("Invitation envoyée à %(email)s.", email=(form.email.data or "").strip()), "ok")
    return back("application.team", public_id=public_id)


@blueprint.post("/candidatures/<public_id>/equipe/<collaborator>/retrait")
@may(Action.APPLICATION_REMOVE_COLLABORATOR)
def remove_collaborator(public_id: str, collaborator: str) -> ResponseReturnValue:
    """Somebody from outside writes no more."""
    own_file(public_id, Action.APPLICATION_REMOVE_COLLABORATOR)
    use_cases.remove_collaborator(actor=current_actor(), application=public_id, collaborator=collaborator)
    flash(_("Cette personne n’écrit plus ce dossier."), "ok")
    return back("application.team", public_id=public_id)


def _team_page(
    row: Application, form: HelperForm, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    session = db.session()
    form.partner.choices = {
        "": _("Aucun en particulier"),
        **{partner.public_id: partner.name for partner in row.partners},
    }
    leads = permits(Action.APPLICATION_INVITE, row)
    return page(
        "application/team.html",
        status,
        application=row,
        people=people_of(session, row.organisation_id),
        helpers=consortium.helpers_of(session, row.id),
        waiting=asked.of_application(session, row.id),
        last=files.last_writer(session, row),
        leads=leads,
        ours=row.organisation_id in current_actor().writes_for,
        form=form if leads and row.state in EDITABLE else None,
        now=clock.now(),
        reasons=reasons or [],
    )
