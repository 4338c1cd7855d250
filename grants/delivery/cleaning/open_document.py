"""OpenDocument texts, sheets and slides without who wrote, changed, commented, signed or printed them."""

import re

from lxml import etree

from grants.delivery.cleaning.enclosed import clean_picture
from grants.delivery.cleaning.markup import local, parsed, written
from grants.delivery.cleaning.package import FONTS, TEXTS, parts_of, put_together
from grants.delivery.cleaning.reasons import Reason, Withheld
from grants.delivery.inspection import archive as inspection

MANIFEST = "META-INF/manifest.xml"
SOMEBODY, LETTER, MASKED = "Auteur", "A", "[masqué]"
_LEFT_OUT = re.compile(
    r"(?:.*/)?(?:meta|settings)\.xml|(?:.*/)?(?:Thumbnails|Configurations2|ObjectReplacements|Versions)/.*"
    r"|META-INF/.*signatures\.xml|manifest\.rdf|layout-cache|VersionList\.xml",
    re.IGNORECASE,
)
# fields and notes that hold a person, a path or a moment of their work
_TEXTS = {
    "creator": SOMEBODY,
    "initial-creator": SOMEBODY,
    "printed-by": SOMEBODY,
    "author-name": MASKED,
    "author-initials": MASKED,
    "creator-initials": LETTER,
    "sender-initials": LETTER,
    "file-name": MASKED,
    "template-name": MASKED,
}
_DUBLIN = "http://purl.org/dc/elements/1.1/"


def clean_odt(data: bytes) -> bytes:
    """A text. Raises Withheld, Unfit."""
    inspection.inspect_odt(data)
    return _cleaned(data)


def clean_ods(data: bytes) -> bytes:
    """A spreadsheet. Raises Withheld, Unfit."""
    inspection.inspect_ods(data)
    return _cleaned(data)


def clean_odp(data: bytes) -> bytes:
    """A presentation. Raises Withheld, Unfit."""
    inspection.inspect_odp(data)
    return _cleaned(data)


def _cleaned(data: bytes) -> bytes:
    parts = parts_of(data)
    kept = {name: body for name, body in parts.items() if not _LEFT_OUT.fullmatch(name)}
    return put_together({name: _part(name, body) for name, body in kept.items()}, first="mimetype")


def _part(name: str, body: bytes) -> bytes:
    """One part without what it tells of people. Raises Withheld for one that nobody here can read."""
    low = name.lower()
    if name == "mimetype" or low.endswith(FONTS):
        return body
    if name == MANIFEST:
        return _manifest(body)
    if low.endswith(TEXTS):
        return _text(body)
    if low.startswith(("pictures/", "media/")) or "/pictures/" in low:
        return clean_picture(name, body)
    raise Withheld(Reason.UNKNOWN_PART)


def _manifest(body: bytes) -> bytes:
    """The table of parts, of those that are left."""
    root = parsed(body)
    for one in list(root):
        path = next((value for key, value in one.attrib.items() if local(key) == "full-path"), "")
        if _LEFT_OUT.fullmatch(path) or _LEFT_OUT.fullmatch(f"{path}x"):
            root.remove(one)
    return written(root)


def _text(body: bytes) -> bytes:
    root = parsed(body)
    for element in list(root.iter()):
        kind, parent = local(element.tag), element.getparent()
        if kind == "date" and etree.QName(element).namespace == _DUBLIN and parent is not None:
            parent.remove(element)
        elif kind in _TEXTS or kind.startswith("sender-"):
            for below in list(element):
                element.remove(below)
            element.text = _TEXTS.get(kind, MASKED)
        for key, value in element.attrib.items():
            if local(key) == "href" and value.lower().startswith("file:"):
                element.attrib[key] = "#"  # a place on the author's own disk
    return written(root)
