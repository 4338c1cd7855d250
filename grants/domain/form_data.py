"""Form definitions to and from plain data, as a call keeps them. Reading refuses whatever the pages could not show."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import TypeVar

from grants.domain.conditions import BadSentence, Condition, read_condition, read_formula
from grants.domain.forms import (
    ROWS,
    Choice,
    DocumentKind,
    Field,
    FieldKind,
    FileStage,
    Form,
    Mark,
    Section,
    SectionKind,
)
from grants.domain.papers import BANK_STATEMENT

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}\Z")
MOST = {"sections": 40, "fields": 60, "choices": 200, "columns": 12, "rows": 60, "documents": 40}
LONGEST = {"label": 300, "hint": 600, "help": 4000, "intro": 4000, "title": 150}
LONGEST_LIMIT = 20_000
MOST_NUMBER = 10**12
#: What a row of a table or of a group may hold.
IN_ROWS = frozenset(FieldKind) - ROWS - {FieldKind.CHOICES, FieldKind.COMPUTED, FieldKind.NOTE, FieldKind.DECLARATION}
ONE_OF_EACH = frozenset(SectionKind) - {SectionKind.FIELDS}


@dataclass
class Faults:
    """What is wrong with data that was read: (where, why), where as `sections.2.fields.0.label`."""

    found: list[tuple[str, str]] = default(default_factory=list)

    def add(self, where: str, code: str) -> None:
        """Note a fault."""
        self.found.append((where, code))


def form_data(form: Form) -> dict[str, object]:
    """The form as plain data; nothing that has its ordinary value is written."""
    return {"version": form.version, "sections": [_section_data(section) for section in form.sections]}


def documents_data(kinds: Iterable[DocumentKind]) -> list[dict[str, object]]:
    """The kinds of documents as plain data."""
    return [
        _without_defaults(
            {
                "key": kind.key,
                "label": kind.label,
                "hint": kind.hint,
                "required": kind.required,
                "paper": kind.paper,
                "blind": kind.blind if kind.blind is not bool(kind.paper) else None,
                "shown_if": kind.shown_if.data() if kind.shown_if else None,
            }
        )
        for kind in kinds
    ]


def _section_data(section: Section) -> dict[str, object]:
    return _without_defaults(
        {
            "key": section.key,
            "title": section.title,
            "kind": str(section.kind) if section.kind is not SectionKind.FIELDS else None,
            "intro": section.intro,
            "shown_if": section.shown_if.data() if section.shown_if else None,
            "stage": str(section.stage) if section.stage else None,
            "fields": [field_data(field) for field in section.fields],
        }
    )


def field_data(field: Field) -> dict[str, object]:
    """One question as plain data."""
    return _without_defaults(
        {
            "key": field.key,
            "kind": str(field.kind),
            "label": field.label,
            "hint": field.hint,
            "help": field.help,
            "limit": field.limit or None,
            "required": field.required,
            "choices": [{"value": choice.value, "label": choice.label} for choice in field.choices],
            "least": field.least,
            "most": field.most,
            "columns": [field_data(column) for column in field.columns],
            "rows": list(field.rows),
            "shown_if": field.shown_if.data() if field.shown_if else None,
            "formula": field.formula.data() if field.formula else None,
            "marks": sorted(field.marks),
        }
    )


def _without_defaults(data: Mapping[str, object]) -> dict[str, object]:
    """Without what says nothing; `required` is said only when it is not."""
    return {
        key: value
        for key, value in data.items()
        if value is not None and value not in ("", []) and not (key == "required" and value is True)
    }


def read_form(data: object, faults: Faults) -> Form:
    """Read a form; what is wrong goes to `faults` and the rest is still read. Codes: see `Faults` and the sentences."""
    known = _mapping(data, "form", faults, {"version", "sections"})
    sections = tuple(
        read_section(one, f"sections.{rank}", faults)
        for rank, one in enumerate(_list(known.get("sections"), "sections", faults))
    )
    form = Form(_text(known, "version", "", faults, 40), sections)
    _judge(form, faults)
    return form


def read_documents(data: object, faults: Faults) -> tuple[DocumentKind, ...]:
    """Read the kinds of documents, as `read_form`."""
    kinds = []
    for rank, one in enumerate(_list(data, "documents", faults)):
        where = f"documents.{rank}"
        known = _mapping(one, where, faults, {"key", "label", "hint", "required", "paper", "blind", "shown_if"})
        bank = known.get("paper") == BANK_STATEMENT  # always known by that name, which keeps it from those who judge
        kinds.append(
            DocumentKind(
                key=BANK_STATEMENT if bank else _key(known, where, faults),
                label=_text(known, "label", where, faults, LONGEST["label"], needed=True),
                hint=_text(known, "hint", where, faults, LONGEST["hint"]),
                required=_flag(known, "required", where, faults, usually=True),
                paper=_text(known, "paper", where, faults, 40),
                shown_if=_condition(known, where, faults),
                blind=_flag(known, "blind", where, faults, usually=bool(known.get("paper"))),
            )
        )
    _once((kind.key for kind in kinds), "documents", faults)
    return tuple(kinds)


def read_section(data: object, where: str, faults: Faults) -> Section:
    """Read one section."""
    known = _mapping(data, where, faults, {"key", "title", "kind", "intro", "shown_if", "stage", "fields"})
    kind = _one_of(SectionKind, known, "kind", where, faults, SectionKind.FIELDS)
    fields = tuple(
        read_field(one, f"{where}.fields.{rank}", faults)
        for rank, one in enumerate(_list(known.get("fields", []), f"{where}.fields", faults))
    )
    if kind is not SectionKind.FIELDS and fields:
        faults.add(f"{where}.fields", "no_fields_here")
    return Section(
        key=_key(known, where, faults),
        title=_text(known, "title", where, faults, LONGEST["title"], needed=True),
        fields=fields,
        kind=kind,
        intro=_text(known, "intro", where, faults, LONGEST["intro"]),
        shown_if=_condition(known, where, faults),
        stage=_stage(known, where, faults),
    )


def _stage(known: Mapping[str, object], where: str, faults: Faults) -> FileStage | None:
    return _one_of(FileStage, known, "stage", where, faults, FileStage.NOTE) if known.get("stage") else None


FIELD_KEYS = {"key", "kind", "label", "hint", "help", "limit", "required", "choices", "least", "most"} | {
    *("columns", "rows", "shown_if", "formula", "marks"),
}


def read_field(data: object, where: str, faults: Faults, *, in_row: bool = False) -> Field:
    """Read one question, or one column of a table (`in_row`)."""
    known = _mapping(data, where, faults, FIELD_KEYS)
    kind = _one_of(FieldKind, known, "kind", where, faults, FieldKind.LINE)
    if in_row and kind not in IN_ROWS:
        faults.add(f"{where}.kind", "not_in_a_row")
    field = Field(
        key=_key(known, where, faults),
        kind=kind,
        label=_text(known, "label", where, faults, LONGEST["label"], needed=True),
        hint=_text(known, "hint", where, faults, LONGEST["hint"]),
        limit=_whole(known, "limit", where, faults, LONGEST_LIMIT) or 0,
        required=_flag(known, "required", where, faults, usually=True),
        help=_text(known, "help", where, faults, LONGEST["help"]),
        choices=_choices(known, where, faults),
        least=_whole(known, "least", where, faults, MOST_NUMBER),
        most=_whole(known, "most", where, faults, MOST_NUMBER),
        columns=_columns(known, where, faults, in_row=in_row),
        rows=tuple(_row_labels(known, where, faults)),
        shown_if=_condition(known, where, faults),
        formula=_sentence(known, "formula", where, faults, read_formula),
        marks=frozenset(_marks(known, where, faults)),
    )
    _judge_field(field, where, faults)
    return field


def _judge_field(field: Field, where: str, faults: Faults) -> None:
    """What a kind of question needs, and no other has."""
    has = {
        "choices": (bool(field.choices), field.kind in (FieldKind.CHOICE, FieldKind.CHOICES)),
        "columns": (bool(field.columns), field.kind in ROWS),
        "rows": (bool(field.rows), field.kind is FieldKind.TABLE),
        "formula": (field.formula is not None, field.kind is FieldKind.COMPUTED),
    }
    for name, (there, wanted) in has.items():
        if there != wanted:
            faults.add(f"{where}.{name}", "needed" if wanted else "not_for_this_kind")
    if field.least is not None and field.most is not None and field.least > field.most:
        faults.add(f"{where}.most", "below_least")
    _once((choice.value for choice in field.choices), f"{where}.choices", faults)
    _once((column.key for column in field.columns), f"{where}.columns", faults)


def _judge(form: Form, faults: Faults) -> None:
    """Keys once; conditions and formulas look at questions that stand there, conditions at earlier ones alone."""
    _once((section.key for section in form.sections), "sections", faults)
    _once((field.key for section in form.sections for field in section.fields), "sections", faults)
    for kind in sorted(ONE_OF_EACH):
        if sum(section.kind is kind for section in form.sections) > 1:
            faults.add("sections", f"{kind}_twice")
    every = {field.key for section in form.sections for field in section.fields}
    before: set[str] = set()
    for rank, section in enumerate(form.sections):
        _known(section.shown_if, before, f"sections.{rank}.shown_if", faults)
        for place, field in enumerate(section.fields):
            where = f"sections.{rank}.fields.{place}"
            _known(field.shown_if, before, f"{where}.shown_if", faults)
            if field.formula is not None and not field.formula.fields <= every - {field.key}:
                faults.add(f"{where}.formula", "unknown_field")
            before.add(field.key)


def _known(condition: Condition | None, before: set[str], where: str, faults: Faults) -> None:
    if condition is not None and not condition.fields <= before:
        faults.add(where, "unknown_field")


def _once(keys: Iterable[str], where: str, faults: Faults) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen and key:
            faults.add(where, "twice")
        seen.add(key)


def _mapping(data: object, where: str, faults: Faults, known: Iterable[str]) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        faults.add(where, "not_an_object")
        return {}
    for key in sorted(str(key) for key in data.keys() - set(known)):
        faults.add(f"{where}.{key}", "unknown_key")
    return data


def _list(data: object, where: str, faults: Faults) -> Sequence[object]:
    if not isinstance(data, list | tuple):
        faults.add(where, "not_a_list")
        return ()
    most = MOST[where.rsplit(".", maxsplit=1)[-1]]
    if len(data) > most:
        faults.add(where, "too_many")
    return data[:most]


def _text(
    known: Mapping[str, object], name: str, where: str, faults: Faults, limit: int, *, needed: bool = False
) -> str:
    value = known.get(name, "")
    place = f"{where}.{name}" if where else name
    if not isinstance(value, str):
        faults.add(place, "not_a_text")
        return ""
    if len(value) > limit:
        faults.add(place, "too_long")
    if needed and not value.strip():
        faults.add(place, "needed")
    return value[:limit]


def _key(known: Mapping[str, object], where: str, faults: Faults) -> str:
    key = known.get("key")
    if not isinstance(key, str) or not KEY.match(key):
        faults.add(f"{where}.key", "not_a_key")
        return ""
    return key


def _flag(known: Mapping[str, object], name: str, where: str, faults: Faults, *, usually: bool) -> bool:
    value = known.get(name, usually)
    if not isinstance(value, bool):
        faults.add(f"{where}.{name}", "not_yes_or_no")
        return usually
    return value


def _whole(known: Mapping[str, object], name: str, where: str, faults: Faults, largest: int) -> int | None:
    value = known.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
        faults.add(f"{where}.{name}", "not_a_whole_number")
        return None
    return value


def _one_of(kinds: type[E], known: Mapping[str, object], name: str, where: str, faults: Faults, usually: E) -> E:
    value = known.get(name)
    if value is None:
        return usually
    try:
        return kinds(str(value))
    except ValueError:
        faults.add(f"{where}.{name}", "unknown_kind")
        return usually


def _choices(known: Mapping[str, object], where: str, faults: Faults) -> tuple[Choice, ...]:
    found = []
    for rank, one in enumerate(_list(known.get("choices", []), f"{where}.choices", faults)):
        place = f"{where}.choices.{rank}"
        choice = _mapping(one, place, faults, {"value", "label"})
        value = choice.get("value")
        if not isinstance(value, str) or not VALUE.match(value):
            faults.add(f"{place}.value", "not_a_key")
            continue
        found.append(Choice(value, _text(choice, "label", place, faults, LONGEST["label"], needed=True)))
    return tuple(found)


def _columns(known: Mapping[str, object], where: str, faults: Faults, *, in_row: bool) -> tuple[Field, ...]:
    if in_row:
        return ()
    columns = _list(known.get("columns", []), f"{where}.columns", faults)
    return tuple(read_field(one, f"{where}.columns.{rank}", faults, in_row=True) for rank, one in enumerate(columns))


def _row_labels(known: Mapping[str, object], where: str, faults: Faults) -> Iterable[str]:
    for rank, one in enumerate(_list(known.get("rows", []), f"{where}.rows", faults)):
        if isinstance(one, str) and one.strip() and len(one) <= LONGEST["label"]:
            yield one
        else:
            faults.add(f"{where}.rows.{rank}", "not_a_text")


def _marks(known: Mapping[str, object], where: str, faults: Faults) -> Iterable[Mark]:
    marks = known.get("marks", [])
    for one in marks if isinstance(marks, list | tuple) else ():
        try:
            yield Mark(one)
        except ValueError:
            faults.add(f"{where}.marks", "unknown_kind")


def _condition(known: Mapping[str, object], where: str, faults: Faults) -> Condition | None:
    return _sentence(known, "shown_if", where, faults, read_condition)


def _sentence(
    known: Mapping[str, object], name: str, where: str, faults: Faults, reader: Callable[[object], T]
) -> T | None:
    if known.get(name) is None:
        return None
    try:
        return reader(known[name])
    except BadSentence as error:
        faults.add(f"{where}.{name}", error.code)
        return None
