"""What must not leave with a feedback to applicants: who judged, who else applied, what was written to stay inside.

`examine` shows where. What it finds for certain must be mended; what may be right is confirmed by its author. A stretch
of what stays inside is told by six words in a row; a name is told however it is spaced, accented or written. A guard is no
proof: a nickname, or words that only insiders understand, pass it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from grants.domain.redaction import Names, exact_names, fold, organisation_names, person_names, where

STRETCH = 6  # words in a row that make a stretch
SHORT = 3  # a text of fewer words says too little to be known again
LONG_TITLE = 8  # letters of a title that is not just a word of the trade
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"\s+[-–—:|/]\s+|[()\[\]«»\"“”;,|]")
_EMAIL = re.compile(
    r"[\w.+-]+[ \u00a0]?(?:@|\uff20|[(\[] ?(?:at|arobase) ?[)\]])[ \u00a0]?[\w-]+(?:[ \u00a0]?\.[ \u00a0]?[\w-]+)+",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.+])(?:\+|00)[1-9](?:[ \u00a0\u202f.()/-]{0,2}\d){7,13}(?!\d)"
    r"|(?<![\w.+])0[1-9](?:[ \u00a0\u202f./-]{0,2}\d\d){4}(?!\d)"
)
_FILE = re.compile(
    r"\b(?:dossiers?|candidatures?|file|application)\s+(?:n\s?[°ºo]\.?\s?|num[ée]ro\s+|no\.?\s+)?0*(\d{1,4})\b",
    re.IGNORECASE,
)
_CIVIL = re.compile(
    r"(?:\b(?:m|mr|mme|mlle|dr|pr|me|ms|mrs)\.?|\b(?:monsieur|madame|docteur|professeure?|ma[iî]tre)|\b[^\W\d_]\.)[ \u00a0\u202f]+(?:(?:de|du|des|la|le|les|ben|bin|el|al|van|von|der|den|di|da|dos)[ \u00a0\u202f]+){0,3}\Z",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:/|sur|out of)\s*(?:5|10|20|100)\b|\bnotes?\s+(?:moyennes?\s+)?(?:de\s+)?\d+(?:[.,]\d+)?"
    r"|\b\d+(?:[.,]\d+)?\s+points?\b",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:class[ée]+s?|rang|rank(?:ed)?)\s+(?:au\s+rang\s+)?(?:n\s?°\s?)?\d+(?:e|er|ère|ème)?\b|\b\d+(?:e|ème)\s+(?:place|rang)\b",
    re.IGNORECASE,
)
_READER = re.compile(
    r"\b(?:un|une|deux|trois|quatre|l['’](?:un|une|autre)\s+des|le premier|la première|le second|la seconde|one|two|three)\s+"
    r"(?:des\s+|de\s+nos\s+|of\s+the\s+)?(?:évaluat|lect|relect|rapporteu|experte?s?|juré|membres?\s+du\s+(?:comité|jury)|review|reader)\w*",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What was found."""

    PERSON = "person"  # somebody who judged, who sits on the committee, who works for the programme
    GIVEN = "given"  # a first name of one of them, alone
    ORGANISATION = "organisation"  # of another file
    NAMESAKE = "namesake"  # words that are also in such a name
    NUMBER = "number"
    TITLE = "title"
    INSIDE = "inside"  # word for word from what stays inside
    EMAIL = "email"
    PHONE = "phone"
    MARK = "mark"  # what one person gave, or where the file stands
    RANK = "rank"
    READER = "reader"  # one person among those who judged


SOFT = frozenset({Kind.GIVEN, Kind.NAMESAKE, Kind.MARK, Kind.RANK, Kind.READER})


@dataclass(frozen=True)
class Around:
    """What stands around a file. `people`: names of who judged, sits or works; `numbers`, `titles`, `organisations`: of
    the other files; `inside`: texts that stay inside.

    `told`: what the applicants know or are told anyway: their own names and texts, the criteria and their levels, the
    comments that were chosen. What stands there too is to be confirmed, and no stretch of it is held back.
    """

    people: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    own_number: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """Where something stands in the text (start, end), and what it is. `hard`: it must be mended."""

    start: int
    end: int
    kind: Kind
    hard: bool
    words: str

    @property
    def code(self) -> str:
        """What is confirmed: this kind in these words, wherever they stand."""
        return f"{self.kind}:{fold(self.words)}"


def examine(text: str, around: Around) -> tuple[Finding, ...]:
    """Everything that must be mended or confirmed before this text may leave, in the order of the text."""
    known = _Known(around.told)
    found = {
        Finding(start, end, kind, kind not in SOFT and not known.holds(kind, text[start:end]), text[start:end])
        for kind, start, end in _found(text, around)
    }
    return tuple(sorted(one for one in found if not any(_within(one, other) for other in found)))


def _within(one: Finding, other: Finding) -> bool:
    """A longer finding says it already: the family name inside the whole name."""
    longer = other.end - other.start > one.end - one.start
    return longer and other.start <= one.start and one.end <= other.end and (other.hard or not one.hard)


def hard(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What must be mended."""
    return tuple(one for one in findings if one.hard)


def unconfirmed(findings: Iterable[Finding], confirmed: Iterable[str]) -> tuple[Finding, ...]:
    """What waits for its author's word."""
    said = frozenset(confirmed)
    return tuple(one for one in findings if not one.hard and one.code not in said)


class _Known:
    """What the applicants know anyway: the folded words of each text, to look pieces up in."""

    def __init__(self, told: Iterable[str]) -> None:
        self._texts = ["".join(f" {word}" for word in _folded(text)) + " " for text in told]

    def holds(self, kind: Kind, piece: str) -> bool:
        """Whether a name stands there; an address or a number of another file is never known."""
        if kind not in (Kind.PERSON, Kind.ORGANISATION, Kind.TITLE):
            return False
        words = "".join(f" {word}" for word in _folded(piece)) + " "
        return any(words in text for text in self._texts)


def _found(text: str, around: Around) -> Iterator[tuple[Kind, int, int]]:
    yield from ((Kind.EMAIL, *match.span()) for match in _EMAIL.finditer(text))
    yield from ((Kind.PHONE, *match.span()) for match in _PHONE.finditer(text))
    yield from ((Kind.MARK, *match.span()) for match in _MARK.finditer(text))
    yield from ((Kind.RANK, *match.span()) for match in _RANK.finditer(text))
    yield from ((Kind.READER, *match.span()) for match in _READER.finditer(text))
    yield from _people(text, around.people)
    yield from _organisations(text, around.organisations)
    yield from ((Kind.TITLE, *span) for span in where(text, Names(frozenset(filter(_telling_title, around.titles)))))
    yield from _numbers(text, around)
    yield from ((Kind.INSIDE, *span) for span in _stretches(text, around))


@dataclass
class _Bodies:
    """What organisations are called: `whole`: in full, or by a part between signs; `short`: what people make of it; `alone`:
    one word that is the whole name; `letters`: initials that stand in it; `akin`: single words of it, initials made of it.
    """

    whole: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)
    akin: set[str] = field(default_factory=set)
    initials: set[str] = field(default_factory=set)

    def add(self, name: str) -> None:
        """One more organisation."""
        names, parts = organisation_names(name), {fold(part) for part in (name, *_APART.split(name))}
        for called in names.whole | names.proper:
            several, full = len(_WORD.findall(called)) > 1, fold(called) in parts
            kind = (self.whole if full else self.short) if several else self.alone if full else self.akin
            kind.add(called)
        for letters in names.acronyms:
            (self.letters if letters in _WORD.findall(name) else self.initials).add(letters)


def _organisations(text: str, names: Iterable[str]) -> Iterator[tuple[Kind, int, int]]:
    """A name in full, in any case. What people make of it with a capital, but where a sentence begins; there, and where
    ordinary words are alike, it is for the author to say."""
    bodies = _Bodies()
    for name in names:
        bodies.add(name)
    sure = Names(frozenset(bodies.whole), acronyms=frozenset(bodies.letters))
    yield from ((Kind.ORGANISATION, *span) for span in where(text, sure))
    for start, end in where(text, Names(frozenset(bodies.short), frozenset(bodies.alone))):
        meant = text[start].isupper() and not _begins(text, start)
        yield (Kind.ORGANISATION if meant else Kind.NAMESAKE, start, end)
    akin = Names(proper=frozenset(bodies.akin), acronyms=frozenset(bodies.initials))
    yield from ((Kind.NAMESAKE, *span) for span in where(text, akin))


def _begins(text: str, at: int) -> bool:
    """A sentence, a line or a quotation begins there."""
    ahead = text[:at].rstrip(" \u00a0\u202f")
    return not ahead or ahead[-1] in '.!?…:;\n\r•-–—«"“('


def _telling_title(title: str) -> bool:
    return len(_WORD.findall(title)) > 1 and len(fold(title)) >= LONG_TITLE


def _people(text: str, people: Iterable[str]) -> Iterator[tuple[Kind, int, int]]:
    """Whole names in any case; a family name with a capital, or after a civility; a first name with a capital."""
    whole = Names()
    family: set[str] = set()
    given: set[str] = set()
    for name in people:
        names, words = person_names(name), _WORD.findall(name)
        whole |= Names(names.whole)
        last = {word for word in words[1:] or words if word in names.proper}
        family |= last
        given |= names.proper - last
    yield from ((Kind.PERSON, *span) for span in where(text, whole))
    yield from ((Kind.PERSON, *span) for span in where(text, Names(proper=frozenset(family))))
    titled = where(text, Names(frozenset(family | given)))
    yield from ((Kind.PERSON, *span) for span in titled if _CIVIL.search(text[: span[0]]))
    yield from ((Kind.GIVEN, *span) for span in where(text, Names(proper=frozenset(given - family))))


def _numbers(text: str, around: Around) -> Iterator[tuple[Kind, int, int]]:
    """The numbers of other files, whole or by their last part after the word."""
    others = [number for number in around.numbers if fold(number) != fold(around.own_number)]
    yield from ((Kind.NUMBER, *span) for span in where(text, exact_names(others)))
    serials = {serial for number in others if (serial := _serial(number)) is not None}
    own = _serial(around.own_number)
    for match in _FILE.finditer(text):
        if int(match[1]) in serials and int(match[1]) != own:
            yield (Kind.NUMBER, *match.span())


def _serial(number: str) -> int | None:
    last = re.findall(r"\d+", number)[-1:]
    return int(last[0]) if last and len(last[0]) < 10 else None  # noqa: PLR2004


def _folded(text: str) -> list[str]:
    return [folded for folded in map(fold, _WORD.findall(text)) if folded]


def _stretches(text: str, around: Around) -> list[tuple[int, int]]:
    """Where the text repeats what stays inside, word for word: six words in a row, or the whole of a short text."""
    tokens = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]
    tokens = [token for token in tokens if token[0]]
    words, spans = [word for word, _start, _end in tokens], []
    for size, held in sorted(_held(around).items()):
        for first, gram in enumerate(_grams(words, size)):
            if gram in held:
                spans.append((tokens[first][1], tokens[first + size - 1][2]))
    return _joined(spans)


def _held(around: Around) -> dict[int, set[tuple[str, ...]]]:
    """The rows of words of what stays inside, by their length, without those that the applicants are told anyway."""
    held: dict[int, set[tuple[str, ...]]] = {}
    for text in around.inside:
        words = _folded(text)
        if len(words) >= SHORT:
            size = min(len(words), STRETCH)
            held.setdefault(size, set()).update(_grams(words, size))
    told = [_folded(text) for text in around.told]
    for size, grams in held.items():
        for words in told:
            grams.difference_update(_grams(words, size))
    return held


def _grams(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
