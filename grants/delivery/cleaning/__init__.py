"""Makes the copy of a file that says nothing of who made it; works in the sealed child, on bytes alone.

What people wrote in the file stays as they wrote it. What programs noted about them goes: authors, owners, paths on
their disks, dates of their work, places where a picture was taken, earlier versions, enclosed files.
"""

from collections.abc import Callable
from importlib import import_module

from grants.delivery.cleaning.reasons import Reason, Withheld
from grants.delivery.inspection import SEPARATOR
from grants.delivery.inspection.reasons import Reason as Unfitness
from grants.delivery.inspection.reasons import Unfit

CLEANED, WITHHELD = b"C", b"W"
_HERE = "grants.delivery.cleaning"
# the modules are imported when they are needed: a child that cleans a picture has no use for what reads a PDF
_CLEANERS = {
    "pdf": ("page_file", "clean"),
    "docx": ("office", "clean_docx"),
    "xlsx": ("office", "clean_xlsx"),
    "pptx": ("office", "clean_pptx"),
    "odt": ("open_document", "clean_odt"),
    "ods": ("open_document", "clean_ods"),
    "odp": ("open_document", "clean_odp"),
    "png": ("picture", "clean_png"),
    "jpg": ("picture", "clean_jpeg"),
    "jpeg": ("picture", "clean_jpeg"),
    "webp": ("picture", "clean_webp"),
}
KINDS = frozenset(_CLEANERS)


def clean(request: bytes) -> bytes:
    """Return `C` and the copy, or `W` and the reason: `request` is the extension, a NUL, and the file."""
    extension, _, data = request.partition(SEPARATOR)
    try:
        return CLEANED + _cleaner(extension.decode())(data)
    except Withheld as withheld:
        return WITHHELD + withheld.reason.encode()
    except Unfit as unfit:
        return WITHHELD + (Reason.ENCRYPTED if unfit.reason is Unfitness.ENCRYPTED else Reason.UNFIT).encode()


def warm() -> None:
    """Import what cleans, once, in the process from which the children are made."""
    for module, _ in set(_CLEANERS.values()):
        import_module(f"{_HERE}.{module}")


def _cleaner(extension: str) -> Callable[[bytes], bytes]:
    if extension not in _CLEANERS:
        raise Withheld(Reason.KIND)
    module, name = _CLEANERS[extension]
    found: Callable[[bytes], bytes] = getattr(import_module(f"{_HERE}.{module}"), name)
    return found
