"""Where an organisation is registered when it has no RNA: the court registers of Alsace and Moselle, registers abroad."""

from dataclasses import dataclass

from grants.domain.countries import normalise_country
from grants.domain.identifiers import IdentifierError
from grants.domain.text import clean_line

#: Local law: associations stand in the register of a court there, and nowhere else.
COURT_DEPARTMENTS = frozenset({"57", "67", "68"})
LONGEST = 120


@dataclass(frozen=True)
class CourtEntry:
    """An entry in the register of associations of a court; all four texts are there or none is."""

    court: str = ""
    volume: str = ""
    folio: str = ""
    entered: str = ""

    def __bool__(self) -> bool:
        return bool(self.court)


@dataclass(frozen=True)
class ForeignEntry:
    """An entry in a register abroad: country (ISO), name of the register, number there."""

    country: str = ""
    register: str = ""
    number: str = ""

    def __bool__(self) -> bool:
        return bool(self.number)


def normalise_court_entry(*, court: str, volume: str, folio: str, entered: str, department: str) -> CourtEntry:
    """An entry of Alsace or Moselle: free texts, trimmed, all or none; `department` is the seat's (`67`).

    `entered` is the date as the extract writes it. Raises IdentifierError: incomplete (missing: the first one),
    department. TextError where a text is none.
    """
    texts = {"court": court, "volume": volume, "folio": folio, "entered": entered}
    entry = {name: clean_line(text, LONGEST) for name, text in texts.items()}
    if not any(entry.values()):
        return CourtEntry()
    _whole(entry)
    if department not in COURT_DEPARTMENTS:
        raise IdentifierError("department", department=department)
    return CourtEntry(**entry)


def normalise_foreign_entry(*, country: str, register: str, number: str) -> ForeignEntry:
    """A registration abroad: country, register and number, all or none; no form is asked of the number.

    Raises IdentifierError: incomplete (missing); CountryError; TextError.
    """
    entry = {"register": clean_line(register, LONGEST), "number": clean_line(number, LONGEST)}
    if not any(entry.values()):
        return ForeignEntry()
    _whole({"country": country.strip(), **entry})
    return ForeignEntry(country=normalise_country(country), **entry)


def _whole(entry: dict[str, str]) -> None:
    missing = next((name for name, text in entry.items() if not text), None)
    if missing:
        raise IdentifierError("incomplete", missing=missing)
