"""Word, Excel and PowerPoint files without who wrote, changed, commented, signed or printed them."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from lxml import etree

from grants.delivery.cleaning.enclosed import clean_picture
from grants.delivery.cleaning.markup import local, parsed, written
from grants.delivery.cleaning.package import FONTS, TEXTS, parts_of, put_together
from grants.delivery.cleaning.reasons import Reason, Withheld
from grants.delivery.inspection import archive as inspection

TYPES = "[Content_Types].xml"
SOMEBODY, LETTER, MASKED = "Auteur", "A", "[masqué]"
_LEFT_OUT = re.compile(
    r"docProps/.*|customXml/.*|_xmlsignatures/.*|docMetadata/.*|customUI/.*|userCustomization/.*"
    r"|(?:.*/)?(?:printerSettings|webextensions|persons|threadedComments|revisions|changesInfos|tags|customProperty)/.*"
    r"|word/people\.xml|word/recipientData\.xml|xl/(?:connections|userNames)\.xml|xl/queryTables/.*|ppt/revisionInfo\.xml"
    r"|(?:.*/)?printerSettings\d*\.bin",
    re.IGNORECASE,
)
_RELATIONS = re.compile(r"(?P<folder>.*/)?_rels/(?P<name>[^/]*)\.rels", re.IGNORECASE)
_WORKBOOK = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+\.xlsx", re.IGNORECASE)
_LINKS = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
)
# where the author's own disk, printer or numbers are noted
_NOTES = frozenset(
    {"absPath", "rsids", "docVars", "attachedTemplate", "dataBinding", "mailMerge", "docId", "revisionPtr"}
)
_NAMED = {"author": SOMEBODY, "initials": LETTER, "userName": SOMEBODY, "userId": "", "providerId": "None"}
_DATES, _TITLES = frozenset({"date", "dateUtc"}), frozenset({"title"})
_SHELLS = frozenset({"AlternateContent", "Choice", "Fallback"})
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_FILE_NAME = re.compile(r"[\\/]|\.(?:jpe?g|png|gif|tiff?|bmp|webp|heic|emf|wmf|svg|pdf|docx?|odt)\s*$", re.IGNORECASE)
_TELLING = re.compile(
    r"\s*(?:AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|FILENAME|DOCPROPERTY|TEMPLATE)\b", re.IGNORECASE
)


def clean_docx(data: bytes) -> bytes:
    """A Word document. Raises Withheld, Unfit."""
    return _cleaned(data, "word/document.xml")


def clean_xlsx(data: bytes) -> bytes:
    """An Excel workbook. Raises Withheld, Unfit."""
    return _cleaned(data, "xl/workbook.xml")


def clean_pptx(data: bytes) -> bytes:
    """A PowerPoint presentation. Raises Withheld, Unfit."""
    return _cleaned(data, "ppt/presentation.xml")


def _cleaned(data: bytes, main: str, *, inside: bool = False) -> bytes:
    inspection.inspect_ooxml(data, main, inside=inside)
    parts = parts_of(data)
    kept = {name: body for name, body in parts.items() if not _LEFT_OUT.fullmatch(name)}
    relations = {name: _relations(name, body, kept) for name, body in kept.items() if _RELATIONS.fullmatch(name)}
    lost = {_source(name): gone for name, (_, gone) in relations.items()}
    copy = {
        name: relations[name][0] if name in relations else _part(name, body, kept, lost.get(name, frozenset()))
        for name, body in kept.items()
        if name not in relations or _source(name) in {"", *kept}
    }
    return put_together(copy, first=TYPES)


def _part(name: str, body: bytes, kept: Mapping[str, bytes], lost: frozenset[str]) -> bytes:
    """One part without what it tells of people. Raises Withheld for one that nobody here can read."""
    low = name.lower()
    if name == TYPES:
        return _types(body, kept)
    if _WORKBOOK.fullmatch(name):
        return _cleaned(body, "xl/workbook.xml", inside=True)
    if low.endswith(TEXTS):
        return _text(body, lost)
    if low.endswith(FONTS):
        return body
    if "/media/" in low:
        return clean_picture(name, body)
    raise Withheld(Reason.UNKNOWN_PART)


def _types(body: bytes, kept: Mapping[str, bytes]) -> bytes:
    """The table of parts, of those that are left."""
    root = parsed(body)
    for one in list(root):
        if local(one.tag) == "Override" and one.get("PartName", "").lstrip("/") not in kept:
            root.remove(one)
    return written(root)


def _source(name: str) -> str:
    """The part whose relations stand in this one; empty for the package itself."""
    found = _RELATIONS.fullmatch(name)
    return f"{found['folder'] or ''}{found['name']}" if found else ""


def _relations(name: str, body: bytes, kept: Mapping[str, bytes]) -> tuple[bytes, frozenset[str]]:
    """The relations of a part to what is left, and the numbers of the others."""
    root, base = parsed(body), posixpath.dirname(_source(name))
    gone = set()
    for one in list(root):
        if one.get("TargetMode", "").lower() == "external":
            left = one.get("Type", "").endswith("/hyperlink")
        else:
            target = unquote(one.get("Target", "")).partition("#")[0]
            left = not target or posixpath.normpath(posixpath.join("/", base, target)).lstrip("/") in kept
        if not left:
            gone.add(one.get("Id", ""))
            root.remove(one)
    return written(root), frozenset(gone)


def _text(body: bytes, lost: frozenset[str]) -> bytes:
    root = parsed(body)
    _unwrite_names(root)
    for element in list(root.iter()):
        if local(element.tag) in _NOTES:
            _remove(element)
        else:
            _without_links(element, lost)
            _anonymous(element)
            _nameless_picture(element)
    _mask_fields(root)
    return written(root)


def _remove(element: etree._Element) -> None:
    """Take an element out, and the shells around it that hold nothing else."""
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    if local(parent.tag) in _SHELLS and not len(parent):
        _remove(parent)


def _without_links(element: etree._Element, lost: frozenset[str]) -> None:
    """What points to a part that is gone goes too; the set-up of a page only forgets its printer."""
    for key, value in list(element.attrib.items()):
        if value in lost and etree.QName(key).namespace in _LINKS:
            if local(element.tag) == "pageSetup":
                del element.attrib[key]
            else:
                _remove(element)


def _anonymous(element: etree._Element) -> None:
    """No author, no initials, no account, no date of a remark."""
    named = [key for key in element.attrib if local(key) in _NAMED]
    for key in named:
        element.attrib[key] = _NAMED[local(key)]
    if named:
        _forget(element, _DATES)
    if local(element.tag) in {"cmAuthor", "author"} and "name" in element.attrib:
        element.attrib["name"] = SOMEBODY


def _nameless_picture(element: etree._Element) -> None:
    """No name of the file that a picture came from."""
    kind = local(element.tag)
    if kind == "cNvPr" and etree.QName(element).namespace == _PICTURE:
        element.attrib["name"] = "image"
    if kind in {"cNvPr", "docPr"} and _FILE_NAME.search(element.get("descr", "")):
        del element.attrib["descr"]
    if kind == "imagedata":
        _forget(element, _TITLES)


def _forget(element: etree._Element, names: frozenset[str]) -> None:
    for key in [key for key in element.attrib if local(key) in names]:
        del element.attrib[key]


def _unwrite_names(root: etree._Element) -> None:
    """The remarks of Excel: the list of their authors, and the name with which each of them begins."""
    if local(root.tag) != "comments":
        return
    found = [one for one in root.iter() if local(one.tag) == "author" and one.text]
    names = sorted({one.text or "" for one in found}, key=len, reverse=True)
    for one in found:
        one.text = SOMEBODY
    for text in (one for one in root.iter() if local(one.tag) == "t" and one.text):
        for name in names:
            text.text = (text.text or "").replace(name, SOMEBODY)


def _mask_fields(root: etree._Element) -> None:
    """What Word wrote into fields that tell the author, the file's name or its properties."""
    for simple in (one for one in root.iter() if local(one.tag) == "fldSimple"):
        if any(_TELLING.match(value) for key, value in simple.attrib.items() if local(key) == "instr"):
            _mask(simple.iter())
    open_fields: list[list[str]] = []  # of each: what it asks for, and whether its result has begun
    for element in root.iter():
        kind = local(element.tag)
        if kind == "fldChar":
            _turn(open_fields, next((v for k, v in element.attrib.items() if local(k) == "fldCharType"), ""))
        elif kind == "instrText" and open_fields:
            open_fields[-1][0] += element.text or ""
        elif kind == "t" and any(result and _TELLING.match(asked) for asked, result in open_fields):
            element.text = MASKED


def _turn(open_fields: list[list[str]], mark: str) -> None:
    """A field begins, comes to its result, or ends."""
    if mark == "begin":
        open_fields.append(["", ""])
    elif open_fields and mark == "separate":
        open_fields[-1][1] = "result"
    elif open_fields and mark == "end":
        open_fields.pop()


def _mask(elements: Iterable[etree._Element]) -> None:
    for one in elements:
        if local(one.tag) == "t":
            one.text = MASKED
