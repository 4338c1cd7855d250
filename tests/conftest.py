"""What every test may ask for: an empty database on either engine, the application on it, signed-in clients."""

import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from config.settings import Settings
from grants import models
from grants.db import Base, adopt, connect, transaction
from tests import builders, postgres


@pytest.fixture(autouse=True)
def _no_mail_leaves(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The outbox is the mail spy: a test that opens SMTP says so with the marker `smtp`."""
    if "smtp" in request.keywords:
        return

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a test opened an SMTP connection")

    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file with every table, made once and copied."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    engine = connect(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def database(_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database, bound."""
    path = tmp_path / "test.sqlite"
    path.write_bytes(_template.read_bytes())
    engine = connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server for the run; the test is skipped, loudly, where there is none."""
    try:
        with postgres.cluster() as running:
            yield running
    except postgres.NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture
def on_postgres(cluster: postgres.Cluster) -> Iterator[Engine]:
    """An empty PostgreSQL database, bound."""
    engine = connect(cluster.fresh())
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest) -> Engine:
    """The same test on both databases."""
    engine: Engine = request.getfixturevalue("database" if request.param == "sqlite" else "on_postgres")
    return engine


@pytest.fixture
def app(database: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application on the empty database."""
    from grants.app import create_app  # noqa: PLC0415 -- a half-edited page must not stop the pure tests

    settings = Settings(env="test", data_dir=tmp_path, database_url=str(database.url), base_url="http://localhost")
    made = create_app(settings)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    adopt(database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[models.Account], FlaskClient]:
    """A client with a live session of that account."""

    def open_session(account: models.Account) -> FlaskClient:
        signed = app.test_client()
        with transaction() as session:
            token = builders.a_session(session, account)
        signed.set_cookie(app.config["SIGN_IN_COOKIE"], token)
        return signed

    return open_session
