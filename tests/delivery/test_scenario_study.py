"""The study of a scenario in a process of its own: its answer, its progress, a large call within its time."""

import random
from typing import Any

import pytest

from grants.delivery import apart, scenario_study
from tests.proofs.portfolio import large

pytestmark = pytest.mark.pure


def a_call(files: int) -> dict[str, Any]:
    """The first files of the large problem of the proofs, each read by three of thirty people."""
    problem, chance = large(1), random.Random(2)  # noqa: S311 -- scores, not secrets
    some = problem.candidates[:files]
    return {
        "envelope_cents": problem.envelope_cents * files // len(problem.candidates),
        "places": 50,
        "objective": "sum",
        "bounds": [(one.tag, one.minimum, one.maximum) for one in problem.bounds]
        if files == len(problem.candidates)
        else [],
        "per_organisation": 1,
        "include": [],
        "exclude": [],
        "files": [
            {
                "id": one.id,
                "score": str(one.score),
                "amount_cents": one.amount_cents,
                "least_cents": one.least_cents,
                "tags": sorted(one.tags),
                "organisation": one.organisation or "",
            }
            for one in some
        ],
        "readings": [
            (one.id, f"R{reviewer}", float(one.score) + chance.gauss(0, 10))
            for one in some
            for reviewer in chance.sample(range(30), 3)
        ],
        "seed": 1,
    }


def test_the_same_material_gives_the_same_answer_and_tells_how_far_it_is() -> None:
    told: list[int] = []
    one, two = scenario_study.run(a_call(25), told.append), scenario_study.run(a_call(25), lambda _: None)
    assert one == two
    assert one["feasible"]
    assert told == sorted(told)
    assert told[-1] >= 98
    assert len(told) > 5


def test_what_cannot_be_studied_says_why_in_one_line() -> None:
    with pytest.raises(apart.ApartFailed, match="unknown application"):
        scenario_study.run({**a_call(3), "include": ["nobody"]}, lambda _percent: None)


@pytest.mark.slow
def test_five_hundred_files_and_166_rules_are_studied_within_the_time_of_the_worker() -> None:
    told: list[int] = []
    answer = scenario_study.run(a_call(500), told.append)
    assert len(answer["chosen"]) == 50
    assert answer["proved"]
    assert len(answer["outside"]) == 40
    assert answer["stability"]["draws"] == 40
    assert len(told) > 20
