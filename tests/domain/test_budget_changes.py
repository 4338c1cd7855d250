"""What differs between two budgets, and how two people's changes come together."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.budget import Line
from grants.domain.budget_changes import Kind, differences, merged
from grants.domain.chart import Side

pytestmark = pytest.mark.pure


def line(key="staff.wages", label="", cents=100, partner=""):
    return Line(Side.EXPENSE, key, label, cents, None, partner)


lines = st.lists(
    st.builds(
        line,
        st.sampled_from(["staff.wages", "other_services.travel", "purchases.supplies"]),
        st.sampled_from(["", "a", "b"]),
        st.integers(0, 3),
        st.sampled_from(["", "p"]),
    ),
    max_size=8,
)

TRAVEL, WAGES = line("other_services.travel", "Train", 800), line("staff.wages", "", 500)


def test_an_added_a_changed_and_a_removed_line_are_told_apart():
    after = (line("other_services.travel", "Train", 900), line("purchases.supplies", "Semences", 50))
    assert [(one.kind, one.before, one.after) for one in differences((TRAVEL, WAGES), after)] == [
        (Kind.CHANGED, TRAVEL, after[0]),
        (Kind.ADDED, None, after[1]),
        (Kind.REMOVED, WAGES, None),
    ]


def test_a_new_name_for_the_same_amount_is_a_change():
    renamed = line("other_services.travel", "Billets", 800)
    assert [one.kind for one in differences((TRAVEL,), (renamed,))] == [Kind.CHANGED]


@given(lines)
def test_a_budget_differs_from_itself_in_nothing_in_whatever_order(rows):
    assert differences(rows, rows) == ()
    assert differences(rows, rows[::-1]) == ()


@given(lines, lines)
def test_the_differences_lead_from_one_budget_to_the_other(before, after):
    found = differences(before, after)
    result = Counter(before)
    result.subtract(Counter(one.before for one in found if one.before))
    result.update(Counter(one.after for one in found if one.after))
    assert +result == Counter(after)
    assert not -result


@given(lines, lines)
def test_what_only_one_side_changed_is_what_comes_out(base, changed):
    assert merged(base, base, changed) == tuple(changed)
    assert merged(base, changed, base) == tuple(changed)


def test_changes_of_both_sides_come_together_and_a_line_changed_twice_is_as_in_mine():
    base = (TRAVEL, WAGES, line("purchases.supplies", "Semences", 50))
    current = (line("other_services.travel", "Train", 810), line("staff.wages", "", 600), base[2])
    mine = (line("other_services.travel", "Train", 820), WAGES, line("taxes.payroll", "", 5))
    assert merged(base, current, mine) == (
        line("other_services.travel", "Train", 820),
        line("staff.wages", "", 600),
        line("taxes.payroll", "", 5),
    )


def test_a_line_taken_out_here_and_changed_there_stays_and_one_taken_out_there_and_changed_here_comes_back():
    base = (TRAVEL, WAGES)
    assert merged(base, (TRAVEL, line("staff.wages", "", 600)), (TRAVEL,)) == (TRAVEL, line("staff.wages", "", 600))
    assert merged(base, (TRAVEL,), (TRAVEL, line("staff.wages", "", 600))) == (TRAVEL, line("staff.wages", "", 600))
