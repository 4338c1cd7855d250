"""Migrations go up, down and up again on both databases, and end where the models are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from grants.app import create_app
from grants.db import Base, db
from tests import postgres

pytestmark = [
    pytest.mark.db,
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, Engine]]:
    """The application on a database without a single table."""
    url = f"sqlite:///{tmp_path}/empty.sqlite"
    if request.param == "postgresql":
        cluster: postgres.Cluster = request.getfixturevalue("cluster")
        url = cluster.fresh()
    app = create_app(Settings(env="test", data_dir=tmp_path, database_url=url))
    engine = create_engine(url)
    yield app, engine
    engine.dispose()
    with app.app_context():
        db.engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(empty: tuple[Flask, Engine]) -> None:
    app, engine = empty
    with app.app_context():
        upgrade()
        assert tables(engine) == set(Base.metadata.tables)
        downgrade(revision="base")
        assert tables(engine) == set()
        upgrade()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, Base.metadata)
    # the indexes of words are only where the extension for them is
    assert [one for one in found if not (one[0] == "remove_index" and one[1].name.endswith("_words"))] == []


def test_a_migrated_trail_is_guarded_by_the_database(empty: tuple[Flask, Engine]) -> None:
    app, engine = empty
    with app.app_context():
        upgrade()
    add = text(
        "INSERT INTO audit (seq, at, actor, action, object, body, prev_hash, hash)"
        " VALUES (1, '2026-11-21 09:00:00+00:00', 'a', 'b', 'c', '{}', 'd', 'e')"
    )
    with engine.begin() as connection:
        connection.execute(add)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit"))
