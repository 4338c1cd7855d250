"""A section of a form as a page shows it, and what was typed in it: every kind of question, for files and previews.

    ask(section, answers, Setting(…)) -> tuple[Question, ...]     drawn by `kit/questions.html`
    typed(section, request.form) -> {key: answer}                 of the questions that the form held

Questions that are not asked are there too, hidden: the script shows them at once when an answer makes them asked, and
what was typed in them before comes back. The names of fields: `key`; `key-0-column` in tables and groups; `base:key`
for the fingerprint of the answer that the page started from; it also says that the form held the question, where nothing
is ticked.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default

from flask import Flask
from werkzeug.datastructures import MultiDict

from grants.delivery import answers
from grants.domain.asking import looked_at, print_of
from grants.domain.conditions import Answer, Answers, Condition, Formula, filled
from grants.domain.forms import ACCEPTED, ROWS, TICKED, Field, FieldKind, Section
from grants.domain.places import COLLECTIVITIES, DEPARTMENTS, REGIONS, WHOLE_FRANCE
from grants.domain.places import label_of as place_of
from grants.domain.terms import Terms
from grants.web.kit.countries import countries
from grants.web.kit.language import current_language, gettext

Say = Callable[[str], str]
MOST_ROWS = 60
FEW_CHOICES = 7
LONG_TEXT = 1500
BASE = "base:"
_NUMBERED = re.compile(r"([a-z][a-z0-9_]*)-([0-9]{1,3})-([a-z][a-z0-9_]*)\Z")


def speaker(terms: Terms) -> Say:
    """Gives the texts of a call in the reader's language: the call's own words first, then the catalogue's."""
    language = current_language()

    def say(text: str) -> str:
        return (terms.translated(text, language) or gettext(text)) if text else ""

    return say


@dataclass(frozen=True)
class Setting:
    """What a section is drawn with, beside its answers.

    `told`: the answers that count in the whole form (`domain.asking.counted`); `wrong`: sentence by key;
    `given`: by key, who accepted a consent and when, in words; `more`: the group to which a row is added.
    """

    say: Say = gettext
    told: Answers = default(default_factory=dict)
    wrong: Mapping[str, str] = default(default_factory=dict)
    given: Mapping[str, str] = default(default_factory=dict)
    more: str = ""


@dataclass(frozen=True)
class Option:
    """One answer offered."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Line:
    """A row of a table or of a group: its name (a table's), its cells, its place."""

    number: int
    label: str
    cells: tuple["Question", ...]


@dataclass(frozen=True)
class Question:
    """One question, ready to be drawn. `shown_if` and `formula` are JSON for the script, empty where there is none."""

    key: str
    kind: str
    label: str
    name: str
    hint: str = ""
    help: str = ""
    value: str = ""
    asked: bool = True
    required: bool = True
    answered: bool = False
    error: str = ""
    limit: int = 0
    large: bool = False
    options: tuple[Option, ...] = ()
    groups: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    lines: tuple[Line, ...] = ()
    blank: Line | None = None
    room: bool = False
    given: str = ""
    shown_if: str = ""
    formula: str = ""
    base: str = ""

    @property
    def listed(self) -> bool:
        """Drawn as a group of controls under one name, rather than as one control with a label."""
        return self.kind in (FieldKind.CHOICES, *ROWS) or (self.kind == FieldKind.CHOICE and not self.large)

    @property
    def answers_nothing(self) -> bool:
        """Only read."""
        return self.kind in (FieldKind.COMPUTED, FieldKind.NOTE)


def ask(section: Section, given: Answers, setting: Setting) -> tuple[Question, ...]:
    """The questions of a section with their answers, in order."""
    return tuple(_question(field, given.get(field.key, ""), setting) for field in section.fields)


def outside(section: Section, told: Answers) -> str:
    """JSON of the answers of other sections that this one's conditions and formulas look at, for the script."""
    return json.dumps({key: told.get(key, "") for key in sorted(looked_at(section))}, ensure_ascii=False)


def depends(section: Section) -> bool:
    """Whether anything on the page hangs on an answer."""
    return any(field.shown_if is not None or field.formula is not None for field in section.fields)


def _question(field: Field, answer: Answer, setting: Setting) -> Question:
    plain = _cell(field, answer, setting, field.key)
    shown = field.asked(setting.told)
    more = field.key == setting.more
    return replace(
        plain,
        asked=shown,
        help=setting.say(field.help),
        value=_computed(field, setting) if field.kind is FieldKind.COMPUTED else plain.value,
        error=setting.wrong.get(field.key, "") if shown else "",
        given=setting.given.get(field.key, ""),
        shown_if=_json(field.shown_if),
        formula=_json(field.formula),
        base=print_of(answer),
        lines=_lines(field, answer, setting, more=more) if field.kind in ROWS else (),
        blank=_line(field, {}, setting, MOST_ROWS) if field.kind is FieldKind.GROUP else None,
        room=field.kind is FieldKind.GROUP,
    )


def _cell(field: Field, answer: Answer, setting: Setting, name: str) -> Question:
    """A question without what only whole questions have."""
    text = answer if isinstance(answer, str) else ""
    chosen = {text} if isinstance(answer, str) else {one for one in answer if isinstance(one, str)}
    return Question(
        key=field.key,
        kind=str(field.kind),
        label=setting.say(field.label),
        name=name,
        hint=setting.say(field.hint),
        value=text,
        required=field.required,
        answered=filled(answer) and (field.kind not in TICKED or text == ACCEPTED),
        limit=field.limit,
        large=field.limit > LONG_TEXT if field.kind is FieldKind.TEXT else len(field.choices) > FEW_CHOICES,
        options=_options(field, chosen, setting.say),
        groups=_places(chosen) if field.kind is FieldKind.PLACE else (),
    )


def _options(field: Field, chosen: set[str], say: Say) -> tuple[Option, ...]:
    if field.kind is FieldKind.COUNTRY:
        return tuple(Option(code, name, code in chosen) for code, name in countries(current_language()))
    return tuple(Option(one.value, say(one.label), one.value in chosen) for one in field.choices)


def _places(chosen: set[str]) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    lists: tuple[tuple[str, Iterable[str]], ...] = (
        ("", WHOLE_FRANCE[:1]),
        (gettext("Régions"), REGIONS),
        (gettext("Départements"), DEPARTMENTS),
        (gettext("Autres collectivités"), COLLECTIVITIES),
    )
    return tuple(
        (title, tuple(Option(code, gettext(place_of(code) or code), code in chosen) for code in codes))
        for title, codes in lists
    )


def _lines(field: Field, answer: Answer, setting: Setting, *, more: bool) -> tuple[Line, ...]:
    rows = [one for one in answer if isinstance(one, Mapping)] if not isinstance(answer, str) else []
    if field.kind is FieldKind.TABLE:
        rows = [*rows, *({} for _ in field.rows)][: len(field.rows)]
        return tuple(
            replace(_line(field, row, setting, number), label=setting.say(label))
            for number, (label, row) in enumerate(zip(field.rows, rows, strict=True))
        )
    most = min(field.most or MOST_ROWS, MOST_ROWS)
    wanted = max(len(rows) + more, field.least or 0, 1)
    rows = [*rows, *({} for _ in range(wanted))][: max(min(wanted, most), len(rows))]
    return tuple(_line(field, row, setting, number) for number, row in enumerate(rows))


def _line(field: Field, row: Mapping[str, str], setting: Setting, number: int) -> Line:
    cells = (_cell(one, row.get(one.key, ""), setting, f"{field.key}-{number}-{one.key}") for one in field.columns)
    return Line(number, "", tuple(cells))


def _computed(field: Field, setting: Setting) -> str:
    found = setting.told.get(field.key, "")
    return found if isinstance(found, str) else ""


def _json(sentence: Condition | Formula | None) -> str:
    return json.dumps(sentence.data(), ensure_ascii=False) if sentence is not None else ""


def typed(section: Section, form: "MultiDict[str, str]", *, without: str = "") -> dict[str, Answer]:
    """What the form held, by key: questions that it did not hold are left out. `without`: `key-3`, the row taken out."""
    found: dict[str, Answer] = {}
    for field in section.fields:
        held = field.key in form or BASE + field.key in form
        if field.kind in ROWS:
            rows = _typed_rows(field, form, without)
            if rows or held:
                found[field.key] = rows
        elif held:
            found[field.key] = _typed_one(field, form.getlist(field.key))
    return found


def based(section: Section, form: "MultiDict[str, str]") -> dict[str, str]:
    """The fingerprints of the answers that the page started from, by key."""
    return {one.key: form[BASE + one.key] for one in section.fields if BASE + one.key in form}


def _typed_one(field: Field, values: Sequence[str]) -> Answer:
    if field.kind is FieldKind.CHOICES:
        return [value for value in values if value]
    last = next((value for value in reversed(values) if value), "")
    if field.kind in TICKED:
        return ACCEPTED if last else ""
    return last


def _typed_rows(field: Field, form: "MultiDict[str, str]", without: str) -> list[dict[str, str]]:
    columns = {column.key: column for column in field.columns}
    rows: dict[int, dict[str, str]] = {}
    for name in form:
        place = _NUMBERED.match(name)
        if place and place[1] == field.key and place[3] in columns and f"{place[1]}-{place[2]}" != without:
            answer = _typed_one(columns[place[3]], form.getlist(name))
            rows.setdefault(int(place[2]), {})[place[3]] = answer if isinstance(answer, str) else ""
    if field.kind is FieldKind.TABLE:
        return [rows.get(number, {}) for number in range(len(field.rows))] if rows else []
    return [rows[number] for number in sorted(rows) if any(text.strip() for text in rows[number].values())]


def in_words(field: Field, answer: Answer, say: Say) -> str:
    """An answer to read, in one text: choices by their labels, countries and places by their names, rows line by line."""
    return answers.in_words(field, answer, say, current_language())


def install(app: Flask) -> None:
    """Let templates give the texts of a call (`{{ text|of_call(terms) }}`) and answers (`{{ answer|worded(field, terms) }}`)."""
    app.jinja_env.filters["of_call"] = lambda text, terms: speaker(terms)(str(text))
    app.jinja_env.filters["worded"] = lambda answer, field, terms: in_words(field, answer, speaker(terms))
