"""The database: engine, typed base, and the one function that commits.

Two databases, one behaviour. SQLite would let two readers both believe that they may write and then fail one of
them, so every writing transaction opens with BEGIN IMMEDIATE: writers queue, none is refused. Its driver's own
transaction handling is switched off for that reason. PostgreSQL runs READ COMMITTED; what must not race is a
conditional UPDATE whose row count is checked, which is right on both. Write-ahead logging is used only where the
library is free of the checkpoint bug that was mended in SQLite 3.51.3.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import partial
from time import monotonic
from typing import Any, ClassVar

from flask import has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Date, DateTime, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from grants import clock
from grants.errors import Busy, Conflict

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
REST_SECONDS = 1.0  # after which a connection is tried before it is used
WAL_SAFE_SINCE = (3, 51, 3)
# PostgreSQL: serialization failure, deadlock, lock not available
CONTENTION = frozenset({"40001", "40P01", "55P03"})


class Moment(TypeDecorator[datetime]):
    """An instant: aware UTC in Python whatever the database (SQLite forgets zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive values; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs its zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table. Integer keys stay on the server; people see `public_id`."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    registry = registry(
        metadata=metadata,
        type_annotation_map={datetime: Moment, date: Date, int: BigInteger, dict[str, Any]: JSON, list[Any]: JSON},
    )


db = SQLAlchemy(model_class=Base)
_bound: dict[str, Engine] = {}
_WRITING: dict[str, dict[str, Any]] = {
    "sqlite": {"writing": True},
    "postgresql": {"writing": True, "isolation_level": "READ COMMITTED"},
}


def engine_options(url: str) -> dict[str, Any]:
    """The arguments of `create_engine` for this address: time-outs and pool."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 30, "check_same_thread": False}, "pool_size": 10, "max_overflow": 20}
    timeouts = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    return {
        "connect_args": {"options": timeouts, "client_encoding": "utf8"},
        # What only reads opens no transaction: under READ COMMITTED each statement sees what was committed before it
        # anyway, and a page saves two round trips. Writing says otherwise (`_WRITING`).
        "isolation_level": "AUTOCOMMIT",
        "pool_size": 5,
        "max_overflow": 5,
        "pool_recycle": 300,
    }


def connect(url: str) -> Engine:
    """An engine of our own, for what runs without Flask (worker, storms), and the one `transaction()` uses."""
    return adopt(create_engine(url, **engine_options(url)))


def adopt(engine: Engine) -> Engine:
    """Make `engine` the one that `transaction()` opens its sessions from, with our rules for its connections."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_try_rested, engine))
    _bound["engine"] = engine
    return engine


def engine() -> Engine:
    """The engine in use. Raises KeyError before `connect` or `adopt`."""
    return _bound["engine"]


def writing_engine() -> Engine:
    """The engine in use, for connections that open transactions: the same pool with other manners."""
    return engine().execution_options(**_WRITING[engine().dialect.name])


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    safe = sqlite3.sqlite_version_info >= WAL_SAFE_SINCE
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA trusted_schema=OFF")
    cursor.execute(f"PRAGMA journal_mode={'WAL' if safe else 'DELETE'}")
    cursor.execute(f"PRAGMA synchronous={_Synchronous.mode or ('FULL' if safe else 'EXTRA')}")
    cursor.close()


def _note_rest(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["at_rest_since"] = monotonic()


def _try_rested(
    engine: Engine, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """A connection that rested is tried before it is used: the server may have been restarted meanwhile.

    Trying each time (`pool_pre_ping`) would cost busy pages a round trip for nothing.
    """
    if monotonic() - record.info.get("at_rest_since", monotonic()) < REST_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


class _Synchronous:
    """Durability of SQLite connections made from now on; a replay into a new file may do without."""

    mode: str | None = None


@contextmanager
def without_durability() -> Iterator[None]:
    """SQLite only: connections opened inside do not wait for the disk. For a file that a crash may simply discard."""
    _Synchronous.mode = "OFF"
    engine().dispose()
    try:
        yield
    finally:
        _Synchronous.mode = None
        engine().dispose()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


_alongside: ContextVar[Callable[[Session], None] | None] = ContextVar("alongside", default=None)


def alongside(write: Callable[[Session], None] | None) -> None:
    """Have the next transaction of this context also do `write`, just before it commits; None forgets it.

    For what must be true exactly when the use case is, and is not its business: that this form was acted upon.
    """
    _alongside.set(write)


@contextmanager
def connection() -> Iterator[Connection]:
    """A connection kept open over several short transactions (`transaction(on=…)`), for the keeper of promises."""
    with writing_engine().connect() as line:
        yield line


@contextmanager
def transaction(on: Connection | None = None) -> Iterator[Session]:
    """One use case, one transaction: commits at the end of the block, rolls back on any exception.

    The reading session of the web request is closed first: in SQLite its shared lock would block our commit.
    `on`: a connection that is already open. Raises Conflict when somebody else changed a row that this block read, Busy when the database asks to try
    again (the caller may repeat the whole use case, since nothing outside the database was done).
    """
    if has_app_context():
        db.session.remove()
    bind = on if on is not None else writing_engine()
    session = Session(bind, expire_on_commit=False)
    try:
        session.connection()
        yield session
        _close(session)
        _write_alongside(session)
        session.commit()
    except StaleDataError as error:
        session.rollback()
        what = "version"
        raise Conflict(what) from error
    except DBAPIError as error:
        session.rollback()
        if _is_contention(error):
            raise Busy from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def before_commit(session: Session, key: str, write: Callable[[Session], None]) -> None:
    """Have the transaction of `session` do `write` after everything else, once for each `key`.

    For what follows from all that a use case changed, whatever it changed: a part that hangs on the whole.
    """
    session.info.setdefault("closing", {}).setdefault(key, write)


def _close(session: Session) -> None:
    for write in session.info.pop("closing", {}).values():
        session.flush()
        write(session)


def _write_alongside(session: Session) -> None:
    write = _alongside.get()
    if write is not None:
        _alongside.set(None)
        write(session)
        session.flush()


def _is_contention(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in CONTENTION or "database is locked" in str(error.orig)


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads, for what runs outside a web request."""
    session = Session(engine())
    try:
        yield session
    finally:
        session.close()


@contextmanager
def examining() -> Iterator[Session]:
    """A session that only reads, however long, from one picture of the whole database; results may be streamed."""
    whole = engine()
    if whole.dialect.name == "postgresql":  # where `reading` opens no transaction; SQLite's always holds one picture
        whole = whole.execution_options(isolation_level="REPEATABLE READ")
    with Session(whole) as session:
        if whole.dialect.name == "postgresql":
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield session


def instant(session: Session) -> datetime:
    """The decisive instant of this transaction (aware UTC): ask after the lock was taken. Raises ClockSkew."""
    return clock.decide(lambda: _database_clock(session))


def _database_clock(session: Session) -> datetime:
    if session.get_bind().dialect.name == "sqlite":
        stamp = session.scalar(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
        return datetime.fromisoformat(str(stamp)).replace(tzinfo=UTC)
    found = session.scalar(text("SELECT clock_timestamp()"))
    assert isinstance(found, datetime)
    return found.astimezone(UTC)
