"""The ranking of a call and what its committee has written down, without the files the reader is recused from.

A recused person meets neither the file nor a figure in which it is counted: the condition stands in every query.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.clock import now
from grants.domain import ranking
from grants.domain.scoring import score
from grants.models import (
    Account,
    Application,
    Attendance,
    Call,
    Decision,
    Interest,
    Mark,
    Meeting,
    Organisation,
    Review,
)
from grants.policies import Actor
from grants.queries import committee
from grants.queries.analysis import Basis
from grants.queries.blindness import CLEAR, Veil, veil_over
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.scores import SCORED, scores_of
from grants.queries.visibility import Condition, conflict_free, declared_free
from grants.workflow.review import ReviewState


class File(NamedTuple):
    """A file before the committee, with the decision that stands on it (codes; cents)."""

    id: int
    public_id: str
    number: str
    title: str
    lead: str
    state: str
    requested_cents: int
    submitted_at: datetime | None
    decision: str
    decision_state: str
    outcome: str
    awarded_cents: int
    reserve_rank: int | None


class Place(NamedTuple):
    """A line of the ranking: the file, where it stands, its scores out of 100 from the lowest."""

    file: File
    ranked: ranking.Ranked
    scores: tuple[Fraction, ...]


@dataclass(frozen=True)
class Board:
    """The ranking and its figures, in cents. `envelope_cents`: what the call gives in all."""

    places: tuple[Place, ...]
    envelope_cents: int
    awarded_cents: int
    awarded: int
    reserved: int
    reserved_cents: int
    decided: int
    divergent: int
    reviews: int
    basis: Basis

    @property
    def left_cents(self) -> int:
        """What the awards that the reader may see leave of the envelope."""
        return self.envelope_cents - self.awarded_cents

    @property
    def line(self) -> int:
        """How many places stand above the line of the envelope, from the top: the first that it cannot bear ends it."""
        for position, place in enumerate(self.places):
            if not place.ranked.above_line:
                return position
        return len(self.places)


def seen(actor: Actor, call_id: int | ColumnElement[int]) -> Condition:
    """Scored files of the call, without those of a conflict; for the committee, those declared free of one."""
    readable = declared_free(actor)
    if actor.manages:
        readable |= Application.call_id.in_(select(Call.id).where(Call.programme_id.in_(actor.manages)))
    return and_(
        Application.call_id == call_id,
        Application.state.in_(SCORED),
        conflict_free(actor),
        true() if actor.audits else readable,
    )


def board(session: Session, actor: Actor, call: Call) -> Board:
    """The ranking of a call for this reader: two queries beside the call, whatever the number of files.

    Marks that have not changed are not summed again, and files that have not changed are not ranked again.
    """
    return _ranked(session, actor, call, _files(session, actor, call.id))


def board_where(session: Session, reader: Actor, call: Call, known: Condition) -> Board:
    """The ranking of the files of the call that meet a condition on `Application`, its names as `reader` may know them."""
    rows = session.execute(_listed().where(Application.call_id == call.id, Application.state.in_(SCORED), known))
    return _ranked(session, reader, call, [File(*row) for row in rows])


def _ranked(session: Session, actor: Actor, call: Call, files: list[File]) -> Board:
    scores = scores_of(session, call)
    veil = veil_over(session, actor, call, [file.id for file in files])
    files = [_under(veil, file) for file in files] if veil.drawn else files
    wanted = tuple((file.id, file.public_id, file.requested_cents, file.submitted_at or now()) for file in files)
    by_id = {file.public_id: file for file in files}
    places = tuple(
        Place(by_id[one.id], one, scores.totals.get(by_id[one.id].id, ())) for one in scores.ranked(call, wanted)
    )
    return _summed(places, call.envelope.total_cents if call.envelope else 0, Basis(call, scores, wanted))


def _under(veil: Veil, file: File) -> File:
    return file._replace(title=veil.text(file.id, file.title), lead=veil.lead(file.id, file.lead, file.number))


def _summed(places: tuple[Place, ...], envelope: int, basis: Basis) -> Board:
    reserve = [place.file for place in places if place.file.outcome == "reserve"]
    awards = [place.file for place in places if place.file.awarded_cents]
    return Board(
        places=places,
        envelope_cents=envelope,
        awarded_cents=sum(file.awarded_cents for file in awards),
        awarded=len(awards),
        reserved=len(reserve),
        reserved_cents=sum(file.requested_cents for file in reserve),
        decided=sum(1 for place in places if place.file.outcome),
        divergent=sum(1 for place in places if place.ranked.divergent and not place.file.outcome),
        reviews=sum(place.ranked.reviews for place in places),
        basis=basis,
    )


def files_seen(session: Session, actor: Actor, call_id: int) -> frozenset[int]:
    """Internal ids of the files that this person's ranking shows."""
    return frozenset(file.id for file in _files(session, actor, call_id))


def _files(session: Session, actor: Actor, call_id: int) -> list[File]:
    rows = ask(session, _files_seen(shape_of(actor)), {**filling(actor), "call": call_id}).all()
    return [File(*row) for row in rows]


@cache
def _files_seen(shape: Shape) -> Select[*tuple[Any, ...]]:
    return _listed().where(seen(holes(shape), bindparam("call", type_=BigInteger())))


def _listed() -> Select[*tuple[Any, ...]]:
    """The columns of `File`."""
    return (
        select(
            Application.id,
            Application.public_id,
            func.coalesce(Application.number, ""),
            Application.title,
            Organisation.name,
            Application.state,
            Application.requested_cents,
            Application.submitted_at,
            func.coalesce(Decision.public_id, ""),
            func.coalesce(Decision.state, ""),
            func.coalesce(Decision.outcome, ""),
            func.coalesce(Decision.awarded_cents, 0),
            Decision.reserve_rank,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Decision, and_(Decision.application_id == Application.id, Decision.ended_at.is_(None)))
    )


@dataclass(frozen=True)
class Opinion:
    """What one reviewer thinks of a file: total out of 100, words for the committee, comments by criterion.

    A comment: name of the criterion, half points (None: it does not apply), words.
    """

    name: str
    review: str
    total: Fraction
    opinion: str
    comments: tuple[tuple[str, int | None, str], ...]


def opinions(session: Session, actor: Actor, application: Application, call: Call) -> list[Opinion]:
    """The given reviews of one file with their words, the highest first; nothing for a recused reader."""
    rows = session.execute(
        select(
            Review.id, Review.public_id, Review.opinion, Account.name, Mark.criterion_id, Mark.half_points, Mark.comment
        )
        .join(Account, Account.id == Review.reviewer_id)
        .join(Application, Application.id == Review.application_id)
        .join(Mark, Mark.review_id == Review.id)
        .where(
            Review.application_id == application.id, Review.state == ReviewState.GIVEN, seen(actor, application.call_id)
        )
        .order_by(Review.id)
    )
    veil = veil_over(session, actor, call, [application.id])
    criteria = {criterion.id: criterion for criterion in call.criteria}
    found: dict[int, tuple[str, str, str, list[tuple[str, int | None, str]], list[tuple[int, int]]]] = {}
    for review_id, public_id, words, name, criterion_id, halves, comment in rows:
        entry = found.setdefault(review_id, (name, public_id, veil.text(application.id, words), [], []))
        if halves is not None:
            entry[4].append((criteria[criterion_id].weight, halves))
        if comment:
            entry[3].append((criteria[criterion_id].name, halves, veil.text(application.id, comment)))
    told = [
        Opinion(name, public_id, score(weighted) or Fraction(0), words, tuple(comments))
        for name, public_id, words, comments, weighted in found.values()
    ]
    return sorted(told, key=lambda one: one.total, reverse=True)


@dataclass(frozen=True)
class Present:
    """A member and whether the person is there."""

    member: committee.Member
    here: bool


def presence(session: Session, meeting: Meeting) -> list[Present]:
    """The committee with who attends."""
    here = set(session.scalars(select(Attendance.account_id).where(Attendance.meeting_id == meeting.id)))
    return [Present(one, one.account_id in here) for one in committee.members(session, meeting.call_id)]


@dataclass(frozen=True)
class Minute:
    """A line of the draft minutes."""

    decision: str
    application: str
    number: str
    title: str
    lead: str
    outcome: str
    awarded_cents: int
    reserve_rank: int | None
    motive: str
    conditions: str
    votes: str
    state: str
    proposed_at: datetime
    by: str


def minutes(session: Session, actor: Actor, meeting: Meeting) -> list[Minute]:
    """What was written down in this sitting, the newest first, without the files the reader is recused from."""
    rows = session.execute(
        select(
            Application.id.label("file"),
            Decision.public_id.label("decision"),
            Application.public_id.label("application"),
            func.coalesce(Application.number, "").label("number"),
            Application.title.label("title"),
            Organisation.name.label("lead"),
            Decision.outcome.label("outcome"),
            Decision.awarded_cents.label("awarded_cents"),
            Decision.reserve_rank.label("reserve_rank"),
            Decision.motive.label("motive"),
            Decision.conditions.label("conditions"),
            Decision.votes.label("votes"),
            Decision.state.label("state"),
            Decision.proposed_at.label("proposed_at"),
            Account.name.label("by"),
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Account, Account.id == Decision.proposed_by_id)
        .where(Decision.meeting_id == meeting.id, Decision.ended_at.is_(None), seen(actor, meeting.call_id))
        .order_by(Decision.proposed_at.desc(), Decision.id.desc())
    )
    found = [dict(row) for row in rows.mappings()]
    ids = [row["file"] for row in found]
    veil = veil_over(session, actor, session.get_one(Call, meeting.call_id), ids) if found else CLEAR
    return [_minute(veil, **row) for row in found]


def _minute(veil: Veil, file: int, **told: Any) -> Minute:  # noqa: ANN401 -- one row of the query
    line = Minute(**told)
    return replace(
        line,
        title=veil.text(file, line.title),
        lead=veil.lead(file, line.lead, line.number),
        motive=veil.text(file, line.motive),
        conditions=veil.text(file, line.conditions),
    )


def recusals(session: Session, actor: Actor, call_id: int) -> list[tuple[str, str]]:
    """(number of the file, name of the member) of those who step back, without the reader's own."""
    rows = session.execute(
        select(Application.number, Account.name)
        .select_from(Interest)
        .join(Application, Application.id == Interest.application_id)
        .join(Account, Account.id == Interest.account_id)
        .where(Interest.stand != "free", Interest.replaced_at.is_(None), seen(actor, call_id))
        .order_by(Application.number, Account.name)
    )
    return [(row[0] or "", row[1]) for row in rows]


def meetings_of(session: Session, call_id: int) -> list[Meeting]:
    """The sittings of a call, the newest first."""
    return list(session.scalars(select(Meeting).where(Meeting.call_id == call_id).order_by(Meeting.id.desc())))


def call_for_ranking(session: Session, call_id: int) -> Call:
    """The call with its criteria and its envelope."""
    return session.scalars(
        select(Call).where(Call.id == call_id).options(joinedload(Call.envelope), selectinload(Call.criteria))
    ).one()
