"""Who reads what: rules, level loads, one connected graph, wishes, manual pairs; a quick part of the proof."""

import pytest

from grants.domain.assignment import Assignment, File, Infeasible, Reviewer, Task, assign, manual_costs
from tests.proofs import assignment as proof

pytestmark = pytest.mark.pure


def files(count, **tags):
    return tuple(File(f"F{n}", frozenset(tags.get(f"F{n}", ()))) for n in range(count))


def people(count, most=None, **tags):
    return tuple(Reviewer(f"R{n}", frozenset(tags.get(f"R{n}", ())), most) for n in range(count))


def readers(found, name):
    assert isinstance(found, Assignment), found
    return {person for person, file in found.pairs if file == name}


def test_every_file_gets_its_number_and_nobody_reads_two_more_than_another():
    found = assign(Task(files(7), people(4), 3, conflicts=frozenset({("R0", "F0"), ("R1", "F1")})))
    assert all(len(readers(found, f"F{n}")) == 3 for n in range(7))
    assert sorted(found.loads.values()) == [5, 5, 5, 6]
    assert not {("R0", "F0"), ("R1", "F1")} & set(found.pairs)


def test_where_a_maximum_forbids_level_loads_the_others_share_the_rest():
    limited = (Reviewer("R0", most=1), *people(3)[1:])
    assert sorted(assign(Task(files(6), limited, 1)).loads.values()) == [1, 2, 3]


def test_a_language_is_a_rule_and_a_competence_a_wish():
    task = Task(
        files(2, F0={"language:en", "farming"}, F1={"farming"}),
        people(2, R0={"language:en"}, R1={"farming"}),
        1,
    )
    found = assign(task)
    assert (readers(found, "F0"), readers(found, "F1")) == ({"R0"}, {"R1"})
    assert found.measures["uncovered"] == 1


def test_the_graph_is_in_one_piece_where_it_can_be():
    """Two files of two readers each, four readers: pieces. With three files a chain is possible, and found."""
    assert len(assign(Task(files(2), people(4), 2)).pieces) == 2
    found = assign(Task(files(3), people(4), 2))
    assert found.connected


def test_a_pair_of_an_earlier_round_returns_only_when_it_must():
    earlier = frozenset({("R0", "F0"), ("R1", "F1")})
    assert assign(Task(files(2), people(2), 1, earlier=earlier)).measures["repeats"] == 0
    forced = assign(Task(files(2), people(2), 1, earlier=earlier, conflicts=frozenset({("R0", "F1")})))
    assert forced.measures["repeats"] == 2


def test_anchors_are_read_by_all_who_may():
    found = assign(Task(files(3), people(5), 1, conflicts=frozenset({("R4", "F0")}), anchors=frozenset({"F0"})))
    assert readers(found, "F0") == {"R0", "R1", "R2", "R3"}


def test_manual_pairs_stay_and_their_cost_is_told():
    earlier = frozenset({("R0", "F0")})
    task = Task(files(2), people(2), 1, fixed=earlier, earlier=earlier)
    found = assign(task)
    assert ("R0", "F0") in found.pairs
    assert [cost.as_json() for cost in manual_costs(task, found)] == [
        {"pair": ["R0", "F0"], "worse": {"repeats": 1}, "freed": False}
    ]


def test_a_third_opinion_added_by_hand_is_welcome():
    hand = frozenset({("R0", "F0"), ("R1", "F0"), ("R2", "F0")})
    assert len(readers(assign(Task(files(2), people(3), 2, fixed=hand)), "F0")) == 3


@pytest.mark.parametrize(
    ("task", "relax"),
    [
        (Task(files(1), people(2), 2, conflicts=frozenset({("R0", "F0")})), ("reviewers:F0",)),
        (Task(files(3), people(2, most=2), 2), ("reviewers:F0",)),
        (Task(files(3), people(4, most=1), 2), ("max:R0",)),
        (Task(files(1, F0={"language:en"}), people(2), 2), ("reviewers:F0",)),
        (Task(files(1), people(2), 1, frozenset({("R0", "F0")}), frozenset({("R0", "F0")})), ("fixed:R0/F0",)),
        (Task(files(2), people(2, most=1), 1, anchors=frozenset({"F0"})), ("anchor:F0",)),
    ],
)
def test_what_cannot_be_is_told_by_the_fewest_rules_and_never_by_a_conflict(task, relax):
    assert assign(task) == Infeasible(relax)


def test_two_who_always_meet_are_parted():
    found = assign(Task(files(6), people(4), 2))
    assert found.measures["meetings"] == 0


def test_unknown_and_double_ids_are_refused():
    with pytest.raises(ValueError, match="unknown"):
        Task(files(1), people(1), 1, conflicts=frozenset({("R9", "F0")}))
    with pytest.raises(ValueError, match="twice"):
        Task(files(1) * 2, people(1), 1)


def test_the_order_of_arrival_changes_nothing():
    task = Task(files(9), people(5), 2, earlier=frozenset({("R1", "F3")}))
    turned = Task(task.files[::-1], task.reviewers[::-1], 2, earlier=task.earlier)
    assert assign(task).pairs == assign(turned).pairs


def test_random_tasks_agree_with_a_flow_and_with_every_assignment():
    claims = list(proof.prove(instances=60, small=40, tiny=25))
    assert [claim for claim in claims if not claim.holds] == []
