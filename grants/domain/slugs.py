"""Words for addresses and for searching: lower case, without accents."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})


def folded(text: str) -> str:
    """The text as it is searched: `Économie  solidaire` gives `economie solidaire`."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(_LIGATURES))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def slug(text: str, longest: int = 80) -> str:
    """The text as a part of an address: `Boîte à outils` gives `boite-a-outils`; whole words, at most `longest` signs.

    A text without a letter or digit of ours gives `projet`.
    """
    kept: list[str] = []
    length = -1
    for found in re.finditer(r"[a-z0-9]+", folded(text)):
        length += 1 + len(found[0])
        if length > longest and kept:
            break
        kept.append(found[0])
    return "-".join(kept)[:longest] or "projet"
