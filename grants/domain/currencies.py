"""Currencies by ISO 4217 and how many decimals each has: a proof or a partner's share may be in francs or dirhams.

What a fund decides and pays is in euros (`grants.domain.money`); here an amount is counted in the smallest unit of its
own currency, and no rate is ever guessed.
"""

from grants.domain.money import AmountError, parse_amount
from grants.domain.reasons import Unreadable

HUNDREDTHS = 100
_UNITS = {0: 1, 2: 100, 3: 1000}  # smallest units in one, by decimals
_LONGEST_CODE = 8
_WITH_CENTS = "EUR MAD DZD MRU MGA CHF GBP USD CAD CDF GHS NGN GMD SLE LRD CVE HTG MUR SCR EGP LBP ILS TRY"
_WITHOUT = frozenset({"XOF", "XAF", "XPF", "GNF", "KMF", "RWF", "BIF", "DJF", "JPY", "KRW", "VND", "UGX"})
#: Decimals of each currency that is taken; those with three (dinars of Tunisia and Jordan) are written in them.
DECIMALS: dict[str, int] = {
    **dict.fromkeys(_WITH_CENTS.split(), 2),
    **dict.fromkeys(_WITHOUT, 0),
    "TND": 3,
    "JOD": 3,
    "LYD": 3,
}


class CurrencyError(Unreadable):
    """Reasons: empty, unknown_currency (code)."""


def normalise_currency(text: str) -> str:
    """The three letters of a currency; nothing typed is the euro. Raises CurrencyError."""
    code = text.strip().upper() if len(text) <= _LONGEST_CODE else "?"
    if code and code not in DECIMALS:
        raise CurrencyError("unknown_currency", code=code)
    return code or "EUR"


def parse_in(text: str, currency: str, *, allow_zero: bool = False) -> int:
    """An amount as people type it, in the smallest unit of a normalised currency: `15 000` XOF is 15000, 15 EUR 1500.

    Raises AmountError as `money.parse_amount`; a currency of three decimals is taken with two at most.
    """
    decimals = DECIMALS[currency]
    hundredths = parse_amount(_bare(text, currency), whole_euros=decimals == 0, allow_zero=allow_zero)
    return hundredths * _UNITS[decimals] // HUNDREDTHS


def _bare(text: str, currency: str) -> str:
    """The figures without the currency's own code or sign; another currency's stays and makes them unreadable."""
    if currency == "EUR":
        return text
    figures = text.strip()
    if figures.endswith(("€", "EUR", "eur")):
        raise AmountError("not_a_number")
    return figures.removesuffix(currency).removesuffix("FCFA" if currency in ("XOF", "XAF") else currency)
