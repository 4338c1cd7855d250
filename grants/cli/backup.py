"""Saving everything in a folder and bringing it back: the database first, then the files that its rows name."""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import inspect, make_url, select

from config.settings import Settings
from grants import clock
from grants.cli.loading import say, settings
from grants.db import connect, engine, reading
from grants.delivery.files import Store
from grants.models import Account
from grants.services import relay

SQLITE, POSTGRESQL = "database.sqlite", "database.pgdump"
FILES, TOLD = "files", "backup.json"
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("folder", type=FOLDER)
def backup(folder: Path) -> None:
    """Save database and files in FOLDER, new or empty. The site may run meanwhile."""
    own = settings()
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty"
        raise click.ClickException(message)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = clock.now()
    if own.database_path:
        _copy_sqlite(own.database_path, folder / SQLITE)
    else:
        _postgres(own, "pg_dump", "--format=custom", "--file", str(folder / POSTGRESQL))
    count = _copy_files(Store(own.blob_dir), Store(folder / FILES))
    told = {"at": begun.isoformat(), "database": "sqlite" if own.is_sqlite else "postgresql", "files": count}
    (folder / TOLD).write_text(json.dumps(told) + "\n", encoding="utf-8")  # the last: without it a backup is unfinished
    click.echo(f"{folder}: database and {count} files")


@click.command("restore")
@click.argument("folder", type=FOLDER)
def restore(folder: Path) -> None:
    """Bring the backup in FOLDER back, into an empty database.

    What had not left when it was made is paused and listed: letters may have left since. Look at the list, then
    `outbox resume`.
    """
    own = settings()
    told = _read(folder, own)
    with _alone(own.data_dir):
        if not _nobody_there():
            message = "the database is not empty: nothing was restored"
            raise click.ClickException(message)
        count = _copy_files(Store(folder / FILES), Store(own.blob_dir))
        paused = _restore_sqlite(folder, own.database_path) if own.database_path else _restore_postgres(folder, own)
    click.echo(f"restored: the database of {told['at']} and {count} files; {len(paused)} promises are paused")
    for row in paused:
        click.echo(f"  {row.public_id}  {row.kind} {row.name} ({row.state})")


def _read(folder: Path, own: Settings) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{folder} holds no finished backup"
        raise click.ClickException(message) from error
    kind = "sqlite" if own.is_sqlite else "postgresql"
    if told["database"] != kind:
        message = f"this backup is of {told['database']}, and DATABASE_URL is {kind}"
        raise click.ClickException(message)
    return told


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the lock that `./palabre run` holds, so that no worker mails from a database that is being filled."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"a Palabre runs on {data_dir}: stop it first"
            raise click.ClickException(message) from None
        yield


def _nobody_there() -> bool:
    if not inspect(engine()).has_table(Account.__tablename__):
        return True
    with reading() as session:
        return session.scalar(select(Account.id).limit(1)) is None


def _copy_files(source: Store, target: Store) -> int:
    """Copy every stored file; each is named by what it contains, so that a damaged one is noticed here."""
    count = 0
    for name in source.all():
        with source.open(name) as file:
            if target.put(file).sha256 != name:
                say(f"damaged, copied under another name: {name}")
        count += 1
    return count


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own way of copying: right while others write."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _restore_sqlite(folder: Path, target: Path) -> Sequence[Any]:
    """Prepare the database beside its place and put it there whole: at no moment is there one that would mail."""
    fresh = target.with_name(f"{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    _copy_sqlite(folder / SQLITE, fresh)
    engine().dispose()
    connect(f"sqlite:///{fresh}")
    paused = relay.pause_all()
    engine().dispose()
    for left in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + left).unlink(missing_ok=True)
    fresh.replace(target)
    connect(f"sqlite:///{target}")
    return paused


def _restore_postgres(folder: Path, own: Settings) -> Sequence[Any]:
    engine().dispose()
    how = ("--no-owner", "--no-privileges", "--clean", "--if-exists", "--single-transaction")
    _postgres(own, "pg_restore", *how, str(folder / POSTGRESQL))
    return relay.pause_all()


def _postgres(own: Settings, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on our database; the password travels in the environment."""
    if not shutil.which(program):
        message = f"{program} is missing: apt-get install postgresql-client"
        raise click.ClickException(message)
    url = make_url(own.database_url)
    address = url.set(drivername="postgresql", password=None).render_as_string()
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    ran = subprocess.run(  # noqa: S603 -- our own words; the folder is one argument
        [program, "--dbname", address, *arguments],
        env={**os.environ, **password},  # noqa: TID251 -- handed on, not read
        check=False,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        message = f"{program}: {ran.stderr.strip()[-500:]}"
        raise click.ClickException(message)
