"""Stored files are named by their content, written once, and whole or not there."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from grants import clock
from grants.delivery import files
from grants.errors import NotFound

pytestmark = pytest.mark.pure

NOON = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)
HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture
def store(tmp_path):
    return files.Store(tmp_path / "blobs")


class Broken(BytesIO):
    """A stream that breaks off in the middle."""

    def read(self, _size=-1):
        if self.tell():
            raise ConnectionResetError
        return super().read(2)


def everything(store):
    return sorted(path.relative_to(store.root).as_posix() for path in store.root.rglob("*") if path.is_file())


def test_a_blob_is_named_by_its_hash(store):
    assert store.put(b"hello") == files.Blob(HELLO, 5)
    assert everything(store) == [f"{HELLO[:2]}/{HELLO[2:4]}/{HELLO}"]
    assert store.read(HELLO) == b"hello"
    assert store.exists(HELLO)


def test_a_stream_is_read_to_its_end(store):
    large = os.urandom(3 * (1 << 20) + 7)
    blob = store.put(BytesIO(large))
    assert blob == files.Blob(hashlib.sha256(large).hexdigest(), len(large))
    with store.open(blob.sha256) as stored:
        assert stored.read() == large


def test_the_first_writer_wins_and_nothing_is_written_twice(store):
    store.put(b"hello")
    before = store.path(HELLO).stat().st_ino
    store.put(BytesIO(b"hello"))
    assert store.path(HELLO).stat().st_ino == before
    assert len(everything(store)) == 1


def test_a_stream_that_breaks_off_leaves_nothing(store):
    with pytest.raises(ConnectionResetError):
        store.put(Broken(b"hello"))
    assert everything(store) == []


def test_bytes_and_names_are_on_the_disk_before_the_name_is_given(store, monkeypatch):
    synced = []
    real = os.fsync

    def noted(number):
        synced.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        real(number)

    monkeypatch.setattr(os, "fsync", noted)
    store.put(b"hello")
    assert synced[1].endswith(".part")
    assert synced[-1] == str(store.path(HELLO).parent)
    for folder in (store.root.parent, store.root, store.root / HELLO[:2]):
        assert str(folder) in synced


def test_a_blob_cannot_be_written_over(store):
    store.put(b"hello")
    assert store.path(HELLO).stat().st_mode & 0o222 == 0


def test_a_changed_or_missing_blob_is_found_out(store):
    store.put(b"hello")
    assert store.verify(HELLO)
    store.path(HELLO).chmod(0o600)
    store.path(HELLO).write_bytes(b"hullo")
    assert not store.verify(HELLO)
    assert not store.verify("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "0" * 65, "G" * 64, HELLO.upper(), f"{HELLO}\n"])
def test_only_a_hash_is_a_name(store, name):
    for ask in (store.open, store.exists, store.verify, store.path):
        with pytest.raises(NotFound):
            ask(name)


def test_a_blob_that_is_not_there_is_not_found(store):
    with pytest.raises(NotFound):
        store.open(HELLO)


def test_orphans_are_old_and_unknown(store):
    with clock.frozen(NOON):
        old, known = store.put(b"old").sha256, store.put(b"known").sha256
    with clock.frozen(NOON + timedelta(hours=30)):
        store.put(b"young")
        yesterday = clock.now() - timedelta(hours=24)
    assert list(store.orphans({known}, yesterday)) == [old]
    assert store.remove(old, yesterday)
    assert not store.exists(old)
    assert len(list(store.all())) == 2


def test_an_orphan_that_is_put_again_is_young_again(store):
    with clock.frozen(NOON):
        name = store.put(b"hello").sha256
    with clock.frozen(NOON + timedelta(hours=30)):
        store.put(b"hello")
    assert not store.remove(name, NOON + timedelta(hours=6))
    assert not store.remove("0" * 64, NOON)
    assert store.exists(name)


def test_what_a_killed_writer_left_is_swept(store):
    with clock.frozen(NOON):
        store.put(b"hello")
    left = store.root / ".tmpabc.part"
    left.write_bytes(b"half")
    os.utime(left, (NOON.timestamp(), NOON.timestamp()))
    assert store.sweep_unfinished(NOON) == 0
    assert store.sweep_unfinished(NOON + timedelta(hours=1)) == 1
    assert list(store.all()) == [HELLO]


def test_a_file_is_written_whole_and_once(tmp_path):
    assert files.write_once(tmp_path / "a" / "b.eml", b"first")
    assert not files.write_once(tmp_path / "a" / "b.eml", b"second")
    assert (tmp_path / "a" / "b.eml").read_bytes() == b"first"
    assert len(list((tmp_path / "a").iterdir())) == 1
