"""The side process: frames on a line, outcomes in words that quote nobody, and no folders left behind."""

import json
import os
import socket
import tempfile
import time

import pytest

from grants.delivery import zygote
from tests.delivery import strangers

pytestmark = pytest.mark.pure


@pytest.fixture
def line():
    """Both ends of a line."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_frame_arrives_as_it_was_sent(line):
    zygote.send_frame(line[0], zygote.RESULT, b"abc")
    assert zygote.read_frame(line[1], 3) == (zygote.RESULT, b"abc")


def test_a_frame_that_claims_too_much_is_not_read(line):
    zygote.send_frame(line[0], zygote.RESULT, b"abcd")
    with pytest.raises(ValueError, match="4 bytes"):
        zygote.read_frame(line[1], 3)


def test_a_line_that_ends_early_is_an_end_and_not_a_result(line):
    line[0].sendall(b"R\0")
    line[0].close()
    with pytest.raises(EOFError):
        zygote.read_frame(line[1], 3)


def refuse_memory(_argument):
    raise MemoryError


def use_up_the_time(_argument):
    zygote._cpu_spent(0, None)


@pytest.mark.parametrize(
    ("function", "largest", "reason"),
    [
        (refuse_memory, 9, "memory"),
        (use_up_the_time, 9, "cpu"),
        (strangers.leave, 9, "error"),
        (strangers.complain, 9, "error"),
        (strangers.reverse, 2, "too-large"),
    ],
)
def test_an_end_without_a_result_has_a_reason(function, largest, reason):
    kind, payload = zygote._outcome(function, b"somebody's words", largest)
    assert kind == zygote.STOPPED
    assert json.loads(payload)["reason"] == reason
    assert b"somebody" not in payload


def test_a_result_is_handed_on():
    assert zygote._outcome(strangers.reverse, b"abc", 3) == (zygote.RESULT, b"cba")


def test_what_cannot_be_found_is_told_on_the_line(line):
    job = zygote.Job("grants.delivery.nowhere:nothing", None, 1, 1, 1.0, 1, "/")
    zygote._answer(job, line[0], line[1])
    kind, payload = zygote.read_frame(line[1], 200)
    assert (kind, json.loads(payload)["detail"].split()[0]) == (zygote.STOPPED, "ModuleNotFoundError")


def test_folders_of_killed_askers_are_swept_after_an_hour(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, young, other = (tmp_path / name for name in (f"{zygote.TEMP_PREFIX}a", f"{zygote.TEMP_PREFIX}b", "mine"))
    for folder in (old, young, other):
        folder.mkdir()
    (old / "font.ttf").write_bytes(b"x")
    long_ago = time.clock_gettime(time.CLOCK_REALTIME) - 7200
    for folder in (old, other):
        os.utime(folder, (long_ago, long_ago))
    zygote._sweep_leftovers()
    assert set(tmp_path.iterdir()) == {other, young}


def test_the_interfaces_of_this_machine_have_names():
    assert b"lo" in zygote.network_interfaces(b"")
