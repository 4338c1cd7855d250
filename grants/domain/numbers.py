"""Plain numbers as people type them; amounts of money have rules of their own (`domain.money`)."""

import re
from decimal import Decimal

from grants.domain.reasons import Unreadable
from grants.domain.text import SPACES

LONGEST = 30
_SPACES = str.maketrans(dict.fromkeys(SPACES, " "))
_NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,][0-9]{1,6})?\Z")
_THOUSANDS_OR_DECIMALS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}\Z")


class NumberError(Unreadable):
    """Reasons: empty, not_a_number, ambiguous, not_whole."""


def parse_number(text: str) -> Decimal:
    """Read `12`, `12,5`, `1 000.25`. `1.500` may be one and a half or fifteen hundred: ambiguous. Raises NumberError."""
    number = text.translate(_SPACES).strip(" ") if len(text) <= LONGEST else "?"
    if not number:
        raise NumberError("empty")
    if not number.isascii() or not _NUMBER.match(number):
        raise NumberError("not_a_number")
    if _THOUSANDS_OR_DECIMALS.match(number):
        raise NumberError("ambiguous")
    return Decimal(number.replace(" ", "").replace(",", "."))


def parse_whole(text: str) -> int:
    """Read a whole number, here also as `1.500` for fifteen hundred. Raises NumberError."""
    try:
        number = parse_number(text)
    except NumberError as error:
        if error.as_reason.code != "ambiguous":
            raise
        number = Decimal(re.sub("[ .,]", "", text.translate(_SPACES)))
    if number != number.to_integral_value():
        raise NumberError("not_whole")
    return int(number)
