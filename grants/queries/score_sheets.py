"""The reviews that a member of a committee may take away as sheets: their own, of files that are open to them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain import score_sheets
from grants.errors import NotFound
from grants.models import Application, Call, Review
from grants.policies import Actor
from grants.queries.visibility import declared_free, visible_to
from grants.workflow.review import LIVE


def call_of(session: Session, actor: Actor, slug: str) -> Call:
    """A call on whose committee the actor sits, by its slug. Raises NotFound."""
    query = select(Call).where(Call.slug == slug, Call.id.in_(actor.sits_on)).options(selectinload(Call.criteria))
    row = session.scalar(query)
    if row is None:
        raise NotFound(slug)
    return row


def own_reviews(session: Session, actor: Actor, call: Call) -> list[Review]:
    """The actor's live reviews of a call with their marks and files, in the actor's order.

    A file that is closed to the actor, or on which nothing was declared, is not there.
    """
    query = (
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            Application.call_id == call.id,
            Review.reviewer_id == actor.id,
            Review.state.in_(LIVE),
            visible_to(actor, Review),
            visible_to(actor, Application),
            declared_free(actor),
        )
        .options(selectinload(Review.marks), joinedload(Review.application).joinedload(Application.organisation))
        .order_by(Review.position, Review.id)
    )
    return list(session.scalars(query))


def fields_of(review: Review, call: Call) -> Mapping[str, str]:
    """A review as a row of fields."""
    keys = {criterion.id: criterion.key for criterion in call.criteria}
    marks = {keys[mark.criterion_id]: mark for mark in review.marks if mark.criterion_id in keys}
    return score_sheets.written(
        {key: mark.half_points for key, mark in marks.items()},
        {key: mark.comment for key, mark in marks.items()},
        [key for key, mark in marks.items() if mark.not_applicable],
        review.opinion,
        review.private_note,
    )
