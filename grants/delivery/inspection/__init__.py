"""Looks at the bytes of an uploaded file before anybody opens it; works in the sealed child, on bytes alone."""

from collections.abc import Callable

from grants.delivery.inspection import archive, page_file, picture
from grants.delivery.inspection.reasons import Reason, Unfit

_INSPECTORS: dict[str, Callable[[bytes], None]] = {
    "pdf": page_file.inspect,
    "docx": archive.inspect_docx,
    "xlsx": archive.inspect_xlsx,
    "odt": archive.inspect_odt,
    "ods": archive.inspect_ods,
    "png": picture.inspect_png,
    "jpg": picture.inspect_jpeg,
    "jpeg": picture.inspect_jpeg,
}
SEPARATOR = b"\0"


def inspect(request: bytes) -> bytes:
    """Return nothing when the file is fit, else the reason: `request` is the extension, a NUL, and the file."""
    extension, _, data = request.partition(SEPARATOR)
    inspector = _INSPECTORS.get(extension.decode(), _unknown)
    try:
        inspector(data)
    except Unfit as unfit:
        return unfit.reason.encode()
    return b""


def _unknown(_data: bytes) -> None:
    raise Unfit(Reason.TYPE_NOT_ALLOWED)
