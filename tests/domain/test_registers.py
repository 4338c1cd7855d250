"""Registrations without RNA: courts of Alsace and Moselle, registers abroad; all of an entry or none of it."""

import pytest

from grants.domain.countries import CountryError
from grants.domain.identifiers import IdentifierError
from grants.domain.registers import normalise_court_entry, normalise_foreign_entry

pytestmark = pytest.mark.pure

ENTRY = {"court": " Strasbourg ", "volume": "94", "folio": "12", "entered": "3 mai 2014"}


@pytest.mark.parametrize("department", ["57", "67", "68"])
def test_an_entry_of_a_court_of_alsace_or_moselle_is_trimmed_and_kept(department):
    entry = normalise_court_entry(**ENTRY, department=department)
    assert (entry.court, entry.volume, entry.folio, entry.entered) == ("Strasbourg", "94", "12", "3 mai 2014")
    assert entry


def test_an_association_may_have_no_entry():
    assert not normalise_court_entry(court=" ", volume="", folio="", entered="", department="59")
    assert not normalise_foreign_entry(country="ML", register="", number=" ")


@pytest.mark.parametrize("missing", ["court", "volume", "folio", "entered"])
def test_half_an_entry_names_what_is_missing(missing):
    with pytest.raises(IdentifierError) as refused:
        normalise_court_entry(**{**ENTRY, missing: ""}, department="67")
    assert (refused.value.reason, refused.value.params) == ("incomplete", {"missing": missing})


@pytest.mark.parametrize("department", ["59", "2A", "", "976"])
def test_no_other_department_keeps_associations_at_its_courts(department):
    with pytest.raises(IdentifierError) as refused:
        normalise_court_entry(**ENTRY, department=department)
    assert refused.value.reason == "department"


def test_a_registration_abroad_has_a_country_a_register_and_a_number_of_any_form():
    entry = normalise_foreign_entry(country="ml", register="Registre des associations", number="0123")
    assert (entry.country, entry.register, entry.number) == ("ML", "Registre des associations", "0123")


def test_a_registration_abroad_without_its_country_is_incomplete_and_the_country_exists():
    with pytest.raises(IdentifierError) as refused:
        normalise_foreign_entry(country=" ", register="Registre", number="1")
    assert refused.value.params == {"missing": "country"}
    with pytest.raises(CountryError):
        normalise_foreign_entry(country="ZZ", register="Registre", number="1")
