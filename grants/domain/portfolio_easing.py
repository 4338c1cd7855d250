"""Around a best set: what one step more of each rule that binds would bring, and what forcing a file out would cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from grants.domain.integer_programme import Solver
from grants.domain.portfolio import choose
from grants.domain.portfolio_problem import (
    Bound,
    Infeasible,
    Portfolio,
    Problem,
    Progress,
    Restrictions,
    number,
    rules,
    with_rules,
)
from grants.domain.portfolio_study import WhyNot


@dataclass(frozen=True)
class Eased:
    """A rule that gives way by one step, and the best set then.

    `by`: cents for the envelope, files for a bound, 0 for a file that is no longer forced in or out. `objective`,
    `value`: gained, of the objective and of Σ score (either may be negative for best_rank_first). `enter`, `leave`: ids.
    """

    rule: str
    by: int
    objective: Fraction
    value: Fraction
    enter: tuple[str, ...]
    leave: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Ready for JSON; fractions as numbers."""
        return {
            "rule": self.rule,
            "by": self.by,
            "objective": number(self.objective),
            "value": number(self.value),
            "enter": list(self.enter),
            "leave": list(self.leave),
        }


def eased(
    problem: Problem, best: Portfolio, solver: Solver | None = None, progress: Progress | None = None
) -> tuple[Eased, ...]:
    """One step of every rule that binds, and of every file forced in or out; those that bring most come first."""
    forced = [f"include:{one}" for one in sorted(problem.include)]
    forced += [f"exclude:{one}" for one in sorted(problem.exclude)]
    names, found = [*best.binding, *forced], []
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        found += list(_step(problem, best, name, solver))
    return tuple(sorted(found, key=lambda one: (-one.objective, -len(one.enter), one.rule)))


def _step(problem: Problem, best: Portfolio, name: str, solver: Solver | None) -> Iterator[Eased]:
    kind, _sign, about = name.partition(":")
    by, looser = _LOOSER[kind](problem, best, about)
    if looser is None:
        return
    outcome = choose(looser, solver)
    assert isinstance(outcome, Portfolio), "what was allowed stays allowed"
    yield Eased(
        rule=name,
        by=by,
        objective=outcome.objective_value - best.objective_value,
        value=outcome.value - best.value,
        enter=tuple(award.id for award in outcome.chosen if award.id not in best.ids),
        leave=tuple(award.id for award in best.chosen if award.id not in outcome.ids),
    )


def _richer(problem: Problem, best: Portfolio, _about: str) -> tuple[int, Problem | None]:
    """The least money that one file more would need; where none waits for money, what the chosen lack of their requests."""
    chosen = [one for one in problem.ranked if one.id in best.ids]
    left = problem.envelope_cents - sum(one.least_cents for one in chosen)
    waiting = [one.least_cents - left for one in problem.ranked if one.id not in best.ids | problem.exclude]
    missing = min((cents for cents in waiting if cents > 0), default=0)
    by = missing or sum(one.amount_cents for one in chosen) - best.total_cents
    return by, replace(problem, envelope_cents=problem.envelope_cents + by) if by > 0 else None


def _roomier(problem: Problem, _best: Portfolio, _about: str) -> tuple[int, Problem | None]:
    return 1, replace(problem, places=problem.places + 1) if problem.places is not None else None


def _rule_of(problem: Problem, name: str) -> tuple[int | None, int | None]:
    return next((rule.lower, rule.upper) for rule in rules(problem) if rule.name == name)


def _fewer(problem: Problem, _best: Portfolio, tag: str) -> tuple[int, Problem | None]:
    least = _rule_of(problem, f"min:{tag}")[0] or 1
    bounds = (
        replace(one, minimum=_at_most(one.minimum, least - 1)) if one.tag == tag else one for one in problem.bounds
    )
    return 1, replace(problem, bounds=tuple(bounds))


def _more(problem: Problem, _best: Portfolio, tag: str) -> tuple[int, Problem | None]:
    most = _rule_of(problem, f"max:{tag}")[1] or 0
    bounds = (
        replace(one, maximum=_at_least(one.maximum, most + 1)) if one.tag == tag else one for one in problem.bounds
    )
    return 1, replace(problem, bounds=tuple(bounds))


def _at_most(value: int | None, limit: int) -> int | None:
    return None if value is None else min(value, limit)


def _at_least(value: int | None, limit: int) -> int | None:
    return None if value is None else max(value, limit)


def _one_more_of(problem: Problem, _best: Portfolio, name: str) -> tuple[int, Problem | None]:
    limit = _rule_of(problem, f"organisation:{name}")[1] or 0
    return 1, replace(problem, bounds=(*problem.bounds, Bound(name, maximum=limit + 1)))


def _freed(problem: Problem, _best: Portfolio, name: str) -> tuple[int, Problem | None]:
    return 0, with_rules(problem, free=[name])


_LOOSER: dict[str, Callable[[Problem, Portfolio, str], tuple[int, Problem | None]]] = {
    "envelope": _richer,
    "places": _roomier,
    "min": _fewer,
    "max": _more,
    "organisation": _one_more_of,
    "include": _freed,
    "exclude": _freed,
}


def forced_out(problem: Problem, best: Portfolio, application: str, solver: Solver | None = None) -> WhyNot:
    """What doing without a chosen file would cost; told like `why_not`, `leave` being without the file itself."""
    without = replace(problem, include=problem.include - {application}, exclude=problem.exclude | {application})
    firm = Restrictions(firm=frozenset({f"exclude:{application}"}), any_best=True)
    outcome = choose(without, solver, firm)
    if isinstance(outcome, Infeasible):
        return WhyNot(application, possible=False, relax=outcome.relax)
    after = {award.id: award.amount_cents for award in outcome.chosen}
    before = {award.id: award.amount_cents for award in best.chosen}
    return WhyNot(
        id=application,
        possible=True,
        objective_lost=best.objective_value - outcome.objective_value,
        value_lost=best.value - outcome.value,
        leave=tuple(one for one in before if one not in after and one != application),
        enter=tuple(one for one in after if one not in before),
        cents=tuple((one, after[one] - cents) for one, cents in before.items() if after.get(one, cents) != cents),
    )
