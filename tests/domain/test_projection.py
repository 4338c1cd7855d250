"""The seven lines of the projector."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.projection import LINES, window

pytestmark = pytest.mark.pure


def test_seven_lines_around_the_line_and_the_file_called_with_it_when_it_is_near() -> None:
    assert list(window(21, 7)) == [4, 5, 6, 7, 8, 9, 10]
    assert list(window(21, 7, 12)) == [6, 7, 8, 9, 10, 11, 12]
    assert list(window(21, 7, 20)) == [14, 15, 16, 17, 18, 19, 20]
    assert list(window(21, 7, 0)) == [0, 1, 2, 3, 4, 5, 6]


@given(st.integers(0, 600), st.data())
def test_never_more_than_seven_never_fewer_than_there_are_and_always_the_file_called(
    total: int, data: st.DataObject
) -> None:
    line = data.draw(st.integers(0, total))
    current = data.draw(st.integers(0, total - 1)) if total and data.draw(st.booleans()) else None
    shown = window(total, line, current)
    assert len(shown) == min(total, LINES)
    assert all(0 <= position < total for position in shown)
    assert current is None or current in shown
