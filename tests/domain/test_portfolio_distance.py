"""How far a committee lies from its reference."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.portfolio_distance import distance

pytestmark = pytest.mark.pure
SCORES = {"a": Fraction(90), "b": Fraction(80), "c": Fraction(70), "d": Fraction(60)}


def test_files_amounts_points_and_money_are_told_apart() -> None:
    found = distance({"a": 100, "b": 100, "c": 50}, {"a": 100, "b": None, "d": 120}, SCORES)
    assert (found.both, found.with_, found.without, found.open_) == (("a",), ("d",), ("b",), ("c",))
    assert found.value_lost == 20
    assert (found.decided_cents, found.reference_cents, found.cents) == (220, 250, 20)
    assert not found.same


def test_a_committee_that_follows_its_reference_is_at_no_distance() -> None:
    found = distance({"a": 100, "b": 90}, {"a": 100, "b": 90, "c": 0}, SCORES)
    assert found.same
    assert found.value_lost == 0
    assert found.cents == 0
    assert not found.moved


def test_another_amount_is_a_distance() -> None:
    found = distance({"a": 100}, {"a": 80}, SCORES)
    assert [(one.id, one.reference_cents, one.decided_cents) for one in found.moved] == [("a", 100, 80)]
    assert not found.same
    assert found.as_json()["cents"] == -20


sets = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 1000))


@given(sets, st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(0, 1000))))
def test_every_file_of_either_stands_in_one_place(reference: dict[str, int], decided: dict[str, int | None]) -> None:
    found = distance(reference, decided, SCORES)
    assert sorted((*found.both, *found.without, *found.open_)) == sorted(reference)
    assert set(found.both) | set(found.with_) == {one for one, cents in decided.items() if cents}
    assert found.value == found.reference_value - found.value_lost - sum(SCORES.get(one, 0) for one in found.open_)
