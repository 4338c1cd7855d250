"""What a call says of the set of files that it wants: bounds by territory, theme, kind of actor, organisation.

A bound names a tag. `territory:SN,ML` is carried by the files that act in Senegal or Mali; `theme:Eau`, `actor:company`
likewise; `organisation:*` stands for each organisation by itself: at most so many of its files. Between commas stand
alternatives; codes and names are compared without regard to capitals and accents.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TERRITORY, THEME, ACTOR, ORGANISATION = "territory", "theme", "actor", "organisation"
KINDS = (TERRITORY, THEME, ACTOR, ORGANISATION)
EVERY = "*"
EACH_ORGANISATION = f"{ORGANISATION}:{EVERY}"
LONGEST_TAG = 200
MOST_FILES = 10_000


@dataclass(frozen=True)
class Traits:
    """What of a file a bound may speak of. `territories`: (code, name), the code may be empty; `actors`: codes of kinds."""

    territories: tuple[tuple[str, str], ...] = ()
    themes: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()

    def of(self, kind: str) -> frozenset[str]:
        """Everything by which a bound of this kind could name the file, made comparable."""
        words: Mapping[str, Iterable[str]] = {
            TERRITORY: (word for pair in self.territories for word in pair),
            THEME: self.themes,
            ACTOR: self.actors,
        }
        return frozenset(plain(word) for word in words.get(kind, ()) if word)


def plain(word: str) -> str:
    """A word without capitals, accents and outer spaces."""
    apart = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("’", "'")


def split(tag: str) -> tuple[str, tuple[str, ...]]:
    """The kind of a tag and its alternatives."""
    kind, _sign, words = tag.partition(":")
    return kind, tuple(word.strip() for word in words.split(",") if word.strip())


def joined(kind: str, words: str) -> str:
    """The tag of a kind and of what somebody typed; each organisation needs no words."""
    return EACH_ORGANISATION if kind == ORGANISATION else f"{kind}:{','.join(split(f'{kind}:{words}')[1])}"


def sound(tag: object) -> bool:
    """It is a tag that a bound may name."""
    if not isinstance(tag, str) or len(tag) > LONGEST_TAG:
        return False
    kind, words = split(tag)
    return tag == EACH_ORGANISATION or (kind in KINDS[:3] and bool(words) and tag == joined(kind, ",".join(words)))


def carries(traits: Traits, tag: str) -> bool:
    """A file is among those that the bound counts."""
    kind, words = split(tag)
    return not traits.of(kind).isdisjoint(plain(word) for word in words)


def least_cents(requested_cents: int, share_bp: int, floor_cents: int = 0) -> int:
    """The least award for a request: the call's share of it in whole euros, rounded up, and not under its own floor."""
    share = -(-requested_cents * share_bp // 1_000_000) * 100
    return min(requested_cents, max(share, floor_cents))
