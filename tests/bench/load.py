"""A bounded load: N clients ask one after the other on connections of their own, for a number of seconds.

One thread and one selector, so that the generator takes little of the processor that it shares with what it measures.
Servers with synchronous workers close each connection; so do the clients, with every server alike.
"""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

PIECE = 1 << 16


@dataclass
class Outcome:
    """What a load saw: seconds of each answer, how many answers of each status, the length of the whole in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def within(self, percent: int) -> float:
        """Milliseconds within which this share of the answers came."""
        if len(self.times) < 2:
            return self.times[0] * 1000 if self.times else 0.0
        return quantiles(self.times, n=100, method="inclusive")[percent - 1] * 1000


@dataclass
class _Client:
    """One connection: what is being sent, what came, since when."""

    line: socket.socket
    request: bytes
    begun: float
    sent: int = 0
    answer: bytearray = field(default_factory=bytearray)


Requests = Callable[[], bytes]


def get(address: str, *, host: str, cookie: str = "") -> Requests:
    """The same GET each time."""
    head = f"GET {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept-Language: fr\r\n"
    whole = (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()
    return lambda: whole


def post(address: str, body: str, *, host: str, cookie: str = "") -> bytes:
    """One POST of a form."""
    data = body.encode()
    head = (
        f"POST {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept-Language: fr\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n"
    )
    return (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode() + data


def once(port: int, request: bytes, timeout: float = 30.0) -> tuple[int, bytes, bytes]:
    """One request now: status, headers, body."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as line:
        line.sendall(request)
        answer = bytearray()
        while piece := line.recv(PIECE):
            answer += piece
    head, _, body = bytes(answer).partition(b"\r\n\r\n")
    return _status(answer), head, body


def drive(port: int, requests: Requests, *, clients: int, seconds: float) -> Outcome:
    """Ask `requests` of the server on `port` with that many clients for that long.

    StopIteration from `requests` (nothing left to ask) ends the load early. What is under way at the end is awaited
    and counted, and so is the time that it takes.
    """
    selector, outcome = selectors.DefaultSelector(), Outcome()
    begun = time.perf_counter()
    asking = all([_begin(selector, port, requests) for _ in range(clients)])  # noqa: C419 -- every client must begin
    while selector.get_map():
        for key, mask in selector.select(30):
            client: _Client = key.data
            if not _advance(selector, client, mask):
                continue
            _finish(selector, client, outcome)
            if asking and time.perf_counter() - begun < seconds:
                asking = _begin(selector, port, requests)
    outcome.seconds = time.perf_counter() - begun
    selector.close()
    return outcome


def _begin(selector: selectors.BaseSelector, port: int, requests: Requests) -> bool:
    try:
        request = requests()
    except StopIteration:
        return False
    line = socket.socket()
    line.setblocking(False)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    begun = time.perf_counter()
    line.connect_ex(("127.0.0.1", port))
    selector.register(line, selectors.EVENT_WRITE, _Client(line, request, begun))
    return True


def _advance(selector: selectors.BaseSelector, client: _Client, mask: int) -> bool:
    """Send or receive what is possible now; True when the answer is complete."""
    if mask & selectors.EVENT_WRITE:
        client.sent += client.line.send(client.request[client.sent :])
        if client.sent == len(client.request):
            selector.modify(client.line, selectors.EVENT_READ, client)
        return False
    try:
        piece = client.line.recv(PIECE)
    except ConnectionResetError:
        piece = b""
    client.answer += piece
    return not piece


def _finish(selector: selectors.BaseSelector, client: _Client, outcome: Outcome) -> None:
    outcome.times.append(time.perf_counter() - client.begun)
    status = _status(client.answer)
    outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    selector.unregister(client.line)
    client.line.close()


def _status(answer: bytes | bytearray) -> int:
    """The status of an answer; 0 for none."""
    return int(answer[9:12]) if answer[:5] == b"HTTP/" else 0
