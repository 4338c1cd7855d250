"""What falls due is told once a step and a person, however often and however late the clock asks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.reminders import LADDERS, Kind, Ladder, Obligation, due

pytestmark = pytest.mark.pure

DUE_AT = datetime(2026, 12, 7, 11, tzinfo=UTC)


def obligation(kind=Kind.SUBMISSION, **changed):
    return Obligation(
        **{"kind": kind, "object_id": "k7", "due_at": DUE_AT, "recipients": ("a@example.org",), **changed}
    )


def steps(days, kind=Kind.SUBMISSION, **changed):
    """The step told so many days before (after, below zero) the moment itself."""
    return [reminder.step for reminder in due(DUE_AT - timedelta(days=days), [obligation(kind, **changed)])]


@pytest.mark.parametrize(
    ("days", "told"), [(15, []), (14, [14]), (13, [14]), (4, [14]), (3, [3]), (2, [3]), (1, [1]), (0, [])]
)
def test_a_draft_is_told_of_at_fourteen_three_and_one(days, told):
    assert steps(days) == told


def test_a_minute_before_the_deadline_the_last_step_still_holds():
    assert [r.step for r in due(DUE_AT - timedelta(minutes=1), [obligation()])] == [1]


@pytest.mark.parametrize(("days", "told"), [(8, []), (7, [7]), (2, [2]), (1, [1]), (-1, [])])
def test_a_reviewer_is_told_at_seven_two_and_one(days, told):
    assert steps(days, Kind.REVIEW) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (30, [30]), (7, [7]), (1, [1]), (0, []), (-1, [-1]), (-6, [-1]), (-7, [-7]),
        (-20, [-7]), (-21, [-21]), (-34, [-21]), (-35, [-35]), (-67, [-63]),
    ],
)  # fmt: skip
def test_a_late_report_is_told_after_one_day_seven_and_then_every_fourteen(days, told):
    assert steps(days, Kind.REPORT) == told


def test_a_late_agreement_is_told_after_seven_days():
    assert (steps(-6, Kind.AGREEMENT), steps(-21, Kind.AGREEMENT)) == ([], [-21])
    assert [steps(days, Kind.AGREEMENT) for days in (15, 14, 8, 7, 2, 1)] == [[], [14], [14], [7], [7], [1]]


def test_late_steps_without_repetition_end():
    ladder = {Kind.REPORT: Ladder(late=(1, 7))}
    assert [r.step for r in due(DUE_AT + timedelta(days=90), [obligation(Kind.REPORT)], ladder)] == [-7]


def test_a_kind_without_a_ladder_is_not_told_of():
    assert due(DUE_AT, [obligation()], {}) == ()


def test_after_a_silence_only_the_nearest_step_is_told():
    assert steps(2) == [3]
    assert steps(-40, Kind.REPORT) == [-35]


def test_a_draft_begun_after_a_step_is_not_told_of_that_step():
    assert steps(9, since=DUE_AT - timedelta(days=10)) == []
    assert steps(3, since=DUE_AT - timedelta(days=10)) == [3]
    assert steps(14, since=DUE_AT - timedelta(days=14)) == [14]


def test_the_key_names_kind_object_day_step_and_person():
    (reminder,) = due(DUE_AT - timedelta(days=3), [obligation(Kind.REVIEW)])
    assert reminder.key == "reminder:review:k7:2026-12-07:7:a@example.org"
    assert (reminder.recipient, reminder.step, reminder.days_left) == ("a@example.org", 7, 3)


def test_the_day_in_the_key_is_the_one_of_the_zone():
    late_evening = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)
    (reminder,) = due(late_evening - timedelta(days=1), [obligation(due_at=late_evening)])
    assert ":2026-12-07:" in reminder.key


def test_everybody_is_told_under_a_key_of_their_own():
    both = obligation(recipients=("a@example.org", "b@example.org"))
    assert len({reminder.key for reminder in due(DUE_AT - timedelta(days=1), [both, both])}) == 2


@given(st.sampled_from(list(Kind)), st.lists(st.integers(-2000, 2000), max_size=60))
def test_however_often_it_is_asked_nobody_is_told_twice_of_a_step_nor_of_two_at_once(kind, hours):
    told = [due(DUE_AT + timedelta(hours=hour), [obligation(kind)]) for hour in hours]
    assert all(len(reminders) <= 1 for reminders in told)
    ladder = LADDERS[kind]
    for (reminder,) in (reminders for reminders in told if reminders):
        assert reminder.step >= reminder.days_left
        assert reminder.step in ladder.before or -reminder.step in ladder.late or (-reminder.step - 7) % 14 == 0
