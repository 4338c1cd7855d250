"""What must be true after a journey: the doctor's statements, the trail, the outbox, the ledger."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.journeys.world import World

CLEAN = {"failed": 0, "dead": 0, "paused": 0, "queued": 0, "leased": 0, "handed": 0}


def sound(world: World) -> None:
    """The doctor is green, the trail is whole, every promise is kept."""
    doctor = world.run("doctor", "--json")
    told = json.loads(doctor.words.splitlines()[-1])
    assert told["ok"], {name: one["problems"] for name, one in told["invariants"].items() if not one["ok"]}
    assert doctor.code == 0
    trail = world.run("audit", "verify")
    assert (trail.code, "the chain is whole" in trail.words) == (0, True), trail.words
    states = json.loads(world.run("outbox", "--json").words.splitlines()[-1])["states"]
    assert {state: states[state] for state in CLEAN} == CLEAN
    assert states["sent"] > 0


def balances(database: Path) -> dict[str, int]:
    """Cents by account of the ledger; every entry must sum to zero."""
    with closing(sqlite3.connect(database)) as line:
        wrong = line.execute("SELECT entry FROM posting GROUP BY entry HAVING sum(amount_cents) <> 0").fetchall()
        assert wrong == []
        return dict(line.execute("SELECT account, sum(amount_cents) FROM posting GROUP BY account").fetchall())


def length(database: Path) -> int:
    """How many acts the trail holds."""
    with closing(sqlite3.connect(database)) as line:
        count: int = line.execute("SELECT count(*) FROM audit").fetchone()[0]
        return count


@contextmanager
def one_byte_changed(database: Path, seq: int) -> Iterator[None]:
    """One byte of the act `seq` is another, as somebody with the file in hand could do it; mended afterwards."""
    with closing(sqlite3.connect(database)) as line:
        guards = line.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall()
        assert guards, "the database itself must refuse to change the trail"
        body: str = line.execute("SELECT body FROM audit WHERE seq = ?", (seq,)).fetchone()[0]
        place = max(rank for rank, byte in enumerate(body) if byte.isalnum())
        other = body[:place] + ("x" if body[place] != "x" else "y") + body[place + 1 :]
        _rewrite(line, guards, seq, other)
        yield
        _rewrite(line, guards, seq, body)


def _rewrite(line: sqlite3.Connection, guards: list[tuple[str, str]], seq: int, body: str) -> None:
    for name, _sql in guards:
        line.execute(f"DROP TRIGGER {name}")
    line.execute("UPDATE audit SET body = ? WHERE seq = ?", (body, seq))
    for _name, sql in guards:
        line.execute(sql)
    line.commit()


def refuses_to_change(database: Path) -> bool:
    """Whether SQL typed by hand is refused by the trail."""
    with closing(sqlite3.connect(database)) as line:
        try:
            line.execute("UPDATE audit SET body = '{}' WHERE seq = 1")
        except sqlite3.IntegrityError as error:
            return "append-only" in str(error)
    return False


def a_changed_byte_is_found(world: World) -> None:
    """`audit verify` names the act that somebody changed, and ends with 1."""
    assert refuses_to_change(world.database)
    seq = length(world.database) // 2
    with one_byte_changed(world.database, seq):
        trail = world.run("audit", "verify")
        assert trail.code == 1
        assert f"the trail is broken at {seq}" in trail.words
        assert world.run("doctor", "--json").code == 1
    assert world.run("audit", "verify").code == 0
