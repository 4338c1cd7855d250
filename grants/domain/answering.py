"""Whether one answer can stand: missing, too long, unreadable, out of bounds. A draft keeps it whatever it is."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from decimal import Decimal

from grants.domain.calendar import parse_day
from grants.domain.conditions import Answer, Answers, filled, text_of
from grants.domain.countries import COUNTRIES
from grants.domain.forms import ACCEPTED, ROWS, SHOWN_ONLY, TICKED, Field, FieldKind
from grants.domain.identifiers import normalise_postcode, normalise_rna, normalise_siret
from grants.domain.money import parse_amount
from grants.domain.numbers import parse_number, parse_whole
from grants.domain.phones import normalise_phone
from grants.domain.places import label_of
from grants.domain.reasons import Unreadable

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,8}\Z")
_LINK = re.compile(r"https?://[^\s/?#.]{1,63}(?:\.[^\s/?#.]{1,63}){1,8}(?::[0-9]{1,5})?(?:[/?#]\S{0,1500})?\Z")
CENTS = 100
WHOLE_PERCENT = 100


@dataclass(frozen=True)
class Problem:
    """What a section lacks (`missing`, `missing_document`…) or has wrong (`too_long`, `unbalanced`…).

    `field`: key of the field, kind of the document, or the section's key. Only blocking problems keep a file from
    being deposited; the others are said so that nobody is surprised by the screening.
    """

    code: str
    field: str
    params: Mapping[str, object] = default(default_factory=dict)
    blocking: bool = True


def required_fields(fields: tuple[Field, ...], answers: Answers) -> tuple[Field, ...]:
    """The questions that have to be answered by somebody who answered this."""
    return tuple(one for one in fields if one.required and one.kind not in SHOWN_ONLY and one.asked(answers))


def field_problem(asked: Field, answer: Answer) -> Problem | None:
    """The first thing that is wrong with one answer: missing, too_long (limit, length), not_a_date, not_a_phone,
    not_an_email, not_a_link, not_a_number, below_least (least), above_most (most), unknown_choice, too_few, too_many…

    In tables and groups `params` tell the row and the column. Whether the question is asked at all is not judged here.
    """
    if asked.kind in SHOWN_ONLY:
        return None
    if not filled(answer) or (asked.kind in TICKED and answer != ACCEPTED):
        return Problem("missing", asked.key) if asked.required else None
    if asked.kind in ROWS:
        return _rows_problem(asked, answer)
    if asked.kind is FieldKind.CHOICES:
        return _choices_problem(asked, answer)
    return _text_problem(asked, text_of(answer))


def _text_problem(asked: Field, answer: str) -> Problem | None:
    if asked.limit and len(answer) > asked.limit:
        return Problem("too_long", asked.key, {"limit": asked.limit, "length": len(answer)})
    try:
        read = _READERS.get(asked.kind, _anything)(asked, answer)
    except Unreadable as error:
        return Problem(error.reason, asked.key, error.params)
    return _bounds_problem(asked, read)


def _bounds_problem(asked: Field, number: Decimal | None) -> Problem | None:
    if number is None:
        return None
    if asked.least is not None and number < asked.least:
        return Problem("below_least", asked.key, {"least": asked.least})
    if asked.most is not None and number > asked.most:
        return Problem("above_most", asked.key, {"most": asked.most})
    return None


def _choices_problem(asked: Field, answer: Answer) -> Problem | None:
    ticked = [one for one in answer if isinstance(one, str)] if not isinstance(answer, str) else [answer]
    if set(ticked) - {choice.value for choice in asked.choices}:
        return Problem("unknown_choice", asked.key)
    return _count_problem(asked, len(ticked))


def _count_problem(asked: Field, there: int) -> Problem | None:
    if asked.least is not None and there < asked.least:
        return Problem("too_few", asked.key, {"least": asked.least, "there": there})
    if asked.most is not None and there > asked.most:
        return Problem("too_many", asked.key, {"most": asked.most, "there": there})
    return None


def _rows_problem(asked: Field, answer: Answer) -> Problem | None:
    rows = [] if isinstance(answer, str) else [row for row in answer if isinstance(row, Mapping)]
    found = next(_cells_problems(asked, rows), None)
    count = sum(any(value.strip() for value in row.values()) for row in rows)
    return found or (_count_problem(asked, count) if asked.kind is FieldKind.GROUP else None)


def _cells_problems(asked: Field, rows: list[Mapping[str, str]]) -> Iterator[Problem]:
    """A row with nothing in it asks for nothing, unless the table has named it."""
    for rank, row in enumerate(rows, start=1):
        if not any(value.strip() for value in row.values()) and asked.kind is FieldKind.GROUP:
            continue
        for column in asked.columns:
            wrong = field_problem(column, row.get(column.key, ""))
            if wrong is not None:
                where = {"row": rank, "column": column.label, "why": wrong.code}
                yield Problem("in_a_row", asked.key, {**wrong.params, **where})


def _anything(_asked: Field, _answer: str) -> None:
    return None


def _shape(pattern: re.Pattern[str], code: str) -> Callable[[Field, str], None]:
    def read(_asked: Field, answer: str) -> None:
        if not pattern.match(answer):
            raise Unreadable(code)

    return read


def _reader(parse: Callable[[str], object]) -> Callable[[Field, str], None]:
    def read(_asked: Field, answer: str) -> None:
        parse(answer)

    return read


def _known_as(code: str, parse: Callable[[str], object]) -> Callable[[Field, str], None]:
    """A reader whose refusals, whatever they are, come down to one sentence with an example."""

    def read(_asked: Field, answer: str) -> None:
        try:
            parse(answer)
        except Unreadable as error:
            raise Unreadable(code) from error

    return read


def _whole(_asked: Field, answer: str) -> Decimal:
    return Decimal(parse_whole(answer))


def _number(_asked: Field, answer: str) -> Decimal:
    return parse_number(answer)


def _percent(_asked: Field, answer: str) -> Decimal:
    number = parse_number(answer.removesuffix("%"))
    if not 0 <= number <= WHOLE_PERCENT:
        raise Unreadable("not_a_percentage")
    return number


def _amount(_asked: Field, answer: str) -> Decimal:
    return Decimal(parse_amount(answer, allow_zero=True)) / CENTS


def _choice(asked: Field, answer: str) -> None:
    if answer not in {choice.value for choice in asked.choices}:
        raise Unreadable("unknown_choice")


def _country(_asked: Field, answer: str) -> None:
    if answer not in COUNTRIES:
        raise Unreadable("unknown_choice")


def _place(_asked: Field, answer: str) -> None:
    if label_of(answer) is None:
        raise Unreadable("unknown_choice")


_READERS: Mapping[FieldKind, Callable[[Field, str], Decimal | None]] = {
    FieldKind.WHOLE: _whole,
    FieldKind.NUMBER: _number,
    FieldKind.AMOUNT: _amount,
    FieldKind.PERCENT: _percent,
    FieldKind.DAY: _reader(parse_day),
    FieldKind.PHONE: _known_as("not_a_phone", normalise_phone),
    FieldKind.EMAIL: _shape(_EMAIL, "not_an_email"),
    FieldKind.LINK: _shape(_LINK, "not_a_link"),
    FieldKind.POSTCODE: _known_as("not_a_postcode", normalise_postcode),
    FieldKind.CHOICE: _choice,
    FieldKind.COUNTRY: _country,
    FieldKind.PLACE: _place,
    FieldKind.SIRET: _known_as("not_a_siret", normalise_siret),
    FieldKind.RNA: _known_as("not_a_rna", normalise_rna),
}
