"""What changed between two texts, word by word, so that a reader sees it at a glance."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
#: Longer texts are compared line by line: words would take too long, and nobody would read the marks.
MOST_PIECES = 6000


@dataclass(frozen=True)
class Piece:
    """A stretch of text: kept (neither), taken out (`gone`) or put in (`new`)."""

    text: str
    gone: bool = False
    new: bool = False


def word_marks(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what it lost and what it gained. Joined without `gone` it is `after`, without `new` `before`."""
    old, new = _pieces(before), _pieces(after)
    if len(old) + len(new) > MOST_PIECES:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("".join(old[first:last])))
            continue
        if last > first:
            found.append(Piece("".join(old[first:last]), gone=True))
        if end > start:
            found.append(Piece("".join(new[start:end]), new=True))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(text)
