"""The best set under an envelope: what each objective means, ties, rules, refusals; a quick part of the proof."""

import random
import subprocess
import sys
from fractions import Fraction

import pytest

from grants.domain.integer_programme import Solver
from grants.domain.portfolio import Bound, Candidate, Infeasible, Objective, Portfolio, Problem, choose
from tests.proofs import portfolio as proof

pytestmark = pytest.mark.pure


def file(name, score, amount=100, **known):
    return Candidate(name, Fraction(str(score)), amount, **known)


def problem(*files, envelope=1000, objective=Objective.SUM, **rules):
    return Problem(envelope, objective, files, **rules)


def ids(found):
    assert isinstance(found, Portfolio), found
    return [award.id for award in found.chosen]


def test_a_sum_prefers_two_small_files_to_one_large_and_better_one():
    files = file("A", 9, 100), file("B", 6, 50), file("C", 5, 50)
    assert ids(choose(problem(*files, envelope=100))) == ["B", "C"]


def test_a_sum_weighted_by_amount_prefers_the_large_one():
    files = file("A", 9, 100), file("B", 6, 50), file("C", 5, 50)
    found = choose(problem(*files, envelope=100, objective=Objective.SUM_BY_AMOUNT))
    assert ids(found) == ["A"]
    assert (found.value, found.objective_value) == (9, 900)


def test_best_rank_first_takes_a_file_whenever_some_allowed_set_contains_it_and_all_before():
    files = file("A", 9, 90), file("B", 8, 60), file("C", 7, 10), file("D", 1, 5)
    found = choose(problem(*files, envelope=100, objective=Objective.BEST_RANK_FIRST))
    assert ids(found) == ["A", "C"]
    bounded = problem(
        file("A", 9), file("B", 8), file("C", 1, tags=frozenset({"t"})), places=2,
        bounds=(Bound("t", 1),), objective=Objective.BEST_RANK_FIRST,
    )  # fmt: skip
    assert ids(choose(bounded)) == ["A", "C"]


def test_equal_sums_are_settled_by_the_greater_amount_then_by_rank_then_by_id():
    assert ids(choose(problem(file("A", 5, 40), file("B", 5, 60), places=1))) == ["B"]
    assert ids(choose(problem(file("A", 4, 50), file("B", 6, 50), file("C", 5, 50), file("D", 5, 50), places=2))) == [
        "B",
        "C",
    ]
    ranked = problem(file("A", 4), file("B", 6), file("C", 5), file("D", 5), places=2, bounds=(), exclude={"B"} - {"B"})
    assert ids(choose(ranked)) == ["B", "C"]


def test_three_thirds_equal_one_exactly():
    """A tenth and two tenths are three tenths: the tie is seen, and the amount decides."""
    files = file("A", "0.3", 10), file("B", "0.1", 10), file("C", "0.2", 10)
    crossed = problem(*files, places=2, bounds=(), exclude=frozenset(), envelope=20)
    assert ids(choose(crossed)) == ["A", "C"]
    tie = Problem(20, Objective.SUM, (file("A", "0.3", 15), file("B", "0.1", 10), file("C", "0.2", 10)))
    assert ids(choose(tie)) == ["C", "B"]


def test_differences_in_the_twentieth_digit_decide():
    near = Fraction(1, 10**20)
    files = Candidate("A", Fraction(80), 10), Candidate("B", 80 + near, 5)
    assert ids(choose(problem(*files, places=1))) == ["B"]


def test_partial_amounts_go_down_the_ranking_and_use_the_envelope():
    files = file("A", 9, 100, min_cents=60), file("B", 8, 100, min_cents=60), file("C", 7, 100, min_cents=60)
    found = choose(problem(*files, envelope=200))
    assert [award.amount_cents for award in found.chosen] == [80, 60, 60]
    assert found.total_cents == 200
    assert "envelope" in found.binding


def test_one_project_an_organisation_unless_told_otherwise():
    files = [file(name, 9, organisation="Ada") for name in "ABC"]
    assert len(ids(choose(problem(*files)))) == 1
    assert len(ids(choose(problem(*files, per_organisation=2)))) == 2
    assert len(ids(choose(problem(*files, per_organisation=None)))) == 3
    assert len(ids(choose(problem(*files, bounds=(Bound("Ada", maximum=2),))))) == 2


def test_binding_rules_are_those_without_room():
    files = file("A", 9, tags=frozenset({"n"})), file("B", 8), file("C", 7, tags=frozenset({"n"}))
    found = choose(problem(*files, places=2, bounds=(Bound("n", 1, 2),)))
    assert (ids(found), found.binding) == (["A", "B"], ("places", "min:n"))


def test_contradicting_rules_are_told_by_the_fewest():
    files = file("A", 9, tags=frozenset({"n"})), file("B", 8)
    assert choose(problem(*files, bounds=(Bound("n", 2),))) == Infeasible(("min:n",))
    assert choose(problem(*files, include=frozenset({"A"}), exclude=frozenset({"A"}))) == Infeasible(("exclude:A",))
    both = problem(*files, envelope=50, include=frozenset({"A"}), bounds=(Bound("m", 1),))
    assert choose(both) == Infeasible(("min:m", "include:A"))


def test_nothing_to_choose_from_is_an_empty_set():
    found = choose(problem())
    assert (found.chosen, found.value, found.total_cents) == ((), 0, 0)


def test_an_unknown_or_double_id_is_refused():
    with pytest.raises(ValueError, match="unknown application: Z"):
        problem(file("A", 1), include=frozenset({"Z"}))
    with pytest.raises(ValueError, match="stands twice"):
        problem(file("A", 1), file("A", 2))
    with pytest.raises(ValueError, match="least amount"):
        file("A", 1, 10, min_cents=11)


def test_neither_seed_nor_order_of_arrival_changes_the_set():
    asked = proof.large(3)
    die = random.Random(1)  # noqa: S311 -- nothing secret
    first = choose(asked)
    for seed in (1, 7):
        files = list(asked.candidates)
        die.shuffle(files)
        again = choose(
            Problem(asked.envelope_cents, asked.objective, tuple(files), asked.places, asked.bounds), Solver(seed)
        )
        assert again == first


def test_progress_is_told_from_none_to_all():
    told = []
    choose(problem(file("A", 1)), progress=lambda done, steps: told.append((done, steps)))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)


def test_the_answer_equals_every_set_tried():
    assert {proof.verdict(seed)[-5:] for seed in range(60)} == {"right"}
    assert all(proof.amounts_agree(seed) for seed in range(20))


def test_starting_the_site_loads_no_optimiser():
    code = "import sys, grants.domain.portfolio, grants.domain.assignment; print('highspy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
