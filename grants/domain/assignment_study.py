"""A proposal of who reads what, all together: the assignment, what stands now beside it, what kept pairs cost.

`study` takes plain values and gives plain values, so that it can run in a process of its own: HiGHS takes seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, TypedDict

from grants.domain.assignment import Assignment, Infeasible, assign
from grants.domain.assignment_task import File, Pair, Reviewer, Task
from grants.domain.integer_programme import Solver

#: reviewer, file
PairRow: TypeAlias = Sequence[str]
#: What each kept pair costs is worked out for so many: each takes an assignment of its own.
MOST_COSTS = 12
#: One search stops after so long, with the best it has found.
SECONDS = 8.0


class Material(TypedDict):
    """What there is to assign. `files`: id, tags. `reviewers`: id, tags, most files or None.

    `fixed`: pairs that stay; `movable`: those of them that stay by wish alone. `now`: every pair that stands.
    """

    per_file: int
    files: Sequence[tuple[str, Sequence[str]]]
    reviewers: Sequence[tuple[str, Sequence[str], int | None]]
    conflicts: Sequence[PairRow]
    fixed: Sequence[PairRow]
    movable: Sequence[PairRow]
    now: Sequence[PairRow]
    anchors: Sequence[str]
    earlier: Sequence[PairRow]


def task_of(material: Material) -> Task:
    """The task behind the material. Raises ValueError when an id is unknown."""
    return Task(
        tuple(File(name, frozenset(tags)) for name, tags in material["files"]),
        tuple(Reviewer(name, frozenset(tags), most) for name, tags, most in material["reviewers"]),
        material["per_file"],
        _pairs(material["conflicts"]),
        _pairs(material["fixed"]),
        frozenset(material["anchors"]),
        _pairs(material["earlier"]),
    )


def study(material: Material, progress: Callable[[float], object] = lambda _: None) -> dict[str, object]:
    """Propose an assignment; the same material gives the same answer where no search was stopped.

    Answers {"relax": [names of rules]} where the rules contradict each other, else {"pairs", "pieces", "measures",
    "now" (the measures of what stands), "cost" (of all pairs kept by wish together), "costs" (of each), "uncovered"
    ([[file, tag]]), "proved"}.
    """
    task, solver = task_of(material), Solver(seconds=SECONDS)
    found = assign(task, solver, _counting(progress))
    if isinstance(found, Infeasible):
        return {"relax": list(found.relax)}
    movable = _pairs(material["movable"])
    costs, together = _costs(task, found, movable, solver, lambda done: progress(0.6 + 0.4 * done))
    progress(1.0)
    return {
        "pairs": [list(pair) for pair in found.pairs],
        "pieces": [sorted({file for _, file in piece}) for piece in found.pieces],
        "measures": dict(found.measures),
        "now": dict(Assignment(task, tuple(sorted(_pairs(material["now"])))).measures),
        "cost": together,
        "costs": costs,
        "uncovered": _uncovered(task, found),
        "proved": found.proved,
    }


def _costs(
    task: Task, found: Assignment, movable: frozenset[Pair], solver: Solver, progress: Callable[[float], object]
) -> tuple[list[dict[str, object]], dict[str, int]]:
    """What each pair kept by wish costs, and all of them together: how much worse each measure is for it."""
    if not movable:
        return [], {}
    free = replace(task, fixed=task.fixed - movable)
    together = _worse(found, assign(free, solver))
    progress(0.3)
    if not together or len(movable) > MOST_COSTS:
        return [], together
    costs: list[dict[str, object]] = []
    for done, pair in enumerate(sorted(movable), start=1):
        worse = _worse(found, assign(replace(task, fixed=task.fixed - {pair}), solver))
        costs += [{"pair": list(pair), "worse": worse}] if worse else []
        progress(0.3 + 0.7 * done / len(movable))
    return costs, together


def _worse(kept: Assignment, free: Assignment | Infeasible) -> dict[str, int]:
    if isinstance(free, Infeasible):
        return {}
    signs = dict.fromkeys(kept.measures, 1) | {"matches": -1}
    differences = {name: sign * (kept.measures[name] - free.measures[name]) for name, sign in signs.items()}
    return {name: value for name, value in differences.items() if value > 0}


def _uncovered(task: Task, found: Assignment) -> list[list[str]]:
    """What none of a file's reviewers knows."""
    tags: Mapping[str, frozenset[str]] = {reviewer.id: reviewer.tags for reviewer in task.reviewers}
    known: dict[str, set[str]] = {file.id: set() for file in task.files}
    for reviewer, file in found.pairs:
        known[file] |= tags[reviewer]
    return [[file.id, tag] for file in task.files for tag in sorted(file.wishes - known[file.id])]


def _counting(progress: Callable[[float], object]) -> Callable[[int, int], None]:
    """The assignment's own steps are the first six tenths."""

    def tell(done: int, steps: int) -> None:
        progress(0.6 * done / steps)

    return tell


def _pairs(rows: Sequence[PairRow]) -> frozenset[Pair]:
    return frozenset((row[0], row[1]) for row in rows)
