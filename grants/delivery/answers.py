"""Answers as people read them, on pages and in documents: labels, names of countries and places, days, rows."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from babel import Locale

from grants.delivery import typography
from grants.domain.calendar import DayError, parse_day
from grants.domain.conditions import Answer
from grants.domain.forms import ACCEPTED, TICKED, Field, FieldKind
from grants.domain.places import label_of as place_of

#: Gives a text of the call, or one of ours, in the reader's language.
Say = Callable[[str], str]


def in_words(field: Field, answer: Answer, say: Say, language: str) -> str:
    """An answer in one text. What cannot be read stands as it was typed."""
    if not isinstance(answer, str):
        return _several(field, answer, say, language)
    return _WORDED.get(field.kind, _as_typed)(field, answer, say, language) if answer else ""


def _several(field: Field, answer: Answer, say: Say, language: str) -> str:
    if field.kind is FieldKind.CHOICES:
        labels = {one.value: say(one.label) for one in field.choices}
        return ", ".join(labels.get(one, one) for one in answer if isinstance(one, str))
    rows = [one for one in answer if isinstance(one, Mapping)]
    names = [f"{say(label)}{' : ' if language == 'fr' else ': '}" for label in field.rows] + [""] * len(rows)
    lines = (
        name
        + " ; ".join(f"{say(one.label)} {text}" for one in field.columns if (text := _cell(one, row, say, language)))
        for name, row in zip(names, rows, strict=False)
        if any(text.strip() for text in row.values())
    )
    return "\n".join(lines)


def _cell(column: Field, row: Mapping[str, str], say: Say, language: str) -> str:
    return in_words(column, row.get(column.key, ""), say, language).strip()


def _as_typed(_field: Field, answer: str, _say: Say, _language: str) -> str:
    return answer


def _yes(_field: Field, answer: str, say: Say, _language: str) -> str:
    return say("Oui") if answer == ACCEPTED else ""


def _label(field: Field, answer: str, say: Say, _language: str) -> str:
    return next((say(one.label) for one in field.choices if one.value == answer), answer)


@lru_cache(maxsize=4)
def _territories(language: str) -> Mapping[str, str]:
    return dict(Locale.parse(language).territories)


def _country(_field: Field, answer: str, _say: Say, language: str) -> str:
    return str(_territories(language).get(answer, answer))


def _place(_field: Field, answer: str, say: Say, _language: str) -> str:
    return say(place_of(answer) or answer)


def _day(_field: Field, answer: str, _say: Say, language: str) -> str:
    try:
        return typography.day_short(parse_day(answer), language=language)
    except DayError:
        return answer


def _with(unit: str) -> Callable[[Field, str, Say, str], str]:
    def told(_field: Field, answer: str, _say: Say, _language: str) -> str:
        return f"{answer}\u00a0{unit}" if answer[-1:].isdigit() else answer

    return told


_WORDED: Mapping[FieldKind, Callable[[Field, str, Say, str], str]] = {
    **dict.fromkeys(TICKED, _yes),
    FieldKind.CHOICE: _label,
    FieldKind.COUNTRY: _country,
    FieldKind.PLACE: _place,
    FieldKind.DAY: _day,
    FieldKind.AMOUNT: _with("€"),
    FieldKind.PERCENT: _with("%"),
}
