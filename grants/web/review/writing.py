"""What a member of the committee does: declare interests, read, mark."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.delivery import typography
from grants.errors import Conflict, Invalid, NotFound, NotPossible, Reason
from grants.models import Call, Meeting, Review
from grants.queries import committee
from grants.queries import review as queries
from grants.queries.reading import file_for, read_by
from grants.services import review as service
from grants.web.kit.access import allow, current_actor, may, permits
from grants.web.kit.labels import places_of
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import back, page, reasons_of
from grants.web.review.blueprint import blueprint
from grants.web.review.sheet import (
    Sheet,
    documents_of,
    draft_of,
    fields_of,
    next_of,
    resume_of,
    sheet_page,
    time_left,
    typed_sheet,
)
from grants.web.review.words import TO_ONESELF
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState


@blueprint.get("/evaluations")
@may(Action.REVIEW_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """One's queue in each call: what is done, what is left, until when."""
    session, actor = db.session(), current_actor()
    undeclared = queries.undeclared(session, actor)
    desks = [
        {
            "call": call,
            "queue": queue,
            "undeclared": undeclared.get(call.id, 0),
            "left": time_left(queue),
            "resume": resume_of(queue),
            "meeting": meeting,
        }
        for call in queries.calls_seated(session, actor)
        for queue, meeting in [(queries.queue(session, actor, call.id), _sitting(call))]
        if queue or meeting or undeclared.get(call.id)
    ]
    return page("review/browse.html", desks=desks, now=clock.now())


def _sitting(call: Call) -> Meeting | None:
    """The sitting that this person may go to now: convened, or begun for those who read the ranking."""
    meeting = committee.last_meeting(db.session(), call.id)
    if meeting is None or meeting.state == MeetingState.CONVENED or permits(Action.SELECTION_READ, meeting):
        return meeting
    return None


def _seated_call(slug: str) -> Call:
    calls = queries.calls_seated(db.session(), current_actor())
    undeclared = queries.undeclared(db.session(), current_actor()) if not slug else {}
    wished = (
        [call for call in calls if call.slug == slug] if slug else [c for c in calls if c.id in undeclared] or calls
    )
    if not wished:
        raise NotFound(slug)
    return wished[0]


@blueprint.get("/evaluations/interets")
@may(Action.REVIEW_DECLARE_INTEREST)
def interests() -> ResponseReturnValue:
    """Every file of a call with the question: is there a link?"""
    call = _seated_call(request.args.get("appel", ""))
    return _interests(call)


def _interests(
    call: Call, status: int = 200, reasons: list[tuple[str, str]] | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    files = queries.to_declare(db.session(), current_actor(), call)
    calls = queries.calls_seated(db.session(), current_actor())
    return page(
        "review/interests.html",
        status,
        call=call,
        calls=calls,
        files=files,
        words=TO_ONESELF,
        reasons=reasons or [],
        typed=typed or {},
    )


@blueprint.post("/evaluations/interets")
@may(Action.REVIEW_DECLARE_INTEREST)
def declare_interests() -> ResponseReturnValue:
    """Declare on the files that were answered; the others wait."""
    call = _seated_call(request.args.get("appel", ""))
    files = {file.public_id: file for file in queries.to_declare(db.session(), current_actor(), call)}
    stands = {
        public_id: (stand, request.form.get(f"note-{public_id}", ""))
        for public_id, file in files.items()
        if (stand := request.form.get(f"lien-{public_id}", "")) and stand != file.stand
    }
    try:
        service.declare_interests(actor=current_actor(), stands=stands)
    except (Invalid, NotPossible) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return _interests(call, status, reasons_of(error), request.form.to_dict())
    flash(_("Déclarations enregistrées.") if stands else _("Aucune nouvelle déclaration."), "ok")
    left = queries.undeclared(db.session(), current_actor()).get(call.id, 0)
    return back("review.interests", appel=call.slug) if left else back("review.browse")


@blueprint.get("/evaluations/dossiers/<public_id>")
@may(Action.APPLICATION_READ)
def read(public_id: str) -> ResponseReturnValue:
    """A file to be read by a member of the committee, without a sheet beside it.

    `aveugle=1`: as those read it who must not know who applies, for whoever wants to see that.
    """
    file = file_for(db.session(), current_actor(), public_id)
    allow(Action.APPLICATION_READ, file)
    asked = request.args.get("aveugle", "") == "1"
    face, reading = read_by(db.session(), current_actor(), file, veiled=asked)
    return page(
        "review/read.html",
        file=file,
        call=file.call,
        face=face,
        reading=reading,
        places=places_of(file),
        document_url=None if asked else documents_of(file),
        asked=asked,
    )


@blueprint.get("/evaluations/<public_id>")
@may(Action.REVIEW_READ)
def show(public_id: str) -> ResponseReturnValue:
    """The file on one side, one's sheet on the other. Before the declaration: the way to it."""
    try:
        row = queries.sheet_for(db.session(), current_actor(), public_id, whole=True, declared=True)
    except NotFound:
        waiting = _undeclared_review(public_id)
        if waiting is None:
            raise
        flash(_("Déclarez d’abord si vous avez un lien avec ce dossier."), "info")
        return back("review.interests", appel=waiting)
    allow(Action.REVIEW_READ, row)
    return sheet_page(row, draft_of(row))


def _undeclared_review(public_id: str) -> str | None:
    """The call of a review of one's own that waits for a declaration."""
    session, actor = db.session(), current_actor()
    for call in queries.calls_seated(session, actor):
        for one in queries.queue(session, actor, call.id):
            if one.public_id == public_id and not one.declared and one.state != "recused":
                return call.slug
    return None


@blueprint.post("/evaluations/<public_id>")
@may(Action.REVIEW_SAVE, Action.REVIEW_SCORE)
def write(public_id: str) -> ResponseReturnValue:
    """Keep the draft, or give the review and go to the next file. What was typed comes back with every refusal."""
    row = _own(public_id)
    call, review_id = row.application.call, row.public_id
    giving = request.form.get("suite") == "valider"
    typed = typed_sheet(call, giving=giving)
    if typed.problems:
        return sheet_page(row, typed, 422)
    try:
        _keep(review_id, typed, giving=giving)
    except (Invalid, NotPossible, Conflict) as error:
        return _again(review_id, typed, error)
    if not giving:
        flash(_("Brouillon enregistré."), "ok")
        return back("review.show", public_id=review_id)
    following = next_of(queries.queue(db.session(), current_actor(), call.id), review_id)
    flash(_("Évaluation rendue."), "ok")
    return back("review.show", public_id=following) if following else back("review.browse")


def _own(public_id: str) -> Review:
    """One's own review; one that was taken back while its reader typed is told as that, with the text."""
    try:
        return queries.sheet_for(db.session(), current_actor(), public_id)
    except NotFound:
        if queries.taken_back(db.session(), current_actor(), public_id):
            raise NotPossible(Action.REVIEW_SAVE, (Reason("review_taken_back"),)) from None
        raise


def _keep(public_id: str, typed: Sheet, *, giving: bool) -> Review:
    if giving:
        return service.score(
            actor=current_actor(),
            review=public_id,
            marks=typed.marks,
            comments=typed.comments,
            opinion=typed.opinion,
            private_note=typed.private_note,
            not_applicable=typed.not_applicable,
            version=typed.version,
        )
    return service.save(
        actor=current_actor(),
        review=public_id,
        marks=typed.marks,
        comments=typed.comments,
        opinion=typed.opinion,
        private_note=typed.private_note,
        not_applicable=typed.not_applicable,
        last_criterion=typed.last_criterion,
        version=typed.version,
    )


@blueprint.put("/evaluations/<public_id>")
@may(Action.REVIEW_SAVE)
def keep_draft(public_id: str) -> ResponseReturnValue:
    """Keep the sheet while it is filled in: 200 with its new version; 409 where it was written elsewhere, or is closed."""
    try:
        row = _own(public_id)
        call = row.application.call
        typed = typed_sheet(call, giving=False)
        if typed.problems:
            return {"raisons": list(dict.fromkeys(typed.problems.values()))}, 422
        kept = _keep(row.public_id, typed, giving=False)
    except Conflict:
        return _standing(public_id), 409
    except (Invalid, NotPossible) as refused:
        return {"raisons": [said for _code, said in reasons_of(refused)]}, 422 if isinstance(refused, Invalid) else 409
    return {"version": kept.version, "enregistre": _saved_at(kept, call)}


def _standing(public_id: str) -> dict[str, object]:
    """What stands where this page would have written over it: its version, its fields, and when they were written."""
    row = _own(public_id)
    zone, language = row.application.call.zone, current_language()
    at = typography.moment_short(row.edited_at, zone, language=language) if row.edited_at else ""
    message = _("Cette notation a changé dans une autre fenêtre ou sur un autre appareil, le %(at)s.", at=at)
    return {"version": row.version, "message": message, "champs": fields_of(draft_of(row))}


def _saved_at(row: Review, call: Call) -> str:
    at = row.edited_at
    return _("Enregistré à %(hour)s", hour=typography.hour(at, call.zone, language=current_language())) if at else ""


def _again(public_id: str, typed: Sheet, error: Invalid | NotPossible | Conflict) -> ResponseReturnValue:
    row = queries.sheet_for(db.session(), current_actor(), public_id, whole=True)
    status = 422 if isinstance(error, Invalid) else 409
    if isinstance(error, Invalid):
        typed = typed.with_problems(dict(reasons_of(error)))
    return sheet_page(row, typed.at_version(row.version), status, reasons_of(error))
