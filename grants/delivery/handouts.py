"""Files made for one person and for a day: kept apart from the stored ones, under random names, never in a backup."""

import contextlib
import os
import re
import secrets
from collections.abc import Container, Iterable
from datetime import datetime
from pathlib import Path

from grants import clock
from grants.delivery.files import Store
from grants.errors import NotFound

FOLDER = "handouts"
_NAME = re.compile(r"[0-9a-f]{32}\Z")


class Handouts:
    """A folder beside the blobs. The names are random and tell nothing; two equal files are two files."""

    def __init__(self, store: Store) -> None:
        self.root = store.root / FOLDER

    def write(self, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Write a file piece by piece; returns its name and its size. Half a file is never left. Raises OSError."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        name, size = secrets.token_hex(16), 0
        path = self._path(name)
        try:
            with path.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                for piece in pieces:
                    size += file.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        at = clock.now().timestamp()  # the clock with which the sweeper compares
        os.utime(path, (at, at))
        return name, size

    def read(self, name: str) -> bytes:
        """The whole file. NotFound when it is gone, or for what is no name."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound(name) from None

    def drop(self, name: str) -> None:
        """Remove a file; one that is gone already, or never was, is no error."""
        if name:
            self._path(name).unlink(missing_ok=True)

    def sweep(self, known: Container[str], older_than: datetime) -> int:
        """Remove what no row knows and was written before `older_than`; returns how many files."""
        found = [file for file in self.root.glob("*") if file.name not in known and _before(file, older_than)]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise NotFound(name)
        return self.root / name


def _before(file: Path, at: datetime) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return file.stat().st_mtime < at.timestamp()
    return False
