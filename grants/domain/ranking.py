"""Ranking: the files of a call in the order of their means, ties broken in the stated order, and the envelope's line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from grants.domain.scoring import HALVES_A_POINT, Rubric, mean

#: Ascending: the smaller comes first. Means are negated, so that the larger comes first.
Place: TypeAlias = tuple[bool, tuple[Fraction, ...], int, datetime]


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
    ordered = sorted(files, key=lambda file: (_place(file, rules), file.id))
    lines: list[Ranked] = []
    committed, place = 0, None
    for position, file in enumerate(ordered, start=1):
        shared = lines[-1].rank if place == _place(file, rules) else position
        place = _place(file, rules)
        line = _line(file, rules, shared, committed)
        committed += file.requested_cents if line.fundable else 0
        lines.append(line)
    return tuple(lines)


def _place(file: Scored, rules: Rules) -> Place:
    """Where a file stands: unreviewed last, then mean, tie criteria (a missing one is last), request, deposit."""
    average = mean(file.totals)
    ties = tuple(-file.criterion_means.get(key, Fraction(-1)) for key in rules.tie_order)
    return (average is None, (-(average or Fraction(0)), *ties), file.requested_cents, file.submitted_at)


def _line(file: Scored, rules: Rules, position: int | None, committed: int) -> Ranked:
    average = mean(file.totals)
    spread = max(file.totals) - min(file.totals) if file.totals else Fraction(0)
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
