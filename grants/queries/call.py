"""Calls as visitors read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.errors import NotFound
from grants.models import Application, Call, Decision, Programme, Project
from grants.policies import Actor
from grants.queries.visibility import visible_to
from grants.workflow.application import DRAFTING
from grants.workflow.call import CallState
from grants.workflow.decision import DecisionState


class Stage(StrEnum):
    """Where a call stands for the public: a question of dates, answered here once."""

    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"
    SELECTION = "selection"
    RESULTS = "results"
    TOLD = "told"  # run elsewhere, told from a source


# the most useful first
ORDER = (Stage.OPEN, Stage.COMING, Stage.CLOSED, Stage.SELECTION, Stage.RESULTS, Stage.TOLD, Stage.DRAFT)


@dataclass(frozen=True)
class Listed:
    """A call of the public list, with its stage and the number of its public projects."""

    call: Call
    stage: Stage
    projects: int


def stage_of(call: Call, now: datetime) -> Stage:
    """The stage of a call at `now` (aware UTC)."""
    if call.state == CallState.DRAFT:
        return Stage.DRAFT
    if call.imported or call.opens_at is None:
        return Stage.TOLD
    if call.closes_at is None and call.state == CallState.PUBLISHED:  # files are taken as they come
        return Stage.COMING if now < call.opens_at else Stage.OPEN
    steps = (
        (call.opens_at, Stage.COMING),
        (call.closes_at, Stage.OPEN),
        (call.reviews_open_at, Stage.CLOSED),
        (call.results_public_at, Stage.SELECTION),
    )
    for before, stage in steps:
        if before is not None and now < before:
            return stage
    return Stage.RESULTS if call.results_public_at is not None else Stage.SELECTION


def public_calls(session: Session, now: datetime) -> list[Listed]:
    """Every call that was published, the open ones first, each group by its dates."""
    calls = session.scalars(
        select(Call)
        .where(Call.state != CallState.DRAFT)
        .options(joinedload(Call.envelope), joinedload(Call.programme).joinedload(Programme.network))
        .order_by(Call.closes_at.desc().nulls_last(), Call.id.desc())
    ).all()
    counts = _public_projects(session, [call.id for call in calls])
    listed = [Listed(call, stage_of(call, now), counts.get(call.id, 0)) for call in calls]
    return sorted(listed, key=lambda item: ORDER.index(item.stage))


def by_slug(session: Session, actor: Actor, slug: str) -> Call:
    """The call with its rubric, envelope and programme. Raises NotFound when missing or not the actor's to know of."""
    found = session.scalar(
        select(Call)
        .where(Call.slug == slug, visible_to(actor, Call))
        .options(
            selectinload(Call.criteria),
            joinedload(Call.envelope),
            joinedload(Call.phase),
            joinedload(Call.programme).joinedload(Programme.network),
        )
    )
    if found is None:
        raise NotFound(slug)
    return found


def public_projects_of(session: Session, call_id: int) -> Sequence[Project]:
    """The project sheets of a call that everybody may read."""
    query = select(Project).where(Project.call_id == call_id, Project.public.is_(True))
    return session.scalars(query.order_by(Project.number, Project.title, Project.id)).all()


def _public_projects(session: Session, call_ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(Project.call_id, func.count(Project.id))
        .where(Project.call_id.in_(call_ids), Project.public.is_(True))
        .group_by(Project.call_id)
    )
    return {row[0]: row[1] for row in rows}


def spent(session: Session, call: Call) -> bool:
    """Whether what the call gives is given: every place, or so much of the envelope that no grant is left in it.

    Only decisions that were told count: what the committee proposes is nobody's business yet.
    """
    awards, cents = session.execute(
        select(func.count(Decision.id), func.coalesce(func.sum(Decision.awarded_cents), 0))
        .join(Application, Application.id == Decision.application_id)
        .where(
            Application.call_id == call.id,
            Decision.state == DecisionState.RELEASED,
            Decision.ended_at.is_(None),
            Decision.awarded_cents > 0,
        )
    ).one()
    left = call.envelope.total_cents - cents if call.envelope is not None else 0
    return bool(awards) and (left < max(call.min_cents, 1) or (call.places is not None and awards >= call.places))


def drafts_of(session: Session, call_id: int) -> int:
    """How many files of the call are being written."""
    query = select(func.count(Application.id)).where(Application.call_id == call_id, Application.state.in_(DRAFTING))
    return session.scalar(query) or 0
