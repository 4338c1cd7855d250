"""What people know and files ask for, in the same words."""

import pytest

from grants.domain.competences import Knowledge, Need, tags_of_file, tags_of_people

pytestmark = pytest.mark.pure


def test_whoever_named_no_language_reads_that_of_the_call():
    tags = tags_of_people({"a": Knowledge(), "b": Knowledge(languages=("en", "es"))}, "fr")
    assert tags == {"a": {"language:fr"}, "b": {"language:en", "language:es"}}


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("sénégal", ("SN", "Région de Dakar")),
        ("Dakar", ("", "Région de Dakar, Sénégal")),
        ("SÉNÉGAL", ("SN-DK", "Dakar")),
    ],
)
def test_a_place_is_known_by_its_name_or_by_its_country(word, place):
    assert tags_of_file(Need("fr", (place,)), [Knowledge(territories=(word,))]) == {
        "language:fr",
        f"place:{word.casefold()}",
    }


def test_a_theme_is_a_whole_word_of_the_files_own():
    known = [Knowledge(themes=("Eau", "agriculture"))]
    assert tags_of_file(Need("fr", themes=("Accès à l’eau et agriculture",)), known) == {
        "language:fr",
        "theme:eau",
        "theme:agriculture",
    }
    assert tags_of_file(Need("fr", themes=("Bateaux",)), known) == {"language:fr", "theme:bateaux"}


def test_what_nobody_knows_keeps_its_own_words():
    assert tags_of_file(Need("fr", (("ML", "Kayes"),)), []) == {"language:fr", "place:kayes"}
