"""A feedback to applicants: what it may be composed from, what must not be in it, and the one that stands."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from grants.domain.feedback import Level, level, sentences, shuffled
from grants.domain.feedback_guard import Around
from grants.models import (
    Account,
    Application,
    Appointment,
    Call,
    Decision,
    Departure,
    Feedback,
    Interest,
    Organisation,
    Review,
    SittingNote,
)
from grants.policies import Actor, Role
from grants.policies.actors import CALL_ROLES, PROGRAMME_ROLES
from grants.queries.visibility import received, visible_to
from grants.workflow.decision import DecisionState, Origin
from grants.workflow.departure import DepartureState
from grants.workflow.review import ReviewState

WRITABLE = (DecisionState.PROPOSED, DecisionState.APPROVED)


@dataclass(frozen=True)
class Passage:
    """A sentence of a comment. `code` names it for the page of the programme, and goes nowhere else."""

    code: str
    words: str


@dataclass(frozen=True)
class Material:
    """What a feedback may be composed from: the levels reached, and the sentences by criterion (its name first)."""

    levels: tuple[Level, ...]
    passages: tuple[tuple[str, tuple[Passage, ...]], ...]

    def words(self, codes: Collection[str]) -> list[str]:
        """The words of these levels and sentences, in the order of the page; what is unknown is left out."""
        told = [f"{one.name} : {one.words.rstrip('.')}." for one in self.levels if one.key in codes]
        return told + [one.words for _name, some in self.passages for one in some if one.code in codes]

    def known(self, codes: Collection[str]) -> list[str]:
        """Those of these codes that are sentences of this file, in the order of the page."""
        return [one.code for _name, some in self.passages for one in some if one.code in codes]


def standing(session: Session, decision: Decision) -> Feedback | None:
    """What the decision tells its applicants; a letter written anew tells what the one before told until that is changed."""
    query = select(Feedback).where(Feedback.decision_id == decision.id, Feedback.replaced_at.is_(None))
    found = session.scalar(query)
    if found is None and decision.origin == Origin.REISSUE and decision.follows_id is not None:
        return standing(session, session.get_one(Decision, decision.follows_id))
    return found


def writable(session: Session, decision: Decision) -> bool:
    """The letter has not left, and no moment is set at which it will."""
    planned = decision.departure_id is not None and (
        session.get_one(Departure, decision.departure_id).state == DepartureState.PLANNED
    )
    return decision.state in WRITABLE and decision.ended_at is None and not planned


@dataclass(frozen=True)
class Progress:
    """How many of the call's decisions whose letters have not left have a feedback, and the next one without."""

    written: int
    whole: int
    ahead: str  # public id; empty: every one has its feedback, or it is the one at hand


def progress(session: Session, actor: Actor, decision: Decision) -> Progress:
    """Where the feedbacks of this call stand, of the decisions that the actor may see."""
    query = (
        select(Decision.public_id, Feedback.id)
        .join(Application, Application.id == Decision.application_id)
        .outerjoin(
            Feedback, (Feedback.decision_id == Decision.id) & Feedback.replaced_at.is_(None) & (Feedback.text != "")
        )
        .where(
            Application.call_id == decision.application.call_id,
            Decision.state.in_(WRITABLE),
            Decision.ended_at.is_(None),
            visible_to(actor, Decision),
        )
        .order_by(Application.number, Decision.id)
    )
    rows = session.execute(query).all()
    order = [row.public_id for row in rows]
    place = order.index(decision.public_id) if decision.public_id in order else -1
    after = [*rows[place + 1 :], *rows[: max(place, 0)]]
    return Progress(
        sum(1 for row in rows if row.id is not None),
        len(rows),
        next((row.public_id for row in after if row.id is None), ""),
    )


def material(session: Session, decision: Decision) -> Material:
    """The levels and the sentences of the given reviews of the file, in an order that tells nobody."""
    file = decision.application
    call = session.get_one(Call, file.call_id)
    reviews = [one for one in _reviews(session, file.id) if one.state == ReviewState.GIVEN]
    levels, passages = [], []
    for criterion in call.criteria:
        marks = {one.public_id: mark for one in reviews for mark in one.marks if mark.criterion_id == criterion.id}
        halves = (mark.half_points for mark in marks.values() if mark.half_points is not None)
        reached = level(criterion.key, criterion.name, halves, [str(words) for words in criterion.anchors])
        levels += [reached] if reached is not None else []
        order = shuffled(marks, file.public_id, criterion.key)
        found = (_sentences(review, criterion.key, marks[review].comment) for review in order)
        passages.append((criterion.name, _once(chain.from_iterable(found))))
    return Material(tuple(levels), tuple((name, some) for name, some in passages if some))


def _once(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Each sentence once, whoever wrote it too: how many did is nobody's business."""
    found: dict[str, Passage] = {}
    for one in passages:
        found.setdefault(one.words, one)
    return tuple(found.values())


def _sentences(review: str, key: str, comment: str) -> Iterator[Passage]:
    for rank, words in enumerate(sentences(comment)):
        yield Passage(f"{review}:{key}:{rank}", words)


def _reviews(session: Session, file_id: int) -> list[Review]:
    """Every review of the file, whatever became of it."""
    query = select(Review).where(Review.application_id == file_id).options(selectinload(Review.marks))
    return list(session.scalars(query.order_by(Review.id)))


def around(session: Session, decision: Decision, chosen: Collection[str]) -> Around:
    """What must not be in a feedback on this file, when these sentences were chosen for it."""
    file = decision.application
    call = session.get_one(Call, file.call_id)
    others = session.execute(
        select(Application.number, Application.title, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.call_id == call.id, Application.id != file.id, received())
    ).all()
    own = file.organisation_id
    return Around(
        people=_people(session, call, file.id),
        numbers=tuple(row.number for row in others if row.number),
        titles=tuple(dict.fromkeys(row.title for row in others if row.title)),
        organisations=tuple(dict.fromkeys(row.name for row in others if row.id != own)),
        inside=tuple(filter(None, _inside(session, call, file.id, frozenset(chosen)))),
        told=tuple(filter(None, (*_told(file, call, decision), *material(session, decision).words(chosen)))),
        own_number=file.number or "",
    )


def without_motive(found: Around, decision: Decision) -> Around:
    """The same, for looking at the motive itself: it does not vouch for its own words. Quoting an opinion is its right."""
    own = (decision.motive, decision.conditions)
    return replace(found, told=tuple(words for words in found.told if words not in own), inside=())


def _people(session: Session, call: Call, file_id: int) -> tuple[str, ...]:
    """Who sits on the committee or works for the programme, now or before, and whoever was named to read the file."""
    held = or_(
        (Appointment.call_id == call.id) & Appointment.role.in_(CALL_ROLES),
        (Appointment.programme_id == call.programme_id) & Appointment.role.in_(PROGRAMME_ROLES),
        Appointment.role == Role.AUDITOR,
    )
    appointed = select(Appointment.account_id).where(held)
    named = select(Review.reviewer_id).where(Review.application_id == file_id)
    query = select(Account.name).where(or_(Account.id.in_(appointed), Account.id.in_(named)))
    return tuple(sorted(set(session.scalars(query))))


def _inside(session: Session, call: Call, file_id: int, chosen: frozenset[str]) -> Iterator[str]:
    """Private notes, opinions for the committee, notes of the sitting, declarations, and comments but what was chosen."""
    keys = {criterion.id: criterion.key for criterion in call.criteria}
    for review in _reviews(session, file_id):
        yield review.private_note
        yield review.opinion
        for mark in review.marks:
            passages = _sentences(review.public_id, keys.get(mark.criterion_id, ""), mark.comment)
            yield " ".join(one.words for one in passages if one.code not in chosen)
    yield from session.scalars(select(SittingNote.text).where(SittingNote.application_id == file_id))
    yield from session.scalars(select(Interest.note).where(Interest.application_id == file_id))


def _told(file: Application, call: Call, decision: Decision) -> Iterator[str]:
    """What the applicants wrote, or read in any case: their names and answers, the rubric, the motive of the letter."""
    body = file.organisation
    yield from (
        file.title,
        body.name,
        body.representative,
        call.title,
        call.summary,
        decision.motive,
        decision.conditions,
    )
    yield from (partner.name for partner in file.partners)
    yield from (place.label for place in file.territories)
    yield from _texts(file.answers.values())
    for criterion in call.criteria:
        yield from (criterion.name, criterion.question, *(str(words) for words in criterion.anchors))


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
