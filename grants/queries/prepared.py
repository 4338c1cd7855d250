"""Statements with holes: built once, filled at each request. Building a long one costs more than asking it.

`holes(audits=…)` stands in for an actor when a condition of `visibility` is built; `filling(actor)` gives the values
of its holes. What decides the shape of a condition (an auditor or not) is no hole: it is asked for.

    @cache
    def _statement(audits: bool) -> Select[…]:
        return select(…).where(conflict_free(holes(audits=audits)))

    ask(session, _statement(actor.audits), filling(actor))
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BigInteger, BindParameter, CursorResult, Executable, bindparam
from sqlalchemy.orm import Session

from grants.policies import Actor

ID = BigInteger()


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True, type_=ID)


@dataclass(frozen=True)
class _Holes:
    """The columns of an actor that conditions compare with, each a hole."""

    audits: bool
    id: Any = bindparam("actor_id", type_=ID)  # noqa: RUF009 -- the hole is meant to be one and the same
    manages: Any = _several("actor_manages")  # noqa: RUF009
    pays: Any = _several("actor_pays")  # noqa: RUF009
    reviews: Any = _several("actor_reviews")  # noqa: RUF009
    chairs: Any = _several("actor_chairs")  # noqa: RUF009
    sits_on: Any = _several("actor_sits_on")  # noqa: RUF009
    writes_for: Any = _several("actor_writes_for")  # noqa: RUF009
    system: bool = False


def holes(*, audits: bool = False) -> Actor:
    """A person for whom a condition is built, before it is known who."""
    return cast("Actor", _Holes(audits))


def filling(actor: Actor) -> dict[str, Any]:
    """The values of the holes for this person."""
    return {
        "actor_id": actor.id,
        "actor_manages": list(actor.manages),
        "actor_pays": list(actor.pays),
        "actor_reviews": list(actor.reviews),
        "actor_chairs": list(actor.chairs),
        "actor_sits_on": list(actor.sits_on),
        "actor_writes_for": list(actor.writes_for),
    }


def ask(session: Session, statement: Executable, values: dict[str, Any]) -> CursorResult[Any]:
    """The rows of a statement that names columns, not models, on the connection of the session.

    What the session has not written yet is written first, as it would be for a question of its own.
    """
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection().execute(statement, values)
