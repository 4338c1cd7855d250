"""Identifiers of organisations, accounts and places: brought to one spelling, or refused with the reason.

The form of an identifier is judged here, never its existence. RNA is optional everywhere: trade unions, associations
of Alsace-Moselle and foreign bodies have none.
"""

import re

from stdnum import luhn

from grants.domain.iban import country_length, rib_key_matches
from grants.domain.reasons import Unreadable
from grants.domain.text import SPACES

_LONGEST_TEXT = 100
_WITHOUT_SPACES = str.maketrans("", "", SPACES)

_SIREN_DIGITS = 9
_SIRET_DIGITS = 14
_LA_POSTE = "356000000"
_LA_POSTE_HEAD_OFFICE = "35600000000048"
_LA_POSTE_MODULUS = 5
_IBAN_MODULUS = 97

_DIGITS = re.compile(r"[0-9]+\Z")
_RNA = re.compile(r"W[0-9A-Z]{9}\Z")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{1,30}\Z")
_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?\Z")
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}\Z")


class IdentifierError(Unreadable):
    """Reasons: empty, characters, length (expected), all_zeros, checksum, siren, shape, country."""


def normalise_siren(text: str) -> str:
    """Nine digits with a Luhn key: `732 829 320` gives `732829320`. Raises IdentifierError."""
    siren = _digits(text, _SIREN_DIGITS)
    if not luhn.is_valid(siren):
        raise IdentifierError("checksum")
    return siren


def normalise_siret(text: str) -> str:
    """Fourteen digits: a SIREN and its establishment. Raises IdentifierError.

    The whole has a Luhn key, except the post offices of La Poste (SIREN 356 000 000), whose digits add up to a
    multiple of five; its head office keeps the key. `00000000000000` has a Luhn key and is nobody's.
    """
    siret = _digits(text, _SIRET_DIGITS)
    if not luhn.is_valid(siret[:_SIREN_DIGITS]):
        raise IdentifierError("siren")
    if siret.startswith(_LA_POSTE) and siret != _LA_POSTE_HEAD_OFFICE:
        valid = sum(map(int, siret)) % _LA_POSTE_MODULUS == 0
    else:
        valid = bool(luhn.is_valid(siret))
    if not valid:
        raise IdentifierError("checksum")
    return siret


def normalise_rna(text: str) -> str:
    """`W` and nine letters or digits (Corsica and overseas have letters): `w503 726 238` gives `W503726238`."""
    return _shaped(text, _RNA)


def normalise_iban(text: str) -> str:
    """An account number by the length of its country and its key modulo 97; for France and Monaco the RIB key as well.

    ASCII alone: look-alike letters are refused. Raises IdentifierError.
    """
    iban = _shaped(text, _IBAN)
    expected = country_length(iban[:2])
    if expected is None:
        raise IdentifierError("country", country=iban[:2])
    if len(iban) != expected:
        raise IdentifierError("length", expected=expected)
    if int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % _IBAN_MODULUS != 1 or not rib_key_matches(
        iban
    ):
        raise IdentifierError("checksum")
    return iban


def normalise_bic(text: str, iban: str = "") -> str:
    """Eight or eleven signs; its country is the one of the IBAN where a normalised one is given."""
    bic = _shaped(text, _BIC)
    if iban and bic[4:6] != iban[:2]:
        raise IdentifierError("country", country=bic[4:6])
    return bic


def normalise_postcode(text: str) -> str:
    """A French postcode, `CEDEX` ones too: five digits, the first two from 01 to 98."""
    return _shaped(text, _POSTCODE)


def _compact(text: str) -> str:
    """Upper case without spaces, ASCII alone; judged by length first, so that no long text is worked on."""
    if len(text) > _LONGEST_TEXT:
        raise IdentifierError("characters")
    compact = text.translate(_WITHOUT_SPACES)
    if not compact:
        raise IdentifierError("empty")
    if not compact.isascii():
        raise IdentifierError("characters")
    return compact.upper()


def _shaped(text: str, shape: re.Pattern[str]) -> str:
    compact = _compact(text)
    if not shape.match(compact):
        raise IdentifierError("shape")
    return compact


def _digits(text: str, expected: int) -> str:
    digits = _compact(text)
    if not _DIGITS.match(digits):
        raise IdentifierError("characters")
    if len(digits) != expected:
        raise IdentifierError("length", expected=expected)
    if not digits.strip("0"):
        raise IdentifierError("all_zeros")
    return digits
