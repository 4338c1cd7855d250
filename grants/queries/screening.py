"""What the officer reads when judging a file: its checks, its waivers, the list of a call's files."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

from grants.domain import eligibility
from grants.domain.eligibility import Outcome, RuleKind
from grants.models import Account, Application, AuditEntry, Call, Check, Decision, Organisation, Waiver
from grants.policies import Actor
from grants.queries.eligibility import facts_of, rules_of
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.subjects import name_of
from grants.queries.visibility import Condition, conflict_free, received
from grants.workflow.facts import ApplicationFacts

REFUSING = (Outcome.FAIL,)


def checks_of(session: Session, application_id: int) -> dict[str, Check]:
    """The verdicts recorded on a file, by rule."""
    return {row.rule: row for row in session.scalars(select(Check).where(Check.application_id == application_id))}


def verdicts_of(session: Session, application: Application, now: datetime) -> tuple[eligibility.Verdict, ...]:
    """What the rules find by themselves at this instant."""
    return examined(session, application, now)[1]


def examined(
    session: Session, application: Application, now: datetime
) -> tuple[eligibility.Facts, tuple[eligibility.Verdict, ...]]:
    """The figures that the rules look at, and what they find."""
    facts = facts_of(session, application, now)
    return facts, eligibility.evaluate(rules_of(application.call), eligibility.Stage.SCREENING, facts)


def pending_waiver(session: Session, application_id: int) -> Waiver | None:
    """The waiver that waits for its answer."""
    return session.scalar(select(Waiver).where(Waiver.application_id == application_id, Waiver.granted.is_(None)))


@dataclass(frozen=True)
class Standing:
    """What is recorded about a file and judged with: its checks by rule, the names of who made them, and two facts."""

    checks: dict[str, Check]
    checkers: dict[int, str]
    waiver_pending: bool
    decision_released: bool


def standing_of(session: Session, application: Application, *, pending: bool | None = None) -> Standing:
    """Where a file stands. `pending`: whether a waiver waits, where the caller knows."""
    rows = session.execute(_CHECKS, {"file": application.id}).all()
    released = session.scalar(_RELEASED, {"file": application.id}) is not None
    waits = pending_waiver(session, application.id) is not None if pending is None else pending
    return Standing(
        {row.rule: row for row, _ in rows}, {row.checked_by_id: name for row, name in rows}, waits, released
    )


_FILE = bindparam("file", type_=BigInteger())
_CHECKS = (
    select(Check, Account.name).join(Account, Account.id == Check.checked_by_id).where(Check.application_id == _FILE)
)
_RELEASED = (
    select(Decision.id)
    .where(Decision.application_id == _FILE, Decision.released_at.is_not(None))
    .limit(literal_column("1"))
)


def picture(
    session: Session,
    application: Application,
    now: datetime,
    *,
    kind: RuleKind | None = None,
    own_deadline_at: datetime | None = None,
    reason: str = "",
) -> ApplicationFacts:
    """The facts of a screening act. `kind`: only failures of the form, or of the substance, count as failures."""
    standing = standing_of(session, application)
    return replace(
        pictured(application, standing, now, kind=kind),
        own_deadline_at=own_deadline_at,
        reason_given=bool(reason.strip()),
    )


def pictured(
    application: Application, standing: Standing, now: datetime, *, kind: RuleKind | None = None
) -> ApplicationFacts:
    """The same facts from what was read already, before anybody typed anything."""
    rules, checks = rules_of(application.call), standing.checks
    failed = [
        rule.key
        for rule in rules
        if rule.key in checks and checks[rule.key].outcome in REFUSING and kind in (None, rule.kind)
    ]
    return ApplicationFacts(
        now=now,
        opens_at=application.call.opens_at or now,
        closes_at=application.call.closes_at or now,
        late_attempt_at=application.late_attempt_at,
        failed_rules=tuple(failed),
        unchecked_rules=tuple(rule.key for rule in rules if rule.key not in checks),
        waiver_pending=standing.waiver_pending,
        decision_released=standing.decision_released,
    )


@dataclass(frozen=True)
class Wanted:
    """What a list of files is narrowed to: a call's slug, a state, words; and its order."""

    call: str = ""
    state: str = ""
    words: str = ""
    order: str = "recent"


@dataclass(frozen=True)
class Total:
    """How many files a list has: exactly, or at least so many and `more`."""

    number: int
    more: bool


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


# Each is an index read in its order, so that a page costs the same among a hundred files and a million.
RECEIVED_AT = func.coalesce(Application.submitted_at, Application.late_attempt_at)
ORDERS: dict[str, tuple[Any, ...]] = {
    "recent": (RECEIVED_AT.desc(), Application.id.desc()),
    "numero": (Application.number, Application.id),
    "titre": (func.lower(Application.title), Application.id),
    "organisme": (func.lower(Organisation.name), Application.id),
    "montant": (Application.requested_cents.desc(), Application.id.desc()),
}
Sought = tuple[Shape, bool, bool, str, str]  # who, by call, by state, by words in which way, order
RARE = 500  # files with some words, up to which they are few
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
    order = wanted.order if wanted.order in ORDERS else "recent"
    words = _words(session, wanted.words)
    shape = (shape_of(actor), bool(wanted.call), bool(wanted.state), words.way, order)
    values = {**filling(actor), "call": wanted.call, "state": wanted.state, **words.values}
    shown = ask(session, _page(shape, per_page + 1, leafed=bool(before)), {**values, "before": before}).all()
    lines = [Line(*tuple(row)) for row in shown[:per_page]]
    last = len(shown) <= per_page
    if (last and (lines or not before)) or wanted.words:
        return lines, Total(before + len(lines), more=not last)
    total = ask(session, _count(shape), values).scalar_one()
    return lines, Total(max(min(total, COUNTED), before + len(lines)), more=total > COUNTED)


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
    reader, call, state, words, order = shape
    query = select(Application.id).where(staff_files(holes(reader)))
    if order == "organisme":
        query = query.join(Organisation, Organisation.id == Application.organisation_id)
    if call:
        wanted = select(Call.id).where(Call.slug == bindparam("call")).scalar_subquery()
        query = query.where(Application.call_id == wanted)
    if state:
        query = query.where(Application.state == bindparam("state", type_=String()))
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


def waivers_of(session: Session, application_id: int) -> list[tuple[Waiver, str, str | None]]:
    """The waivers of a file with the names of who asked and who answered, the newest first."""
    asked, answered = aliased(Account), aliased(Account)
    rows = session.execute(
        select(Waiver, asked.name, answered.name)
        .join(asked, asked.id == Waiver.asked_by_id)
        .outerjoin(answered, answered.id == Waiver.answered_by_id)
        .where(Waiver.application_id == application_id)
        .order_by(Waiver.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def history_of(session: Session, application: Application, most: int = 15) -> list[tuple[AuditEntry, str]]:
    """The last acts on the file and who did them, the newest first."""
    rows = session.execute(_HISTORY, {"object": name_of(application), "most": most})
    return [(row[0], row[1] or "Palabre") for row in rows]


_HISTORY = (
    select(AuditEntry, Account.name)
    .outerjoin(Account, Account.public_id == AuditEntry.actor)
    .where(AuditEntry.object == bindparam("object", type_=String()))
    .order_by(AuditEntry.seq.desc())
    .limit(bindparam("most", type_=Integer()))
)
