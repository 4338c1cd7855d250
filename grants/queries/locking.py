"""Taking a row for oneself: on PostgreSQL until the end of the transaction; in SQLite the writer is alone anyway."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import Base
from grants.errors import NotFound
from grants.policies import Actor
from grants.queries.visibility import one_for, visible_to

T = TypeVar("T", bound=Base)


def locked(session: Session, actor: Actor, model: type[T], public_id: str) -> T:
    """Like `one_for`, and nobody else changes the row before this transaction ends; its columns are read anew."""
    row = one_for(session, actor, model, public_id)
    session.refresh(row, with_for_update=True)
    return row


def several_locked(session: Session, actor: Actor, model: type[T], public_ids: Iterable[str]) -> list[T]:
    """All of these rows in the order of their creation, locked in that order. NotFound if one is not the actor's."""
    wanted = set(public_ids)
    columns = model.__table__.c
    query = select(model).where(columns["public_id"].in_(wanted), visible_to(actor, model)).order_by(columns["id"])
    rows = list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))
    if len(rows) != len(wanted):
        what = "one of several"
        raise NotFound(what)
    return rows
