"""The agenda of a sitting: the files on which a discussion can change most come first.

    stake(file) = uncertainty(file) × amount asked for

The uncertainty says how open the file's fate is, from 0 (settled) to 1 (could go either way). Where an analysis of the
scores gives the probability p of standing among the files that the line lets in:

    uncertainty = 1 − |2p − 1|

Without an analysis, from the distance d of its mean to the line, beside how far its own scores lie apart:

    uncertainty = 1 / (1 + (d / s)²)        s = half the spread, at least `LEAST_DOUBT` points

A file without a score is wholly uncertain. The chair may put files in another order: those come first, as put.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST_DOUBT = 5.0  # points out of 100: reviewers who agree may still be wrong by as much


@dataclass(frozen=True)
class Talk:
    """A file that waits for the committee: cents, points out of 100, probability of standing above the line."""

    id: str
    requested_cents: int
    mean: float | None
    spread: float = 0.0
    probability_above: float | None = None


@dataclass(frozen=True)
class Item:
    """A line of the agenda. `stake_cents`: the part of the amount that is open."""

    id: str
    uncertainty: float
    stake_cents: int


def agenda(talks: Iterable[Talk], line: float | None, put: Mapping[str, int] | None = None) -> tuple[Item, ...]:
    """The files in the order in which to call them. `line`: its mean, out of 100; None where nothing is drawn.

    `put`: the places that the chair gave. Ties: the greater amount, then the id, so that the order never depends on
    how the files arrive.
    """
    places = put or {}
    found = {talk.id: (Item(talk.id, uncertainty(talk, line), _stake(talk, line)), talk) for talk in talks}

    def place(key: str) -> tuple[bool, int, int, int, str]:
        item, talk = found[key]
        return (key not in places, places.get(key, 0), -item.stake_cents, -talk.requested_cents, key)

    return tuple(found[key][0] for key in sorted(found, key=place))


def uncertainty(talk: Talk, line: float | None) -> float:
    """How open the fate of a file is, from 0 to 1; see above."""
    if talk.probability_above is not None:
        return 1 - abs(2 * talk.probability_above - 1)
    if talk.mean is None or line is None:
        return 1.0
    doubt = max(talk.spread / 2, LEAST_DOUBT)
    return 1 / (1 + ((talk.mean - line) / doubt) ** 2)


def _stake(talk: Talk, line: float | None) -> int:
    return round(uncertainty(talk, line) * talk.requested_cents)


def line_between(means: Iterable[tuple[float, bool]]) -> float | None:
    """Where the line runs, in points: between the last mean above it and the first below, or at the end of the list.

    `means`: mean and whether it stands above, the best first.
    """
    known = list(means)
    above = [mean for mean, stands in known if stands]
    below = [mean for mean, stands in known if not stands]
    if above and below:
        return (min(above) + max(below)) / 2
    return min(above) if above else max(below, default=None)
