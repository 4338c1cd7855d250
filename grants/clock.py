"""The only reader of time: real, shifted by the demo's offset, or frozen by a replay or a test.

A deadline is judged by `decide`, inside a transaction, with the database's own clock (the decisive instant is
read after the lock). A shifted or frozen clock answers its own time there too, so that a replay is judged by
the dates that it walks through; the two clocks are compared like with like before (real with real).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from grants.errors import ClockSkew

MAX_SKEW = timedelta(seconds=5)


class _Clock:
    """The state of the one clock of this process."""

    offset = timedelta(0)
    frozen: datetime | None = None


def now() -> datetime:
    """The present instant: aware, in UTC."""
    return _Clock.frozen if _Clock.frozen is not None else datetime.now(UTC) + _Clock.offset


def set_offset(seconds: float) -> None:
    """Shift this process's clock by `seconds`; 0 for real time."""
    _Clock.offset = timedelta(seconds=seconds)


def offset() -> timedelta:
    """The shift in force."""
    return _Clock.offset


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) for the whole process, until the block ends. Blocks may be nested."""
    if at.tzinfo is None:
        message = "a frozen instant needs its zone"
        raise ValueError(message)
    before = _Clock.frozen
    _Clock.frozen = at.astimezone(UTC)
    try:
        yield
    finally:
        _Clock.frozen = before


def decide(read_database_clock: Callable[[], datetime]) -> datetime:
    """The decisive instant of a transaction, in UTC.

    `read_database_clock` asks the database for its own present, after the lock was taken. Frozen: the frozen
    instant. Otherwise both real clocks are compared, and ClockSkew is raised beyond five seconds.
    """
    if _Clock.frozen is not None:
        return _Clock.frozen
    database = read_database_clock()
    if abs(database - datetime.now(UTC)) > MAX_SKEW:
        message = "application and database clocks differ"
        raise ClockSkew(message)
    return database + _Clock.offset
