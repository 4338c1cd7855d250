"""Lists of a document on a page: rows of items, added, moved and removed by buttons that work without a script.

A row's fields are named `<list>-<rank>-<item>`. A button of a row is named `act` and says `up:criteria:2`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grants.errors import Reason
from grants.web.call.editing.items import Item, Kind, NotRead, Texts, read, shown

Row = dict[str, str]
Plain = Mapping[str, Any]


def _same(row: Plain) -> dict[str, Any]:
    return dict(row)


@dataclass(frozen=True)
class Rows:
    """A list of the document. `columns`: their paths are keys of a row. `to_rows`, `to_data`: where the shape differs.

    `spare`: empty rows offered when there is none; `most`: how many there may be; `noun`: what one is called.
    """

    name: str
    columns: Sequence[Item]
    noun: Any
    add: Any
    most: int = 60
    spare: int = 1
    title: str = "name"
    to_rows: Callable[[Any], list[dict[str, Any]]] = field(default=lambda data: [_same(row) for row in data or ()])
    to_data: Callable[[list[dict[str, Any]]], Any] = field(default=lambda rows: rows)


def shown_rows(rows: Rows, data: Any, zone: str) -> list[Row]:  # noqa: ANN401 -- a part of a document
    """The texts of every row."""
    found = []
    for row in rows.to_rows(data):
        texts: Row = {"key": str(row.get("key", row.get("code", "")))}
        for item in rows.columns:
            texts |= {f"{item.path}{end}": text for end, text in shown(item, row.get(item.path), zone).items()}
        found.append(texts)
    return found


def typed_rows(rows: Rows, texts: Texts) -> list[Row]:
    """The rows of a form that was sent, in the order of their ranks."""
    found: dict[int, Row] = {}
    for name, text in texts.items():
        start, _, rest = name.partition("-")
        rank, _, column = rest.partition("-")
        if start == rows.name and column and rank_of(rank) >= 0:
            found.setdefault(rank_of(rank), {})[column] = text
    return [found[rank] for rank in sorted(found)][: rows.most]


def rank_of(text: str) -> int:
    """The rank in the name of a field or a button; -1 for what is none, however long."""
    return int(text) if text.isdecimal() and len(text) <= 3 else -1  # noqa: PLR2004


def read_rows(rows: Rows, typed: Sequence[Row], zone: str) -> tuple[Any, dict[str, Reason]]:
    """The list as the document writes it, without rows that are empty; and what is wrong, by the name of the field."""
    found, problems = [], {}
    for rank, row in enumerate(typed):
        if not any(text.strip() for name, text in row.items() if name != "key" and not _says_nothing(rows, name, text)):
            continue
        value: dict[str, Any] = {"key": row.get("key", "")}
        for item in rows.columns:
            if item.only and row.get(item.base, "") not in item.only:
                continue
            try:
                one = read(item, row, item.path, zone)
            except NotRead as error:
                problems[f"{rows.name}-{rank}-{item.path}"] = error.reason
                continue
            if one is not None:
                value[item.path] = one
        found.append(value)
    return rows.to_data(found), problems


def _says_nothing(rows: Rows, name: str, text: str) -> bool:
    """Whether a field holds what it holds in an empty row too: the first choice of a list."""
    item = next((item for item in rows.columns if item.path == name), None)
    return item is not None and item.kind is Kind.CHOICE and text == item.options[0][0]


def acted(typed: list[Row], act: str, rank: int) -> list[Row]:
    """The rows after a button: up, down, remove, copy; `add` adds an empty one at the end."""
    rows = list(typed)
    if act == "add":
        return [*rows, {}]
    if not 0 <= rank < len(rows):
        return rows
    if act == "remove":
        return rows[:rank] + rows[rank + 1 :]
    if act == "copy":
        return [*rows[: rank + 1], {**rows[rank], "key": ""}, *rows[rank + 1 :]]
    other = rank - 1 if act == "up" else rank + 1
    if 0 <= other < len(rows):
        rows[rank], rows[other] = rows[other], rows[rank]
    return rows
