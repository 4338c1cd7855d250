"""The scores of a call's files, summed from the given reviews; what has not changed is not summed again.

A ranking of five hundred files rests on ten thousand marks that nobody touches while the committee sits. They are
remembered with a stamp of the reviews they come from, asked at each request: another stamp, another sum. What is
remembered is of the call, not of a reader: who may see a file is asked of the database each time.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from grants.domain import ranking
from grants.domain.scoring import HALVES_A_POINT, ratio
from grants.models import Application, Call, Criterion, Mark, Review
from grants.queries.prepared import ask
from grants.queries.review import rubric_of
from grants.workflow.application import ApplicationState
from grants.workflow.review import ReviewState

# states in which a file has scores that count
SCORED = (ApplicationState.IN_REVIEW, ApplicationState.IN_DELIBERATION, ApplicationState.DECIDED)
REMEMBERED = 8  # calls, and rankings of each
Stamp = tuple[Any, ...]
# internal id, public id, cents asked for, moment of deposit
Wanted = tuple[tuple[int, str, int, datetime], ...]


@dataclass(frozen=True)
class Scores:
    """By file: scores out of 100 from the lowest, means of the criteria in points, (id, version) of the given reviews."""

    totals: dict[int, tuple[Fraction, ...]]
    means: dict[int, dict[str, Fraction]]
    reviews: dict[int, tuple[tuple[int, int], ...]]
    rankings: "OrderedDict[Wanted, tuple[ranking.Ranked, ...]]" = field(default_factory=OrderedDict)
    fingerprints: "OrderedDict[Wanted, str]" = field(default_factory=OrderedDict)

    def ranked(self, call: Call, wanted: Wanted) -> tuple[ranking.Ranked, ...]:
        """These files in the order of their means, by the rules of the call."""
        known = self.rankings.get(wanted)
        if known is None:
            known = ranking.rank([self._scored(call, *file) for file in wanted], _rules(call))
            _remember(self.rankings, wanted, known)
        return known

    def fingerprint(self, wanted: Wanted, make: Callable[[], str]) -> str:
        """The fingerprint of these files' scores, made once."""
        known = self.fingerprints.get(wanted)
        if known is None:
            known = make()
            _remember(self.fingerprints, wanted, known)
        return known

    def _scored(self, call: Call, number: int, public_id: str, cents: int, at: datetime) -> ranking.Scored:
        return ranking.Scored(
            id=public_id,
            totals=self.totals.get(number, ()),
            criterion_means=self.means.get(number, {}),
            requested_cents=cents,
            submitted_at=at,
            expected_reviews=call.reviews_required,
        )


_remembered: "OrderedDict[str, tuple[Stamp, Scores]]" = OrderedDict()

_CALL = bindparam("call", type_=BigInteger())
_GIVEN = (Application.call_id == _CALL, Review.state == ReviewState.GIVEN)
_STAMP = (
    select(func.count(), func.sum(Review.id), func.sum(Review.id * Review.version), func.max(Review.edited_at))
    .join(Application, Application.id == Review.application_id)
    .where(*_GIVEN)
)
# Σ weight × mark and Σ weight over what was marked, summed by the database in whole numbers
_TOTALS = (
    select(
        Review.application_id,
        Review.id,
        Review.version,
        func.sum(Criterion.weight * Mark.half_points),
        func.sum(Criterion.weight),
    )
    .join(Application, Application.id == Review.application_id)
    .join(Mark, Mark.review_id == Review.id)
    .join(Criterion, Criterion.id == Mark.criterion_id)
    .where(*_GIVEN, Mark.half_points.is_not(None))
    .group_by(Review.id, Review.application_id, Review.version)
)
_MEANS = (
    select(Review.application_id, Mark.criterion_id, func.sum(Mark.half_points), func.count(Mark.half_points))
    .join(Application, Application.id == Review.application_id)
    .join(Mark, Mark.review_id == Review.id)
    .where(*_GIVEN, Mark.half_points.is_not(None))
    .group_by(Review.application_id, Mark.criterion_id)
)


def scores_of(session: Session, call: Call) -> Scores:
    """The scores of all files of the call: for those who may see a file, and only of that file."""
    stamp = (call.version, *ask(session, _STAMP, {"call": call.id}).one())
    known = _remembered.get(call.public_id)
    if known is not None and known[0] == stamp:
        return known[1]
    totals, reviews = _totals(session, call.id)
    scores = Scores(totals, _means(session, call), reviews)
    _remember(_remembered, call.public_id, (stamp, scores))
    return scores


def _remember(memory: "OrderedDict[Any, Any]", key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)


def _rules(call: Call) -> ranking.Rules:
    rubric = rubric_of(call)
    return ranking.Rules(
        tie_order=ranking.tie_order(rubric),
        threshold=Fraction(call.threshold) if call.threshold else None,
        minimum_means=ranking.minimum_means(rubric),
        divergence=Fraction(call.divergence) if call.divergence else None,
        envelope_cents=call.envelope.total_cents if call.envelope else 0,
    )


def _totals(
    session: Session, call_id: int
) -> tuple[dict[int, tuple[Fraction, ...]], dict[int, tuple[tuple[int, int], ...]]]:
    """By file: the scores, and which reviews they are."""
    found: dict[int, list[Fraction]] = {}
    reviews: dict[int, list[tuple[int, int]]] = {}
    for application_id, review_id, version, weighted, weights in ask(session, _TOTALS, {"call": call_id}):
        found.setdefault(application_id, []).append(ratio(int(weighted), int(weights)) or Fraction(0))
        reviews.setdefault(application_id, []).append((review_id, version))
    return (
        {application_id: tuple(sorted(scores)) for application_id, scores in found.items()},
        {application_id: tuple(sorted(rows)) for application_id, rows in reviews.items()},
    )


def _means(session: Session, call: Call) -> dict[int, dict[str, Fraction]]:
    keys = {criterion.id: criterion.key for criterion in call.criteria}
    found: dict[int, dict[str, Fraction]] = {}
    for application_id, criterion_id, halves, count in ask(session, _MEANS, {"call": call.id}):
        found.setdefault(application_id, {})[keys[criterion_id]] = Fraction(int(halves), count * HALVES_A_POINT)
    return found
