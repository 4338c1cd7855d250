"""Ranking: the files of a call in the order of their means, ties broken in the stated order, and the envelope's line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import lcm
from typing import NamedTuple, TypeAlias

from grants.domain.scoring import HALVES_A_POINT, Rubric, mean

#: Ascending: the smaller comes first. Means are negated, so that the larger comes first; over one denominator.
Place: TypeAlias = tuple[bool, tuple[int, ...], int, datetime]
NOTHING, UNKNOWN = Fraction(0), Fraction(-1)


@dataclass(frozen=True)
class Scored:
    """What is known of a file once its reviews are in.

    `totals`: final scores out of 100, one a review. `criterion_means`: points (0 to 5) by criterion key.
    `submitted_at`: aware UTC.
    """

    id: str
    totals: tuple[Fraction, ...]
    criterion_means: Mapping[str, Fraction]
    requested_cents: int
    submitted_at: datetime
    expected_reviews: int = 0


@dataclass(frozen=True)
class Rules:
    """What the call states: threshold out of 100, minimum means in points, divergence in points out of 100.

    `tie_order`: criterion keys, the first decides first; made by `tie_order(rubric, key_criterion)`.
    """

    tie_order: tuple[str, ...] = ()
    threshold: Fraction | None = None
    minimum_means: Mapping[str, Fraction] = field(default_factory=dict)
    divergence: Fraction | None = None
    envelope_cents: int | None = None


@dataclass(frozen=True)
class Ranked:
    """A line of the ranking. Fractions are exact; a file without any review has neither mean nor rank.

    `coverage`: share of the expected reviews that are in. `below_minimum`: keys of the criteria under their minimum.
    `cumulated_cents`: what the envelope must hold to fund this file and every file that may be funded before it.
    """

    id: str
    rank: int | None
    mean: Fraction | None
    spread: Fraction
    reviews: int
    coverage: Fraction
    divergent: bool
    below_threshold: bool
    below_minimum: tuple[str, ...]
    requested_cents: int
    cumulated_cents: int
    above_line: bool

    @property
    def fundable(self) -> bool:
        """It has a mean, and neither the threshold nor a minimum keeps it out."""
        return self.mean is not None and not self.below_threshold and not self.below_minimum


class _Standing(NamedTuple):
    """A file, its mean, and where that puts it."""

    file: Scored
    average: Fraction | None
    place: Place


def tie_order(rubric: Rubric, key_criterion: str | None = None) -> tuple[str, ...]:
    """Criteria in the order that breaks ties: the key criterion, then heavier weights, then the rubric's order."""
    ordered = sorted(rubric, key=lambda criterion: (criterion.key != key_criterion, -criterion.weight))
    return tuple(criterion.key for criterion in ordered)


def minimum_means(rubric: Rubric) -> dict[str, Fraction]:
    """The minimum means of a rubric, in points, by criterion key."""
    return {c.key: Fraction(c.minimum_mean, HALVES_A_POINT) for c in rubric if c.minimum_mean is not None}


def rank(files: Iterable[Scored], rules: Rules) -> tuple[Ranked, ...]:
    """Rank files by mean; ties by the criteria of `rules.tie_order`, lower request, earlier deposit.

    Files equal in all of these share a rank. Files without reviews come last, unranked. The order in which `files`
    arrive changes nothing.
    """
    ordered = sorted(_standings(tuple(files), rules), key=lambda one: (one.place, one.file.id))
    lines: list[Ranked] = []
    committed, place = 0, None
    for position, one in enumerate(ordered, start=1):
        shared = lines[-1].rank if place == one.place else position
        place = one.place
        line = _line(one, rules, shared, committed)
        committed += one.file.requested_cents if line.fundable else 0
        lines.append(line)
    return tuple(lines)


def _standings(files: tuple[Scored, ...], rules: Rules) -> Iterator[_Standing]:
    """Where each file stands: unreviewed last, then mean, tie criteria (a missing one is last), request, deposit.

    Fractions are compared over one denominator: hundreds of files are sorted by whole numbers.
    """
    averages = [mean(file.totals) for file in files]
    scale = _common(average for average in averages if average is not None)
    tie_scale = _common(average for file in files for average in file.criterion_means.values())
    for file, average in zip(files, averages, strict=True):
        ties = (-_over(file.criterion_means.get(key, UNKNOWN), tie_scale) for key in rules.tie_order)
        means = (-_over(average or NOTHING, scale), *ties)
        yield _Standing(file, average, (average is None, means, file.requested_cents, file.submitted_at))


def _common(fractions: Iterable[Fraction]) -> int:
    """The least common denominator; 1 of nothing."""
    return lcm(*{fraction.denominator for fraction in fractions})


def _over(fraction: Fraction, denominator: int) -> int:
    """The numerator of the same fraction over a multiple of its denominator."""
    return fraction.numerator * (denominator // fraction.denominator)


def _line(one: _Standing, rules: Rules, position: int | None, committed: int) -> Ranked:
    file, average = one.file, one.average
    spread = _spread(file.totals)
    below = tuple(k for k, least in rules.minimum_means.items() if file.criterion_means.get(k, least) < least)
    low = average is not None and rules.threshold is not None and average < rules.threshold
    needed = committed + file.requested_cents
    affordable = rules.envelope_cents is None or needed <= rules.envelope_cents
    return Ranked(
        id=file.id,
        rank=None if average is None else position,
        mean=average,
        spread=spread,
        reviews=len(file.totals),
        coverage=Fraction(len(file.totals), file.expected_reviews) if file.expected_reviews else Fraction(1),
        divergent=rules.divergence is not None and len(file.totals) > 1 and spread >= rules.divergence,
        below_threshold=low,
        below_minimum=below,
        requested_cents=file.requested_cents,
        cumulated_cents=needed,
        above_line=affordable and average is not None and not low and not below,
    )


def _spread(totals: tuple[Fraction, ...]) -> Fraction:
    """The highest minus the lowest; zero of nothing."""
    scale = _common(totals)
    over = [_over(total, scale) for total in totals]
    return Fraction(max(over) - min(over), scale) if over else NOTHING
