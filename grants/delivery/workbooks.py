"""Workbooks that people bring back: inspected and opened in sealed children, never in this process."""

from collections.abc import Callable

from grants.delivery import sealed, uploads
from grants.errors import Invalid, Reason

WORKBOOK = {"xlsx": uploads.ALLOWED["xlsx"]}
#: Ours weighs 20 kB to 500 kB; one that a spreadsheet program has saved again, a few times that.
MOST_BYTES = 2_000_000
CPU_SECONDS = 8
MEMORY = 1 << 30
WALL_SECONDS = 12.0
OUTPUT = 8_000_000


def opened(filename: str, data: bytes, cells: Callable[[bytes], bytes], warm: Callable[[], None]) -> bytes:
    """What `cells` takes out of a workbook, in a sealed child where `warm` was called before. Raises Invalid.

    Reasons of `file`: those of an upload, file_took_too_long, file_unreadable.
    """
    if len(data) > MOST_BYTES:
        raise Invalid({"file": Reason("file_too_large", {"bytes": MOST_BYTES})})
    try:
        uploads.check(filename, data, allowed=WORKBOOK)
        return sealed.run(
            cells,
            data,
            cpu_seconds=CPU_SECONDS,
            memory=MEMORY,
            wall_seconds=WALL_SECONDS,
            warm=warm,
            output=OUTPUT,
        )
    except uploads.Refused as refused:
        raise Invalid({"file": Reason(f"file_{refused.reason}")}) from refused
    except sealed.Stopped as stop:
        slow = stop.reason in {"timeout", "cpu"}
        raise Invalid({"file": Reason("file_took_too_long" if slow else "file_unreadable")}) from stop
