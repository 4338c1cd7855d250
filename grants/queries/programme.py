"""The manager's day: what waits, in which call, until when; and where a call stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, joinedload

from grants.domain.forms import FileStage
from grants.errors import NotFound
from grants.models import (
    Application,
    Call,
    Decision,
    Programme,
    Review,
)
from grants.policies import Actor
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.visibility import conflict_free, conflicted, received, visible_to
from grants.queries.waiting import Task, Waiting, waiting
from grants.workflow.application import ApplicationState as State
from grants.workflow.review import LIVE, ReviewState

CALLS = bindparam("calls", expanding=True, type_=BigInteger())


@dataclass(frozen=True)
class Followed:
    """A call of the actor's programmes with its figures."""

    call: Call
    received: int
    decided: int
    drafts: int
    submitted: int
    eligible: int
    awarded_cents: int  # of the decisions that the actor may know of


def today(session: Session, actor: Actor, now: datetime, calls: Sequence[Followed]) -> list[Task]:
    """Everything that waits, the nearest date first: one query beside the figures of the calls."""
    tasks = [
        Task(kind, count, one.call.slug, one.call.title, due_at)
        for one in calls
        for kind, count, due_at in (
            (Waiting.SCREENING, one.submitted, one.call.corrections_due_at),
            (Waiting.ASSIGNMENTS, one.eligible, one.call.reviews_open_at),
        )
        if count and not one.call.imported
    ]
    tasks += waiting(session, actor, now)
    return sorted(tasks, key=lambda task: (task.due_at is None, task.due_at or now, list(Waiting).index(task.kind)))


def programmes_managed(session: Session, actor: Actor) -> list[Programme]:
    """The programmes whose calls the actor writes, by name."""
    rows = select(Programme).where(Programme.id.in_(actor.manages)).order_by(Programme.name, Programme.id)
    return list(session.scalars(rows))


def calls_written(session: Session, actor: Actor) -> list[Call]:
    """The calls of the actor's programmes whose terms were written here, the newest first."""
    rows = select(Call).where(Call.programme_id.in_(actor.manages), Call.imported.is_(False))
    return list(session.scalars(rows.order_by(Call.opens_at.desc().nulls_last(), Call.id.desc())))


def calls_followed(session: Session, actor: Actor) -> list[Followed]:
    """The calls of the actor's programmes with their figures, the newest first: three queries."""
    calls = session.scalars(
        select(Call)
        .where(Call.programme_id.in_(actor.manages))
        .options(joinedload(Call.envelope))
        .order_by(Call.imported, Call.opens_at.desc().nulls_last(), Call.id.desc())
    ).all()
    counts = _counts(session, actor, [call.id for call in calls])
    awards = _awards(session, actor, [call.id for call in calls])
    return [Followed(call, *_figures(counts.get(call.id, {})), awards.get(call.id, 0)) for call in calls]


def _awards(session: Session, actor: Actor, calls: list[int]) -> dict[int, int]:
    """Cents that live decisions take from each envelope; a file of a conflict is not counted."""
    rows = ask(session, _awards_of(shape_of(actor)), {**filling(actor), "calls": calls})
    return {row[0]: int(row[1] or 0) for row in rows}


@cache
def _awards_of(shape: Shape) -> Select[*tuple[Any, ...]]:
    return (
        select(Application.call_id, func.sum(Decision.awarded_cents - Decision.freed_cents))
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.call_id.in_(CALLS), Decision.ended_at.is_(None), conflict_free(holes(shape)))
        .group_by(Application.call_id)
    )


def _figures(counts: dict[str, int]) -> tuple[int, int, int, int, int]:
    drafts = counts.get(State.DRAFT, 0) + counts.get(State.AWAITING_SIGNATURE, 0)
    received = sum(counts.values()) - drafts - counts.get("withdrawn_before", 0)
    return received, counts.get(State.DECIDED, 0), drafts, counts.get(State.SUBMITTED, 0), counts.get(State.ELIGIBLE, 0)


def _counts(session: Session, actor: Actor, calls: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for call_id, name, count in ask(session, _counts_of(shape_of(actor)), {**filling(actor), "calls": calls}):
        states = found.setdefault(call_id, {})
        states[str(name)] = states.get(str(name), 0) + count
    return found


@cache
def _counts_of(shape: Shape) -> CompoundSelect[*tuple[Any, ...]]:
    """All files by state, from an index alone; less the few that are closed to the reader or were never submitted."""
    state: ColumnElement[Any] = cast(Application.state, String)

    def counted(name: ColumnElement[Any], sign: int, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        count = (func.count() * sign).label("count")
        query = select(Application.call_id, name.label("state"), count).where(Application.call_id.in_(CALLS))
        return query.where(*conditions).group_by(Application.call_id, Application.state)

    reader = holes(shape)
    early = and_(Application.state == State.WITHDRAWN, Application.submitted_at.is_(None))
    before: ColumnElement[Any] = literal_column("'withdrawn_before'")
    return union_all(
        counted(state, 1),
        counted(state, -1, conflicted(reader)),
        counted(state, -1, early, conflict_free(reader)),
        counted(before, 1, early, conflict_free(reader)),
    )


@dataclass(frozen=True)
class Funnel:
    """Where the files of a call stand: how many came so far, and what they ask for, in cents."""

    drafts: int
    received: int
    eligible: int
    scored: int
    awarded: int
    reserve: int
    refused: int
    out: int  # inadmissible or ineligible
    withdrawn: int
    requested_cents: int
    awarded_cents: int
    reviews_given: int
    reviews_expected: int
    states: dict[str, int] = field(default_factory=dict)
    notes_kept: int = 0  # of a call in two stages
    notes_declined: int = 0


def call_for(session: Session, actor: Actor, slug: str) -> Call:
    """A call of the actor's by its slug, with what its overview shows. Raises NotFound."""
    row = session.scalar(
        select(Call)
        .where(Call.slug == slug, visible_to(actor, Call))
        .options(joinedload(Call.envelope), joinedload(Call.programme))
    )
    if row is None:
        raise NotFound(slug)
    return row


def funnel(session: Session, actor: Actor, call: Call) -> Funnel:
    """The figures of a call, without the files of a conflict."""
    states = _counts(session, actor, [call.id]).get(call.id, {})
    outcomes: dict[str, int] = {
        str(row[0]): row[1]
        for row in session.execute(
            select(Decision.outcome, func.count())
            .join(Application, Application.id == Decision.application_id)
            .where(Application.call_id == call.id, Decision.ended_at.is_(None), conflict_free(actor))
            .group_by(Decision.outcome)
        )
    }
    requested = session.scalar(
        select(func.sum(Application.requested_cents)).where(
            Application.call_id == call.id, received(), conflict_free(actor)
        )
    )
    given, live, scored = session.execute(
        select(
            func.count(case((Review.state == ReviewState.GIVEN, 1))),
            func.count(case((Review.state.in_(LIVE), 1))),
            func.count(func.distinct(case((Review.state == ReviewState.GIVEN, Review.application_id)))),
        )
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, conflict_free(actor))
    ).one()
    eligible = sum(
        states.get(one, 0) for one in (State.ELIGIBLE, State.IN_REVIEW, State.IN_DELIBERATION, State.DECIDED)
    )
    late = session.scalar(
        select(func.count()).where(
            Application.call_id == call.id,
            Application.late_attempt_at.is_not(None),
            or_(Application.state == State.DRAFT, Application.state == State.AWAITING_SIGNATURE),
            conflict_free(actor),
        )
    )
    drafts = states.get(State.DRAFT, 0) + states.get(State.AWAITING_SIGNATURE, 0) - (late or 0)
    out = states.get(State.INADMISSIBLE, 0) + states.get(State.INELIGIBLE, 0)
    waiting = states.get(State.SUBMITTED, 0) + states.get(State.RETURNED, 0) + states.get(State.NOT_KEPT, 0)
    return Funnel(
        drafts=drafts,
        received=waiting + out + eligible + states.get(State.WITHDRAWN, 0) + (late or 0),
        eligible=eligible,
        scored=scored,
        awarded=outcomes.get("awarded", 0) + outcomes.get("awarded_with_conditions", 0),
        reserve=outcomes.get("reserve", 0),
        refused=outcomes.get("rejected", 0) + outcomes.get("deferred", 0),
        out=out,
        withdrawn=states.get(State.WITHDRAWN, 0),
        requested_cents=int(requested or 0),
        awarded_cents=_awards(session, actor, [call.id]).get(call.id, 0),
        reviews_given=given,
        reviews_expected=live,
        states=states,
        notes_kept=_notes_kept(session, actor, call) if call.full_closes_at is not None else 0,
        notes_declined=states.get(State.NOT_KEPT, 0),
    )


def _notes_kept(session: Session, actor: Actor, call: Call) -> int:
    """How many notes became full files, whatever became of them."""
    query = select(func.count()).where(
        Application.call_id == call.id, Application.stage == FileStage.FULL, conflict_free(actor)
    )
    return session.scalar(query) or 0
