"""How Alembic meets the database: our engine, our tables, batches on SQLite."""

from alembic import context
from flask import current_app

from grants import models  # noqa: F401 -- registers every table
from grants.db import Base, Moment, writing_engine


def include_object(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 -- Alembic's signature
    """Leave SQLite's own tables alone, and the indexes of words, which only some databases have."""
    own = kind == "table" and (name or "").startswith("sqlite_")
    return not own and not (kind == "index" and (name or "").endswith("_words"))


def render_item(kind: str, item: object, autogen: object) -> str | bool:
    """Write our instants as what they are in the database, so that a migration needs nothing of ours."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate online; there is no offline mode."""
    arguments = current_app.extensions["migrate"].configure_args
    with writing_engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=include_object,
            render_item=render_item,
            **{"render_as_batch": True, **arguments},
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
