"""Projects as the public reads them: only what is published, and nothing of a call before its results are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.domain.slugs import folded
from grants.errors import NotFound
from grants.models import Call, Project
from grants.workflow.call import CallState


@dataclass(frozen=True)
class Filters:
    """What the public list shows: words, a territory and a theme by their labels, a call by its slug."""

    q: str = ""
    territory: str = ""
    theme: str = ""
    call: str = ""


@dataclass(frozen=True)
class Facets:
    """What the filters offer."""

    territories: tuple[str, ...]
    themes: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figures:
    """What the head of the list counts. `countries`: beside France, by the labels of territories there."""

    projects: int
    partners: int
    territories: int
    shortest: int | None
    longest: int | None


def published(now: datetime) -> ColumnElement[bool]:
    """The condition (on Project joined with Call) under which the world may read a project."""
    return and_(
        Project.public.is_(True),
        Call.state != CallState.DRAFT,
        or_(Call.imported.is_(True), Call.results_public_at <= now),
    )


def page_for(
    session: Session, filters: Filters, *, now: datetime, offset: int = 0, limit: int = 50
) -> tuple[list[Project], int]:
    """One page of the public projects, newest call first, and how many there are."""
    condition = and_(published(now), *_chosen(filters))
    total = session.scalar(select(func.count(Project.id)).join(Call, Call.id == Project.call_id).where(condition)) or 0
    query = (
        select(Project)
        .join(Call, Call.id == Project.call_id)
        .options(contains_eager(Project.call).options(joinedload(Call.programme)), joinedload(Project.organisation))
        .where(condition)
        .order_by(Call.edition.desc(), Call.id.desc(), Project.placeholder, Project.number, Project.title, Project.id)
        .offset(offset)
        .limit(limit)
    )
    return list(session.scalars(query)), total


def facets(session: Session, *, now: datetime) -> tuple[Facets, Figures]:
    """What may be chosen among, and the figures of the whole; one query."""
    query = (
        select(Project.places, Project.theme, Project.months, Project.sheet, Call.slug, Call.title)
        .join(Call, Call.id == Project.call_id)
        .where(published(now))
        .order_by(Call.edition.desc(), Call.id.desc())
    )
    rows = session.execute(query).all()
    labels = [label for row in rows for label in row[0].split("|") if label]
    months = [row[2] for row in rows if row[2]]
    partners = {partner["name"] for row in rows for partner in row[3].get("partners", ())}
    found = Facets(
        tuple(sorted(set(labels), key=folded)),
        tuple(sorted({row[1] for row in rows if row[1]}, key=folded)),
        tuple(dict.fromkeys((row[4], row[5]) for row in rows)),
    )
    figures = Figures(len(rows), len(partners), len(set(labels)), min(months, default=None), max(months, default=None))
    return found, figures


def one(session: Session, call: str, slug: str, *, now: datetime) -> Project:
    """The public sheet at this address. Raises NotFound, also before the results are public."""
    query = (
        select(Project)
        .join(Call, Call.id == Project.call_id)
        .options(contains_eager(Project.call).options(joinedload(Call.programme)), joinedload(Project.organisation))
        .where(Call.slug == call, Project.slug == slug, published(now))
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(slug)
    return found


def related(session: Session, project: Project, *, now: datetime, limit: int = 3) -> list[Project]:
    """Other projects of the same call, those of the same theme first."""
    query = (
        select(Project)
        .join(Call, Call.id == Project.call_id)
        .options(contains_eager(Project.call))
        .where(
            published(now),
            Project.call_id == project.call_id,
            Project.id != project.id,
            Project.placeholder.is_(False),
        )
        .order_by((Project.theme == project.theme).desc(), Project.number, Project.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [
        Project.search.contains(word, autoescape=True) for word in folded(filters.q).split()[:8]
    ]
    if filters.territory:
        chosen.append(Project.places.contains(f"|{filters.territory}|", autoescape=True))
    if filters.theme:
        chosen.append(Project.theme == filters.theme)
    if filters.call:
        chosen.append(Call.slug == filters.call)
    return chosen
