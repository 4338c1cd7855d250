"""Language and theme: two small choices that any visitor may make, kept in cookies; and the door `/`."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from grants.domain.text import safe_next
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import LANGUAGE_COOKIE, LANGUAGES, current_language
from grants.web.kit.navigation import home
from grants.workflow.actions import Action

YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")

blueprint = Blueprint("preferences", __name__)


@blueprint.get("/")
@may(Action.SERVICE_READ_PUBLIC)
def door() -> ResponseReturnValue:
    """A person goes to their work, a visitor to the calls."""
    actor = current_actor()
    return redirect(home(actor) if actor.id is not None else f"/{current_language()}/appels", 303)


@blueprint.post("/preferences/langue")
@may(Action.ACCOUNT_PREFER)
def language() -> ResponseReturnValue:
    """Choose the language, and come back to the same page."""
    wished = request.form.get("language", "")
    chosen = wished if wished in LANGUAGES else "fr"
    path = _same_page()
    for known in LANGUAGES:
        if path == f"/{known}" or path.startswith(f"/{known}/"):
            path = f"/{chosen}{path[3:]}"
    response = redirect(path, 303)
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


@blueprint.post("/preferences/theme")
@may(Action.ACCOUNT_PREFER)
def theme() -> ResponseReturnValue:
    """Choose light or dark; anything else goes back to the system's preference."""
    response = redirect(_same_page(), 303)
    wished = request.form.get("theme", "")
    if wished in THEMES:
        response.set_cookie("theme", wished, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    else:
        response.delete_cookie("theme")
    return response


def _same_page() -> str:
    referrer = request.referrer or ""
    if not referrer.startswith(request.host_url):
        return "/"
    return safe_next(referrer[len(request.host_url) - 1 :]) or "/"
