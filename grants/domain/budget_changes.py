"""What differs between two budgets, line by line: for a sheet that comes back, and for what others wrote meanwhile."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grants.domain.budget import Line


class Kind(StrEnum):
    """What happened to a line."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """A line before and after; None where it was not or is not any more."""

    kind: Kind
    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The line as it will be, else as it was."""
        found = self.after or self.before
        assert found is not None
        return found


def differences(before: Sequence[Line], after: Sequence[Line]) -> tuple[Change, ...]:
    """What leads from one budget to the other: changed and added lines in the new order, then removed ones.

    Two lines are the same one when they share account, name and partner, else account and name, else account and
    amount, else the account alone; each is paired once. The order of the lines is no difference.
    """
    pairs = _pairs(before, after)
    found = []
    for place, line in enumerate(after):
        former = before[pairs[place]] if place in pairs else None
        if former != line:
            found.append(Change(Kind.CHANGED if former else Kind.ADDED, former, line))
    kept = set(pairs.values())
    found += [Change(Kind.REMOVED, line, None) for place, line in enumerate(before) if place not in kept]
    return tuple(found)


_LIKENESS: tuple[Callable[[Line], Hashable], ...] = (
    lambda line: line,
    lambda line: (line.key, line.label, line.partner),
    lambda line: (line.key, line.label),
    lambda line: (line.key, line.amount_cents),
    lambda line: line.key,
)


def _pairs(before: Sequence[Line], after: Sequence[Line]) -> dict[int, int]:
    """Place in the new budget → place in the former one, the most alike first."""
    pairs: dict[int, int] = {}
    for likeness in _LIKENESS:
        free = _by(likeness, before, set(pairs.values()))
        for place, line in enumerate(after):
            waiting = free.get(likeness(line), [])
            if place not in pairs and waiting:
                pairs[place] = waiting.pop(0)
    return pairs


def _by(likeness: Callable[[Line], Hashable], lines: Iterable[Line], taken: set[int]) -> dict[Hashable, list[int]]:
    free: dict[Hashable, list[int]] = {}
    for place, line in enumerate(lines):
        if place not in taken:
            free.setdefault(likeness(line), []).append(place)
    return free


def merged(base: Sequence[Line], current: Sequence[Line], mine: Sequence[Line]) -> tuple[Line, ...]:
    """`current` with what `mine` changed since both were `base`: neither side's work is lost.

    A line that both changed is as in `mine`; one that `mine` took out while it was changed elsewhere stays.
    """
    if tuple(base) == tuple(current):
        return tuple(mine)
    there = {former: place for place, former in _pairs(base, current).items()}
    here = {former: place for place, former in _pairs(base, mine).items()}
    result: list[Line | None] = list(current)
    for former, line in enumerate(base):
        place, after = there.get(former), mine[here[former]] if former in here else None
        if after is None and place is not None and current[place] == line:
            result[place] = None
        elif after is not None and after != line:
            _put(result, place, after)
    added = (line for place, line in enumerate(mine) if place not in set(here.values()))
    return (*(line for line in result if line is not None), *added)


def _put(lines: list[Line | None], place: int | None, line: Line) -> None:
    if place is None:
        lines.append(line)
    else:
        lines[place] = line
