"""Free text without the names that tell who wrote it: every listed name, address and number gives way to a mask.

Names are compared letter by letter, without case, accents, spaces, hyphens or any other sign between the letters:
`Terre d’Asile`, `TERRE-D'ASILE` and `terre\u00addasile` are one. A name begins and ends where a word does. A mask may
still miss a nickname, or words that only insiders understand: whoever shows masked text says so.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

from grants.domain.conflicts import FREE_PROVIDERS
from grants.domain.countries import COUNTRIES, SUBDIVISIONS
from grants.domain.places import PLACES

MASK = "[masqué]"
#: What stands for a text whose names could not be told: nothing of it is shown.
WITHHELD = "[texte retenu]"
KEPT = 20_000  # names that are not taken apart again
SHORTEST = 3  # letters of what is masked in any case, SIRET to nickname
_SHORTEST_LABEL = 4
_LONGEST_ACRONYM = 12
_EXPANDED = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th"})
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"\s+[-–—:|/]\s+|[()\[\]«»\"“”;,|]|\s/\s")
# an address, a link, a telephone, a number of a register: told by their shape, whoever they belong to
_SHAPES = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:https?://|www\.)[^\s<>«»\"]*[^\s<>«»\".,;:!?)]"
    r"|(?<![\w.+])(?:\+|00)[1-9](?:[ \u00a0\u202f.()-]{0,2}\d){7,13}(?!\d)"
    r"|(?<![\w.+])0[1-9](?:[ \u00a0\u202f.-]?\d\d){4}(?!\d)"
    r"|(?<!\w)\d{3}[ \u00a0\u202f]?\d{3}[ \u00a0\u202f]?\d{3}[ \u00a0\u202f]?\d{5}(?!\w)"
    r"|(?<!\w)W\d{9}(?!\w)"
)
_LITTLE = "the of and for in le la les l un une des de du d et en au aux pour par a sur avec sans entre y"
# kinds of bodies, and public bodies, whose remaining name is a place: the readers need the places
_BODIES = """
    association associations asso assoc ong ngo fondation foundation fonds comite committee collectif reseau network
    federation union centre center groupe societe cooperative scop scic sarl sas institut institute universite
    university agence agency maison amis
"""
_AUTHORITIES = "ville commune mairie departement region prefecture conseil"
# words of this trade: as a name, they are masked where they are written with a capital
_TRADE = """
    accueil action actions afrique alliance alliances avenir citoyen citoyens citoyennete cooperation culture cultures
    demain developpement diaspora diasporas droits ecole education emploi ensemble enfance enfants environnement espoir
    europe exil femme femmes formation france habitat horizon horizons insertion jeunes jeunesse lien liens logement
    migrant migrants migration migrations mobilite mobilites monde mondes partage passerelle passerelles paix projet
    projets refugies sante social sociale solidaire solidaires solidarite solidarites sport terre terres travail
"""
_BETWEEN = "de du des la le les da di dos van von der den el al ben bin ibn mme mlle monsieur madame"
_SMALL, _KINDS, _PUBLIC = (frozenset(words.split()) for words in (_LITTLE, _BODIES, _AUTHORITIES))
_COMMON, _PARTICLES = frozenset(_TRADE.split()), frozenset(_BETWEEN.split())


@dataclass(frozen=True)
class Names:
    """What tells who somebody is. `whole`: masked in any case; `proper`: where written with a capital; `acronyms`: where
    written in capitals."""

    whole: frozenset[str] = frozenset()
    proper: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()

    def __or__(self, other: "Names") -> "Names":
        """Both lists."""
        return Names(self.whole | other.whole, self.proper | other.proper, self.acronyms | other.acronyms)

    def __bool__(self) -> bool:
        """Whether any name is listed."""
        return bool(self.whole or self.proper or self.acronyms)


def redact(text: str, names: Names) -> str:
    """The text with a mask for every listed name and for whatever has the shape of an address or a number of a register.

    Redacting twice changes nothing more. A text without any of it comes back as it is.
    """
    prepared = _prepared(names)
    while (masked := _once(text, prepared)) != text:
        text = masked
    return text


def where(text: str, names: Names) -> list[tuple[int, int]]:
    """Where the listed names stand in a text, as (start, end); what overlaps is one."""
    return _joined(_named(text, _prepared(names)))


@lru_cache(maxsize=KEPT)
def organisation_names(name: str) -> Names:
    """An organisation's name and what people make of it: its parts, its initials, what remains without `Association`."""
    found = Names(_long({name}))
    for part in (name, *_APART.split(name)):
        found |= _of_part(part.strip())
    loud = name.isupper()
    return found | Names(acronyms=_long((word for word in _words(name) if not loud and _acronym(word)), 2))


def _of_part(part: str) -> Names:
    whole: set[str] = set()
    proper: set[str] = set()
    for said in (part, _from(part, _SMALL), _from(part, _SMALL | _KINDS)):
        words = _words(said)
        if fold(said) in _places():
            continue  # where somebody acts, the readers know
        if len(words) > 1 and any(_telling(word) for word in words):
            whole.add(said)
        elif words and _telling(words[0]) and not _acronym(said) and (said == part or not said[0].islower()):
            (proper if fold(said) in _COMMON else whole).add(said)
    capitals = _initials(_words(part)) | ({part} if _acronym(part) else set())
    return Names(_long(whole), _long(proper), _long(capitals, 2))


@lru_cache(maxsize=KEPT)
def person_names(name: str) -> Names:
    """A person's name, whole and in either order, and each of its parts where it is written as a name."""
    words = [word for word in _words(name) if fold(word) not in _PARTICLES]
    if not words:
        return Names()
    whole = {name, " ".join([*words[1:], words[0]]), " ".join([words[-1], *words[:-1]])} if len(words) > 1 else set()
    return Names(_long(whole), _long(words))


@lru_cache(maxsize=KEPT)
def address_names(address: str) -> Names:
    """An e-mail address or a site: the whole, its domain, and the domain's own word; providers for all tell nothing."""
    found = address.strip()
    host = (
        found.rpartition("@")[2]
        if "@" in found
        else (urlsplit(found if "//" in found else f"//{found}").hostname or "")
    )
    host = host.lower().removeprefix("www.")
    if not host or host in FREE_PROVIDERS:
        return Names(_long({found}))
    labels = host.split(".")
    label = max(labels[:-1] or labels, key=len)
    return Names(_long({found, host}) | ({label} if len(fold(label)) >= _SHORTEST_LABEL else frozenset()))


def exact_names(values: Iterable[str]) -> Names:
    """Numbers of registers, telephones and the like: masked as they are, however they are spaced."""
    return Names(_long({value.strip() for value in values}))


@lru_cache(maxsize=KEPT)
def fold(text: str) -> str:
    """The letters and digits of a text, without case, accents and anything else: what is compared."""
    if text.isascii():
        return "".join(sign for sign in text.lower() if sign.isalnum())
    spread = unicodedata.normalize("NFKD", text.casefold().translate(_EXPANDED)).casefold()
    return "".join(sign for sign in spread if sign.isalnum())


_Prepared = tuple[tuple[str, int], ...]  # (folded name, how it must be written: 0 any, 1 capital, 2 capitals)


@lru_cache(maxsize=1_000)
def _prepared(names: Names) -> _Prepared:
    found: dict[str, int] = {}
    for written, group in ((2, names.acronyms), (1, names.proper), (0, names.whole)):
        found |= {folded: written for name in group if (folded := fold(name))}
    return tuple(sorted(found.items()))


def _once(text: str, names: _Prepared) -> str:
    """Mask what is found, in the pieces between the masks that are there already."""
    return MASK.join(_masked(piece, names) for piece in text.split(MASK))


def _masked(text: str, names: _Prepared) -> str:
    spans = [(match.start(), match.end()) for match in _SHAPES.finditer(text)]
    spans += _named(text, names)
    if not spans:
        return text
    parts, done = [], 0
    for start, end in _joined(spans):
        parts += [text[done:start], MASK]
        done = end
    return "".join((*parts, text[done:]))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _named(text: str, names: _Prepared) -> list[tuple[int, int]]:
    """Where the names stand, as (start, end) in the text: from the first letter of a word to the last of one."""
    if not names:
        return []
    tokens = _tokens(text)
    letters = "".join(folded for folded, _start, _end in tokens)
    places, at = [], 0
    for folded, _start, _end in tokens:
        places.append(at)
        at += len(folded)
    places.append(at)
    found = []
    for name, written in names:
        at = letters.find(name)
        while at >= 0:
            first, last = bisect_left(places, at), bisect_left(places, at + len(name))
            if places[first] == at and places[last] == at + len(name):
                start, end = tokens[first][1], tokens[last - 1][2]
                if _as_written(text[start:end], written):
                    found.append((start, end))
            at = letters.find(name, at + 1)
    return found


def _as_written(piece: str, written: int) -> bool:
    """An acronym is in capitals, a proper name begins with one; scripts without capitals are always as they should be."""
    cased = [sign for sign in piece if sign.lower() != sign.upper()]
    if not cased or not written:
        return True
    return all(sign.isupper() or sign.istitle() for sign in (cased if written > 1 else cased[:1]))


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """(folded, start, end) of the words; where a script writes no spaces or joins small words, each letter is one."""
    found: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(text):
        start, word = match.start(), match.group()
        if word.isascii() or not any(unicodedata.category(sign) == "Lo" for sign in word):
            found.append((fold(word), start, match.end()))
        else:
            found += [(fold(sign), start + rank, start + rank + 1) for rank, sign in enumerate(word)]
    return [one for one in found if one[0]]


def _words(name: str) -> list[str]:
    return _WORD.findall(name)


def _long(names: Iterable[str], least: int = SHORTEST) -> frozenset[str]:
    return frozenset(name for name in names if len(fold(name)) >= least or (name and not name.isascii() and fold(name)))


def _telling(word: str) -> bool:
    return fold(word) not in _SMALL | _KINDS | _PUBLIC and len(fold(word)) >= SHORTEST


def _acronym(part: str) -> bool:
    letters = fold(part)
    upper = part.strip().isupper()
    return upper and 2 <= len(letters) <= _LONGEST_ACRONYM and letters not in _KINDS and len(_words(part)) == 1  # noqa: PLR2004


@cache
def _places() -> frozenset[str]:
    return frozenset(fold(label) for some in (COUNTRIES, SUBDIVISIONS, PLACES) for label in some.values())


def _from(part: str, left_out: frozenset[str]) -> str:
    """The name from the first word that is none of these: `Association Les Amis de Beira` gives `Beira`."""
    for match in _WORD.finditer(part):
        if fold(match.group()) not in left_out:
            return part[match.start() :].strip()
    return ""


def _initials(words: list[str]) -> set[str]:
    """First letters, with and without the small words; two letters say too little."""
    plain = [word for word in words if fold(word) not in _SMALL]
    found = (
        {"".join(word[0] for word in some).upper() for some in (words, plain) if not words[0].isdigit()}
        if words
        else set()
    )
    return {one for one in found if SHORTEST <= len(one) <= _LONGEST_ACRONYM}
