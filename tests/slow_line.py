"""A slow line that breaks: a proxy in front of a site that carries so many bits a second, cuts at random, counts bytes."""

import contextlib
import random
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)
PIECE = 1024


@dataclass
class Line:
    """The line as it is now. `bits`: a second, shared by all connections; 0: as fast as it goes.

    `every`: after how many bytes, on average, the connection that carries them is cut; 0: never. `carried`: bytes both
    ways, headers included; `broken`: connections that were cut.
    """

    port: int = 0
    bits: int = 0
    every: int = 0
    carried: int = 0
    broken: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(20270105))  # noqa: S311 -- the same cuts each time
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _free_at: float = 0.0

    def breaks(self, size: int) -> bool:
        """Whether the line breaks after these bytes."""
        with self._lock:
            found = bool(self.every) and self.chance.random() < size / self.every
            self.broken += found
        return found

    def carry(self, size: int) -> None:
        """Wait as long as these bytes take behind those of all others."""
        with self._lock:
            self.carried += size
            begins = max(self._free_at, time.monotonic())
            self._free_at = begins + (8 * size / self.bits if self.bits else 0)
            ends = self._free_at
        time.sleep(max(0.0, ends - time.monotonic()))


@contextmanager
def slow_line(to_port: int, *, bits: int = 0, every: int = 0) -> Iterator[Line]:
    """A line to a port of this machine, at `line.port`."""
    line = Line(bits=bits, every=every)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        line.port = server.getsockname()[1]
        stopping = threading.Event()
        thread = threading.Thread(target=_accept, args=(server, to_port, line, stopping), daemon=True)
        thread.start()
        try:
            yield line
        finally:
            stopping.set()
            thread.join(5)


def _accept(server: socket.socket, to_port: int, line: Line, stopping: threading.Event) -> None:
    server.settimeout(0.1)
    while not stopping.is_set():
        with contextlib.suppress(TimeoutError):
            client, _ = server.accept()
            threading.Thread(target=_serve, args=(client, to_port, line, stopping), daemon=True).start()


def _serve(client: socket.socket, to_port: int, line: Line, stopping: threading.Event) -> None:
    with client, socket.create_connection(("127.0.0.1", to_port)) as site:
        while not stopping.is_set():
            ready, _, _ = select.select([client, site], [], [], 0.2)
            for one in ready:
                other = site if one is client else client
                try:
                    data = one.recv(PIECE)
                    line.carry(len(data))
                    other.sendall(data)
                except OSError:
                    return
                if not data:
                    return
                if line.breaks(len(data)):
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    return
