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
_POSTCODE = re.compile(r"((?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3})(?:CEDEX[0-9]{0,2})?\Z")
_INSEE = re.compile(r"(?:(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[4-9][0-9]{2})\Z")
_OVERSEAS = "97"  # from here on three figures name the department
_VAT = re.compile(r"FR([0-9A-HJ-NP-Z]{2})([0-9]{9})\Z")
_VAT_MODULUS = 97
_MONACO = "000"

#: Banks of these places have French account numbers and a country of their own in the code of the bank.
_FRENCH_BANKS = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"})
_BRITISH_BANKS = frozenset({"GB", "GG", "JE", "IM"})
_SHARED = {"FR": _FRENCH_BANKS, "GB": _BRITISH_BANKS}


class IdentifierError(Unreadable):
    """Reasons: empty, characters, length (expected), all_zeros, checksum, siren, shape, country, incomplete,
    department."""


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
    """Eight or eleven signs; its country is the one of the IBAN where a normalised one is given.

    Account numbers of overseas France begin with FR and their banks with NC, PF, RE…; raises IdentifierError.
    """
    bic = _shaped(text, _BIC)
    if iban and bic[4:6] not in _SHARED.get(iban[:2], {iban[:2]}):
        raise IdentifierError("country", country=bic[4:6])
    return bic


def normalise_vat(text: str, siren: str = "") -> str:
    """A French VAT number: `FR`, two signs of key, the SIREN. `FR 83 404 833 048` gives `FR83404833048`.

    A key of two digits is (12 + 3 × (SIREN mod 97)) mod 97; keys with letters have no known rule. Numbers of Monaco
    have no SIREN: theirs begin with 000. Where the organisation's normalised `siren` is given, it is the one in the
    number. Raises IdentifierError.
    """
    vat = _shaped(text, _VAT)
    key, owner = vat[2:4], vat[4:]
    if key.isdigit() and int(key) != (12 + 3 * (int(owner) % _VAT_MODULUS)) % _VAT_MODULUS:
        raise IdentifierError("checksum")
    if (siren and owner != siren) or not (owner.startswith(_MONACO) or luhn.is_valid(owner)):
        raise IdentifierError("siren")
    return vat


def normalise_postcode(text: str) -> str:
    """A French postcode: five digits, the first two from 01 to 98; the word CEDEX behind is let go.

    It names a post office: neither the commune nor the department is to be read from it (20000 lies in 2A).
    """
    compact = _compact(text)
    found = _POSTCODE.match(compact)
    if found is None:
        raise IdentifierError("shape")
    return found[1]


def normalise_insee(text: str) -> str:
    """The code of a commune by the national statistics office: `75115`, `2a004` gives `2A004`, `97411`."""
    return _shaped(text, _INSEE)


def department_of_insee(insee: str) -> str:
    """The department of a normalised commune code: its first two signs, three overseas (`2A004` 2A, `97411` 974)."""
    return insee[:3] if insee[:2] >= _OVERSEAS else insee[:2]


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
