"""The chain of the audit trail: every entry seals the one before, so that none is changed, moved or taken away."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from grants.domain.receipts import Json, canonical

#: What the first entry seals.
GENESIS = "0" * 64
FIRST_SEQ = 1


@dataclass(frozen=True)
class Entry:
    """One line of the trail as it was stored."""

    seq: int
    body: Json
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Anchor:
    """The head of the chain as it was noted elsewhere (mailed to the auditor, written to another disk)."""

    seq: int
    hash: str


def entry_hash(prev_hash: str, seq: int, body: Json) -> str:
    """SHA-256 (hexadecimal) over prev ‖ seq ‖ canonical JSON of the body, a line feed between each."""
    return hashlib.sha256(b"\n".join((prev_hash.encode(), str(seq).encode(), canonical(body)))).hexdigest()


def seal(prev_hash: str, seq: int, body: Json) -> Entry:
    """Make the entry that follows `prev_hash` (GENESIS for the first, whose seq is FIRST_SEQ)."""
    return Entry(seq=seq, body=body, prev_hash=prev_hash, hash=entry_hash(prev_hash, seq, body))


def verify(entries: Iterable[Entry], anchor: Anchor | None = None) -> int | None:
    """Walk the chain in its stored order; return the first seq that is missing, moved or changed, or None.

    Without an anchor a chain whose last entries were cut off looks whole; with one, the cut is found as well.
    """
    prev, expected = GENESIS, FIRST_SEQ
    for entry in entries:
        if (entry.seq, entry.prev_hash) != (expected, prev) or entry.hash != _expected_hash(entry):
            return expected
        if anchor is not None and anchor.seq == entry.seq and anchor.hash != entry.hash:
            return entry.seq
        prev, expected = entry.hash, expected + 1
    return expected if anchor is not None and anchor.seq >= expected else None


def _expected_hash(entry: Entry) -> str:
    try:
        return entry_hash(entry.prev_hash, entry.seq, entry.body)
    except (TypeError, ValueError):  # a body that could never have been written
        return ""
