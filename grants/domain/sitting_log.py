"""The log of a sitting: entries that say all by themselves, thinned for those who may not know of some files.

    without(entries, hidden)     the log as somebody reads it who is recused from these files
    fingerprint(entries)         SHA-256 of the log in its one spelling (see `grants.domain.receipts`)
    written, read                the log as a file

An entry is self-contained: it holds the names, numbers and titles as they were when it was noted.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from grants.domain import receipts

Data: TypeAlias = Mapping[str, object]
#: Of entries about all files at once: who does not see all of them does not see these.
ABOUT_ALL_FILES = frozenset({"lot", "advice"})


@dataclass(frozen=True)
class Entry:
    """One line of the log. `rank`: 1, 2, 3… in its sitting; `at`: aware, UTC; `by`: a public id or "" for the system."""

    rank: int
    at: datetime
    kind: str
    data: Data
    by: str = ""


def without(entries: Iterable[Entry], hidden: frozenset[str]) -> tuple[Entry, ...]:
    """The log for somebody who may not know of the `hidden` files (public ids): no entry, name or sum tells of them.

    With nothing hidden, the log itself.
    """
    if not hidden:
        return tuple(entries)
    kept = []
    for entry in entries:
        file = entry.data.get("file")
        if entry.kind in ABOUT_ALL_FILES or (isinstance(file, Mapping) and file.get("id") in hidden):
            continue
        kept.append(_thinned(entry, hidden))
    return tuple(replace(entry, rank=rank) for rank, entry in enumerate(kept, 1))


def written(entries: Iterable[Entry]) -> list[dict[str, receipts.Json]]:
    """The log as plain data, to be kept in a file."""
    return [
        {"rank": one.rank, "at": _instant(one.at), "kind": one.kind, "by": one.by, "data": _plain(one.data)}
        for one in entries
    ]


def read(data: object) -> tuple[Entry, ...]:
    """The log of a file that `written` wrote. Raises ValueError for anything else."""
    try:
        lines = [as_map(one) for one in as_list(data)]
        return tuple(
            Entry(
                as_whole(one["rank"]),
                as_moment(one["at"]),
                str(one["kind"]),
                as_map(one["data"]),
                str(one.get("by", "")),
            )
            for one in lines
        )
    except (KeyError, TypeError) as error:
        message = f"this is not the log of a sitting: {error}"
        raise ValueError(message) from error


def fingerprint(entries: Iterable[Entry]) -> str:
    """SHA-256 of the log in its one spelling, without the signatures themselves: what is approved and signed."""
    return receipts.fingerprint(written(one for one in entries if one.kind not in ("approved", "signed")))


# plain data


def _thinned(entry: Entry, hidden: frozenset[str]) -> Entry:
    """An entry about the whole sitting, without what it says of the hidden files: lines, and sums that count them."""
    if entry.kind == "opened":
        files = [one for one in as_list(entry.data["files"]) if one.get("id") not in hidden]
        recusals = [
            one for one in as_list(entry.data.get("recusals", [])) if as_map(one["file"]).get("id") not in hidden
        ]
        return replace(entry, data={**entry.data, "files": files, "recusals": recusals})
    if entry.kind == "closed":
        return replace(entry, data={key: value for key, value in entry.data.items() if key != "figures"})
    if entry.kind in ("approved", "signed"):  # the fingerprint is that of the whole
        return replace(entry, data={**entry.data, "sha256": ""})
    return entry


def as_map(value: object) -> Data:
    """An object, or TypeError."""
    if not isinstance(value, Mapping):
        message = f"not an object: {value!r:.60}"
        raise TypeError(message)
    return value


def as_list(value: object) -> list[Data]:
    """A list of objects, or TypeError."""
    if not isinstance(value, list | tuple):
        message = f"not a list: {value!r:.60}"
        raise TypeError(message)
    return [as_map(one) for one in value]


def as_whole(value: object) -> int:
    """A whole number, or TypeError."""
    if not isinstance(value, int) or isinstance(value, bool):
        message = f"not a whole number: {value!r:.60}"
        raise TypeError(message)
    return value


def as_moment(value: object) -> datetime:
    """An aware moment in UTC; ValueError without its zone."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        message = f"a moment without its zone: {value!r:.60}"
        raise ValueError(message)
    return found.astimezone(UTC)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _plain(data: Data) -> receipts.Json:
    found: receipts.Json = json.loads(json.dumps(data, ensure_ascii=False))
    return found
