"""Texts that lose the names they hold: no listed name survives, and nothing else changes."""

import re
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.redaction import (
    MASK,
    Names,
    address_names,
    exact_names,
    fold,
    organisation_names,
    person_names,
    redact,
)

pytestmark = pytest.mark.pure

ORGANISATION = organisation_names("Comité d’Aide aux Exilés de Kébbi (CAEK)")
PERSON = person_names("Awa Diallo-N’Dour")

# Words of texts and words of names share no letter: what is found is a name, what is left is none.
LETTERS, OTHERS = "bcdfghjkl", "aemnopqrst"
text_words = st.text(LETTERS, min_size=1, max_size=8)
name_words = st.text(OTHERS, min_size=3, max_size=8)
written_names = st.lists(name_words, min_size=1, max_size=4)
between = st.sampled_from([" ", ", ", ".\n", "-", "’", " \u00a0", " – ", "/", " (", ") "])


@st.composite
def spellings(draw: st.DrawFn, words: list[str]) -> str:
    """A name as people write it: case, accents, hyphens, spaces, soft hyphens."""
    signs = draw(st.sampled_from([" ", "-", "", "’", "\u00ad", "  ", "\u00a0", "."]))
    whole = signs.join(words)
    shape = draw(st.sampled_from([str.upper, str.lower, str.title, str]))
    accented = draw(st.booleans())
    told = shape(whole)
    return told.replace("e", "é").replace("a", "à").replace("n", "ñ") if accented else told


@given(st.data())
def test_no_listed_name_survives_however_it_is_written(data: st.DataObject) -> None:
    listed = data.draw(st.lists(written_names, min_size=1, max_size=4))
    names = Names(whole=frozenset(" ".join(words) for words in listed))
    pieces = []
    for words in data.draw(st.lists(st.sampled_from(listed), min_size=1, max_size=5)):
        pieces += [data.draw(text_words), data.draw(between), data.draw(spellings(words)), data.draw(between)]
    shown = redact("".join(pieces), names)
    assert not set(fold(shown.replace(MASK, ""))) & set(OTHERS)
    assert re.findall(rf"[{LETTERS}]+", shown.replace(MASK, " ")) == pieces[::4]


@given(st.text(), st.lists(written_names, max_size=4))
def test_masking_twice_changes_nothing_more(text: str, listed: list[list[str]]) -> None:
    names = Names(
        whole=frozenset(" ".join(words) for words in listed[::2]),
        proper=frozenset(" ".join(words) for words in listed[1::2]),
        acronyms=frozenset(words[0] for words in listed),
    )
    once = redact(f"{text} {' '.join(word for words in listed for word in words)} {text}", names)
    assert redact(once, names) == once


@given(st.lists(st.tuples(st.text(LETTERS + string.punctuation.replace("@", ""), max_size=12), between)), written_names)
def test_a_text_without_names_is_unchanged(parts: list[tuple[str, str]], words: list[str]) -> None:
    text = "".join(f"{word}{sign}" for word, sign in parts)
    assert redact(text, Names(whole=frozenset({" ".join(words)}))) == text


@given(st.text())
def test_without_any_name_only_addresses_and_numbers_are_masked(text: str) -> None:
    plain = "".join(sign for sign in text if not sign.isdigit() and sign not in "@/.w")
    assert redact(plain, Names()) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Le Comité d’Aide aux Exilés de Kébbi agit.", "Le [masqué] agit."),
        ("COMITE D'AIDE AUX EXILES DE KEBBI", "[masqué]"),
        ("l’Aide-aux-exilés de\nKebbi", "l’[masqué]"),
        ("Le CAEK, la C.A.E.K. et le caek", "Le [masqué], la [masqué]. et le caek"),
        ("Le Comité de pilotage aide les exilés.", "Le Comité de pilotage aide les exilés."),
        ("Exilés de Kébbi : la ville de Kébbi", "Exilés de Kébbi : la ville de Kébbi"),
    ],
)
def test_an_organisation_is_found_by_its_name_its_parts_and_its_initials(text: str, shown: str) -> None:
    assert redact(text, ORGANISATION) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mme Awa Diallo-N’Dour signe.", "Mme [masqué] signe."),
        ("DIALLO N’DOUR Awa", "[masqué]"),
        ("Mme Diallo et M. Dallo", "Mme [masqué] et M. Dallo"),
        ("Awa explique", "[masqué] explique"),
        ("un awa", "un awa"),
    ],
)
def test_a_person_is_found_by_the_name_in_any_order_and_by_its_parts(text: str, shown: str) -> None:
    assert redact(text, PERSON) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("jane@asso-alfa.org", "Jane.Doe+x@mail.asso-alfa.org", "https://asso-alfa.org/nous?x=1", "www.alfa.example"),
        *("06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "0033612345678", "+221 77 123 45 67"),
        *("404 833 048 00022", "40483304800022", "W751987654"),
    ],
)
def test_addresses_telephones_and_numbers_of_registers_are_masked_whosever_they_are(text: str) -> None:
    assert redact(f"Voir {text}, puis revenir.", Names()) == f"Voir {MASK}, puis revenir."


@pytest.mark.parametrize(
    "text",
    [
        *("12 000 000 €", "2027-03-01", "du 12/03/2027 au 31/08/2027", "1 234 567 890 personnes", "75011 Paris"),
        *("art. 1.2.3", "W 3", "le 01/02", "10 %", "n° 2021-1947", "et/ou", "3.5.1 Objectifs"),
    ],
)
def test_figures_dates_and_places_stay(text: str) -> None:
    assert redact(text, Names()) == text


def test_a_listed_number_is_found_however_it_is_spaced() -> None:
    names = exact_names(["404833048", "HRB 12345"])
    assert redact("SIREN 404 833 048 ; hrb-12345", names) == "SIREN [masqué] ; [masqué]"


def test_the_word_of_a_domain_is_a_name_but_a_provider_for_all_is_none() -> None:
    assert redact("Alfa-Kebbi agit", address_names("jane@alfa-kebbi.org")) == "[masqué] agit"
    assert redact("Gmail, orange", address_names("jane@orange.fr")) == "Gmail, orange"


def test_names_in_scripts_without_spaces_or_with_joined_words_are_found() -> None:
    names = Names(whole=frozenset({"阿尔法协会", "جمعية ألفا"}))
    assert redact("我们阿尔法协会的项目", names) == "我们[masqué]的项目"
    assert redact("وجمعية ألفا تعمل", names) == "و[masqué] تعمل"


def test_letters_with_marks_apart_are_the_same_letters() -> None:
    apart = unicodedata.normalize("NFD", "Les Exilés de Kébbi en œuvre")
    assert redact(apart, Names(whole=frozenset({"kebbi", "OEUVRE"}))).count(MASK) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ville de Lyon", "À Lyon, la solidarité"),
        ("Association Solidarité", "la solidarité des associations"),
        ("Association du dossier", "le dossier de l’association"),
        ("Fonds pour le Maroc", "au Maroc"),
        ("Comité Burkina Faso – Seine-Saint-Denis", "au Burkina Faso et en Seine-Saint-Denis"),
    ],
)
def test_places_and_words_of_every_day_are_not_taken_for_a_name(name: str, text: str) -> None:
    assert redact(text, organisation_names(name)) == text


def test_a_mask_that_stands_already_is_left_alone() -> None:
    names = Names(whole=frozenset({"masqué", "Alfa Beta"}))
    assert redact("[masqué] Alfa [masqué] Beta", names) == "[masqué] Alfa [masqué] Beta"
