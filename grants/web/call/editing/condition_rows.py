"""A condition on a page: a tree of groups and tests as fields, from the document and back.

The fields of a node stand under its path: `shown_if.op` of the root, `shown_if.0.field` of its first test. A button
says `cond-add:shown_if.1`, `cond-group:shown_if`, `cond-remove:shown_if.1`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from grants.domain.conditions import DEEPEST, GROUPS, MOST_PARTS, ONE_VALUE

ROOT = "shown_if"
MOST_DIGITS = 3  # of a rank
TEST = "test"
Plain = Mapping[str, Any]


@dataclass
class Node:
    """A group (`op` all, any, not) with parts, or a test; an empty `op`: no condition at all."""

    op: str = ""
    field: str = ""
    test: str = "is"
    value: str = ""
    parts: list["Node"] = default(default_factory=list)


def from_data(data: object) -> Node:
    """The tree of a condition of the document; its root is always a group, or nothing."""
    if not isinstance(data, Mapping):
        return Node()
    root = _node(data)
    return root if root.op != TEST else Node("all", parts=[root])


def _node(data: Plain) -> Node:
    for op in ("all", "any"):
        if op in data:
            return Node(op, parts=[_node(one) for one in data[op]])
    if "not" in data:
        inside = _node(data["not"])
        return Node("not", parts=inside.parts if inside.op == "any" else [inside])
    test = next(name for name in data if name != "field")
    value = data[test]
    if test == "filled":
        return Node(TEST, str(data["field"]), "filled" if value else "empty")
    words = " ; ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
    return Node(TEST, str(data["field"]), test, words)


def typed(texts: Mapping[str, str], path: str = ROOT, depth: int = 1) -> Node:
    """The tree as it was sent."""
    op = texts.get(f"{path}.op", "")
    if op == TEST:
        field, test, value = (texts.get(f"{path}.{name}", usual) for name, usual in _PARTS)
        return Node(TEST, field, test, value)
    if op not in (*GROUPS, "not") or depth > DEEPEST:
        return Node()
    ranks = (rank for rank in range(MOST_PARTS) if f"{path}.{rank}.op" in texts)
    parts = [typed(texts, f"{path}.{rank}", depth + 1) for rank in ranks]
    return Node(op, parts=parts)


_PARTS = (("field", ""), ("test", "is"), ("value", ""))


def acted(root: Node, act: str, path: str) -> Node:
    """The tree after a button: a test or a group added to a group, a node taken out."""
    ranks = [int(one) for one in path.removeprefix(ROOT).split(".") if one.isdecimal() and len(one) <= MOST_DIGITS]
    if act == "cond-remove":
        group = _at(root, ranks[:-1])
        if ranks and ranks[-1] < len(group.parts):
            del group.parts[ranks[-1]]
        return root
    group = _at(root, ranks)
    group.op = group.op or "all"
    group.parts.append(Node(TEST) if act == "cond-add" else Node("any", parts=[Node(TEST)]))
    return root


def _at(root: Node, ranks: Sequence[int]) -> Node:
    here = root
    for rank in ranks:
        here = here.parts[rank] if rank < len(here.parts) else here
    return here


def to_data(node: Node, choices: Mapping[str, Mapping[str, str]]) -> dict[str, Any] | None:
    """The condition as the document writes it; None where nothing is asked. `choices`: by field, value by its words."""
    if node.op == TEST:
        return _test_data(node, choices.get(node.field, {}))
    parts = [data for part in node.parts if (data := to_data(part, choices)) is not None]
    if not parts or not node.op:
        return None
    if node.op == "not":
        return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
    return parts[0] if len(parts) == 1 else {node.op: parts}


def _test_data(node: Node, words: Mapping[str, str]) -> dict[str, Any] | None:
    if not node.field:
        return None
    if node.test in ("filled", "empty"):
        return {"field": node.field, "filled": node.test == "filled"}
    if node.test == "one_of":
        listed = [one.strip() for one in node.value.split(";") if one.strip()]
        return {"field": node.field, "one_of": [_value(one, words) for one in listed]}
    test = node.test if node.test in ONE_VALUE else "is"
    return {"field": node.field, test: _value(node.value.strip(), words)}


def _value(text: str, words: Mapping[str, str]) -> str:
    """The value of a choice that was typed by its label."""
    return words.get(text.casefold(), text)
