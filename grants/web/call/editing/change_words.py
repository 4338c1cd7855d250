"""The differences of two versions of a call, in words: part by part, before and after, never as data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.domain.terms_changes import How, Part, Told
from grants.web.call.editing.declared import LETTER_WORDS, PAGES
from grants.web.call.editing.items import Item, Kind, local_moment
from grants.web.call.editing.lists import LISTS
from grants.web.kit.labels import RULES
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.selection_words import bound_words
from grants.web.kit.typography import day_short, euros, percent

PARTS = {page.part: page.title for page in PAGES} | {
    Part.FORM: _l("Formulaire"),
    Part.TRANSLATION: _l("Traductions"),
}
HOW = {
    How.ADDED: _l("ajouté"),
    How.REMOVED: _l("retiré"),
    How.CHANGED: _l("modifié"),
    How.MOVED: _l("ordre changé"),
}
#: What of a question, a section, a document or a criterion may change.
WHAT = {
    "label": _l("libellé"),
    "title": _l("titre"),
    "name": _l("nom"),
    "hint": _l("aide courte"),
    "help": _l("aide longue"),
    "intro": _l("introduction"),
    "limit": _l("longueur maximale"),
    "required": _l("obligatoire"),
    "kind": _l("type"),
    "choices": _l("choix proposés"),
    "least": _l("minimum"),
    "most": _l("maximum"),
    "columns": _l("colonnes"),
    "rows": _l("lignes"),
    "shown_if": _l("condition"),
    "formula": _l("calcul"),
    "marks": _l("confidentialité"),
    "fields": _l("questions"),
    "weight": _l("poids"),
    "question": _l("question posée"),
    "minimum_half_points": _l("note moyenne minimale"),
    "anchors": _l("sens des notes"),
    "optional": _l("peut ne pas s’appliquer"),
    "paper": _l("pièce reprise de la fiche"),
    "blind": _l("lecture à l’aveugle"),
    "opening": _l("début de la lettre"),
    "closing": _l("fin de la lettre"),
    "version": _l("nom de la version"),
    "text": _l("explication"),
    "article": _l("article"),
    "stage": _l("moment"),
    "test": _l("test"),
    "when": _l("condition"),
    "soft": _l("laisse un doute"),
    "months": _l("durée"),
    "month": _l("mois"),
    "hours": _l("durée"),
    "note": _l("précision"),
}
ITEMS: Mapping[str, Item] = {item.path: item for page in PAGES for item in page.items}


@dataclass(frozen=True)
class Line:
    """One difference: what, how, and the texts before and after (empty where there is none)."""

    title: str
    how: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Chapter:
    """The differences of one part."""

    title: str
    lines: list[Line]


def chapters(differences: Sequence[Told], zone: str) -> list[Chapter]:
    """The differences by part, in the order of the parts; parts without any are left out."""
    found: dict[Part, list[Line]] = {}
    for one in differences:
        found.setdefault(one.part, []).append(_line(one, zone))
    return [Chapter(str(PARTS.get(part, part)), lines) for part, lines in found.items()]


def _line(one: Told, zone: str) -> Line:
    how = str(HOW[one.how])
    item = _item_of(one)
    if item is not None:
        return Line(str(item.label), how, _value(item, one.before, zone), _value(item, one.after, zone))
    title = _title(one)
    if one.how is How.MOVED:
        return Line(title, how)
    return Line(title, how, words_of(one.before), words_of(one.after))


def _item_of(one: Told) -> Item | None:
    root = {"envelope": "envelope", "reminders": "reminders"}.get(_root(one), "call")
    return ITEMS.get(f"{root}.{one.subject}")


def _root(one: Told) -> str:
    if one.part is Part.REMINDERS:
        return "reminders"
    return "envelope" if one.subject in ("total_cents", "currency") else "call"


def _title(one: Told) -> str:
    subject = one.subject
    if one.part is Part.LETTERS and subject in LETTER_WORDS:
        subject = str(LETTER_WORDS[subject])
    elif one.part is Part.RULES:
        subject = str(RULES.get(subject, subject))
    elif one.part is Part.MILESTONES and subject.isdigit():
        subject = _("Projets de %(months)s mois", months=subject)
    elif one.what == "" and _is_bounds(one):
        subject = _("Équilibres de la sélection")
    elif subject in ("tranches", "reminders", "milestones", "form", "words", "letters") or not subject:
        subject = str(PARTS[one.part])
    what = str(WHAT.get(one.what.rpartition(".")[2] or one.what, "")) if one.what else ""
    return _("%(subject)s, %(what)s", subject=subject, what=what) if what else subject


def _is_bounds(one: Told) -> bool:
    rows = next((value for value in (one.after, one.before) if isinstance(value, list | tuple)), ())
    return any(isinstance(row, Mapping) and "tag" in row for row in rows)


def _value(item: Item, value: object, zone: str) -> str:
    if value is None:
        return _silent(item)
    shower = _KINDS.get(item.kind)
    return shower(item, value, zone) if shower else str(value)


def _silent(item: Item) -> str:
    """What a document says that does not say it."""
    if item.ordinary is None or item.kind is Kind.FLAG:
        return _("non") if item.kind is Kind.FLAG else _("rien")
    return _value(item, item.ordinary, "UTC")


def _of_options(item: Item, value: object, _zone: str) -> str:
    return str(dict(item.options).get(str(value), value))


_KINDS: Mapping[Kind, Callable[[Item, Any, str], str]] = {
    Kind.MOMENT: lambda _item, value, zone: local_moment(str(value), zone, current_language()),
    Kind.DAY: lambda _item, value, _zone: day_short(date.fromisoformat(str(value))),
    Kind.AMOUNT: lambda _item, value, _zone: euros(int(value)),
    Kind.PERCENT: lambda _item, value, _zone: percent(int(value)),
    Kind.WHOLE: lambda item, value, _zone: f"{int(value) // item.worth} {item.unit}".strip(),
    Kind.FLAG: lambda _item, value, _zone: _("oui") if value else _("non"),
    Kind.CHOICE: _of_options,
    Kind.DAYS: lambda _item, value, _zone: words_of(value),
}


def words_of(value: object) -> str:
    """Any value of the document as a person reads it: a text, a figure, the names of a list's things."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Mapping):
        return _words_of_object(value)
    if isinstance(value, list | tuple):
        return ", ".join(words for one in value if (words := words_of(one)))
    return str(value)


def _words_of_object(value: Mapping[str, Any]) -> str:
    if "share_bp" in value:
        conditions = dict(next(item.options for item in LISTS["tranches"].columns if item.path == "condition"))
        return f"{percent(int(value['share_bp']))} ({conditions.get(str(value.get('condition', '')), '')})"
    if "tag" in value:
        return bound_words(str(value["tag"]), value.get("min"), value.get("max"))
    if "label" in value or "title" in value or "name" in value:
        return next(str(value[name]) for name in ("label", "title", "name") if value.get(name) is not None)
    return ", ".join(words for one in value.values() if (words := words_of(one)))
