"""Why an uploaded file is not taken; each code has its sentence on the pages."""

from enum import StrEnum


class Reason(StrEnum):
    """The reason codes of a refused file."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    TYPE_MISMATCH = "type_mismatch"  # the content is not what the name says
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    NESTED_FILE = "nested_file"
    EXPANDS_TOO_MUCH = "expands_too_much"
    UNSAFE_NAMES = "unsafe_names"
    EXTERNAL_CONTENT = "external_content"
    ACTIVE_CONTENT = "active_content"
    EMBEDDED_FILES = "embedded_files"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    ANIMATED = "animated"
    TOOK_TOO_LONG = "took_too_long"
    UNREADABLE = "unreadable"
    INFECTED = "infected"
    NOT_CHECKED = "not_checked"  # the machine could not look; trying again may help


class Unfit(Exception):
    """The file is not fit to be taken, for the reason given."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
