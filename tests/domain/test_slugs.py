"""Words for addresses and for searching."""

import pytest

from grants.domain.slugs import folded, slug

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Boîte à outils « mécénat »", "boite-a-outils-mecenat"),
        ("Cœur d’Afrique", "coeur-d-afrique"),
        ("  ", "projet"),
        ("مشروع", "projet"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_an_address_holds_letters_digits_and_hyphens(text: str, found: str) -> None:
    assert slug(text) == found


def test_a_long_title_is_cut_between_words() -> None:
    cut = slug("alpha " * 40, longest=30)
    assert cut == "alpha-alpha-alpha-alpha-alpha"


def test_a_search_does_not_ask_for_accents() -> None:
    assert folded("  Économie   SOLIDAIRE, Œuvre ") == "economie solidaire, oeuvre"
