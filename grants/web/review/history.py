"""What was given before: every version of a review, and the draft of a reader from whom the file was taken back."""

from flask.typing import ResponseReturnValue

from grants.db import db
from grants.queries import other_reviews
from grants.queries.blindness import veil_over
from grants.web.kit.access import allow, current_actor, may
from grants.web.kit.responses import page
from grants.web.review.blueprint import blueprint
from grants.workflow.actions import Action
from grants.workflow.review import ReviewState


@blueprint.get("/evaluations/<public_id>/versions")
@may(Action.REVIEW_READ)
def history(public_id: str) -> ResponseReturnValue:
    """The versions of a review as they were given, for its author and the programme; a withdrawn draft for managers."""
    session, actor = db.session(), current_actor()
    row = other_reviews.readable(session, actor, public_id)
    allow(Action.REVIEW_READ, row)
    file, call = row.application, row.application.call
    veil = veil_over(session, actor, call, [file.id])
    return page(
        "review/history.html",
        review=row,
        call=call,
        number=file.number or "",
        title=veil.text(file.id, file.title),
        returned_for=veil.text(file.id, row.return_reason),
        mine=row.reviewer_id == actor.id,
        draft=other_reviews.written(row, call) if row.state == ReviewState.UNASSIGNED else None,
        versions=other_reviews.versions(session, row, call),
    )
