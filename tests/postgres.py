"""A private PostgreSQL for tests: one cluster a run, one fresh database a test, nothing left behind.

The binaries are Debian's. PostgreSQL refuses to run as root, so root starts it as the user `postgres`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

NAMES = count(1)
START_SECONDS = 30


class NoPostgres(Exception):
    """The server's programs are not on this machine."""


@dataclass(frozen=True)
class Cluster:
    """A running server on loopback; `url(name)` is the address of one of its databases."""

    port: int
    folder: Path

    def url(self, name: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def fresh(self, template: str | None = None) -> str:
        """The address of a new database, empty or a copy of `template`."""
        name = f"palabre_{os.getpid()}_{next(NAMES)}"
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as line:
            line.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} ENCODING 'UTF8'")
        return self.url(name)


def binaries() -> Path:
    """The folder of initdb and postgres. Raises NoPostgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        message = "PostgreSQL's server programs are missing: apt-get install postgresql"
        raise NoPostgres(message)
    return Path(on_path).parent if on_path else found[-1].parent


def _as_postgres(*command: str) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A server for the length of the block. `durable`: wait for the disk, as fault tests must."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="palabre-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", _free_port()
    subprocess.run(
        _as_postgres(f"{programs}/initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"),
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = [
        "-c",
        f"port={port}",
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"unix_socket_directories={folder}",
        "-c",
        "max_connections=300",
    ]
    if not durable:
        options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    server = subprocess.Popen(
        _as_postgres(f"{programs}/postgres", "-D", str(data), *options),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield Cluster(port, folder)
    finally:
        subprocess.run(
            _as_postgres(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop"),
            capture_output=True,
            cwd="/",
            check=False,
        )
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    message = "PostgreSQL did not start"
    raise NoPostgres(message)
