"""A scenario from its material: the best set and all that surrounds it, against every set tried."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grants.domain.portfolio import choose
from grants.domain.portfolio_easing import eased, forced_out
from grants.domain.portfolio_problem import Infeasible, Portfolio, Problem
from grants.domain.scenario_study import problem_of
from grants.domain.scenario_study import study as worked_out
from tests.proofs import every_set

pytestmark = pytest.mark.pure
SEEDS = range(40)


def material(problem: Problem, **more: Any) -> Any:
    """The material of a problem, as the site would write it."""
    return {
        "envelope_cents": problem.envelope_cents,
        "places": problem.places,
        "objective": str(problem.objective),
        "bounds": [(one.tag, one.minimum, one.maximum) for one in problem.bounds],
        "per_organisation": problem.per_organisation,
        "include": sorted(problem.include),
        "exclude": sorted(problem.exclude),
        "files": [
            {
                "id": one.id,
                "score": str(one.score),
                "amount_cents": one.amount_cents,
                "least_cents": one.least_cents,
                "tags": sorted(one.tags),
                "organisation": one.organisation or "",
            }
            for one in problem.candidates
        ],
        "readings": [(one.id, f"R{n}", float(one.score) + n) for one in problem.candidates for n in range(3)],
        "seed": 3,
        **more,
    }


def study(given: Any, tell: Callable[[float], object] = lambda _: None) -> Any:
    """The answer as a page reads it: plain data."""
    return json.loads(json.dumps(worked_out(given, tell)))


def solved(seed: int) -> tuple[Problem, Portfolio] | None:
    problem = every_set.drawn(20_000 + seed, most_files=7)
    best = choose(problem)
    return None if isinstance(best, Infeasible) else (problem, best)


@pytest.mark.parametrize("seed", SEEDS)
def test_doing_without_a_file_costs_what_trying_every_set_says(seed: int) -> None:
    found = solved(seed)
    for one in found[1].chosen if found else ():
        problem, best = found  # type: ignore[misc]
        told = forced_out(problem, best, one.id)
        without = replace(problem, include=problem.include - {one.id}, exclude=problem.exclude | {one.id})
        tried = every_set.best(without)
        assert told.possible == (tried is not None)
        if tried is not None:
            assert told.objective_lost == best.objective_value - tried[1]
            assert one.id not in (*told.leave, *told.enter)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_step_of_a_rule_brings_what_trying_every_set_says(seed: int) -> None:
    found = solved(seed)
    if found is None:
        return
    problem, best = found
    for one in eased(problem, best):
        kind, _sign, about = one.rule.partition(":")
        if kind == "places":
            looser = replace(problem, places=(problem.places or 0) + 1)
        elif kind == "envelope":
            looser = replace(problem, envelope_cents=problem.envelope_cents + one.by)
        elif kind in ("include", "exclude"):
            looser = replace(problem, include=problem.include - {about}, exclude=problem.exclude - {about})
        else:
            continue
        tried = every_set.best(looser)
        assert tried is not None
        assert one.objective == tried[1] - best.objective_value


def test_loosening_a_bound_by_one_lets_one_more_in() -> None:
    for seed in SEEDS:
        found = solved(seed)
        if found is None:
            continue
        problem, best = found
        for one in eased(problem, best):
            if one.rule.startswith("max:"):
                tag = one.rule.removeprefix("max:")
                carriers = {file.id for file in problem.candidates if tag in file.tags or tag == file.organisation}
                chosen = (best.ids | set(one.enter)) - set(one.leave)
                assert len(carriers & chosen) <= len(carriers & best.ids) + 1


def test_the_material_of_a_page_is_the_problem_it_states() -> None:
    for seed in range(20):
        problem = every_set.drawn(30_000 + seed, most_files=6)
        told = problem_of(json.loads(json.dumps(material(problem))))
        assert (choose(told) == choose(problem)) or isinstance(choose(problem), Infeasible)


def test_a_study_tells_everything_as_json_and_the_same_twice() -> None:
    told: list[float] = []
    problem = next(found[0] for seed in SEEDS if (found := solved(seed)) and len(found[1].chosen) > 1)
    one, two = study(material(problem), told.append), study(material(problem))
    assert one == two
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert {award["id"] for award in one["chosen"]} == choose(problem).ids  # type: ignore[union-attr]
    asked = {told["id"] for told in (*one["outside"], *one["inside"])}
    assert asked == {file.id for file in problem.candidates}
    assert one["stability"]["draws"] == 200
    assert set(one["stability"]["chosen"]) == asked


def test_without_a_grade_that_tells_files_apart_nothing_is_drawn() -> None:
    problem = next(found[0] for seed in SEEDS if (found := solved(seed)))
    told = study(material(problem, readings=[(one.id, "R", 50.0) for one in problem.candidates]))
    assert told["stability"]["draws"] == 0


def test_rules_that_contradict_each_other_give_the_fewest_to_relax() -> None:
    problem = next(
        problem
        for seed in range(200)
        if isinstance(choose(problem := every_set.drawn(40_000 + seed, most_files=6)), Infeasible)
    )
    told = study(material(problem))
    assert told["feasible"] is False
    assert len(told["relax"]) == every_set.fewest_rules(problem)
