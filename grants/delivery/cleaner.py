"""Asks a sealed child for the copy of a file that says nothing of who made it; never gives the file itself back."""

from grants.delivery import sealed
from grants.delivery.cleaning import CLEANED, clean, warm
from grants.delivery.cleaning.reasons import Reason, Withheld
from grants.delivery.inspection import SEPARATOR

__all__ = ["Reason", "Withheld", "cleaned"]

CPU_SECONDS = 30
MEMORY = 1 << 30
WALL_SECONDS = 60.0
MAX_BYTES = 40_000_000  # of the copy: a picture that was packed better than ours may grow

_STOPPED = {"timeout": Reason.TOOK_TOO_LONG, "cpu": Reason.TOOK_TOO_LONG, "too-large": Reason.TOO_LARGE}


def cleaned(extension: str, data: bytes) -> bytes:
    """Return the copy of a file with this extension (lower case, without a point).

    Raises Withheld, with the reason, whatever happened to the child; OSError when no child could be had at all.
    """
    try:
        answer = sealed.run(
            clean,
            extension.encode() + SEPARATOR + data,
            cpu_seconds=CPU_SECONDS,
            memory=MEMORY,
            wall_seconds=WALL_SECONDS,
            warm=warm,
            output=MAX_BYTES,
        )
    except sealed.Stopped as stop:
        raise Withheld(_STOPPED.get(stop.reason, Reason.NOT_CLEANED)) from None
    if answer[:1] == CLEANED and len(answer) > 1:
        return answer[1:]
    raise Withheld(Reason(answer[1:].decode()))
