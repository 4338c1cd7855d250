"""Two reviewers who always meet see too little of the rest: meetings are spread by exchanging files."""

from collections import Counter
from collections.abc import Iterator

from grants.domain.assignment_task import Pair, Task, components

#: An exchange of two files is weighed at most so many times: half a minute's work would not be worth it.
MOST_WEIGHED = 300_000


def spread_meetings(task: Task, pairs: set[Pair]) -> set[Pair]:
    """Exchange files between reviewers while that makes the squares of their meetings fewer.

    Loads, numbers, rules, repeats, coverage, matches and connection stay as they are: two reviewers change places
    only where their tags are worth the same.
    """
    table = _Table(task, pairs)
    weighed = 0
    improved = True
    while improved and weighed < MOST_WEIGHED:
        improved = False
        for one, other in table.exchanges():
            weighed += 1
            if weighed >= MOST_WEIGHED:
                break
            improved |= table.exchange(one, other)
    return table.pairs


class _Table:
    """Who reads what, and how often two reviewers meet."""

    def __init__(self, task: Task, pairs: set[Pair]) -> None:
        self.task = task
        self.pairs = set(pairs)
        self.in_pieces = len(components(pairs)) > 1
        self.tags = {reviewer.id: reviewer.tags for reviewer in task.reviewers}
        self.people = {reviewer.id: reviewer for reviewer in task.reviewers}
        self.readers: dict[str, set[str]] = {file.id: set() for file in task.files}
        self.met: Counter[frozenset[str]] = Counter()
        for reviewer, file in pairs:
            self.readers[file].add(reviewer)
        for file, readers in self.readers.items():
            if file not in task.anchors:
                self.met.update(frozenset((a, b)) for a in readers for b in readers if a < b)

    def exchanges(self) -> Iterator[tuple[Pair, Pair]]:
        """Pairs of free pairs, those first whose reviewer often meets the others of the file."""
        free = sorted(self.pairs - self.task.fixed)
        free = [pair for pair in free if pair[1] not in self.task.anchors]
        for one in free:
            if one in self.pairs and self._crowded(one):
                for other in free:
                    if one in self.pairs and other in self.pairs:
                        yield one, other

    def _crowded(self, pair: Pair) -> bool:
        return any(self.met[frozenset((pair[0], other))] > 1 for other in self.readers[pair[1]] - {pair[0]})

    def exchange(self, one: Pair, other: Pair) -> bool:
        """Let two reviewers change places, if that is allowed and spreads meetings."""
        (a, f), (b, g) = one, other
        if a == b or f == g or a in self.readers[g] or b in self.readers[f]:
            return False
        if self._gain(one, other) <= 0 or not self._alike(one, other):
            return False
        self._move(a, f, g)
        self._move(b, g, f)
        if not self.in_pieces and len(components(self.pairs)) > 1:
            self._move(a, g, f)
            self._move(b, f, g)
            return False
        return True

    def _gain(self, one: Pair, other: Pair) -> int:
        """How much the squares of the meetings shrink, over two."""
        (a, f), (b, g) = one, other
        change: Counter[frozenset[str]] = Counter()
        for file, comes, goes in ((f, b, a), (g, a, b)):
            for person in self.readers[file] - {goes}:
                change[frozenset((person, comes))] += 1
                change[frozenset((person, goes))] -= 1
        return -sum(step * (2 * self.met[pair] + step) for pair, step in change.items())

    def _alike(self, one: Pair, other: Pair) -> bool:
        """After the exchange every rule holds and every measure is as good as before."""
        (a, f), (b, g) = one, other
        if not (self._may(a, g) and self._may(b, f)):
            return False
        earlier = self.task.earlier
        if len({(a, g), (b, f)} & earlier) > len({one, other} & earlier):
            return False
        before, after = self._worth(f, a, a) + self._worth(g, b, b), self._worth(f, a, b) + self._worth(g, b, a)
        covered, matched = before[0] + before[2], before[1] + before[3]
        return (after[0] + after[2], after[1] + after[3]) >= (covered, matched)

    def _may(self, reviewer: str, file: str) -> bool:
        person, wanted = self.people[reviewer], self.task.file(file)
        return self.task.permitted(person, wanted) and self.task.understood(person, wanted)

    def _worth(self, file: str, goes: str, comes: str) -> tuple[int, int]:
        """(tags covered, tags in common) of a file when one reviewer replaces another."""
        wishes = self.task.file(file).wishes
        readers = self.readers[file] - {goes} | {comes}
        known = [self.tags[person] & wishes for person in readers]
        return len(frozenset().union(*known)), sum(len(tags) for tags in known)

    def _move(self, reviewer: str, file: str, to: str) -> None:
        """Take a file from a reviewer and give another."""
        self._count(reviewer, file, -1)
        self.readers[file].discard(reviewer)
        self.pairs.discard((reviewer, file))
        self._count(reviewer, to, 1)
        self.readers[to].add(reviewer)
        self.pairs.add((reviewer, to))

    def _count(self, reviewer: str, file: str, step: int) -> None:
        for person in self.readers[file] - {reviewer}:
            self.met[frozenset((person, reviewer))] += step
