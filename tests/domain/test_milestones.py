"""The dated plan of a project."""

from datetime import date

import pytest

from grants.domain.milestones import days_late, later_end, report_days, steps, template_for

pytestmark = pytest.mark.pure

MARCH = date(2026, 3, 1)


def interim(month: int, days: int) -> list[dict[str, object]]:
    return [
        {"code": "M0", "name": "Lancement", "month": 0},
        {"code": "M4", "name": "Rapport intermédiaire", "month": month, "days": days, "report": "interim"},
        {"code": "M7", "name": "Restitution", "month": 12},
        {"code": "M8", "name": "Rapport final", "after_end_days": 60, "report": "final"},
    ]


TEMPLATES = {
    "6": interim(3, 14),
    "8": interim(4, 14),
    "9": interim(5, -1),
    "10": interim(6, -1),
    "12": interim(6, 14),
}


@pytest.mark.parametrize(
    ("ends_on", "interim_on", "final_on"),
    [
        (date(2026, 8, 31), date(2026, 6, 15), date(2026, 10, 30)),
        (date(2026, 10, 31), date(2026, 7, 15), date(2026, 12, 30)),
        (date(2026, 11, 30), date(2026, 7, 31), date(2027, 1, 29)),
        (date(2026, 12, 31), date(2026, 8, 31), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2026, 9, 15), date(2027, 4, 29)),
    ],
)
def test_reports_fall_due_as_the_worked_example_says(ends_on: date, interim_on: date, final_on: date) -> None:
    planned = steps(TEMPLATES, MARCH, ends_on)
    assert report_days(planned, MARCH, ends_on) == {
        "interim": interim_on,
        "final": final_on,
        "financial": date(2027, 6, 30),
    }


def test_no_step_of_a_month_falls_after_the_end() -> None:
    assert steps(TEMPLATES, MARCH, date(2026, 8, 31))[2].due_on == date(2026, 8, 31)


@pytest.mark.parametrize(("months", "chosen"), [(1, "6"), (7, "6"), (8, "8"), (11, "10"), (30, "12")])
def test_the_closest_template_serves_the_shorter_of_two(months: int, chosen: str) -> None:
    assert template_for(TEMPLATES, months) is TEMPLATES[chosen]


def test_a_call_without_templates_still_has_reports() -> None:
    assert steps({}, MARCH, date(2026, 8, 31)) == ()
    due = report_days((), MARCH, date(2026, 8, 31))
    assert (due["interim"], due["final"]) == (date(2026, 5, 31), date(2026, 10, 30))


@pytest.mark.parametrize(
    ("ends_on", "months", "later"),
    [
        (date(2026, 11, 30), 2, date(2027, 1, 31)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 14), 1, date(2026, 9, 14)),
    ],
)
def test_the_end_moves_by_whole_months(ends_on: date, months: int, later: date) -> None:
    assert later_end(ends_on, months) == later


def test_lateness_is_counted_from_the_day_after() -> None:
    due = date(2026, 9, 15)
    assert (days_late(due, due), days_late(due, date(2026, 11, 21)), days_late(due, MARCH)) == (0, 67, 0)
