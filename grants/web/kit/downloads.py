"""Files handed to a browser: named, typed, never guessed at, never kept by anybody in between."""

from io import BytesIO

from flask import Response, current_app, send_file

from config.security import DOWNLOAD_SECURITY_POLICY, PRIVATE_CACHE_CONTROL
from grants.delivery.files import Store

PDF = "application/pdf"
# A PDF of our own is shown in the browser's reader, which a sandbox would forbid; it may load nothing.
READER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def store() -> Store:
    """Where the bytes are."""
    found: Store = current_app.config["STORE"]
    return found


def download(sha256: str, filename: str, media_type: str) -> Response:
    """The stored bytes (20 MB at most), for saving. Raises NotFound."""
    return saved_file(store().read(sha256), filename, media_type)


def own_pdf(data: bytes, filename: str, *, saved: bool = False) -> Response:
    """A PDF that Palabre drew, shown in place; `saved`: offered for saving instead."""
    return _handed(data, filename, PDF, saved=saved, policy=READER_POLICY)


def saved_file(data: bytes, filename: str, mime: str) -> Response:
    """A file for saving: it is not shown, run or framed."""
    return _handed(data, filename, mime, saved=True, policy=DOWNLOAD_SECURITY_POLICY)


def _handed(data: bytes, filename: str, mime: str, *, saved: bool, policy: str) -> Response:
    answer = send_file(BytesIO(data), mimetype=mime, as_attachment=saved, download_name=filename, etag=False)
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = PRIVATE_CACHE_CONTROL
    return answer
