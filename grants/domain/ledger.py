"""The ledger: what is still owed or to be paid back, and double entries that add up to zero. Amounts are cents."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from grants.domain.money import WHOLE_BP


class EntryKind(StrEnum):
    """What may be entered. Nothing is ever changed: a mistake is undone by an entry the other way."""

    AWARD = "award"
    REDUCTION = "reduction"
    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True)
class Posting:
    """One side of an entry: an account and a signed amount."""

    account: str
    amount_cents: int


#: From which account to which an entry moves money: envelope → promised to a project → paid to it.
_ROADS = {
    EntryKind.AWARD: ("envelope", "promised"),
    EntryKind.REDUCTION: ("promised", "envelope"),
    EntryKind.PAYMENT: ("promised", "paid"),
    EntryKind.REFUND: ("paid", "promised"),
}


def postings(kind: EntryKind, amount_cents: int, *, envelope: str, project: str) -> tuple[Posting, Posting]:
    """The two sides of an entry, between `envelope:<id>`, `promised:<project>` and `paid:<project>`.

    Raises ValueError where the amount is not above zero: the kind gives the direction.
    """
    if amount_cents <= 0:
        message = "an entry moves an amount above zero"
        raise ValueError(message)
    names = {"envelope": envelope, "promised": project, "paid": project}
    source, target = (f"{place}:{names[place]}" for place in _ROADS[kind])
    return Posting(source, -amount_cents), Posting(target, amount_cents)


def sums_to_zero(entries: Iterable[Posting]) -> bool:
    """What leaves one account arrives in another."""
    return sum(posting.amount_cents for posting in entries) == 0


def balance(entries: Iterable[Posting], account: str) -> int:
    """What stands on an account."""
    return sum(posting.amount_cents for posting in entries if posting.account == account)


def earned(eligible_spent: int, rate_bp: int | Fraction) -> int:
    """The grant's part of what was spent and accepted, rounded down to the cent.

    With `money.exact_rate_bp(award, budget)` a budget spent in full earns the award to the cent.
    """
    return int(eligible_spent * rate_bp // WHOLE_BP)


def balance_due(planned: int, eligible_spent: int, rate_bp: int | Fraction, already_paid: int) -> int:
    """The last payment: min(planned, eligible spent × rate − already paid), never below zero."""
    return max(0, min(planned, earned(eligible_spent, rate_bp) - already_paid))


def overpaid(award: int, eligible_spent: int, rate_bp: int | Fraction, already_paid: int) -> int:
    """What has to be paid back: already paid − min(award, eligible spent × rate), never below zero."""
    return max(0, already_paid - min(award, earned(eligible_spent, rate_bp)))
