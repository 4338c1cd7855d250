"""Crossed effects: what files and reviewers each contribute to the grades, drawn from the posterior of a Gaussian model.

    grade = mean + application + reviewer + noise
    application ~ N(0, A²), reviewer ~ N(0, R²), noise ~ N(0, S²), independent; mean unknown (flat)

It is the model of Heyard, Ott, Salanti and Egger, "Rethinking the Funding Line at the Swiss National Science
Foundation: Bayesian Ranking and Lottery", Statistics and Public Policy 9 (2022), doi 10.1080/2330443X.2022.2086190.
There, the effect of a reviewer varies from file to file, N(reviewer, r²), beside the noise, N(0, s²). A reviewer
grades a file once, so the data know S² = r² + s² alone: the two are one noise here.

Priors: A and R uniform between 0 and `WIDEST` standard deviations of all the grades; S, as the root of a sum of two
such squares, with a density proportional to S. (The paper bounds its uniform priors by 2 points of a scale of 1 to 6,
and fixes R at half a point. In units of the grades the same rule serves any scale; R is learnt.)

Nothing is iterated: given A, R and S everything is Gaussian and drawn exactly, and the three are integrated on a grid
(Gelman and others, Bayesian Data Analysis, 3rd ed., ch. 5). Draws are therefore independent: no burn-in, no question
whether a chain has converged. Cost: linear in the grades, cubic in the smaller of the two crowds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[float], object]

WIDEST = 2.0
FINEST = 0.01  # the least noise that is believed, in standard deviations of the grades
RATIOS = (-4.0, 5.5)  # natural logarithms of A/S and R/S between which the grid is first laid
COARSE, FINE, NOISES = 28, 36, 48  # points of the grid in each direction
NEGLIGIBLE = 1e-6  # of the highest point: beyond it, the grid is cut
WINDOW = 7.0  # standard deviations of log S on each side of its most likely value
CHUNK = 500


@dataclass(frozen=True)
class Grades:
    """Grades as columns: `applications[i]` and `reviewers[i]` are the numbers, from 0, of who is concerned."""

    values: Floats
    applications: Ints
    reviewers: Ints
    application_count: int
    reviewer_count: int


@dataclass(frozen=True)
class Draws:
    """Draws from the posterior, one a column, in points: effects by application and by reviewer, and the three SDs."""

    applications: Floats
    reviewers: Floats
    application_sd: Floats
    reviewer_sd: Floats
    noise_sd: Floats


@dataclass(frozen=True)
class _Cells:
    """A grid of (outer ratio, inner ratio, log noise) with the logarithm of the posterior mass of each cell."""

    outer: Floats
    inner: Floats
    log_noise: Floats
    log_mass: Floats


@dataclass(frozen=True)
class _Slice:
    """The model at one value of the outer ratio: what is left to know of the inner effects, in their own axes.

    Inner effects given the rest: precision diag(`values`) along the columns of `axes`, information `pull`.
    """

    ratio: float
    axes: Floats
    values: Floats
    pull: Floats
    squares: float
    log_determinant: float
    weight: float
    shares: Floats
    level: float


class CrossedModel:
    """The grades of one panel, ready to be drawn from. They must not all be equal.

    The larger crowd ("outer") is integrated by hand, the smaller ("inner") by linear algebra.
    """

    def __init__(self, grades: Grades) -> None:
        """Take the grades: at least two, at least two of them different."""
        self._swapped = grades.reviewer_count > grades.application_count
        sides = (grades.applications, grades.application_count), (grades.reviewers, grades.reviewer_count)
        (outer, outers), (inner, inners) = reversed(sides) if self._swapped else sides
        self._scale = float(grades.values.std())
        values = (grades.values - grades.values.mean()) / self._scale
        self._count = len(values)
        self._met = np.bincount(outer * inners + inner, minlength=outers * inners).reshape(outers, inners) * 1.0
        self._outer_counts, self._inner_counts = self._met.sum(axis=1), self._met.sum(axis=0)
        self._outer_sums = np.bincount(outer, values, outers)
        self._inner_sums = np.bincount(inner, values, inners)
        self._squares = float((values**2).sum())

    def draw(self, generator: np.random.Generator, pairs: int) -> Iterator[tuple[float, Draws]]:
        """Yield (fraction done, draws) until 2 × `pairs` columns were drawn.

        Draws come in mirrored pairs (the same random numbers with both signs): means are steadier for it.
        """
        cells = self._grid()
        mass = np.exp(cells.log_mass - cells.log_mass.max()).ravel()
        ends = mass.cumsum()
        wanted = (np.arange(pairs) + generator.random()) / pairs * ends[-1]
        chosen = np.searchsorted(ends, wanted).clip(max=mass.size - 1)
        outers, inners, noises = np.unravel_index(chosen, cells.log_mass.shape)
        noise = np.exp(cells.log_noise[outers, inners, noises])
        done = 0
        for outer in np.unique(outers):
            model = self._slice(float(cells.outer[outer]))
            (places,) = np.nonzero(outers == outer)
            for start in range(0, len(places), CHUNK):
                some = places[start : start + CHUNK]
                done += len(some)
                yield done / pairs, self._effects(model, cells.inner[inners[some]], noise[some], generator)

    # ── The three standard deviations ────────────────────────────────────────────────────────────────────────────────

    def _grid(self) -> _Cells:
        """The grid, laid twice: over everything, then closely around what is likely."""
        whole = np.linspace(*RATIOS, COARSE)
        cells = self._cells(whole, whole)
        return self._cells(*(_around(whole, cells.log_mass, axis) for axis in (0, 1)))

    def _cells(self, log_outer: Floats, log_inner: Floats) -> _Cells:
        outer, inner = np.exp(log_outer), np.exp(log_inner)
        squares, determinants = np.empty((2, len(outer), len(inner)))
        for place, ratio in enumerate(outer):
            model = self._slice(float(ratio))
            known = inner[:, None] ** 2 / (1 + inner[:, None] ** 2 * model.values)
            squares[place] = model.squares - (known * model.pull**2).sum(axis=1)
            determinants[place] = model.log_determinant + np.log1p(inner[:, None] ** 2 * model.values).sum(axis=1)
        squares = squares.clip(min=self._count * FINEST**4)
        largest = np.maximum(1.0, np.maximum(outer[:, None], inner[None, :]))
        # Density of S given the ratios ∝ S^(4 - n) exp(-squares / 2S²): n - 1 from the likelihood, one from the prior
        # of S, two from writing A and R as ratios to S.
        freedom = max(self._count - 4, 1)
        low = np.full(squares.shape, np.log(FINEST))
        high = np.maximum(np.log(WIDEST / largest), low + NEGLIGIBLE)
        likely = np.clip(np.log(squares / freedom) / 2, low, high)
        reach = WINDOW / np.sqrt(2 * freedom)
        low, high = np.maximum(low, likely - reach), np.minimum(high, likely + reach)
        log_noise = low[..., None] + (high - low)[..., None] * (np.arange(NOISES) + 0.5) / NOISES
        log_mass = (
            (5 - self._count) * log_noise  # one more than above: the grid is even in log S
            - squares[..., None] / 2 * np.exp(-2 * log_noise)
            + (np.log((high - low) / NOISES) - determinants / 2)[..., None]
            + log_outer[:, None, None]  # and in the logarithms of the ratios
            + log_inner[None, :, None]
        )
        return _Cells(outer, inner, log_noise, log_mass)

    def _slice(self, ratio: float) -> _Slice:
        """Integrate the outer effects and the mean, given the outer ratio (Searle, Casella, McCulloch 1992, ch. 6)."""
        shares = 1 / (1 + ratio**2 * self._outer_counts)
        held = ratio**2 * shares
        weight = float((self._outer_counts * shares).sum())
        level = float((shares * self._outer_sums).sum())
        loads = self._met.T @ shares
        precision = np.diag(self._inner_counts) - (self._met.T * held) @ self._met - np.outer(loads, loads) / weight
        information = self._inner_sums - self._met.T @ (held * self._outer_sums) - loads * level / weight
        values, axes = np.linalg.eigh((precision + precision.T) / 2)
        return _Slice(
            ratio=ratio,
            axes=axes,
            values=values.clip(min=0),
            pull=axes.T @ information,
            squares=self._squares - float((held * self._outer_sums**2).sum()) - level**2 / weight,
            log_determinant=float(np.log1p(ratio**2 * self._outer_counts).sum() + np.log(weight)),
            weight=weight,
            shares=shares,
            level=level,
        )

    # ── The effects ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _effects(self, model: _Slice, inner_ratio: Floats, noise: Floats, generator: np.random.Generator) -> Draws:
        """Effects given the three standard deviations; each column of chance is used with both signs."""
        inners, outers = len(self._inner_counts), len(self._outer_counts)
        chance = generator.standard_normal((inners + 1 + outers, len(noise)))
        chance, noise, ratio = np.hstack([chance, -chance]), np.tile(noise, 2), np.tile(inner_ratio, 2)
        known = ratio**2 / (1 + ratio**2 * model.values[:, None])
        # `axes` is used as a whole (axes · f · axesᵀ): where its columns are a matter of taste, no draw depends on them.
        own = model.axes.T @ chance[:inners]
        inner = model.axes @ (known * model.pull[:, None] + noise * np.sqrt(known) * own)
        loads = self._met.T @ model.shares
        mean = (model.level - loads @ inner) / model.weight + noise / np.sqrt(model.weight) * chance[inners]
        left = self._outer_sums[:, None] - self._met @ inner - self._outer_counts[:, None] * mean
        spare = model.ratio * np.sqrt(model.shares)[:, None]
        outer = model.ratio**2 * model.shares[:, None] * left + noise * spare * chance[inners + 1 :]
        effects, sds = (outer, inner), (np.full_like(noise, model.ratio) * noise, ratio * noise)
        (applications, reviewers), (a, r) = (reversed(effects), reversed(sds)) if self._swapped else (effects, sds)
        return Draws(*(self._scale * part for part in (applications, reviewers, a, r, noise)))


def _around(grid: Floats, log_mass: Floats, axis: int) -> Floats:
    """A closer grid of logarithms around where the mass is, along one axis."""
    mass = np.exp(log_mass - log_mass.max()).sum(axis=2).sum(axis=1 - axis)
    (kept,) = np.nonzero(mass >= NEGLIGIBLE * mass.max())
    low, high = max(int(kept[0]) - 1, 0), min(int(kept[-1]) + 1, len(grid) - 1)
    return np.linspace(grid[low], grid[high], FINE)
