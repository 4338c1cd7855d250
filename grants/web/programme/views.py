"""What to do today, and where a call stands."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.errors import NotPossible
from grants.models import Call
from grants.queries import programme as queries
from grants.queries.committee import last_meeting
from grants.queries.eligibility import by_invitation
from grants.services import call as service
from grants.services.lifecycle import obstacles
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.programme.pages import dates_of, facts_of, next_acts, told
from grants.workflow.actions import Action

blueprint = Blueprint("programme", __name__)


@blueprint.get("/gestion")
@may(Action.SCREENING_BROWSE, whole=True)
def today() -> ResponseReturnValue:
    """Everything that waits, by date, each line one click from the act."""
    session, actor, now = db.session(), current_actor(), clock.now()
    calls = queries.calls_followed(session, actor)
    tasks = [told(task, now) for task in queries.today(session, actor, now, calls)] if actor.manages else []
    return page("programme/today.html", tasks=tasks, calls=calls, now=now)


@blueprint.get("/gestion/appels/<slug>")
@may(Action.CALL_OVERSEE)
def oversee(slug: str) -> ResponseReturnValue:
    """The figures of a call, its dates, its next acts."""
    return _overview(slug)


def _overview(slug: str, status: int = 200, reasons: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), clock.now()
    call = queries.call_for(session, actor, slug)
    allow(Action.CALL_OVERSEE, call)
    funnel = queries.funnel(session, actor, call)
    meeting = last_meeting(session, call.id)
    return page(
        "programme/oversee.html",
        status,
        call=call,
        funnel=funnel,
        dates=dates_of(call, now),
        acts=next_acts(call, funnel, meeting, permits),
        meeting=meeting,
        manages=permits(Action.CALL_CLOSE, call),
        writes=permits(Action.CALL_DRAFT, call) and not call.imported,
        convenes=permits(Action.SELECTION_CONVENE, call),
        by_invitation=by_invitation(session, call) and not call.imported,
        invited=permits(Action.CALL_READ_INVITED, call),
        closing=obstacles(call, Action.CALL_CLOSE, facts_of(funnel)),
        reasons=reasons or [],
        now=now,
    )


@blueprint.post("/gestion/appels/<slug>/cloture")
@may(Action.CALL_CLOSE)
def close(slug: str) -> ResponseReturnValue:
    """Close the call once every file is decided."""
    call: Call = queries.call_for(db.session(), current_actor(), slug)
    try:
        service.close(actor=current_actor(), call=call.public_id)
    except NotPossible as error:
        return _overview(slug, 409, reasons_of(error))
    flash(_("Appel clos."), "ok")
    return back("programme.oversee", slug=slug)
