"""Why a file has no copy for anonymous reading; each code has its sentence on the manager's page."""

from enum import StrEnum


class Reason(StrEnum):
    """The reason codes of a withheld file."""

    KIND = "kind"  # no cleaning is known for this kind of file
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    UNFIT = "unfit"  # today's inspection would not take it
    UNKNOWN_PART = "unknown_part"  # a picture or an object inside of which nothing is known
    ANIMATED = "animated"
    TOO_LARGE = "too_large"
    TOOK_TOO_LONG = "took_too_long"
    NOT_CLEANED = "not_cleaned"  # the cleaning failed, or its result still says what it must not
    NOT_STORED = "not_stored"  # the bytes of the file are lost


class Withheld(Exception):
    """There is no copy of the file, for the reason given; nobody may be given the original instead."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
