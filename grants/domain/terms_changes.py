"""What changed between two versions of the terms of a call, by the parts in which people read it.

A difference names its part (`dates`), the thing that it touches (`closes_at`, a question's label), what of it
(`label`, `required`; empty: the thing itself) and the values before and after, as they are written in the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grants.domain.differences import Change, changes
from grants.domain.terms import DAYS, MOMENTS


class Part(StrEnum):
    """The parts of a call, in the order in which they are written and read."""

    TEXT = "text"
    DATES = "dates"
    AMOUNTS = "amounts"
    RULES = "rules"
    FORM = "form"
    DOCUMENTS = "documents"
    RUBRIC = "rubric"
    COMMITTEE = "committee"
    LETTERS = "letters"
    TRANCHES = "tranches"
    MILESTONES = "milestones"
    REMINDERS = "reminders"
    ACCOMPANIMENT = "accompaniment"
    TRANSLATION = "translation"


class How(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Told:
    """One difference, told. `subject`: the thing by its name for people, or the name of a column of the call."""

    part: Part
    how: How
    subject: str
    what: str = ""
    before: object = None
    after: object = None


#: What those who apply are told of.
PUBLIC = frozenset({Part.TEXT, Part.DATES, Part.AMOUNTS, Part.RULES, Part.FORM, Part.DOCUMENTS, Part.RUBRIC})
MOST_NOTED = 40
LONGEST_NOTED = 200

TEXT_COLUMNS = ("title", "edition", "summary", "text", "contact", "source", "language")
COMMITTEE_COLUMNS = (
    *("reviews_required", "quorum", "threshold", "divergence"),
    *("objective", "min_award_bp", "secret_vote", "others_reviews", "blind"),
)
DATE_COLUMNS = (*MOMENTS, *DAYS, "zone", "grace_seconds")
RULE_COLUMNS = (
    *("kind", "min_actor_kinds", "min_territories_here", "min_territories_there", "operator_required"),
    "attestations_required",
)
PARTS = {
    "envelope": Part.AMOUNTS,
    "rules": Part.RULES,
    "form": Part.FORM,
    "documents": Part.DOCUMENTS,
    "criteria": Part.RUBRIC,
    "bounds": Part.COMMITTEE,
    "letters": Part.LETTERS,
    "tranches": Part.TRANCHES,
    "milestones": Part.MILESTONES,
    "reminders": Part.REMINDERS,
    "accompaniment": Part.ACCOMPANIMENT,
    "words": Part.TRANSLATION,
}
_COLUMNS: Mapping[str, Part] = {
    **dict.fromkeys(TEXT_COLUMNS, Part.TEXT),
    **dict.fromkeys(DATE_COLUMNS, Part.DATES),
    **dict.fromkeys(COMMITTEE_COLUMNS, Part.COMMITTEE),
    **dict.fromkeys(RULE_COLUMNS, Part.RULES),
}
#: Between the name of a list and its things: `form`, `sections`, key, `fields`, key.
_FRAMES = frozenset({"sections", "fields"})


def part_of(column: str) -> Part:
    """The part in which a column of the call stands; amounts and rates are what remains."""
    return _COLUMNS.get(column, Part.AMOUNTS)


def told(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Told, ...]:
    """Every difference of two documents of terms, in the order of the parts."""
    found = [_told(change, before, after) for change in changes(dict(before), dict(after)) if change.path[:1] != ("v",)]
    order = list(Part)
    return tuple(sorted(found, key=lambda one: order.index(one.part)))


def noted(differences: Sequence[Told]) -> list[dict[str, str]]:
    """What applicants are told, as the trace of an act keeps it: short, plain, at most forty lines."""
    return [
        {
            "part": str(one.part),
            "how": str(one.how),
            "subject": one.subject[:LONGEST_NOTED],
            "what": one.what,
            "before": _short(one.before),
            "after": _short(one.after),
        }
        for one in differences
        if one.part in PUBLIC
    ][:MOST_NOTED]


def _short(value: object) -> str:
    """A value that is one word or figure; empty for what is long or has parts."""
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if plain and len(str(value)) <= LONGEST_NOTED else ""


def _told(change: Change, before: Mapping[str, object], after: Mapping[str, object]) -> Told:
    root, path = change.path[0], change.path[1:]
    how = _how(change)
    if root == "call":
        column = path[0] if path else ""
        return Told(part_of(column), how, column, "", change.before, change.after)
    part = PARTS.get(root, Part.TEXT)
    if root in ("envelope", "reminders", "letters", "milestones", "words"):
        return Told(part, how, path[0] if path else root, ".".join(path[1:]), change.before, change.after)
    thing, what = _thing(path)
    names = [_name(document.get(root), thing) for document in (after, before)]
    own = [_label(value) for value in (change.after, change.before)]
    subject = next((name for name in (*names, *own) if name), "")
    return Told(part, how, subject, what, change.before, change.after)


def _how(change: Change) -> How:
    if change.moved:
        return How.MOVED
    if change.before is None:
        return How.ADDED
    return How.REMOVED if change.after is None else How.CHANGED


def _thing(path: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The keys of the thing that a path leads to, and what of it: `sections`, a, `fields`, b, `label` → (a, b), label."""
    keys: list[str] = []
    rest = list(path)
    if rest and rest[0] not in _FRAMES:  # a list of its own: criteria, documents
        keys, rest = rest[:1], rest[1:]
    while len(rest) > 1 and rest[0] in _FRAMES:
        keys.append(rest[1])
        rest = rest[2:]
    return tuple(keys), "" if not rest or rest[0] in _FRAMES else rest[0]


def _name(data: object, keys: tuple[str, ...]) -> str:
    """The name for people of the thing behind these keys; empty where it is not there."""
    here = data
    for key in keys:
        here = next((one for one in _children(here) if str(one.get("key", "")) == key), None)
    return _label(here) if keys else ""


def _children(data: object) -> Iterator[Mapping[str, object]]:
    lists = [data] if isinstance(data, list | tuple) else []
    if isinstance(data, Mapping):
        lists = [data.get("sections", ()), data.get("fields", ())]
    for one in lists:
        yield from (item for item in one if isinstance(item, Mapping)) if isinstance(one, list | tuple) else ()


def _label(value: object) -> str:
    if not isinstance(value, Mapping):
        return ""
    return next((str(value[name]) for name in ("label", "title", "name", "text") if value.get(name)), "")
