"""A sheet of marks inside a transaction: cleaned, pictured for the guards, laid on the rows of its review, kept as given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain import scoring
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text
from grants.errors import Invalid, Reason
from grants.models import Application, Call, GivenReview, Mark, Review
from grants.queries import committee
from grants.queries.eligibility import ROLLING_KIND
from grants.queries.review import rubric_of
from grants.queries.visibility import CLOSING_STANDS
from grants.services import lifecycle
from grants.workflow.application import ApplicationState
from grants.workflow.facts import ReviewFacts

COMMENT_LIMIT = 2000
OPINION_LIMIT = 4000
ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
UNDER_REVIEW = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW, ApplicationState.IN_DELIBERATION)


@dataclass(frozen=True)
class Sheet:
    """What a reviewer writes: marks in half points and comments by criterion key, an opinion, a private note.

    `not_applicable`: keys of the criteria that do not apply to the file. `last_criterion`: where the reviewer is.
    """

    marks: Mapping[str, int | None]
    comments: Mapping[str, str]
    opinion: str = ""
    private_note: str = ""
    not_applicable: Collection[str] = ()
    last_criterion: str = ""


def clean(sheet: Sheet, rubric: scoring.Rubric) -> Sheet:
    """The same with its texts in one spelling. Raises Invalid: off the scale, an unknown key, what always applies."""
    known = {criterion.key: criterion for criterion in rubric}
    problems = {key: Reason("out_of_scale") for key, halves in sheet.marks.items() if not _on_scale(halves)}
    for key in sheet.not_applicable:
        if key in known and (not known[key].optional or sheet.marks.get(key) is not None):
            problems[key] = Reason("criterion_applies")
    named = (*sheet.marks, *sheet.not_applicable, *sheet.comments)
    problems |= {key: Reason("missing") for key in named if key not in known}
    if problems:
        raise Invalid(problems)
    return Sheet(
        sheet.marks,
        {key: text(f"comment_{key}", words, COMMENT_LIMIT) for key, words in sheet.comments.items()},
        text("opinion", sheet.opinion, OPINION_LIMIT),
        text("private_note", sheet.private_note, OPINION_LIMIT),
        frozenset(sheet.not_applicable),
        sheet.last_criterion if sheet.last_criterion in known else "",
    )


def text(name: str, words: str, limit: int) -> str:
    """A text in one spelling. Raises Invalid under this name."""
    try:
        return clean_text(words, limit)
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error


def _on_scale(halves: int | None) -> bool:
    return halves is None or 0 <= halves <= scoring.TOP_HALVES


def facts_of(
    session: Session,
    review: Review,
    application: Application,
    call: Call,
    sheet: Sheet,
    now: datetime | None = None,
) -> ReviewFacts:
    """The picture of a review: its window, its author's stand, what the sheet lacks. `now`: for showing, not judging."""
    stand, closed = committee.bearing(session, call.id, application.id, review.reviewer_id)
    rubric = rubric_of(call)
    names = {criterion.key: criterion.name for criterion in call.criteria}
    rests = closed and not _waits(application, call)
    closed_at, closed_by = committee.closing(session, call.id, application.id) if rests else (None, "")
    return ReviewFacts(
        now=now or lifecycle.moment(session),
        opens_at=call.reviews_open_at or ALWAYS,
        closes_at=call.reviews_close_at or NEVER,
        interest_declared=stand is not None,
        conflicted=stand in CLOSING_STANDS,
        missing_marks=tuple(names[key] for key in scoring.unmarked(sheet.marks, rubric, sheet.not_applicable)),
        missing_comments=tuple(names[key] for key in scoring.uncommented(sheet.marks, sheet.comments, rubric)),
        opinion_missing=call.others_reviews == "after_own" and not scoring.says_something(sheet.opinion),
        deliberation_closed=rests,
        closed_at=closed_at,
        closed_by=closed_by,
        file_settled=application.state not in UNDER_REVIEW and not rests,
    )


def _waits(application: Application, call: Call) -> bool:
    """Marks rest once the sitting is closed; in a call that takes files as they come, a later file waits for the next."""
    return call.kind == ROLLING_KIND and application.state in (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW)


def lay(session: Session, review: Review, call: Call, sheet: Sheet, now: datetime) -> None:
    """Write a cleaned sheet on the review and its marks."""
    there = {mark.criterion_id: mark for mark in review.marks}
    for criterion in call.criteria:
        halves, comment = sheet.marks.get(criterion.key), sheet.comments.get(criterion.key, "")
        aside, mark = criterion.key in sheet.not_applicable, there.get(criterion.id)
        if halves is None and not comment and not aside:
            if mark is not None:
                review.marks.remove(mark)
            continue
        if mark is None:
            mark = Mark(criterion_id=criterion.id)
            review.marks.append(mark)
        mark.half_points, mark.not_applicable, mark.comment = halves, aside, comment
    review.opinion, review.private_note = sheet.opinion, sheet.private_note
    review.last_criterion, review.edited_at = sheet.last_criterion or review.last_criterion, now
    session.flush()


def keep(session: Session, review: Review, call: Call, sheet: Sheet, now: datetime) -> GivenReview:
    """Keep the sheet as it is given, for ever, beside those that were given before; the private note is left out."""
    last = session.scalar(select(func.max(GivenReview.rank)).where(GivenReview.review_id == review.id)) or 0
    given = GivenReview(
        review_id=review.id,
        rank=last + 1,
        given_at=now,
        content={
            "marks": {key: halves for key, halves in sheet.marks.items() if halves is not None},
            "not_applicable": sorted(sheet.not_applicable),
            "comments": {key: words for key, words in sheet.comments.items() if words},
            "opinion": sheet.opinion,
            "weights": {criterion.key: criterion.weight for criterion in call.criteria},
        },
    )
    session.add(given)
    review.given_at, review.returned_at, review.return_reason = now, None, ""
    session.flush()
    return given
