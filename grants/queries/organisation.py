"""An organisation as its members and the network read it, and the register of a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from grants.domain.lookalikes import mixed_scripts, skeleton
from grants.domain.text import comparison_key
from grants.models import Account, Appointment, BankAccount, Membership, Organisation, Paper, Programme
from grants.policies import Actor
from grants.policies.actors import ORGANISATION_ROLES, Role
from grants.queries.visibility import visible_to


@dataclass(frozen=True)
class Standing:
    """A membership, with the name of the programme."""

    membership: Membership
    programme: str


@dataclass(frozen=True)
class Bank:
    """The bank details in force, with the names of who entered and who verified them."""

    account: BankAccount
    added_by: str
    verified_by: str


def standings_of(session: Session, organisation_id: int) -> list[Standing]:
    """The networks that an organisation belongs to."""
    rows = session.execute(
        select(Membership, Programme.name)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Membership.organisation_id == organisation_id, Membership.replaced_at.is_(None))
        .order_by(Programme.name, Membership.joined_on.desc(), Membership.id.desc())
    )
    return [Standing(membership, name) for membership, name in rows]


def bank_of(session: Session, actor: Actor, organisation_id: int) -> Bank | None:
    """The bank details in force, if the actor may know of them."""
    row = session.scalar(
        select(BankAccount).where(
            BankAccount.organisation_id == organisation_id,
            BankAccount.replaced_at.is_(None),
            visible_to(actor, BankAccount),
        )
    )
    if row is None:
        return None
    names = _names(session, [row.added_by_id, row.verified_by_id])
    return Bank(row, names.get(row.added_by_id, ""), names.get(row.verified_by_id or 0, ""))


def _names(session: Session, ids: Sequence[int | None]) -> dict[int, str]:
    known = [identity for identity in ids if identity is not None]
    return {row.id: row.name for row in session.execute(select(Account.id, Account.name).where(Account.id.in_(known)))}


def masked(iban: str) -> str:
    """An account number of which only the country and the last four signs are told."""
    return f"{iban[:2]}•• •••• •••• {iban[-4:]}"


PER_PAGE = 50


@dataclass(frozen=True)
class Person:
    """Somebody who writes for an organisation: public id of the account, and whether this person may commit it."""

    account: str
    name: str
    function: str
    email: str
    lead: bool


@dataclass(frozen=True)
class Entry:
    """A line of the register. `periods`: memberships of the actor's networks in force, the latest first."""

    organisation: Organisation
    periods: tuple[Standing, ...]
    twin: str  # name of another organisation that this one's looks like, or empty
    mixed: bool  # letters of several scripts in the name
    led: bool  # somebody represents it here

    def stands_on(self, day: date) -> bool:
        """In good standing on that day, in one of the networks."""
        return any(in_force(period.membership, day) for period in self.periods)


def in_force(row: Membership, day: date) -> bool:
    """The period covers the day."""
    until = row.good_standing_until_on
    return row.joined_on <= day and (until is None or until >= day)


def same_name(session: Session, name_key: str, country: str, ours: int | None) -> bool:
    """Another organisation of this country has this name, in any spelling."""
    query = select(Organisation.id).where(Organisation.name_key == name_key, Organisation.country == country)
    return session.scalar((query if ours is None else query.where(Organisation.id != ours)).limit(1)) is not None


def same_siret(session: Session, siret: str, ours: int | None) -> bool:
    """Another organisation has this SIRET."""
    query = select(Organisation.id).where(Organisation.siret == siret)
    return session.scalar((query if ours is None else query.where(Organisation.id != ours)).limit(1)) is not None


def twin_of(session: Session, row: Organisation) -> str:
    """The name of another organisation that this one's looks like without being the same; empty without one."""
    return _twins(session, [row]).get(row.id, "")


def _twins(session: Session, rows: Sequence[Organisation]) -> dict[int, str]:
    keys = {row.id: skeleton(row.name) for row in rows}
    names = session.execute(
        select(Organisation.id, Organisation.name, Organisation.skeleton).where(
            Organisation.skeleton.in_([key for key in keys.values() if key])
        )
    ).all()
    found: dict[int, str] = {}
    for row in rows:
        for other in names:
            alike = other.skeleton == keys[row.id] and other.id != row.id
            if alike and comparison_key(other.name) != comparison_key(row.name):
                found[row.id] = other.name
    return found


def history_of(session: Session, organisation_id: int) -> list[tuple[Standing, str]]:
    """Every membership that was ever noted, the last one noted first, with who noted it."""
    rows = session.execute(
        select(Membership, Programme.name, func.coalesce(Account.name, ""))
        .join(Programme, Programme.id == Membership.programme_id)
        .outerjoin(Account, Account.id == Membership.noted_by_id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Membership.id.desc())
    )
    return [(Standing(membership, name), by) for membership, name, by in rows]


def people_of(session: Session, organisation_id: int) -> list[Person]:
    """Who writes for this organisation, those who may commit it first."""
    rows = session.execute(
        select(Account.public_id, Account.name, Account.function, Account.email, Appointment.role)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.role.in_(ORGANISATION_ROLES),
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    ).all()
    leads = {row.public_id for row in rows if row.role == Role.APPLICANT_LEAD}
    people = {
        row.public_id: Person(row.public_id, row.name, row.function, row.email, row.public_id in leads) for row in rows
    }
    return sorted(people.values(), key=lambda person: (not person.lead, person.name))


def papers_of(session: Session, organisation_id: int) -> Sequence[Paper]:
    """The papers in force, by kind, the latest year first."""
    query = select(Paper).where(Paper.organisation_id == organisation_id, Paper.replaced_at.is_(None))
    return session.scalars(query.order_by(Paper.kind, Paper.year.desc(), Paper.id.desc())).all()


def paper_of(session: Session, organisation_id: int, public_id: str) -> Paper | None:
    """A paper of this organisation, replaced ones too."""
    return session.scalar(select(Paper).where(Paper.organisation_id == organisation_id, Paper.public_id == public_id))


def register_for(
    session: Session, actor: Actor, number: int, *, q: str = "", standing: str = "", today: date
) -> tuple[list[Entry], int]:
    """One page of the register by name, and how many entries there are.

    `q` looks in names, SIRET and RNA; `standing`: member (in good standing today), lapsed, or stranger.
    """
    query = _sought(select(Organisation), q).where(visible_to(actor, Organisation))
    query = _standing(query, actor, standing, today)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(func.lower(Organisation.name), Organisation.id)
    rows = session.scalars(page.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return _entries(session, actor, rows), total


def _sought(query: Select[Organisation], q: str) -> Select[Organisation]:
    for word in q.split():
        some = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Organisation.name, Organisation.siret, Organisation.rna, cast(Organisation.address_lines, String))
        query = query.where(or_(*(column.ilike(some, escape="\\") for column in columns)))
    return query


def _standing(query: Select[Organisation], actor: Actor, standing: str, today: date) -> Select[Organisation]:
    ours = and_(Membership.replaced_at.is_(None), _of_networks(actor))
    covers = and_(
        ours,
        Membership.joined_on <= today,
        or_(Membership.good_standing_until_on.is_(None), Membership.good_standing_until_on >= today),
    )
    members = select(Membership.organisation_id).where(covers)
    known = select(Membership.organisation_id).where(ours)
    wished = {
        "member": Organisation.id.in_(members),
        "lapsed": and_(Organisation.id.in_(known), Organisation.id.not_in(members)),
        "stranger": Organisation.id.not_in(known),
    }
    return query.where(wished[standing]) if standing in wished else query


def _of_networks(actor: Actor):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- SQL condition
    """The networks of the programmes that a manager manages; all for the auditor."""
    return Membership.programme_id.is_not(None) if actor.audits else Membership.programme_id.in_(actor.manages)


def _entries(session: Session, actor: Actor, rows: Sequence[Organisation]) -> list[Entry]:
    ids = [row.id for row in rows]
    held: dict[int, list[Standing]] = {}
    for membership, name in session.execute(
        select(Membership, Programme.name)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Membership.organisation_id.in_(ids), Membership.replaced_at.is_(None), _of_networks(actor))
        .order_by(Membership.joined_on.desc(), Membership.id.desc())
    ):
        held.setdefault(membership.organisation_id, []).append(Standing(membership, name))
    led = set(
        session.scalars(
            select(Appointment.organisation_id).where(
                Appointment.organisation_id.in_(ids),
                Appointment.role == Role.APPLICANT_LEAD,
                Appointment.ended_at.is_(None),
            )
        )
    )
    twins = _twins(session, rows)
    return [
        Entry(row, tuple(held.get(row.id, ())), twins.get(row.id, ""), mixed_scripts(row.name), row.id in led)
        for row in rows
    ]


def networks_of(session: Session, actor: Actor) -> Sequence[Programme]:
    """The programmes in whose network the actor may enrol, by name."""
    query = select(Programme).where(Programme.id.in_(actor.manages))
    return session.scalars(query.order_by(Programme.name, Programme.id)).all()
