"""Looks at the headers of PNG and JPEG pictures: what they are and how many pixels they would unfold to."""

import struct
import zlib
from collections.abc import Iterator

from grants.delivery.inspection.reasons import Reason, Unfit

MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MAX_CHUNKS = 10_000

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_COLOURS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers that tell the size of the picture
_MARK, _SCAN, _END = 0xFF, 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # the markers without a length
_FRAME_BYTES = 6
_LENGTH_BYTES = 2


def inspect_png(data: bytes) -> None:
    """Raise Unfit unless this is a still PNG picture of a bearable size, whole and with nothing behind it."""
    if not data.startswith(_PNG):
        raise Unfit(Reason.TYPE_MISMATCH)
    kinds = []
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            _bearable_png(body)
        kinds.append(kind)
        if len(kinds) > MAX_CHUNKS:
            raise Unfit(Reason.DAMAGED)
    if b"acTL" in kinds:
        raise Unfit(Reason.ANIMATED)
    if not kinds or kinds[0] != b"IHDR" or kinds.count(b"IHDR") > 1 or b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise Unfit(Reason.DAMAGED)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and body of each chunk up to the last one; every check sum is verified."""
    position = len(_PNG)
    while position + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        end = position + 8 + size
        if end + 4 > len(data) or zlib.crc32(data[position + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            raise Unfit(Reason.DAMAGED)
        yield kind, data[position + 8 : end]
        position = end + 4
        if kind == b"IEND":
            break
    if position != len(data):
        raise Unfit(Reason.DAMAGED)


def _bearable_png(header: bytes) -> None:
    width, height, depth, colour, *methods = struct.unpack(">IIBBBBB", header)
    if depth not in _PNG_COLOURS.get(colour, set()) or methods[:2] != [0, 0] or methods[2] not in {0, 1}:
        raise Unfit(Reason.DAMAGED)
    _bearable(width, height)


def inspect_jpeg(data: bytes) -> None:
    """Raise Unfit unless this is a JPEG picture of a bearable size that tells it before its scan begins."""
    if not data.startswith(_JPEG):
        raise Unfit(Reason.TYPE_MISMATCH)
    sizes = []
    for marker, body in _segments(data):
        if marker in _FRAMES:
            if len(body) < _FRAME_BYTES:
                raise Unfit(Reason.DAMAGED)
            height, width = struct.unpack_from(">xHH", body)
            _bearable(width, height)
            sizes.append((width, height))
    if len(sizes) != 1 or data.rfind(b"\xff\xd9") < 0:
        raise Unfit(Reason.DAMAGED)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and body of each segment before the first scan; Unfit when the picture ends before it."""
    position = 2
    while position + 4 <= len(data):
        if data[position] != _MARK:
            break
        marker = data[position + 1]
        if marker == _MARK:  # a filling byte
            position += 1
        elif marker in _ALONE:
            position += 2
        elif marker == _SCAN:
            return
        else:
            size = struct.unpack_from(">H", data, position + 2)[0]
            if marker == _END or size < _LENGTH_BYTES or position + 2 + size > len(data):
                break
            yield marker, data[position + 4 : position + 2 + size]
            position += 2 + size
    raise Unfit(Reason.DAMAGED)


def _bearable(width: int, height: int) -> None:
    if not width or not height:
        raise Unfit(Reason.DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Unfit(Reason.TOO_MANY_PIXELS)
