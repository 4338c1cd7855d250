"""Looks into office files (ODT, DOCX, ODS, XLSX): that the archive is honest, small when unfolded, and inert."""

import re
import stat
import struct
import zipfile
from html import unescape
from io import BytesIO

from grants.delivery.inspection.reasons import Reason, Unfit
from grants.delivery.inspection.signature import refuse_test_virus

MAX_ENTRIES = 2_000
MAX_UNFOLDED = 200 * 1000 * 1000
MAX_RATIO = 100

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted DOCX or XLSX is wrapped in such a file
_LOCAL = b"PK\x03\x04"
_LOCAL_BYTES = 30
_END_BYTES = 22
_END = b"PK\x05\x06"
_LINK = 0o120000
_ARCHIVES = (".zip", ".jar", ".7z", ".rar", ".gz", ".tar", ".docx", ".docm", ".odt", ".ods", ".xlsm", ".pptx", ".bin")
# Word and Excel keep the figures behind a chart as a workbook of its own.
_CHART_FIGURES = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+\.xlsx")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r"\b(Type|Target|TargetMode)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LINK_TYPES = ("/hyperlink", "/attachedTemplate")
_DRIVE = re.compile(r"file:///[A-Za-z]:", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|mailto):|#", re.IGNORECASE)
_FETCHED = re.compile(
    rb"<(?:draw:image|draw:object|draw:object-ole|draw:plugin|draw:applet|draw:floating-frame|text:section-source|"
    rb"table:table-source)\b[^>]*xlink:href\s*=\s*[\"'](?:[A-Za-z][A-Za-z0-9+.-]+:|//|\.\./|/)"
)


def inspect_docx(data: bytes) -> None:
    """Raise Unfit unless this is an inert Word document."""
    inspect_ooxml(data, "word/document.xml")


def inspect_xlsx(data: bytes) -> None:
    """Raise Unfit unless this is an inert Excel workbook."""
    inspect_ooxml(data, "xl/workbook.xml")


def inspect_odt(data: bytes) -> None:
    """Raise Unfit unless this is an inert OpenDocument text."""
    _inspect_odf(data, b"application/vnd.oasis.opendocument.text")


def inspect_ods(data: bytes) -> None:
    """Raise Unfit unless this is an inert OpenDocument spreadsheet."""
    _inspect_odf(data, b"application/vnd.oasis.opendocument.spreadsheet")


def inspect_odp(data: bytes) -> None:
    """Raise Unfit unless this is an inert OpenDocument presentation."""
    _inspect_odf(data, b"application/vnd.oasis.opendocument.presentation")


def inspect_ooxml(data: bytes, main: str, *, inside: bool = False) -> None:
    """Raise Unfit unless this is an inert Office file whose main part is `main`; `inside`: the figures of a chart."""
    with _opened(data) as archive:
        names = set(archive.namelist())
        if not {"[Content_Types].xml", main} <= names:
            raise Unfit(Reason.TYPE_MISMATCH)
        for entry in archive.infolist():
            _inspect_ooxml_part(entry.filename, archive.read(entry), inside=inside)


def _inspect_ooxml_part(name: str, body: bytes, *, inside: bool) -> None:
    """Look at one part of a Word or Excel file; `inside` when the file is itself the figures of a chart."""
    refuse_test_virus(body)
    low = name.lower()
    if low.endswith(("vbaproject.bin", "vbadata.xml")) or (low == "[content_types].xml" and b"macroEnabled" in body):
        raise Unfit(Reason.MACROS)
    if _CHART_FIGURES.fullmatch(name) and not inside:
        inspect_ooxml(body, "xl/workbook.xml", inside=True)
    elif "/embeddings/" in low or "/activex/" in low or body.startswith((_LOCAL, _OLE)):
        raise Unfit(Reason.NESTED_FILE)
    if low.endswith((".xml", ".rels", ".vml")):
        text = _text(body)
        if _DOCTYPE.search(text):
            raise Unfit(Reason.EXTERNAL_CONTENT)
        if low.endswith(".rels"):
            _inert_relations(text.decode("utf-8", "replace"))


def _inert_relations(text: str) -> None:
    """Refuse parts that the reader's program would fetch from elsewhere; links that people click are theirs."""
    for element in _RELATION.findall(text):
        said = {key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(element)}
        if said.get("TargetMode", "").lower() != "external":
            continue
        kind, target = said.get("Type", ""), said.get("Target", "").strip()
        clicked = kind.endswith("/hyperlink") and _WEB.match(target)
        # Word notes the template on the author's own disk in most documents; it is not fetched from anywhere.
        on_a_disk = kind.endswith(_LINK_TYPES) and _DRIVE.match(target)
        if not clicked and not on_a_disk:
            raise Unfit(Reason.EXTERNAL_CONTENT)


def _inspect_odf(data: bytes, mime: bytes) -> None:
    with _opened(data) as archive:
        names = archive.namelist()
        if not {"mimetype", "content.xml"} <= set(names) or archive.read("mimetype").strip() != mime:
            raise Unfit(Reason.TYPE_MISMATCH)
        if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
            raise Unfit(Reason.MACROS)
        for entry in archive.infolist():
            _inspect_odf_part(entry.filename, archive.read(entry))


def _inspect_odf_part(name: str, body: bytes) -> None:
    refuse_test_virus(body)
    if name == "META-INF/manifest.xml" and b"encryption-data" in body:
        raise Unfit(Reason.ENCRYPTED)
    if body.startswith((_LOCAL, _OLE)):
        raise Unfit(Reason.NESTED_FILE)
    if name.endswith((".xml", ".rdf")):
        text = _text(body)
        # Old programs write a DOCTYPE into the manifest; entities are written by no program.
        if (_ENTITY if name == "META-INF/manifest.xml" else _DOCTYPE).search(text) or _FETCHED.search(text):
            raise Unfit(Reason.EXTERNAL_CONTENT)


def _text(body: bytes) -> bytes:
    """Return XML as UTF-8, so that no other encoding hides a word."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\x00" in body[:100]:
        raise Unfit(Reason.DAMAGED)  # UTF-16 without its mark, or UTF-32: written by no office program
    return body


def _opened(data: bytes) -> zipfile.ZipFile:
    """Return the archive when its table of contents is honest and bearable; nothing is unfolded yet."""
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Unfit(Reason.ENCRYPTED if encrypted else Reason.TYPE_MISMATCH)
    if not data.startswith(_LOCAL):
        raise Unfit(Reason.TYPE_MISMATCH)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError):
        raise Unfit(Reason.DAMAGED) from None
    entries = archive.infolist()
    _small_when_unfolded(entries, len(data))
    for entry in entries:
        _plain_entry(entry)
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise Unfit(Reason.UNSAFE_NAMES)
    _laid_out_in_a_row(data, entries, archive.start_dir)
    return archive


def _small_when_unfolded(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse by the sizes that the archive declares; a part that unfolds to more fails its check sum when read."""
    unfolded = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unfolded > MAX_UNFOLDED or unfolded > MAX_RATIO * size:
        raise Unfit(Reason.EXPANDS_TOO_MUCH)


def _plain_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse what an office program never writes: secrets, links, other compressions, names that climb."""
    if entry.flag_bits & 0x2041:  # encrypted, strongly encrypted, with a masked table
        raise Unfit(Reason.ENCRYPTED)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unfit(Reason.DAMAGED)
    name = entry.orig_filename
    climbs = name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name or not name.isprintable()
    if climbs or stat.S_IFMT(entry.external_attr >> 16) == _LINK:
        raise Unfit(Reason.UNSAFE_NAMES)
    if name.lower().endswith(_ARCHIVES) and "vba" not in name.lower() and not _settings(name):
        raise Unfit(Reason.NESTED_FILE)


def _settings(name: str) -> bool:
    """Return whether a `.bin` is what Excel and Word write beside every sheet: the settings of a printer."""
    return "printersettings" in name.lower()


def _laid_out_in_a_row(data: bytes, entries: list[zipfile.ZipInfo], table: int) -> None:
    """Refuse entries that share bytes, and anything before, between the table and the end, or behind the archive."""
    position = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < position:
            raise Unfit(Reason.EXPANDS_TOO_MUCH)
        header = data[entry.header_offset : entry.header_offset + _LOCAL_BYTES]
        if not header.startswith(_LOCAL) or len(header) < _LOCAL_BYTES:
            raise Unfit(Reason.DAMAGED)
        name_size, extra_size = struct.unpack_from("<HH", header, 26)
        position = entry.header_offset + _LOCAL_BYTES + name_size + extra_size + entry.compress_size
    end = data.rfind(_END)
    if position > table or end < 0 or end + _END_BYTES + struct.unpack_from("<H", data, end + 20)[0] != len(data):
        raise Unfit(Reason.DAMAGED)
