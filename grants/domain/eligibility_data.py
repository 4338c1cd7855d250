"""Rules to and from plain data, as the terms of a call and the trace of a verdict keep them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from grants.domain.conditions import BadSentence, Condition, read_condition
from grants.domain.eligibility import Rule, RuleKind, Stage, Verdict, replay
from grants.domain.eligibility_tests import PROBES, Parameter
from grants.domain.form_data import KEY, Faults

K = TypeVar("K", bound=StrEnum)
WORDS = {"article": 40, "title": 150, "text": 4000, "question": 300, "hint": 600}
KEYS = frozenset({"key", "kind", "stage", "soft", "when", "test", *WORDS})
MOST_RULES = 60
MOST_LISTED = 300
LONGEST_LISTED = 120
MOST_NUMBER = 10**12


def rules_data(rules: Iterable[Rule]) -> list[dict[str, object]]:
    """Rules as plain data; nothing that has its ordinary value is written."""
    return [rule_data(rule) for rule in rules]


def rule_data(rule: Rule) -> dict[str, object]:
    """One rule as plain data."""
    data: dict[str, object] = {"key": rule.key, "kind": str(rule.kind), "stage": str(rule.stage)}
    data.update({name: getattr(rule, name) for name in WORDS if getattr(rule, name)})
    if rule.soft:
        data["soft"] = True
    if rule.when is not None:
        data["when"] = rule.when.data()
    if rule.condition is not None:
        data["test"] = {"condition": rule.condition.data()}
    elif rule.test != rule.key or rule.parameters:
        data["test"] = {"name": rule.test, **{name: _plain(value) for name, value in rule.parameters.items()}}
    return data


def read_rules(data: object, faults: Faults) -> tuple[Rule, ...]:
    """Read the rules of a call: those that can be read, and every fault noted by its place (`rules.2.test.years`)."""
    if not isinstance(data, Sequence) or isinstance(data, str):
        faults.add("rules", "not_a_list")
        return ()
    if len(data) > MOST_RULES:
        faults.add("rules", "too_long")
    found: dict[str, Rule] = {}
    for rank, one in enumerate(data[:MOST_RULES]):
        rule = read_rule(one, faults, f"rules.{rank}")
        if rule is not None and rule.key in found:
            faults.add(f"rules.{rank}.key", "twice")
        elif rule is not None:
            found[rule.key] = rule
    return tuple(found.values())


def read_rule(data: object, faults: Faults, where: str = "rule") -> Rule | None:
    """Read one rule; None where it cannot be tried. Never raises."""
    if not isinstance(data, Mapping):
        faults.add(where, "not_an_object")
        return None
    before = len(faults.found)
    for name in sorted(str(key) for key in data.keys() - KEYS):
        faults.add(f"{where}.{name}", "unknown_key")
    key = data.get("key")
    if not isinstance(key, str) or not KEY.match(key):
        faults.add(f"{where}.key", "not_a_key")
    words = {name: _words(data.get(name, ""), faults, f"{where}.{name}", longest) for name, longest in WORDS.items()}
    soft = data.get("soft", False)
    if not isinstance(soft, bool):
        faults.add(f"{where}.soft", "not_readable")
    kind = _one_of(RuleKind, data.get("kind", "eligibility"), faults, f"{where}.kind")
    stage = _one_of(Stage, data.get("stage", "screening"), faults, f"{where}.stage")
    when = _condition(data["when"], faults, f"{where}.when") if data.get("when") else None
    condition, test, parameters = _test(data.get("test", {"name": key}), faults, f"{where}.test")
    if len(faults.found) > before or kind is None or stage is None:
        return None
    return Rule(str(key), kind, stage, test, parameters, condition, when, soft=bool(soft), **words)


def replayed(trace: Mapping[str, object]) -> Verdict:
    """The verdict that a trace holds, found again from what it holds alone. Raises ValueError where it is no trace."""
    faults = Faults()
    rule = read_rule(trace.get("rule"), faults)
    if rule is None:
        message = f"not a trace: {faults.found}"
        raise ValueError(message)
    return replay(rule, trace.get("facts"))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _words(value: object, faults: Faults, where: str, longest: int) -> str:
    if not isinstance(value, str):
        faults.add(where, "not_a_text")
        return ""
    if len(value) > longest:
        faults.add(where, "too_long")
    return value


def _one_of(kinds: type[K], value: object, faults: Faults, where: str) -> K | None:
    try:
        return kinds(str(value))
    except ValueError:
        faults.add(where, "unknown_kind")
        return None


def _condition(data: object, faults: Faults, where: str) -> Condition | None:
    try:
        return read_condition(data)
    except BadSentence as error:
        faults.add(where, error.code)
        return None


def _test(data: object, faults: Faults, where: str) -> tuple[Condition | None, str, Mapping[str, object]]:
    if not isinstance(data, Mapping):
        faults.add(where, "not_an_object")
        return None, "", {}
    if "condition" in data:
        if len(data) > 1:
            faults.add(where, "unknown_key")
        return _condition(data["condition"], faults, f"{where}.condition"), "", {}
    name = data.get("name")
    if not isinstance(name, str) or name not in PROBES:
        faults.add(f"{where}.name", "unknown_test")
        return None, "", {}
    return None, str(name), _parameters(str(name), data, faults, where)


def _parameters(name: str, data: Mapping[str, object], faults: Faults, where: str) -> Mapping[str, object]:
    probe, read = PROBES[name], {}
    for key, value in data.items():
        if key == "name":
            continue
        kind = probe.parameters.get(key)
        found = _READ[kind](value) if kind is not None else None
        if kind is None:
            faults.add(f"{where}.{key}", "unknown_key")
        elif found is None:
            faults.add(f"{where}.{key}", "not_readable")
        else:
            read[key] = found
    for key in probe.required:
        if key not in data:
            faults.add(f"{where}.{key}", "missing")
    return read


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_NUMBER else None


def _texts(value: object) -> tuple[str, ...] | None:
    there = isinstance(value, list | tuple) and 0 < len(value) <= MOST_LISTED
    if not there or not all(isinstance(one, str) and 0 < len(one) <= LONGEST_LISTED for one in value):  # type: ignore[attr-defined]
        return None
    return tuple(value)  # type: ignore[arg-type]


def _counts(value: object) -> Mapping[str, int] | None:
    if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_LISTED:
        return None
    read = {key: _whole(count) for key, count in value.items() if isinstance(key, str) and KEY.match(key)}
    numbers = {key: count for key, count in read.items() if count is not None}
    return numbers if len(numbers) == len(value) else None


def _field(value: object) -> str | None:
    return value if isinstance(value, str) and KEY.match(value) else None


_READ: Mapping[Parameter, Callable[[object], object]] = {
    Parameter.WHOLE: _whole,
    Parameter.CENTS: _whole,
    Parameter.TEXTS: _texts,
    Parameter.COUNTS: _counts,
    Parameter.FIELD: _field,
}
