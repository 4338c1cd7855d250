"""The small clean process from which sealed children are forked: warm modules, no secrets, no open connections.

It is started by `grants.delivery.sealed` with an empty environment and one control socket. A job arrives as a JSON
line together with the descriptor of a private line; the job's child answers there. When the last owner of the
control socket is gone the zygote ends, and its children with it.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import socket
import struct
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NamedTuple

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
OPEN_FILES = 64
GARBAGE_OBJECTS = 50_000  # a child lives for a second: it need not look for garbage at every 700 objects
GRACE_SECONDS = 2  # between the signal that Python can answer and the one that it cannot
TEMP_PREFIX = "palabre-sealed-"
STALE_SECONDS = 3600
HEADER = struct.Struct("!cQ")
CONTROL_BYTES = 1 << 16

PROCESS, RESULT, STOPPED = b"P", b"R", b"S"


class Job(NamedTuple):
    """What a child is asked to do: names of functions, limits in seconds and bytes, and a folder of its own."""

    function: str
    warm: str | None
    cpu_seconds: int
    memory: int
    wall_seconds: float
    output: int
    folder: str


class _CpuSpent(BaseException):
    """The processor time of this child is used up; not an Exception, so that no library swallows it."""


def send_frame(line: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame: its kind, its length, its bytes."""
    line.sendall(HEADER.pack(kind, len(payload)))
    line.sendall(payload)


def read_exactly(line: socket.socket, size: int) -> bytes:
    """Return `size` bytes from the line; EOFError when the other side is gone before."""
    data = bytearray(size)
    view = memoryview(data)
    done = 0
    while done < size:
        count = line.recv_into(view[done:])
        if not count:
            raise EOFError
        done += count
    return bytes(data)


def read_frame(line: socket.socket, largest: int) -> tuple[bytes, bytes]:
    """Return kind and bytes of the next frame; ValueError when it claims more than `largest` bytes."""
    kind, size = HEADER.unpack(read_exactly(line, HEADER.size))
    if size > largest:
        message = f"frame of {size} bytes"
        raise ValueError(message)
    return kind, read_exactly(line, size)


def network_interfaces(_argument: bytes) -> bytes:
    """Return the names of the network interfaces that a child sees, one a line: `lo` alone when it is sealed."""
    return "\n".join(name for _, name in socket.if_nameindex()).encode()


def serve(control_fd: int) -> None:
    """Fork a child for every job that arrives, until the control socket is closed. Never returns an error."""
    control = socket.socket(fileno=control_fd)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the owner decides; its end is the end of this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    _sweep_leftovers()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, CONTROL_BYTES, 1)
        if not message or not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as line:
            _answer(Job(**json.loads(message)), line, control)


def _answer(job: Job, line: socket.socket, control: socket.socket) -> None:
    """Warm what the job needs, fork, and leave the line to the child."""
    try:
        if job.warm:
            _function(job.warm)()
        function = _function(job.function)
        gc.freeze()  # what is warm stays out of the children's collections, whose marks would copy every page of it
        child = os.fork()
    except Exception as error:  # noqa: BLE001 -- whatever it is, the asker must hear of it and the zygote must live
        with contextlib.suppress(OSError):
            send_frame(line, STOPPED, _stop("error", error))
        return
    if child == 0:
        control.close()
        _child(job, function, line)


def _function(name: str) -> Callable[..., bytes]:
    """Return the function `module:name`, its module imported once for all later children."""
    module, _, attribute = name.partition(":")
    found: Callable[..., bytes] = getattr(importlib.import_module(module), attribute)
    return found


def _child(job: Job, function: Callable[[bytes], bytes], line: socket.socket) -> None:
    """Work in the sealed child and end it; whatever happens the process is gone afterwards."""
    try:
        gc.set_threshold(GARBAGE_OBJECTS)
        _seal(job)
        send_frame(line, PROCESS, str(os.getpid()).encode())
        _, argument = read_frame(line, job.memory)
        kind, payload = _outcome(function, argument, job.output)
        signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)
        send_frame(line, kind, payload)
    finally:
        os._exit(0)


def _outcome(function: Callable[[bytes], bytes], argument: bytes, largest: int) -> tuple[bytes, bytes]:
    """Return the frame that tells how the function ended: its bytes, or why there are none."""
    try:
        result = function(argument)
    except _CpuSpent:
        return STOPPED, _stop("cpu")
    except MemoryError:
        return STOPPED, _stop("memory")
    except BaseException as error:  # noqa: BLE001 -- libraries raise BaseExceptions of their own
        return STOPPED, _stop("error", error)
    if len(result) > largest:
        return STOPPED, _stop("too-large")
    return RESULT, result


def _stop(reason: str, error: BaseException | None = None) -> bytes:
    """Return a reason with the class and the place of an error, never its message: that may hold what people wrote."""
    detail = ""
    if error is not None:
        places = traceback.extract_tb(error.__traceback__)
        where = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
        detail = f"{type(error).__name__}{where}"
    return json.dumps({"reason": reason, "detail": detail}).encode()


def _seal(job: Job) -> None:
    """Take from this process the network, the time, the memory and the privileges that the job does not need."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, job.wall_seconds)  # kept by the kernel even when the asker is dead
    signal.signal(signal.SIGXCPU, _cpu_spent)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # the first to go when the machine is out of memory
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        libc.unshare(CLONE_NEWNET)
    tempfile.tempdir = job.folder
    os.chdir(job.folder)
    _limit(resource.RLIMIT_CPU, job.cpu_seconds, job.cpu_seconds + GRACE_SECONDS)
    _limit(resource.RLIMIT_AS, job.memory)
    _limit(resource.RLIMIT_FSIZE, job.output)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit of this process; never above what it was allowed before."""
    allowed = resource.getrlimit(what)[1]
    ceiling = (hard or soft) if allowed == resource.RLIM_INFINITY else min(hard or soft, allowed)
    resource.setrlimit(what, (min(soft, ceiling), ceiling))


def _cpu_spent(_signal: int, _frame: FrameType | None) -> None:
    """Turn the signal of the spent processor time into an exception that no library catches."""
    raise _CpuSpent


def _sweep_leftovers() -> None:
    """Remove the folders of children whose asker was killed more than an hour ago."""
    latest = time.clock_gettime(time.CLOCK_REALTIME) - STALE_SECONDS
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMP_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < latest:
                shutil.rmtree(folder, ignore_errors=True)
