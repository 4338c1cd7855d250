"""Expected ranks: how sure a ranking is, from the grades that reviewers gave, and which files the line cuts.

After Heyard, Ott, Salanti and Egger (2022): the posterior of the model of `crossed_effects` is drawn many times, the
files are ranked in each draw, and what is told of a file is told of its ranks: their mean (expected rank; Laird and
Louis, Journal of Educational Statistics 14, 1989), their quantiles, the share of draws above a place. SUCRA, the surface
under the cumulative ranking curve, is the expected rank on a scale from 0, last for sure, to 1, first for sure
(Salanti, Ades and Ioannidis, Journal of Clinical Epidemiology 64, 2011; Rücker and Schwarzer, BMC Medical Research
Methodology 15, 2015).

This module imports numpy: pages that merely show a stored result have no need of it (`rank_report`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from grants.domain.crossed_effects import CrossedModel, Grades
from grants.domain.rank_report import Caution, Grade, Interval, RankReport, Severity, Standing
from grants.domain.reading_graph import groups

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MANY, FEW = 40_000, 4_000  # draws: few files get more of them
COUNTED = 4_000_000  # as many ranks as are drawn between the two, about
INNER, OUTER, WIDE = 0.50, 0.90, 0.95
LONGEST_DISTRIBUTION = 100
DECIMALS = 6
LARGEST = 1e12  # of a grade: beyond, sums of squares lose their meaning
EQUAL = 1e-12  # of the largest grade: a smaller difference is of the way numbers are written
SPARSE = 3


def expected_ranks(
    grades: Iterable[Grade], places: int, *, seed: int = 0, progress: Callable[[float], object] | None = None
) -> RankReport:
    """Rank files with the uncertainty of their ranks. Higher grades are better.

    A grade of None was expected and is missing: it counts in the coverage alone. A file without any grade has no rank,
    and the ranks of the others do not depend on it. `places`: how many files can be chosen; the line is the expected
    rank of the last of these. `progress`: told the fraction done, from 0 to 1. The same grades, in whatever order, and
    the same seed give the same report. Raises ValueError: no grade at all, a file graded twice by one reviewer, a grade
    that is not finite or beyond LARGEST, places below 1 or above the number of ranked files.
    """
    rows = sorted(grades, key=lambda row: (row.application, row.reviewer))
    given = [row for row in rows if row.grade is not None]
    _require(rows, given, places)
    panel = _Panel(given)
    ranks = _Ranks(len(panel.applications))
    effects = _draw(panel, ranks, seed, progress or (lambda _: None))
    standings = _standings(panel, ranks, rows, places)
    line = standings[places - 1].expected_rank
    assert line is not None
    connected = groups((row.application, row.reviewer) for row in given)
    return RankReport(
        standings=standings,
        places=places,
        line=line,
        line_group=tuple(one.application for one in standings if one.interval_50 and line in one.interval_50),
        reviewers=_severities(panel, effects),
        groups=connected,
        cautions=_cautions(standings, panel, connected),
        application_sd=_quantiles(effects.application_sd, WIDE),
        reviewer_sd=_quantiles(effects.reviewer_sd, WIDE),
        noise_sd=_quantiles(effects.noise_sd, WIDE),
        seed=seed,
        draws=ranks.draws,
    )


def _require(rows: list[Grade], given: list[Grade], places: int) -> None:
    twice = [pair for pair, count in Counter((row.application, row.reviewer) for row in rows).items() if count > 1]
    if twice:
        raise ValueError("{!r} is graded twice by {!r}".format(*twice[0]))
    if not given:
        raise ValueError("there is no grade at all")
    if not all(abs(row.grade or 0.0) <= LARGEST for row in given):
        raise ValueError(f"a grade lies between -{LARGEST:.0e} and {LARGEST:.0e}")
    ranked = len({row.application for row in given})
    if not 1 <= places <= ranked:
        raise ValueError(f"places must be between 1 and {ranked}, the number of graded applications; not {places}")


class _Panel:
    """The grades as columns, and the names in their order."""

    def __init__(self, given: list[Grade]) -> None:
        self.applications = sorted({row.application for row in given})
        self.reviewers = sorted({row.reviewer for row in given})
        places = {name: place for place, name in enumerate(self.applications)}
        seats = {name: seat for seat, name in enumerate(self.reviewers)}
        self.grades = Grades(
            np.array([row.grade for row in given], dtype=np.float64),
            np.array([places[row.application] for row in given], dtype=np.int64),
            np.array([seats[row.reviewer] for row in given], dtype=np.int64),
            len(self.applications),
            len(self.reviewers),
        )

    @property
    def flat(self) -> bool:
        """All grades are equal, or there is but one file: nothing tells the files apart."""
        values = self.grades.values
        return len(self.applications) == 1 or bool(np.ptp(values) <= EQUAL * np.abs(values).max())


@dataclass
class _Effects:
    """What was drawn besides ranks: of each reviewer the severities (draws × reviewers), and the three SDs."""

    severities: Floats
    application_sd: Floats
    reviewer_sd: Floats
    noise_sd: Floats


class _Ranks:
    """How often each file came at each rank: `counts[file, rank - 1]`."""

    def __init__(self, files: int) -> None:
        self.files = files
        self.counts: Ints = np.zeros((files, files), dtype=np.int64)
        self.draws = 0

    def add(self, effects: Floats) -> None:
        """Rank the files in each column; the highest effect comes first."""
        order = (-effects).argsort(axis=0, kind="stable")
        places = np.arange(self.files)[:, None]
        self.counts += np.bincount((order * self.files + places).ravel(), minlength=self.files**2).reshape(
            self.files, self.files
        )
        self.draws += effects.shape[1]

    def say_nothing(self) -> None:
        """Every rank as likely as every other."""
        self.counts[:] = 1
        self.draws = self.files


def _draw(panel: _Panel, ranks: _Ranks, seed: int, progress: Callable[[float], object]) -> _Effects:
    """Fill `ranks`; give back the rest."""
    if panel.flat:
        ranks.say_nothing()
        nothing = np.zeros(1)
        progress(1.0)
        return _Effects(np.zeros((1, len(panel.reviewers))), nothing, nothing, nothing)
    draws = min(MANY, max(FEW, COUNTED // ranks.files))
    parts = []
    for fraction, drawn in CrossedModel(panel.grades).draw(np.random.default_rng(seed), draws // 2):
        ranks.add(drawn.applications)
        severities = drawn.reviewers.mean(axis=0) - drawn.reviewers
        parts.append((severities.T, drawn.application_sd, drawn.reviewer_sd, drawn.noise_sd))
        progress(fraction)
    return _Effects(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _standings(panel: _Panel, ranks: _Ranks, rows: list[Grade], places: int) -> tuple[Standing, ...]:
    """By expected rank; equals by mean, then name. Files without a grade come last."""
    given: dict[str, list[Fraction]] = {row.application: [] for row in rows}
    for row in rows:
        given[row.application] += [] if row.grade is None else [Fraction(row.grade)]
    wanted = Counter(row.application for row in rows)
    numbers = {name: number for number, name in enumerate(panel.applications)}
    made = []
    for name, marks in given.items():
        told = _ranked(ranks, numbers[name], places) if marks else {}
        made.append(
            Standing(
                application=name,
                mean=float(sum(marks) / len(marks)) if marks else None,
                n=len(marks),
                spread=float(max(marks) - min(marks)) if marks else None,
                coverage=len(marks) / wanted[name],
                **told,
            )
        )
    return tuple(sorted(made, key=lambda one: (*_order(one), one.application)))


def _order(one: Standing) -> tuple[bool, float, float]:
    return one.expected_rank is None, one.expected_rank or 0.0, -(one.mean or 0.0)


class _Told(TypedDict, total=False):
    """The part of a standing that the draws tell."""

    expected_rank: float
    interval_50: Interval
    interval_90: Interval
    sucra: float
    probability_first: float
    probability_above: float
    rank_distribution: tuple[float, ...]
    rank_step: int


def _ranked(ranks: _Ranks, number: int, places: int) -> _Told:
    files, counts = ranks.files, ranks.counts[number]
    expected = round(int(counts @ np.arange(1, files + 1)) / ranks.draws, DECIMALS)
    chances = counts.cumsum() / ranks.draws
    step = -(-files // LONGEST_DISTRIBUTION)
    shares = np.add.reduceat(counts, np.arange(0, files, step)) / ranks.draws
    return {
        "expected_rank": expected,
        "interval_50": _interval(chances, INNER),
        "interval_90": _interval(chances, OUTER),
        "sucra": (files - expected) / (files - 1) if files > 1 else 1.0,
        "probability_first": float(chances[0]),
        "probability_above": float(chances[places - 1]),
        "rank_distribution": tuple(round(float(share), 5) for share in shares),
        "rank_step": step,
    }


def _interval(cumulated: Floats, level: float) -> Interval:
    """The central interval of a rank.

    A rank is a whole number, and its quantile jumps; as usual for grouped data, rank r is taken as spread evenly over
    r - ½ to r + ½. At the ends of the table there is nothing beyond: an end within the first rank is 1, within the
    last is the last.
    """
    tail = (1 - level) / 2
    return Interval(round(_quantile(cumulated, tail), 4), round(_quantile(cumulated, 1 - tail), 4))


def _quantile(cumulated: Floats, share: float) -> float:
    last = len(cumulated) - 1
    place = min(int(np.searchsorted(cumulated, share)), last)
    before = float(cumulated[place - 1]) if place else 0.0
    within = (share - before) / (float(cumulated[place]) - before)
    if (place == 0 and share < 1 / 2) or (place == last and share > 1 / 2):
        return place + 1.0
    return min(max(place + 1 / 2 + within, 1.0), last + 1.0)


def _severities(panel: _Panel, effects: _Effects) -> tuple[Severity, ...]:
    """The most severe first."""
    grades = np.bincount(panel.grades.reviewers, minlength=len(panel.reviewers))
    made = (
        Severity(
            reviewer=name,
            n=int(grades[seat]),
            severity=round(float(effects.severities[:, seat].mean()), 6),
            interval_95=_quantiles(effects.severities[:, seat], WIDE),
        )
        for seat, name in enumerate(panel.reviewers)
    )
    return tuple(sorted(made, key=lambda one: (-one.severity, one.reviewer)))


def _quantiles(values: Floats, level: float) -> Interval:
    tail = (1 - level) / 2
    low, high = np.quantile(values, (tail, 1 - tail))
    return Interval(round(float(low), 6), round(float(high), 6))


def _cautions(
    standings: tuple[Standing, ...], panel: _Panel, connected: tuple[tuple[str, ...], ...]
) -> tuple[Caution, ...]:
    """What a reader must know before believing the figures."""
    ungraded = tuple(one.application for one in standings if not one.n)
    sparse = tuple(one.application for one in standings if 0 < one.n < SPARSE)
    said = (
        ("disconnected", tuple(group[0] for group in connected), len(connected) > 1),
        ("one_reviewer", tuple(panel.reviewers), len(panel.reviewers) == 1),
        ("one_application", tuple(panel.applications), len(panel.applications) == 1),
        ("all_equal", (), panel.flat and len(panel.applications) > 1),
        ("ungraded", ungraded, bool(ungraded)),
        ("few_grades", sparse, bool(sparse)),
    )
    return tuple(Caution(code, about) for code, about, true in said if true)
