"""The whole demonstration, lived through once for all the tests that look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from grants import clock
from grants.db import Base, connect
from grants.delivery.doors import Doors, open_doors
from grants.demo import replay


def doors_in(folder: Path) -> Doors:
    """The doors of a deployment that keeps everything in `folder`."""
    return open_doors(
        base_url="http://localhost",
        mail_from="palabre@exemple.invalid",
        smtp_url="",
        mailbox_dir=folder / "mailbox",
        blob_dir=folder / "blobs",
    )


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database in which everything has happened."""
    folder = tmp_path_factory.mktemp("demo")
    engine = connect(f"sqlite:///{folder}/demo.sqlite")
    Base.metadata.create_all(engine)
    replay.load(doors_in(folder), lambda _: None)
    engine.dispose()
    return folder


@pytest.fixture
def network(lived: Path) -> Iterator[Session]:
    """A reading session on it, at ten in the morning of 21 November 2026."""
    engine: Engine = connect(f"sqlite:///{lived}/demo.sqlite")
    with Session(engine) as session, clock.frozen(replay.ENDING):
        yield session
    engine.dispose()
