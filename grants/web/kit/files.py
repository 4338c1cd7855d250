"""Files handed back to people: always as a download, in a box of its own."""

from io import BytesIO

from flask import Response, current_app, send_file

from config.security import DOWNLOAD_SECURITY_POLICY
from grants.delivery.files import Store


def store() -> Store:
    """Where the bytes are."""
    found: Store = current_app.config["STORE"]
    return found


def download(sha256: str, filename: str, media_type: str) -> Response:
    """The stored bytes (20 MB at most) as an attachment that may neither run nor be framed. Raises NotFound."""
    content = BytesIO(store().read(sha256))
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=filename, etag=False)
    response.headers["Content-Security-Policy"] = DOWNLOAD_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
