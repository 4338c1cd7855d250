"""A mail server that follows a script: what it answers to each word, and where it hangs up."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

HANG_UP = b""
ORDINARY = {
    b"hello": b"220 ready\r\n",
    b"EHLO": b"250-here\r\n250 8BITMIME\r\n",
    b"MAIL": b"250 ok\r\n",
    b"RCPT": b"250 ok\r\n",
    b"DATA": b"354 go on\r\n",
    b".": b"250 taken\r\n",
    b"QUIT": b"221 bye\r\n",
}


class ScriptedServer:
    """Listens on `port`; `heard` is every line it was told, `messages` what it was given between DATA and the dot."""

    def __init__(self, script: Mapping[bytes, bytes], read_data: bool) -> None:  # noqa: FBT001 -- a test's own server
        self.script = {**ORDINARY, **script}
        self.read_data = read_data
        self.heard: list[bytes] = []
        self.messages: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def serve_one(self) -> None:
        self.socket.settimeout(5)
        try:
            connection, _ = self.socket.accept()
        except OSError:  # nobody came
            return
        with connection, connection.makefile("rb") as lines:
            if not self._say(connection, b"hello"):
                return
            for line in lines:
                self.heard.append(line)
                word = line[:4].strip().upper()
                if not self._say(connection, word):
                    return
                if word == b"DATA" and self.script[word].startswith(b"354") and not self._data(connection, lines):
                    return

    def _say(self, connection: socket.socket, word: bytes) -> bool:
        answer = self.script.get(word, b"250 ok\r\n")
        if answer != HANG_UP:
            connection.sendall(answer)
        return answer != HANG_UP

    def _data(self, connection: socket.socket, lines: Iterator[bytes]) -> bool:
        if not self.read_data:
            # Closing with unread bytes resets the line, as a server that dies does.
            return False
        message = []
        for line in lines:
            if line == b".\r\n":
                self.messages.append(b"".join(message))
                return self._say(connection, b".")
            message.append(line)
        return False


@contextmanager
def scripted(script: Mapping[bytes, bytes] | None = None, *, read_data: bool = True) -> Iterator[ScriptedServer]:
    server = ScriptedServer(script or {}, read_data)
    thread = threading.Thread(target=server.serve_one, daemon=True)
    thread.start()
    with server.socket:
        yield server
        thread.join(10)
