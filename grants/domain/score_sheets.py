"""A review as a row of fields, so that three of them can be compared: as it was taken away, as it came back, as it stands.

Fields are named `mark:C1`, `comment:C1`, `opinion`, `private_note`. A mark is written `4,5`, or `na` where the criterion
does not apply; nothing is the empty text, always.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from grants.domain.asking import print_of
from grants.domain.reasons import Unreadable
from grants.domain.scoring import Halves, MarkError, Rubric, mark_text, parse_mark, uncommented, unmarked
from grants.domain.text import clean_text

Fields: TypeAlias = Mapping[str, str]
MARK, COMMENT = "mark:", "comment:"
OPINION, PRIVATE_NOTE = "opinion", "private_note"
_SHORT = 40
#: The longest comment and the longest opinion or note, in code points.
COMMENT_LIMIT, OPINION_LIMIT = 2000, 4000
NOT_APPLICABLE = "na"
#: How people write that a criterion does not apply, without regard to case and spaces.
NOT_APPLICABLE_WORDS = frozenset({"s.o.", "s.o", "so", "sansobjet", "n/a", "n.a.", "na", "notapplicable"})


class GradeError(Unreadable):
    """Reasons: not_a_grade (typed), not_a_grade_or_na (typed, on an optional criterion), always_applies (typed)."""


class Since(StrEnum):
    """Who changed a field since the sheet was taken away: the sheet, somebody here, both and differently."""

    SHEET = "sheet"
    HERE = "here"
    BOTH = "both"


@dataclass(frozen=True)
class Change:
    """A field that is not the same everywhere: as it stands here, as the sheet brings it."""

    field: str
    here: str
    brought: str
    since: Since

    @property
    def proposed(self) -> bool:
        """Whether there is something to choose: what changed only here stays."""
        return self.since is not Since.HERE


def names_of(rubric: Rubric) -> Iterator[str]:
    """The names of all fields, in reading order."""
    for criterion in rubric:
        yield MARK + criterion.key
        yield COMMENT + criterion.key
    yield OPINION
    yield PRIVATE_NOTE


def written(
    marks: Mapping[str, Halves | None],
    comments: Mapping[str, str],
    not_applicable: Collection[str] = (),
    opinion: str = "",
    private_note: str = "",
) -> dict[str, str]:
    """The fields of a review that is kept as marks in half points and comments by criterion key."""
    found = {MARK + key: mark_text(halves) for key, halves in marks.items() if halves is not None}
    found |= {MARK + key: NOT_APPLICABLE for key in not_applicable}
    found |= {COMMENT + key: text for key, text in comments.items() if text}
    rest = {OPINION: opinion, PRIVATE_NOTE: private_note}
    return found | {name: text for name, text in rest.items() if text}


def marks_in(fields: Fields, rubric: Rubric) -> dict[str, Halves | None]:
    """The marks of these fields in half points, by criterion key; None where there is none."""
    typed = {one.key: fields.get(MARK + one.key, "") for one in rubric}
    return {key: parse_mark(text) if text and text != NOT_APPLICABLE else None for key, text in typed.items()}


def comments_in(fields: Fields, rubric: Rubric) -> dict[str, str]:
    """The comments of these fields by criterion key."""
    return {one.key: fields.get(COMMENT + one.key, "") for one in rubric}


def not_applicable_in(fields: Fields, rubric: Rubric) -> frozenset[str]:
    """The criteria that these fields say do not apply."""
    return frozenset(one.key for one in rubric if fields.get(MARK + one.key) == NOT_APPLICABLE)


def complete(fields: Fields, rubric: Rubric) -> bool:
    """Whether a review like this could be given: every criterion marked that applies, the extremes explained."""
    return not lacking(fields, rubric)


def lacking(fields: Fields, rubric: Rubric) -> tuple[str, ...]:
    """The names of the fields without which a review is not given, in reading order."""
    marks = marks_in(fields, rubric)
    bare = {MARK + key for key in unmarked(marks, rubric, not_applicable_in(fields, rubric))}
    bare |= {COMMENT + key for key in uncommented(marks, comments_in(fields, rubric), rubric)}
    return tuple(name for name in names_of(rubric) if name in bare)


def read_grade(typed: str, *, optional: bool) -> str:
    """A mark as people type it: `3,5`, `3.5`, `s.o.`; empty is no mark yet. Raises GradeError."""
    text = typed.strip()
    if not text:
        return ""
    if "".join(text.casefold().split()) in NOT_APPLICABLE_WORDS:
        if not optional:
            raise GradeError("always_applies", typed=_short(text))
        return NOT_APPLICABLE
    try:
        return mark_text(parse_mark(text))
    except MarkError as error:
        raise GradeError("not_a_grade_or_na" if optional else "not_a_grade", typed=_short(text)) from error


def read_field(name: str, typed: str, rubric: Rubric) -> str:
    """The value of a field as it is kept: a mark, or a text in one spelling. Raises Unreadable."""
    if not name.startswith(MARK):
        return clean_text(typed, OPINION_LIMIT if name in {OPINION, PRIVATE_NOTE} else COMMENT_LIMIT)
    return read_grade(typed, optional=any(MARK + one.key == name and one.optional for one in rubric))


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def prints_of(fields: Fields) -> dict[str, str]:
    """The fingerprint of each field that is filled."""
    return {name: print_of(text) for name, text in fields.items() if text}


def compare(bases: Mapping[str, str], here: Fields, brought: Fields) -> tuple[Change, ...]:
    """The fields of `brought` that are not what stands here, each with who changed it since `bases` (fingerprints).

    A field that `brought` does not hold is left alone; the same change on both sides is none.
    """
    changes = []
    for name, text in brought.items():
        stands = here.get(name, "")
        if text == stands:
            continue
        base = bases.get(name, print_of(""))
        moved_here, moved_there = base != print_of(stands), base != print_of(text)
        since = Since.BOTH if moved_here and moved_there else Since.HERE if moved_here else Since.SHEET
        changes.append(Change(name, stands, text, since))
    return tuple(changes)
