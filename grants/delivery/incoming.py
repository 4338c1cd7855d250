"""Files that arrive in pieces: kept apart from the stored ones until the last byte is there, then looked at whole."""

import contextlib
import os
import re
import secrets
from collections.abc import Container
from datetime import datetime
from pathlib import Path

from grants import clock
from grants.delivery.files import Store
from grants.errors import NotFound

FOLDER = "incoming"
_NAME = re.compile(r"[0-9a-f]{32}\Z")


class Incoming:
    """A folder of unfinished files beside the blobs; their names are random and tell nothing."""

    def __init__(self, store: Store) -> None:
        self.root = store.root / FOLDER

    def begin(self) -> str:
        """Make an empty unfinished file and return its name. Raises OSError when the disk refuses."""
        self.root.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        self._path(name).touch(mode=0o600, exist_ok=False)
        self._stamp(name)
        return name

    def write(self, name: str, offset: int, data: bytes) -> None:
        """Put bytes at `offset`, which ends the file; on the disk when this returns. NotFound when the file is gone."""
        try:
            with self._path(name).open("r+b") as file:
                file.seek(offset)
                file.write(data)
                file.truncate()
                file.flush()
                os.fdatasync(file.fileno())
        except FileNotFoundError:
            raise NotFound(name) from None
        self._stamp(name)

    def size(self, name: str) -> int:
        """How many bytes are there: a machine that stopped may have lost the last ones. NotFound when it is gone."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            raise NotFound(name) from None

    def read(self, name: str) -> bytes:
        """The whole file. NotFound when it is gone."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound(name) from None

    def drop(self, name: str) -> None:
        """Remove an unfinished file; one that is gone already is no error."""
        self._path(name).unlink(missing_ok=True)

    def sweep(self, known: Container[str], older_than: datetime) -> int:
        """Remove what no upload knows and was last written before `older_than`; returns how many files."""
        found = [file for file in self.root.glob("*") if file.name not in known and _before(file, older_than)]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise NotFound(name)
        return self.root / name

    def _stamp(self, name: str) -> None:
        at = clock.now().timestamp()  # the clock with which the sweeper compares
        os.utime(self._path(name), (at, at))


def _before(file: Path, at: datetime) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return file.stat().st_mtime < at.timestamp()
    return False
