"""`backup`, `restore` and `outbox resume`: everything comes back, and nothing leaves before somebody has looked."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select, update

from config.settings import Settings
from grants import clock, outbox
from grants.app import create_app
from grants.db import adopt, engine, reading, transaction
from grants.delivery.doors import open_doors
from grants.delivery.files import Store
from grants.demo.stage import Stage
from grants.models import Account, AuditEntry, Promise, PromiseState

pytestmark = pytest.mark.db

OPEN = {"queued": PromiseState.QUEUED, "leased": PromiseState.LEASED, "handed": PromiseState.HANDED}


def application(data_dir: Path, url: str) -> Flask:
    return create_app(Settings(env="test", data_dir=data_dir, database_url=url, base_url="http://localhost"))


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


def inhabit(data_dir: Path) -> str:
    """Some people, a stored file (its name is returned) and a promise in each state that is not its end."""
    doors = open_doors(
        base_url="http://localhost",
        mail_from="palabre@exemple.invalid",
        smtp_url="",
        mailbox_dir=data_dir / "mailbox",
        blob_dir=data_dir / "blobs",
    )
    Stage(doors).install()
    with transaction() as session:
        session.execute(update(Promise).values(state=PromiseState.SENT))
        for key, state in {**OPEN, "sent": PromiseState.SENT}.items():
            outbox.put(session, key, kind="mail", name="accepted", subject="call:x", made_at=clock.now())
            session.execute(update(Promise).where(Promise.key == key).values(state=state))
    return doors.store.put(b"a letter").sha256


def counted() -> tuple[int | None, int | None]:
    with reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(model)) for model in (Account, AuditEntry))  # type: ignore[return-value]


def states() -> dict[str, PromiseState]:
    with reading() as session:
        return {row.key: row.state for row in session.scalars(select(Promise).where(Promise.subject == "call:x"))}


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a database with tables, and of one without."""
    if request.param == "sqlite":
        bound: Engine = request.getfixturevalue("database")
        yield str(bound.url), f"sqlite:///{tmp_path}/elsewhere/palabre.sqlite"
    else:
        bound = request.getfixturevalue("on_postgres")
        if not shutil.which("pg_dump"):
            pytest.skip("pg_dump is missing: apt-get install postgresql-client")
        yield str(bound.url), request.getfixturevalue("cluster").fresh()
    engine().dispose()
    adopt(bound)


def test_everything_comes_back_and_waits_for_a_person(urls: tuple[str, str], tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "elsewhere"
    there.mkdir()
    old = application(here, urls[0])
    letter = inhabit(here)
    before = counted()
    saved = run(old, "backup", tmp_path / "saved")
    assert saved.exit_code == 0, saved.output
    engine().dispose()

    new = application(there, urls[1])
    restored = run(new, "restore", tmp_path / "saved")
    assert restored.exit_code == 0, restored.output
    assert "3 promises are paused" in restored.output
    assert restored.output.count("mail accepted (") == 3
    assert counted() == before
    assert Store(there / "blobs").read(letter) == b"a letter"
    assert states() == {**dict.fromkeys(OPEN, PromiseState.PAUSED), "sent": PromiseState.SENT}
    assert run(new, "audit", "verify").exit_code == 0
    assert "database: " in run(new, "doctor").output

    assert run(new, "outbox", "resume").output == "3 promises are back in the queue\n"
    assert states() == {**dict.fromkeys(OPEN, PromiseState.QUEUED), "sent": PromiseState.SENT}
    with reading() as session:
        unsure = session.scalars(select(Promise.key).where(Promise.uncertain)).all()
    assert unsure == ["handed"]


def test_a_database_with_people_is_left_alone(app: Flask, tmp_path: Path) -> None:
    inhabit(tmp_path)
    assert run(app, "backup", tmp_path / "saved").exit_code == 0
    refused = run(app, "restore", tmp_path / "saved")
    assert (refused.exit_code, "not empty" in refused.output) == (1, True)


def test_a_backup_is_made_in_an_empty_folder(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "something").touch()
    assert run(app, "backup", tmp_path / "saved").exit_code == 1


def test_an_unfinished_backup_is_refused(app: Flask, tmp_path: Path) -> None:
    assert run(app, "backup", tmp_path / "saved").exit_code == 0
    (tmp_path / "saved" / "backup.json").unlink()
    assert run(app, "restore", tmp_path / "saved").exit_code == 1


def test_a_backup_of_another_kind_of_database_is_refused(app: Flask, tmp_path: Path) -> None:
    assert run(app, "backup", tmp_path / "saved").exit_code == 0
    told = tmp_path / "saved" / "backup.json"
    told.write_text(json.dumps(json.loads(told.read_text("utf-8")) | {"database": "postgresql"}), "utf-8")
    assert "postgresql" in run(app, "restore", tmp_path / "saved").output
