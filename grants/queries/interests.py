"""The register of interests of a call: who is kept out of which file, since when, why, and who opened it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from grants.domain.conflicts import FINAL
from grants.models import Account, Application, Call, Interest, Override
from grants.policies import Actor
from grants.queries.blindness import CLEAR, Veil, veil_over
from grants.queries.visibility import CLOSING_STANDS, conflict_free


@dataclass(frozen=True)
class Declared:
    """A line of the register: who, which file, what stand, since when. `hints`: the facts it was found from.

    `overridden`: a stand that two managers opened. `final`: nothing opens it.
    """

    application: str
    account: str
    name: str
    number: str
    title: str
    stand: str
    found: bool
    hints: tuple[str, ...]
    note: str
    declared_at: datetime
    replaced_at: datetime | None
    overridden: bool

    @property
    def closing(self) -> bool:
        """The file is closed to the person now."""
        return self.stand in CLOSING_STANDS and self.replaced_at is None

    @property
    def final(self) -> bool:
        """The person belongs to the file's own organisation: it stays closed."""
        return bool(FINAL & set(self.hints))


def register(session: Session, actor: Actor, call_id: int) -> list[Declared]:
    """The conflicts and doubts of a call's committee, settled ones included, oldest first; not the actor's own files."""
    query = (
        select(
            Application.id,
            Application.public_id,
            Account.public_id,
            Account.name,
            Application.number,
            Application.title,
            Interest,
        )
        .join(Account, Account.id == Interest.account_id)
        .join(Application, Application.id == Interest.application_id)
        .where(
            Application.call_id == call_id,
            or_(Interest.stand.in_(CLOSING_STANDS), Interest.override_id.is_not(None)),
            conflict_free(actor),
        )
        .order_by(Interest.declared_at, Interest.id)
    )
    rows = session.execute(query).all()
    veil = _veil(session, actor, call_id, {row[0] for row in rows})
    return [
        Declared(
            application,
            account,
            name,
            number or "",
            veil.text(file, title),
            row.stand,
            row.found,
            () if veil.hides(file) else tuple(row.hints),  # how a member is linked to a file says whose it is
            veil.text(file, row.note),
            row.declared_at,
            row.replaced_at,
            row.override_id is not None,
        )
        for file, application, account, name, number, title, row in rows
    ]


def _veil(session: Session, actor: Actor, call_id: int, files: set[int]) -> Veil:
    return veil_over(session, actor, session.get_one(Call, call_id), files) if files else CLEAR


@dataclass(frozen=True)
class Overridden:
    """A proposal to open a file in spite of a conflict, and its answer. `mine`: the actor may not answer it."""

    public_id: str
    name: str
    number: str
    title: str
    reason: str
    asked_by: str
    asked_at: datetime
    granted: bool | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    mine: bool


def overrides(session: Session, actor: Actor, call_id: int) -> list[Overridden]:
    """What was proposed about a call's files that the actor may judge about, unanswered first, then the newest."""
    member, asker, answerer = aliased(Account), aliased(Account), aliased(Account)
    rows = session.execute(
        select(
            Override,
            member.name,
            func.coalesce(Application.number, ""),
            Application.title,
            asker.name,
            func.coalesce(answerer.name, ""),
        )
        .join(Application, Application.id == Override.application_id)
        .join(member, member.id == Override.account_id)
        .join(asker, asker.id == Override.asked_by_id)
        .outerjoin(answerer, answerer.id == Override.answered_by_id)
        .where(Application.call_id == call_id, conflict_free(actor))
        .order_by(Override.answered_at.is_not(None), Override.id.desc())
    ).all()
    veil = _veil(session, actor, call_id, {row[0].application_id for row in rows})
    return [
        Overridden(
            row.public_id,
            name,
            number,
            veil.text(row.application_id, title),
            veil.text(row.application_id, row.reason),
            asked_by,
            row.asked_at,
            row.granted,
            veil.text(row.application_id, row.answer),
            answered_by,
            row.answered_at,
            actor.id in (row.asked_by_id, row.account_id),
        )
        for row, name, number, title, asked_by, answered_by in rows
    ]
