"""Marks: half points from 0 to 5, weighted into a score out of 100 that is kept as an exact fraction.

A criterion that does not apply to a file has no mark, which is never zero. The weights of the others are brought back to
100 for that review alone: score = 100 × Σ weight × mark / (5 × Σ weight), both sums over the criteria marked. A mean of
several reviews is the mean of their scores; a mean on one criterion is that of the marks there are.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from grants.domain.reasons import Unreadable

#: A mark is counted in half points: 9 is 4,5. None: not marked yet, which is never zero.
Halves: TypeAlias = int
TOP_HALVES = 10
HALVES_A_POINT = 2
TOTAL_WEIGHT = 100
FEWEST_LETTERS = 3
#: At or below 1,5 and at or above 4,5 a mark needs its reason.
LOW_HALVES = 3
HIGH_HALVES = 9

_LONGEST_MARK = 16
_MARK = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?\Z")


class MarkError(Unreadable):
    """Reasons: empty, not_a_mark, out_of_scale (minimum, maximum), not_a_half_point."""


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric. Files whose mean lies below `minimum_mean` half points (5 is 2,5) are out.

    `optional`: it may not apply to a file. A file to which nobody applied it has no mean on it, thus not a low one.
    """

    key: str
    weight: int
    minimum_mean: Halves | None = None
    optional: bool = False


Rubric: TypeAlias = tuple[Criterion, ...]


def parse_mark(text: str) -> Halves:
    """Read `4,5`, `4.5` or `4` and return half points (9, 9, 8). Raises MarkError."""
    mark = text.strip(" \u00a0\u202f") if len(text) <= _LONGEST_MARK else "?"
    if not mark:
        raise MarkError("empty")
    found = _MARK.match(mark)
    if found is None:
        raise MarkError("not_a_mark" if not mark.startswith("-") else "out_of_scale")
    halves = Fraction(f"{found[1]}.{found[2] or 0}") * HALVES_A_POINT
    if halves > TOP_HALVES:
        raise MarkError("out_of_scale", minimum=0, maximum=TOP_HALVES // HALVES_A_POINT)
    if halves.denominator != 1:
        raise MarkError("not_a_half_point")
    return int(halves)


def mark_text(halves: Halves, comma: str = ",") -> str:
    """Write half points as people do: 9 is `4,5`, 8 is `4`."""
    points, half = divmod(halves, HALVES_A_POINT)
    return f"{points}{comma}5" if half else str(points)


def unmarked(
    marks: Mapping[str, Halves | None], rubric: Rubric, not_applicable: Collection[str] = ()
) -> tuple[str, ...]:
    """Keys of the criteria that apply and have no mark, in the rubric's order; all of them where none applies."""
    bare = tuple(criterion.key for criterion in rubric if marks.get(criterion.key) is None)
    waiting = tuple(key for key in bare if key not in not_applicable)
    return waiting or (bare if len(bare) == len(rubric) else ())


def total(marks: Mapping[str, Halves | None], rubric: Rubric, not_applicable: Collection[str] = ()) -> Fraction | None:
    """Score out of 100 over the criteria that apply. None while one of these has no mark, and where none applies."""
    applying = [criterion for criterion in rubric if criterion.key not in not_applicable]
    given = [(criterion.weight, halves) for criterion in applying if (halves := marks.get(criterion.key)) is not None]
    return score(given) if len(given) == len(applying) else None


def score(weighted: Iterable[tuple[int, Halves]]) -> Fraction | None:
    """Score out of 100 of these (weight, mark in half points), whatever their weights add up to. None of nothing."""
    known = tuple(weighted)
    return ratio(sum(weight * halves for weight, halves in known), sum(weight for weight, _ in known))


def ratio(weighted: int, weights: int) -> Fraction | None:
    """Score out of 100 of Σ weight × half points over Σ weight, as a database sums them. None without any weight."""
    return Fraction(weighted * TOTAL_WEIGHT, weights * TOP_HALVES) if weights else None


def mean(values: Iterable[Fraction | int]) -> Fraction | None:
    """Exact mean; None of nothing."""
    known = tuple(values)
    # over one denominator: adding fractions one by one reduces each sum
    scale = lcm(*{value.denominator for value in known})
    total = sum(value.numerator * (scale // value.denominator) for value in known)
    return Fraction(total, scale * len(known)) if known else None


def points_mean(halves: Iterable[Halves]) -> Fraction | None:
    """Mean of marks given in half points, in points (0 to 5); None of nothing."""
    average = mean(halves)
    return None if average is None else average / HALVES_A_POINT


def display(value: Fraction, digits: int = 2) -> Decimal:
    """Round half up to so many digits, for showing only: what decides is the fraction itself."""
    scale = 10**digits
    rounded = (abs(value) * scale * 2 + 1) // 2
    return Decimal(rounded if value >= 0 else -rounded).scaleb(-digits)


def comment_compulsory(halves: Halves, low: Halves = LOW_HALVES, high: Halves = HIGH_HALVES) -> bool:
    """A very low or very high mark (≤ 1,5 or ≥ 4,5 by default) needs its reason."""
    return halves <= low or halves >= high


def uncommented(marks: Mapping[str, Halves | None], comments: Mapping[str, str], rubric: Rubric) -> tuple[str, ...]:
    """Keys of the criteria whose mark needs a comment that is not there or says nothing, in the rubric's order."""
    extreme = (c.key for c in rubric if (halves := marks.get(c.key)) is not None and comment_compulsory(halves))
    return tuple(key for key in extreme if not says_something(comments.get(key, "")))


def says_something(words: str) -> bool:
    """A few letters at least: a dot or a letter alone explains nothing."""
    return sum(sign.isalnum() for sign in words) >= FEWEST_LETTERS


def weights_complete(rubric: Rubric) -> bool:
    """The weights of a rubric are positive, add up to 100, and no key stands twice."""
    keys = {criterion.key for criterion in rubric}
    weights = [criterion.weight for criterion in rubric]
    return len(keys) == len(rubric) and all(w > 0 for w in weights) and sum(weights) == TOTAL_WEIGHT
