"""Small honest files of each kind that may be uploaded, and the parts from which dishonest ones are made."""

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
WORD = b'<?xml version="1.0"?><w:document><w:body><w:p>Bonjour</w:p></w:body></w:document>'
RELATIONS = (
    '<?xml version="1.0"?><Relationships><Relationship Id="rId1" TargetMode="External" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)


def zipped(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return file.getvalue()


def docx(more: Mapping[str, bytes] | None = None, **options: int) -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": WORD, **(more or {})}, **options)


def xlsx(more: Mapping[str, bytes] | None = None) -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>", **(more or {})})


def open_document(kind: str, more: Mapping[str, bytes] | None = None) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}".encode()
    manifest = b'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m/>'
    parts = {"mimetype": mime, "content.xml": b"<office:document/>", "META-INF/manifest.xml": manifest}
    return zipped({**parts, **(more or {})})


def odt(more: Mapping[str, bytes] | None = None) -> bytes:
    return open_document("text", more)


def ods(more: Mapping[str, bytes] | None = None) -> bytes:
    return open_document("spreadsheet", more)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 2, height: int = 2, before_data: bytes = b"", colour: int = 0) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0" * 6))
    return b"\x89PNG\r\n\x1a\n" + header + before_data + data + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg(width: int = 2, height: int = 2, frame: bool = True) -> bytes:  # noqa: FBT001, FBT002 -- a sample's own switch
    size = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00") if frame else b""
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0" + bytes(9)) + size + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\0\xff\xd9"
    )


def pdf(objects: Sequence[bytes] = (), *, pages: int = 1, catalogue: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF with a flat tree of pages; `objects` follow as further objects from number 3 + pages on."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b">>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>"] * pages,
        *objects,
    ]
    return assembled(bodies, trailer)


def assembled(bodies: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Number the objects from 1 and write the file around them."""
    text = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return text + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(text))
    )


def stream(body: bytes, said: bytes = b"") -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(body, 9)
    return b"<< /Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(packed), said, packed)


def object_table(inner: bytes, number: int = 50) -> bytes:
    """An object that is written inside a compressed table of objects."""
    head = b"%d 0 " % number
    return stream(head + inner, b"/Type /ObjStm /N 1 /First %d " % len(head))


HONEST = {
    "pdf": pdf(),
    "docx": docx(),
    "xlsx": xlsx(),
    "odt": odt(),
    "ods": ods(),
    "png": png(),
    "jpg": jpeg(),
    "jpeg": jpeg(),
}
