"""Assignments judged without the optimiser: by flows where they are large, by trying all of them where they are small."""

import random
from collections import deque
from collections.abc import Iterator
from itertools import combinations, product

from grants.domain.assignment import Assignment
from grants.domain.assignment_task import File, Pair, Reviewer, Task, components

WISHES = ("farming", "youth", "north")
FRENCH, ENGLISH = "language:fr", "language:en"


def drawn(seed: int, most_files: int = 14, most_reviewers: int = 7) -> Task:
    """A random task; about one in three asks for what cannot be."""
    die = random.Random(seed)  # noqa: S311 -- nothing secret
    files = tuple(File(f"F{n:02}", _tags(die, 0.2)) for n in range(die.randint(1, most_files)))
    people = range(die.randint(1, most_reviewers))
    limits = die.choice(((None,), (None, 3, 5), (1, 2, 4, None), (6, 8)))
    reviewers = tuple(Reviewer(f"R{n}", _tags(die, 0.8), die.choice(limits)) for n in people)
    every = [(reviewer.id, file.id) for reviewer in reviewers for file in files]
    conflicts = frozenset(pair for pair in every if die.random() < die.choice((0.0, 0.1, 0.3)))
    fixed = die.sample(every, min(len(every), die.choice((0, 0, 0, 1, 2))))
    return Task(
        files,
        reviewers,
        per_file=die.choice((1, 2, 2, 3)),
        conflicts=conflicts,
        fixed=frozenset(pair for pair in fixed if pair not in conflicts or die.random() < 0.1),
        anchors=frozenset(file.id for file in files if die.random() < die.choice((0.0, 0.0, 0.2))),
        earlier=frozenset(pair for pair in every if die.random() < 0.15),
    )


def _tags(die: random.Random, english: float) -> frozenset[str]:
    wishes = frozenset(tag for tag in WISHES if die.random() < 0.4)
    return wishes | {FRENCH} | ({ENGLISH} if die.random() < english else set())


def able(task: Task, file: File) -> list[str]:
    """Who may read a file."""
    return [
        one.id
        for one in task.reviewers
        if (one.id, file.id) not in task.conflicts and (file.languages <= one.tags or (one.id, file.id) in task.fixed)
    ]


def demand(task: Task, file: File) -> int:
    """How many reviewers a file must have."""
    if file.id in task.anchors:
        return len(able(task, file))
    return max(task.per_file, sum(name == file.id for _, name in task.fixed))


def forbidden(task: Task, pairs: tuple[Pair, ...]) -> set[Pair]:
    """The pairs that should not be: in conflict, or in a language that the reviewer does not know."""
    return {(person, file) for person, file in pairs if person not in able(task, task.file(file))}


def kept(task: Task, found: Assignment) -> bool:
    """Numbers, maximums, manual pairs and anchors are all as asked for."""
    counts = {file.id: sum(name == file.id for _, name in found.pairs) for file in task.files}
    numbers = all(counts[file.id] == demand(task, file) >= task.per_file for file in task.files)
    limits = all(one.most is None or found.loads[one.id] <= one.most for one in task.reviewers)
    return numbers and limits and task.fixed <= set(found.pairs) and len(set(found.pairs)) == len(found.pairs)


def possible(task: Task, *, even: bool) -> bool:
    """A flow through files and reviewers serves every file; `even`: with loads within one of each other."""
    total = sum(demand(task, file) for file in task.files)
    if task.fixed & task.conflicts or any(len(able(task, file)) < task.per_file for file in task.files):
        return False
    fair, over = divmod(total, len(task.reviewers))
    capacity: dict[tuple[str, str], int] = {}
    spare = total - len(task.fixed)
    for one in task.reviewers:
        hand = sum(person == one.id for person, _ in task.fixed)
        most = total if one.most is None else one.most
        least, most = (fair, min(most, fair + bool(over))) if even else (0, most)
        if most < max(least, hand):
            return False
        least = max(0, least - hand)
        capacity[f"r{one.id}", "sink"] = least
        capacity[f"r{one.id}", "pool"] = most - hand - least
        spare -= least
    if spare < 0:
        return False
    capacity["pool", "sink"] = spare
    for file in task.files:
        hand = sum(name == file.id for _, name in task.fixed)
        capacity["source", f"f{file.id}"] = demand(task, file) - hand
        for person in able(task, file):
            if (person, file.id) not in task.fixed:
                capacity[f"f{file.id}", f"r{person}"] = 1
    return _flow(capacity) == total - len(task.fixed)


def _flow(capacity: dict[tuple[str, str], int]) -> int:
    """The greatest flow from source to sink, by shortest augmenting paths."""
    left = dict(capacity)
    nearby: dict[str, list[str]] = {}
    for here, there in capacity:
        nearby.setdefault(here, []).append(there)
        nearby.setdefault(there, []).append(here)
        left.setdefault((there, here), 0)
    flow = 0
    while path := _path(left, nearby):
        for step in path:
            left[step] -= 1
            left[step[1], step[0]] += 1
        flow += 1
    return flow


def _path(left: dict[tuple[str, str], int], nearby: dict[str, list[str]]) -> list[tuple[str, str]]:
    came, waiting = {"source": ""}, deque(["source"])
    while waiting and "sink" not in came:
        here = waiting.popleft()
        for there in nearby.get(here, []):
            if there not in came and left[here, there] > 0:
                came[there] = here
                waiting.append(there)
    path, node = [], "sink"
    while came.get(node):
        path.append((came[node], node))
        node = came[node]
    return path


def every(task: Task) -> Iterator[frozenset[Pair]]:
    """Every assignment that keeps the rules."""
    choices = []
    for file in task.files:
        people = able(task, file)
        if len(people) < task.per_file:
            return
        choices.append([[(one, file.id) for one in chosen] for chosen in combinations(people, demand(task, file))])
    for parts in product(*choices):
        pairs = frozenset(pair for part in parts for pair in part)
        loads = {one.id: sum(person == one.id for person, _ in pairs) for one in task.reviewers}
        if task.fixed <= pairs and all(one.most is None or loads[one.id] <= one.most for one in task.reviewers):
            yield pairs


def merit(task: Task, pairs: frozenset[Pair]) -> tuple[int, ...]:
    """What an assignment is judged by, the least being best; meetings apart."""
    measures = Assignment(task, tuple(sorted(pairs))).measures
    in_pieces = len(components(pairs)) > 1
    squares = measures["load_squares"]
    return squares, in_pieces, measures["repeats"], measures["uncovered"], -measures["matches"]


def fewest_rules(task: Task) -> int:
    """How many rules the least offending assignment breaks, conflicts apart."""
    free = [
        (one.id, file.id) for file in task.files for one in task.reviewers if (one.id, file.id) not in task.conflicts
    ]
    tried = (frozenset(pairs) for size in range(len(free) + 1) for pairs in combinations(free, size))
    return min(_broken(task, pairs) for pairs in tried)


def _broken(task: Task, pairs: frozenset[Pair]) -> int:
    broken = len(task.fixed - pairs)
    for one in task.reviewers:
        broken += one.most is not None and sum(person == one.id for person, _ in pairs) > one.most
    for file in task.files:
        people, may = {person for person, name in pairs if name == file.id}, set(able(task, file))
        broken += len(people) < task.per_file
        broken += bool(people - may)
        broken += _anchor_broken(task, file, people, may)
    return broken


def _anchor_broken(task: Task, file: File, people: set[str], may: set[str]) -> int:
    """An anchor is read by all; another file by no more than it asks for, which nobody may give up."""
    if file.id in task.anchors:
        return not may <= people
    return 1000 if len(people) > demand(task, file) else 0
