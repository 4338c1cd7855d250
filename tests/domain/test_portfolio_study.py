"""What surrounds a choice: its price, its rivals, its rules, its stability."""

import json
from fractions import Fraction

import pytest

from grants.domain.portfolio import Bound, Candidate, Objective, Problem, choose
from grants.domain.portfolio_study import distance, gains, others, stability, why_not
from tests.proofs import portfolio as proof

pytestmark = pytest.mark.pure

FILES = tuple(
    Candidate(name, Fraction(score), amount, tags=frozenset(tags))
    for name, score, amount, tags in (("A", 9, 60, "n"), ("B", 8, 40, "s"), ("C", 7, 40, "s"), ("D", 3, 90, "n"))
)
ASKED = Problem(100, Objective.SUM, FILES, places=2)


def test_why_not_tells_what_is_lost_and_who_leaves():
    best = choose(ASKED)
    told = why_not(ASKED, best, "C")
    assert (told.possible, told.value_lost, told.leave, told.enter) == (True, 1, ("B",), ())
    alone = why_not(ASKED, best, "D")
    assert (alone.value_lost, alone.leave) == (14, ("A", "B"))
    json.dumps(told.as_json())


def test_why_not_names_the_rules_in_the_way_and_never_the_file_itself():
    asked = Problem(80, Objective.SUM, FILES, places=2)
    told = why_not(asked, choose(asked), "D")
    assert (told.possible, told.relax) == (False, ("envelope",))


def test_the_next_best_sets_follow_in_order_and_end_with_the_last():
    found = others(ASKED, 3)
    assert [sorted(one.ids) for one in found] == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert len(others(Problem(40, Objective.SUM, FILES[:2]), 9)) == 2


def test_what_each_binding_rule_costs():
    asked = Problem(1000, Objective.SUM, FILES, places=3, bounds=(Bound("s", maximum=1),), exclude=frozenset({"D"}))
    best = choose(asked)
    assert sorted(best.ids) == ["A", "B"]
    assert [(one.rule, one.objective, one.enter) for one in gains(asked, best)] == [
        ("max:s", 7, ("C",)),
        ("exclude:D", 3, ("D",)),
    ]


def test_stability_counts_in_how_many_draws_a_file_is_chosen():
    draws = [{"C": 7.0}, {"C": 7.9}, {"C": 8.5}, {"C": 8.25, "B": 1}]
    told = stability(ASKED, draws)
    assert (told.draws, told.sets) == (4, 2)
    assert [told.share(name) for name in "ABCD"] == [1, Fraction(1, 2), Fraction(1, 2), 0]
    json.dumps(told.as_json())


def test_how_far_a_committee_is_from_the_best_and_which_rules_it_breaks():
    best = choose(ASKED)
    told = distance(ASKED, best, frozenset({"A", "D"}))
    assert told == {"value": 12, "value_lost": 5, "without": ["B"], "with": ["D"], "broken": ["envelope"]}


def test_forcing_files_and_next_sets_equal_every_set_tried():
    assert all(proof.studies_agree(seed) for seed in range(25))
