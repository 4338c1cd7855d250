"""The door to a rehearsal: a process of its own, without our database, our keys or our network addresses."""

from collections.abc import Callable, Mapping
from typing import Any

from grants.delivery import apart

SECONDS = 100

RehearsalFailed = apart.ApartFailed


def run(terms: Mapping[str, Any], tell: Callable[[int, str], None]) -> dict[str, Any]:
    """Rehearse these terms and return the report. `tell(percent, chapter)` while it lasts. Raises RehearsalFailed."""
    return apart.run("grants.rehearsal", terms, tell, seconds=SECONDS)
