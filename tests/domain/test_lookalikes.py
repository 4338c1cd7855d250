"""Names that look alike meet under one key, and a name of two scripts is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.lookalikes import mixed_scripts, skeleton

pytestmark = pytest.mark.pure

CYRILLIC_TWIN = "Greenp\u0435ace"


def test_a_cyrillic_letter_in_a_latin_name_is_noticed_and_looks_like_the_latin_one():
    assert mixed_scripts(CYRILLIC_TWIN)
    assert skeleton(CYRILLIC_TWIN) == skeleton("Greenpeace")


def test_a_greek_letter_in_a_latin_name_is_noticed():
    assert mixed_scripts("\u0391ssociation")
    assert skeleton("\u0391ssociation") == skeleton("association")


@pytest.mark.parametrize(
    "name", ["Greenpeace", "\u041c\u0438\u0440", "Ville & Vivres 34", "\u0627\u0644\u0633\u0644\u0627\u0645 Paris", ""]
)
def test_a_name_of_one_script_is_not(name):
    assert not mixed_scripts(name)


def test_accents_spaces_and_case_do_not_make_another_name():
    assert skeleton("  Forêt   Ouverte ") == skeleton("FORET-OUVERTE") == "foretouverte"


def test_other_names_stay_apart():
    assert skeleton("Rives") != skeleton("Rivages")


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(name):
    assert skeleton(skeleton(name)) == skeleton(name)
