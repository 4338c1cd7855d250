"""Statements with holes: built once for each kind of reader, filled at each request.

Building the conditions of `visibility` costs more than asking them. So they are built for an actor who is not known
yet: `holes(shape)` stands in, `filling(actor)` gives the values. The shape says which roles are held at all; what
could not be true for such a person is left out.

    @cache
    def _statement(shape: Shape) -> Select[…]:
        return select(…).where(conflict_free(holes(shape)))

    ask(session, _statement(shape_of(actor)), filling(actor))
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, BindParameter, CursorResult, Executable, String
from sqlalchemy.orm import Session

from grants.policies import Actor

NOBODY: frozenset[int] = frozenset()


class Shape(NamedTuple):
    """Which roles a person holds, whatever for."""

    known: bool
    member_of: bool
    leads: bool
    writes_on: bool
    reviews: bool
    chairs: bool
    manages: bool
    pays: bool
    audits: bool
    administers: bool


class _Hole(BindParameter[Any]):
    """A set of ids to be filled in. It is true, and joins with another, as the set of an actor would."""

    inherit_cache = True

    def __init__(self, name: str) -> None:
        super().__init__(name, expanding=True, type_=BigInteger())

    def __bool__(self) -> bool:
        return True

    def __or__(self, other: object) -> "_Hole":  # type: ignore[override]
        """A set with nobody is itself; managers with those who pay are who runs a programme. No other pair is known."""
        if other == NOBODY and isinstance(other, frozenset):
            return self
        if isinstance(other, _Hole) and {self.key, other.key} == {MANAGES.key, PAYS.key}:
            return RUNS
        message = f"no hole for {self.key} with {other}"
        raise TypeError(message)

    __ror__ = __or__


MEMBER_OF, LEADS, WRITES_FOR = _Hole("actor_member_of"), _Hole("actor_leads"), _Hole("actor_writes_for")
WRITES_ON = _Hole("actor_writes_on")
REVIEWS, CHAIRS, SITS_ON = _Hole("actor_reviews"), _Hole("actor_chairs"), _Hole("actor_sits_on")
MANAGES, PAYS, RUNS = _Hole("actor_manages"), _Hole("actor_pays"), _Hole("actor_runs")
ACTOR_ID = BindParameter("actor_id", type_=BigInteger())
PUBLIC_ID = BindParameter("actor_public_id", type_=String())


@dataclass(frozen=True)
class _Holes:
    """What conditions read of an actor."""

    shape: Shape

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a hole, or a word of the shape
        return HOLES[name](self.shape)


HOLES: dict[str, Any] = {
    "id": lambda shape: ACTOR_ID if shape.known else None,
    "public_id": lambda _shape: PUBLIC_ID,
    "member_of": lambda shape: MEMBER_OF if shape.member_of else NOBODY,
    "leads": lambda shape: LEADS if shape.leads else NOBODY,
    "writes_for": lambda shape: WRITES_FOR if shape.member_of or shape.leads else NOBODY,
    "writes_on": lambda shape: WRITES_ON if shape.writes_on else NOBODY,
    "reviews": lambda shape: REVIEWS if shape.reviews else NOBODY,
    "chairs": lambda shape: CHAIRS if shape.chairs else NOBODY,
    "sits_on": lambda shape: SITS_ON if shape.reviews or shape.chairs else NOBODY,
    "manages": lambda shape: MANAGES if shape.manages else NOBODY,
    "pays": lambda shape: PAYS if shape.pays else NOBODY,
    "audits": lambda shape: shape.audits,
    "administers": lambda shape: shape.administers,
    "system": lambda _shape: False,
}


def shape_of(actor: Actor) -> Shape:
    """The kind of reader that this person is."""
    return Shape(
        actor.id is not None,
        bool(actor.member_of),
        bool(actor.leads),
        bool(actor.writes_on),
        bool(actor.reviews),
        bool(actor.chairs),
        bool(actor.manages),
        bool(actor.pays),
        actor.audits,
        actor.administers,
    )


def holes(shape: Shape) -> Actor:
    """A person of this kind, before it is known who."""
    return cast("Actor", _Holes(shape))


def filling(actor: Actor) -> dict[str, Any]:
    """The values of the holes for this person."""
    return {
        "actor_id": actor.id,
        "actor_public_id": actor.public_id,
        "actor_member_of": list(actor.member_of),
        "actor_leads": list(actor.leads),
        "actor_writes_for": list(actor.writes_for),
        "actor_writes_on": list(actor.writes_on),
        "actor_reviews": list(actor.reviews),
        "actor_chairs": list(actor.chairs),
        "actor_sits_on": list(actor.sits_on),
        "actor_manages": list(actor.manages),
        "actor_pays": list(actor.pays),
        "actor_runs": list(actor.manages | actor.pays),
    }


def ask(session: Session, statement: Executable, values: dict[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that names columns, not models, on the connection of the session.

    What the session has not written yet is written first, as it would be for a question of its own.
    """
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection().execute(statement, values)
