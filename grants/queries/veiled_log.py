"""The log of a sitting for somebody who must not know who applies: numbers for leads, masks in titles and in every text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain.redaction import WITHHELD, Names, redact
from grants.domain.sitting_log import Entry
from grants.models import Application, Call
from grants.policies import Actor
from grants.queries.blindness import Veil, judged_blind, veil_over

# what is not written by anybody: references, codes, instants; names of the people of the committee
AS_IT_IS = frozenset(
    {"id", "kind", "outcome", "reason_code", "choice", "seed", "commitment", "held_at", "zone", "currency"}
)


@dataclass(frozen=True)
class _Cover:
    veil: Veil
    files: Mapping[str, int]  # internal ids by public id
    names: Names
    complete: bool  # whether the names of every hidden file are known

    def data(self, value: Any) -> Any:  # noqa: ANN401 -- plain data
        if isinstance(value, Mapping):
            return self._object(value)
        if isinstance(value, list | tuple):
            return [self.data(one) for one in value]
        return self._text(value) if isinstance(value, str) else value

    def _object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        person = {"id", "name"} <= value.keys() and "number" not in value
        told = {key: one if key in AS_IT_IS or person else self.data(one) for key, one in value.items()}
        if "lead" in value and self.veil.hides(self.files.get(str(value.get("id", "")), 0)):
            told["lead"] = ""
        return told

    def _text(self, text: str) -> str:
        return redact(text, self.names) if self.complete or not text else WITHHELD


def under_veil(session: Session, actor: Actor, call: Call, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """These entries as this reader may read them. A call that is not blind costs no query."""
    if not judged_blind(actor, call):
        return entries
    named = {key for entry in entries for key in _files(entry.data)}
    rows = session.execute(
        select(Application.public_id, Application.id).where(
            Application.public_id.in_(named), Application.call_id == call.id
        )
    )
    files = {key: file for key, file in rows}  # noqa: C416 -- rows, not pairs
    veil = veil_over(session, actor, call, files.values())
    hidden = [file for file in files.values() if veil.hides(file)]
    if not hidden and len(files) == len(named):
        return entries
    names = reduce(or_, (veil.names[file] for file in hidden if file in veil.names), Names())
    cover = _Cover(veil, files, names, complete=all(file in veil.names for file in hidden))
    return tuple(replace(entry, data=cover.data(entry.data)) for entry in entries)


def _files(value: object) -> Iterator[str]:
    """Public ids of the files that plain data names."""
    if isinstance(value, Mapping):
        if {"id", "number"} <= value.keys():
            yield str(value["id"])
        for one in value.values():
            yield from _files(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _files(one)
