"""The validation vectors of French and international identifiers, amounts, days, deadlines: accepted, warned, refused.

One table a column: what people type, and the one spelling that is kept, or that it is refused. Format errors refuse;
what may be real but is unknown warns.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from grants.domain.addresses import canonical
from grants.domain.calendar import months_between, parse_day
from grants.domain.countries import PUBLISHABLE, normalise_country, normalise_subdivision
from grants.domain.currencies import parse_in
from grants.domain.deadlines import end_of_day, instant, is_open
from grants.domain.iban import holder_differs
from grants.domain.identifiers import (
    department_of_insee,
    normalise_bic,
    normalise_iban,
    normalise_insee,
    normalise_postcode,
    normalise_rna,
    normalise_siren,
    normalise_siret,
    normalise_vat,
)
from grants.domain.money import format_plain, parse_amount, rate_bp, tranche_amounts, within_rate
from grants.domain.phones import normalise_phone
from grants.domain.places import COLLECTIVITIES, DEPARTMENTS, REGIONS, iso_of
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text

pytestmark = pytest.mark.pure

Reader = Callable[[str], Any]


def phone(text: str) -> str:
    return normalise_phone(text).e164


ACCEPTED: list[tuple[str, Reader, str, Any]] = [
    ("SIREN", normalise_siren, "732829320", "732829320"),
    ("SIREN", normalise_siren, "356 000\u00a0000", "356000000"),
    ("SIRET", normalise_siret, "73282932000074", "73282932000074"),
    ("SIRET", normalise_siret, "41816609600051", "41816609600051"),
    ("SIRET of La Poste's head office", normalise_siret, "35600000000048", "35600000000048"),
    ("SIRET of a post office", normalise_siret, "35600000018723", "35600000018723"),
    ("SIRET of a post office", normalise_siret, "35600000049837", "35600000049837"),
    ("RNA", normalise_rna, "W503726238", "W503726238"),
    ("RNA", normalise_rna, " w2a1 000001 ", "W2A1000001"),
    ("VAT", normalise_vat, "FR83404833048", "FR83404833048"),
    ("VAT", normalise_vat, "FR 44 732 829 320", "FR44732829320"),
    ("IBAN", normalise_iban, "FR7630006000011234567890189", "FR7630006000011234567890189"),
    ("IBAN with letters", normalise_iban, "FR1420041010050500013M02606", "FR1420041010050500013M02606"),
    ("IBAN of Senegal", normalise_iban, "SN08SN0100152000048500003035", "SN08SN0100152000048500003035"),
    ("IBAN of Mali", normalise_iban, "ML13ML0160120102600100668497", "ML13ML0160120102600100668497"),
    ("IBAN of Madagascar", normalise_iban, "MG4600005030071289421016045", "MG4600005030071289421016045"),
    ("BIC", normalise_bic, "psstfrppxxx", "PSSTFRPPXXX"),
    ("phone", phone, "03 20 42 83 11", "+33320428311"),
    ("phone of Guadeloupe", phone, "0690 12 34 56", "+590690123456"),
    ("phone of Mali", phone, "+223 20 22 33 44", "+22320223344"),
    ("e-mail", canonical, " Awa@Exemple.ORG ", "awa@exemple.org"),
    ("e-mail in Unicode", canonical, "re\u0301mi@exämple.org", "r\u00e9mi@xn--exmple-cua.org"),
    ("postcode", normalise_postcode, "75015", "75015"),
    ("postcode", normalise_postcode, "20000", "20000"),
    ("postcode", normalise_postcode, "97 400", "97400"),
    ("postcode", normalise_postcode, "59046 CEDEX", "59046"),
    ("INSEE", normalise_insee, "75115", "75115"),
    ("INSEE", normalise_insee, "2a004", "2A004"),
    ("INSEE", normalise_insee, "97411", "97411"),
    *[("country", normalise_country, code, code) for code in ("FR", "ML", "SN", "MG", "XK")],
    *[
        ("region abroad", normalise_subdivision, code, code)
        for code in ("ML-1", "MA-09", "MA-08", "MA-02", "MA-NAD", "TN-33")
    ],
    ("money", parse_amount, "15 000,50", 1_500_050),
    ("money", parse_amount, "15.000,50 €", 1_500_050),
    ("money", parse_amount, "15000.5", 1_500_050),
    ("money", parse_amount, "15\u202f000,50\u00a0€", 1_500_050),
    ("money in francs", lambda text: parse_in(text, "XOF"), "15 000 FCFA", 15_000),
    ("date", parse_day, "2027-03-01", date(2027, 3, 1)),
    ("date", parse_day, "01/03/2027", date(2027, 3, 1)),
]

REFUSED: list[tuple[str, Reader, str]] = [
    ("SIREN", normalise_siren, "000000000"),
    ("SIREN", normalise_siren, "123456789"),
    ("SIRET", normalise_siret, "41816609600052"),
    ("SIRET", normalise_siret, "35600000049838"),
    ("SIRET that passes Luhn", normalise_siret, "00000000000000"),
    ("SIRET of the State's placeholder", normalise_siret, "50000123456789"),
    ("RNA", normalise_rna, "2736251627"),
    ("RNA", normalise_rna, "A172736283"),
    ("RNA", normalise_rna, "W1827362718"),
    ("VAT of no SIREN", normalise_vat, "FR32123456789"),
    ("VAT of another key", normalise_vat, "FR84404833048"),
    ("VAT of another organisation", lambda text: normalise_vat(text, "732829320"), "FR83404833048"),
    ("VAT with O", normalise_vat, "FROO404833048"),
    ("IBAN", normalise_iban, "FR7630006000011234567890188"),
    ("IBAN", normalise_iban, "FR1420041010050500013M02607"),
    ("BIC", normalise_bic, "PSSTFRP"),
    ("BIC of another country", lambda text: normalise_bic(text, "FR7630006000011234567890189"), "DEUTDEFF"),
    ("phone", phone, "3949"),
    ("phone", phone, "06 12 34 56 78 9"),
    ("e-mail", canonical, "a@b"),
    ("e-mail", canonical, "a@b.c"),
    ("postcode", normalise_postcode, "00100"),
    ("postcode", normalise_postcode, "99123"),
    ("postcode", normalise_postcode, "2A004"),
    ("INSEE", normalise_insee, "20004"),
    ("INSEE", normalise_insee, "99100"),
    *[("country", normalise_country, code) for code in ("GP", "MQ", "GF", "RE", "YT")],
    ("money", parse_amount, "15,005"),
    ("money", parse_amount, "−1"),
    ("money", parse_amount, "-1"),
    ("money", parse_amount, "1.500"),
    ("money in francs", lambda text: parse_in(text, "XOF"), "15,50"),
    ("date", parse_day, "30/02/2027"),
]
READERS = list(dict.fromkeys([row[1] for row in ACCEPTED] + [row[1] for row in REFUSED]))


@pytest.mark.parametrize(("what", "reader", "typed", "kept"), ACCEPTED, ids=[f"{r[0]} {r[2]}" for r in ACCEPTED])
def test_what_is_right_is_kept_in_one_spelling(what: str, reader: Reader, typed: str, kept: object) -> None:
    assert reader(typed) == kept


@pytest.mark.parametrize(("what", "reader", "typed"), REFUSED, ids=[f"{r[0]} {r[2]}" for r in REFUSED])
def test_what_is_wrong_is_refused_with_a_reason(what: str, reader: Reader, typed: str) -> None:
    with pytest.raises(Unreadable) as refused:
        reader(typed)
    assert refused.value.reason


def test_a_possible_phone_number_that_nobody_has_warns_and_does_not_refuse() -> None:
    assert normalise_phone("0639 12 34 56").certain is False


def test_a_commune_tells_its_department_and_a_postcode_never_does() -> None:
    assert [department_of_insee(code) for code in ("75115", "2A004", "97411")] == ["75", "2A", "974"]


def test_region_and_department_codes_are_told_apart_by_their_type() -> None:
    assert (len(REGIONS), len(DEPARTMENTS), len(DEPARTMENTS | COLLECTIVITIES)) == (18, 101, 109)
    assert {code[4:] for code in COLLECTIVITIES} == {"975", "977", "978", "984", "986", "987", "988", "989"}
    assert (iso_of("REG-93"), iso_of("DEP-93")) == ("FR-PAC", "FR-93")
    assert "XK" not in PUBLISHABLE


def test_a_bank_of_overseas_france_holds_a_french_account() -> None:
    assert normalise_bic("SGCLNCNN", "FR7630006000011234567890189") == "SGCLNCNN"


@pytest.mark.parametrize(
    ("holder", "differs"),
    [
        ("RIVAGES PARTAGES", False),
        ("rivages  partagés", False),
        ("Rivages-Partagés", False),
        ("Awa Diop", True),
        ("Rivages", True),
    ],
)
def test_an_account_in_another_name_warns(holder: str, differs: bool) -> None:  # noqa: FBT001 -- a column
    assert holder_differs(holder, "Rivages partagés") is differs


def test_amounts_are_shown_and_shared_to_the_cent() -> None:
    assert parse_amount(format_plain(1_500_050)) == 1_500_050
    assert tranche_amounts(1_550_000, (6000, 3000, 1000)) == (930_000, 465_000, 155_000)


def test_a_rate_is_compared_in_integers() -> None:
    assert within_rate(1_550_000, 7_000, 2_290_000)
    assert rate_bp(1_550_000, 2_290_000) == 6_769
    assert not within_rate(1_800_000, 7_000, 2_195_100)
    assert rate_bp(1_800_000, 2_195_100) == 8_200


def test_a_project_lasts_by_the_calendar() -> None:
    assert months_between(date(2027, 3, 1), date(2027, 8, 31)) == 6


def test_a_deadline_is_exclusive_in_the_zone_of_the_call() -> None:
    closes_at = instant(date(2026, 12, 7), time(12))
    assert closes_at == datetime(2026, 12, 7, 11, tzinfo=UTC)
    opens_at = datetime(2026, 10, 1, tzinfo=UTC)
    assert is_open(opens_at, closes_at, datetime(2026, 12, 7, 10, 59, 59, 999_000, tzinfo=UTC))
    assert not is_open(opens_at, closes_at, closes_at)
    assert end_of_day(date(2026, 12, 7)) == datetime(2026, 12, 7, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "reason"), [(date(2026, 3, 29), "missing"), (date(2026, 10, 25), "ambiguous")], ids=["spring", "autumn"]
)
def test_dl_03_a_local_time_that_does_not_exist_or_comes_twice_is_not_guessed(day: date, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        instant(day, time(2, 30))
    assert refused.value.reason == reason
    if reason == "ambiguous":
        assert [instant(day, time(2, 30), fold=fold).hour for fold in (0, 1)] == [0, 1]


def test_a_text_is_counted_in_code_points_after_composition() -> None:
    assert len(clean_text("e\u0301te\u0301\r\n", 10)) == 3
    assert len(clean_text("👩\u200d👩\u200d👧", 10)) == 5  # as `[...text].length` counts in the browser
    with pytest.raises(Unreadable):
        clean_text("e\u0301" * 11, 10)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: getattr(reader, "__name__", "reader"))
@pytest.mark.parametrize("sign", ["0", "W", "FR", " ", "\u00a0", "1,", "a@", "a.", "+", "-", "(", "é", "1/"])
def test_tx_07_no_reader_works_long_on_a_hostile_text(reader: Reader, sign: str) -> None:
    from time import process_time  # noqa: PLC0415

    began = process_time()
    with pytest.raises(Unreadable):
        reader(sign * 50_000)
    assert process_time() - began < 0.2
