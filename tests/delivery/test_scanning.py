"""The virus scanner: asked over a socket or by a program; silence is never taken for an answer."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grants.delivery import scanning
from grants.delivery.scanning import scanner_for
from grants.domain.verdicts import Verdict

pytestmark = pytest.mark.slow


class Daemon:
    """Speaks as ClamAV's daemon: reads the pieces, answers what it was told to."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        self.answer = b"stream: OK\0"
        self.heard = b""
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                self.heard = b""
                while size := struct.unpack("!I", said.read(4))[0]:
                    self.heard += said.read(size)
                line.sendall(self.answer)


@pytest.fixture(params=["tcp", "unix"])
def daemon(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Daemon]]:
    if request.param == "tcp":
        listening = socket.create_server(("127.0.0.1", 0))
        address = f"clamd://127.0.0.1:{listening.getsockname()[1]}"
    else:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(str(tmp_path / "clamd.ctl"))
        listening.listen()
        address = f"clamd://{tmp_path}/clamd.ctl"
    running = Daemon(listening)
    yield address, running
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    running.thread.join()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict.CLEAN),
        (b"stream: Eicar-Test-Signature FOUND\0", Verdict.WITHHELD),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.PENDING),
        (b"", Verdict.PENDING),
    ],
)
def test_a_daemon_is_given_every_byte_and_believed_when_it_is_clear(
    daemon: tuple[str, Daemon], answer: bytes, verdict: Verdict
) -> None:
    address, running = daemon
    running.answer = answer
    scanner = scanner_for(address)
    assert scanner is not None
    data = bytes(range(256)) * 1000
    assert scanner.verdict(data) is verdict
    assert running.heard == data


@pytest.mark.parametrize("address", ["clamd://127.0.0.1:1", "clamd:///nowhere/clamd.ctl", "command:/nowhere/scan -"])
def test_up_08_a_scanner_that_is_not_there_leaves_the_file_waiting(address: str) -> None:
    scanner = scanner_for(address)
    assert scanner is not None
    assert scanner.verdict(b"x") is Verdict.PENDING


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        ("grep -q virus && exit 1; exit 0", Verdict.WITHHELD),
        ("grep -q other && exit 1; exit 0", Verdict.CLEAN),
        ("cat > /dev/null; exit 2", Verdict.PENDING),
        ("sleep 9", Verdict.PENDING),
    ],
)
def test_a_program_reads_the_file_and_ends_with_its_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(scanning, "SECONDS", 1.0)
    program = tmp_path / "scan"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    scanner = scanner_for(f"command:{program} -")
    assert scanner is not None
    assert scanner.verdict(b"a virus\n") is verdict


@pytest.mark.parametrize("address", ["http://scan", "clamd:", "command:", "nonsense"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match=r"must look like|names no program"):
        scanner_for(address)


def test_no_address_is_no_scanner() -> None:
    assert scanner_for("") is None
