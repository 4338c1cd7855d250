"""Pages of the account: sign in, sign out, confirm the password, see and end one's sessions."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from config.security import COOKIE_SAME_SITE
from grants import clock
from grants.db import db, reading
from grants.domain.text import safe_next
from grants.errors import Invalid, Throttled
from grants.models import Account
from grants.queries.account import SignedIn, actor_of, roles_of, sessions_of
from grants.services import account as accounts
from grants.services import session as sessions
from grants.web.account.forms import ConfirmForm, IdentityForm, LanguageForm, PasswordForm, SignInForm
from grants.web.kit.access import cookie_name, current_actor, forget_flask_session, may
from grants.web.kit.doors import give_cookie, network_address
from grants.web.kit.language import LANGUAGE_COOKIE
from grants.web.kit.language import gettext as _
from grants.web.kit.navigation import home
from grants.web.kit.responses import back, page
from grants.workflow.actions import Action

blueprint = Blueprint("account", __name__)
YEAR_SECONDS = 365 * 24 * 3600


@blueprint.after_app_request
def keep_awake(response: Response) -> Response:
    """Note, now and then, that this session is in use: rest is counted from there."""
    actor = current_actor()
    if isinstance(actor, SignedIn) and request.endpoint != "account.sign_out":
        sessions.touch(sign_in=actor.sign_in, seen_at=actor.seen_at)
    return response


@blueprint.get("/connexion")
@may(Action.ACCOUNT_SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """The door. A person already inside goes on."""
    target = _next(request.args.get("next", ""))
    if current_actor().id is not None:
        return redirect(target or home(current_actor()), 303)
    return _door(SignInForm.empty(next=target or ""))


@blueprint.post("/connexion")
@may(Action.ACCOUNT_SIGN_IN)
def enter() -> ResponseReturnValue:
    """Open a session: a new row and a new cookie at each sign-in."""
    form = SignInForm()
    try:
        token = sessions.sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            ip_prefix=network_address(),
            user_agent=request.user_agent.string,
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _door(form, 422)
    except Throttled as refused:
        return _too_many(refused)
    forget_flask_session()
    with reading() as session:
        actor = actor_of(session, token, clock.now())
    place = _next(form.next.data or "") or (home(actor) if actor else "/")
    return give_cookie(redirect(place, 303), cookie_name(), token)


@blueprint.post("/deconnexion")
@may(Action.ACCOUNT_SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End this session, on the server first."""
    token = request.cookies.get(cookie_name(), "")
    if token:
        sessions.sign_out(token=token)
    forget_flask_session()
    response = redirect("/", 303)
    response.delete_cookie(cookie_name(), path="/", secure=_secure(), httponly=True, samesite=COOKIE_SAME_SITE)
    return response


@blueprint.get("/connexion/confirmation")
@may(Action.ACCOUNT_READ)
def ask_again() -> ResponseReturnValue:
    """Before a grave act: the password once more."""
    form = ConfirmForm.empty(next=_next(request.args.get("next", "")) or "")
    return page("account/confirm.html", form=form)


@blueprint.post("/connexion/confirmation")
@may(Action.ACCOUNT_READ)
def confirm() -> ResponseReturnValue:
    """Check it and go on; the cookie is renewed."""
    form = ConfirmForm()
    try:
        token = sessions.confirm(
            token=request.cookies.get(cookie_name(), ""),
            password=form.password.data or "",
            ip_prefix=network_address(),
            user_agent=request.user_agent.string,
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return page("account/confirm.html", 422, form=form)
    except Throttled as refused:
        return _too_many(refused)
    return give_cookie(redirect(_next(form.next.data or "") or home(current_actor()), 303), cookie_name(), token)


@blueprint.get("/mon-compte")
@may(Action.ACCOUNT_READ)
def show() -> ResponseReturnValue:
    """Who I am here: roles, sessions, password, language."""
    return _account()


@blueprint.post("/mon-compte/mot-de-passe")
@may(Action.ACCOUNT_CHANGE_PASSWORD)
def change_password() -> ResponseReturnValue:
    """Change it, end every session, and open one here."""
    form, actor = PasswordForm(), current_actor()
    try:
        accounts.change_password(
            actor=actor, current=form.current_password.data or "", new=form.new_password.data or ""
        )
    except Invalid as refused:
        form.accept_refusal(refused)
        return _account(422, password_form=form)
    token = sessions.sign_in(
        email=actor.email,
        password=form.new_password.data or "",
        ip_prefix=network_address(),
        user_agent=request.user_agent.string,
    )
    flash(_("Mot de passe changé. Vos autres sessions sont fermées."), "ok")
    return give_cookie(back("account.show"), cookie_name(), token)


@blueprint.post("/mon-compte/identite")
@may(Action.ACCOUNT_EDIT)
def edit() -> ResponseReturnValue:
    """Change the name and the function under which others see me."""
    form = IdentityForm()
    try:
        accounts.edit(actor=current_actor(), name=form.name.data or "", function=form.function.data or "")
    except Invalid as refused:
        form.accept_refusal(refused)
        return _account(422, identity_form=form)
    flash(_("Vos nom et fonction sont à jour."), "ok")
    return back("account.show")


@blueprint.post("/mon-compte/langue")
@may(Action.ACCOUNT_PREFER)
def prefer() -> ResponseReturnValue:
    """Choose the language of pages and mails."""
    wished = request.form.get("language", "")
    if current_actor().id is None:
        return back("account.sign_in")
    accounts.prefer_language(actor=current_actor(), language=wished)
    response = back("account.show")
    response.set_cookie(
        LANGUAGE_COOKIE,
        wished,
        max_age=YEAR_SECONDS,
        samesite=COOKIE_SAME_SITE,
        httponly=True,
        secure=request.is_secure,
    )
    return response


@blueprint.post("/mon-compte/sessions/<public_id>/fin")
@may(Action.ACCOUNT_REVOKE_SESSION)
def revoke(public_id: str) -> ResponseReturnValue:
    """End one of one's sessions, for instance on a lost telephone."""
    sessions.revoke(actor=current_actor(), user_session=public_id)
    flash(_("Session fermée."), "ok")
    return back("account.show")


def _door(form: SignInForm, status: int = 200) -> Response:
    return page("account/sign_in.html", status, form=form, demo=current_app.config["DEMO"])


def _too_many(refused: Throttled) -> Response:
    response = page("errors/429.html", 429, retry_after=refused.retry_after)
    response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _account(
    status: int = 200, password_form: PasswordForm | None = None, identity_form: IdentityForm | None = None
) -> Response:
    actor, session = current_actor(), db.session()
    assert actor.id is not None
    row = session.get_one(Account, actor.id)
    return page(
        "account/show.html",
        status,
        roles=roles_of(session, actor.id),
        sessions=sessions_of(session, actor.id, clock.now()),
        current=actor.sign_in if isinstance(actor, SignedIn) else "",
        form=password_form or identity_form,
        identity_form=identity_form or IdentityForm.empty(name=row.name, function=row.function),
        password_form=password_form or PasswordForm.empty(),
        language_form=LanguageForm.empty(language=actor.language),
    )


def _secure() -> bool:
    return cookie_name().startswith("__Host-")


def _next(path: str) -> str | None:
    """The path to go on to: of our own shape, and one that a page of ours answers."""
    safe = safe_next(path)
    adapter = current_app.create_url_adapter(request)
    if safe is None or adapter is None or not adapter.test(urlsplit(safe).path, method="GET"):
        return None
    return safe
