"""The whole demonstration, to be looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from grants import clock
from grants.db import connect
from grants.demo import replay
from tests import demonstration


@pytest.fixture(scope="session")
def lived() -> Path:
    """The folder of a database in which everything has happened."""
    return demonstration.lived()


@pytest.fixture
def network(lived: Path) -> Iterator[Session]:
    """A reading session on it, at ten in the morning of 21 November 2026."""
    engine: Engine = connect(f"sqlite:///{lived}/palabre.sqlite")
    with Session(engine) as session, clock.frozen(replay.ENDING):
        yield session
    engine.dispose()
