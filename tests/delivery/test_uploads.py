"""What is taken of the files that people send, and what every other file is told."""

import io
import os
import random
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from grants.delivery import sealed, uploads
from grants.delivery.inspection import SEPARATOR, inspect
from grants.delivery.uploads import Reason
from tests.delivery import samples

pure = pytest.mark.pure
slow = pytest.mark.slow


def seen(extension, data):
    """What the inspection finds, without the child around it; empty when the file is fit."""
    return inspect(extension.encode() + SEPARATOR + data).decode()


@pure
@pytest.mark.parametrize("extension", samples.HONEST)
def test_an_honest_file_is_fit(extension):
    assert seen(extension, samples.HONEST[extension]) == ""


@pure
@pytest.mark.parametrize(("extension", "kind"), [("png", "PNG"), ("jpg", "JPEG")])
def test_a_picture_of_another_program_is_fit(extension, kind):
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(file, kind, progressive=True)
    assert seen(extension, file.getvalue()) == ""


@pure
@pytest.mark.parametrize("extension", samples.HONEST)
@pytest.mark.parametrize("other", samples.HONEST)
def test_the_content_is_what_the_name_says(extension, other):
    same = extension == other or {extension, other} == {"jpg", "jpeg"}
    assert seen(extension, samples.HONEST[other]) == ("" if same else Reason.TYPE_MISMATCH)


def overlapping():
    """Two entries of the table that point to the same bytes, as in a bomb that needs no nesting."""
    data = bytearray(samples.docx({"word/a.xml": b"x" * 100, "word/b.xml": b"y" * 100}, compression=zipfile.ZIP_STORED))
    first, second = data.rfind(b"word/a.xml"), data.rfind(b"word/b.xml")
    data[second - 4 : second] = data[first - 4 : first]
    return bytes(data)


def marked(**changes):
    """A document with one more entry, whose entry in the table was changed."""
    file = io.BytesIO(samples.docx())
    with zipfile.ZipFile(file, "a") as archive:
        info = zipfile.ZipInfo(changes.pop("filename", "word/media/a.txt"))
        for name, value in changes.items():
            setattr(info, name, value)
        archive.writestr(info, b"word/document.xml")
    return file.getvalue()


def encrypted_entry():
    data = bytearray(samples.docx())
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def relation(kind, target, part="word/_rels/document.xml.rels"):
    return samples.docx({part: samples.RELATIONS.format(kind=kind, target=target).encode()})


ARCHIVE_BOMBS = {
    "folds a thousandfold": ("docx", samples.docx({"word/a.xml": bytes(5_000_000)}), Reason.EXPANDS_TOO_MUCH),
    "more than 200 MB": (
        "xlsx",
        lambda: samples.xlsx({"xl/a.xml": os.urandom(3_000_000) + bytes(210_000_000)}),
        Reason.EXPANDS_TOO_MUCH,
    ),
    "2,001 entries": ("docx", samples.docx({f"word/{n}.xml": b"<a/>" for n in range(2001)}), Reason.EXPANDS_TOO_MUCH),
    "overlapping": ("docx", overlapping(), Reason.EXPANDS_TOO_MUCH),
    "archive inside": ("odt", samples.odt({"a.zip": samples.docx()}), Reason.NESTED_FILE),
    "archive under another name": ("odt", samples.odt({"Pictures/a.png": samples.docx()}), Reason.NESTED_FILE),
    "object inside": ("docx", samples.docx({"word/embeddings/oleObject1.bin": b"x"}), Reason.NESTED_FILE),
    "document inside": ("docx", samples.docx({"word/embeddings/a.docx": samples.docx()}), Reason.NESTED_FILE),
    "chart figures with macros": (
        "docx",
        samples.docx({"word/embeddings/a.xlsx": samples.xlsx({"xl/vbaProject.bin": b"x"})}),
        Reason.MACROS,
    ),
    "chart figures in chart figures": (
        "docx",
        samples.docx({"word/embeddings/a.xlsx": samples.xlsx({"xl/embeddings/b.xlsx": samples.xlsx()})}),
        Reason.NESTED_FILE,
    ),
    "climbing name": ("docx", samples.docx({"../../etc/passwd": b"x"}), Reason.UNSAFE_NAMES),
    "absolute name": ("docx", samples.docx({"/etc/passwd": b"x"}), Reason.UNSAFE_NAMES),
    "other system": ("docx", marked(filename="word\\a.xml"), Reason.UNSAFE_NAMES),
    "name twice": ("docx", samples.docx({"WORD/document.xml": b"x"}), Reason.UNSAFE_NAMES),
    "link": ("docx", marked(external_attr=0o120777 << 16, create_system=3), Reason.UNSAFE_NAMES),
    "encrypted entry": ("docx", encrypted_entry(), Reason.ENCRYPTED),
    "encrypted document": (
        "docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        Reason.ENCRYPTED,
    ),
    "old document": ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), Reason.TYPE_MISMATCH),
    "encrypted open document": (
        "ods",
        samples.ods({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        Reason.ENCRYPTED,
    ),
    "macros": ("xlsx", samples.xlsx({"xl/vbaProject.bin": b"x"}), Reason.MACROS),
    "macros by type": (
        "docx",
        samples.docx({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled"}),
        Reason.MACROS,
    ),
    "basic": ("odt", samples.odt({"Basic/Standard/Module1.xml": b"<x/>"}), Reason.MACROS),
    "entities": (
        "docx",
        samples.docx({"word/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        Reason.EXTERNAL_CONTENT,
    ),
    "entities in UTF-16": (
        "docx",
        samples.docx({"word/a.xml": "<!DOCTYPE a><a/>".encode("utf-16")}),
        Reason.EXTERNAL_CONTENT,
    ),
    "entities in the manifest": (
        "odt",
        samples.odt({"META-INF/manifest.xml": b"<!ENTITY a>"}),
        Reason.EXTERNAL_CONTENT,
    ),
    "unmarked UTF-16": ("odt", samples.odt({"a.xml": "<!ENTITY a>".encode("utf-16-le")}), Reason.DAMAGED),
    "linked file": ("docx", relation("image", "file:///etc/passwd"), Reason.EXTERNAL_CONTENT),
    "linked share": ("docx", relation("attachedTemplate", "file://host/a.dotx"), Reason.EXTERNAL_CONTENT),
    "template from elsewhere": (
        "docx",
        relation("attachedTemplate", "https://evil.example/a.dotm"),
        Reason.EXTERNAL_CONTENT,
    ),
    "share clicked": (
        "xlsx",
        samples.xlsx(
            {"xl/_rels/a.rels": samples.RELATIONS.format(kind="hyperlink", target="file:////host/a").encode()}
        ),
        Reason.EXTERNAL_CONTENT,
    ),
    "picture from elsewhere": (
        "odt",
        samples.odt({"content.xml": b'<draw:image xlink:type="simple" xlink:href="http://evil.example/a.png"/>'}),
        Reason.EXTERNAL_CONTENT,
    ),
    "other compression": ("docx", samples.docx(compression=zipfile.ZIP_LZMA), Reason.DAMAGED),
    "no local entry": (
        "docx",
        samples.docx().replace(b"PK\x03\x04", b"PK\x03\x05").replace(b"PK\x03\x05", b"PK\x03\x04", 1),
        Reason.DAMAGED,
    ),
    "object in an open document": (
        "odt",
        samples.odt({"Object 1": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
        Reason.NESTED_FILE,
    ),
    "something in front": ("docx", b"<html>" + samples.docx(), Reason.TYPE_MISMATCH),
    "something behind": ("docx", samples.docx() + b"<html>", Reason.DAMAGED),
    "only the beginning": ("docx", samples.docx()[:-30], Reason.DAMAGED),
}


@pure
@pytest.mark.parametrize("name", ARCHIVE_BOMBS)
def test_a_dishonest_archive_is_told_why(name):
    extension, data, reason = ARCHIVE_BOMBS[name]
    assert seen(extension, data() if callable(data) else data) == reason


@pure
def test_what_office_programs_write_every_day_is_fit():
    figures = samples.docx({"word/embeddings/Feuille.xlsx": samples.xlsx()})
    assert seen("docx", figures) == ""
    assert seen("docx", relation("hyperlink", "https://emdk.example/projet")) == ""
    assert seen("docx", relation("attachedTemplate", "file:///C:\\Users\\awa\\Modele.dotx")) == ""
    assert seen("xlsx", samples.xlsx({"xl/printerSettings/printerSettings1.bin": b"x"})) == ""
    picture = samples.png()
    assert (
        seen(
            "odt", samples.odt({"Pictures/a.png": picture, "content.xml": b'<draw:image xlink:href="Pictures/a.png"/>'})
        )
        == ""
    )


@slow
def test_a_part_that_unfolds_to_more_than_it_says_is_refused():
    data = bytearray(samples.docx({"word/a.xml": bytes(100_000) + os.urandom(2000)}))
    place = data.rfind(b"word/a.xml") - 46
    data[place + 24 : place + 28] = struct.pack("<I", 3000)
    with pytest.raises(uploads.Refused) as caught:
        uploads.check("a.docx", bytes(data))
    assert caught.value.reason is Reason.UNREADABLE


PICTURE_BOMBS = {
    "74 bytes": ("png", samples.png(20_000, 20_000), Reason.TOO_MANY_PIXELS),
    "one pixel too many": ("png", samples.png(8_000, 5_001), Reason.TOO_MANY_PIXELS),
    "a line": ("png", samples.png(1_000_000, 1), Reason.TOO_MANY_PIXELS),
    "large jpeg": ("jpg", samples.jpeg(60_000, 60_000), Reason.TOO_MANY_PIXELS),
    "no height": ("jpg", samples.jpeg(10, 0), Reason.DAMAGED),
    "no frame": ("jpg", samples.jpeg(frame=False), Reason.DAMAGED),
    "animated": ("png", samples.png(before_data=samples.chunk(b"acTL", bytes(8))), Reason.ANIMATED),
    "two headers": (
        "png",
        samples.png(before_data=samples.chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))),
        Reason.DAMAGED,
    ),
    "false sum": ("png", samples.png().replace(b"IDAT", b"IDAX"), Reason.DAMAGED),
    "unknown colours": ("png", samples.png(colour=5), Reason.DAMAGED),
    "empty": ("png", b"\x89PNG\r\n\x1a\n", Reason.DAMAGED),
    "many pieces": ("png", samples.png(before_data=samples.chunk(b"tEXt", b"a") * 10_001), Reason.DAMAGED),
    "short frame": ("jpg", b"\xff\xd8" + samples.segment(0xC0, b"ab") + samples.jpeg()[2:], Reason.DAMAGED),
    "no marker": ("jpg", b"\xff\xd8\xff\xe0\0\2" + b"abcdefgh", Reason.DAMAGED),
    "length of nothing": ("jpg", b"\xff\xd8\xff\xe0\0\1" + bytes(20), Reason.DAMAGED),
    "behind the end": ("png", samples.png() + b"<html>", Reason.DAMAGED),
    "cut": ("png", samples.png()[:-1], Reason.DAMAGED),
    "cut jpeg": ("jpeg", samples.jpeg()[:12], Reason.DAMAGED),
    "moving picture": ("png", b"GIF89a" + bytes(100), Reason.TYPE_MISMATCH),
    "drawing": ("png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.TYPE_MISMATCH),
}


@pure
@pytest.mark.parametrize("name", PICTURE_BOMBS)
def test_a_dishonest_picture_is_told_why(name):
    extension, data, reason = PICTURE_BOMBS[name]
    assert seen(extension, data) == reason


def tree(*nodes):
    return samples.assembled([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes])


def hidden_in_a_stream():
    """An object written into a stream that is not compressed, where a table may point to."""
    inner = b"9 0 obj << /S /JavaScript /JS (app.alert) >> endobj"
    return samples.pdf([b"<< /Length %d >>\nstream\n%s\nendstream" % (len(inner), inner)])


NODE = b"<< /Type /Pages /Kids [%s] >>"
# The large ones are made when they are needed.
PDF_BOMBS = {
    "page file that is a page": (b"%PDF-1.4\n<html><script>x</script></html>", Reason.DAMAGED),
    "text": (b"hello", Reason.TYPE_MISMATCH),
    "something in front": (b"<html>" + samples.pdf(), Reason.TYPE_MISMATCH),
    "cut": (samples.pdf()[:-40], Reason.DAMAGED),
    "501 pages": (samples.pdf(pages=501), Reason.TOO_MANY_PAGES),
    "50,000 pages": (lambda: samples.pdf(pages=50_000), Reason.TOO_MANY_PAGES),
    "tree that bites its tail": (tree(NODE % b"2 0 R"), Reason.DAMAGED),
    "two that bite each other": (tree(NODE % b"3 0 R", NODE % b"2 0 R"), Reason.DAMAGED),
    "a short way to many": (
        tree(*[NODE % (b"%d 0 R %d 0 R" % (number, number)) for number in range(3, 33)], b"<< /Type /Page >>"),
        Reason.TOO_MANY_PAGES,
    ),
    "a short way to nothing": (
        tree(*[NODE % (b"%d 0 R %d 0 R" % (number, number)) for number in range(3, 33)], NODE % b""),
        Reason.TOO_MANY_PAGES,
    ),
    "no pages": (tree(NODE % b""), Reason.DAMAGED),
    "no catalogue": (samples.assembled([b"<< >>"]), Reason.DAMAGED),
    "a gigabyte": (lambda: samples.pdf([samples.stream(bytes(450_000_000))]), Reason.EXPANDS_TOO_MUCH),
    "folded twice": (
        samples.pdf([samples.stream(b"x", b"/Filter [/FlateDecode /FlateDecode] ")]),
        Reason.EXPANDS_TOO_MUCH,
    ),
    "large table of objects": (lambda: samples.pdf([samples.object_table(bytes(70_000_000))]), Reason.EXPANDS_TOO_MUCH),
    "script": (samples.pdf([b"<< /S /JavaScript /JS (app.alert) >>"]), Reason.ACTIVE_CONTENT),
    "script with a hidden name": (samples.pdf([b"<< /S /J#61vaScript /J#53 (app.alert) >>"]), Reason.ACTIVE_CONTENT),
    "script in a table": (samples.pdf([samples.object_table(b"<< /JS (app.alert) >>")]), Reason.ACTIVE_CONTENT),
    "script in a stream": (hidden_in_a_stream(), Reason.ACTIVE_CONTENT),
    "script in an earlier version": (
        samples.pdf([b"<< /JS (a) >>"]).replace(b"xref\n0", b"4 0 obj\n<< >>\nendobj\nxref\n0", 1),
        Reason.ACTIVE_CONTENT,
    ),
    "program": (samples.pdf([b"<< /S /Launch /F (cmd.exe) >>"]), Reason.ACTIVE_CONTENT),
    "form of another kind": (samples.pdf(catalogue=b"/AcroForm << /XFA 9 0 R >> "), Reason.ACTIVE_CONTENT),
    "enclosed": (samples.pdf(catalogue=b"/Names << /EmbeddedFiles 9 0 R >> "), Reason.EMBEDDED_FILES),
    "enclosed on a page": (samples.pdf([b"<< /Subtype /FileAttachment >>"]), Reason.EMBEDDED_FILES),
    "encrypted": (samples.pdf(trailer=b"/Encrypt 9 0 R "), Reason.ENCRYPTED),
    "large picture": (samples.pdf([b"<< /Subtype /Image /Width 60000 /Height 60000 >>"]), Reason.TOO_MANY_PIXELS),
    "stream without end": (samples.pdf([b"<< /Length 9 >>\nstream\nabc"]), Reason.DAMAGED),
}


@pure
@pytest.mark.parametrize("name", PDF_BOMBS)
def test_a_dishonest_pdf_is_told_why(name):
    data, reason = PDF_BOMBS[name]
    assert seen("pdf", data() if callable(data) else data) == reason


@pure
def test_five_hundred_pages_are_borne():
    assert seen("pdf", samples.pdf(pages=500)) == ""


@slow
def test_an_accepted_file_is_described():
    data = samples.HONEST["pdf"]
    accepted = uploads.check("C:\\Bureau\\Budget prévisionnel.PDF", data)
    assert accepted == uploads.Accepted("Budget prévisionnel.PDF", "pdf", "application/pdf", len(data))


@slow
def test_a_refused_file_is_refused_through_the_child():
    with pytest.raises(uploads.Refused) as caught:
        uploads.check("a.pdf", samples.pdf(pages=501))
    assert caught.value.reason is Reason.TOO_MANY_PAGES


@pure
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.exe", b"MZ", Reason.TYPE_NOT_ALLOWED),
        ("a.pdf.exe", b"%PDF", Reason.TYPE_NOT_ALLOWED),
        ("a.svg", b"<svg/>", Reason.TYPE_NOT_ALLOWED),
        ("a.docm", b"PK", Reason.TYPE_NOT_ALLOWED),
        ("pdf", b"%PDF", Reason.TYPE_NOT_ALLOWED),
        ("a.pdf", b"", Reason.EMPTY),
        ("a.pdf", bytes(20_000_001), Reason.TOO_LARGE),
    ],
)
def test_what_needs_no_look_inside_is_refused_at_once(name, data, reason):
    with pytest.raises(uploads.Refused) as caught:
        uploads.check(name, data)
    assert caught.value.reason is reason


@pure
def test_a_field_may_take_less():
    with pytest.raises(uploads.Refused):
        uploads.check("a.png", samples.png(), allowed={"pdf": "application/pdf"})


@pure
@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (sealed.Stopped("timeout"), Reason.TOOK_TOO_LONG),
        (sealed.Stopped("cpu"), Reason.TOOK_TOO_LONG),
        (sealed.Stopped("crash"), Reason.UNREADABLE),
        (sealed.Stopped("memory"), Reason.UNREADABLE),
        (BlockingIOError(), Reason.NOT_CHECKED),
    ],
)
def test_whatever_happens_to_the_child_is_a_refusal(monkeypatch, stop, reason):
    def fail(*_arguments, **_limits):
        raise stop

    monkeypatch.setattr(sealed, "run", fail)
    with pytest.raises(uploads.Refused) as caught:
        uploads.check("a.pdf", samples.pdf())
    assert caught.value.reason is reason


@slow
@pytest.mark.parametrize("extension", samples.HONEST)
def test_mutilated_files_are_taken_or_refused_and_nothing_else(extension):
    dice = random.Random(extension)  # noqa: S311 -- a fixed series
    for _ in range(25):
        data = bytearray(samples.HONEST[extension])
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        cut = bytes(data[: dice.randint(1, len(data))]) if dice.random() < 0.3 else bytes(data)
        try:
            uploads.check(f"a.{extension}", cut)
        except uploads.Refused as refused:
            assert refused.reason in Reason  # noqa: PT017 -- either is right


@pure
@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Bureau\\budget.xlsx", "budget.xlsx"),
        ("a/b", "b"),
        ("..", "document"),
        ("", "document"),
        ("/", "document"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        (".htaccess", "htaccess"),
        (".pdf", "pdf"),
        ("a\r\nX: 1.pdf", "aX_ 1.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\0.pdf", "a.pdf"),
        ("a\ud800.pdf", "a.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("  a   b .pdf ", "a b.pdf"),
        ('a"<b>|?*.pdf', "a__b____.pdf"),
        ("a.pdf.", "a.pdf"),
        ("....pdf", "pdf"),
    ],
)
def test_a_name_is_cleaned(given, stored):
    assert uploads.clean_name(given) == stored


@pure
def test_a_long_name_keeps_its_extension():
    name = uploads.clean_name(f"{'é' * 300}.pdf")
    assert len(name) == 150
    assert name.endswith("é.pdf")
    assert len(uploads.clean_name("a" * 300)) == 150
    assert len(uploads.clean_name(f"a.{'b' * 300}")) <= 150


@pure
def test_a_picture_may_have_idle_bytes_between_its_pieces():
    assert seen("jpg", b"\xff\xd8\xff\xff\xff\x01" + samples.jpeg()[2:]) == ""


@pure
def test_a_kind_that_nobody_knows_is_not_allowed():
    assert seen("exe", b"MZ") == Reason.TYPE_NOT_ALLOWED


@pure
def test_a_table_of_objects_is_read_whatever_its_length_says():
    table = samples.object_table(b"<< /Title (a) >>")
    assert seen("pdf", samples.pdf([table.replace(b"/Length ", b"/Length 9")])) == ""
    assert seen("pdf", samples.pdf([table.replace(b"/First", b"/Fist")])) == Reason.DAMAGED
    assert seen("pdf", samples.pdf([samples.stream(b"a b c", b"/Type /ObjStm /First 5 ")])) == Reason.DAMAGED


@pure
def test_a_picture_in_a_pdf_is_no_structure():
    assert seen("pdf", samples.pdf([b"<< /Filter /DCTDecode /Length 4 >>\nstream\nJFIF\nendstream"])) == ""


@pure
def test_an_object_without_an_end_is_read_to_the_end():
    assert seen("pdf", samples.pdf().replace(b"endobj\nxref", b"xref")) == ""


@pure
def test_a_stream_that_is_damaged_ends_where_it_is_damaged():
    broken = zlib.compress(b"x" * 1000)[:-8] + bytes(8)
    data = samples.pdf([b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(broken), broken)])
    assert seen("pdf", data) == ""
