"""Office files taken apart and put together again: nothing of the old archive but the parts."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from grants.delivery.cleaning.reasons import Reason, Withheld

_NEVER = (1980, 1, 1, 0, 0, 0)  # the first date that an archive can tell
FONTS = (".odttf", ".fntdata", ".ttf", ".otf")
TEXTS = (".xml", ".rels", ".vml", ".rdf")


def parts_of(data: bytes) -> dict[str, bytes]:
    """Name and bytes of each part, in the order of the archive, whose honesty was looked at before."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        raise Withheld(Reason.DAMAGED) from None


def put_together(parts: Mapping[str, bytes], *, first: str) -> bytes:
    """An archive of these parts, `first` before all others: no dates, no owners, no remarks."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in (first, *(one for one in parts if one != first)):
            entry = zipfile.ZipInfo(name, _NEVER)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 0, 0
            archive.writestr(entry, parts[name])
    return file.getvalue()
