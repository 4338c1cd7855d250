"""The figures of the invented round, to the euro: what each file asks for, of how much, and what became of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Ask:
    """Whole euros: requested from the fund, total of the cash budget. `months`: length of the project from 1 March."""

    requested: int
    cash: int
    months: int = 12


ASKS = {
    "A01": Ask(15_500, 22_900, 6),
    "A02": Ask(16_000, 23_500),
    "A03": Ask(15_000, 21_800, 9),
    "A04": Ask(14_500, 21_000, 10),
    "A05": Ask(14_500, 20_900),
    "A06": Ask(15_000, 22_000),
    "A07": Ask(14_500, 21_200, 8),
    "A08": Ask(15_000, 22_500),
    "A09": Ask(14_000, 20_500),
    "A10": Ask(12_500, 18_500),
    "A11": Ask(15_000, 22_000),
    "A12": Ask(9_500, 14_000, 9),
    "A13": Ask(15_500, 24_000),
    "A14": Ask(14_800, 21_500),
    "A15": Ask(15_000, 23_000),
    "A16": Ask(16_000, 23_000),
    "A17": Ask(8_000, 12_000, 8),
    "A18": Ask(13_000, 19_000),
    "A19": Ask(11_000, 16_000, 10),
    "A20": Ask(10_000, 14_500, 9),
    "A21": Ask(12_000, 17_500, 6),
    "A22": Ask(15_000, 21_500),
    "A23": Ask(18_000, 21_951),
    "A24": Ask(12_000, 17_800),
}
ENVELOPE = 105_000
AWARDED = ("A01", "A02", "A03", "A04", "A05", "A06", "A07")
RESERVES = ("A08", "A09", "A10")
ENVELOPE_EXHAUSTED = ("A11", "A12")
BELOW_MINIMUM = ("A15", "A18", "A19", "A20", "A21")  # of C2, and below the threshold
BELOW_THRESHOLD = ("A13", "A14", "A16", "A17")
SCORED = tuple(f"A{number:02}" for number in range(1, 22))


_SCORES: dict[str, Any] = json.loads((DATA / "scores.json").read_text(encoding="utf-8"))
#: file → reviewer → criterion → mark in half points
MARKS: dict[str, dict[str, dict[str, int]]] = {
    file: {who: dict(zip(_SCORES["criteria"], marks, strict=True)) for who, marks in given.items()}
    for file, given in _SCORES["marks"].items()
}
#: file → the member of the committee who has a link with it
RECUSALS: dict[str, str] = _SCORES["recusals"]
