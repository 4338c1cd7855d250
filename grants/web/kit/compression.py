"""Pages, styles and scripts go out compressed: a slow line carries a quarter of the bytes.

Some bytes of chance stand in the header of what is compressed, so that nobody on the line learns a secret of a page by
watching how much shorter a guess makes it.
"""

import secrets
import zlib
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")
SHORT = 600
LONG = 4_000_000
LEVEL = 5
MOST_CHANCE = 48
_GZIP_WITH_NAME = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"
Headers = list[tuple[str, str]]


class Compressed:
    """An application whose texts are compressed for those who take it."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, its texts shorter."""
        if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", "") or environ["REQUEST_METHOD"] == "HEAD":
            return self._inner(environ, start_response)
        begun: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, _failure: object = None) -> Callable[[bytes], object]:
            begun[:] = [(status, headers)]
            return _refuse_writing

        body = self._inner(environ, begin)
        status, headers = begun[0]
        if not _is_text(status, headers):
            start_response(status, headers)
            return body
        try:
            whole = b"".join(body)
        finally:
            _close(body)
        if len(whole) >= SHORT:
            whole = _packed(whole)
            headers = _told(headers, len(whole))
        start_response(status, headers)
        return [whole]


def _is_text(status: str, headers: Headers) -> bool:
    said = {name.lower(): value for name, value in headers}
    whole = status[:3] not in {"204", "206", "304"} and "content-encoding" not in said
    short = int(said.get("content-length", "0") or 0) <= LONG
    return whole and short and said.get("content-type", "").startswith(TEXTS)


def _packed(whole: bytes) -> bytes:
    """A gzip file whose name is so many letters of chance."""
    pack = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    chance = b"x" * secrets.randbelow(MOST_CHANCE)
    tail = zlib.crc32(whole).to_bytes(4, "little") + (len(whole) & 0xFFFFFFFF).to_bytes(4, "little")
    return _GZIP_WITH_NAME + chance + b"\0" + pack.compress(whole) + pack.flush() + tail


def _told(headers: Headers, length: int) -> Headers:
    kept = [(name, _weak(name, value)) for name, value in headers if name.lower() not in ("content-length", "vary")]
    vary = ", ".join([value for name, value in headers if name.lower() == "vary"] + ["Accept-Encoding"])
    return [*kept, ("Vary", vary), ("Content-Encoding", "gzip"), ("Content-Length", str(length))]


def _weak(name: str, value: str) -> str:
    """The mark of a text says the same of its compressed form, but not byte for byte."""
    return f"W/{value}" if name.lower() == "etag" and not value.startswith("W/") else value


def _close(body: Any) -> None:  # noqa: ANN401 -- whatever the application gave; it closes what can be closed
    if hasattr(body, "close"):
        body.close()


def _refuse_writing(_data: bytes) -> object:
    message = "an application that writes by hand is not compressed"
    raise NotImplementedError(message)
