"""Decides whether a file that somebody sends is taken: by its size, its name, and its content seen in a sealed child."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grants.delivery import sealed
from grants.delivery.inspection import SEPARATOR, inspect
from grants.delivery.inspection.reasons import Reason, Unfit
from grants.delivery.inspection.signature import refuse_test_virus

__all__ = ["ALLOWED", "MAX_BYTES", "Accepted", "Reason", "Refused", "check", "clean_name"]

MAX_BYTES = 20_000_000
NAME_LENGTH = 150
CPU_SECONDS = 8
MEMORY = 1 << 30
WALL_SECONDS = 10.0

ALLOWED: Mapping[str, str] = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}

_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # invisible, or able to turn the reading direction
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_UNNAMED = "document"


class Refused(Exception):
    """The file is not taken: `reason` has its sentence on the pages, `limit` is the figure in it where there is one."""

    def __init__(self, reason: Reason, limit: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


@dataclass(frozen=True)
class Accepted:
    """A file that is taken: its clean name, its extension in lower case, its media type, its bytes counted."""

    filename: str
    extension: str
    mime: str
    size: int


def check(filename: str, data: bytes, *, allowed: Mapping[str, str] = ALLOWED) -> Accepted:
    """Return what is known of a file that is fit to be stored; raises Refused, and nothing else, when it is not.

    `allowed` maps extensions to media types, for a field that takes less than all.
    """
    name = clean_name(filename)
    extension = PurePosixPath(name).suffix[1:].lower()
    try:
        refuse_test_virus(data)
    except Unfit as unfit:
        raise Refused(unfit.reason) from None
    if extension not in allowed:
        raise Refused(Reason.TYPE_NOT_ALLOWED)
    if not data:
        raise Refused(Reason.EMPTY)
    if len(data) > MAX_BYTES:
        raise Refused(Reason.TOO_LARGE, MAX_BYTES)
    reason = _seen(extension, data)
    if reason is not None:
        raise Refused(reason)
    return Accepted(name, extension, allowed[extension], len(data))


def _seen(extension: str, data: bytes) -> Reason | None:
    """Return why the content is unfit, as the sealed child sees it; whatever happens to the child is a reason too."""
    try:
        answer = sealed.run(
            inspect,
            extension.encode() + SEPARATOR + data,
            cpu_seconds=CPU_SECONDS,
            memory=MEMORY,
            wall_seconds=WALL_SECONDS,
            output=4096,
        )
    except sealed.Stopped as stop:
        slow = stop.reason in {"timeout", "cpu"}
        return Reason.TOOK_TOO_LONG if slow else Reason.UNREADABLE
    except OSError:
        return Reason.NOT_CHECKED
    return Reason(answer.decode()) if answer else None


def clean_name(name: str) -> str:
    """Return the name as it is stored and offered for download: one line, no path, its whole extension in sight."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(character for character in text if unicodedata.category(character) not in _UNWANTED)
    text = " ".join(_FORBIDDEN.sub("_", text).split()).strip(". ")
    if _DEVICES.match(text):
        text = f"_{text}"
    stem, point, extension = text.rpartition(".")
    if not point:
        return text[:NAME_LENGTH].rstrip() or _UNNAMED
    extension = extension[:10]
    return f"{stem[: NAME_LENGTH - 1 - len(extension)].rstrip('. ') or _UNNAMED}.{extension}"
