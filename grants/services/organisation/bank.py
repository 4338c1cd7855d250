"""Bank details: never changed in place, verified by a second person."""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.identifiers import normalise_bic, normalise_iban
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line
from grants.errors import Invalid, NotPossible, Reason
from grants.models import BankAccount, Organisation
from grants.policies import Actor
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

HOLDER = 200


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


def _read_bank(iban: str, bic: str, holder: str) -> dict[str, str]:
    problems: dict[str, Reason] = {}
    values = {"iban": "", "bic": "", "holder": ""}
    readers: dict[str, Callable[[], str]] = {
        "iban": lambda: normalise_iban(iban),
        "bic": lambda: normalise_bic(bic, values["iban"]) if bic.strip() else "",
        "holder": lambda: clean_line(holder, HOLDER),
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
