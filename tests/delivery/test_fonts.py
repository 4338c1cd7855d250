"""The typeface of letters is carried along and holds what French money and quotes need."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from grants.delivery.fonts import letter_assets

pytestmark = pytest.mark.pure


def test_both_weights_are_there_under_their_addresses():
    assets = letter_assets()
    assert {"asset:plex-sans-regular.woff2", "asset:plex-sans-bold.woff2"} <= set(assets)
    assert {mime for _, mime in assets.values()} == {"font/woff2"}


@pytest.mark.parametrize("name", ["asset:plex-sans-regular.woff2", "asset:plex-sans-bold.woff2"])
def test_the_face_has_the_narrow_space_the_euro_and_the_accents(name):
    known = TTFont(BytesIO(letter_assets()[name][0])).getBestCmap()
    assert {ord(character) for character in "\u202f\u00a0€«»’–−œŒŸÉÈÀç"} <= set(known)


def test_a_folder_without_fonts_gives_no_assets(tmp_path):
    assert letter_assets(tmp_path) == {}
