"""The log of what is sent: promises with their state, whom they are for, how long the oldest has waited."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from grants.models import Account, Document, Promise, PromiseState
from grants.policies import Actor
from grants.queries.visibility import visible_to

PER_PAGE = 50
WAITING = (PromiseState.QUEUED, PromiseState.LEASED, PromiseState.HANDED)


@dataclass(frozen=True)
class Sending:
    """A line of the log. `recipient` is None for a document, or when the account is gone."""

    promise: Promise
    recipient: Account | None


@dataclass(frozen=True)
class Totals:
    """How many promises stand where; `oldest_at`: since when the oldest that waits should have left."""

    by_state: dict[str, int]
    oldest_at: datetime | None

    def of(self, *states: str) -> int:
        """How many stand in one of these states."""
        return sum(self.by_state.get(state, 0) for state in states)


def all_for(
    session: Session, actor: Actor, number: int, *, states: tuple[str, ...] = (), q: str = ""
) -> tuple[list[Sending], int]:
    """One page of the log, newest first, and how many lines there are. `q` looks in subject, mail and recipient."""
    query = _filtered(select(Promise, Account).outerjoin(Account, Account.id == Promise.recipient_id), actor, states, q)
    count = _filtered(
        select(func.count(Promise.id)).outerjoin(Account, Account.id == Promise.recipient_id), actor, states, q
    )
    rows = session.execute(query.order_by(Promise.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return [Sending(promise, account) for promise, account in rows], session.scalar(count) or 0


def totals(session: Session, actor: Actor) -> Totals:
    """Figures over everything that the actor may see, whatever the filters say."""
    seen = visible_to(actor, Promise)
    counts = session.execute(select(Promise.state, func.count(Promise.id)).where(seen).group_by(Promise.state))
    oldest = session.scalar(select(func.min(Promise.due_at)).where(seen, Promise.state.in_(WAITING)))
    return Totals({str(state): int(many) for state, many in counts}, oldest)


def document(session: Session, public_id: str) -> Document | None:
    """A document by its public id, whoever asks: the right is asked of what it is about."""
    return session.scalar(select(Document).where(Document.public_id == public_id))


def _filtered(query: Select, actor: Actor, states: tuple[str, ...], q: str) -> Select:  # type: ignore[type-arg]
    query = query.where(visible_to(actor, Promise))
    if states:
        query = query.where(Promise.state.in_(states))
    for word in q.split():
        some = f"%{_literal(word)}%"
        columns = (Promise.name, Promise.subject, Account.name, Account.email)
        query = query.where(or_(*(column.ilike(some, escape="\\") for column in columns)))
    return query


def _literal(word: str) -> str:
    """A word in which % and _ are letters."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
