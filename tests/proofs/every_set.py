"""Choosing by trying every set of files: slow, obvious, and without a line in common with the optimiser."""

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from grants.domain.portfolio import Bound, Candidate, Objective, Problem

TAGS = ("north", "south", "women", "farming")
ORGANISATIONS = ("Ada", "Bio", "Cim", None)


def drawn(seed: int, most_files: int = 16) -> Problem:
    """A random problem: few tags, few organisations, many ties, rules that often contradict each other."""
    die = random.Random(seed)  # noqa: S311 -- nothing secret
    files = die.choice((0, 1, 4, 6, 7, 8, 9, 10, 11, 12, 13, die.randint(14, 16)))
    partial = die.random() < 0.6
    candidates = tuple(_file(die, number, partial=partial) for number in range(min(files, most_files)))
    ids = [one.id for one in candidates]
    bounds = tuple(_bound(die, tag) for tag in (*TAGS, "Ada") if die.random() < 0.3)
    return Problem(
        envelope_cents=die.choice((0, 60_00, 101_07, 160_00, 250_00, 400_00, 90_000_00)),
        objective=die.choice(list(Objective)),
        candidates=candidates,
        places=die.choice((None, None, 1, 3, 5, 8)),
        bounds=bounds,
        include=frozenset(die.sample(ids, min(len(ids), die.choice((0, 0, 0, 0, 1, 2))))),
        exclude=frozenset(die.sample(ids, min(len(ids), die.choice((0, 0, 1, 2))))),
        per_organisation=die.choice((1, 1, 2, None)),
    )


def _file(die: random.Random, number: int, *, partial: bool) -> Candidate:
    amount = die.choice((10_00, 25_00, 40_00, die.randint(1, 99_99)))
    return Candidate(
        id=f"F{die.randint(0, 9)}{number}",
        score=die.choice(_scores(die)),
        amount_cents=amount,
        min_cents=die.choice((None, amount // 2, amount - 1, 0)) if partial else None,
        tags=frozenset(die.sample(TAGS, die.randint(0, 3))),
        organisation=die.choice(ORGANISATIONS),
    )


def _scores(die: random.Random) -> tuple[Fraction, ...]:
    """Whole, with cents, a mean of three, and with more digits than a floating-point number holds."""
    long = Fraction(die.randint(0, 10**20), 10**18)
    return Fraction(die.randint(0, 6)), Fraction(die.randint(-50, 10_000), 100), Fraction(200, 3), long


def _bound(die: random.Random, tag: str) -> Bound:
    low, high = die.choice((None, None, 0, 1, 2)), die.choice((None, 0, 1, 2, 3, 5))
    return Bound(tag, low, high)


def sets(problem: Problem) -> Iterator[tuple[Candidate, ...]]:
    """Every set of files, each in the order of the ranking."""
    ranked = sorted(problem.candidates, key=lambda one: (-one.score, one.id))
    for size in range(len(ranked) + 1):
        yield from combinations(ranked, size)


def broken(problem: Problem, chosen: tuple[Candidate, ...]) -> frozenset[str]:
    """The names of the rules that a set breaks."""
    ids = {one.id for one in chosen}
    found = {f"include:{one}" for one in problem.include - ids} | {f"exclude:{one}" for one in problem.exclude & ids}
    if sum(one.least_cents for one in chosen) > problem.envelope_cents:
        found.add("envelope")
    if problem.places is not None and len(chosen) > problem.places:
        found.add("places")
    for bound in problem.bounds:
        count = sum(bound.tag in one.tags or bound.tag == one.organisation for one in chosen)
        if bound.minimum is not None and count < bound.minimum:
            found.add(f"min:{bound.tag}")
        if bound.maximum is not None and count > bound.maximum:
            found.add(f"max:{bound.tag}")
    return frozenset(found) | _organisations_broken(problem, chosen)


def _organisations_broken(problem: Problem, chosen: tuple[Candidate, ...]) -> frozenset[str]:
    """Organisations with too many files; a maximum on an organisation's own name replaces the general one."""
    capped = {bound.tag for bound in problem.bounds if bound.maximum is not None}
    if problem.per_organisation is None:
        return frozenset()
    names = [one.organisation for one in chosen if one.organisation not in capped | {None}]
    return frozenset(f"organisation:{name}" for name in names if names.count(name) > problem.per_organisation)


def allowed(problem: Problem) -> list[tuple[Candidate, ...]]:
    """The sets that break no rule."""
    return [chosen for chosen in sets(problem) if not broken(problem, chosen)]


def fewest_rules(problem: Problem) -> int:
    """How many rules the least offending set breaks."""
    return min(len(broken(problem, chosen)) for chosen in sets(problem))


def best(problem: Problem) -> tuple[tuple[str, ...], Fraction, int] | None:
    """(ids by rank, objective, Σ cents) of the best set; None when no set is allowed."""
    choices = allowed(problem)
    if not choices:
        return None
    if problem.objective is Objective.BEST_RANK_FIRST:
        walked: set[str] = set()
        for one in _order(problem):
            if any(walked | {one} <= {file.id for file in chosen} for chosen in choices):
                walked.add(one)
        choices = [chosen for chosen in choices if {file.id for file in chosen} == walked]
    winner = max(choices, key=lambda chosen: _merit(problem, chosen))
    return tuple(one.id for one in winner), *worth(problem, winner)


def in_order(problem: Problem) -> list[tuple[str, ...]]:
    """The ids of every allowed set, the best first."""
    ordered = sorted(allowed(problem), key=lambda chosen: _merit(problem, chosen), reverse=True)
    return [tuple(one.id for one in chosen) for chosen in ordered]


def _order(problem: Problem) -> list[str]:
    return [one.id for one in sorted(problem.candidates, key=lambda one: (-one.score, one.id))]


def _merit(problem: Problem, chosen: tuple[Candidate, ...]) -> tuple[Any, ...]:
    ids = {one.id for one in chosen}
    places = [one in ids for one in _order(problem)]
    return (places,) if problem.objective is Objective.BEST_RANK_FIRST else (*worth(problem, chosen), places)


def worth(problem: Problem, chosen: tuple[Candidate, ...]) -> tuple[Fraction, int]:
    """(objective, Σ cents) of a set: money beyond the least amounts goes where the objective gains most by it."""
    left = problem.envelope_cents - sum(one.least_cents for one in chosen)
    total, weighted = 0, Fraction(0)
    for one in chosen:
        paid = one.least_cents
        if problem.objective is not Objective.SUM_BY_AMOUNT or one.score >= 0:
            paid += min(left, one.amount_cents - one.least_cents)
        left -= paid - one.least_cents
        total, weighted = total + paid, weighted + one.score * paid
    if problem.objective is Objective.SUM_BY_AMOUNT:
        return weighted, total
    return sum((one.score for one in chosen), Fraction(0)), total


def worth_of_every_amount(problem: Problem, chosen: tuple[Candidate, ...]) -> tuple[Fraction, int]:
    """The same as `worth`, by trying every cent for every file: for tiny amounts."""
    ranges = [range(one.least_cents, one.amount_cents + 1) for one in chosen]
    paid = [amounts for amounts in product(*ranges) if sum(amounts) <= problem.envelope_cents]

    def merit(amounts: tuple[int, ...]) -> tuple[Fraction, int]:
        if problem.objective is Objective.SUM_BY_AMOUNT:
            weighted = sum((one.score * cents for one, cents in zip(chosen, amounts, strict=True)), Fraction(0))
            return weighted, sum(amounts)
        return sum((one.score for one in chosen), Fraction(0)), sum(amounts)

    return max(merit(amounts) for amounts in paid)
