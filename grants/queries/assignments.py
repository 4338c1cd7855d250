"""Who reads what: the matrix of files and readers, and the doubts that somebody must settle."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.models import Account, Application, Call, Interest, Organisation, Review
from grants.policies import Actor
from grants.queries import committee
from grants.queries.blindness import CLEAR, veil_over
from grants.queries.visibility import Condition, conflict_free
from grants.workflow.application import ApplicationState
from grants.workflow.review import LIVE

ASSIGNABLE = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW)


@dataclass(frozen=True)
class Cell:
    """One file and one member: `stand` closes the cell, `review` is its live review's state."""

    review: str
    review_id: str
    stand: str


@dataclass(frozen=True)
class Row:
    """A file of the matrix, with a cell a member."""

    public_id: str
    number: str
    title: str
    lead: str
    state: str
    cells: tuple[Cell, ...]

    @property
    def readers(self) -> int:
        """Live reviews of the file."""
        return sum(1 for cell in self.cells if cell.review)


@dataclass(frozen=True)
class Matrix:
    """Who reads what: rows of one page, members, and every member's load over the whole call."""

    members: tuple[committee.Member, ...]
    loads: dict[int, int]
    rows: tuple[Row, ...]
    total: int
    short: int  # files of the whole call that lack readers


def matrix(session: Session, actor: Actor, call: Call, page: int, per_page: int) -> Matrix:
    """Files × members of the call, the files that lack readers first, in six queries whatever their number."""
    seated = committee.members(session, call.id)
    live = (
        select(Review.application_id, func.count().label("readers"))
        .where(Review.state.in_(LIVE))
        .group_by(Review.application_id)
        .subquery()
    )
    readers = func.coalesce(live.c.readers, 0)
    base = (
        select(Application.id)
        .outerjoin(live, live.c.application_id == Application.id)
        .where(Application.call_id == call.id, Application.state.in_(ASSIGNABLE), conflict_free(actor))
    )
    total, short = session.execute(
        base.with_only_columns(func.count(), func.count().filter(readers < call.reviews_required))
    ).one()
    files = session.execute(
        base.join(Organisation, Organisation.id == Application.organisation_id)
        .with_only_columns(
            Application.id,
            Application.public_id,
            Application.number,
            Application.title,
            Organisation.name,
            Application.state,
        )
        .order_by(readers >= call.reviews_required, Application.number, Application.id)
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    ids = [file.id for file in files]
    reviews, stands = _cells(session, ids)
    veil = veil_over(session, actor, call, ids)
    rows = tuple(
        Row(
            file.public_id,
            file.number or "",
            veil.text(file.id, file.title),
            veil.lead(file.id, file.name, file.number),
            file.state,
            tuple(
                Cell(*reviews.get((file.id, one.account_id), ("", "")), stands.get((file.id, one.account_id), ""))
                for one in seated
            ),
        )
        for file in files
    )
    return Matrix(seated, _loads(session, call.id, conflict_free(actor)), rows, total, short)


def _cells(
    session: Session, ids: Iterable[int]
) -> tuple[dict[tuple[int, int], tuple[str, str]], dict[tuple[int, int], str]]:
    wanted = list(ids)
    reviews = {
        (row.application_id, row.reviewer_id): (str(row.state), row.public_id)
        for row in session.execute(
            select(Review.application_id, Review.reviewer_id, Review.state, Review.public_id).where(
                Review.application_id.in_(wanted), Review.state.in_(LIVE)
            )
        )
    }
    stands = {
        (row.application_id, row.account_id): row.stand
        for row in session.execute(
            select(Interest.application_id, Interest.account_id, Interest.stand).where(
                Interest.application_id.in_(wanted), Interest.replaced_at.is_(None)
            )
        )
    }
    return reviews, stands


def _loads(session: Session, call_id: int, seen: Condition) -> dict[int, int]:
    rows = session.execute(
        select(Review.reviewer_id, func.count())
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call_id, Review.state.in_(LIVE), seen)
        .group_by(Review.reviewer_id)
    )
    return defaultdict(int, {row[0]: row[1] for row in rows})


@dataclass(frozen=True)
class Doubt:
    """A doubt that waits to be settled."""

    application: str
    number: str
    title: str
    account: str
    name: str
    note: str
    declared_at: datetime


def doubts(session: Session, actor: Actor, call_id: int) -> list[Doubt]:
    """The doubts in force on files that the actor may judge about."""
    rows = session.execute(
        select(
            Application.id,
            Application.public_id,
            Application.number,
            Application.title,
            Account.public_id,
            Account.name,
            Interest.note,
            Interest.declared_at,
        )
        .select_from(Interest)
        .join(Application, Application.id == Interest.application_id)
        .join(Account, Account.id == Interest.account_id)
        .where(
            Application.call_id == call_id,
            Interest.stand == "doubt",
            Interest.replaced_at.is_(None),
            conflict_free(actor),
        )
        .order_by(Interest.declared_at)
    ).all()
    veil = veil_over(session, actor, session.get_one(Call, call_id), [row.id for row in rows]) if rows else CLEAR
    return [
        Doubt(
            application=row[1],
            number=row[2] or "",
            title=veil.text(row.id, row[3]),
            account=row[4],
            name=row[5],
            note=veil.text(row.id, row[6]),
            declared_at=row[7],
        )
        for row in rows
    ]
