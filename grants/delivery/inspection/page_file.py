"""Looks at the structure of a PDF without drawing it: pages, size when unfolded, scripts, enclosed files, secrets."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from grants.delivery.inspection.reasons import Reason, Unfit
from grants.delivery.inspection.signature import refuse_test_virus

MAX_PAGES = 500
MAX_UNFOLDED = 400 * 1000 * 1000
MAX_STRUCTURE = 60 * 1000 * 1000  # of all tables of objects together
MAX_PIXELS = 200_000_000  # of one picture: an A4 page scanned with 1,200 points an inch has 140 million
MAX_DEPTH = 40
MAX_STEPS = 20_000  # nodes of the tree of pages

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,16}%PDF-[12]\.\d")
_OBJECT = re.compile(rb"\b(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}obj\b")
_STREAM = re.compile(rb">>\s{0,16}stream\r?\n?")
_LENGTH = re.compile(rb"/Length\s{1,8}(\d{1,10})\b(?!\s+\d+\s+R)")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_PACKED = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\b")
_TABLE = re.compile(rb"/Type\s*/ObjStm\b")
_FIRST = re.compile(rb"/First\s+(\d{1,9})\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENCRYPTED = re.compile(rb"/Encrypt\b")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|XFA|Launch|RichMedia)(?![A-Za-z0-9])")
# Words long enough not to occur by chance, looked for everywhere: an object may hide in what claims to be a stream.
_HIDDEN = re.compile(rb"/(?:JavaScript|RichMedia|EmbeddedFile)(?![A-Za-z0-9])")
_ENCLOSED = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment)(?![A-Za-z0-9])")
_CATALOG = re.compile(rb"/Type\s*/Catalog\b")
_PAGES = re.compile(rb"/Pages\s+(\d{1,10})\s+\d+\s+R\b")
_KIDS = re.compile(rb"/Kids\s*\[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
_WIDTH = re.compile(rb"/Width\s+(\d{1,10})\b")
_HEIGHT = re.compile(rb"/Height\s+(\d{1,10})\b")
_CHUNK = 1 << 20


@dataclass
class _Structure:
    """What the file says about itself: the last dictionary of each object, and every piece of text ever written.

    An earlier version of an object is looked at too: which one counts is decided by tables that may lie.
    """

    objects: dict[int, bytes] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    unfolded: int = 0
    tables: int = 0

    def add(self, number: int, said: bytes) -> None:
        """Note what an object says."""
        self.objects[number] = said
        self.pieces.append(said)


def inspect(data: bytes) -> None:
    """Raise Unfit unless this is a whole, open, inert PDF of at most 500 pages."""
    if not _HEADER.match(data):
        raise Unfit(Reason.TYPE_MISMATCH)
    tail = data[-4096:]
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise Unfit(Reason.DAMAGED)
    structure = _read(data)
    words = [_ESCAPE.sub(_letter, piece) for piece in structure.pieces]
    for pattern, reason in (
        (_ENCRYPTED, Reason.ENCRYPTED),
        (_ACTIVE, Reason.ACTIVE_CONTENT),
        (_ENCLOSED, Reason.EMBEDDED_FILES),
    ):
        if any(pattern.search(piece) for piece in words):
            raise Unfit(reason)
    if _HIDDEN.search(data):
        raise Unfit(Reason.ACTIVE_CONTENT)
    for piece in words:
        _bearable_picture(piece)
    _bearable_pages(structure.objects)


def _letter(found: re.Match[bytes]) -> bytes:
    """Return the character that a name wrote as `#4A`: so are forbidden words hidden."""
    return bytes([int(found[1], 16)])


def _read(data: bytes) -> _Structure:
    """Walk once over the file, from object to object, and unfold what is folded up to the limits."""
    structure, position = _Structure(), 0
    while found := _OBJECT.search(data, position):
        structure.pieces.append(data[position : found.start()])
        end = data.find(b"endobj", found.end())
        end = len(data) if end < 0 else end
        stream = _STREAM.search(data, found.end(), end + len(b"endobj"))
        if stream is None:
            structure.add(int(found[1]), data[found.end() : end])
            position = end
            continue
        said = data[found.end() : stream.start() + 2]
        structure.add(int(found[1]), said)
        position = _stream_end(data, said, stream.end())
        _unfold(structure, said, data[stream.end() : position])
    structure.pieces.append(data[position:])
    return structure


def _stream_end(data: bytes, said: bytes, start: int) -> int:
    """Return where the bytes of a stream end: by its length when that is true, else at the closing word."""
    length = _LENGTH.search(said)
    if length is not None:
        end = start + int(length[1])
        if data[end : end + 16].lstrip(b"\r\n ").startswith(b"endstream"):
            return end
    end = data.find(b"endstream", start)
    if end < 0:
        raise Unfit(Reason.DAMAGED)
    return end


def _unfold(structure: _Structure, said: bytes, body: bytes) -> None:
    """Count what a stream unfolds to, and read it when it is a table of objects."""
    if len(_PACKED.findall(said)) > 1:
        raise Unfit(Reason.EXPANDS_TOO_MUCH)  # folded twice: no program writes that, a bomb does
    table = _TABLE.search(said) is not None
    if not _FLATE.search(said):
        pieces: Iterator[bytes] = iter((body,))
    else:
        pieces = _inflated(body)
    kept = []
    for piece in pieces:
        refuse_test_virus(piece)
        structure.unfolded += len(piece)
        structure.tables += len(piece) if table else 0
        if structure.unfolded > MAX_UNFOLDED or structure.tables > MAX_STRUCTURE:
            raise Unfit(Reason.EXPANDS_TOO_MUCH)
        if table:
            kept.append(piece)
    if table:
        for number, inner in _table(said, b"".join(kept)):
            structure.add(number, inner)


def _inflated(body: bytes) -> Iterator[bytes]:
    """Yield what a compressed stream unfolds to, a piece at a time; a damaged one ends where it is damaged."""
    unpacker, rest = zlib.decompressobj(), body
    try:
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, _CHUNK)
            rest = unpacker.unconsumed_tail
    except zlib.error:
        return


def _table(said: bytes, text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and dictionary of the objects that a table holds: pairs of number and place, then the objects."""
    first = _FIRST.search(said)
    if first is None:
        raise Unfit(Reason.DAMAGED)
    start = int(first[1])
    try:
        figures = [int(word) for word in text[:start].split()]
    except ValueError:
        raise Unfit(Reason.DAMAGED) from None
    places = [start + place for place in figures[1::2]]
    ends = sorted({*places, len(text)})
    following = dict(pairwise(ends))
    for number, place in zip(figures[::2], places, strict=False):
        yield number, text[place : following.get(place, len(text))]


def _bearable_picture(piece: bytes) -> None:
    width, height = _WIDTH.search(piece), _HEIGHT.search(piece)
    if width and height and int(width[1]) * int(height[1]) > MAX_PIXELS:
        raise Unfit(Reason.TOO_MANY_PIXELS)


def _bearable_pages(objects: dict[int, bytes]) -> None:
    """Count the pages of each catalogue of the file: there is one, or one a revision."""
    catalogues = [said for said in objects.values() if _CATALOG.search(said)]
    roots = [int(found[1]) for said in catalogues if (found := _PAGES.search(said))]
    if not roots:
        raise Unfit(Reason.DAMAGED)
    for root in roots:
        _walk_pages(objects, root)


def _walk_pages(objects: dict[int, bytes], root: int) -> None:
    """Walk down a tree of pages; one that bites its tail, or is a short way to very many, ends early."""
    waiting, pages, steps = [(root, 0)], 0, 0
    while waiting:
        number, depth = waiting.pop()
        kids = _KIDS.search(objects.get(number, b""))
        if kids is None:
            pages += 1
        else:
            waiting += [(int(kid), depth + 1) for kid in _REFERENCE.findall(kids[1])]
        steps += 1
        if depth > MAX_DEPTH:
            raise Unfit(Reason.DAMAGED)
        if pages > MAX_PAGES or steps > MAX_STEPS:
            raise Unfit(Reason.TOO_MANY_PAGES)
    if not pages:
        raise Unfit(Reason.DAMAGED)
