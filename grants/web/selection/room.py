"""What is done in the deliberation room: files called, people coming and going, notes, votes; and what follows it live."""

from collections.abc import Callable

from flask import flash, jsonify, request
from flask.typing import ResponseReturnValue

from config.security import PRIVATE_CACHE_CONTROL
from grants.db import db
from grants.domain.ballots import Count
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.policies import require
from grants.queries import room as queries
from grants.services import ballot as votes
from grants.services import room as service
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, reasons_of
from grants.web.selection.blueprint import blueprint
from grants.web.selection.sitting import Redrawn, show_sitting
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState

MOST_VOTES, MOST_DIGITS = 999, 9


def followed(version: str) -> ResponseReturnValue:
    """The version of a page that follows the sitting; 304 when the one who asks has it already."""
    answer = jsonify(version=version)
    answer.set_etag(version)
    answer.headers["Cache-Control"] = PRIVATE_CACHE_CONTROL
    return answer.make_conditional(request)


@blueprint.get("/seances/<public_id>/etat")
@may(Action.SELECTION_READ, Action.SELECTION_OPEN)
def state(public_id: str) -> ResponseReturnValue:
    """Whether the page of the sitting has moved; asked every two seconds, one query beside the sign-in."""
    actor = current_actor()
    beat = queries.pulse(db.session(), actor, public_id)
    if beat.state != MeetingState.CONVENED:
        require(actor, Action.SELECTION_READ, beat.subject)
    return followed(beat.version)


def _done(public_id: str, file: str, act: Callable[[], object], about: str) -> ResponseReturnValue:
    """Do something, then back to the file; a refusal gives the page again with what was typed."""
    try:
        act()
    except Invalid as error:
        return show_sitting(public_id, 422, _again(file, about, error))
    except (NotPossible, Conflict) as error:
        return show_sitting(public_id, 409, _again(file, about, error))
    where = {"dossier": file} if request.form.get("stay") else {}
    return back("selection.show", public_id=public_id, **where)


def _again(file: str, about: str, error: NotPossible | Conflict | Invalid) -> Redrawn:
    typed = {name: value for name, value in request.form.items() if name not in ("csrf_token", "request_id")}
    return Redrawn(file=file, reasons=reasons_of(error), typed=typed, about=about)


@blueprint.post("/seances/<public_id>/dossiers/<application>/appel")
@may(Action.SELECTION_CALL_FILE)
def call_file(public_id: str, application: str) -> ResponseReturnValue:
    """Call a file: it is the one under discussion, on every page of the room."""
    actor = current_actor()
    return _done(
        public_id,
        application,
        lambda: service.call_file(actor=actor, meeting=public_id, application=application),
        "call",
    )


@blueprint.post("/seances/<public_id>/dossiers/<application>/sortie")
@may(Action.SELECTION_EMPTY_ROOM)
def empty_room(public_id: str, application: str) -> ResponseReturnValue:
    """Those recused have left the room."""
    actor = current_actor()
    return _done(
        public_id,
        application,
        lambda: service.empty_room(actor=actor, meeting=public_id, application=application),
        "call",
    )


@blueprint.post("/seances/<public_id>/ordre-du-jour")
@may(Action.SELECTION_ORDER_AGENDA)
def order_agenda(public_id: str) -> ResponseReturnValue:
    """Put the files in the order of the numbers typed; without any, the agenda's own order."""
    actor = current_actor()

    def order() -> None:
        places = {name.removeprefix("place-"): text.strip() for name, text in request.form.items() if _place(name)}
        wrong = [name for name, text in places.items() if text and not _whole(text)]
        if wrong:
            raise Invalid({f"place-{name}": Reason("not_a_number") for name in wrong})
        numbered = sorted((int(text), name) for name, text in places.items() if text)
        service.order_agenda(actor=actor, meeting=public_id, applications=[name for _number, name in numbered])
        flash(_("Ordre du jour enregistré."), "ok")

    return _done(public_id, "", order, "agenda")


def _place(name: str) -> bool:
    return name.startswith("place-") and "own_order" not in request.form


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS and int(text) <= MOST_VOTES


@blueprint.post("/seances/<public_id>/presence/<member>/arrivee")
@may(Action.SELECTION_RECORD_ATTENDANCE)
def arrive(public_id: str, member: str) -> ResponseReturnValue:
    """A member comes in."""
    actor = current_actor()
    return _done(public_id, "", lambda: service.arrive(actor=actor, meeting=public_id, account=member), "presence")


@blueprint.post("/seances/<public_id>/presence/<member>/depart")
@may(Action.SELECTION_RECORD_ATTENDANCE)
def leave(public_id: str, member: str) -> ResponseReturnValue:
    """A member goes."""
    actor = current_actor()
    return _done(public_id, "", lambda: service.leave(actor=actor, meeting=public_id, account=member), "presence")


@blueprint.post("/seances/<public_id>/dossiers/<application>/note")
@may(Action.SELECTION_NOTE)
def note(public_id: str, application: str) -> ResponseReturnValue:
    """Keep one's own note, or share one: prepared before the discussion, or what came of it."""
    actor, text, moment = current_actor(), request.form.get("text", ""), request.form.get("moment", "")

    def write() -> None:
        if moment:
            service.share_note(actor=actor, meeting=public_id, application=application, text=text, moment=moment)
            flash(_("Note partagée avec le comité."), "ok")
        else:
            service.keep_note(actor=actor, meeting=public_id, application=application, text=text)
            flash(_("Note gardée pour vous."), "ok")

    return _done(public_id, application, write, "after" if moment == service.AFTER else "note")


@blueprint.post("/seances/<public_id>/dossiers/<application>/vote")
@may(Action.SELECTION_OPEN_BALLOT)
def open_ballot(public_id: str, application: str) -> ResponseReturnValue:
    """Put the file called to the vote: every member present votes on their own page."""
    actor, typed = current_actor(), request.form
    put = votes.Put(typed.get("outcome", ""), typed.get("question", ""))

    def begin() -> None:
        secret = typed.get("secret") == "1"
        votes.open_ballot(actor=actor, meeting=public_id, application=application, put=put, secret=secret)

    return _done(public_id, application, begin, "ballot")


@blueprint.post("/seances/<public_id>/dossiers/<application>/main-levee")
@may(Action.SELECTION_COUNT_BALLOT)
def enter_hands(public_id: str, application: str) -> ResponseReturnValue:
    """Write down a show of hands."""
    actor, typed = current_actor(), request.form
    put = votes.Put(typed.get("outcome", ""), typed.get("question", ""))

    def enter() -> None:
        numbers = {name: typed.get(name, "").strip() or "0" for name in Count._fields}
        wrong = [name for name, text in numbers.items() if not _whole(text)]
        if wrong:
            raise Invalid({name: Reason("not_a_number") for name in wrong})
        count = Count(**{name: int(text) for name, text in numbers.items()})
        votes.enter_hands(actor=actor, meeting=public_id, application=application, put=put, votes=count)
        flash(_("Vote à main levée consigné."), "ok")

    return _done(public_id, application, enter, "hands")


@blueprint.post("/seances/<public_id>/votes/<ballot>")
@may(Action.SELECTION_VOTE)
def vote(public_id: str, ballot: str) -> ResponseReturnValue:
    """Vote. The form has no number of its own: what is remembered of one would lead from the voter to the choice."""
    actor = current_actor()

    def cast() -> None:
        votes.vote(actor=actor, meeting=public_id, ballot=ballot, choice=request.form.get("choice", ""))
        flash(_("Votre vote est enregistré."), "ok")

    return _done(public_id, "", cast, "vote")


@blueprint.post("/seances/<public_id>/votes/<ballot>/depouillement")
@may(Action.SELECTION_COUNT_BALLOT)
def count_ballot(public_id: str, ballot: str) -> ResponseReturnValue:
    """Close the vote and count it."""
    actor = current_actor()
    return _done(public_id, "", lambda: votes.count_ballot(actor=actor, meeting=public_id, ballot=ballot), "vote")


@blueprint.post("/seances/<public_id>/votes/<ballot>/arret")
@may(Action.SELECTION_STOP_BALLOT)
def stop_ballot(public_id: str, ballot: str) -> ResponseReturnValue:
    """End the vote without counting it."""
    actor = current_actor()
    return _done(public_id, "", lambda: votes.stop_ballot(actor=actor, meeting=public_id, ballot=ballot), "vote")
