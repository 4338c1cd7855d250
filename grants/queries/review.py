"""What reviewers read: the files to declare interests on, their queue, their sheet."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.domain.scoring import Criterion, Rubric
from grants.errors import NotFound
from grants.models import Account, Application, Call, Interest, Organisation, Review
from grants.policies import Actor
from grants.queries.blindness import Veil, veil_over
from grants.queries.conflicts import found
from grants.queries.prepared import Shape, ask, filling, holes, shape_of
from grants.queries.visibility import CLOSING_STANDS, conflict_free, declared_free, visible_to
from grants.workflow.application import ApplicationState
from grants.workflow.review import LIVE, ReviewState

# files that come before the committee: what its members declare their interests on
BEFORE_COMMITTEE = (
    ApplicationState.ELIGIBLE,
    ApplicationState.IN_REVIEW,
    ApplicationState.IN_DELIBERATION,
    ApplicationState.DECIDED,
)


def rubric_of(call: Call) -> Rubric:
    """The call's criteria as the scoring reads them."""
    return tuple(Criterion(row.key, row.weight, row.minimum_half_points, row.optional) for row in call.criteria)


def declarable(session: Session, actor: Actor, public_id: str) -> Application:
    """A file on which the actor may declare an interest: of a committee the actor sits on. NotFound otherwise."""
    row = session.scalar(
        select(Application).where(
            Application.public_id == public_id,
            Application.call_id.in_(actor.sits_on),
            Application.state.in_(BEFORE_COMMITTEE),
        )
    )
    if row is None:
        raise NotFound(public_id)
    return row


@dataclass(frozen=True)
class Given:
    """A review as the programme follows it: whose, where it stands, what it says for the committee."""

    public_id: str
    name: str
    state: ReviewState
    opinion: str
    given_at: datetime | None


def reviews_of(session: Session, actor: Actor, application_id: int) -> list[Given]:
    """The live reviews of a file that the actor may read, in the order of the names; opinions once they are given."""
    query = (
        select(Review.public_id, Account.name, Review.state, Review.opinion, Review.given_at)
        .join(Account, Account.id == Review.reviewer_id)
        .where(Review.application_id == application_id, Review.state.in_(LIVE), visible_to(actor, Review))
        .order_by(Account.name)
    )
    return [
        Given(public_id, name, state, opinion if state == ReviewState.GIVEN else "", given_at)
        for public_id, name, state, opinion, given_at in session.execute(query)
    ]


@dataclass(frozen=True)
class ToDeclare:
    """All that a member reads of a file before declaring: number, title, lead, partners, territory, and hints.

    Under a blind call: number, title, kinds of partners, territory.
    """

    public_id: str
    number: str
    title: str
    lead: str
    partners: str
    territory: str
    hints: tuple[str, ...]
    stand: str
    note: str
    found: bool
    overridden: bool = False  # opened by two managers
    veiled: bool = False
    kinds: tuple[str, ...] = ()  # of the partners, where their names are not told


def calls_seated(session: Session, actor: Actor) -> list[Call]:
    """The calls on whose committee the actor sits, the newest first."""
    query = select(Call).where(Call.id.in_(actor.sits_on)).options(selectinload(Call.criteria))
    return list(session.scalars(query.order_by(Call.reviews_close_at.desc().nulls_last(), Call.id.desc())))


def to_declare(session: Session, actor: Actor, call: Call) -> list[ToDeclare]:
    """Every file of the call with the actor's stand on it, and nothing else of it, in a dozen queries whatever their number."""
    files = session.scalars(
        select(Application)
        .where(
            Application.call_id == call.id,
            Application.call_id.in_(actor.sits_on),
            Application.state.in_(BEFORE_COMMITTEE),
        )
        .options(
            joinedload(Application.organisation),
            selectinload(Application.partners),
            selectinload(Application.territories),
        )
        .order_by(Application.number, Application.id)
    ).all()
    stands = {
        one.application_id: one
        for one in session.scalars(
            select(Interest).where(
                Interest.account_id == actor.id,
                Interest.replaced_at.is_(None),
                Interest.application_id.in_([file.id for file in files]),
            )
        )
    }
    facts = found(session, [actor.id] if actor.id is not None else [], files)
    hints = {file: tuple(map(str, told)) for (file, _person), told in facts.items()}
    veil = veil_over(session, actor, call, [file.id for file in files])
    return [_to_declare(file, stands.get(file.id), hints.get(file.id, ()), veil) for file in files]


def _to_declare(file: Application, stand: Interest | None, facts: tuple[str, ...], veil: Veil) -> ToDeclare:
    hidden = veil.hides(file.id)
    return ToDeclare(
        public_id=file.public_id,
        number=file.number or "",
        title=veil.text(file.id, file.title),
        lead=veil.lead(file.id, file.organisation.name, file.number),
        partners="" if hidden else ", ".join(partner.name for partner in file.partners),
        kinds=tuple(sorted({partner.actor_kind for partner in file.partners})) if hidden else (),
        veiled=hidden,
        territory=", ".join(place.label for place in file.territories),
        hints=() if hidden else facts,  # how one is linked to a file says whose it is
        stand=stand.stand if stand else "",
        note=stand.note if stand else "",
        found=stand.found if stand else False,
        overridden=stand is not None and stand.override_id is not None,
    )


@dataclass(frozen=True)
class Queued:
    """One of the actor's reviews. `state` recused: only the number is told. `declared`: the content may be opened."""

    public_id: str
    application: str
    number: str
    title: str
    lead: str
    requested_cents: int
    state: str
    declared: bool
    edited_at: datetime | None
    given_at: datetime | None
    last_criterion: str


def queue(session: Session, actor: Actor, call_id: int) -> list[Queued]:
    """The actor's reviews of a call in their own stable order, in one query. Closed files tell their number alone."""
    rows = ask(session, _QUEUE, {"actor": actor.id, "call": call_id}).all()
    if not rows:
        return []
    veil = veil_over(session, actor, session.get_one(Call, call_id), [row[0] for row in rows])
    return [_queued(veil, *tuple(row)) for row in rows]


_ACTOR = bindparam("actor", type_=BigInteger())
_QUEUE: Select[*tuple[Any, ...]] = (
    select(
        Application.id,
        Review.public_id,
        Review.state,
        Review.edited_at,
        Review.given_at,
        Review.last_criterion,
        Application.public_id,
        Application.number,
        Application.title,
        Organisation.name,
        Application.requested_cents,
        select(Interest.stand)
        .where(
            Interest.application_id == Review.application_id,
            Interest.account_id == _ACTOR,
            Interest.replaced_at.is_(None),
        )
        .scalar_subquery(),
    )
    .join(Application, Application.id == Review.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .where(
        Review.reviewer_id == _ACTOR,
        Application.call_id == bindparam("call", type_=BigInteger()),
        Review.state != ReviewState.UNASSIGNED,
    )
    .order_by(Review.position, Review.id)
)


def _queued(  # noqa: PLR0913, PLR0917 -- one row of the query
    veil: Veil,
    file: int,
    public_id: str,
    state: str,
    edited_at: datetime | None,
    given_at: datetime | None,
    last_criterion: str,
    application: str,
    number: str | None,
    title: str,
    lead: str,
    requested_cents: int,
    stand: str | None,
) -> Queued:
    closed = state == ReviewState.RECUSED or stand in CLOSING_STANDS
    return Queued(
        public_id=public_id,
        application="" if closed else application,
        number=number or "",
        title="" if closed else veil.text(file, title),
        lead="" if closed else veil.lead(file, lead, number),
        requested_cents=0 if closed or stand is None else requested_cents,
        state=str(ReviewState.RECUSED if closed else state),
        declared=stand == "free",
        edited_at=edited_at,
        given_at=given_at,
        last_criterion=last_criterion,
    )


def undeclared(session: Session, actor: Actor) -> dict[int, int]:
    """How many files of each call still wait for the actor's declaration."""
    rows = session.execute(
        select(Application.call_id, func.count())
        .outerjoin(
            Interest,
            (Interest.application_id == Application.id)
            & (Interest.account_id == actor.id)
            & Interest.replaced_at.is_(None),
        )
        .where(Application.call_id.in_(actor.sits_on), Application.state.in_(BEFORE_COMMITTEE), Interest.id.is_(None))
        .group_by(Application.call_id)
    )
    return {row[0]: row[1] for row in rows}


def sheet_for(session: Session, actor: Actor, public_id: str, *, whole: bool = False, declared: bool = False) -> Review:
    """The actor's own live review with its marks, its file open to the actor. NotFound before the declaration.

    `whole`: with all of the file that its reader reads. `declared`: the declaration is asked of those too who follow
    the file for other reasons.
    """
    statement = _sheet(shape_of(actor), whole=whole, declared=declared)
    row = session.scalar(statement, {**filling(actor), "public_id": public_id})
    if row is None:
        raise NotFound(public_id)
    return row


def taken_back(session: Session, actor: Actor, public_id: str) -> bool:
    """Whether the actor's own review of a file that is open to them was taken back from them."""
    found = session.scalar(
        select(Review.id)
        .join(Application, Application.id == Review.application_id)
        .where(
            Review.public_id == public_id,
            Review.reviewer_id == actor.id,
            Review.state == ReviewState.UNASSIGNED,
            Application.call_id.in_(actor.sits_on),
            conflict_free(actor),
        )
    )
    return found is not None


@cache
def _sheet(shape: Shape, *, whole: bool, declared: bool) -> Select[Review]:
    actor = holes(shape)
    query = (
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            Review.public_id == bindparam("public_id"),
            Review.reviewer_id == actor.id,
            visible_to(actor, Review),
            visible_to(actor, Application),
            declared_free(actor) if declared else true(),
        )
    )
    file = joinedload(Review.application)
    query = query.options(selectinload(Review.marks), file.joinedload(Application.call).selectinload(Call.criteria))
    parts = (Application.partners, Application.territories, Application.budget_lines, Application.attachments)
    read = (file.joinedload(Application.organisation), *(file.selectinload(part) for part in parts))
    return query.options(*read) if whole else query
