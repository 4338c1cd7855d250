"""How figures, dates and spaces are written. `~` stands for a no-break space, `_` for a narrow one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from markupsafe import Markup

from grants.delivery import typography

pytestmark = pytest.mark.pure

NOON = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)


def shown(text: str) -> str:
    return text.replace("\u00a0", "~").replace("\u202f", "_")


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (1_550_000, "15_500~€", "€15,500"),
        (1_550_050, "15_500,50~€", "€15,500.50"),
        (0, "0~€", "€0"),
        (5, "0,05~€", "€0.05"),
        (-85_000, "−850~€", "−€850"),
        (None, "–", "–"),
    ],
)
def test_amounts_show_cents_only_when_there_are_some(cents: int | None, french: str, english: str) -> None:
    assert shown(typography.euros(cents)) == french
    assert shown(typography.euros(cents, language="en")) == english


def test_a_gain_shows_its_plus_when_asked() -> None:
    assert shown(typography.euros(500_00, sign=True)) == "+500~€"
    assert shown(typography.euros(0, sign=True)) == "0~€"


@pytest.mark.parametrize(
    ("basis_points", "french", "english"),
    [
        (6670, "66,7~%", "66.7%"),
        (7000, "70~%", "70%"),
        (7004, "70,04~%", "70.04%"),
        (-50, "−0,5~%", "−0.5%"),
        (None, "–", "–"),
    ],
)
def test_shares_are_never_rounded_over_a_limit(basis_points: int | None, french: str, english: str) -> None:
    assert shown(typography.percent(basis_points)) == french
    assert shown(typography.percent(basis_points, language="en")) == english


@pytest.mark.parametrize(
    ("value", "expected"),
    [(64.5, "64,5"), (64, "64"), (Fraction(193, 3), "64,3"), (Decimal("86.05"), "86,1"), (-1, "−1"), (None, "–")],
)
def test_scores_have_one_decimal_at_most(value: float | Decimal | Fraction | None, expected: str) -> None:
    assert typography.score(value) == expected


def test_a_difference_of_scores_shows_its_plus() -> None:
    assert typography.score(2, sign=True) == "+2"


def test_decimals_line_up_and_thousands_stand_apart() -> None:
    assert typography.decimal(86) == "86,0"
    assert typography.decimal(None) == "–"
    assert shown(typography.number(12_345)) == "12_345"
    assert typography.number(12_345, language="en") == "12,345"


def test_days_are_written_in_full_and_in_short() -> None:
    assert typography.day(date(2026, 12, 7)) == "lundi 7 décembre 2026"
    assert typography.day_short(date(2026, 12, 7)) == "7 déc. 2026"
    assert typography.month(date(2027, 3, 1)) == "mars 2027"
    assert typography.day(date(2026, 12, 7), language="en") == "Monday 7 December 2026"
    assert typography.day_short(date(2026, 12, 7), language="en") == "7 Dec 2026"
    assert typography.day(None) == "–"


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    assert typography.day(date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert typography.day_short(date(2026, 12, 1)) == "1er déc. 2026"
    assert typography.day(date(2026, 12, 1), language="en") == "Tuesday 1 December 2026"


def test_a_moment_is_told_with_its_zone() -> None:
    assert shown(typography.moment(NOON)) == "lundi 7 décembre 2026 à 12~h~00 (heure de Paris)"
    assert shown(typography.moment(NOON, "Africa/Dakar")) == "lundi 7 décembre 2026 à 11~h~00 (heure de Dakar)"
    assert typography.moment(NOON, language="en") == "Monday 7 December 2026 at 12:00 (Paris time)"
    assert shown(typography.moment_short(NOON)) == "7 déc. 2026, 12~h~00"
    assert shown(typography.hour(NOON)) == "12~h~00"
    assert typography.moment(None) == typography.moment_short(None) == typography.hour(None) == "–"


def test_a_moment_asked_as_a_day_is_the_day_in_paris() -> None:
    assert typography.day_short(datetime(2026, 12, 6, 23, 30, tzinfo=UTC)) == "7 déc. 2026"


@pytest.mark.parametrize(
    ("zone", "french", "english"),
    [
        ("Europe/Paris", "heure de Paris", "Paris time"),
        ("Africa/Abidjan", "heure d’Abidjan", "Abidjan time"),
        ("Africa/Cairo", "heure du Caire", "Cairo time"),
        ("UTC", "temps universel", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_city(zone: str, french: str, english: str) -> None:
    assert typography.zone_name(zone) == french
    assert typography.zone_name(zone, language="en") == english


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (0, "0~octets", "0~bytes"),
        (410_000, "410~ko", "410~kB"),
        (1_230_000, "1,2~Mo", "1.2~MB"),
        (20_000_000, "20~Mo", "20~MB"),
        (3_500_000_000, "3,5~Go", "3.5~GB"),
        (None, "–", "–"),
    ],
)
def test_files_are_weighed_in_round_words(size: int | None, french: str, english: str) -> None:
    assert shown(typography.file_size(size)) == french
    assert shown(typography.file_size(size, language="en")) == english


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Aïssatou Diop", "AD"), ("Jean-Pierre de l’Étang", "JÉ"), ("Apes", "A"), ("", ""), ("Ville & Vivres", "VV")],
)
def test_initials_stand_for_a_name(name: str, expected: str) -> None:
    assert typography.initials(name) == expected


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("Vraiment ? Oui !", "Vraiment_? Oui_!"),
        ("Budget : 2 lignes ; fin", "Budget~: 2 lignes_; fin"),
        ("dans « Objectifs »", "dans «_Objectifs_»"),
        ("à 14 h 32", "à 14~h~32"),
        ("70 % au plus, 850 €, 20 Mo", "70~% au plus, 850~€, 20~Mo"),
        ("dossier n° 13", "dossier n°~13"),
        ("https://exemple.org/?a=1 : ici", "https://exemple.org/?a=1~: ici"),
        ("ratio 1:2, 10 heures", "ratio 1:2, 10 heures"),
    ],
)
def test_french_spaces_do_not_break(plain: str, expected: str) -> None:
    assert shown(typography.typo(plain)) == expected


def test_english_is_left_alone() -> None:
    assert typography.typo("Really ? 70 %", language="en") == "Really ? 70 %"


def test_html_is_changed_between_its_tags_only() -> None:
    html = Markup('<a href="/x ?q=1" title="Vu ?">Vu ?</a> <b>Ici</b> : <br>fin !')
    written = typography.typo(html)
    assert isinstance(written, Markup)
    assert shown(written) == '<a href="/x ?q=1" title="Vu ?">Vu_?</a> <b>Ici</b>~: <br>fin_!'


def test_what_people_may_copy_or_send_back_stays_as_it_is() -> None:
    html = Markup("<textarea>Oui ?</textarea><pre>a ; b</pre><option>70 %</option><code>x !</code>")
    assert typography.typo(html) == html


def test_the_filters_ask_for_the_language_at_each_use() -> None:
    language = "fr"
    filters = typography.filters(lambda: language)
    assert shown(filters["euros"](100_00)) == "100~€"
    language = "en"
    assert filters["euros"](100_00) == "€100"
    assert filters["initials"]("Claire Pons") == "CP"
