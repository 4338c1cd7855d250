"""Calls in two stages: a short note is judged on what it holds, the full file on everything."""

from collections.abc import Iterable, Mapping

from grants.domain.eligibility import Rule
from grants.domain.forms import FileStage, Form, SectionKind

#: The part of a file that a fact is taken from; facts that are not here are told by any file.
PARTS: Mapping[str, SectionKind] = {
    **dict.fromkeys(("totals", "expense_keys"), SectionKind.BUDGET),
    **dict.fromkeys(("partner_kinds", "other_actor_kinds"), SectionKind.PARTNERS),
    **dict.fromkeys(("partners_attested", "operator_signed"), SectionKind.PARTNERS),
    **dict.fromkeys(("territories", "territories_here"), SectionKind.TERRITORIES),
    "expired_documents": SectionKind.DOCUMENTS,
}
QUESTIONS = frozenset({"starts_on", "ends_on"})


def first_stage(form: Form) -> str:
    """The stage at which a file of this form begins; empty where it is deposited once."""
    return FileStage.NOTE if form.staged else ""


def judged_at(rules: Iterable[Rule], form: Form, stage: str) -> tuple[Rule, ...]:
    """The rules of a call that a file can be judged by at a stage, in their order. `form`: what is asked at it."""
    return tuple(rule for rule in rules if stage != FileStage.NOTE or _told_by(rule, form))


def _told_by(rule: Rule, form: Form) -> bool:
    kinds = {section.kind for section in form.sections}
    parts = {PARTS[name] for name in rule.looks_at if name in PARTS}
    answers = rule.fields() | (QUESTIONS & set(rule.looks_at))
    return parts <= kinds and all(form.field(key) is not None for key in answers)
