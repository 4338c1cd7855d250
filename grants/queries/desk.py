"""The list of the received files, as the programme team leafs through it, searches it and takes it away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Select,
    String,
    and_,
    any_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from grants import clock
from grants.db import Moment
from grants.models import Account, Application, Call, Organisation, Waiver
from grants.policies import Actor
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.visibility import Condition, conflict_free, received
from grants.workflow.application import DRAFTING, ApplicationState


@dataclass(frozen=True)
class Wanted:
    """What a list of files is narrowed to: a call's slug, a state, a view (`VIEWS`), words; and its order."""

    call: str = ""
    state: str = ""
    view: str = ""
    words: str = ""
    order: str = "recent"


@dataclass(frozen=True)
class Total:
    """How many files a list has: exactly, or at least so many and `more`."""

    number: int
    more: bool


class Exported(NamedTuple):
    """A file in a list that is taken away; amounts in cents, moments in UTC, `zone` of its call."""

    number: str | None
    title: str
    organisation: str
    siret: str
    country: str
    call: str
    zone: str
    state: str
    requested_cents: int
    submitted_at: datetime | None
    late_attempt_at: datetime | None
    in_grace: bool
    officer: str


class Line(NamedTuple):
    """A file in the list; amounts in cents, moments in UTC."""

    public_id: str
    number: str | None
    title: str
    organisation: str
    call: str
    state: str
    requested_cents: int
    submitted_at: datetime | None
    late_attempt_at: datetime | None
    in_grace: bool


# What an officer looks for first.
VIEWS = ("to-examine", "mine", "waiting", "late")
# Each is an index read in its order, so that a page costs the same among a hundred files and a million.
RECEIVED_AT = func.coalesce(Application.submitted_at, Application.late_attempt_at)
ORDERS: dict[str, tuple[Any, ...]] = {
    "recent": (RECEIVED_AT.desc(), Application.id.desc()),
    "numero": (Application.number, Application.id),
    "titre": (func.lower(Application.title), Application.id),
    "organisme": (func.lower(Organisation.name), Application.id),
    "montant": (Application.requested_cents.desc(), Application.id.desc()),
}
Sought = tuple[Shape, bool, bool, str, str, str]  # who, by call, by state, view, by words in which way, order
RARE = 500  # files with some words, up to which they are few
FETCHED = 500  # rows in the memory at a time, of a list that is taken away
COUNTED = 500  # nobody leafs further: beyond, a list only says that there are more


def staff_files(actor: Actor) -> Condition:
    """Received files that the actor follows for the programme or audits; never those of a conflict."""
    programmes = select(Call.id).where(Call.programme_id.in_(actor.manages))
    scope = or_(Application.call_id.in_(programmes), true() if actor.audits else false())
    return and_(received(), scope, conflict_free(actor))


def listing(session: Session, actor: Actor, wanted: Wanted, page: int, per_page: int) -> tuple[list[Line], Total]:
    """One page of the files and how many there are, in two queries at most.

    What was searched by words is not counted: only whether more follow.
    """
    before = (page - 1) * per_page
    shape, values = _sought(session, actor, wanted)
    shown = ask(session, _page(shape, per_page + 1, leafed=bool(before)), {**values, "before": before}).all()
    lines = [Line(*tuple(row)) for row in shown[:per_page]]
    last = len(shown) <= per_page
    if (last and (lines or not before)) or wanted.words:
        return lines, Total(before + len(lines), more=not last)
    total = ask(session, _count(shape), values).scalar_one()
    return lines, Total(max(min(total, COUNTED), before + len(lines)), more=total > COUNTED)


def _sought(session: Session, actor: Actor, wanted: Wanted) -> tuple[Sought, dict[str, Any]]:
    """The shape of the question, and what fills it."""
    order = wanted.order if wanted.order in ORDERS else "recent"
    view = wanted.view if wanted.view in VIEWS else ""
    words = _words(session, wanted.words)
    shape = (shape_of(actor), bool(wanted.call), bool(wanted.state), view, words.way, order)
    more = {"me": actor.id} if view == "mine" else {"now": clock.now()} if view == "late" else {}
    return shape, {**filling(actor), "call": wanted.call, "state": wanted.state, **more, **words.values}


def whole_list(session: Session, actor: Actor, wanted: Wanted) -> Iterator[Exported]:
    """Every file of a list, in its order, a few hundred at a time: the memory that it takes does not grow with it."""
    shape, values = _sought(session, actor, wanted)
    rows = session.execute(_whole(shape), values, execution_options={"yield_per": FETCHED})
    for row in rows:
        yield Exported(*row)


@cache
def _whole(shape: Sought) -> Select[*tuple[Any, ...]]:
    officer = aliased(Account)
    return (
        select(
            Application.number,
            Application.title,
            Organisation.name,
            Organisation.siret,
            Organisation.country,
            Call.title,
            Call.zone,
            Application.state,
            Application.requested_cents,
            Application.submitted_at,
            Application.late_attempt_at,
            _IN_GRACE,
            func.coalesce(officer.name, ""),
        )
        .join(Call, Call.id == Application.call_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(officer, officer.id == Application.officer_id)
        .where(Application.id.in_(_narrowed(shape)))
        .order_by(*ORDERS[shape[-1]])
    )


@dataclass(frozen=True)
class _Words:
    """How words are looked for: not at all, among files found beforehand, or in each file in turn."""

    way: Literal["", "found", "each"] = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def _words(session: Session, words: str) -> _Words:
    """Rare words are found first, by their index; common ones soon meet a page of files in the order of the list."""
    if not words:
        return _Words()
    pattern = "%" + words.lower().replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"
    if session.get_bind().dialect.name != "postgresql":
        return _Words("each", {"words": pattern})
    found = {row[0] for row in ask(session, _WITH_WORDS, {"words": pattern})}
    return _Words("found", {"found": list(found)}) if len(found) <= RARE else _Words("each", {"words": pattern})


_PATTERN = bindparam("words", type_=String())
_WITH_WORDS = union_all(
    select(
        select(Application.id)
        .where(
            or_(*(func.lower(column).like(_PATTERN, escape="/") for column in (Application.title, Application.number)))
        )
        .limit(literal_column(str(RARE + 1)))
        .subquery()
    ),
    select(
        select(Application.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(func.lower(Organisation.name).like(_PATTERN, escape="/"))
        .limit(literal_column(str(RARE + 1)))
        .subquery()
    ),
)


# Rare ones are found first, each by an index of its own (as literals, so that the index is known to serve).
_OTHER = aliased(Application)
_VIEWED: dict[str, Any] = {
    "to-examine": Application.state == ApplicationState.SUBMITTED,
    "mine": Application.officer_id == bindparam("me", type_=BigInteger()),
    "waiting": Application.id.in_(
        union_all(
            select(_OTHER.id).where(_OTHER.state == literal_column("'returned'")),
            select(Waiver.application_id).where(Waiver.granted.is_(None)),
        )
    ),
    "late": Application.id.in_(
        union_all(
            select(_OTHER.id).where(
                _OTHER.state == literal_column("'returned'"), _OTHER.own_deadline_at < bindparam("now", type_=Moment())
            ),
            select(_OTHER.id).where(_OTHER.late_attempt_at.is_not(None), _OTHER.state.in_(DRAFTING)),
        )
    ),
}
_IN_GRACE = func.coalesce(
    and_(
        Application.submitted_at >= Call.closes_at,
        or_(Application.stage != literal_column("'full'"), Application.submitted_at >= Call.full_closes_at),
        or_(Application.own_deadline_at.is_(None), Application.submitted_at >= Application.own_deadline_at),
    ),
    false(),
)


@cache
def _page(shape: Sought, size: int, *, leafed: bool) -> Select[*tuple[Any, ...]]:
    """First the numbers of the page's files, then what is shown of them: what is leafed over is not fetched."""
    order = ORDERS[shape[-1]]
    numbers = _narrowed(shape).order_by(*order).limit(literal_column(str(size)))
    numbers = numbers.offset(bindparam("before", type_=Integer())) if leafed else numbers
    return (
        select(
            Application.public_id,
            Application.number,
            Application.title,
            Organisation.name,
            Call.title,
            Application.state,
            Application.requested_cents,
            Application.submitted_at,
            Application.late_attempt_at,
            _IN_GRACE,
        )
        .join(Call, Call.id == Application.call_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id.in_(numbers))
        .order_by(*order)
    )


@cache
def _count(shape: Sought) -> Select[int]:
    found = _narrowed(shape).limit(literal_column(str(COUNTED + 1)))
    return select(func.count()).select_from(found.subquery())


def _narrowed(shape: Sought) -> Select[int]:
    reader, call, state, view, words, order = shape
    query = select(Application.id).where(staff_files(holes(reader)))
    if order == "organisme":
        query = query.join(Organisation, Organisation.id == Application.organisation_id)
    if call:
        wanted = select(Call.id).where(Call.slug == bindparam("call")).scalar_subquery()
        query = query.where(Application.call_id == wanted)
    if state:
        query = query.where(Application.state == bindparam("state", type_=String()))
    if view:
        query = query.where(_VIEWED[view])
    if words == "found":
        query = query.where(Application.id == any_(bindparam("found", type_=ARRAY(BigInteger()))))
    if words == "each":
        name = select(Organisation.name).where(Organisation.id == Application.organisation_id).scalar_subquery()
        columns = (Application.number, Application.title, name)
        query = query.where(or_(*(func.lower(column).like(_PATTERN, escape="/") for column in columns)))
    return query


def calls_followed(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(slug, title) of the calls whose files the actor follows, the newest first."""
    rows = ask(session, _calls_followed(shape_of(actor)), filling(actor))
    return [(row.slug, row.title) for row in rows]


@cache
def _calls_followed(shape: Shape) -> Select[str, str]:
    scope = or_(Call.programme_id.in_(holes(shape).manages), true() if shape.audits else false())
    return (
        select(Call.slug, Call.title)
        .where(scope, Call.imported.is_(False))
        .order_by(Call.opens_at.desc().nulls_last(), Call.id.desc())
    )
