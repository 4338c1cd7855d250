"""How long a reader needs for a file: one's own median, never a guess."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

#: Under this many readings measured, nothing is said.
LEAST = 3
#: A longer gap between two sheets is a pause, a shorter one a sheet that was only given again.
SHORTEST_MINUTES, LONGEST_MINUTES = 2, 120


@dataclass(frozen=True)
class Pace:
    """Minutes for one file: the median of `n` readings that followed one another."""

    minutes: float
    n: int

    def left(self, files: int) -> int:
        """Minutes that so many files take, to the nearest five (ten above an hour); never less than five."""
        whole = self.minutes * files
        step = 10 if whole >= 60 else 5  # noqa: PLR2004 -- an hour
        return max(5, round(whole / step) * step)


def pace_of(given_at: Iterable[datetime]) -> Pace | None:
    """The pace of somebody who gave sheets at these moments (aware); None while too few of them follow one another."""
    gaps = [(late - early).total_seconds() / 60 for early, late in pairwise(sorted(given_at))]
    steady = [gap for gap in gaps if SHORTEST_MINUTES <= gap <= LONGEST_MINUTES]
    return Pace(median(steady), len(steady)) if len(steady) >= LEAST else None
