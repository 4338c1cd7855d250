"""The world of the matrix, built once; given back as new to every test that wrote in it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from config.settings import Settings
from grants.app import create_app
from grants.db import Base, adopt, connect, without_durability
from grants.db import db as web_database
from grants.delivery.files import Store
from tests.matrix import world as worlds


@dataclass
class Stage:
    """The application on the world's database, and a copy of that database to begin again from."""

    app: Flask
    world: worlds.World
    path: Path
    engine: Engine
    fresh: bytes = b""
    seeded: int = 0

    def client(self, code: str) -> FlaskClient:
        """A browser of that person, with the cookie of a live session; a new one each time."""
        client = self.app.test_client()
        if code in self.world.cast.tokens:
            client.set_cookie(self.app.config["SIGN_IN_COOKIE"], self.world.cast.tokens[code])
        return client

    def restore(self) -> None:
        """The database as it was built."""
        self.engine.dispose()
        with self.app.app_context():
            web_database.engine.dispose()
        for leftover in self.path.parent.glob(f"{self.path.name}-*"):
            leftover.unlink()
        self.path.write_bytes(self.fresh)

    def restore_after_acts(self, *, method: str, answer: str) -> bool:
        """Whether the request left an act in the trail; the database is as it was built, but for security events."""
        acted = method != "GET" and self.acts() != self.seeded
        if acted or (method != "GET" and answer not in ("404", "403", "401", "sign-in")):
            self.restore()
        return acted

    def acts(self) -> int:
        """How many acts the trail holds."""
        with sqlite3.connect(self.path) as line:
            count: int = line.execute("SELECT count(*) FROM audit").fetchone()[0]
        line.close()
        return count


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Built once for the run, without waiting for the disk."""
    folder = tmp_path_factory.mktemp("matrix")
    path = folder / "world.sqlite"
    engine = connect(f"sqlite:///{path}")
    with without_durability():
        Base.metadata.create_all(engine)
        settings = Settings(env="test", data_dir=folder, database_url=str(engine.url), base_url="http://localhost")
        world = worlds.build(Store(settings.blob_dir), settings.mailbox_dir)
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        adopted = adopt(engine)
        adopted.dispose()
        built = Stage(app, world, path, engine, path.read_bytes())
        built.seeded = built.acts()
    yield built
    engine.dispose()


@pytest.fixture
def scene(stage: Stage) -> Iterator[Stage]:
    """The stage, restored after the test."""
    adopt(stage.engine)
    with without_durability():
        yield stage
    stage.restore()
