"""Files that arrive in pieces: written where they stopped, read whole, removed when nobody knows them."""

from datetime import timedelta
from pathlib import Path

import pytest

from grants import clock
from grants.delivery.files import Store
from grants.delivery.incoming import Incoming
from grants.errors import NotFound

pytestmark = pytest.mark.pure


@pytest.fixture
def incoming(tmp_path: Path) -> Incoming:
    return Incoming(Store(tmp_path / "blobs"))


def test_pieces_make_the_file_and_a_piece_written_again_ends_it(incoming: Incoming) -> None:
    name = incoming.begin()
    incoming.write(name, 0, b"abcdef")
    incoming.write(name, 3, b"DE")
    assert (incoming.size(name), incoming.read(name)) == (5, b"abcDE")


def test_two_files_have_nothing_in_common_and_tell_nothing_by_their_names(incoming: Incoming) -> None:
    first, second = incoming.begin(), incoming.begin()
    incoming.write(first, 0, b"one")
    assert (incoming.size(second), len({first, second})) == (0, 2)
    assert {path.stat().st_mode & 0o777 for path in incoming.root.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["../secret-key", "", "a", "0" * 31, "0" * 33, "0" * 32, "0" * 32 + "\n"])
def test_a_name_that_is_none_reaches_no_file(incoming: Incoming, name: str) -> None:
    incoming.begin()
    for use in (incoming.size, incoming.read, lambda one: incoming.write(one, 0, b"x")):
        with pytest.raises(NotFound):
            use(name)


def test_a_dropped_file_is_gone_and_may_be_dropped_again(incoming: Incoming) -> None:
    name = incoming.begin()
    incoming.drop(name)
    incoming.drop(name)
    with pytest.raises(NotFound):
        incoming.read(name)


def test_what_nobody_knows_goes_once_it_is_old(incoming: Incoming) -> None:
    known, forgotten = incoming.begin(), incoming.begin()
    assert incoming.sweep({known}, clock.now() - timedelta(minutes=1)) == 0
    assert incoming.sweep({known}, clock.now() + timedelta(minutes=1)) == 1
    assert incoming.size(known) == 0
    with pytest.raises(NotFound):
        incoming.size(forgotten)


def test_pieces_are_no_blobs(tmp_path: Path) -> None:
    store = Store(tmp_path / "blobs")
    Incoming(store).begin()
    assert list(store.all()) == []
