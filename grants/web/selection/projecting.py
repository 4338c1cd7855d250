"""The projector: big, without personal names, following the chair; under an address of its own, or signed in."""

from flask import url_for
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.models import Meeting
from grants.policies import Actor
from grants.queries import projection as queries
from grants.queries.selection import call_for_ranking
from grants.services import room as service
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.responses import back, page
from grants.web.selection.blueprint import blueprint
from grants.web.selection.room import followed
from grants.web.selection.sitting import the_meeting
from grants.workflow.actions import Action


@blueprint.get("/seances/<public_id>/projection")
@may(Action.SELECTION_READ)
def projection(public_id: str) -> ResponseReturnValue:
    """What the room may see, as far as the reader may see it too."""
    meeting = the_meeting(public_id)
    allow(Action.SELECTION_READ, meeting)
    return _shown(meeting, current_actor(), url_for("selection.projection_state", public_id=public_id))


@blueprint.get("/seances/<public_id>/projection/etat")
@may(Action.SELECTION_READ)
def projection_state(public_id: str) -> ResponseReturnValue:
    """Whether it has moved."""
    allow(Action.SELECTION_READ, the_meeting(public_id))
    return followed(queries.beat(db.session(), public_id, current_actor()).version)


@blueprint.post("/seances/<public_id>/projection")
@may(Action.SELECTION_ISSUE_PROJECTION)
def issue_projection(public_id: str) -> ResponseReturnValue:
    """Make the projector's own address, and go there: it can be opened on any screen until the sitting closes."""
    return back("selection.project", token=service.issue_projection(actor=current_actor(), meeting=public_id))


@blueprint.get("/projection/<token>")
@may(Action.SELECTION_PROJECT)
def project(token: str) -> ResponseReturnValue:
    """What the room may see, for whoever holds its address; whoever is signed in here is nobody."""
    return _shown(queries.sitting_behind(db.session(), token), None, url_for("selection.project_state", token=token))


@blueprint.get("/projection/<token>/etat")
@may(Action.SELECTION_PROJECT)
def project_state(token: str) -> ResponseReturnValue:
    """Whether it has moved."""
    session = db.session()
    return followed(queries.beat(session, queries.sitting_behind(session, token).public_id).version)


def _shown(meeting: Meeting, actor: Actor | None, poll: str) -> ResponseReturnValue:
    session = db.session()
    shown = queries.projected(session, meeting, actor)
    call = call_for_ranking(session, meeting.call_id)
    return page("selection/projection.html", meeting=meeting, call=call, shown=shown, poll=poll, now=clock.now())
