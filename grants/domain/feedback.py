"""What a feedback is composed from: levels that a file reached, and sentences of comments in an order that tells nobody."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grants.domain.scoring import HALVES_A_POINT, Halves

_END = re.compile(r"(?<=[.!?…])[\s\u00a0\u202f]+(?=[«\"“(]?[\u00a0\u202f ]?[A-ZÀ-ÖØ-Þ0-9])|\n+")
_ABBREVIATED = re.compile(r"(?:\b(?:M|MM|Mme|Mlle|Dr|Pr|St|Ste|art|cf|p|ex|etc|env|max|min)|\b[A-Z])\.\Z")


@dataclass(frozen=True)
class Level:
    """Where a file stands on a criterion, in the words of the call. `reached`: the whole level (0 to 5) of the median."""

    key: str
    name: str
    reached: int
    words: str


def level(key: str, name: str, marks: Iterable[Halves], anchors: Sequence[str]) -> Level | None:
    """The level that the median of these marks (half points) reached; None without marks or without words for it.

    Between two levels it is the lower one: what is told was reached for at least half of those who read.
    """
    known = sorted(marks)
    if not known:
        return None
    reached = known[(len(known) - 1) // 2] // HALVES_A_POINT
    words = str(anchors[reached]).strip() if reached < len(anchors) else ""
    return Level(key, name, reached, words) if words else None


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a comment, as they were written. An abbreviation ends none."""
    found: list[str] = []
    for piece in _END.split(text):
        clean = piece.strip()
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {clean}"
        elif clean:
            found.append(clean)
    return tuple(found)


def shuffled(names: Iterable[str], file: str, about: str) -> list[str]:
    """These names in an order of this file and this criterion alone: the same each time, another for another file."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{file}:{about}:{name}".encode()).digest())


def composed(text: str, pieces: Iterable[str]) -> str:
    """The text with these pieces after it, a paragraph each; what stands in it already is not added again."""
    found = text.strip()
    for piece in pieces:
        if piece not in found:
            found = f"{found}\n\n{piece}" if found else piece
    return found
