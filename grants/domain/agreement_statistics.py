"""Agreement between observers: Krippendorff's alpha, with values missing, and how sure it is.

K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), and Content Analysis, 4th ed. (2019), ch. 12.
The interval: units are drawn again with replacement, and the 2.5 % and 97.5 % quantiles of alpha are kept; it covers
well from a few dozen units on (A. Zapf, S. Castell, L. Morawietz and A. Karch, "Measuring inter-rater reliability for
nominal data – which coefficients and confidence intervals are appropriate?", BMC Medical Research Methodology 16, 2016).

For every level, the squared difference of two values is that of two numbers: the values themselves (interval), or
their mean ranks (ordinal: the sum over the values between, less half of both ends, is the difference of mean ranks).
Alpha is therefore a ratio of two sums of squares, and costs no more than the values are many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Value: TypeAlias = float | str | bool | None
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESAMPLES = 2_000
TAILS = (0.025, 0.975)
FEWEST_UNITS = 2
PAIR = 2


class Level(StrEnum):
    """What the values are: names, an order, or quantities with equal steps."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True)
class Agreement:
    """Alpha: 1 is perfect agreement, 0 what chance would do, below 0 systematic disagreement.

    `alpha` is None when no value varies: there is then nothing to agree on. `interval_95` is None with fewer than two
    units that can be compared. `units`, `values`: how many could be compared, with at least two values a unit.
    """

    alpha: float | None
    interval_95: tuple[float, float] | None
    units: int
    values: int


def krippendorff_alpha(units: Sequence[Sequence[Value]], level: Level, *, seed: int = 0) -> Agreement:
    """Alpha of `units`, each the values that observers gave to one thing; None is missing, and the order is free.

    Ordinal and interval values are finite numbers. Raises ValueError when no unit has two values.
    """
    paired = [[value for value in unit if value is not None] for unit in units]
    paired = [unit for unit in paired if len(unit) >= PAIR]
    if not paired:
        raise ValueError("no unit has two values: there is nothing to compare")
    table = _Table(paired, level)
    whole = table.alpha(np.ones(len(paired), dtype=np.int64))
    return Agreement(whole, _interval(table, whole, seed), len(paired), sum(map(len, paired)))


def _interval(table: "_Table", whole: float | None, seed: int) -> tuple[float, float] | None:
    if whole is None or table.units < FEWEST_UNITS:
        return None
    generator = np.random.default_rng(seed)
    drawn = (
        table.alpha(np.bincount(generator.integers(0, table.units, table.units), minlength=table.units))
        for _ in range(RESAMPLES)
    )
    alphas = [alpha for alpha in drawn if alpha is not None]  # a sample without any variation has none
    low, high = np.quantile(alphas, TAILS)
    return float(low), float(high)


class _Table:
    """Values as numbers of categories, flat, each with the number of its unit."""

    def __init__(self, units: list[list[float | str | bool]], level: Level) -> None:
        self.units = len(units)
        self._level = level
        flat = [value for unit in units for value in unit]
        # True and 1 are different names; 1 and 1.0 are not.
        names = sorted({(isinstance(value, bool), isinstance(value, str), value) for value in flat})
        numbers = {name: number for number, name in enumerate(names)}
        self._category = np.array([numbers[isinstance(v, bool), isinstance(v, str), v] for v in flat], dtype=np.int64)
        self._unit = np.repeat(np.arange(self.units), [len(unit) for unit in units])
        self._sizes = np.bincount(self._unit).astype(np.float64)
        self._categories = len(names)
        self._quantities = (
            np.array([value for _, _, value in names], dtype=np.float64) if level is Level.INTERVAL else None
        )
        # How often each category comes in each unit, where it does.
        cells, self._cell_counts = np.unique(self._unit * self._categories + self._category, return_counts=True)
        self._cell_units, self._cell_categories = np.divmod(cells, self._categories)

    def alpha(self, times: Ints) -> float | None:
        """Alpha when each unit counts so many times; None when nothing varies."""
        weights = times[self._unit].astype(np.float64)
        totals: Floats = np.bincount(self._category, weights, self._categories).astype(np.float64)
        count = float(totals.sum())
        if self._level is Level.NOMINAL:
            same = self._sizes**2 - np.bincount(self._cell_units, self._cell_counts**2.0, self.units)
            observed = float((times * same / (self._sizes - 1)).sum())
            expected = count**2 - float((totals**2).sum())
        else:
            scale = self._scale(totals)
            scale = scale - float((scale * totals).sum()) / count  # so that large values lose no digits
            values = scale[self._category]
            sums, squares = np.bincount(self._unit, values), np.bincount(self._unit, values**2)
            within = 2 * (self._sizes * squares - sums**2)
            observed = float((times * within / (self._sizes - 1)).sum())
            expected = 2 * count * float((totals * scale**2).sum())
        if np.count_nonzero(totals) < PAIR:
            return None
        return 1 - (count - 1) * observed / expected

    def _scale(self, totals: Floats) -> Floats:
        """The number that stands for each category: its quantity, or the mean rank of its values."""
        return totals.cumsum() - totals / 2 if self._quantities is None else self._quantities
