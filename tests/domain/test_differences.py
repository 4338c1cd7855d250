"""What changed between two versions of plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.differences import Change, changes

pytestmark = pytest.mark.pure


def test_equal_data_has_no_change() -> None:
    assert changes({"a": [1, {"key": "x"}]}, {"a": [1, {"key": "x"}]}) == ()


def test_added_removed_and_changed_are_told_where_they_are() -> None:
    before = {"call": {"title": "Un", "zone": "Europe/Paris"}, "gone": 1}
    after = {"call": {"title": "Deux", "zone": "Europe/Paris"}, "new": 2}
    assert changes(before, after) == (
        Change(("call", "title"), "Un", "Deux"),
        Change(("new",), None, 2),
        Change(("gone",), 1, None),
    )


def test_a_question_that_is_inserted_makes_no_other_look_changed() -> None:
    one, two, three = ({"key": key, "label": key} for key in ("a", "b", "c"))
    assert changes({"fields": [one, three]}, {"fields": [one, two, three]}) == (Change(("fields", "b"), None, two),)


def test_a_question_that_is_moved_is_moved_and_nothing_else() -> None:
    one, two = {"key": "a"}, {"key": "b"}
    assert changes([one, two], [two, one]) == (Change((), ("a", "b"), ("b", "a"), moved=True),)


def test_a_list_without_names_is_compared_whole() -> None:
    assert changes({"rows": ["a", "b"]}, {"rows": ["a"]}) == (Change(("rows",), ["a", "b"], ["a"]),)


PLAIN = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


@given(PLAIN, PLAIN)
def test_there_is_a_change_exactly_where_the_data_differ(before: object, after: object) -> None:
    assert bool(changes(before, after)) is (before != after)
