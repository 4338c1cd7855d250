"""Amounts in other currencies: each in its own smallest unit, none of them taken for another."""

import pytest

from grants.domain.currencies import CurrencyError, normalise_currency, parse_in
from grants.domain.money import AmountError

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("typed", "currency", "units"),
    [
        ("15 000", "XOF", 15_000),
        ("15 000 FCFA", "XOF", 15_000),
        ("15 000 XOF", "XOF", 15_000),
        ("12,50", "EUR", 1_250),
        ("12,50 MAD", "MAD", 1_250),
        ("1,5", "TND", 1_500),
    ],
)
def test_an_amount_is_counted_in_the_smallest_unit_of_its_currency(typed, currency, units):
    assert parse_in(typed, currency) == units


@pytest.mark.parametrize(
    ("typed", "currency", "why"),
    [
        ("15,50", "XOF", "too_many_decimals"),
        ("15 €", "XOF", "not_a_number"),
        ("15 XOF", "EUR", "not_a_number"),
        ("1.500", "MAD", "ambiguous"),
        ("-1", "MAD", "negative"),
    ],
)
def test_a_franc_has_no_cents_and_no_currency_passes_for_another(typed, currency, why):
    with pytest.raises(AmountError) as refused:
        parse_in(typed, currency)
    assert refused.value.reason == why


def test_nothing_typed_is_the_euro_and_an_unknown_currency_is_refused():
    assert (normalise_currency(""), normalise_currency(" xof ")) == ("EUR", "XOF")
    for unknown in ("FRF", "X" * 50_000):
        with pytest.raises(CurrencyError):
            normalise_currency(unknown)
