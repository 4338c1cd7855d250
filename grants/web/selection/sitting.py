"""The page of a sitting: presence before it opens, the deliberation room while it lasts, what it decided afterwards."""

from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.errors import NotFound
from grants.models import Meeting
from grants.queries import analysis, room, scenario
from grants.queries import selection as queries
from grants.queries.visibility import one_for
from grants.web.kit.access import allow, current_actor, permits
from grants.web.kit.responses import page
from grants.web.selection.forms import DecisionForm
from grants.web.selection.pages import Discussed, discussed, first_undecided, proposal
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState

PER_PAGE = 50


@dataclass(frozen=True)
class Redrawn:
    """What a refused form gives back to the page: its file, why, and what was typed."""

    file: str = ""
    reasons: list[tuple[str, str]] = field(default_factory=list)
    form: DecisionForm | None = None
    changed: tuple[str | None, Any] | None = None
    typed: dict[str, str] = field(default_factory=dict)
    about: str = ""  # which form, where it is not the decision's


def the_meeting(public_id: str) -> Meeting:
    """The sitting of this address. Raises NotFound; NotAllowed, once it is open, for whoever still owes a review."""
    meeting = one_for(db.session(), current_actor(), Meeting, public_id)
    if meeting.state != MeetingState.CONVENED:
        allow(Action.SELECTION_READ, meeting)
    return meeting


def show_sitting(public_id: str, status: int = 200, redrawn: Redrawn | None = None) -> ResponseReturnValue:
    """The page, for whoever asks: as it is, or with a refused form."""
    session, actor = db.session(), current_actor()
    given = redrawn or Redrawn()
    meeting = the_meeting(public_id)
    call = queries.call_for_ranking(session, meeting.call_id)
    context: dict[str, Any] = {
        "meeting": meeting,
        "call": call,
        "present": queries.presence(session, meeting),
        "conducts": permits(Action.SELECTION_OPEN, meeting),
        "reads": permits(Action.SELECTION_READ, meeting),
        "given": given,
        "now": clock.now(),
        "version": room.pulse(session, actor, public_id).version,
    }
    if meeting.state == MeetingState.CONVENED or not context["reads"]:
        return page("selection/convened.html", status, **context)
    board = queries.board(session, actor, call)
    running = meeting.state == MeetingState.OPEN
    called = room.called(session, actor, meeting)
    agenda = room.agenda_of(session, meeting, board, analysis.shown(session, board.basis).report) if running else ()
    wished = given.file or request.args.get("dossier", "")
    next_one = agenda[0].id if agenda and not called.closed else first_undecided(board) if not called.closed else ""
    current = wished or ((called.file or next_one) if running else "")
    told: Discussed | None = discussed(session, actor, call, meeting, board, current) if current else None
    if wished and told is None:
        raise NotFound(wished)
    everything = request.args.get("tous", "") == "1" or len(board.places) <= PER_PAGE
    by_id = {place.file.public_id: place for place in board.places}
    return page(
        "selection/show.html",
        status,
        **context,
        board=board,
        places=board.places if everything else board.places[:PER_PAGE],
        minutes=queries.minutes(session, actor, meeting),
        called=called,
        agenda=[(item, by_id[item.id]) for item in agenda],
        whole_agenda=request.args.get("ordre", "") == "1",
        told=told,
        advice=scenario.advice(session, actor, meeting),
        form=given.form or (proposal(told) if told else None),
    )
