"""Public pages of the calls: what is open, and what one call asks."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.queries.call import by_slug, public_calls, public_projects_of, spent, stage_of
from grants.queries.eligibility import ROLLING_KIND
from grants.web.call import pages
from grants.web.kit.access import current_actor, may, permits
from grants.web.kit.responses import page
from grants.workflow.actions import Action

blueprint = Blueprint("call", __name__)


@blueprint.get("/<any(fr, en):language>/appels")
@may(Action.CALL_BROWSE)
def browse(language: str) -> ResponseReturnValue:
    """Every published call, the open ones first."""
    now = clock.now()
    listed = public_calls(db.session(), now)
    return page("call/browse.html", groups=pages.groups(listed, now), language=language)


@blueprint.get("/<any(fr, en):language>/appels/<slug>")
@may(Action.CALL_BROWSE)
def show(language: str, slug: str) -> ResponseReturnValue:
    """One call: may I apply, until when, for how much, judged how."""
    now, session = clock.now(), db.session()
    call = by_slug(session, current_actor(), slug)
    return page(
        "call/show.html",
        call=call,
        view=pages.Sheet(call, stage_of(call, now), now),
        projects=public_projects_of(session, call.id),
        spent=call.kind == ROLLING_KIND and spent(session, call),
        oversees=permits(Action.CALL_OVERSEE, call),
        language=language,
    )
