"""What is known of a received file: not looked at yet by the virus scanner, clean, or withheld."""

from enum import StrEnum


class Verdict(StrEnum):
    """PENDING: the scanner did not answer; only its sender reads the file. WITHHELD: nobody reads it."""

    PENDING = "pending"
    CLEAN = "clean"
    WITHHELD = "withheld"
