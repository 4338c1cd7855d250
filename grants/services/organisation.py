"""Organisations: the register, standing in a network, bank details."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.identifiers import normalise_bic, normalise_iban, normalise_rna, normalise_siret
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line
from grants.errors import Invalid, NotPossible, Reason
from grants.models import BankAccount, Membership, Organisation, Programme
from grants.policies import Actor
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

# text columns and their limits, in code points
LIMITS = {
    "name": 200,
    "legal_form": 60,
    "actor_kind": 40,
    "country": 2,
    "registration": 200,
    "website": 200,
    "representative": 120,
    "representative_function": 120,
}
IDENTIFIERS = {"siret": normalise_siret, "rna": normalise_rna}
MOST_ADDRESS_LINES = 6
ADDRESS_LINE = 120
EDITABLE = frozenset({*LIMITS, *IDENTIFIERS, "address_lines"}) - {"actor_kind"}


def register(*, actor: Actor, name: str, **fields: Any) -> Organisation:  # noqa: ANN401 -- columns
    """Enter an organisation into the register. `fields`: columns of Organisation. Raises NotAllowed, Invalid."""
    values = _read({"name": name, **fields})
    with transaction() as session:
        row = Organisation(**values, created_at=lifecycle.moment(session))
        session.add(row)
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_REGISTER, row=row)
    return row


def edit(*, actor: Actor, organisation: str, **fields: Any) -> Organisation:  # noqa: ANN401 -- columns
    """Change one's own entry of the register. The kind of actor is the network's to change. Raises Invalid."""
    if strange := fields.keys() - EDITABLE:
        raise Invalid(dict.fromkeys(strange, Reason("unknown_field")))
    values = _read(fields)
    with transaction() as session:
        row = one_for(session, actor, Organisation, organisation)
        changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_EDIT, row=row, note={"fields": changed})
        for name in changed:
            setattr(row, name, values[name])
    return row


def enrol(
    *, actor: Actor, programme: str, organisation: str, joined_on: date, good_standing_until_on: date | None = None
) -> Membership:
    """Note that an organisation belongs to the network of a programme; without an end its standing holds."""
    with transaction() as session:
        network = one_for(session, actor, Programme, programme)
        member = one_for(session, actor, Organisation, organisation)
        row = session.scalar(
            select(Membership).where(Membership.programme_id == network.id, Membership.organisation_id == member.id)
        )
        if row is None:
            row = Membership(programme_id=network.id, organisation_id=member.id, joined_on=joined_on)
            session.add(row)
        row.joined_on, row.good_standing_until_on = joined_on, good_standing_until_on
        note = {
            "organisation": organisation,
            "until": good_standing_until_on.isoformat() if good_standing_until_on else "",
        }
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_ENROL, row=network, note=note)
    return row


def change_bank(*, actor: Actor, organisation: str, iban: str, bic: str, holder: str) -> BankAccount:
    """Enter new bank details; the former ones stay, replaced, and the new ones wait for the finance officer.

    The caller has made sure that the password was asked again. Raises NotAllowed, Invalid (iban, bic, holder).
    """
    account = _read_bank(iban, bic, holder)
    with transaction() as session:
        owner = one_for(session, actor, Organisation, organisation)
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_CHANGE_BANK, row=owner)
        at = lifecycle.moment(session)
        session.execute(
            update(BankAccount)
            .where(BankAccount.organisation_id == owner.id, BankAccount.replaced_at.is_(None))
            .values(replaced_at=at)
        )
        row = BankAccount(organisation_id=owner.id, **account, added_by_id=actor.id, added_at=at)
        session.add(row)
    return row


def verify_bank(*, actor: Actor, bank_account: str) -> BankAccount:
    """Confirm bank details after having checked them with the organisation, by a second person.

    Raises NotFound, NotAllowed, NotPossible (replaced meanwhile, already verified, entered by the same person).
    """
    action = Action.ORGANISATION_VERIFY_BANK
    with transaction() as session:
        row = one_for(session, actor, BankAccount, bank_account)
        obstacles = {
            "second_person": row.added_by_id == actor.id,
            "bank_in_force": row.replaced_at is not None,
            "bank_unverified": row.verified_at is not None,
        }
        lifecycle.act(session, actor=actor, action=action, row=row)
        if any(obstacles.values()):
            raise NotPossible(action, tuple(Reason(code) for code, stands in obstacles.items() if stands))
        row.verified_by_id, row.verified_at = actor.id, lifecycle.moment(session)
    return row


def bank_in_force(session: Session, organisation_id: int) -> BankAccount | None:
    """The newest bank details of an organisation, verified or not."""
    return session.scalar(
        select(BankAccount).where(BankAccount.organisation_id == organisation_id, BankAccount.replaced_at.is_(None))
    )


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    """Clean what was typed. Raises Invalid with every problem."""
    problems: dict[str, Reason] = {}
    values = dict(fields)
    for name, value in fields.items():
        try:
            values[name] = _cleaned(name, value)
        except Unreadable as error:
            problems[name] = error.as_reason
    if "name" in values and not values["name"] and "name" not in problems:
        problems["name"] = Reason("empty")
    if problems:
        raise Invalid(problems)
    return values


def _cleaned(name: str, value: Any) -> Any:  # noqa: ANN401 -- columns
    if name in LIMITS:
        return clean_line(value, LIMITS[name])
    if name in IDENTIFIERS:
        return IDENTIFIERS[name](value) if value.strip() else ""
    if name == "address_lines":
        lines = [clean_line(line, ADDRESS_LINE) for line in value]
        return [line for line in lines if line][:MOST_ADDRESS_LINES]
    return value


def _read_bank(iban: str, bic: str, holder: str) -> dict[str, str]:
    problems: dict[str, Reason] = {}
    values = {"iban": "", "bic": "", "holder": ""}
    readers: dict[str, Callable[[], str]] = {
        "iban": lambda: normalise_iban(iban),
        "bic": lambda: normalise_bic(bic, values["iban"]) if bic.strip() else "",
        "holder": lambda: clean_line(holder, LIMITS["name"]),
    }
    for name, read in readers.items():
        try:
            values[name] = read()
        except Unreadable as error:
            problems[name] = error.as_reason
    if not values["holder"] and "holder" not in problems:
        problems["holder"] = Reason("empty")
    if problems:
        raise Invalid(problems)
    return values
