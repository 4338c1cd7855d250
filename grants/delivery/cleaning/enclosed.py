"""Pictures inside documents: their pixels untouched, what is noted beside them taken out.

Painting each of them anew would cost quality at every generation, so the pieces of the file are gone through instead.
"""

import struct
from collections.abc import Callable, Iterator
from io import BytesIO

from lxml import etree
from PIL import Image

from grants.delivery.cleaning.markup import parsed, written
from grants.delivery.cleaning.picture import refuse_halves
from grants.delivery.cleaning.reasons import Reason, Withheld

_PNG = b"\x89PNG\r\n\x1a\n"
# what a reader needs to paint the picture; everything else is words, times and places
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD", b"sBIT"}
)
_JFIF = 0xE0
_JPEG_MARKS = frozenset({_JFIF, 0xEE})  # JFIF, and Adobe's note on how the colours are mixed
_JPEG_NOTES = frozenset({*range(_JFIF, 0xF0), 0xFE})
_MARK, _SCAN, _END = 0xFF, 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_CODESTREAM = b"\xff\x4f\xff\x51"
_BOX_BYTES = 8
_WORD_BOXES = frozenset({b"xml ", b"uuid", b"uinf", b"asoc", b"lbl "})
_EMF_SIGNATURE = b" EMF"
_SVG = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink"
_SVG_DROPPED = ("metadata", "title", "desc", "script", "foreignObject")


def clean_picture(name: str, data: bytes) -> bytes:
    """The picture of a document, by its name inside it. Raises Withheld for a kind of which nothing is known."""
    for start, cleaner in _BY_START.items():
        if data.startswith(start):
            return cleaner(data)
    if data[40:44] == _EMF_SIGNATURE:
        return _emf(data)
    extension = name.rpartition(".")[2].lower()
    if extension == "svg":
        return _svg(data)
    if extension != "wmf":  # which has no place for words about itself
        raise Withheld(Reason.UNKNOWN_PART)
    return data


def bare_jpeg(data: bytes) -> bytes:
    """The photograph without Exif, XMP, IPTC, profiles, comments, and without what hangs behind its end."""
    kept = [b"\xff\xd8"]
    for marker, body in _segments(data):
        if marker in _JPEG_NOTES and marker not in _JPEG_MARKS:
            continue
        if marker == _JFIF and not body.startswith((b"\xff\xe0\x00\x10JFIF\0", b"\xff\xe0\x00\x0eAVI1")):
            continue  # a thumbnail, in a place that is not for it
        kept.append(body)
    return b"".join(kept)


def bare_jpeg2000(data: bytes) -> bytes:
    """The picture without the boxes for words (XMP, IPTC, Exif); one that comes without boxes has no place for them."""
    if data.startswith(_CODESTREAM):
        return data
    kept, position = [], 0
    while position + _BOX_BYTES <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        size = size or len(data) - position  # the last box may leave its size out
        if size < _BOX_BYTES or position + size > len(data):  # damaged, or larger than any document taken
            raise Withheld(Reason.DAMAGED)
        if kind not in _WORD_BOXES:
            kept.append(data[position : position + size])
        position += size
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and bytes of each piece, the scans with what they hold, up to the end of the first picture."""
    position = 2
    while position + 2 <= len(data):
        if data[position] != _MARK:
            raise Withheld(Reason.DAMAGED)
        marker = data[position + 1]
        if marker == _END:
            yield marker, data[position : position + 2]
            return
        if marker == _MARK or marker in _ALONE:
            position += 1 if marker == _MARK else 2
            continue
        size = struct.unpack_from(">H", data.ljust(position + 4, b"\0"), position + 2)[0]
        end = position + 2 + size
        if marker == _SCAN:
            end = _scan_end(data, end)
        yield marker, data[position:end]
        position = end
    yield _END, b"\xff\xd9"  # cut short, as many are: it is painted as far as it goes


def _scan_end(data: bytes, position: int) -> int:
    """Where the painted lines end: at the next marker that is neither a filling nor a restart."""
    while (found := data.find(b"\xff", position)) >= 0 and found + 1 < len(data):
        if data[found + 1] not in {0, *range(0xD0, 0xD8), _MARK}:
            return found
        position = found + (1 if data[found + 1] == _MARK else 2)
    return len(data)


def _png(data: bytes) -> bytes:
    kept, position = [_PNG], len(_PNG)
    while position + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + size
        if kind in _PNG_KEPT:
            kept.append(data[position:end])
        position = end
        if kind == b"IEND":
            return b"".join(kept)
    raise Withheld(Reason.DAMAGED)


def _painted(data: bytes) -> bytes:
    """Kinds that are rare in documents, painted anew: their first picture."""
    refuse_halves()
    try:
        with Image.open(BytesIO(data), formats=("GIF", "BMP", "TIFF")) as image:
            image.load()
            file = BytesIO()
            bare = Image.frombytes(image.mode, image.size, image.tobytes())
            if image.mode == "P":
                bare.putpalette(image.getpalette() or [])
            bare.save(file, image.format or "BMP")
            return file.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Withheld(Reason.DAMAGED) from None


def _emf(data: bytes) -> bytes:
    """A drawing whose head has a place for the name of the program and the title."""
    characters, offset = struct.unpack_from("<II", data, 60)
    bare = bytearray(data)
    end = offset + 2 * characters
    if characters and end > len(bare):
        raise Withheld(Reason.DAMAGED)
    bare[offset:end] = bytes(end - offset) if characters else b""
    return bytes(bare)


def _svg(data: bytes) -> bytes:
    """A drawing in words: what is painted stays, what its program noted goes."""
    root = parsed(data)
    for element in list(root.iter()):
        name = etree.QName(element)
        parent = element.getparent()
        if parent is not None and (name.namespace != _SVG or name.localname in _SVG_DROPPED):
            parent.remove(element)
            continue
        for key in list(element.attrib):
            space = etree.QName(key).namespace
            if space not in {None, _LINK, "http://www.w3.org/XML/1998/namespace"}:
                del element.attrib[key]
    etree.cleanup_namespaces(root)
    return written(root)


_BY_START: dict[bytes, Callable[[bytes], bytes]] = {
    _PNG: _png,
    b"\xff\xd8\xff": bare_jpeg,
    b"GIF8": _painted,
    b"BM": _painted,
    b"II*\0": _painted,
    b"MM\0*": _painted,
}
