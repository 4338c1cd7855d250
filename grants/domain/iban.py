"""Account numbers by country: their lengths, with West Africa, the Maghreb and Madagascar, and the French key.

Own table: general libraries refuse valid numbers of Senegal, Mali, Madagascar and Morocco, where partners bank.
"""

import re
import unicodedata

from grants.domain.text import comparison_key

_BY_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "AO CV GW LY MZ PT ST",
    26: "DZ IR IS TR",
    27: "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD",
    28: "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_LENGTHS = {country: length for length, countries in _BY_LENGTH.items() for country in countries.split()}

#: Where the national part is a RIB: bank, branch, account, key; letters may stand in the account alone.
_WITH_RIB = ("FR", "MC")
_RIB = re.compile(r"([0-9]{5})([0-9]{5})([0-9A-Z]{11})([0-9]{2})\Z")
_RIB_MODULUS = 97
#: Letters of a RIB account number: A and J are 1, B, K and S are 2, up to I, R and Z, which are 9.
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def country_length(country: str) -> int | None:
    """How many signs an IBAN of this country (ISO 3166-1, two letters) has; None where it has no IBAN."""
    return _LENGTHS.get(country)


def rib_key_matches(iban: str) -> bool:
    """The RIB key is 97 − (89 × bank + 15 × branch + 3 × account) mod 97; true for countries without a RIB.

    `iban` has the length of its country and no sign but A–Z and 0–9.
    """
    if iban[:2] not in _WITH_RIB:
        return True
    rib = _RIB.match(iban[4:])
    if rib is None:
        return False
    bank, branch, account, key = (int(part.translate(_RIB_LETTERS)) for part in rib.groups())
    return key == _RIB_MODULUS - (89 * bank + 15 * branch + 3 * account) % _RIB_MODULUS


def holder_differs(holder: str, legal_name: str) -> bool:
    """The account is not in the organisation's name: a warning, never a refusal. Case, accents, spaces do not count."""
    return _bare(holder) != _bare(legal_name)


def _bare(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", comparison_key(name)) if sign.isalnum())
