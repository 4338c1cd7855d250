"""Runs a function in a sealed child: no network, no secrets, little time, little memory; bytes in, bytes out.

Drawing a PDF and opening an uploaded file are the two places where bytes written by strangers meet large libraries.
They happen in a child that is forked from a clean side process (`grants.delivery.zygote`) and not from this one: a
web worker has threads, whose locks do not survive a fork, and holds connections and keys that the child must not see.
Modules are imported there once, so a child starts in milliseconds.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from grants.delivery import zygote

OUTPUT_BYTES = 30 * 1024 * 1024
_WORDS_BYTES = 4096  # enough for a process number or a reason
_STOP_SECONDS = 5.0
_KEPT = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "TMPDIR")  # what the loader and the fonts need
_HERE = str(Path(__file__).resolve().parents[2])  # where `grants` lies; a worker's own path may not name it
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from grants.delivery.zygote import serve; serve(int(sys.argv[1]))"


class Stopped(Exception):
    """The sealed child gave no result: `timeout`, `cpu`, `memory`, `too-large`, `crash` or `error` (with a detail)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class _Side:
    """The zygote of this process, started when it is first needed and again when it is gone."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def send(self, job: zygote.Job, descriptor: int) -> None:
        """Hand a job and the child's end of its line to the zygote; a dead zygote is replaced once."""
        message = json.dumps(job._asdict()).encode()
        with self.lock:
            for last in (False, True):
                control = self.control or self._start()
                try:
                    socket.send_fds(control, [message], [descriptor])
                except OSError:
                    self.stop()
                    if last:
                        raise
                else:
                    return

    def _start(self) -> socket.socket:
        """Start the zygote with nothing but the control socket; returns our end of it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}  # noqa: TID251 -- not settings
        path = [_HERE, *(str(Path(entry).absolute()) for entry in sys.path)]
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 -- our own interpreter, our own words
                [sys.executable, "-c", _BOOT, str(theirs.fileno()), json.dumps(path)],
                pass_fds=[theirs.fileno()],
                # one order of sets and hashes in every zygote, so that the same document gives the same bytes
                env={**kept, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
            )
        self.control = ours
        return ours

    def stop(self) -> None:
        """Let the zygote end: it does when our end of the control socket is closed."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP_SECONDS)
            if self.process.returncode is None:
                self.process.kill()
                self.process.wait()
        self.control = self.process = None

    def forget(self) -> None:
        """In a forked process: the zygote belongs to the parent, this process will start its own."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.returncode = 0  # not ours to wait for
        self.__init__()  # type: ignore[misc]  # a lock held by another thread at the fork would never be given back


_SIDE = _Side()
atexit.register(_SIDE.stop)
os.register_at_fork(after_in_child=_SIDE.forget)


def run(  # noqa: PLR0913 -- each limit is named where it is asked for
    function: Callable[[bytes], bytes],
    argument: bytes,
    *,
    cpu_seconds: int,
    memory: int,
    wall_seconds: float,
    warm: Callable[[], None] | None = None,
    output: int = OUTPUT_BYTES,
) -> bytes:
    """Return `function(argument)`, worked out in a sealed child; raises Stopped when the child gave no result.

    `function` and `warm` are functions of a module (they travel by name). `warm` is called in the side process before
    the fork: it imports what is slow to import, and must be cheap when called again. `memory` is the address space in
    bytes, `output` the largest result and the largest file in bytes.
    """
    deadline = time.monotonic() + wall_seconds
    with tempfile.TemporaryDirectory(prefix=zygote.TEMP_PREFIX, ignore_cleanup_errors=True) as folder:
        job = zygote.Job(
            _name(function), _name(warm) if warm else None, cpu_seconds, memory, wall_seconds, output, folder
        )
        line, theirs = socket.socketpair()
        with line:
            with theirs:
                _SIDE.send(job, theirs.fileno())
            return _converse(line, argument, deadline, output)


def sealed_from_network() -> bool:
    """Return whether the kernel lets a child be cut off from every network (it sees no interface but its own `lo`)."""
    seen = run(zygote.network_interfaces, b"", cpu_seconds=5, memory=1 << 30, wall_seconds=10)
    return seen in {b"", b"lo"}


def _name(function: Callable[..., object]) -> str:
    """Return `module:name`, by which the side process finds the function."""
    return f"{function.__module__}:{function.__qualname__}"


def _converse(line: socket.socket, argument: bytes, deadline: float, output: int) -> bytes:
    """Send the argument, wait for the result until the deadline; the child does not outlive it."""
    child = None
    try:
        _, number = _next_frame(line, deadline, output)
        child = int(number)
        line.settimeout(_left(deadline))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have said why before it went
            zygote.send_frame(line, zygote.RESULT, argument)
        _, result = _next_frame(line, deadline, output)
    except TimeoutError:
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        raise Stopped("timeout") from None
    except (EOFError, OSError, ValueError):
        raise Stopped("timeout" if time.monotonic() >= deadline else "crash") from None
    return result


def _next_frame(line: socket.socket, deadline: float, output: int) -> tuple[bytes, bytes]:
    """Return the next frame of the child; raises Stopped when it tells why it has none."""
    line.settimeout(_left(deadline))
    kind, payload = zygote.read_frame(line, max(output, _WORDS_BYTES))
    if kind == zygote.STOPPED:
        raise Stopped(**json.loads(payload))
    return kind, payload


def _left(deadline: float) -> float:
    """Return the seconds until the deadline; TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
