"""Who reads what: every file gets its reviewers, never one in conflict, and everybody reads about as much.

In this order: the stated rules; loads as equal as they can be; one connected graph of reviewers and files, so that
scores can be compared; nobody meets again a file of an earlier round; the files' tags are covered by their reviewers;
as many matching tags as possible; the same two reviewers meet as little as exchanges can bring about.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from grants.domain.assignment_model import Model, connect, level_loads, relaxed
from grants.domain.assignment_pairs import spread_meetings
from grants.domain.assignment_task import File, Pair, Reviewer, Task, components
from grants.domain.integer_programme import Answer, Solver
from grants.domain.portfolio_problem import Infeasible, Progress

__all__ = ["Assignment", "File", "Infeasible", "ManualCost", "Pair", "Reviewer", "Task", "assign", "manual_costs"]

#: What progress is told in: loads, connection, repeats, coverage, matches, meetings.
STEPS = 6

Measures: TypeAlias = Mapping[str, int]


@dataclass(frozen=True)
class Assignment:
    """`pairs`: (reviewer, file), sorted. `connected`: the graph is in one piece; when not, none can be that keeps the
    rules and the loads. `proved`: False when the time limit stopped a search."""

    task: Task
    pairs: tuple[Pair, ...]
    proved: bool = True

    @cached_property
    def loads(self) -> dict[str, int]:
        """Files to read, by reviewer; zeros too."""
        counted = Counter(reviewer for reviewer, _ in self.pairs)
        return {reviewer.id: counted[reviewer.id] for reviewer in self.task.reviewers}

    @cached_property
    def pieces(self) -> tuple[frozenset[Pair], ...]:
        """The connected pieces of the graph; one or none when scores can be compared throughout."""
        return components(self.pairs)

    @property
    def connected(self) -> bool:
        """Every file can be compared with every other through reviewers in common."""
        return len(self.pieces) <= 1

    @cached_property
    def measures(self) -> Measures:
        """What is made small: load_gap (the greatest load minus the least), load_squares, pieces, repeats (of earlier
        rounds), uncovered (tags that no reviewer of the file has), meetings (of two reviewers beyond their first);
        and large: matches (tags in common, over all pairs)."""
        task, loads = self.task, self.loads.values()
        of_file: dict[str, set[str]] = {file.id: set() for file in task.files}
        for reviewer, file in self.pairs:
            of_file[file].add(reviewer)
        tags = {reviewer.id: reviewer.tags for reviewer in task.reviewers}
        known = [frozenset().union(*(tags[one] for one in of_file[file.id])) for file in task.files]
        return {
            "load_gap": max(loads, default=0) - min(loads, default=0),
            "load_squares": sum(load * load for load in loads),
            "pieces": len(self.pieces),
            "repeats": len(task.earlier & set(self.pairs)),
            "uncovered": sum(len(file.wishes - has) for file, has in zip(task.files, known, strict=True)),
            "matches": sum(len(task.file(file).wishes & tags[reviewer]) for reviewer, file in self.pairs),
            "meetings": _meetings(task, of_file),
        }

    def as_json(self) -> dict[str, object]:
        """What `analyse assign` prints."""
        return {"assignments": [list(pair) for pair in self.pairs], "loads": self.loads}


@dataclass(frozen=True)
class ManualCost:
    """What keeping a manual pair costs: by measure, how much worse the best assignment is with it than without.

    Positive is worse for every measure. `freed`: the rules could not be kept with it, and can without.
    """

    pair: Pair
    worse: tuple[tuple[str, int], ...]
    freed: bool = False

    def as_json(self) -> dict[str, object]:
        """Ready for JSON."""
        return {"pair": list(self.pair), "worse": dict(self.worse), "freed": self.freed}


def assign(task: Task, solver: Solver | None = None, progress: Progress | None = None) -> Assignment | Infeasible:
    """Assign reviewers to files. Infeasible names the fewest rules to give up. Raises SolverFailed.

    Names of rules: reviewers:FILE, max:REVIEWER, language:FILE, anchor:FILE, fixed:REVIEWER/FILE.
    """
    tell = progress or (lambda _done, _steps: None)
    tell(0, STEPS)
    model = Model(task, solver or Solver())
    if model.impossible or not level_loads(model):
        return Infeasible(relaxed(task, solver or Solver()))
    tell(1, STEPS)
    joined = connect(model, {}) is not None
    answer: Answer | None = None
    for done, goal in enumerate((model.avoid_repeats, model.cover, model.match), start=2):
        tell(done, STEPS)
        weights = goal()
        answer = connect(model, weights) if joined else model.programme.maximise(weights)
    assert answer is not None
    tell(STEPS - 1, STEPS)
    pairs = spread_meetings(task, model.read(answer))
    tell(STEPS, STEPS)
    return Assignment(task, tuple(sorted(pairs)), proved=model.programme.proved)


def manual_costs(
    task: Task, kept: Assignment | Infeasible, solver: Solver | None = None, progress: Progress | None = None
) -> tuple[ManualCost, ...]:
    """What each manual pair costs, beside `kept`, the answer of `assign` to the same task. By pair, in order."""
    found = []
    for done, pair in enumerate(sorted(task.fixed)):
        if progress is not None:
            progress(done, len(task.fixed))
        free = assign(replace(task, fixed=task.fixed - {pair}), solver)
        if isinstance(free, Infeasible) or isinstance(kept, Infeasible):
            freed = isinstance(kept, Infeasible) and not isinstance(free, Infeasible)
            found.append(ManualCost(pair, (), freed))
        else:
            found.append(ManualCost(pair, tuple(_worse(kept.measures, free.measures))))
    return tuple(found)


def _worse(kept: Measures, free: Measures) -> Iterable[tuple[str, int]]:
    for name, value in kept.items():
        difference = free[name] - value if name == "matches" else value - free[name]
        if difference:
            yield name, difference


def _meetings(task: Task, of_file: Mapping[str, set[str]]) -> int:
    """Meetings of two reviewers beyond their first; files that all read do not count."""
    met: Counter[Pair] = Counter()
    for file, readers in of_file.items():
        if file not in task.anchors:
            met.update((one, other) for one in readers for other in readers if one < other)
    return sum(times - 1 for times in met.values())
