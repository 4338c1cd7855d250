"""The sealed child: it answers, and whatever a stranger's bytes make it do stays in it."""

import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from grants.delivery import sealed, zygote
from tests.delivery import canary, strangers

pytestmark = pytest.mark.slow

MEBIBYTE = 1 << 20


def run(function, argument=b"abc", **limits):
    return sealed.run(
        function, argument, **{"cpu_seconds": 2, "memory": 512 * MEBIBYTE, "wall_seconds": 20.0, **limits}
    )


def stopped(function, argument=b"abc", **limits):
    with pytest.raises(sealed.Stopped) as caught:
        run(function, argument, **limits)
    return caught.value


def test_bytes_go_in_and_bytes_come_out():
    assert run(strangers.reverse, b"\x00abc") == b"cba\x00"


def test_twenty_megabytes_go_in_and_out():
    large = os.urandom(20 * MEBIBYTE)
    assert run(strangers.reverse, large) == large[::-1]


def test_a_warm_child_starts_in_milliseconds():
    run(strangers.reverse)
    begun = time.monotonic()
    for _ in range(20):
        run(strangers.reverse)
    assert time.monotonic() - begun < 2


def test_endless_work_is_stopped_by_the_processor_limit():
    assert stopped(strangers.spin, cpu_seconds=1).reason == "cpu"


def test_waiting_is_stopped_by_the_clock_on_the_wall():
    begun = time.monotonic()
    assert stopped(strangers.doze, wall_seconds=0.5).reason == "timeout"
    assert time.monotonic() - begun < 5


def test_too_much_memory_is_refused():
    assert stopped(strangers.hoard).reason == "memory"


def test_a_crash_of_the_child_is_told_and_not_shared():
    assert stopped(strangers.crash).reason == "crash"
    assert run(strangers.reverse) == b"cba"


@pytest.mark.parametrize(
    ("function", "name"), [(strangers.leave, "SystemExit"), (strangers.complain, "NotImplementedError")]
)
def test_any_exception_is_told_by_its_class_and_place_but_not_its_words(function, name):
    stop = stopped(function, b"what somebody wrote")
    assert stop.reason == "error"
    assert stop.detail.startswith(f"{name} at strangers.py:")
    assert "somebody" not in str(stop)


def test_a_result_that_is_too_large_is_not_taken():
    assert stopped(strangers.reverse, output=2).reason == "too-large"


def test_a_file_that_is_too_large_cannot_be_written():
    assert stopped(strangers.write_a_lot).detail.startswith("OSError")


def test_the_child_knows_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    names = run(strangers.environment).decode().split()
    assert set(names) <= {"LANG", "LC_CTYPE", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", *sealed._KEPT}


def test_the_child_holds_none_of_our_open_files(tmp_path):
    with (tmp_path / "ledger.txt").open("w"):
        assert "ledger.txt" not in run(strangers.descriptors).decode()


def test_the_child_has_no_network():
    if not sealed.sealed_from_network():
        pytest.skip("this kernel does not let an ordinary process leave the network")
    with canary.listening() as server:
        assert stopped(strangers.call_home, str(server.server_port).encode()).detail.startswith(
            ("OSError", "Connection")
        )


def test_the_child_works_in_a_folder_that_is_gone_afterwards():
    folder = Path(run(strangers.folder).decode())
    assert folder.name.startswith(zygote.TEMP_PREFIX)
    assert not folder.exists()


def test_many_threads_may_ask_at_once():
    answers = []
    threads = [
        threading.Thread(target=lambda text=text: answers.append(run(strangers.reverse, text.encode())))
        for text in ("ab", "cd", "ef", "gh", "ij", "kl")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [b"ba", b"dc", b"fe", b"hg", b"ji", b"lk"]


def test_a_killed_side_process_is_replaced():
    run(strangers.reverse)
    os.kill(sealed._SIDE.process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, sealed._SIDE.process.pid, os.WEXITED | os.WNOWAIT)
    assert run(strangers.reverse) == b"cba"


def test_the_side_process_finds_this_program_where_the_path_of_its_owner_does_not(monkeypatch):
    """The command `celery` takes the folder of the program out of the path again once it has loaded it."""
    ours = Path(sealed.__file__).resolve().parents[2]
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if Path(entry).resolve() != ours])
    monkeypatch.setattr(sealed, "_SIDE", sealed._Side())
    assert run(strangers.reverse) == b"cba"
    sealed._SIDE.stop()


def test_a_forked_process_starts_its_own_side_process():
    run(strangers.reverse)
    before = sealed._SIDE.process.pid
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = run(strangers.reverse)
        os.write(writing, answer if sealed._SIDE.process.pid != before else b"shared")
        sealed._SIDE.stop()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"cba"
    assert run(strangers.reverse) == b"cba"
    assert sealed._SIDE.process.pid == before


def test_the_side_process_ends_with_its_owner():
    side = sealed._Side()
    side._start()
    process = side.process
    side.stop()
    assert process.returncode == 0
    gc.collect()


def test_a_function_that_is_nowhere_is_an_error():
    def local(argument: bytes) -> bytes:
        return argument

    assert stopped(local).detail.startswith("AttributeError")
