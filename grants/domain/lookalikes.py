"""Names that look alike: letters of several scripts in one name, and the key under which twins of the eye meet."""

import unicodedata

from grants.domain.text import comparison_key

_CONFUSED_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_CYRILLIC = ("авекмнорстухіјѕԁԛԝҺ", "abekmhopctyxijsdqwh")
_GREEK = ("αβεικνορτυχηω", "abeikvoptuxnw")
_TWINS = str.maketrans(_CYRILLIC[0].lower() + _GREEK[0], _CYRILLIC[1] + _GREEK[1])


def mixed_scripts(name: str) -> bool:
    """Letters of two of the scripts that share shapes (Latin, Cyrillic, Greek) stand in one name."""
    found = {unicodedata.name(sign, "").partition(" ")[0] for sign in name if sign.isalpha()}
    return len(found & _CONFUSED_SCRIPTS) > 1


def skeleton(name: str) -> str:
    """A key that names share when they look alike: `Greenpеace` with a Cyrillic е and `Greenpeace` have one.

    Accents and spaces do not count. For comparing only, never for showing.
    """
    bare = unicodedata.normalize("NFD", comparison_key(name).translate(_TWINS))
    return "".join(sign for sign in bare if sign.isalnum())
