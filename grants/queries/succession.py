"""The reserve list of a call, what stands, and who could enter with freed money."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain.forms import SectionKind
from grants.domain.selection_rules import EACH_ORGANISATION, Traits, carries, least_cents
from grants.models import Account, Application, Call, Decision, Organisation, Project, Succession
from grants.policies import Actor
from grants.queries.decision import followed
from grants.queries.terms import form_of
from grants.queries.visibility import conflicted, visible_to
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.project import ProjectState
from grants.workflow.succession import SuccessionState


@dataclass(frozen=True)
class Waiter:
    """A file of the reserve list (cents). `pending`: a decision that lets it enter is prepared."""

    decision: str
    application: str
    number: str
    title: str
    lead: str
    rank: int
    requested_cents: int
    until_on: date | None
    state: str
    released_at: datetime | None


def reserve(session: Session, actor: Actor, call_id: int) -> list[Waiter]:
    """The reserve list by rank: who is on it now, and who left it by entering, renouncing or the end of the list."""
    rows = session.execute(
        select(
            Decision.public_id.label("decision"),
            Application.public_id.label("application"),
            func.coalesce(Application.number, "").label("number"),
            Application.title.label("title"),
            Organisation.name.label("lead"),
            func.coalesce(Decision.reserve_rank, 0).label("rank"),
            Application.requested_cents.label("requested_cents"),
            func.coalesce(Decision.reserve_until_on, Call.reserve_until_on).label("until_on"),
            Decision.state.label("state"),
            Decision.released_at.label("released_at"),
            Decision.ended_at.label("ended_at"),
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.call_id == call_id,
            Decision.outcome == Outcome.RESERVE,
            Decision.ended_at.is_(None) | Decision.released_at.is_not(None),
            followed(actor),
        )
        .order_by(Decision.reserve_rank, Application.number, Decision.id)
    )
    found = {}
    for row in rows.mappings():
        values = dict(row)
        ended = values.pop("ended_at") is not None
        entering = ended and values["state"] == DecisionState.RELEASED
        found[values["application"]] = Waiter(**{**values, "state": "entering" if entering else str(values["state"])})
    return list(found.values())


def material(session: Session, call: Call) -> dict[str, Any]:
    """What `grants.domain.succession` chooses from: every award that stands, every file that waits, released and in time.

    A project that was ended keeps what it was paid, and leaves its place.
    """
    rows = session.scalars(
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.call_id == call.id, Decision.ended_at.is_(None))
        .options(
            joinedload(Decision.application).options(
                selectinload(Application.partners), selectinload(Application.territories)
            )
        )
        .order_by(Decision.id)
    ).all()
    over = set(
        session.scalars(
            select(Project.decision_id).where(Project.call_id == call.id, Project.state == ProjectState.TERMINATED)
        )
    )
    spent = sum(held_of(row) for row in rows if row.id in over)
    tags = [str(bound["tag"]) for bound in call.bounds if bound.get("tag") != EACH_ORGANISATION]
    each: Mapping[str, Any] = next((bound for bound in call.bounds if bound.get("tag") == EACH_ORGANISATION), {})
    return {
        "envelope_cents": (call.envelope.total_cents if call.envelope else 0) - spent,
        "places": call.places,
        "per_organisation": each.get("max"),
        "bounds": [dict(bound) for bound in call.bounds if bound.get("tag") != EACH_ORGANISATION],
        "standing": [_standing(row, tags) for row in rows if held_of(row) and row.id not in over],
        "waiting": [
            _waiting(call, row, tags)
            for row in rows
            if row.outcome == Outcome.RESERVE and row.state == DecisionState.RELEASED and row.reserve_rank
        ],
    }


def _standing(row: Decision, tags: list[str]) -> dict[str, Any]:
    return {**_file(row.application, tags), "cents": held_of(row)}


def held_of(row: Decision) -> int:
    """What a decision holds of the envelope, in cents."""
    return row.awarded_cents - row.freed_cents


def _waiting(call: Call, row: Decision, tags: list[str]) -> dict[str, Any]:
    asked = _asked(call, row.application)
    return {
        **_file(row.application, tags),
        "rank": row.reserve_rank,
        "asked_cents": asked,
        "least_cents": least_cents(asked, call.min_award_bp, call.min_cents),
    }


def _asked(call: Call, application: Application) -> int:
    """What was asked for, or the call's ceiling where its form asks for no budget."""
    if any(section.kind is SectionKind.BUDGET for section in form_of(application).sections):
        return application.requested_cents
    return call.max_cents


def _file(application: Application, tags: list[str]) -> dict[str, Any]:
    traits = Traits(
        territories=tuple((place.code or "", place.label) for place in application.territories),
        themes=(str(application.answers.get("theme", "")),),
        actors=tuple(partner.actor_kind for partner in application.partners),
    )
    return {
        "id": application.public_id,
        "organisation": str(application.organisation_id),
        "tags": [tag for tag in tags if carries(traits, tag)],
    }


@dataclass(frozen=True)
class Entering:
    """A file that the search names, with its amount (cents)."""

    waiter: Waiter
    cents: int


@dataclass(frozen=True)
class Passed:
    """A file of the reserve list that does not enter, and why (a code with its figures)."""

    waiter: Waiter
    why: str
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Freed:
    """Freed money as the programme reads it: of which file, how much, since when, who could enter, what was done."""

    public_id: str
    number: str
    title: str
    cause: str
    freed_cents: int
    opened_at: datetime
    state: str
    left_cents: int | None
    remains_cents: int | None
    entering: tuple[Entering, ...]
    passed: tuple[Passed, ...]
    dropped: tuple[str, ...]
    failure: str
    why: str
    closed_by: str
    closed_at: datetime | None
    hidden: bool  # the search names a file that is closed to the reader

    @property
    def waits(self) -> bool:
        """Somebody has to look at it."""
        return self.state in (SuccessionState.SOUGHT, SuccessionState.NAMED)


def freed(session: Session, actor: Actor, call_id: int) -> list[Freed]:
    """What was freed in a call, the newest first, without what a file closed to the reader freed.

    What is left of the envelope is told to whoever knows of every award in it.
    """
    by_file = {one.application: one for one in reserve(session, actor, call_id)}
    closed = select(Decision.id).join(Application, Application.id == Decision.application_id)
    closed = closed.where(Application.call_id == call_id, Decision.ended_at.is_(None), conflicted(actor))
    whole = session.scalar(closed.limit(1)) is None
    rows = session.execute(
        select(Succession, Application.number, Application.title, Account.name)
        .join(Decision, Decision.id == Succession.decision_id)
        .join(Application, Application.id == Decision.application_id)
        .outerjoin(Account, Account.id == Succession.closed_by_id)
        .where(Succession.call_id == call_id, visible_to(actor, Succession))
        .order_by(Succession.id.desc())
    )
    return [
        replace(one, left_cents=None, remains_cents=None, passed=_without_money(one.passed)) if not whole else one
        for one in (_freed(row, number or "", title, by or "", by_file) for row, number, title, by in rows)
    ]


def _without_money(passed: tuple[Passed, ...]) -> tuple[Passed, ...]:
    return tuple(one for one in passed if one.why != "too_little_left")


def _freed(row: Succession, number: str, title: str, by: str, by_file: Mapping[str, Waiter]) -> Freed:
    entering = row.found.get("entering", [])
    return Freed(
        public_id=row.public_id,
        number=number,
        title=title,
        cause=row.cause,
        freed_cents=row.freed_cents,
        opened_at=row.opened_at,
        state=str(row.state),
        left_cents=row.found.get("left_cents"),
        remains_cents=row.found.get("remains_cents"),
        entering=tuple(Entering(by_file[one["id"]], one["cents"]) for one in entering if one["id"] in by_file),
        passed=tuple(
            Passed(by_file[one["id"]], one["why"], one) for one in row.found.get("passed", []) if one["id"] in by_file
        ),
        dropped=tuple(row.found.get("dropped", ())),
        failure=row.failure,
        why=row.why,
        closed_by=by,
        closed_at=row.closed_at,
        hidden=any(one["id"] not in by_file for one in entering),
    )
