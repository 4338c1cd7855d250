"""Which answers count: those to questions that are asked, and what is computed from them.

An answer to a question that is not asked any more is kept, so that it comes back with the question; until then it is
neither shown, nor counted, nor submitted, and no other question hangs on it. The script of the page does the same.
"""

from collections.abc import Mapping
from typing import cast

from grants.domain.conditions import Answer, Answers, filled
from grants.domain.forms import Field, FieldKind, Form, Section
from grants.domain.receipts import Json, fingerprint

#: A computed value may hang on another, and a question on that: so many rounds settle every form that can be written.
ROUNDS = 3
PRINT_LENGTH = 16
NOTHING = ""


def counted(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers that count, by key, computed values among them."""
    computing = any(field.kind is FieldKind.COMPUTED for section in form.sections for field in section.fields)
    found: Answers = answers
    for _ in range(ROUNDS if computing else 1):
        found = _round(form, answers, found)
    return dict(found)


def _round(form: Form, answers: Answers, seen: Answers) -> dict[str, Answer]:
    """One reading from the top: conditions look at what was counted above them, formulas at all of the last round."""
    told: dict[str, Answer] = {}
    for section in form.sections:
        if not section.asked(told):
            continue
        for field in section.fields:
            value = _value(field, answers, seen) if field.asked(told) else None
            if value is not None:
                told[field.key] = value
    return told


def _value(field: Field, answers: Answers, seen: Answers) -> Answer | None:
    if field.kind is FieldKind.NOTE:
        return None
    if field.formula is not None:
        return field.formula.value(seen)
    return answers.get(field.key)


def asked_fields(section: Section, told: Answers) -> tuple[Field, ...]:
    """The questions of a section that are asked, notes among them. `told`: as `counted` gives it."""
    return tuple(field for field in section.fields if field.asked(told))


def looked_at(section: Section) -> frozenset[str]:
    """Keys of other sections' fields that the questions of this one hang on."""
    keys: set[str] = set()
    for field in section.fields:
        keys |= field.shown_if.fields if field.shown_if is not None else frozenset()
        keys |= field.formula.fields if field.formula is not None else frozenset()
    return frozenset(keys) - {field.key for field in section.fields}


def print_of(answer: Answer | None) -> str:
    """The fingerprint of an answer, short: of what a page started from. Nothing answered has always the same."""
    return fingerprint(cast("Json", _plain(answer) if filled(answer) else NOTHING))[:PRINT_LENGTH]


def same(one: Answer | None, other: Answer | None) -> bool:
    """Whether two answers say the same."""
    return print_of(one) == print_of(other)


def _plain(answer: Answer | None) -> object:
    if answer is None or isinstance(answer, str):
        return answer or NOTHING
    return [dict(one) if isinstance(one, Mapping) else one for one in answer]
