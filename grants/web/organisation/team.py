"""Who writes for an organisation: people, pending invitations, taking a role back."""

from flask import flash
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotPossible
from grants.models import Organisation
from grants.policies import Role
from grants.queries import invitation as asked
from grants.queries.organisation import people_of
from grants.services import invitation as invitations
from grants.services import organisation as organisations
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.organisation.blueprint import blueprint, found
from grants.web.organisation.forms import InviteForm
from grants.workflow.actions import Action

INVITES = (Action.ORGANISATION_INVITE, Action.ORGANISATION_INVITE_FIRST_LEAD)


@blueprint.get("/organisations/<public_id>/equipe")
@may(Action.ORGANISATION_READ)
def team(public_id: str) -> ResponseReturnValue:
    """People, roles, invitations that wait."""
    return _team_page(found(public_id, Action.ORGANISATION_READ), _empty())


@blueprint.post("/organisations/<public_id>/equipe/invitations")
@may(*INVITES)
def invite(public_id: str) -> ResponseReturnValue:
    """Ask somebody in."""
    row, form = found(public_id, Action.ORGANISATION_READ), InviteForm()
    wished = Role.APPLICANT_LEAD if form.role.data == Role.APPLICANT_LEAD else Role.APPLICANT_MEMBER
    try:
        invitations.invite_to_organisation(
            actor=current_actor(),
            organisation=public_id,
            email=form.email.data or "",
            name=form.name.data or "",
            role=wished,
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _team_page(row, form, 422)
    flash(_("Invitation envoyée à %(email)s.", email=(form.email.data or "").strip()), "ok")
    return back("organisation.team", public_id=public_id)


@blueprint.post("/organisations/<public_id>/equipe/<account>/retrait")
@may(Action.ORGANISATION_REMOVE_MEMBER)
def remove_member(public_id: str, account: str) -> ResponseReturnValue:
    """Take the person's roles back, unless nobody would lead any more."""
    row = found(public_id, Action.ORGANISATION_READ)
    try:
        organisations.remove_member(actor=current_actor(), organisation=public_id, account=account)
    except NotPossible as refused:
        return _team_page(row, _empty(), 409, reasons_of(refused))
    flash(_("Cette personne n’écrit plus pour l’organisation."), "ok")
    if account == current_actor().public_id:
        return back("account.show")
    return back("organisation.team", public_id=public_id)


def _empty() -> InviteForm:
    return InviteForm.empty(role=str(Role.APPLICANT_MEMBER))


def _team_page(
    row: Organisation, form: InviteForm, status: int = 200, reasons: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    ours = row.id in actor.writes_for
    people = people_of(session, row.id)
    leads = permits(Action.ORGANISATION_INVITE, row)
    first = bool(actor.manages) and not leads and not any(person.lead for person in people)
    if first:
        form.role.choices = {str(Role.APPLICANT_LEAD): form.role.choices[str(Role.APPLICANT_LEAD)]}
        form.role.data = str(Role.APPLICANT_LEAD)
    return page(
        "organisation/team.html",
        status,
        organisation=row,
        people=people,
        waiting=asked.of_organisation(session, row.id) if ours or actor.manages or actor.audits else [],
        form=form if leads or first else None,
        leads=leads,
        ours=ours,
        now=clock.now(),
        reasons=reasons or [],
    )
