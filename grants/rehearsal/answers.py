"""Invented answers to any form: every question that is asked, within its limits, so that the file is complete."""

from collections.abc import Mapping
from datetime import date, timedelta

from grants.domain.budget import Line
from grants.domain.calendar import end_after_months
from grants.domain.chart import OWN_FUNDS, THIS_FUND, Chart, Side
from grants.domain.conditions import Answer, Condition
from grants.domain.forms import ACCEPTED, SHOWN_ONLY, TICKED, Field, FieldKind, Form

WORDS = "Ceci est une réponse d’essai, écrite par Palabre pour vérifier l’appel avant son ouverture. "
SAMPLES: Mapping[FieldKind, str] = {
    FieldKind.PHONE: "01 99 00 10 20",
    FieldKind.EMAIL: "essai@exemple.invalid",
    FieldKind.LINK: "https://exemple.invalid/essai",
    FieldKind.COUNTRY: "FR",
    FieldKind.PLACE: "DEP-75",
    FieldKind.POSTCODE: "75011",
    FieldKind.SIRET: "73282932000074",
    FieldKind.RNA: "W503726238",
    FieldKind.PERCENT: "50",
}
NUMBERS = frozenset({FieldKind.WHOLE, FieldKind.NUMBER, FieldKind.AMOUNT})


def answers_to(form: Form, *, title: str, starts_on: date, months: int) -> dict[str, Answer]:
    """An answer to every question that is asked of somebody who answers so, in the order of the form.

    `starts_on`, `months`: the period of the project, for the questions `starts_on` and `ends_on`.
    """
    ends_on = end_after_months(starts_on, months)
    known: dict[str, Answer] = {"title": title, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    found: dict[str, Answer] = {}
    for section in form.sections:
        if not section.asked(found):
            continue
        for field in section.fields:
            if field.kind not in SHOWN_ONLY and field.asked(found):
                found[field.key] = known.get(field.key) or answer_to(field, starts_on)
    return found


def answer_to(field: Field, day: date) -> Answer:
    """An answer that can stand, to one question."""
    if field.kind in TICKED:
        return ACCEPTED
    if field.kind is FieldKind.CHOICES:
        return [choice.value for choice in field.choices[: max(field.least or 1, 1)]]
    if field.kind is FieldKind.GROUP:
        return [_row(field, day) for _ in range(max(field.least or 1, 1))]
    if field.kind is FieldKind.TABLE:
        return [_row(field, day) for _ in field.rows]
    return _text(field, day)


def _row(field: Field, day: date) -> dict[str, str]:
    return {column.key: _text(column, day) for column in field.columns}


def _text(field: Field, day: date) -> str:
    if field.kind is FieldKind.CHOICE:
        return field.choices[0].value
    if field.kind in NUMBERS:
        return str(field.least if field.least is not None else min(field.most or 10, 10))
    if field.kind is FieldKind.DAY:
        return (day - timedelta(days=1)).isoformat()
    if field.kind in SAMPLES:
        return SAMPLES[field.kind]
    limit = field.limit or 200
    return (WORDS * (limit // len(WORDS) + 1))[: min(limit, 300)].strip()


def unreachable(form: Form, answered: Mapping[str, Answer]) -> list[str]:
    """Labels of the questions that these answers never meet, each asked on a condition: for the report to name."""
    met = answered.keys()
    conditional: list[tuple[Field, Condition | None]] = [
        (field, field.shown_if or section.shown_if) for section in form.sections for field in section.fields
    ]
    return [field.label for field, condition in conditional if condition is not None and field.key not in met]


def budget_of(chart: Chart, requested_cents: int, total_cents: int) -> list[Line]:
    """A balanced budget with this request, in the words of a chart."""
    spent = next(heading.accounts[0].key for heading in chart.of(Side.EXPENSE) if not heading.in_kind)
    lines = [
        Line(Side.EXPENSE, spent, "Essai", total_cents),
        Line(Side.INCOME, THIS_FUND, "", requested_cents),
        Line(Side.INCOME, OWN_FUNDS, "", total_cents - requested_cents),
    ]
    return [line for line in lines if line.amount_cents]
