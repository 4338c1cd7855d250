"""Reviews beside one's own: what the other readers of a file gave, what was given before, what was taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, false, or_, select, true
from sqlalchemy.orm import Session, selectinload

from grants.domain import scoring
from grants.errors import NotFound
from grants.models import Account, Application, Call, GivenReview, Mark, Review
from grants.policies import Actor
from grants.queries.blindness import CLEAR, Veil, veil_over
from grants.queries.review import rubric_of
from grants.queries.visibility import Condition, conflict_free, visible_to
from grants.workflow.review import ReviewState


@dataclass(frozen=True)
class Written:
    """What a review says of a file, by criterion key, without a name and without its private note."""

    marks: Mapping[str, int | None]
    not_applicable: frozenset[str]
    comments: Mapping[str, str]
    opinion: str
    total: Fraction | None


def others(session: Session, actor: Actor, review: Review, call: Call) -> list[Written]:
    """What the others gave on the file of this review, if the actor may know of it; in an order that names nobody."""
    rows = session.scalars(
        select(Review)
        .where(
            Review.application_id == review.application_id,
            Review.id != review.id,
            Review.state == ReviewState.GIVEN,
            visible_to(actor, Review),
        )
        .options(selectinload(Review.marks))
        .order_by(Review.public_id)
    ).all()
    veil = veil_over(session, actor, call, [review.application_id]) if rows else CLEAR
    return [_under(veil, review.application_id, written(row, call)) for row in rows]


def _under(veil: Veil, file: int, said: Written) -> Written:
    comments = {key: veil.text(file, comment) for key, comment in said.comments.items()}
    return replace(said, comments=comments, opinion=veil.text(file, said.opinion))


def written(row: Review, call: Call) -> Written:
    """What stands on the rows of a review."""
    keys = {criterion.id: criterion.key for criterion in call.criteria}
    marks = {keys[mark.criterion_id]: mark for mark in row.marks}
    return _written(
        call,
        marks={key: mark.half_points for key, mark in marks.items()},
        aside=[key for key, mark in marks.items() if mark.not_applicable],
        comments={key: mark.comment for key, mark in marks.items() if mark.comment},
        opinion=row.opinion,
    )


def _written(
    call: Call, *, marks: Mapping[str, int | None], aside: list[str], comments: Mapping[str, str], opinion: str
) -> Written:
    not_applicable = frozenset(aside)
    return Written(marks, not_applicable, comments, opinion, scoring.total(marks, rubric_of(call), not_applicable))


@dataclass(frozen=True)
class Version:
    """A review as it was given once (the instant in UTC)."""

    rank: int
    given_at: datetime
    said: Written


def versions(session: Session, review: Review, call: Call) -> list[Version]:
    """Every time the review was given, the newest first."""
    rows = session.scalars(
        select(GivenReview).where(GivenReview.review_id == review.id).order_by(GivenReview.rank.desc())
    )
    return [Version(row.rank, row.given_at, _kept(row.content, call)) for row in rows]


def _kept(content: dict[str, Any], call: Call) -> Written:
    return _written(
        call,
        marks=content.get("marks", {}),
        aside=list(content.get("not_applicable", ())),
        comments=content.get("comments", {}),
        opinion=str(content.get("opinion", "")),
    )


@dataclass(frozen=True)
class TakenBack:
    """A draft whose assignment was withdrawn: whose, on which file, when."""

    review: str
    name: str
    number: str
    title: str
    withdrawn_at: datetime


def taken_back(session: Session, actor: Actor, call: Call) -> list[TakenBack]:
    """The drafts of a call that were withdrawn from their readers and say something, for its programme's managers."""
    rows = session.execute(
        select(Review.public_id, Account.name, Application.number, Application.title, Review.withdrawn_at)
        .join(Application, Application.id == Review.application_id)
        .join(Account, Account.id == Review.reviewer_id)
        .where(Application.call_id == call.id, *_withdrawn(actor))
        .order_by(Review.withdrawn_at.desc())
    )
    return [TakenBack(one, name, number or "", title, at) for one, name, number, title, at in rows if at]


def readable(session: Session, actor: Actor, public_id: str) -> Review:
    """A review with its marks, for its author, the managers of its programme and auditors; a withdrawn one for managers.

    Raises NotFound.
    """
    withdrawn = select(Review.id).join(Application, Application.id == Review.application_id).where(*_withdrawn(actor))
    row = session.scalar(
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            Review.public_id == public_id,
            or_(and_(visible_to(actor, Review), _follows(actor)), Review.id.in_(withdrawn)),
        )
        .options(selectinload(Review.marks))
    )
    if row is None:
        raise NotFound(public_id)
    return row


def _follows(actor: Actor) -> Condition:
    """Wrote the review, or follows it for the programme."""
    managed = Application.call_id.in_(select(Call.id).where(Call.programme_id.in_(actor.manages)))
    return or_(Review.reviewer_id == actor.id, managed, true() if actor.audits else false())


def _withdrawn(actor: Actor) -> tuple[Condition, ...]:
    said = or_(
        Review.opinion != "", Review.marks.any(Mark.half_points.is_not(None)), Review.marks.any(Mark.comment != "")
    )
    calls = select(Call.id).where(Call.programme_id.in_(actor.manages))
    return (
        Review.state == ReviewState.UNASSIGNED,
        Review.withdrawn_at.is_not(None),
        Application.call_id.in_(calls),
        conflict_free(actor),
        said,
    )
