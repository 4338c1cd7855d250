"""Telephone numbers: what people type, kept in one international form; overseas France without its prefix too."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from grants.domain.reasons import Unreadable
from grants.domain.text import SPACES

#: Where a number without a prefix may belong, in the order in which it is tried.
REGIONS = ("FR", "GP", "GF", "MQ", "RE", "YT", "NC", "PF")
_LONGEST_TEXT = 40
#: Digits, one plus in front, and what people write between them.
_ONE_SPACE = str.maketrans(dict.fromkeys(SPACES, " ") | dict.fromkeys("\u2010\u2011\u2013", "-"))
_SHAPE = re.compile(r"[+]?[0-9(][0-9 .()/-]*\Z")


class PhoneError(Unreadable):
    """Reasons: empty, shape (signs that no number has), not_a_phone (no country has such a number)."""


@dataclass(frozen=True)
class Phone:
    """A number that is kept: `e164` is stored (`+33320428311`), `region` is where it belongs (ISO, may be empty).

    `certain` is false for a number whose length is possible but that no operator is known to have: it is kept, and
    the person is asked to read it again.
    """

    e164: str
    region: str
    certain: bool


def normalise_phone(text: str, country: str = "FR") -> Phone:
    """Read a number as people type it: `03 20 42 83 11`, `0690 12 34 56`, `+223 20 22 33 44`, `00223…`.

    `country` (ISO) is the organisation's: its own numbers need no prefix. Without a prefix France is tried, then its
    overseas regions. Raises PhoneError.
    """
    typed = text.translate(_ONE_SPACE).strip() if len(text) <= _LONGEST_TEXT else "?"
    if not typed:
        raise PhoneError("empty")
    if not _SHAPE.match(typed):
        raise PhoneError("shape")
    tried = [number for region in dict.fromkeys((country, *REGIONS)) if (number := _read(typed, region)) is not None]
    certain = next((number for number in tried if phonenumbers.is_valid_number(number)), None)
    possible = next((number for number in tried if phonenumbers.is_possible_number(number)), None)
    found = certain or possible
    if found is None or (certain is None and _cut_short(typed, found)):
        raise PhoneError("not_a_phone")
    return Phone(
        phonenumbers.format_number(found, PhoneNumberFormat.E164),
        phonenumbers.region_code_for_number(found) or "",
        certain is not None,
    )


def format_phone(e164: str) -> str:
    """A stored number as it is read: nationally for France and its regions overseas, internationally for the others.

    What is no number is given back as it is: a number typed long ago is still shown.
    """
    number = _read(e164, None)
    if number is None:
        return e164
    home = phonenumbers.region_code_for_number(number) in REGIONS[:6]
    shape = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def _read(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _cut_short(text: str, number: PhoneNumber) -> bool:
    """A number of a region without leading zero (six or eight digits) is only believed where an operator has it.

    Else every short service number and every French number with a digit too few would pass for New Caledonia's.
    """
    return number.country_code in {687, 689} and not text.startswith(("+", "00"))
