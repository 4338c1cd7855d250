"""The only door for mail: one recipient, an explicit envelope, and three answers when it did not go through.

The kind of failure decides what happens next: `Temporary` is tried again, `Permanent` is shown to a person, and
`Uncertain` (the connection was lost after the message had been handed over) is tried once more with the same bytes.
"""

import contextlib
import re
import smtplib
import ssl
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from grants.delivery.mailbox import drop
from grants.delivery.message import Attachment, BadMessage, Message, bare_address, to_bytes

__all__ = [
    "Attachment",
    "BadMessage",
    "DeliveryProblem",
    "Folder",
    "Message",
    "Permanent",
    "Smtp",
    "Temporary",
    "Transport",
    "Uncertain",
    "bare_address",
    "to_bytes",
    "transport_for",
]

TIMEOUT_SECONDS = 20.0
_OK, _GO_ON, _REFUSED = 250, 354, 500


class DeliveryProblem(Exception):
    """The message was not certainly delivered; `reason` is for the operator and holds no text of the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Temporary(DeliveryProblem):
    """It did not leave, for a reason that passes: no connection, no encryption, 4xx, a lost line before the end."""


class Permanent(DeliveryProblem):
    """The server refuses it for good (5xx to the recipient or to the message); trying again would not help."""


class Uncertain(DeliveryProblem):
    """The line was lost after the whole message had been handed over: the server may have it or not."""


class Transport(Protocol):
    """What takes a finished message to one recipient."""

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Deliver the bytes; raises Temporary, Permanent or Uncertain."""


class Smtp:
    """A mail server: `smtp://user:password@host:587` (STARTTLS is required, unless `?starttls=0`) or `smtps://host`."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            message = "a mail server is written smtp://host:port or smtps://host:port"
            raise ValueError(message)
        self.host = parts.hostname
        self.implicit_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.implicit_tls else 587)
        self.starttls = not self.implicit_tls and parse_qs(parts.query).get("starttls", ["1"])[0] != "0"
        self.user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self.timeout = timeout

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Deliver the bytes to one recipient, `sender` being the return address.

        Raises Temporary, Permanent, Uncertain, or BadMessage when an address is not exactly one.
        """
        envelope = bare_address(parseaddr(sender)[1]), bare_address(recipient)
        server = self._connected()
        try:
            _hand_over(server, raw, *envelope)
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()  # accepted already: how the line ends does not matter any more
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """Return an open, encrypted, authenticated line; whatever prevents it is Temporary."""
        server: smtplib.SMTP | None = None
        try:
            server = self._open()
            server.ehlo_or_helo_if_needed()
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self._password)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if server is not None:
                server.close()
            raise Temporary(_said(error)) from error
        return server

    def _open(self) -> smtplib.SMTP:
        if self.implicit_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


def _hand_over(server: smtplib.SMTP, raw: bytes, sender: str, recipient: str) -> None:
    """Speak the four sentences of SMTP one by one: only the last one can leave us in doubt."""
    try:
        _expect(server.mail(sender), _OK)
        _expect(server.rcpt(recipient), _OK)
        _expect(server.docmd("DATA"), _GO_ON)
        # When this raises, the closing dot has not left: the server cannot have accepted anything.
        server.send(_dotted(raw))
    except (OSError, smtplib.SMTPException) as error:
        raise Temporary(_said(error)) from error
    try:
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(_said(error)) from error
    _expect(answer, _OK)


def _expect(answer: tuple[int, bytes], wanted: int) -> None:
    """Go on when the server said what was wanted (or another 2xx for a 250); otherwise raise what its figure means."""
    code = answer[0]
    if code == wanted or wanted == _OK <= code < _OK + 50:
        return
    said = f"{code} {answer[1].decode('utf-8', 'replace')[:200]}"
    raise (Permanent if code >= _REFUSED else Temporary)(said)


def _dotted(raw: bytes) -> bytes:
    """Return the message with CRLF line ends, its leading dots doubled, and the dot that closes it."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    return re.sub(rb"(?m)^\.", b"..", lines.removesuffix(b"\r\n")) + b"\r\n.\r\n"


def _said(error: Exception) -> str:
    """Return the class and the server's words; never a password, which smtplib does not repeat."""
    return f"{type(error).__name__}: {error}"[:300]


class Folder:
    """The mailbox of a demonstration: a folder of `.eml` files that is read in the browser instead of a server."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Write the message as one file; delivered twice it is still one. Raises Temporary when the disk refuses."""
        bare_address(parseaddr(sender)[1])
        bare_address(recipient)
        try:
            drop(self.path, raw)
        except OSError as error:
            raise Temporary(_said(error)) from error


def transport_for(url: str, folder: Path) -> Transport:
    """Return the mail server of `url`, or the folder when there is none."""
    return Smtp(url) if url else Folder(folder)
