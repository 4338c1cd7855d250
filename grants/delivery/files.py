"""Stored files, named by what they contain: written once, on the disk before anybody refers to them, checkable."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from grants import clock
from grants.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_UNFINISHED = ".part"
_READ_ONLY = 0o440


@dataclass(frozen=True)
class Blob:
    """Stored bytes: the SHA-256 that is their name (64 hexadecimal digits) and their count."""

    sha256: str
    size: int


class _Durability:
    """Whether this process waits for the disk."""

    wanted = True


@contextlib.contextmanager
def without_durability() -> Iterator[None]:
    """Do not wait for the disk inside this block: for files that a crash may simply discard, with their database."""
    _Durability.wanted = False
    try:
        yield
    finally:
        _Durability.wanted = True


def _sync(descriptor: int) -> None:
    if _Durability.wanted:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, as fsync does for the bytes of a file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def write_once(target: Path, data: bytes) -> bool:
    """Write `data` as `target`, whole or not at all, unless there is such a file; returns whether it was written."""
    if target.exists():
        return False
    _make_folder(target.parent)
    temporary = _copied(BytesIO(data), target.parent)[0]
    return _placed(temporary, target)


class Store:
    """A folder of blobs at `ab/cd/<sha256>`. A blob is written before the row that names it is committed; one whose row
    never came is an orphan and goes after a day.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: bytes | BinaryIO) -> Blob:
        """Store bytes, or a stream to its end, and return its name; the same bytes are stored once.

        When this returns, file and folder are on the disk. Raises OSError when the disk refuses.
        """
        stream = BytesIO(source) if isinstance(source, bytes) else source
        _make_folder(self.root)
        temporary, blob = _copied(stream, self.root)
        target = self.path(blob.sha256)
        _make_folder(target.parent)
        if not _placed(temporary, target):
            _stamp(target)  # somebody wants it again: the sweeper begins to count anew
        return blob

    def path(self, sha256: str) -> Path:
        """Return where the blob is or would be; NotFound for anything that is not a name."""
        if not _NAME.fullmatch(sha256):
            raise NotFound(sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def exists(self, sha256: str) -> bool:
        """Return whether the blob is stored."""
        return self.path(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """Return the blob open for reading, for the caller to close; NotFound when it is not stored."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(sha256) from None

    def read(self, sha256: str) -> bytes:
        """Return the bytes of the blob; NotFound when it is not stored."""
        with self.open(sha256) as file:
            return file.read()

    def verify(self, sha256: str) -> bool:
        """Return whether the stored bytes still are what their name says; False when they are not there."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def all(self) -> Iterator[str]:
        """Return the names of all blobs, in their order."""
        for file in sorted(self.root.glob("??/??/*")):
            if _NAME.fullmatch(file.name):
                yield file.name

    def orphans(self, known: Container[str], older_than: datetime) -> Iterator[str]:
        """Return the blobs that nobody knows and that were last put before `older_than`."""
        for name in self.all():
            if name not in known and self._before(self.path(name), older_than):
                yield name

    def remove(self, sha256: str, older_than: datetime) -> bool:
        """Remove an orphan unless it was put again meanwhile; returns whether it went."""
        file = self.path(sha256)
        if not self._before(file, older_than):
            return False
        file.unlink(missing_ok=True)
        return True

    def sweep_unfinished(self, older_than: datetime) -> int:
        """Remove what interrupted writers left before `older_than`; returns how many files."""
        found = [file for file in self.root.glob(f".*{_UNFINISHED}") if self._before(file, older_than)]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    @staticmethod
    def _before(file: Path, at: datetime) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return file.stat().st_mtime < at.timestamp()
        return False


def _make_folder(folder: Path) -> None:
    """Create a folder with its parents, each new name on the disk."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def _copied(stream: BinaryIO, folder: Path) -> tuple[Path, Blob]:
    """Copy a stream into a file beside its future place, on the disk; nothing is left when it breaks off."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=_UNFINISHED)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fchmod(file.fileno(), _READ_ONLY)
            _sync(file.fileno())
        _stamp(Path(name))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name), Blob(digest.hexdigest(), size)


def _placed(temporary: Path, target: Path) -> bool:
    """Give a finished file its name unless the name is taken; the first writer wins. Returns whether it was placed."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    else:
        sync_folder(target.parent)
        return True
    finally:
        temporary.unlink(missing_ok=True)


def _stamp(file: Path) -> None:
    """Date a file by the product's clock, with which the sweeper will compare it; a demo's clock may be shifted."""
    at = clock.now().timestamp()
    os.utime(file, (at, at))
