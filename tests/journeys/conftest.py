"""What the journeys share: a deployment of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import world as worlds
from tests.journeys.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A new deployment in an empty folder."""
    made = worlds.found(tmp_path / "data")
    yield made
    made.close()
