"""What the scores say, for whom: an analysis belongs to a set of files, and is read by whoever sees just these.

A reader's files are fingerprinted, and their scores: the analysis shown was made from these files and no other, so that
nothing of a file that is closed to the reader can be in it, were it only by a rank or a reviewer's severity.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grants.clock import now
from grants.domain.fairness import FairnessReport, fairness_report
from grants.domain.rank_report import RankReport, Standing, rank_report
from grants.domain.scoring import HALVES_A_POINT, ratio
from grants.models import (
    Account,
    Application,
    Appointment,
    Call,
    Criterion,
    Mark,
    Review,
    ScoreAnalysis,
    Territory,
)
from grants.policies import Role
from grants.queries.scores import SCORED, Scores, Wanted, scores_of
from grants.workflow.review import ReviewState

METHOD = "palabre-scores-1"
REMEMBERED = 8
LOOKED_AT = 5  # analyses of the same files: one that runs, the last that is done


@dataclass(frozen=True)
class Basis:
    """The files that a reader sees, with their scores: what an analysis for this reader is made from."""

    call: Call
    scores: Scores
    wanted: Wanted

    @cached_property
    def files_sha256(self) -> str:
        """Fingerprint of the files."""
        return _sha256(sorted(public_id for _, public_id, _, _ in self.wanted))

    @cached_property
    def scores_sha256(self) -> str:
        """Fingerprint of all that the analysis depends on. Another one: the analysis is stale."""
        return self.scores.fingerprint(self.wanted, self._fingerprint)

    def _fingerprint(self) -> str:
        rubric = [[criterion.key, criterion.weight] for criterion in self.call.criteria]
        files = sorted(
            [public_id, cents, self.scores.reviews.get(number, ())] for number, public_id, cents, _ in self.wanted
        )
        return _sha256([METHOD, self.places, rubric, files])

    @cached_property
    def graded(self) -> int:
        """How many of the files have a score."""
        return sum(1 for number, _, _, _ in self.wanted if self.scores.totals.get(number))

    @cached_property
    def places(self) -> int:
        """How many files the line lets in: those that the envelope bears in the order of the means; at least one."""
        borne = sum(1 for one in self.scores.ranked(self.call, self.wanted) if one.above_line)
        return max(1, min(borne, self.call.places or borne, self.graded))

    @property
    def seed(self) -> int:
        """The seed of the draws: of the call, so that nobody chooses it."""
        return int(_sha256([METHOD, self.call.public_id])[:8], 16)


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def basis_of(session: Session, call: Call, files: Iterable[int]) -> Basis:
    """The basis of these files (internal ids), as they are now."""
    rows = session.execute(
        select(Application.id, Application.public_id, Application.requested_cents, Application.submitted_at).where(
            Application.call_id == call.id, Application.id.in_(list(files)), Application.state.in_(SCORED)
        )
    )
    wanted = tuple((row[0], row[1], row[2], row[3] or now()) for row in rows)
    return Basis(call, scores_of(session, call), wanted)


class Known(NamedTuple):
    """An analysis without its report."""

    id: int
    asked_at: datetime
    scores_sha256: str
    percent: int
    finished_at: datetime | None
    failure: str


@dataclass(frozen=True)
class Report:
    """What an analysis says."""

    ranks: RankReport
    agreement: tuple[dict[str, Any], ...]
    fairness: FairnessReport

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """By public id of the file."""
        return {one.application: one for one in self.ranks.standings}

    @cached_property
    def cut(self) -> frozenset[str]:
        """The files that the line cuts."""
        return frozenset(self.ranks.line_group)

    @cached_property
    def disputed(self) -> int:
        """How many places the files that the line cuts share: those of the line, less the files that stand before it."""
        first = self.ranks.standings[: self.ranks.places]
        return sum(1 for one in first if one.application in self.cut)


@dataclass(frozen=True)
class Shown:
    """What a reader is shown: the report of the last analysis of these files, whether it is stale, what is under way."""

    done: Known | None
    running: Known | None
    failed: Known | None
    report: Report | None
    stale: bool


_reports: "OrderedDict[tuple[str, int, str], Report]" = OrderedDict()


def shown(session: Session, basis: Basis) -> Shown:
    """The analysis of these files; one query, two when the report was not read before."""
    rows = session.execute(
        select(
            ScoreAnalysis.id,
            ScoreAnalysis.asked_at,
            ScoreAnalysis.scores_sha256,
            ScoreAnalysis.percent,
            ScoreAnalysis.finished_at,
            ScoreAnalysis.failure,
        )
        .where(ScoreAnalysis.call_id == basis.call.id, ScoreAnalysis.files_sha256 == basis.files_sha256)
        .order_by(ScoreAnalysis.id.desc())
        .limit(LOOKED_AT)
    )
    known = [Known(*row) for row in rows]
    done = next((one for one in known if one.finished_at and not one.failure), None)
    return Shown(
        done=done,
        running=next((one for one in known[:1] if not one.finished_at), None),
        failed=next((one for one in known[:1] if one.failure), None),
        report=_report(session, basis.call, done) if done else None,
        stale=done is not None and done.scores_sha256 != basis.scores_sha256,
    )


def _report(session: Session, call: Call, known: Known) -> Report:
    """A finished report never changes: it is read once."""
    key = (call.public_id, known.id, known.scores_sha256)
    found = _reports.get(key)
    if found is None:
        stored = session.scalars(select(ScoreAnalysis.report).where(ScoreAnalysis.id == known.id)).one()
        found = Report(rank_report(stored["ranks"]), tuple(stored["agreement"]), fairness_report(stored["fairness"]))
        _reports[key] = found
    _reports.move_to_end(key)
    while len(_reports) > REMEMBERED:
        _reports.popitem(last=False)
    return found


def readers(session: Session, call: Call) -> list[int]:
    """Accounts that may ever read the ranking of the call: its committee, the managers of its programme, auditors."""
    rows = session.scalars(
        select(Appointment.account_id)
        .join(Account, Account.id == Appointment.account_id)
        .where(
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
            or_(
                (Appointment.call_id == call.id) & Appointment.role.in_((Role.REVIEWER, Role.CHAIR)),
                (Appointment.programme_id == call.programme_id) & (Appointment.role == Role.MANAGER),
                Appointment.role == Role.AUDITOR,
            ),
        )
        .order_by(Appointment.account_id)
    )
    return list(dict.fromkeys(rows))


def scored_files(session: Session, call_id: int) -> int:
    """How many files of the call have scores that count, whoever asks: to know whether somebody sees them all."""
    query = select(func.count(Application.id)).where(Application.call_id == call_id, Application.state.in_(SCORED))
    return session.scalar(query) or 0


def material(session: Session, basis: Basis) -> dict[str, Any]:
    """What `grants.domain.score_study.study` asks for. Reviewers are named by the public ids of their accounts."""
    numbers = {number: public_id for number, public_id, _, _ in basis.wanted}
    return {
        "seed": basis.seed,
        "places": basis.places,
        "criteria": [[criterion.key, criterion.name] for criterion in basis.call.criteria],
        "readings": _readings(session, basis.call, numbers),
        "files": _files(session, basis),
    }


def _readings(session: Session, call: Call, numbers: dict[int, str]) -> list[list[Any]]:
    """One line a review; a criterion that does not apply is not in it, and the weights of the others make the whole."""
    weights = {criterion.id: (criterion.key, criterion.weight) for criterion in call.criteria}
    whole: dict[int, int] = {}
    rows = session.execute(
        select(
            Review.id, Review.application_id, Account.public_id, Review.given_at, Mark.criterion_id, Mark.half_points
        )
        .join(Account, Account.id == Review.reviewer_id)
        .join(Mark, Mark.review_id == Review.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(
            Review.application_id.in_(numbers),
            Review.state == ReviewState.GIVEN,
            Criterion.call_id == call.id,
            Mark.half_points.is_not(None),
        )
        .order_by(Review.id, Criterion.position)
    )
    found: dict[int, list[Any]] = {}
    for review_id, application_id, reviewer, given_at, criterion_id, halves in rows:
        moment = given_at.timestamp() if given_at else None
        line = found.setdefault(review_id, [numbers[application_id], reviewer, 0, moment, {}])
        key, weight = weights[criterion_id]
        whole[review_id] = whole.get(review_id, 0) + weight
        line[2] += weight * (halves or 0)
        line[4][key] = (halves or 0) / HALVES_A_POINT
    for review_id, line in found.items():
        line[2] = float(ratio(line[2], whole[review_id]) or 0)
    return list(found.values())


def _files(session: Session, basis: Basis) -> list[list[Any]]:
    """Territory: the first named in France. First time: the organisation submitted nothing to an earlier call."""
    numbers = [number for number, _, _, _ in basis.wanted]
    first = select(func.min(Territory.id)).where(Territory.application_id.in_(numbers), Territory.side == "here")
    labels = session.execute(
        select(Territory.application_id, Territory.label).where(
            Territory.id.in_(first.group_by(Territory.application_id))
        )
    )
    places = {row[0]: row[1] for row in labels}
    earlier = Application.__table__.alias()
    known = set(
        session.scalars(
            select(Application.id)
            .join(earlier, earlier.c.organisation_id == Application.organisation_id)
            .where(
                Application.id.in_(numbers),
                earlier.c.call_id != Application.call_id,
                earlier.c.submitted_at < Application.submitted_at,
            )
        )
    )
    return [
        [public_id, places.get(number), cents, None, number not in known]
        for number, public_id, cents, _ in basis.wanted
    ]
