"""What tests run in a sealed child: functions that misbehave, each in one way."""

import os
import signal
import socket
import time
from pathlib import Path


def reverse(argument: bytes) -> bytes:
    return argument[::-1]


def spin(argument: bytes) -> bytes:
    while True:
        argument = argument[::-1]


def doze(argument: bytes) -> bytes:
    time.sleep(60)
    return argument


def hoard(argument: bytes) -> bytes:
    return argument * (1 << 32)


def crash(_argument: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def leave(_argument: bytes) -> bytes:
    raise SystemExit(0)


def complain(argument: bytes) -> bytes:
    raise NotImplementedError(argument.decode())


def environment(_argument: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


def descriptors(_argument: bytes) -> bytes:
    return "\n".join(str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()).encode()


def call_home(argument: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(argument)), timeout=2):
        return b"connected"


def write_a_lot(_argument: bytes) -> bytes:
    with Path("large").open("wb") as file:
        file.writelines(bytes(1 << 20) for _ in range(64))
    return b"written"


def fork(_argument: bytes) -> bytes:
    return str(os.fork()).encode()


def folder(_argument: bytes) -> bytes:
    return str(Path.cwd()).encode()
