"""Identifiers: one spelling or the reason, with the numbers that general libraries get wrong."""

import json
import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.identifiers import (
    IdentifierError,
    normalise_bic,
    normalise_iban,
    normalise_postcode,
    normalise_rna,
    normalise_siren,
    normalise_siret,
)

pytestmark = pytest.mark.pure

ROWS = json.loads((Path(__file__).parent / "data" / "demo_caac.json").read_text(encoding="utf-8"))["results"]
ALL = [normalise_siren, normalise_siret, normalise_rna, normalise_iban, normalise_bic, normalise_postcode]
IBAN = "FR7630006000011234567890189"


def reason(normalise, text):
    with pytest.raises(IdentifierError) as refused:
        normalise(text)
    return refused.value.reason


def with_key(national):
    """A French account number with a good key modulo 97, whatever its RIB key."""
    key = 98 - int("".join(str(int(sign, 36)) for sign in national + "FR00")) % 97
    return f"FR{key:02d}{national}"


@pytest.mark.parametrize(
    ("normalise", "typed", "kept"),
    [
        (normalise_siren, "732829320", "732829320"),
        (normalise_siren, " 356 000\u00a0000 ", "356000000"),
        (normalise_siret, "732 829 320 00074", "73282932000074"),
        (normalise_siret, "41816609600051", "41816609600051"),
        (normalise_siret, "35600000000048", "35600000000048"),
        (normalise_siret, "35600000018723", "35600000018723"),
        (normalise_siret, "35600000049837", "35600000049837"),
        (normalise_rna, "w503 726 238", "W503726238"),
        (normalise_rna, "W2A1000001", "W2A1000001"),
        (normalise_iban, "fr76 3000 6000 0112 3456 7890 189", IBAN),
        (normalise_iban, "FR1420041010050500013M02606", "FR1420041010050500013M02606"),
        (normalise_iban, "SN08SN0100152000048500003035", "SN08SN0100152000048500003035"),
        (normalise_iban, "ML13ML0160120102600100668497", "ML13ML0160120102600100668497"),
        (normalise_iban, "MG4600005030071289421016045", "MG4600005030071289421016045"),
        (normalise_iban, "MA64011519000001205000534921", "MA64011519000001205000534921"),
        (normalise_iban, "MC5811222000010123456789030", "MC5811222000010123456789030"),
        (normalise_iban, "DE89370400440532013000", "DE89370400440532013000"),
        (normalise_iban, "NO9386011117947", "NO9386011117947"),
        (normalise_bic, "bnpafrpp", "BNPAFRPP"),
        (normalise_bic, "SOGEFRPPXXX", "SOGEFRPPXXX"),
        (normalise_postcode, "75015", "75015"),
        (normalise_postcode, "20000", "20000"),
        (normalise_postcode, "97 400", "97400"),
    ],
)
def test_a_good_identifier_is_brought_to_its_one_spelling(normalise, typed, kept):
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    ("normalise", "typed", "why"),
    [
        (normalise_siren, "", "empty"),
        (normalise_siren, "000000000", "all_zeros"),
        (normalise_siren, "123456789", "checksum"),
        (normalise_siren, "73282932", "length"),
        (normalise_siren, "73282932O", "characters"),
        (normalise_siren, "\uff17\uff13\uff12829320", "characters"),
        (normalise_siret, "41816609600052", "checksum"),
        (normalise_siret, "35600000049838", "checksum"),
        (normalise_siret, "00000000000000", "all_zeros"),
        (normalise_siret, "50000123456789", "siren"),
        (normalise_siret, "732829320", "length"),
        (normalise_rna, "2736251627", "shape"),
        (normalise_rna, "A172736283", "shape"),
        (normalise_rna, "W1827362718", "shape"),
        (normalise_rna, "", "empty"),
        (normalise_iban, "FR7630006000011234567890188", "checksum"),
        (normalise_iban, "FR1420041010050500013M02607", "checksum"),
        (normalise_iban, IBAN[:-1], "length"),
        (normalise_iban, "US64SVBKUS6S3300958879", "country"),
        (normalise_iban, "XX", "shape"),
        (normalise_iban, IBAN.replace("F", "\u0424"), "characters"),
        (normalise_iban, IBAN.replace("0", "\u041e"), "characters"),
        (normalise_bic, "BNPAFRP", "shape"),
        (normalise_bic, "BNPA1RPP", "shape"),
        (normalise_postcode, "00100", "shape"),
        (normalise_postcode, "99123", "shape"),
        (normalise_postcode, "2A004", "shape"),
        (normalise_postcode, "7501", "shape"),
    ],
)
def test_a_wrong_identifier_says_why(normalise, typed, why):
    assert reason(normalise, typed) == why


def test_a_country_without_account_numbers_is_named():
    with pytest.raises(IdentifierError) as refused:
        normalise_iban("US64SVBKUS6S3300958879")
    assert refused.value.params == {"country": "US"}


def test_an_iban_with_a_good_key_but_a_wrong_rib_key_is_refused():
    assert with_key(IBAN[4:]) == IBAN
    assert reason(normalise_iban, with_key("30006000011234567890188")) == "checksum"


def test_the_bank_stands_in_the_country_of_the_account():
    assert normalise_bic("BNPAFRPP", IBAN) == "BNPAFRPP"
    with pytest.raises(IdentifierError) as refused:
        normalise_bic("BNPADEFF", IBAN)
    assert (refused.value.reason, refused.value.params) == ("country", {"country": "DE"})


@pytest.mark.parametrize("row", [row for row in ROWS if "siren" in row], ids=lambda row: row["id"])
def test_the_visibly_fake_identifiers_of_the_demonstration_are_good(row):
    assert normalise_siren(row["siren"]) == row["siren"]
    assert normalise_siret(row["siret"]) == row["siret"]
    assert normalise_iban(row["iban"]) == row["iban"]
    if row["rna"]:
        assert normalise_rna(row["rna"]) == row["rna"]


@given(st.integers(2, 26), st.sampled_from(string.digits))
def test_any_one_digit_changed_in_an_account_number_is_found(
    at, digit
):  # a letter counts as two and may escape both keys
    changed = IBAN[:at] + digit + IBAN[at + 1 :]
    if changed != IBAN:
        assert reason(normalise_iban, changed) == "checksum"


@pytest.mark.parametrize("national", ["300060000112345678901H9", "3000600001123456789018I", "C0006000011234567890189"])
def test_letters_stand_in_the_account_number_of_a_rib_alone(national):
    assert reason(normalise_iban, with_key(national)) == "checksum"


@pytest.mark.parametrize("normalise", ALL)
@given(text=st.text(max_size=120))
def test_any_text_is_kept_in_one_spelling_or_refused_with_a_reason(normalise, text):
    with suppress(IdentifierError):
        kept = normalise(text)
        assert normalise(kept) == kept
        assert kept.isascii()


@pytest.mark.parametrize("normalise", ALL)
def test_a_very_long_text_is_not_even_looked_at(normalise):
    assert reason(normalise, "W" * 50_000) == "characters"
