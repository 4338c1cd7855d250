"""The agenda: uncertainty × amount, the chair's places first, and always the same order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.agenda import LEAST_DOUBT, Talk, agenda, line_between, uncertainty

pytestmark = pytest.mark.pure

TALKS = st.lists(
    st.builds(
        Talk,
        id=st.uuids().map(str),
        requested_cents=st.integers(1, 10**8),
        mean=st.none() | st.floats(0, 100),
        spread=st.floats(0, 100),
        probability_above=st.none() | st.floats(0, 1),
    ),
    unique_by=lambda talk: talk.id,
    max_size=12,
)


@pytest.mark.parametrize(("share", "open_"), [(0, 0), (1, 0), (0.5, 1), (0.25, 0.5), (0.9, 0.2)])
def test_a_file_is_as_open_as_its_chance_is_near_one_half(share: float, open_: float) -> None:
    assert uncertainty(Talk("a", 1, 50, 0, share), 50) == pytest.approx(open_)


def test_without_an_analysis_a_file_is_open_when_its_mean_is_near_the_line_or_its_scores_far_apart() -> None:
    near, far, split = Talk("a", 1, 61, 4), Talk("b", 1, 80, 4), Talk("c", 1, 80, 40)
    assert uncertainty(near, 60) > uncertainty(split, 60) > uncertainty(far, 60)
    assert uncertainty(Talk("d", 1, 60 + LEAST_DOUBT, 0), 60) == pytest.approx(0.5)
    assert uncertainty(Talk("e", 1, None), 60) == uncertainty(far, None) == 1


def test_the_greater_amount_comes_first_among_files_as_open_as_each_other() -> None:
    items = agenda([Talk("a", 100, 60, 0, 0.5), Talk("b", 900, 60, 0, 0.5), Talk("c", 5000, 60, 0, 0.95)], 60)
    assert [(item.id, item.stake_cents) for item in items] == [("b", 900), ("c", 500), ("a", 100)]


@given(TALKS, st.floats(0, 100) | st.none(), st.randoms())
def test_the_order_does_not_depend_on_how_the_files_arrive(
    talks: list[Talk], line: float | None, chance: object
) -> None:
    shuffled = list(talks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert agenda(talks, line) == agenda(shuffled, line)
    assert all(0 <= item.uncertainty <= 1 for item in agenda(talks, line))


@given(TALKS, st.data())
def test_a_file_that_is_taken_away_changes_nothing_of_the_order_of_the_others(
    talks: list[Talk], data: st.DataObject
) -> None:
    """Whoever is recused from some files reads the same agenda without them."""
    put = {talk.id: data.draw(st.integers(1, 5)) for talk in talks if data.draw(st.booleans())}
    kept = [talk for talk in talks if data.draw(st.booleans())]
    names = {talk.id for talk in kept}
    assert [item.id for item in agenda(talks, 50, put) if item.id in names] == [
        item.id for item in agenda(kept, 50, put)
    ]


def test_what_the_chair_puts_comes_first_in_that_order() -> None:
    talks = [Talk(name, 100 * rank, 60, 0, 0.5) for rank, name in enumerate("abcd", 1)]
    assert [item.id for item in agenda(talks, 60, {"a": 2, "b": 1})] == ["b", "a", "d", "c"]


def test_the_line_runs_between_the_last_above_and_the_first_below() -> None:
    assert line_between([(80, True), (70, True), (60, False), (50, False)]) == 65
    assert line_between([(80, True)]) == 80
    assert line_between([(60, False), (50, False)]) == 60
    assert line_between([]) is None
