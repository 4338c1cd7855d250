"""Account numbers by country, and the French key."""

import pytest

from grants.domain.iban import country_length, rib_key_matches

pytestmark = pytest.mark.pure


def test_partner_countries_that_general_tables_forget_have_their_length():
    assert [country_length(country) for country in ("SN", "ML", "MG", "MA", "TN", "CI")] == [28, 28, 27, 28, 24, 28]


def test_one_country_of_every_length():
    lengths = {"NO": 15, "BE": 16, "NL": 18, "SI": 19, "LU": 20, "CH": 21, "DE": 22, "IL": 23, "ES": 24, "PT": 25}
    lengths |= {"DZ": 26, "IT": 27, "PL": 28, "BR": 29, "KW": 30, "MT": 31, "LC": 32, "RU": 33}
    assert {country: country_length(country) for country in lengths} == lengths


def test_countries_without_account_numbers_of_this_kind_have_no_length():
    assert (country_length("FR"), country_length("US")) == (27, None)


def test_the_french_key_is_the_one_of_bank_branch_and_account():
    assert rib_key_matches("FR7630006000011234567890189")
    assert not rib_key_matches("FR7630006000011234567890190")
    assert rib_key_matches("FR1420041010050500013M02606")


def test_countries_without_a_rib_have_no_such_key():
    assert rib_key_matches("DE89370400440532013000")
