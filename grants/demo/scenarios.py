"""Small situations for tests, made by the same services (to be completed)."""

from collections.abc import Callable
from typing import Any

from grants.delivery.doors import Doors

NETWORK = "network"


class UnknownScenario(Exception):
    """There is no scenario of that name."""


def seed(name: str, doors: Doors, base_url: str, say: Callable[[str], None]) -> dict[str, Any]:
    raise UnknownScenario(name)
