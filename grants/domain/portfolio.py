"""Choosing a portfolio: the set of files that serves the call's objective best under its envelope and its rules.

It advises; the committee decides. Scores are exact fractions, money whole cents: equal means equal.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import gcd, lcm

from grants.domain.integer_programme import Answer, Programme, Solver, Terms
from grants.domain.portfolio_problem import (
    AS_STATED,
    Award,
    Bound,
    Candidate,
    Infeasible,
    Objective,
    Portfolio,
    Problem,
    Progress,
    Restrictions,
    Rule,
    kept_rules,
    rules,
)

__all__ = [
    "AS_STATED",
    "Award",
    "Bound",
    "Candidate",
    "Infeasible",
    "Objective",
    "Portfolio",
    "Problem",
    "Progress",
    "Restrictions",
    "choose",
    "relaxed",
    "rules",
]

#: So many files of the ranking are settled by one search: their weights are powers of two.
BLOCK = 30
#: What progress is told in: the objective, its rivals, the ranking.
STEPS = 3
#: So many unsettled files are settled by trying every set, where scores have too many digits to be searched at once.
FEW = 12
#: What is given up first when rules contradict each other: the later kinds are what the money and people asked for.
KINDS = ("min", "max", "organisation", "places", "exclude", "include", "envelope")


@dataclass
class _Choice:
    """A problem turned into a programme: one variable a file, in the order of the ranking."""

    problem: Problem
    programme: Programme
    columns: list[int]
    extra: dict[int, int] = field(default_factory=dict)


def choose(
    problem: Problem,
    solver: Solver | None = None,
    restrictions: Restrictions = AS_STATED,
    progress: Progress | None = None,
) -> Portfolio | Infeasible:
    """Choose the best set of files, and what each is given.

    sum: the greatest Σ score; sum_by_amount: the greatest Σ score × cents; best_rank_first: walking down the ranking,
    a file is taken whenever some allowed set contains it and all taken before. Among equals the greatest Σ amount,
    then the set that the same walk prefers; money beyond the least amounts goes to the best ranked first. An envelope
    may stay partly unused. Raises SolverFailed.
    """
    tell = progress or (lambda _done, _steps: None)
    choice = _stated(problem, solver or Solver(), restrictions)
    tell(0, STEPS)
    taken = _best(choice, restrictions, tell)
    tell(STEPS, STEPS)
    if taken is None:
        return Infeasible(relaxed(problem, solver, restrictions))
    return _portfolio(problem, taken, restrictions, proved=choice.programme.proved)


def relaxed(problem: Problem, solver: Solver | None = None, restrictions: Restrictions = AS_STATED) -> tuple[str, ...]:
    """The names of the fewest rules without which a set exists; empty when the rules agree.

    Among the smallest sets of rules: bounds go before organisations, places, exclusions, inclusions and the envelope.
    """
    programme = Programme(solver)
    columns = [programme.variable() for _ in problem.ranked]
    given_up: dict[str, int] = {}
    for rule in kept_rules(problem, restrictions):
        terms = {columns[at]: value for at, value in rule.terms.items()}
        if rule.kind in KINDS and rule.name not in restrictions.firm:
            given_up[rule.name] = programme.variable()
            terms[given_up[rule.name]] = (rule.lower or 0) if rule.upper is None else -max(0, sum(terms.values()))
        programme.row(terms, rule.lower, rule.upper)
    # of two rules of a kind, the one said of the lower ranked file goes first
    order = {name: (KINDS.index(name.partition(":")[0]) + 2) * len(given_up) - at for at, name in enumerate(given_up)}
    programme.maximise(dict.fromkeys(given_up.values(), -1))
    answer = programme.maximise({column: -order[name] for name, column in given_up.items()})
    return () if answer is None else tuple(name for name, column in given_up.items() if answer.values[column])


def _stated(problem: Problem, solver: Solver, restrictions: Restrictions) -> _Choice:
    """The programme of the rules; rules about one file fix its variable."""
    programme = Programme(solver)
    choice = _Choice(problem, programme, [programme.variable() for _ in problem.ranked])
    for rule in kept_rules(problem, restrictions):
        if rule.kind == "envelope":
            _pay(choice, rule)
        else:
            programme.row({choice.columns[at]: value for at, value in rule.terms.items()}, rule.lower, rule.upper)
    return choice


def _pay(choice: _Choice, envelope: Rule) -> None:
    """The envelope holds the least amounts and, where the objective counts money, what files get beyond them."""
    problem, programme, spent = choice.problem, choice.programme, {}
    unit = _money_unit(problem)
    for at, one in enumerate(problem.ranked):
        spent[choice.columns[at]] = one.least_cents // unit
        room = (one.amount_cents - one.least_cents) // unit
        if room and problem.objective is Objective.SUM_BY_AMOUNT:
            choice.extra[at] = extra = programme.variable(room)
            programme.row({extra: 1, choice.columns[at]: -room}, upper=0)
            spent[extra] = 1
    assert envelope.upper is not None
    programme.row(spent, upper=envelope.upper // unit)


def _money_unit(problem: Problem) -> int:
    """The cents that divide every amount, and the envelope where a part of an amount may be paid."""
    amounts = [value for one in problem.candidates for value in (one.amount_cents, one.least_cents)]
    return gcd(*amounts, problem.envelope_cents if problem.partial else 0) or 1


def _best(choice: _Choice, restrictions: Restrictions, tell: Progress) -> list[bool] | None:
    """The best set by the objective, then Σ amount, then the ranking.

    Most often one set alone has the best objective. That is asked first: whether another has it too, and how much
    the one of these that spends most would spend.
    """
    objective = _objective(choice)
    if objective is None:
        return _best_ranked(choice)
    if choice.programme.too_long(objective):
        few = _few(choice, objective)
        if few is not None:
            return _best_of_few(choice, few, restrictions)
    return _best_of_rivals(choice, objective, restrictions, tell)


def _best_of_rivals(choice: _Choice, objective: Terms, restrictions: Restrictions, tell: Progress) -> list[bool] | None:
    first = _taken(choice, choice.programme.maximise(objective))
    if first is None or restrictions.any_best:
        return first
    tell(1, STEPS)
    spent = _spent(choice)
    rival = choice.programme.copy()
    rival.row({column: -1 if kept else 1 for column, kept in zip(choice.columns, first, strict=True)}, 1 - sum(first))
    second = _taken(choice, rival.maximise(spent))
    choice.programme.proved = rival.proved
    if second is None:
        return first
    tell(2, STEPS)
    sums = [_worth(choice.problem, taken, restrictions)[1] for taken in (first, second)]
    if sums[0] > sums[1]:
        return first
    choice.programme.row(spent, lower=sums[1] // _money_unit(choice.problem))
    choice.programme.hint = rival.hint[: len(choice.programme.lower)]
    return _best_ranked(choice)


def _few(choice: _Choice, objective: Terms) -> list[int] | None:
    """The positions of the files that are not settled by a search with rounded scores; None when they are many."""
    programme = choice.programme
    if not programme.approach(objective):
        return None
    open_ = [at for at, column in enumerate(choice.columns) if programme.lower[column] < programme.upper[column]]
    return open_ if len(open_) <= FEW else None


def _best_of_few(choice: _Choice, few: list[int], restrictions: Restrictions) -> list[bool] | None:
    """The best set when all but a few files are settled: every set is tried, in whole numbers."""
    problem, columns = choice.problem, choice.columns
    taken = [bool(choice.programme.lower[column]) for column in columns]
    kept = kept_rules(problem, restrictions)
    best: tuple[Fraction, int, list[bool]] | None = None
    for tried in product((True, False), repeat=len(few)):
        for at, chosen in zip(few, tried, strict=True):
            taken[at] = chosen
        if all(rule.holds(taken) for rule in kept):
            worth = _worth(problem, taken, restrictions)
            if best is None or (*worth, taken) > best:
                best = (*worth, taken.copy())
    return None if best is None else best[2]


def _worth(problem: Problem, taken: list[bool], restrictions: Restrictions) -> tuple[Fraction, int]:
    """(the objective, Σ cents) of a set."""
    chosen = _chosen(problem, taken)
    amounts = _amounts(problem, chosen, restrictions)
    weighted = problem.objective is Objective.SUM_BY_AMOUNT
    weights = amounts if weighted else [1] * len(chosen)
    return sum((one.score * by for one, by in zip(chosen, weights, strict=True)), Fraction(0)), sum(amounts)


def _taken(choice: _Choice, answer: Answer | None) -> list[bool] | None:
    return None if answer is None else [bool(answer.values[column]) for column in choice.columns]


def _objective(choice: _Choice) -> dict[int, int] | None:
    """What is maximised before anything else; None when the ranking alone decides."""
    problem, columns, unit = choice.problem, choice.columns, _money_unit(choice.problem)
    if problem.objective is Objective.BEST_RANK_FIRST:
        return None
    scale = lcm(*(one.score.denominator for one in problem.candidates))
    scores = [int(one.score * scale) for one in problem.ranked]
    if problem.objective is Objective.SUM:
        return dict(zip(columns, scores, strict=True))
    earned = {columns[at]: scores[at] * (one.least_cents // unit) for at, one in enumerate(problem.ranked)}
    return {**earned, **{column: scores[at] for at, column in choice.extra.items()}}


def _spent(choice: _Choice) -> dict[int, int]:
    """Σ amount: least amounts and what is paid beyond them or, where the objective counts no money, what a set asks
    for, or the envelope when that is less."""
    problem, programme, unit = choice.problem, choice.programme, _money_unit(choice.problem)
    if problem.objective is Objective.SUM_BY_AMOUNT:
        paid = {choice.columns[at]: one.least_cents // unit for at, one in enumerate(problem.ranked)}
        return {**paid, **dict.fromkeys(choice.extra.values(), 1)}
    asked = {choice.columns[at]: one.amount_cents // unit for at, one in enumerate(problem.ranked)}
    if not problem.partial:
        return asked
    total = programme.variable(min(problem.envelope_cents // unit, sum(asked.values())))
    programme.row({**asked, total: -1}, lower=0)
    programme.hint = ()
    return {total: 1}


def _best_ranked(choice: _Choice) -> list[bool] | None:
    """Walk down the ranking: a file is taken whenever some set that is still allowed contains it."""
    programme, columns = choice.programme, choice.columns
    while True:
        free = [column for column in columns if programme.lower[column] < programme.upper[column]][:BLOCK]
        answer = programme.maximise({column: 2 ** (len(free) - 1 - at) for at, column in enumerate(free)})
        if answer is None:
            return None
        for column in free:
            programme.fix(column, answer.values[column])
        if not free:
            return [bool(answer.values[column]) for column in columns]


def _chosen(problem: Problem, taken: list[bool]) -> list[Candidate]:
    return [one for one, kept in zip(problem.ranked, taken, strict=True) if kept]


def _portfolio(problem: Problem, taken: list[bool], restrictions: Restrictions, *, proved: bool) -> Portfolio:
    chosen = _chosen(problem, taken)
    amounts = _amounts(problem, chosen, restrictions)
    objective, total = _worth(problem, taken, restrictions)
    return Portfolio(
        chosen=tuple(Award(one.id, cents) for one, cents in zip(chosen, amounts, strict=True)),
        value=sum((one.score for one in chosen), Fraction(0)),
        objective_value=objective,
        total_cents=total,
        binding=_binding(problem, taken, total, restrictions),
        proved=proved,
    )


def _amounts(problem: Problem, chosen: list[Candidate], restrictions: Restrictions) -> list[int]:
    """The least to each, then the rest down the ranking; a score below zero earns nothing by weighing more."""
    bounded = "envelope" not in restrictions.dropped
    left = problem.envelope_cents - sum(one.least_cents for one in chosen) if bounded else None
    amounts = []
    for one in chosen:
        room = one.amount_cents - one.least_cents
        if one.score < 0 and problem.objective is Objective.SUM_BY_AMOUNT:
            room = 0
        more = room if left is None else min(room, left)
        left = None if left is None else left - more
        amounts.append(one.least_cents + more)
    return amounts


def _binding(problem: Problem, taken: list[bool], total: int, restrictions: Restrictions) -> tuple[str, ...]:
    """The rules without room for one more step: a bound reached, an envelope that holds no file left out in full."""
    inside = {at for at, kept in enumerate(taken) if kept}
    found = []
    for rule in rules(problem):
        if rule.name in restrictions.dropped or rule.kind in {"include", "exclude"}:
            continue
        if rule.kind == "envelope":
            reached = _envelope_reached(problem, taken, total)
        else:
            reached = len(inside & set(rule.terms)) in {rule.lower, rule.upper}
        if reached:
            found.append(rule.name)
    return tuple(found)


def _envelope_reached(problem: Problem, taken: list[bool], total: int) -> bool:
    """What is left pays neither the least amount of a file left out nor the whole of one that was chosen."""
    left = problem.envelope_cents - total
    pairs = list(zip(problem.ranked, taken, strict=True))
    outside = [one.least_cents for one, kept in pairs if not kept and one.id not in problem.exclude]
    asked = sum(one.amount_cents for one, kept in pairs if kept)
    return total < asked or any(least > left for least in outside) or left == 0
