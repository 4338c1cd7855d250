"""The machines of a fault test: a mail sink, a Redis, a worker that can be killed with everything it started."""

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as ServerSMTP  # noqa: N811
from aiosmtpd.smtp import Envelope, Session

from config.settings import PROJECT

START_SECONDS = 30
PAUSE_BEFORE_ANSWER = 0.02  # between having a message and saying so: where a kill leaves the sender in doubt


@dataclass(frozen=True)
class Delivery:
    """What the sink accepted: for whom (the envelope), which Message-ID, which bytes."""

    recipients: tuple[str, ...]
    message_id: str
    sha256: str
    attachments: int


@dataclass
class Sink:
    """A mail server that keeps everything."""

    deliveries: list[Delivery] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    async def handle_DATA(self, server: ServerSMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Keep the message, then be slow to say so."""
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=SMTP)
        files = sum(1 for part in message.walk() if part.get_content_type() == "application/pdf")
        digest = hashlib.sha256(raw).hexdigest()
        self.deliveries.append(Delivery(tuple(envelope.rcpt_tos), str(message["Message-ID"]), digest, files))
        self.came.set()
        await asyncio.sleep(PAUSE_BEFORE_ANSWER)
        return "250 kept"


@contextmanager
def sink() -> Iterator[Sink]:
    """A sink on loopback for the length of the block."""
    kept = Sink()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port(), data_size_limit=40_000_000)
    controller.start()
    kept.url = f"smtp://127.0.0.1:{controller.port}?starttls=0"
    try:
        yield kept
    finally:
        controller.stop()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A real Redis on a port of its own, with its append-only file; yields its address."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--appendonly", "yes", "--save", ""]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=20)


class Worker:
    """A worker and its scheduler in one process group, which dies as one."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.program = [sys.executable, *program]
        self.environment = {**os.environ, **environment}
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; what it says goes to the log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the whole group: no handler runs, nothing is flushed."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        self.process = None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(b"PING\r\n")
        return line.recv(7).startswith(b"+PONG")
    return False


def _until(true: object) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if callable(true) and true():
            return
        time.sleep(0.05)
    message = "a machine of the test did not start"
    raise TimeoutError(message)
