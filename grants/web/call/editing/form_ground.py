"""What the pages of the form builder stand on: the call being written, faults at their questions, lists of conditions."""

from collections.abc import Mapping
from typing import Any

from grants.errors import Invalid, NotFound
from grants.web.call.editing import form_plan as plan
from grants.web.call.editing import kinds
from grants.web.call.editing.desk import Desk, desk_of, seen
from grants.web.call.editing.fault_words import fault_words
from grants.web.call.editing.form_plan import Plain
from grants.web.kit.language import gettext as _


def written(slug: str) -> Desk:
    """The call of this address, while it may be written. Raises NotFound, NotAllowed."""
    desk = desk_of(slug)
    if desk.draft is None:
        raise NotFound(slug)
    return desk


def field_of(form: Plain, section: str, key: str) -> Plain:
    """A question of a section. Raises NotFound."""
    fields = plan.fields_of(plan.section_of(form, section))
    return fields[plan.place_of(fields, key)]


def shown_as(data: Mapping[str, Any]) -> str:
    """What a page showed of a section or a question; the questions of a section have pages of their own."""
    return seen({name: value for name, value in data.items() if name != "fields"})


def at_fields(refused: Invalid, place: str, made: Plain) -> dict[str, str]:
    """Faults at the fields of a question's page (`choices.1.label` is `choices-1-label`), the others by their question."""
    found: dict[str, str] = {}
    for where, reason in refused.problems.items():
        words = fault_words(reason)
        if where.startswith(place):
            name, _sign, rest = where.removeprefix(place).partition(".")
            rank, _sign, column = rest.partition(".")
            found[f"{name}-{rank}-{column}" if column else name] = words
        else:
            found[f"-{where}"] = _named(where, made, words)
    return {
        name if not name.startswith("-") else name.lstrip("-").replace(".", "-"): one for name, one in found.items()
    }


def _named(where: str, made: Plain, words: str) -> str:
    """A fault with the name of the section or question that it is about."""
    parts = where.split(".")
    try:
        thing = made["sections"][int(parts[1])]
        if len(parts) > 3:  # noqa: PLR2004 -- sections, rank, fields, rank
            thing = thing["fields"][int(parts[3])]
    except (IndexError, KeyError, ValueError):
        return words
    return _("« %(name)s » : %(words)s", name=thing.get("label", thing.get("title", "")), words=words)


def options(fields: list[Plain]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(key, words, choices as (value, words)) of the questions that a condition may look at."""
    return [
        (
            str(one["key"]),
            str(one["label"]),
            [(str(choice["value"]), str(choice["label"])) for choice in one.get("choices", [])]
            or ([("yes", _("cochée"))] if one.get("kind") in ("declaration", "consent") else []),
        )
        for one in fields
        if one.get("kind", "line") != "note"
    ]


def condition_words() -> dict[str, object]:
    """The words that a condition is built from."""
    return {"tests": kinds.TESTS, "groups": kinds.GROUPS}
