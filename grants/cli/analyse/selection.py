"""`analyse choose` and `analyse assign`: a portfolio under an envelope, and who reads what."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeVar

from grants.cli.analyse.frame import (
    Answer,
    Refused,
    analysis,
    items,
    name_in,
    number_in,
    required,
    rows,
    shown,
    whole_in,
)
from grants.domain.assignment import Assignment, File, Pair, Reviewer, Task, assign, manual_costs
from grants.domain.integer_programme import Solver, SolverFailed
from grants.domain.portfolio import Bound, Candidate, Objective, Portfolio, Problem, choose

INFEASIBLE = 1
#: HiGHS takes no larger seed.
SEEDS = 2**31
#: No call is larger; more would only be a slip of the keyboard.
MOST_CENTS, MOST_PER_FILE = 10**13, 100
#: Scores lie within this, and are exact to so many decimals.
LARGEST_SCORE, DECIMALS = 10**9, 18

Made = TypeVar("Made")


@analysis("choose")
def choose_portfolio(document: dict[str, Any], seed: int) -> Answer:
    """Choose the best set of files under an envelope and the call's rules. Exit 1 when no set keeps them all."""
    problem = _made(lambda: _problem(document))
    found = _solved(lambda: choose(problem, Solver(seed % SEEDS)))
    return Answer(found.as_json(), status=0 if isinstance(found, Portfolio) else INFEASIBLE)


@analysis("assign")
def assign_reviewers(document: dict[str, Any], seed: int) -> Answer:
    """Give every file its reviewers, never one in conflict, with level loads. Exit 1 when the rules forbid it."""
    task, solver = _made(lambda: _task(document)), Solver(seed % SEEDS)
    found = _solved(lambda: assign(task, solver))
    if not isinstance(found, Assignment):
        return Answer(found.as_json(), status=INFEASIBLE)
    told = found.as_json()
    if task.fixed:
        told["manual"] = [cost.as_json() for cost in _solved(lambda: manual_costs(task, found, solver))]
    return Answer(told, warnings=tuple(_warnings(found)))


def _problem(document: dict[str, Any]) -> Problem:
    return Problem(
        envelope_cents=_cents(required(document, "envelope_cents"), "envelope_cents"),
        objective=_objective(required(document, "objective")),
        candidates=tuple(_candidate(row, where) for where, row in rows(document, "applications")),
        places=_optional_count(document, "places", ""),
        bounds=tuple(_bound(row, where) for where, row in rows({"bounds": [], **document}, "bounds")),
        include=frozenset(_names(document, "include")),
        exclude=frozenset(_names(document, "exclude")),
        per_organisation=_optional_count({"per_organisation": 1, **document}, "per_organisation", ""),
    )


def _objective(value: object) -> Objective:
    if not isinstance(value, str) or value not in set(Objective):
        raise Refused(f"objective: one of {', '.join(Objective)} is expected, not {shown(value)}")
    return Objective(value)


def _candidate(row: dict[str, Any], where: str) -> Candidate:
    organisation = row.get("organisation")
    least = row.get("min_cents")
    amount = _cents(required(row, "amount_cents", where), f"{where}.amount_cents")
    return Candidate(
        id=name_in(required(row, "id", where), f"{where}.id"),
        score=_exact(required(row, "score", where), f"{where}.score"),
        amount_cents=amount,
        min_cents=None if least is None else whole_in(least, f"{where}.min_cents", most=amount),
        tags=frozenset(_names(row, "tags", where)),
        organisation=None
        if organisation is None or organisation == ""
        else name_in(organisation, f"{where}.organisation"),
    )


def _bound(row: dict[str, Any], where: str) -> Bound:
    tag = name_in(required(row, "tag", where), f"{where}.tag")
    return Bound(tag, _optional_count(row, "min", where), _optional_count(row, "max", where))


def _task(document: dict[str, Any]) -> Task:
    return Task(
        files=tuple(
            File(name_in(required(row, "id", where), f"{where}.id"), frozenset(_names(row, "tags", where)))
            for where, row in rows(document, "applications")
        ),
        reviewers=tuple(_reviewer(row, where) for where, row in rows(document, "reviewers")),
        per_file=whole_in(required(document, "per_application"), "per_application", least=1, most=MOST_PER_FILE),
        conflicts=frozenset(_pairs(document, "conflicts")),
        fixed=frozenset(_pairs(document, "fixed")),
        anchors=frozenset(_names(document, "anchors")),
        earlier=frozenset(_pairs(document, "earlier")),
    )


def _reviewer(row: dict[str, Any], where: str) -> Reviewer:
    name = name_in(required(row, "id", where), f"{where}.id")
    return Reviewer(name, frozenset(_names(row, "tags", where)), _optional_count(row, "max", where))


def _pairs(document: dict[str, Any], key: str) -> Iterator[Pair]:
    for where, value in items({key: [], **document}, key):
        if not isinstance(value, list) or len(value) != len(("reviewer", "application")):
            raise Refused(f"{where}: [reviewer, application] is expected, not {shown(value)}")
        yield name_in(value[0], f"{where}[0]"), name_in(value[1], f"{where}[1]")


def _names(row: dict[str, Any], key: str, where: str = "") -> Iterator[str]:
    for place, value in items({key: [], **row}, key, where):
        yield name_in(value, place)


def _optional_count(row: dict[str, Any], key: str, where: str) -> int | None:
    value = row.get(key)
    return None if value is None else whole_in(value, f"{where}.{key}" if where else key)


def _cents(value: object, where: str) -> int:
    return whole_in(value, where, most=MOST_CENTS)


def _exact(value: object, where: str) -> Fraction:
    """The number as it was written: 83.1 is 831/10."""
    if abs(number_in(value, where)) > LARGEST_SCORE:
        raise Refused(f"{where}: {shown(value)} is too large")
    return round(Fraction(str(value)), DECIMALS)


def _made(make: Callable[[], Made]) -> Made:
    """What is read, its ids known and single. Raises Refused."""
    try:
        return make()
    except ValueError as error:
        raise Refused(str(error)) from None


def _solved(solve: Callable[[], Made]) -> Made:
    try:
        return solve()
    except SolverFailed as error:
        raise Refused(str(error)) from None


def _warnings(found: Assignment) -> Iterator[str]:
    if not found.connected:
        count = len(found.pieces)
        yield f"the graph of reviewers and files is in {count} pieces: scores cannot be compared across them"
