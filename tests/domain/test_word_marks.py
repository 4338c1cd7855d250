"""Marks of what changed in a text: nothing lost on either side."""

import random

import pytest

from grants.domain.word_marks import MOST_PIECES, Piece, word_marks

pytestmark = pytest.mark.pure


def test_a_word_replaced_is_marked_alone() -> None:
    assert word_marks("Relier deux côtes.", "Relier trois côtes.") == (
        Piece("Relier "),
        Piece("deux", gone=True),
        Piece("trois", new=True),
        Piece(" côtes."),
    )


def test_both_texts_can_be_read_back_from_the_marks() -> None:
    chance = random.Random(7)  # noqa: S311 -- the same texts each time
    for _ in range(200):
        before, after = (
            " ".join(chance.choices(["a", "bé", "c.", "\n", "d’e", "🌊"], k=chance.randrange(12))) for _ in "ab"
        )
        marks = word_marks(before, after)
        assert "".join(one.text for one in marks if not one.new) == before
        assert "".join(one.text for one in marks if not one.gone) == after


def test_very_long_texts_are_compared_by_lines() -> None:
    before = "\n".join(f"ligne {n} de texte" for n in range(MOST_PIECES // 4))
    marks = word_marks(before, before.replace("ligne 7 de", "ligne sept de"))
    assert [one.text for one in marks if one.gone] == ["ligne 7 de texte\n"]
