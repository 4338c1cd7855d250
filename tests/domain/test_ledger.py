"""What is still owed, what is to be paid back, and entries that add up to zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.ledger import EntryKind, Posting, balance, balance_due, earned, overpaid, postings, sums_to_zero
from grants.domain.money import exact_rate_bp

pytestmark = pytest.mark.pure

cents = st.integers(0, 10**11)
rates = st.integers(0, 10_000) | st.fractions(0, 10_000)


def moved(kind, amount):
    return postings(kind, amount, envelope="2026", project="A01")


def test_a_budget_spent_in_full_pays_the_whole_balance():
    rate = exact_rate_bp(15_500, 24_000)
    assert balance_due(155_000, 2_400_000, rate, 1_395_000) == 155_000
    assert earned(2_400_000, rate) == 1_550_000


def test_a_rounded_rate_would_cost_the_beneficiary_eighty_cents():
    assert balance_due(155_000, 2_400_000, 6458, 1_395_000) == 154_920


@pytest.mark.parametrize(
    ("planned", "spent", "paid", "due"),
    [(1_000, 10_000, 4_000, 1_000), (1_000, 8_000, 5_000, 600), (1_000, 5_000, 3_500, 0), (1_000, 3_000, 4_000, 0)],
)
def test_the_balance_follows_what_was_spent_and_is_never_below_zero(planned, spent, paid, due):
    assert balance_due(planned, spent, 7000, paid) == due


def test_what_was_paid_beyond_what_was_earned_is_paid_back():
    assert overpaid(10_000, 10_000, 7000, 7_000) == 0
    assert overpaid(10_000, 10_000, 7000, 9_000) == 2_000
    assert overpaid(6_000, 10_000, 7000, 7_000) == 1_000


@given(planned=cents, spent=cents, rate=rates, paid=cents)
def test_a_balance_never_pays_more_than_planned_nor_more_than_earned(planned, spent, rate, paid):
    due = balance_due(planned, spent, rate, paid)
    assert 0 <= due <= planned
    assert due == 0 or paid + due <= spent * rate / 10_000


@given(award=cents, spent=cents, rate=rates, paid=cents)
def test_nobody_is_owed_and_owes_at_once(award, spent, rate, paid):
    assert min(balance_due(max(0, award - paid), spent, rate, paid), overpaid(award, spent, rate, paid)) == 0


def test_the_life_of_an_award_on_its_three_accounts():
    entries = [
        *moved(EntryKind.AWARD, 1_550_000),
        *moved(EntryKind.PAYMENT, 930_000),
        *moved(EntryKind.REFUND, 30_000),
        *moved(EntryKind.REDUCTION, 50_000),
    ]
    assert sums_to_zero(entries)
    assert balance(entries, "envelope:2026") == -1_500_000
    assert balance(entries, "promised:A01") == 600_000
    assert balance(entries, "paid:A01") == 900_000
    assert balance(entries, "paid:A02") == 0


@given(st.lists(st.tuples(st.sampled_from(list(EntryKind)), st.integers(1, 10**11))))
def test_entries_always_add_up_to_zero(moves):
    assert sums_to_zero(posting for kind, amount in moves for posting in moved(kind, amount))


def test_a_posting_alone_does_not():
    assert not sums_to_zero([Posting("paid:A01", 1)])


@pytest.mark.parametrize("amount", [0, -1])
def test_an_entry_of_nothing_is_refused(amount):
    with pytest.raises(ValueError, match="above zero"):
        moved(EntryKind.AWARD, amount)


def test_rates_are_exact_where_they_are_given_exactly():
    assert earned(3, Fraction(10_000, 3)) == 1
