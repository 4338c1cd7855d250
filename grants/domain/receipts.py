"""Receipts: the one spelling of a content, its fingerprint, the number that people quote."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

#: What a snapshot may hold. No floats: they have no single spelling, and money is counted in cents.
Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


def canonical(content: Json) -> bytes:
    """Spell a content in one way only: UTF-8 JSON, sorted keys, no spaces, no floats.

    Raises TypeError for what has no single spelling (floats, dates, keys that are not text) and ValueError for text
    that is not Unicode (lone surrogates).
    """
    return json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(content: Json) -> str:
    """SHA-256, in hexadecimal, of the canonical spelling: equal exactly where the contents are."""
    return hashlib.sha256(canonical(content)).hexdigest()


def receipt_number(edition: int, number: int) -> str:
    """`2027-014`: the number of a file within its call, as people read it out on the telephone."""
    return f"{edition:04d}-{number:03d}"


def _plain(content: Json) -> Json:
    if content is None or isinstance(content, str | int):
        return content
    if isinstance(content, Mapping):
        if not all(isinstance(key, str) for key in content):
            message = "a key that is not text has no single spelling"
            raise TypeError(message)
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    message = f"{type(content).__name__} has no single spelling"
    raise TypeError(message)
