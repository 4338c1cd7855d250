"""The form of a call as plain data that is being written: sections and questions found, moved, added, taken out."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from grants.domain.default_form import DEFAULT_FORM
from grants.domain.form_data import form_data
from grants.domain.forms import FieldKind
from grants.errors import NotFound
from grants.web.call.editing.kinds import NUMBERS, WITH_COLUMNS
from grants.web.call.editing.lists import fresh_key

Plain = dict[str, Any]


def form_of(document: Mapping[str, Any]) -> Plain:
    """A copy of the form of a document, ready to be changed."""
    found: Plain = json.loads(json.dumps(document.get("form") or form_data(DEFAULT_FORM)))
    return found


def place_of(things: list[Plain], key: str) -> int:
    """Where the thing of a key stands in its list. Raises NotFound."""
    rank = next((rank for rank, one in enumerate(things) if one.get("key") == key), None)
    if rank is None:
        raise NotFound(key)
    return rank


def section_of(form: Plain, key: str) -> Plain:
    """The section of a key. Raises NotFound."""
    found: Plain = form["sections"][place_of(form["sections"], key)]
    return found


def fields_of(section: Plain) -> list[Plain]:
    """The questions of a section, to be changed in place."""
    found: list[Plain] = section.setdefault("fields", [])
    return found


def every_field(form: Plain) -> Iterator[Plain]:
    """Every question, in order."""
    for section in form["sections"]:
        yield from section.get("fields", [])


def earlier(form: Plain, section: str, field: str = "") -> list[Plain]:
    """The questions that a condition may look at: those that come before this one, or before the section."""
    found: list[Plain] = []
    for one in form["sections"]:
        for asked in one.get("fields", []) if one["key"] != section or field else []:
            if one["key"] == section and asked["key"] == field:
                return found
            found.append(asked)
        if one["key"] == section:
            return found
    return found


def choices_by_words(fields: list[Plain]) -> dict[str, dict[str, str]]:
    """By question, the value of each of its choices by its words."""
    return {
        one["key"]: {str(choice["label"]).casefold(): choice["value"] for choice in one.get("choices", [])}
        for one in fields
    }


def numbers_in(form: Plain, but: str) -> list[tuple[str, str]]:
    """(key, words) of the questions that a formula may count with."""
    return [(one["key"], one["label"]) for one in every_field(form) if one["key"] != but and _kind(one) in NUMBERS]


def days_in(form: Plain) -> list[tuple[str, str]]:
    """(key, words) of the dates."""
    return [(one["key"], one["label"]) for one in every_field(form) if _kind(one) is FieldKind.DAY]


def columns_in(form: Plain) -> list[tuple[str, str]]:
    """(group.column, words) of the columns that a formula may add up."""
    return [
        (f"{one['key']}.{column['key']}", f"{one['label']} › {column['label']}")
        for one in every_field(form)
        if _kind(one) in WITH_COLUMNS
        for column in one.get("columns", [])
        if _kind(column) in NUMBERS
    ]


def groups_in(form: Plain) -> list[tuple[str, str]]:
    """(key, words) of what has rows."""
    return [(one["key"], one["label"]) for one in every_field(form) if _kind(one) in WITH_COLUMNS]


def _kind(field: Plain) -> FieldKind:
    return FieldKind(field.get("kind", "line"))


def moved(things: list[Plain], key: str, act: str) -> None:
    """Up, down, taken out or copied, in place. Raises NotFound."""
    rank = place_of(things, key)
    if act == "remove":
        del things[rank]
        return
    other = rank - 1 if act == "up" else rank + 1
    if 0 <= other < len(things):
        things[rank], things[other] = things[other], things[rank]


def copied_field(form: Plain, section: Plain, key: str) -> Plain:
    """A copy of a question after it, under a key of its own."""
    fields = fields_of(section)
    rank = place_of(fields, key)
    copy: Plain = json.loads(json.dumps(fields[rank]))
    copy["key"] = fresh_key(str(copy["label"]), [one["key"] for one in every_field(form)])
    fields.insert(rank + 1, copy)
    return copy


def copied_section(form: Plain, key: str) -> Plain:
    """A copy of a section after it, all its questions under keys of their own; what looks at them follows."""
    rank = place_of(form["sections"], key)
    copy: Plain = json.loads(json.dumps(form["sections"][rank]))
    copy["key"] = fresh_key(str(copy["title"]), [one["key"] for one in form["sections"]])
    taken = {one["key"] for one in every_field(form)}
    renamed: dict[str, str] = {}
    for field in copy.get("fields", []):
        renamed[field["key"]] = field["key"] = fresh_key(str(field["label"]), taken)
        taken.add(field["key"])
    for field in copy.get("fields", []):
        for name in ("shown_if", "formula"):
            if name in field:
                field[name] = _following(field[name], renamed)
    form["sections"].insert(rank + 1, copy)
    return copy


def _following(sentence: Any, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401 -- plain data
    """A condition or a formula with the new keys."""
    if isinstance(sentence, Mapping):
        return {
            name: renamed.get(value, value)
            if name in ("field", "count") and isinstance(value, str)
            else value
            if name in ("is", "is_not", "contains", "one_of", "at_least", "at_most")
            else _following(value, renamed)
            for name, value in sentence.items()
        }
    if isinstance(sentence, list):
        return [renamed.get(one, one) if isinstance(one, str) else _following(one, renamed) for one in sentence]
    return sentence
