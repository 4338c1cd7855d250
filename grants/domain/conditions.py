"""When a question is asked and what a field computes: small sentences as data, never code from users.

A condition is one of

    {"field": "kind", "is": "town"}            {"field": "kind", "is_not": "town"}
    {"field": "kind", "one_of": ["a", "b"]}    {"field": "themes", "contains": "water"}
    {"field": "title", "filled": true}         {"field": "staff", "at_least": "10"}   {"field": "staff", "at_most": "10"}
    {"all": [...]}    {"any": [...]}    {"not": {...}}

and a formula is one of

    {"sum": ["a", "b"]}    {"difference": ["a", "b"]}    {"share": ["part", "whole"]}    {"product": ["a", "b"]}
    {"count": "group"}     {"sum_of": ["group", "column"]}    {"months": ["starts_on", "ends_on"]}

The same data is read by the script of the page, which must answer the same (tests hold both against one list).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import TypeAlias

from grants.domain.calendar import DayError, months_between, parse_day
from grants.domain.numbers import NumberError, parse_number

#: What one field was answered: a text, several choices, or the rows of a table or of a repeated group.
Answer: TypeAlias = str | Sequence[str] | Sequence[Mapping[str, str]]
Answers: TypeAlias = Mapping[str, Answer]
Data: TypeAlias = Mapping[str, object]

DEEPEST = 4
MOST_PARTS = 40
ONE_VALUE = ("is", "is_not", "contains", "at_least", "at_most")
GROUPS = ("all", "any")
OF_TWO = ("difference", "share", "sum_of", "months")
OF_SEVERAL = ("sum", "product")
#: Digits enough for the product of as many of the longest numbers as a formula may name.
EXACT = Context(prec=2000)


class BadSentence(ValueError):
    """A condition or a formula that is not one of those above. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Condition:
    """A condition that was read: an operator, the field it looks at, its values, its parts."""

    operator: str
    field: str = ""
    values: tuple[str, ...] = ()
    parts: tuple["Condition", ...] = ()

    def holds(self, answers: Answers) -> bool:
        """Whether it is true of these answers. Never raises: what cannot be read is not true."""
        return _TESTS[self.operator](self, answers)

    @property
    def fields(self) -> frozenset[str]:
        """The keys of the fields that it looks at."""
        own = {self.field} if self.field else set()
        return frozenset(own.union(*(part.fields for part in self.parts)))

    def data(self) -> dict[str, object]:
        """The condition as it is written in a call."""
        if self.operator in GROUPS:
            return {self.operator: [part.data() for part in self.parts]}
        if self.operator == "not":
            return {"not": self.parts[0].data()}
        value: object = list(self.values) if self.operator == "one_of" else self.values[0]
        return {"field": self.field, self.operator: value == "true" if self.operator == "filled" else value}


def read_condition(data: object, depth: int = 1) -> Condition:
    """Read a condition. Raises BadSentence: not_a_condition, too_deep, too_long."""
    if not isinstance(data, Mapping):
        raise BadSentence("not_a_condition")
    if depth > DEEPEST:
        raise BadSentence("too_deep")
    keys = set(data)
    if len(keys) == 1 and (operator := next(iter(keys))) in GROUPS:
        return Condition(operator, parts=tuple(read_condition(part, depth + 1) for part in _several(data[operator])))
    if keys == {"not"}:
        return Condition("not", parts=(read_condition(data["not"], depth + 1),))
    return _read_test(data, keys)


def _read_test(data: Data, keys: set[str]) -> Condition:
    rest = keys - {"field"}
    field = data.get("field")
    if len(rest) != 1 or not isinstance(field, str) or not field:
        raise BadSentence("not_a_condition")
    operator = next(iter(rest))
    value = data[operator]
    if operator in ONE_VALUE and isinstance(value, str):
        return Condition(operator, field, (value,))
    if operator == "one_of":
        return Condition(operator, field, tuple(str(one) for one in _several(value)))
    if operator == "filled" and isinstance(value, bool):
        return Condition(operator, field, ("true" if value else "false",))
    raise BadSentence("not_a_condition")


def _several(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple) or not value:
        raise BadSentence("not_a_condition")
    if len(value) > MOST_PARTS:
        raise BadSentence("too_long")
    return value


def text_of(answer: Answer | None) -> str:
    """A scalar answer, trimmed; empty for what is none."""
    return answer.strip() if isinstance(answer, str) else ""


def filled(answer: Answer | None) -> bool:
    """Whether something was answered: a text, a choice, a row with something in it."""
    if answer is None or isinstance(answer, str):
        return bool(text_of(answer))
    return any(any(value.strip() for value in one.values()) if isinstance(one, Mapping) else one for one in answer)


def number_of(answer: Answer | str | None) -> Decimal | None:
    """The number that was typed, decimals by comma or point; None where there is none."""
    try:
        return parse_number(text_of(answer))
    except NumberError:
        return None


def _order(answer: str, bound: str) -> int | None:
    """-1, 0, 1 as `answer` is below, at, above `bound`; numbers with numbers, days with days; None: not comparable."""
    left, right = number_of(answer), number_of(bound)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    try:
        first, second = parse_day(answer), parse_day(bound)
    except DayError:
        return None
    return (first > second) - (first < second)


def _contains(condition: Condition, answers: Answers) -> bool:
    answer = answers.get(condition.field, "")
    return condition.values[0] in (
        [answer] if isinstance(answer, str) else [one for one in answer if isinstance(one, str)]
    )


def _at_least(condition: Condition, answers: Answers) -> bool:
    return _order(text_of(answers.get(condition.field)), condition.values[0]) in (0, 1)


def _at_most(condition: Condition, answers: Answers) -> bool:
    return _order(text_of(answers.get(condition.field)), condition.values[0]) in (0, -1)


_TESTS: Mapping[str, Callable[[Condition, Answers], bool]] = {
    "all": lambda condition, answers: all(part.holds(answers) for part in condition.parts),
    "any": lambda condition, answers: any(part.holds(answers) for part in condition.parts),
    "not": lambda condition, answers: not condition.parts[0].holds(answers),
    "is": lambda condition, answers: text_of(answers.get(condition.field)) == condition.values[0],
    "is_not": lambda condition, answers: text_of(answers.get(condition.field)) != condition.values[0],
    "one_of": lambda condition, answers: text_of(answers.get(condition.field)) in condition.values,
    "contains": _contains,
    "filled": lambda condition, answers: filled(answers.get(condition.field)) == (condition.values[0] == "true"),
    "at_least": _at_least,
    "at_most": _at_most,
}


@dataclass(frozen=True)
class Formula:
    """A formula that was read: an operator and the keys it works on."""

    operator: str
    keys: tuple[str, ...]

    def value(self, answers: Answers) -> str:
        """The result as text; empty where something it needs is missing or cannot be read. Shares in whole percent."""
        with localcontext(EXACT):
            found = _FORMULAS[self.operator](self.keys, answers)
            return "" if found is None else _plain(found)

    @property
    def fields(self) -> frozenset[str]:
        """The keys of the fields that it looks at."""
        return frozenset(self.keys[:1] if self.operator in ("count", "sum_of") else self.keys)

    def data(self) -> dict[str, object]:
        """The formula as it is written in a call."""
        return {self.operator: self.keys[0] if self.operator == "count" else list(self.keys)}


def read_formula(data: object) -> Formula:
    """Read a formula. Raises BadSentence: not_a_formula, too_long."""
    if not isinstance(data, Mapping) or len(data) != 1:
        raise BadSentence("not_a_formula")
    operator, keys = next(iter(data.items()))
    if operator == "count" and isinstance(keys, str):
        return Formula("count", (keys,))
    if not isinstance(keys, list | tuple) or not all(isinstance(key, str) for key in keys):
        raise BadSentence("not_a_formula")
    if len(keys) > MOST_PARTS:
        raise BadSentence("too_long")
    if (operator in OF_TWO and len(keys) == 2) or (operator in OF_SEVERAL and keys):  # noqa: PLR2004 -- a pair
        return Formula(str(operator), tuple(keys))
    raise BadSentence("not_a_formula")


def _numbers(keys: Sequence[str], answers: Answers) -> list[Decimal] | None:
    found = [number_of(answers.get(key)) for key in keys]
    return None if any(one is None for one in found) else [one for one in found if one is not None]


def _sum(keys: Sequence[str], answers: Answers) -> Decimal | None:
    """What is not filled counts for nothing, but one of them has to be."""
    there = [key for key in keys if text_of(answers.get(key))]
    numbers = _numbers(there, answers)
    return sum(numbers, Decimal(0)) if numbers else None


def _product(keys: Sequence[str], answers: Answers) -> Decimal | None:
    numbers = _numbers(keys, answers)
    if numbers is None:
        return None
    result = Decimal(1)
    for number in numbers:
        result *= number
    return result


def _difference(keys: Sequence[str], answers: Answers) -> Decimal | None:
    numbers = _numbers(keys, answers)
    return None if numbers is None else numbers[0] - numbers[1]


def _share(keys: Sequence[str], answers: Answers) -> Decimal | None:
    numbers = _numbers(keys, answers)
    if numbers is None or numbers[1] <= 0 or numbers[0] < 0:
        return None
    return Decimal(int(numbers[0] * 100 / numbers[1]))


def _rows(key: str, answers: Answers) -> list[Mapping[str, str]]:
    answer = answers.get(key, "")
    return [] if isinstance(answer, str) else [one for one in answer if isinstance(one, Mapping)]


def _count(keys: Sequence[str], answers: Answers) -> Decimal:
    return Decimal(sum(any(value.strip() for value in row.values()) for row in _rows(keys[0], answers)))


def _sum_of(keys: Sequence[str], answers: Answers) -> Decimal | None:
    typed = [text for row in _rows(keys[0], answers) if (text := row.get(keys[1], "").strip())]
    numbers = [number_of(text) for text in typed]
    if not numbers or any(number is None for number in numbers):
        return None
    return sum((number for number in numbers if number is not None), Decimal(0))


def _months(keys: Sequence[str], answers: Answers) -> Decimal | None:
    try:
        first, last = (parse_day(text_of(answers.get(key))) for key in keys)
        return Decimal(months_between(first, last)) if first <= last else None
    except (DayError, OverflowError):  # no day comes after the last one of the calendar
        return None


_FORMULAS: Mapping[str, Callable[[Sequence[str], Answers], Decimal | None]] = {
    "sum": _sum,
    "product": _product,
    "difference": _difference,
    "share": _share,
    "count": _count,
    "sum_of": _sum_of,
    "months": _months,
}


def _plain(number: Decimal) -> str:
    """`12`, `12,5`: as people type it, without an exponent."""
    rounded = number.quantize(Decimal("0.01")) if number % 1 else number.to_integral_value()
    text = format(rounded or Decimal(0), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
