"""Amounts: integer cents from the first keystroke to the last report; no float ever touches them."""

import re
from fractions import Fraction

from grants.domain.reasons import Unreadable
from grants.domain.text import SPACES

#: Ten thousand million euros: far above any envelope, far below what a BIGINT holds.
LARGEST_CENTS = 10**12
CENTS = 100
WHOLE_BP = 10_000
DECIMALS = 2
#: Longer than any amount that can be accepted; nothing longer is even looked at.
LONGEST_TEXT = 64

_ONE_SPACE = str.maketrans(dict.fromkeys(SPACES, " "))
_CURRENCY = re.compile(r"(?:€|EUR|eur)\Z")
_NUMBER = re.compile(r"[0-9][0-9 .,]*\Z")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,])[0-9]{3})(?:\1[0-9]{3})*\Z")
_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}\Z")
_ENDING = re.compile(r"(.*)([.,])([0-9]*)\Z")


class AmountError(Unreadable):
    """Reasons: empty, not_a_number, ambiguous, negative, zero, too_many_decimals (maximum), too_large (maximum)."""


def parse_amount(text: str, *, whole_euros: bool = False, allow_zero: bool = False) -> int:
    """Read an amount in euros as people type it and return cents.

    `1 000`, `1 000,50`, `1000.5`, `1.000,50 €`, with any kind of space around, are read. `1.500` and `1,500` may
    mean one and a half or fifteen hundred: they are refused as `ambiguous`, so that the person is asked again.
    Raises AmountError.
    """
    if len(text) > LONGEST_TEXT:
        raise AmountError("not_a_number")
    number = _CURRENCY.sub("", text.translate(_ONE_SPACE).strip(" ")).strip(" ")
    if not number:
        raise AmountError("empty")
    unsigned = number.lstrip("-\u2212").lstrip(" ")
    if not _NUMBER.match(unsigned):
        raise AmountError("not_a_number")
    if unsigned != number:
        raise AmountError("negative")
    euros, decimals = _parts(unsigned)
    return _bounded(euros * CENTS + int(decimals.ljust(DECIMALS, "0")), whole_euros=whole_euros, allow_zero=allow_zero)


def _parts(number: str) -> tuple[int, str]:
    """Euros and the digits of the cents, of a text made of digits, spaces, points and commas."""
    ending = _ENDING.match(number)
    if ending is None or number.count(ending[2]) > 1:  # no separator, or one that comes back: it groups thousands
        return _grouped(number), ""
    before, decimals = ending[1], ending[3]
    if not decimals:
        raise AmountError("not_a_number")
    if _THOUSANDS_OR_DECIMALS.match(number):
        raise AmountError("ambiguous")
    if len(decimals) > DECIMALS:
        raise AmountError("too_many_decimals", maximum=DECIMALS)
    return _grouped(before), decimals


def _grouped(digits: str) -> int:
    """Whole euros, written in one go or in groups of three with one and the same separator."""
    if digits.isdigit():
        return int(digits)
    if not _GROUPED.match(digits):
        raise AmountError("ambiguous")
    return int(re.sub("[ .,]", "", digits))


def _bounded(cents: int, *, whole_euros: bool, allow_zero: bool) -> int:
    if cents > LARGEST_CENTS:
        raise AmountError("too_large", maximum=LARGEST_CENTS)
    if cents == 0 and not allow_zero:
        raise AmountError("zero")
    if whole_euros and cents % CENTS:
        raise AmountError("too_many_decimals", maximum=0)
    return cents


def format_plain(cents: int) -> str:
    """Write cents as a text that `parse_amount` reads back: `1 000,50`, and `1 000` where there are no cents."""
    euros, rest = divmod(abs(cents), CENTS)
    grouped = f"{euros:,}".replace(",", " ")
    return f"{'-' if cents < 0 else ''}{grouped}{f',{rest:02d}' if rest else ''}"


def split(total_cents: int, shares_bp: tuple[int, ...]) -> tuple[int, ...]:
    """Share cents out in proportion to whole numbers (basis points or any weights), to the last cent.

    Largest remainder: everyone gets the whole cents of their part, the cents left over go to the largest
    remainders, and among equal remainders to the first named. 100,00 in three: 33,34 + 33,33 + 33,33.
    """
    whole = sum(shares_bp)
    if total_cents < 0 or whole <= 0 or min(shares_bp) < 0:
        message = "a split needs an amount and shares that are not negative, and one share above zero"
        raise ValueError(message)
    parts = [total_cents * share // whole for share in shares_bp]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(total_cents * shares_bp[i] % whole), i))
    for i in by_remainder[: total_cents - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def tranche_amounts(award_cents: int, shares_bp: tuple[int, ...]) -> tuple[int, ...]:
    """Cents of each tranche of an award; `shares_bp` adds up to 10 000.

    Every tranche but the last is rounded down (to whole euros where the award is in whole euros), and the last one
    is what remains: their sum is the award. 15 500 at 60/30/10 gives 9 300, 4 650, 1 550.
    """
    if award_cents < 0 or sum(shares_bp) != WHOLE_BP or min(shares_bp) < 0:
        message = "tranches share an award that is not negative in parts that add up to 10 000 basis points"
        raise ValueError(message)
    unit = CENTS if award_cents % CENTS == 0 else 1
    first = [award_cents * share // (WHOLE_BP * unit) * unit for share in shares_bp[:-1]]
    return (*first, award_cents - sum(first))


def rate_bp(part: int, whole: int) -> int | None:
    """`part` of `whole` in basis points, rounded half up, for showing: 15 500 of 22 900 is 6 769 (67,69 %).

    None where there is no whole to compare with. Shown with its two decimals: to one decimal it would be rounded
    twice (69,048 % would become 69,1 %). To decide, ask `within_rate`: it does not round.
    """
    return (2 * part * WHOLE_BP + whole) // (2 * whole) if whole > 0 else None


def exact_rate_bp(part: int, whole: int) -> Fraction:
    """`part` of `whole` in basis points, exactly; the rate that payments are computed with. `whole` above zero."""
    return Fraction(part * WHOLE_BP, whole)


def within_rate(requested: int, max_bp: int, base: int) -> bool:
    """Is the request at most `max_bp` basis points of the base? Compared in integers, nothing is rounded."""
    return requested * WHOLE_BP <= max_bp * base
