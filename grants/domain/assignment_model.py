"""The assignment as an integer programme: its rules, level loads, connection by cuts, and what to give up."""

from grants.domain.assignment_task import Pair, Task, components
from grants.domain.integer_programme import Answer, Programme, Solver, Terms

#: What is given up first when the rules contradict each other.
KINDS = ("anchor", "fixed", "max", "reviewers", "language")
#: Cuts are added at most so many times before the search for a connected graph is called off.
MOST_CUTS = 400


class Model:
    """One variable for each pair that may be. `impossible`: a manual pair is in conflict, or a file lacks reviewers."""

    def __init__(self, task: Task, solver: Solver) -> None:
        self.task = task
        self.programme = Programme(solver)
        self.impossible = bool(task.fixed & task.conflicts)
        self.columns: dict[Pair, int] = {}
        self.of_file: dict[str, list[int]] = {file.id: [] for file in task.files}
        self.of_reviewer: dict[str, list[int]] = {reviewer.id: [] for reviewer in task.reviewers}
        for file in sorted(task.files, key=lambda one: one.id):
            for reviewer in sorted(task.reviewers, key=lambda one: one.id):
                if task.permitted(reviewer, file) and task.understood(reviewer, file):
                    column = self.columns[reviewer.id, file.id] = self.programme.variable()
                    self.of_file[file.id].append(column)
                    self.of_reviewer[reviewer.id].append(column)
        self.total = self._rules()

    def _rules(self) -> int:
        """State the rules; how many pairs there will be."""
        total = 0
        for file in self.task.files:
            columns = self.of_file[file.id]
            wanted = len(columns) if file.id in self.task.anchors else self.task.wanted(file)
            self.impossible |= len(columns) < max(wanted, self.task.per_file)
            self.programme.row(dict.fromkeys(columns, 1), wanted, wanted)
            total += wanted
        for reviewer in self.task.reviewers:
            if reviewer.most is not None:
                self.programme.row(dict.fromkeys(self.of_reviewer[reviewer.id], 1), upper=reviewer.most)
        for pair in self.task.fixed & set(self.columns):
            self.programme.fix(self.columns[pair], 1)
        return total

    def read(self, answer: Answer) -> set[Pair]:
        """The pairs of a solution."""
        return {pair for pair, column in self.columns.items() if answer.values[column]}

    def avoid_repeats(self) -> Terms:
        """The fewest pairs of earlier rounds."""
        return {column: -1 for pair, column in self.columns.items() if pair in self.task.earlier}

    def cover(self) -> Terms:
        """As many of the files' wishes as possible are known to one of their reviewers."""
        goal = {}
        for file in sorted(self.task.files, key=lambda one: one.id):
            for tag in sorted(file.wishes):
                able = [
                    self.columns[one.id, file.id]
                    for one in self.task.reviewers
                    if tag in one.tags and (one.id, file.id) in self.columns
                ]
                if able:
                    goal[covered := self.programme.variable()] = 1
                    self.programme.row({covered: -1, **dict.fromkeys(able, 1)}, lower=0)
        self.programme.hint = ()
        return goal

    def match(self) -> Terms:
        """As many tags in common as possible."""
        tags = {reviewer.id: reviewer.tags for reviewer in self.task.reviewers}
        common = {pair: len(tags[pair[0]] & self.task.file(pair[1]).wishes) for pair in self.columns}
        return {self.columns[pair]: count for pair, count in common.items() if count}


def level_loads(model: Model) -> bool:
    """Keep loads within one of each other or, where the rules forbid it, the sum of their squares least.

    False when the rules allow no assignment at all.
    """
    if not model.of_reviewer:
        return model.total == 0
    fair, over = divmod(model.total, len(model.of_reviewer))
    even = model.programme.copy()
    for columns in model.of_reviewer.values():
        even.row(dict.fromkeys(columns, 1), fair, fair + bool(over))
    if even.feasible() is not None:
        model.programme = even
        return True
    # the k-th file of a reviewer weighs 2k - 1: together the square of the load
    weights = {}
    for columns in model.of_reviewer.values():
        steps = [model.programme.variable() for _ in columns]
        weights.update({step: -(2 * k + 1) for k, step in enumerate(steps)})
        model.programme.row({**dict.fromkeys(columns, 1), **dict.fromkeys(steps, -1)}, 0, 0)
    return model.programme.maximise(weights) is not None


def connect(model: Model, weights: Terms) -> Answer | None:
    """Maximise among the assignments whose graph is in one piece, and pin the value; None when there are none.

    Wherever a solution falls to pieces, each piece must have a pair across its edge from then on: every connected
    assignment keeps that cut, so an infeasible programme proves that none exists. Nothing is changed in that case.
    """
    if not connectable(model):
        return None
    trying = model.programme.copy()
    for _ in range(MOST_CUTS):
        pinned = trying.copy()
        answer = pinned.maximise(weights)
        if answer is None:
            return None
        pieces = components(model.read(answer))
        if len(pieces) <= 1:
            model.programme = pinned
            return answer
        for piece in pieces:
            trying.row(dict.fromkeys(_across(model, piece), 1), lower=1)
    model.programme.proved = False
    return None


def connectable(model: Model) -> bool:
    """There are enough pairs for one piece, and what may be is itself in one piece."""
    busy = min(len(model.of_reviewer), model.total)
    fewest = sum(1 for columns in model.of_reviewer.values() if columns)
    spread = model.total >= len(model.of_reviewer)
    enough = model.total >= len(model.of_file) + (min(busy, fewest) if spread else 1) - 1
    pieces = components(model.columns)
    return enough and (len(pieces) <= 1)


def _across(model: Model, piece: frozenset[Pair]) -> list[int]:
    """The pairs that may be with one end in this piece."""
    reviewers, files = {reviewer for reviewer, _ in piece}, {file for _, file in piece}
    return [column for (reviewer, file), column in model.columns.items() if (reviewer in reviewers) != (file in files)]


def relaxed(task: Task, solver: Solver) -> tuple[str, ...]:
    """The names of the fewest rules without which an assignment exists; conflicts are never given up.

    Among the smallest sets: anchors go before manual pairs, reviewers' maximums, numbers of reviewers, languages.
    """
    elastic = _Elastic(task, solver)
    names = elastic.given_up
    order = {name: (KINDS.index(name.partition(":")[0]) + 1) * len(names) + at for at, name in enumerate(names)}
    elastic.programme.maximise(dict.fromkeys(names.values(), -1))
    answer = elastic.programme.maximise({column: -order[name] for name, column in names.items()})
    return () if answer is None else tuple(name for name, column in names.items() if answer.values[column])


class _Elastic:
    """The programme in which each rule may be given up. `given_up`: variable of each, by name."""

    def __init__(self, task: Task, solver: Solver) -> None:
        self.task = task
        self.programme = Programme(solver)
        self.given_up: dict[str, int] = {}
        self.columns = {
            (reviewer.id, file.id): self.programme.variable()
            for file in sorted(task.files, key=lambda one: one.id)
            for reviewer in sorted(task.reviewers, key=lambda one: one.id)
            if task.permitted(reviewer, file)
        }
        self._files()
        self._reviewers()
        for pair in sorted(task.fixed):
            column = self.columns.get(pair)
            self.programme.row({self._rule(f"fixed:{'/'.join(pair)}"): 1, **({} if column is None else {column: 1})}, 1)

    def _rule(self, name: str) -> int:
        return self.given_up.setdefault(name, self.programme.variable())

    def _files(self) -> None:
        for file in sorted(self.task.files, key=lambda one: one.id):
            able = [one for one in self.task.reviewers if (one.id, file.id) in self.columns]
            columns = {one.id: self.columns[one.id, file.id] for one in able}
            terms = dict.fromkeys(columns.values(), 1)
            wanted = self.task.wanted(file)
            short = self._rule(f"reviewers:{file.id}")
            self.programme.row({**terms, short: self.task.per_file}, lower=self.task.per_file)
            strange = [columns[one.id] for one in able if not self.task.understood(one, file)]
            if strange:
                foreign = self._rule(f"language:{file.id}")
                self.programme.row({**dict.fromkeys(strange, 1), foreign: -len(strange)}, upper=0)
            if file.id not in self.task.anchors:
                self.programme.row(terms, upper=wanted)
                continue
            alone = self._rule(f"anchor:{file.id}")
            for one in able:
                if self.task.understood(one, file):
                    self.programme.row({columns[one.id]: 1, alone: 1}, lower=1)

    def _reviewers(self) -> None:
        for reviewer in sorted(self.task.reviewers, key=lambda one: one.id):
            if reviewer.most is not None:
                columns = [column for (name, _), column in self.columns.items() if name == reviewer.id]
                tired = self._rule(f"max:{reviewer.id}")
                self.programme.row({**dict.fromkeys(columns, 1), tired: -len(columns)}, upper=reviewer.most)
