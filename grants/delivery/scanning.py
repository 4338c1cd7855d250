"""The virus scanner of a deployment: a daemon that is asked over a socket, a program, or none."""

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from grants.domain.verdicts import Verdict

SECONDS = 20.0
_PIECE = 1 << 16
_LONGEST_ANSWER = 4096
_CLEAN, _INFECTED = 0, 1  # exit codes of clamscan, clamdscan and those that imitate them
PORT = 3310


@dataclass(frozen=True)
class Scanner:
    """Asks `ask(data)`: True for clean, False for infected, OSError when there was no answer."""

    ask: Callable[[bytes], bool]

    def verdict(self, data: bytes) -> Verdict:
        """What the scanner says; PENDING when it does not answer, answers nonsense, or takes longer than 20 seconds."""
        try:
            return Verdict.CLEAN if self.ask(data) else Verdict.WITHHELD
        except (OSError, subprocess.SubprocessError):
            return Verdict.PENDING


def scanner_for(address: str) -> Scanner | None:
    """The scanner behind a setting; None for an empty one.

    `clamd://host:3310` and `clamd:///run/clamav/clamd.ctl` ask a ClamAV daemon, `command:/usr/bin/clamdscan -` runs a
    program that reads the file from its input and ends with 0 (clean) or 1 (infected). Raises ValueError.
    """
    if not address:
        return None
    if address.startswith("command:"):
        words = shlex.split(address.removeprefix("command:"))
        if not words:
            raise ValueError("names no program")
        return Scanner(lambda data: _by_command(words, data))
    parts = urlsplit(address)
    if parts.scheme != "clamd" or not (parts.hostname or parts.path):
        raise ValueError("must look like clamd://host:3310, clamd:///path/of/socket or command:/path/of/program -")
    if parts.hostname:
        place: str | tuple[str, int] = (parts.hostname, parts.port or PORT)
    else:
        place = parts.path
    return Scanner(lambda data: _by_daemon(place, data))


def _by_command(words: list[str], data: bytes) -> bool:
    done = subprocess.run(words, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 -- the deployer's own words
    return _told(done.returncode == _CLEAN, done.returncode == _INFECTED)


def _by_daemon(place: str | tuple[str, int], data: bytes) -> bool:
    """Ask in the daemon's own language: pieces with their length before them, one of no length at the end."""
    with _line_to(place) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        answer = _all(line)
    return _told(answer.endswith(b": OK"), answer.endswith(b" FOUND"))


def _line_to(place: str | tuple[str, int]) -> socket.socket:
    if not isinstance(place, str):
        return socket.create_connection(place, SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(SECONDS)
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _all(line: socket.socket) -> bytes:
    answer = b""
    while len(answer) < _LONGEST_ANSWER and not answer.endswith(b"\0") and (piece := line.recv(_LONGEST_ANSWER)):
        answer += piece
    return answer.rstrip(b"\0\n")


def _told(clean: bool, infected: bool) -> bool:  # noqa: FBT001 -- the two halves of an answer
    if clean == infected:
        raise OSError("the scanner gave no answer")
    return clean
