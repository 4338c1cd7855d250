"""Around a portfolio: why not this file, which other sets, what each rule costs, how much hangs on the scores."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from grants.domain.integer_programme import Solver
from grants.domain.portfolio import choose, relaxed
from grants.domain.portfolio_problem import (
    AS_STATED,
    Infeasible,
    Portfolio,
    Problem,
    Progress,
    Restrictions,
    number,
    with_rules,
)

#: One draw of the scores, by id: of a posterior, or of any other doubt.
Draw: TypeAlias = Mapping[str, float | Fraction]

#: Drawn scores are kept to the thousandth: their own noise is far larger.
DRAWN_DIGITS = 1000
ANY_BEST = Restrictions(any_best=True)


@dataclass(frozen=True)
class WhyNot:
    """What funding this file would cost. When it is impossible, `relax` names the fewest rules in the way.

    `objective_lost`: of the call's objective; `value_lost`: of Σ score; both may be negative for best_rank_first,
    where a better ranked file outweighs any sum. `leave` and `enter`: ids in the order of the ranking; `enter` is
    without the file itself. `cents`: what the others that stay gain or lose, by id.
    """

    id: str
    possible: bool
    relax: tuple[str, ...] = ()
    objective_lost: Fraction = Fraction(0)
    value_lost: Fraction = Fraction(0)
    leave: tuple[str, ...] = ()
    enter: tuple[str, ...] = ()
    cents: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> dict[str, object]:
        """Ready for JSON; fractions as numbers."""
        return {
            "id": self.id,
            "possible": self.possible,
            "relax": list(self.relax),
            "objective_lost": number(self.objective_lost),
            "value_lost": number(self.value_lost),
            "leave": list(self.leave),
            "enter": list(self.enter),
            "cents": dict(self.cents),
        }


@dataclass(frozen=True)
class Gain:
    """What the best set would gain without a rule, in the objective; ids that would enter and leave."""

    rule: str
    objective: Fraction
    enter: tuple[str, ...]
    leave: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Ready for JSON; fractions as numbers."""
        return {
            "rule": self.rule,
            "objective": number(self.objective),
            "enter": list(self.enter),
            "leave": list(self.leave),
        }


@dataclass(frozen=True)
class Stability:
    """How a choice holds when scores are drawn again. `draws`: those that allowed a set at all.

    `chosen`: by id, in how many draws the file is in the best set. `sets`: how many different best sets came up.
    `commonest`: the one that came up most, and how often.
    """

    draws: int
    chosen: tuple[tuple[str, int], ...]
    sets: int
    commonest: tuple[tuple[str, ...], int]

    def share(self, application: str) -> Fraction:
        """The share of the draws in which this file is chosen."""
        return Fraction(dict(self.chosen)[application], self.draws) if self.draws else Fraction(0)

    def as_json(self) -> dict[str, object]:
        """Ready for JSON; shares between 0 and 1."""
        ids, times = self.commonest
        return {
            "draws": self.draws,
            "chosen": {one: number(self.share(one)) for one, _ in self.chosen},
            "sets": self.sets,
            "commonest": {"ids": list(ids), "draws": times},
        }


def why_not(problem: Problem, best: Portfolio, application: str, solver: Solver | None = None) -> WhyNot:
    """Force a file in and compare with `best`, the answer of `choose` to the same problem.

    Where several sets with the file lose equally little, one of them is told.
    """
    forced = with_rules(problem, include=[application])
    firm = Restrictions(firm=frozenset({f"include:{application}"}), any_best=True)
    outcome = choose(forced, solver, firm)
    if isinstance(outcome, Infeasible):
        return WhyNot(application, possible=False, relax=outcome.relax)
    before = {award.id: award.amount_cents for award in best.chosen}
    after = {award.id: award.amount_cents for award in outcome.chosen}
    moved = ((one, after[one] - cents) for one, cents in before.items() if one in after and after[one] != cents)
    return WhyNot(
        id=application,
        possible=True,
        objective_lost=best.objective_value - outcome.objective_value,
        value_lost=best.value - outcome.value,
        leave=tuple(one for one in before if one not in after),
        enter=tuple(one for one in after if one not in before and one != application),
        cents=tuple(moved),
    )


def others(
    problem: Problem, count: int, solver: Solver | None = None, progress: Progress | None = None
) -> tuple[Portfolio, ...]:
    """The `count` best different sets, the best first; fewer when the rules allow fewer."""
    found: list[Portfolio] = []
    while len(found) < count:
        if progress is not None:
            progress(len(found), count)
        outcome = choose(problem, solver, Restrictions(refused=tuple(one.ids for one in found)))
        if isinstance(outcome, Infeasible):
            break
        found.append(outcome)
    return tuple(found)


def gains(
    problem: Problem, best: Portfolio, solver: Solver | None = None, progress: Progress | None = None
) -> tuple[Gain, ...]:
    """What the best set would gain without each rule that binds, and without each file forced in or out.

    The dearest rule first. Rules whose removal changes nothing are left out.
    """
    manual = [f"include:{one}" for one in sorted(problem.include)]
    manual += [f"exclude:{one}" for one in sorted(problem.exclude)]
    names, found = [*best.binding, *manual], []
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        free = choose(problem, solver, Restrictions(dropped=frozenset({name})))
        if isinstance(free, Portfolio) and free.ids != best.ids:
            enter = tuple(award.id for award in free.chosen if award.id not in best.ids)
            leave = tuple(award.id for award in best.chosen if award.id not in free.ids)
            found.append(Gain(name, free.objective_value - best.objective_value, enter, leave))
    return tuple(sorted(found, key=lambda one: (-one.objective, one.rule)))


def stability(
    problem: Problem, draws: Sequence[Draw], solver: Solver | None = None, progress: Progress | None = None
) -> Stability:
    """Choose anew with each draw of the scores. A file that a draw does not name keeps its score."""
    times: Counter[str] = Counter()
    seen: Counter[frozenset[str]] = Counter()
    for done, draw in enumerate(draws):
        if progress is not None:
            progress(done, len(draws))
        outcome = choose(_redrawn(problem, draw), solver, ANY_BEST)
        if isinstance(outcome, Portfolio):
            times.update(outcome.ids)
            seen[outcome.ids] += 1
    ranked = [one.id for one in problem.ranked]
    commonest, often = max(seen.items(), key=lambda item: (item[1], sorted(item[0])), default=(frozenset(), 0))
    return Stability(
        draws=seen.total(),
        chosen=tuple((one, times[one]) for one in ranked),
        sets=len(seen),
        commonest=(tuple(one for one in ranked if one in commonest), often),
    )


def distance(problem: Problem, best: Portfolio, decided: frozenset[str]) -> dict[str, object]:
    """How far a committee's own set lies from the optimum: Σ score given up, who differs, the rules it breaks."""
    scores = {one.id: one.score for one in problem.candidates}
    value = sum((scores[one] for one in decided), Fraction(0))
    outside = frozenset(scores) - decided
    exact = replace(problem, include=decided, exclude=outside)
    firm = {f"include:{one}" for one in decided} | {f"exclude:{one}" for one in outside}
    broken = relaxed(exact, None, replace(AS_STATED, firm=frozenset(firm)))
    wishes = [f"include:{one}" for one in problem.include - decided]
    wishes += [f"exclude:{one}" for one in problem.exclude & decided]
    return {
        "value": number(value),
        "value_lost": number(best.value - value),
        "without": sorted(best.ids - decided),
        "with": sorted(decided - best.ids),
        "broken": [*broken, *sorted(wishes)],
    }


def _redrawn(problem: Problem, draw: Draw) -> Problem:
    candidates = tuple(
        replace(one, score=Fraction(round(draw[one.id] * DRAWN_DIGITS), DRAWN_DIGITS)) if one.id in draw else one
        for one in problem.candidates
    )
    return replace(problem, candidates=candidates)
