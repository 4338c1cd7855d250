"""Pages about the service, open to all."""

from flask import Blueprint, abort, current_app, jsonify, redirect
from flask.typing import ResponseReturnValue

from grants.db import db
from grants.queries.health import database_answers
from grants.web.kit.access import may
from grants.web.kit.language import current_language
from grants.web.kit.responses import page
from grants.workflow.actions import Action

blueprint = Blueprint("service", __name__)
LANGUAGE = "<any(fr, en):language>"


@blueprint.get(f"/{LANGUAGE}/")
@may(Action.SERVICE_READ_PUBLIC)
def home(language: str) -> ResponseReturnValue:
    """The public door in one language: the calls."""
    return redirect(f"/{language}/appels", 303)


@blueprint.get(f"/{LANGUAGE}/aide")
@may(Action.SERVICE_READ_PUBLIC)
def assistance(language: str) -> ResponseReturnValue:  # noqa: ARG001 -- read by current_language
    """How to get help."""
    return page("service/assistance.html")


@blueprint.get(f"/{LANGUAGE}/accessibilite")
@may(Action.SERVICE_READ_PUBLIC)
def accessibility(language: str) -> ResponseReturnValue:  # noqa: ARG001
    """What is accessible, what is not known to be, whom to tell."""
    return page("service/accessibility.html")


@blueprint.get(f"/{LANGUAGE}/donnees-personnelles")
@may(Action.SERVICE_READ_PUBLIC)
def privacy(language: str) -> ResponseReturnValue:  # noqa: ARG001
    """Which personal data are kept, why, for how long."""
    return page("service/privacy.html")


@blueprint.get(f"/{LANGUAGE}/plan-du-site")
@may(Action.SERVICE_READ_PUBLIC)
def sitemap(language: str) -> ResponseReturnValue:  # noqa: ARG001
    """Every public page."""
    return page("service/sitemap.html")


@blueprint.get("/demo")
@may(Action.SERVICE_READ_DEMO)
def demo() -> ResponseReturnValue:
    """The demo's accounts, where this is a demo."""
    if not current_app.config["DEMO"]:
        abort(404)
    return page("service/demo.html", accounts=current_app.config.get("DEMO_ACCOUNTS", ()), language=current_language())


@blueprint.get("/live")
@may(Action.SERVICE_READ_HEALTH)
def live() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(status="ok")


@blueprint.get("/ready")
@may(Action.SERVICE_READ_HEALTH)
def ready() -> ResponseReturnValue:
    """This process and its database answer."""
    if not database_answers(db.session()):
        return jsonify(status="no database"), 503
    return jsonify(status="ok")
