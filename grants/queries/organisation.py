"""An organisation as its members and the network read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.models import Account, BankAccount, Membership, Programme
from grants.policies import Actor
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
        .where(Membership.organisation_id == organisation_id)
        .order_by(Programme.name)
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
