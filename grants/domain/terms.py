"""The terms of a call as one document: text, calendar, bounds, rules, form, rubric, letters, plan. Plain data, versioned.

    {"v": 1, "call": {"title": …, "opens_at": "2027-01-04T08:00:00Z", "min_cents": 800000, …},
     "envelope": {"currency": "EUR", "total_cents": 10500000}, "criteria": […], "form": {…}, "documents": […],
     "rules": […], "letters": {…}, "tranches": […], "milestones": {…}, "reminders": {…}, "accompaniment": […],
     "words": {"en": {"Titre": "Title"}}}

Moments are UTC and end in Z, days are ISO, amounts are cents, rates basis points. What is left out has its ordinary
value. The same document is edited on the pages, frozen when a version is published, and carried in a call pack.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TypeAlias, cast

from grants.domain.deadlines import zone_named
from grants.domain.default_form import DEFAULT_DOCUMENTS, DEFAULT_FORM
from grants.domain.eligibility import Rule
from grants.domain.eligibility_data import read_rules
from grants.domain.form_data import Faults, documents_data, form_data, read_documents, read_form
from grants.domain.forms import POWER_KIND, DocumentKind, Form
from grants.domain.portfolio_problem import Objective
from grants.domain.receipts import Json, fingerprint
from grants.domain.terms_parts import WHOLE_BP, judge_bounds, judge_parts

TERMS_VERSION = 1
POWER = DocumentKind(
    POWER_KIND,
    "Pouvoir donné à la personne qui signe",
    "Si elle n’est pas la représentante ou le représentant légal.",
    required=False,
    blind=True,
)
Data: TypeAlias = Mapping[str, object]
LONGEST = {"title": 200, "edition": 20, "kind": 20, "contact": 254, "zone": 40, "chart": 40, "language": 5}
LONGEST_TEXT = 100_000
MOST_CENTS = 10**12
#: What goes into the subject of a mail or the name of a page.
LINES = frozenset(f"call.{name}" for name in ("title", "edition", "contact"))
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

TEXTS = (
    "title",
    "edition",
    "kind",
    "summary",
    "text",
    "contact",
    "source",
    "zone",
    "chart",
    "language",
    "blind",
    "others_reviews",
    "objective",
)
MOMENTS = (
    *(
        "opens_at",
        "closes_at",
        "full_closes_at",
        "corrections_due_at",
        "reviews_open_at",
        "reviews_close_at",
        "committee_at",
    ),
    "results_public_at",
)
DAYS = ("board_on", "reserve_until_on", "projects_from_on", "projects_until_on")
WHOLES = (
    *("places", "min_cents", "max_cents", "max_rate_bp", "max_in_kind_bp", "min_other_cash_bp", "min_months"),
    *("max_months", "min_actor_kinds", "min_territories_here", "min_territories_there", "reviews_required", "quorum"),
    *("threshold", "divergence", "grace_seconds", "min_award_bp"),
)
FLAGS = ("whole_euros", "require_proof", "attestations_required", "operator_required", "lot", "secret_vote")
#: What a call has nothing of unless it says so; the others are always there.
ABSENT = frozenset({*MOMENTS, *DAYS, "places"})
KINDS = ("open", "members_only", "invited", "prize", "two_stages", "rolling")
#: Until when those who judge do not know who applies: the opening of the sitting, or the release of the decision.
BLIND = ("no", "review", "selection")
#: When a reviewer reads what the others gave on the same file: never before the sitting, after their own, at once.
OTHERS_REVIEWS = ("never", "after_own", "always")
LISTS = ("criteria", "documents", "rules", "tranches", "accompaniment", "bounds")
OBJECTS = ("call", "envelope", "form", "letters", "milestones", "reminders", "words")
CRITERION = ("key", "name", "question", "weight", "minimum_half_points", "anchors", "optional")


@dataclass(frozen=True)
class Terms:
    """A version of the terms, read. `data`: the whole document; the rest are the parts that rules and pages ask for."""

    data: Data
    form: Form = DEFAULT_FORM
    documents: tuple[DocumentKind, ...] = DEFAULT_DOCUMENTS
    words: Mapping[str, Mapping[str, str]] = default(default_factory=lambda: MappingProxyType({}))
    rules: tuple[Rule, ...] = ()

    @property
    def sha256(self) -> str:
        """The fingerprint by which a version is known."""
        return fingerprint(cast("Json", self.data))

    def part(self, name: str) -> object:
        """A part as it is written; empty where the document does not say."""
        return self.data.get(name, [] if name in LISTS else {})

    def values(self) -> dict[str, object]:
        """What the call's row holds of it: texts, aware moments, days, cents, flags, by the name of the column."""
        call = self.data.get("call", {})
        return {name: _READ[name](value) for name, value in call.items()} if isinstance(call, Mapping) else {}

    def document(self, key: str) -> DocumentKind | None:
        """The kind of document of a key; None for one that the call does not know."""
        return next((kind for kind in self.documents if kind.key == key), None)

    def translated(self, text: str, language: str) -> str | None:
        """The words of the call in another language, where its author gave them."""
        return self.words.get(language, {}).get(text)


def read_terms(data: object) -> tuple[Terms, tuple[tuple[str, str], ...]]:
    """Read a document: the terms, and all that is wrong with it as (where, why); terms with faults serve for showing.

    Never raises, whatever the data is.
    """
    faults = Faults()
    whole = data if isinstance(data, Mapping) else {}
    if whole is not data:
        faults.add("", "not_an_object")
    if whole.get("v") != TERMS_VERSION:
        faults.add("v", "unknown_version")
    for name in sorted(str(key) for key in whole.keys() - {"v", *LISTS, *OBJECTS}):
        faults.add(name, "unknown_key")
    _read_shapes(whole, faults)
    _read_call(whole.get("call", {}), faults)
    judge_parts(whole, faults)
    form = read_form(whole["form"], faults) if whole.get("form") else DEFAULT_FORM
    documents = read_documents(whole["documents"], faults) if "documents" in whole else DEFAULT_DOCUMENTS
    if not any(kind.key == POWER_KIND for kind in documents):  # a delegate may sign in every call
        documents = (*documents, POWER)
    rules = read_rules(whole["rules"], faults) if whole.get("rules") else ()
    return Terms(whole, form, documents, _words(whole.get("words", {}), faults), rules), tuple(faults.found)


def write_terms(
    values: Mapping[str, object],
    *,
    form: Form = DEFAULT_FORM,
    documents: Iterable[DocumentKind] = DEFAULT_DOCUMENTS,
    **parts: object,
) -> dict[str, object]:
    """The document of these values (as `Terms.values`) and parts (criteria, envelope, rules…), ready to be read."""
    call = {name: _WRITE[name](value) for name, value in values.items() if value is not None and name in _WRITE}
    return {
        "v": TERMS_VERSION,
        "call": call,
        "form": form_data(form),
        "documents": documents_data(documents),
        **{name: part for name, part in parts.items() if part},
    }


def _read_shapes(whole: Data, faults: Faults) -> None:
    for name in OBJECTS:
        if not isinstance(whole.get(name, {}), Mapping):
            faults.add(name, "not_an_object")
    for name in LISTS:
        if not isinstance(whole.get(name, []), list | tuple):
            faults.add(name, "not_a_list")
    if not _without_floats(whole):
        faults.add("", "not_plain")
    _judge_signs(whole, "", faults)


def _judge_signs(value: object, where: str, faults: Faults) -> None:
    """Texts are texts: no control, no half of a pair, nothing that turns the reading direction; a line is one line."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            place = f"{where}.{key}" if where else str(key)
            if isinstance(key, str) and _NO_TEXT.search(key):
                faults.add(where, "not_a_text")
            else:
                _judge_signs(one, place, faults)
    elif isinstance(value, list | tuple):
        for rank, one in enumerate(value):
            _judge_signs(one, f"{where}.{rank}", faults)
    elif isinstance(value, str) and (_NO_TEXT.search(value) or (where in LINES and not set("\n\t").isdisjoint(value))):
        faults.add(where, "not_a_text")


def _without_floats(value: object) -> bool:
    """Only what has one spelling: no floats, keys that are texts."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _without_floats(one) for key, one in value.items())
    if isinstance(value, list | tuple):
        return all(_without_floats(one) for one in value)
    return value is None or isinstance(value, str | int)


def _read_call(call: object, faults: Faults) -> None:
    for name, value in call.items() if isinstance(call, Mapping) else ():
        if name not in _READ:
            faults.add(f"call.{name}", "unknown_key")
            continue
        try:
            _READ[name](value)
        except (ValueError, TypeError, OverflowError):  # the last one: a day at the end of the calendar
            faults.add(f"call.{name}", "not_readable")
        if isinstance(value, str) and len(value) > LONGEST.get(name, LONGEST_TEXT):
            faults.add(f"call.{name}", "too_long")
    if isinstance(call, Mapping):
        judge_bounds(call, faults)


def _words(data: object, faults: Faults) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for language, pairs in data.items() if isinstance(data, Mapping) else ():
        if isinstance(pairs, Mapping) and all(isinstance(one, str) for one in (*pairs, *pairs.values())):
            found[str(language)] = MappingProxyType(dict(pairs))
        else:
            faults.add(f"words.{language}", "not_a_text")
    return MappingProxyType(found)


def _a_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _a_zone(value: object) -> str:
    name = _a_text(value)
    zone_named(name)
    return name


def _a_kind(value: object) -> str:
    if value not in KINDS:
        raise ValueError
    return str(value)


def _a_blindness(value: object) -> str:
    if value not in BLIND:
        raise ValueError
    return str(value)


def _an_openness(value: object) -> str:
    if value not in OTHERS_REVIEWS:
        raise ValueError
    return str(value)


def _an_objective(value: object) -> str:
    return Objective(_a_text(value)).value


def _a_share(value: object) -> int:
    if _a_whole(value) > WHOLE_BP:
        raise ValueError
    return _a_whole(value)


def _a_moment(value: object) -> datetime:
    found = datetime.fromisoformat(_a_text(value))
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(UTC)


def _a_day(value: object) -> date:
    return date.fromisoformat(_a_text(value))


def _a_whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_CENTS:
        raise ValueError
    return value


def _a_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _as_it_is(value: object) -> object:
    return value


def moment_words(value: object) -> str:
    """A moment (aware) as a document writes it: UTC, ending in Z."""
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day_words(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


_READ: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys(TEXTS, _a_text),
    "zone": _a_zone,
    "kind": _a_kind,
    "blind": _a_blindness,
    "others_reviews": _an_openness,
    "objective": _an_objective,
    **dict.fromkeys(MOMENTS, _a_moment),
    **dict.fromkeys(DAYS, _a_day),
    **dict.fromkeys(WHOLES, _a_whole),
    "min_award_bp": _a_share,
    **dict.fromkeys(FLAGS, _a_flag),
}
_WRITE: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys((*TEXTS, *WHOLES, *FLAGS), _as_it_is),
    **dict.fromkeys(MOMENTS, moment_words),
    **dict.fromkeys(DAYS, _day_words),
}

DEFAULT_TERMS = Terms(MappingProxyType({"v": TERMS_VERSION}))
