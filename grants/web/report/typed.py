"""What a report's form sent: texts, and amounts as people type them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grants.domain.money import AmountError, format_plain, parse_amount
from grants.domain.variance import Actual
from grants.services.report import QUESTIONS
from grants.web.kit.labels import sentence


@dataclass
class Typed:
    """`texts` and `amounts` as typed, by question or heading; what could be read; the sentence of each wrong amount."""

    texts: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    cents: dict[str, int | None] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, dict[str, object]]:
        """As `services.report.save` takes them."""
        return {key: {"spent_cents": cents, "reason": self.reasons.get(key, "")} for key, cents in self.cents.items()}


def of_form(form: Mapping[str, str], headings: Iterable[str]) -> Typed:
    """Read a form. A field that was not sent is left as it was; an empty amount is not filled in."""
    typed = Typed()
    for key in (*QUESTIONS, "remarks"):
        if f"q-{key}" in form:
            typed.texts[key] = form[f"q-{key}"]
    for key in headings:
        if f"spent-{key}" not in form:
            continue
        typed.amounts[key] = form[f"spent-{key}"]
        typed.reasons[key] = form.get(f"reason-{key}", "")
        try:
            text = typed.amounts[key].strip()
            typed.cents[key] = parse_amount(text, allow_zero=True) if text else None
        except AmountError as error:
            typed.errors[key] = sentence(error.as_reason)
    return typed


def of_report(narrative: Mapping[str, str], rows: Iterable[Actual]) -> Typed:
    """What was kept, as it is shown in the form."""
    rows = tuple(rows)
    return Typed(
        texts=dict(narrative),
        amounts={row.heading.key: "" if row.spent_cents is None else format_plain(row.spent_cents) for row in rows},
        reasons={row.heading.key: row.reason for row in rows},
    )
