"""Money as finance and the programme read it: tranches by what they wait for, envelopes by what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from grants.models import Account, BankAccount, Call, Envelope, Payment, Project, Report, Tranche
from grants.policies import Actor
from grants.queries.project import AWAITED, REPORT_OF
from grants.queries.visibility import visible_to
from grants.workflow.report import ReportState
from grants.workflow.tranche import TrancheState

#: The drawers of the list, in the order of the road: words stand in the page.
DRAWERS = ("to-order", "to-pay", "paid", "blocked", "planned", "all")


@dataclass(frozen=True)
class Due:
    """A tranche in the list. `report`: the one that holds it back; `bank`: the account in force."""

    tranche: Tranche
    payment: Payment | None
    bank: BankAccount | None
    ordered_by: str | None
    paid_by: str | None
    report: Report | None


@dataclass(frozen=True)
class Commitment:
    """An envelope in cents: its total, what awards hold, what was paid, what is ordered or due."""

    call: Call
    total_cents: int
    committed_cents: int
    paid_cents: int
    owed_cents: int

    @property
    def left_cents(self) -> int:
        """What may still be awarded."""
        return self.total_cents - self.committed_cents

    @property
    def unpaid_cents(self) -> int:
        """What was awarded and not paid yet."""
        return self.committed_cents - self.paid_cents


def page_for(  # noqa: PLR0913 -- a drawer, a call and a page
    session: Session, actor: Actor, *, drawer: str, call: str = "", today: date, offset: int = 0, limit: int = 50
) -> tuple[list[Due], int]:
    """One page of a drawer, and how many tranches it holds. Three queries."""
    condition = and_(visible_to(actor, Project), _in_drawer(drawer, today), _of_call(call))
    total = session.scalar(_joined(select(func.count(Tranche.id))).where(condition)) or 0
    payer, orderer = _named("payer"), _named("orderer")
    query = (
        _joined(select(Tranche, Payment, BankAccount, orderer.c.name, payer.c.name))
        .outerjoin(Payment, and_(Payment.tranche_id == Tranche.id, Payment.returned_on.is_(None)))
        .outerjoin(
            BankAccount,
            and_(BankAccount.organisation_id == Project.organisation_id, BankAccount.replaced_at.is_(None)),
        )
        .outerjoin(orderer, orderer.c.id == Tranche.ordered_by_id)
        .outerjoin(payer, payer.c.id == Payment.paid_by_id)
        .options(
            contains_eager(Tranche.project).options(contains_eager(Project.call), joinedload(Project.organisation))
        )
        .where(condition)
        .order_by(*_order(drawer))
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(query).all()
    holding = _holding(session, [row[0] for row in rows])
    return [Due(row[0], row[1], row[2], row[3], row[4], holding.get(row[0].id)) for row in rows], total


def counts(session: Session, actor: Actor, *, call: str = "", today: date) -> dict[str, int]:
    """How many tranches each drawer holds, in one query."""
    columns = [func.sum(case((_in_drawer(drawer, today), 1), else_=0)) for drawer in DRAWERS]
    row = session.execute(_joined(select(*columns)).where(visible_to(actor, Project), _of_call(call))).one()
    return {drawer: int(value or 0) for drawer, value in zip(DRAWERS, row, strict=True)}


def commitments(session: Session, actor: Actor) -> list[Commitment]:
    """The envelopes of the calls whose money the actor follows, newest first."""
    programmes = actor.manages | actor.pays
    paid = (
        select(Project.call_id, func.sum(Payment.amount_cents).label("cents"))
        .join(Tranche, Tranche.id == Payment.tranche_id)
        .join(Project, Project.id == Tranche.project_id)
        .where(Payment.returned_on.is_(None))
        .group_by(Project.call_id)
        .subquery()
    )
    owed = (
        select(Project.call_id, func.sum(func.coalesce(Tranche.due_cents, Tranche.amount_cents)).label("cents"))
        .join(Project, Project.id == Tranche.project_id)
        .where(Tranche.state.in_((TrancheState.DUE, TrancheState.ORDERED)))
        .group_by(Project.call_id)
        .subquery()
    )
    query = (
        select(Call, Envelope.total_cents, Envelope.committed_cents, paid.c.cents, owed.c.cents)
        .join(Envelope, Envelope.call_id == Call.id)
        .outerjoin(paid, paid.c.call_id == Call.id)
        .outerjoin(owed, owed.c.call_id == Call.id)
        .where(true() if actor.audits else Call.programme_id.in_(programmes), Call.imported.is_(False))
        .order_by(Call.id.desc())
    )
    return [
        Commitment(call, total, committed, int(given or 0), int(due or 0))
        for call, total, committed, given, due in session.execute(query)
    ]


def _named(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- an alias of the table of accounts
    return select(Account.id, Account.name).subquery(name)


def _joined(query: Select) -> Select:  # type: ignore[type-arg]
    return (
        query.select_from(Tranche)
        .join(Project, Project.id == Tranche.project_id)
        .join(Call, Call.id == Project.call_id)
    )


def _of_call(slug: str) -> ColumnElement[bool]:
    return Call.slug == slug if slug else true()


def _in_drawer(drawer: str, today: date) -> ColumnElement[bool]:
    planned = Tranche.state == TrancheState.PLANNED
    drawers: dict[str, ColumnElement[bool]] = {
        "to-order": Tranche.state == TrancheState.DUE,
        "to-pay": Tranche.state == TrancheState.ORDERED,
        "paid": Tranche.state.in_((TrancheState.PAID, TrancheState.RETURNED)),
        "blocked": and_(planned, _held_back(today)),
        "planned": and_(planned, ~_held_back(today)),
    }
    return drawers.get(drawer, true())


def _held_back(today: date) -> ColumnElement[bool]:
    """A report that the tranche waits for is late, or was given back."""
    kinds = or_(
        *(and_(Tranche.condition == condition, Report.kind.in_(kinds)) for condition, kinds in REPORT_OF.items())
    )
    trouble = or_(and_(Report.state.in_(AWAITED), Report.due_on < today), Report.state == ReportState.CHANGES_REQUESTED)
    return exists().where(Report.project_id == Tranche.project_id, kinds, trouble)


def _order(drawer: str) -> tuple[Any, ...]:
    if drawer == "paid":
        return (Payment.paid_on.desc(), Tranche.id.desc())
    return (func.coalesce(Tranche.expected_on, date.max), Project.number, Tranche.position)


def _holding(session: Session, tranches: Sequence[Tranche]) -> dict[int, Report]:
    """By tranche, the first report that it waits for and that is not accepted."""
    waiting = [row for row in tranches if row.state == TrancheState.PLANNED]
    if not waiting:
        return {}
    ids = {row.project_id for row in waiting}
    reports = session.scalars(
        select(Report)
        .where(Report.project_id.in_(ids), Report.state != ReportState.ACCEPTED)
        .order_by(Report.due_on, Report.id)
    ).all()
    return {row.id: report for row in waiting if (report := _first(row, reports)) is not None}


def _first(tranche: Tranche, reports: Sequence[Report]) -> Report | None:
    kinds = REPORT_OF.get(tranche.condition, ())
    return next((row for row in reports if row.project_id == tranche.project_id and row.kind in kinds), None)
