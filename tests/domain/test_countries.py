"""Countries and their regions: a fixed list, overseas departments among France's places, a call's own lists."""

import pytest

from grants.domain.countries import (
    COUNTRIES,
    DEPARTMENTS_OVERSEAS,
    PUBLISHABLE,
    SUBDIVISIONS,
    CountryError,
    normalise_country,
    normalise_subdivision,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("code", ["FR", "ML", "SN", "MG", "XK", " sn "])
def test_a_country_is_two_letters_of_the_list(code):
    assert normalise_country(code) == code.strip().upper()


@pytest.mark.parametrize("code", [*sorted(DEPARTMENTS_OVERSEAS), "EU", "ZZ", "MLI", "Mali", "X" * 50_000])
def test_what_is_no_country_is_refused(code):
    with pytest.raises(CountryError) as refused:
        normalise_country(code)
    assert refused.value.reason == "unknown_country"


def test_the_list_is_the_standard_without_the_overseas_departments_and_with_kosovo():
    assert len(COUNTRIES) == 249 - 5 + 1
    assert COUNTRIES["ML"] == "Mali"
    assert COUNTRIES["CI"] == "Côte d’Ivoire"
    assert all(name and len(code) == 2 for code, name in COUNTRIES.items())


def test_kosovo_is_offered_and_not_published_where_the_format_refuses_it():
    assert "XK" in COUNTRIES
    assert "XK" not in PUBLISHABLE


def test_a_call_says_which_countries_it_takes_and_which_it_leaves_out():
    assert normalise_country("SN", accepted=frozenset({"SN", "ML"}), excluded=frozenset({"ML"})) == "SN"
    for refused_here in ("ML", "MG"):
        with pytest.raises(CountryError) as refused:
            normalise_country(refused_here, accepted=frozenset({"SN", "ML"}), excluded=frozenset({"ML"}))
        assert refused.value.reason == "not_accepted"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ML-1", "Kayes"),
        ("MA-09", "Souss-Massa"),
        ("MA-08", "Drâa-Tafilalet"),
        ("MA-02", "L’Oriental"),
        ("MA-NAD", "Nador"),
        ("TN-33", "Le Kef"),
    ],
)
def test_a_region_abroad_has_its_code_and_name(code, name):
    assert normalise_subdivision(code.lower()) == code
    assert SUBDIVISIONS[code] == name


def test_itasy_has_no_code_and_the_form_alone_is_judged_elsewhere():
    assert not any("Itasy" in name for name in SUBDIVISIONS.values())
    assert normalise_subdivision("MG-T") == "MG-T"


@pytest.mark.parametrize(
    ("code", "why"),
    [("", "empty"), ("ML", "shape"), ("ML-", "shape"), ("ML-ABCD", "shape"), ("ZZ-1", "unknown_country")],
)
def test_what_is_no_region_is_refused(code, why):
    with pytest.raises(CountryError) as refused:
        normalise_subdivision(code)
    assert refused.value.reason == why
