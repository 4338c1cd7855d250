"""Pages of invitations: the link that a person received, asking for an account, what a programme has sent."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from grants import clock
from grants.db import db
from grants.errors import Invalid, NotFound
from grants.models import Account, Invitation
from grants.policies.actors import CALL_ROLES, ORGANISATION_ROLES, PROGRAMME_ROLES, SERVICE_ROLES, Role
from grants.queries import invitation as asked
from grants.services import invitation as invitations
from grants.services import sealing
from grants.services import session as sessions
from grants.web.invitation.forms import AcceptForm, OfferForm, RegisterForm
from grants.web.kit.access import cookie_name, current_actor, forget_flask_session, may
from grants.web.kit.doors import give_cookie, network_address
from grants.web.kit.labels import label_of_role
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.navigation import home
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action

blueprint = Blueprint("invitation", __name__)
MANAGES = (Action.CALL_INVITE, Action.ORGANISATION_INVITE_FIRST_LEAD, Action.ADMINISTRATION_INVITE)


@blueprint.get("/invitations/<token>")
@may(Action.ACCOUNT_ACCEPT_INVITATION)
def show(token: str) -> ResponseReturnValue:
    """What the link offers, and what there is to do: choose a password, sign in, join, or ask for another link."""
    return _invited(_behind(token), token, AcceptForm.empty())


@blueprint.post("/invitations/<token>")
@may(Action.ACCOUNT_ACCEPT_INVITATION)
def accept(token: str) -> ResponseReturnValue:
    """Take it: with the account that is open, or with a new one, which is opened here."""
    form, actor = AcceptForm(), current_actor()
    row = _behind(token)
    password = form.password.data or ""
    try:
        account = invitations.accept(actor=actor, token=token, name=form.name.data or "", password=password)
    except Invalid as refused:
        form.accept_refusal(refused)
        return _invited(row, token, form, 422)
    flash(_("Bienvenue. Vous pouvez commencer."), "ok")
    place = _after(row)
    if actor.id is not None:
        return redirect(place, 303)
    opened = sessions.sign_in(
        email=account.email,
        password=password,
        ip_prefix=network_address(),
        user_agent=request.user_agent.string,
    )
    forget_flask_session()
    flash(_("Votre compte est ouvert."), "ok")
    return give_cookie(redirect(place, 303), cookie_name(), opened)


def _after(row: Invitation) -> str:
    """Where somebody goes who has just come in: to found an organisation, or to the place of the role."""
    if not row.role and row.application_id is None:
        return url_for("organisation.found")
    if row.organisation_id is not None or row.application_id is not None:
        return "/candidatures"
    return "/mon-compte" if row.role in (Role.AUDITOR, Role.ADMINISTRATOR) else home(current_actor())


def _behind(token: str) -> Invitation:
    row = asked.by_token(db.session(), sealing.sha256(token))
    if row is None:
        raise NotFound(token)
    return row


def _invited(row: Invitation, token: str, form: AcceptForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    usable = asked.usable(row, clock.now())
    known = session.query(Account.id).filter_by(email=row.email).first() is not None if usable else False
    other = actor.id is not None and actor.email != row.email
    return page(
        "invitation/show.html",
        (status if usable else 409) if not other else 403,
        asking=asked.told(session, row) if usable and not other else None,
        other=other,
        known=known,
        token=token,
        form=form,
        role=label_of_role(row.role) if row.role else "",
        door=url_for("account.sign_in", next=url_for("invitation.show", token=token)),
    )


@blueprint.post("/invitations/<public_id>/retrait")
@may(Action.ACCOUNT_REVOKE_INVITATION)
def revoke(public_id: str) -> ResponseReturnValue:
    """Take an invitation back; then to the page that listed it."""
    invitations.revoke(actor=current_actor(), invitation=public_id)
    flash(_("Invitation retirée : son lien n’ouvre plus rien."), "ok")
    place = request.form.get("place", "")
    known = ("organisation.team", "application.team")
    if place in known and request.form.get("of", ""):
        return back(place, public_id=request.form["of"])
    return back("invitation.browse")


@blueprint.get("/inscription")
@may(Action.ACCOUNT_REGISTER)
def register() -> ResponseReturnValue:
    """Ask for an account: the address first."""
    return _registering(RegisterForm.empty())


@blueprint.post("/inscription")
@may(Action.ACCOUNT_REGISTER)
def ask() -> ResponseReturnValue:
    """Write to the address; known or unknown, the answer is the same."""
    form = RegisterForm()
    try:
        invitations.ask_account(email=form.email.data or "", language=current_language(), ip_prefix=network_address())
    except Invalid as refused:
        form.accept_refusal(refused)
        return _registering(form, 422)
    return back("invitation.asked_for")


@blueprint.get("/inscription/envoyee")
@may(Action.ACCOUNT_REGISTER)
def asked_for() -> ResponseReturnValue:
    """What happens next, the same for every address."""
    return page("invitation/sent.html")


def _registering(form: RegisterForm, status: int = 200) -> ResponseReturnValue:
    opened = asked.registration_open(db.session(), clock.now())
    return page("invitation/register.html", status, form=form, opened=opened)


@blueprint.get("/gestion/invitations")
@may(*MANAGES, whole=True)
def browse() -> ResponseReturnValue:
    """What was sent, what waits, and a form to ask somebody in."""
    return _browsed(OfferForm.empty(offer=request.args.get("offre", "")))


@blueprint.post("/gestion/invitations")
@may(*MANAGES, whole=True)
def send() -> ResponseReturnValue:
    """Ask somebody in, for the role that was chosen."""
    form = OfferForm()
    role, _colon, scope = (form.offer.data or "").partition(":")
    try:
        _send(role, scope, form.email.data or "", form.name.data or "", form.title.data or "")
    except Invalid as refused:
        if "role" in refused.problems:
            refused.problems["offer"] = refused.problems["role"]
        form.accept_refusal(refused)
        return _browsed(form, 422)
    flash(_("Invitation envoyée à %(email)s.", email=(form.email.data or "").strip()), "ok")
    return back("invitation.browse")


def _send(role: str, scope: str, email: str, name: str, title: str) -> Invitation:
    """By the kind of role: for an organisation, a committee, a programme, the service."""
    actor = current_actor()
    wished = Role(role) if role in {str(one) for one in Role} else Role.APPLICANT_LEAD
    if wished in ORGANISATION_ROLES:
        return invitations.invite_to_organisation(
            actor=actor, organisation=scope, email=email, name=name, role=Role.APPLICANT_LEAD
        )
    if wished in CALL_ROLES:
        return invitations.invite_to_call(actor=actor, call=scope, email=email, name=name, role=wished, title=title)
    return invitations.invite_to_service(actor=actor, role=wished, email=email, name=name, programme=scope or None)


def _browsed(form: OfferForm, status: int = 200) -> ResponseReturnValue:
    session, number = db.session(), asked_page()
    form.offer.choices = _offers()
    rows, total = asked.all_for(session, current_actor(), number)
    return page(
        "invitation/browse.html",
        status,
        rows=rows,
        form=form,
        now=clock.now(),
        pages=paged(number, total, asked.PER_PAGE),
    )


def _offers() -> list[SelectChoice]:
    """What this person may offer: value `role:public id`, its words, and the group it stands in."""
    session, actor = db.session(), current_actor()
    found: list[SelectChoice] = []
    if actor.manages:
        for call in asked.calls_to_staff(session, actor):
            found += [_offer(role, call.public_id, call.title) for role in (Role.REVIEWER, Role.CHAIR)]
        first = _("Première personne responsable de…")
        found += [
            SelectChoice(f"{Role.APPLICANT_LEAD}:{row.public_id}", row.name, optgroup=first)
            for row in asked.without_lead(session)
        ]
    if actor.administers:
        for programme in asked.programmes(session):
            found += [_offer(role, programme.public_id, programme.name) for role in sorted(PROGRAMME_ROLES)]
        found += [_offer(role, "", _("Tout le service")) for role in sorted(SERVICE_ROLES)]
    return found


def _offer(role: Role, scope: str, group: str) -> SelectChoice:
    return SelectChoice(f"{role}:{scope}", f"{label_of_role(role)} – {group}", optgroup=group)
