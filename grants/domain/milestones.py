"""The dated plan of a project: steps from the template of its duration, due dates of its reports.

The templates stand in the call, by duration in months: {"12": [step, …]}. A step is

    {"code": "M0", "name": "Lancement", "month": 0}
    {"code": "M4", "name": "Rapport intermédiaire", "month": 6, "days": 14, "report": "interim"}
    {"code": "M8", "name": "Rapport final", "after_end_days": 60, "report": "final"}

`month` counts from the first day of the project, `days` (may be negative) is added to that; such a step never falls
after the last day. `after_end_days` counts from the last day. `report` names the report that is due that day and
whose acceptance reaches the step. With projects that start on 1 March 2026, an interim report of
month 3 and 14 days is due on 15 June, month 4 and 14 days on 15 July, month 5 and -1 day on 31 July,
month 6 and -1 day on 31 August, month 6 and 14 days on 15 September.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from grants.domain.calendar import add_months, months_between

FINAL_AFTER_DAYS = 60
#: The last day of the sixth month after a financial year that is the calendar year.
FINANCIAL_MONTH, FINANCIAL_DAY = 6, 30
_ONE_DAY = timedelta(days=1)


class TemplateStep(TypedDict, total=False):
    """A step of a template, as the call stores it (`code` and `name` always)."""

    code: str
    name: str
    month: int
    days: int
    after_end_days: int
    report: str


Template = Sequence[TemplateStep]


@dataclass(frozen=True)
class Step:
    """A step with its day. `report`: the kind of report that is due then, or nothing."""

    code: str
    name: str
    due_on: date
    report: str = ""


def template_for(templates: Mapping[str, Template], months: int) -> Template:
    """The template of the closest duration (the shorter of two as close); empty where the call has none."""
    if not templates:
        return ()
    return templates[min(templates, key=lambda key: (abs(int(key) - months), int(key)))]


def steps(templates: Mapping[str, Template], starts_on: date, ends_on: date) -> tuple[Step, ...]:
    """The steps of a project of these days, in the order of the template."""
    template = template_for(templates, months_between(starts_on, ends_on))
    return tuple(
        Step(step["code"], step["name"], _due_on(step, starts_on, ends_on), step.get("report", "")) for step in template
    )


def _due_on(step: TemplateStep, starts_on: date, ends_on: date) -> date:
    if "after_end_days" in step:
        return ends_on + timedelta(days=step["after_end_days"])
    day = add_months(starts_on, step.get("month", 0)) + timedelta(days=step.get("days", 0))
    return min(day, ends_on)


def report_days(planned: Sequence[Step], starts_on: date, ends_on: date) -> dict[str, date]:
    """The due dates of the three reports, by kind.

    Interim and final: the day of their step, else half way and sixty days after the end. Financial: six months
    after the end of the financial year in which the project began, which is the year that the grant belongs to.
    """
    by_step = {step.report: step.due_on for step in planned if step.report}
    return {
        "interim": by_step.get("interim", starts_on + (ends_on - starts_on) // 2),
        "final": by_step.get("final", ends_on + timedelta(days=FINAL_AFTER_DAYS)),
        "financial": date(starts_on.year + 1, FINANCIAL_MONTH, FINANCIAL_DAY),
    }


def later_end(ends_on: date, months: int) -> date:
    """The last day when so many months are added: 30 November and 2 months is 31 January."""
    return add_months(ends_on + _ONE_DAY, months) - _ONE_DAY


def days_late(due_on: date, today: date) -> int:
    """How many days ago it was due; zero while it is not."""
    return max(0, (today - due_on).days)
