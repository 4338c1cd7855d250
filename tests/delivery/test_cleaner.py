"""Copies for anonymous reading: what programs noted about people is gone, what people wrote is there."""

import zipfile
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageFile

from grants.delivery import cleaner
from grants.delivery.cleaner import Reason, Withheld
from grants.delivery.cleaning import CLEANED, clean
from grants.delivery.inspection import SEPARATOR, inspect
from tests.delivery import authored, samples

pure = pytest.mark.pure
slow = pytest.mark.slow
WRITTEN = [kind for kind in authored.MADE if kind not in {"pdf", "jpg", "png", "webp"}]


def copy_of(extension, data):
    """The copy, made without the child around it; the code of the refusal where there is none."""
    answer = clean(extension.encode() + SEPARATOR + data)
    return answer[1:] if answer[:1] == CLEANED else answer[1:].decode()


@pure
@pytest.mark.parametrize("kind", authored.MADE)
def test_rv_04_the_original_says_who_made_it(kind):
    """RV-04, the control: were the name not there before, its absence afterwards would prove nothing."""
    original = authored.MADE[kind]()
    assert authored.said(original, authored.AUTHOR)


@pure
@pytest.mark.parametrize("kind", authored.MADE)
def test_rv_04_the_copy_says_nothing_of_who_made_it(kind):
    """RV-04: Info, XMP, properties, Exif, remarks, changes, previews, enclosed files, paths, printers."""
    copy = copy_of(kind, authored.MADE[kind]())
    assert isinstance(copy, bytes)
    assert not authored.said(copy, authored.AUTHOR)
    assert not authored.said(copy, authored.HOUSE)


@pure
@pytest.mark.parametrize("kind", WRITTEN)
def test_what_people_wrote_stays(kind):
    assert authored.said(copy_of(kind, authored.MADE[kind]()), authored.CONTENT)


@pure
@pytest.mark.parametrize("kind", [kind for kind in authored.MADE if kind in samples.HONEST])
def test_a_copy_is_fit_to_be_uploaded_itself(kind):
    copy = copy_of(kind, authored.MADE[kind]())
    assert inspect(kind.encode() + SEPARATOR + copy) == b""


@pure
@pytest.mark.parametrize("kind", authored.MADE)
def test_the_same_file_gives_the_same_copy(kind):
    original = authored.MADE[kind]()
    assert copy_of(kind, original) == copy_of(kind, original)


@pure
def test_a_pdf_keeps_its_pages_its_labels_its_language_and_its_links():
    with pikepdf.open(BytesIO(copy_of("pdf", authored.pdf()))) as copy:
        page = copy.pages[0]
        assert page.label == "i"
        assert str(copy.Root.Lang) == "fr"
        assert [str(one.Subtype) for one in page.Annots] == ["/Text", "/Link"]
        assert str(page.Annots[1].A.URI) == "https://exemple.org/"
        assert str(page.Annots[0].Contents) == "À revoir"
        assert set(copy.Root.keys()) == {"/Type", "/Pages", "/PageLabels", "/AcroForm", "/Lang"}
        photo = pikepdf.PdfImage(page.Resources.XObject.P).as_pil_image()
    before = Image.open(BytesIO(authored.photograph()))
    assert photo.tobytes() == before.tobytes()  # not a pixel of it was painted anew


@pure
def test_a_photograph_of_the_newer_kind_loses_its_words_inside_of_a_pdf():
    file = BytesIO()
    Image.new("RGB", (16, 16), "teal").save(file, "JPEG2000")
    words = f"<x>{authored.AUTHOR}</x>".encode()
    photo = file.getvalue()
    codestream = photo.index(b"jp2c") - 4
    photo = photo[:codestream] + (len(words) + 8).to_bytes(4) + b"xml " + words + photo[codestream:]
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=pdf.make_stream(photo)))
    stream = page.Resources.XObject.P
    stream.Type, stream.Subtype, stream.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.JPXDecode
    stream.Width, stream.Height = 16, 16
    kept = BytesIO()
    pdf.save(kept)
    assert authored.AUTHOR.encode() in kept.getvalue()
    with pikepdf.open(BytesIO(copy_of("pdf", kept.getvalue()))) as copy:
        bare = copy.pages[0].Resources.XObject.P.read_raw_bytes()
    assert words not in bare
    assert Image.open(BytesIO(bare)).convert("RGB").getpixel((3, 3)) == (0, 128, 128)


@pure
def test_a_pdf_that_several_programs_changed_keeps_no_earlier_version():
    original = authored.pdf()
    with pikepdf.open(BytesIO(original)) as pdf:
        del pdf.docinfo["/Author"]
        file = BytesIO()
        pdf.save(file)
    joined = original + file.getvalue()
    copy = copy_of("pdf", joined)
    assert isinstance(copy, str) or not authored.said(copy, authored.AUTHOR)


@pure
def test_the_parts_of_an_office_file_hold_together():
    with zipfile.ZipFile(BytesIO(copy_of("docx", authored.docx()))) as copy:
        names = set(copy.namelist())
        assert names == {
            *("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/comments.xml", "word/settings.xml"),
            *("word/_rels/settings.xml.rels", "word/_rels/document.xml.rels", "word/media/image1.jpeg"),
            *("word/media/image2.png", "word/media/image3.svg", "word/media/image4.emf"),
        }
        assert b"people.xml" not in copy.read("[Content_Types].xml")
        assert b"attachedTemplate" not in copy.read("word/settings.xml")
        links = copy.read("word/_rels/document.xml.rels")
        assert b"https://exemple.org/" in links
        assert b"people" not in links
        assert b"customXml" not in links
        text = copy.read("word/document.xml").decode()
        assert "après le champ" in text
        assert "ajouté" in text
        assert "Un puits" in text
        assert {one.date_time for one in copy.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pure
def test_a_sheet_forgets_its_printer_and_not_how_it_is_printed():
    with zipfile.ZipFile(BytesIO(copy_of("xlsx", authored.xlsx()))) as copy:
        sheet = copy.read("xl/worksheets/sheet1.xml")
        assert b'orientation="landscape"' in sheet
        assert b"rId1" not in sheet
        assert "à vérifier" in copy.read("xl/comments1.xml").decode()
        assert b"AlternateContent" not in copy.read("xl/workbook.xml")


@pure
def test_a_workbook_of_a_library_reads_the_same_after_cleaning():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Poste", 12, 3.5])
    book.properties.creator = authored.AUTHOR
    file = BytesIO()
    book.save(file)
    again = openpyxl.load_workbook(BytesIO(copy_of("xlsx", file.getvalue())))
    assert [cell.value for cell in again.active[1]] == ["Poste", 12, 3.5]
    assert again.properties.creator != authored.AUTHOR


@pure
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photograph_stands_upright_without_the_note_that_said_how(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(file, "JPEG", exif=exif)
    copy = Image.open(BytesIO(copy_of("jpg", file.getvalue())))
    assert copy.size == ((40, 20) if orientation == 3 else (20, 40))
    assert not copy.getexif()


@pure
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_every_kind_keeps_its_pixels(mode):
    image = Image.linear_gradient("L").resize((16, 16)).convert("RGBA" if mode != "I;16" else "L")
    image = image.convert(mode)
    file = BytesIO()
    image.save(file, "PNG")
    again = Image.open(BytesIO(copy_of("png", file.getvalue())))
    assert again.convert("RGBA").tobytes() == Image.open(BytesIO(file.getvalue())).convert("RGBA").tobytes()


def encrypted_pdf():
    file = BytesIO()
    with pikepdf.open(BytesIO(authored.pdf())) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    return file.getvalue()


def readable_by_all_but_encrypted():
    file = BytesIO()
    with pikepdf.open(BytesIO(authored.pdf())) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="o", user=""))
    return file.getvalue()


def with_part(data, name):
    file = BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, b"II\xbc\x01 of a program that nobody remembers")
    return file.getvalue()


HOSTILE = {
    "an encrypted PDF": ("pdf", encrypted_pdf, Reason.ENCRYPTED),
    "a PDF with an owner's password": ("pdf", readable_by_all_but_encrypted, Reason.ENCRYPTED),
    "half a PDF": ("pdf", lambda: authored.pdf()[:900], Reason.UNFIT),
    "a PDF without pages": ("pdf", lambda: samples.pdf(pages=0), Reason.UNFIT),
    "words that claim to be a PDF": ("pdf", lambda: b"%PDF-1.7\n" + b"x" * 400 + b"startxref\n0\n%%EOF", Reason.UNFIT),
    "a bomb of a PDF": (
        "pdf",
        lambda: samples.pdf([samples.stream(bytes(30_000_000)) for _ in range(15)]),
        Reason.UNFIT,
    ),
    "a bomb of an archive": ("docx", lambda: samples.docx({"word/a.xml": bytes(50_000_000)}), Reason.UNFIT),
    "half an archive": ("docx", lambda: authored.docx()[:-40], Reason.UNFIT),
    "an encrypted document": (
        "docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        Reason.ENCRYPTED,
    ),
    "broken words in a document": (
        "docx",
        lambda: samples.docx({"word/comments.xml": f"<a author='{authored.AUTHOR}'><b>".encode()}),
        Reason.DAMAGED,
    ),
    "laughter that grows": (
        "odt",
        lambda: samples.odt({"styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        Reason.UNFIT,
    ),
    "a part that nobody knows": ("docx", lambda: with_part(authored.docx(), "word/media/x.wdp"), Reason.UNKNOWN_PART),
    "a sound in a text": ("odt", lambda: with_part(authored.MADE["odt"](), "Media/x.mp3"), Reason.UNKNOWN_PART),
    "a picture without an end": ("png", lambda: authored.photograph("PNG")[:-30], Reason.UNFIT),
    "a picture of nothing": ("jpg", samples.jpeg, Reason.DAMAGED),
    "a picture that is too large": ("png", lambda: samples.png(19_000, 19_000), Reason.UNFIT),
    "a page of the web": ("html", lambda: b"<p>", Reason.KIND),
    "nothing": ("pdf", lambda: b"", Reason.UNFIT),
}


@pure
@pytest.mark.parametrize("name", HOSTILE)
def test_rv_04_what_cannot_be_cleaned_has_no_copy(name):
    """RV-04: fails closed, with a reason for the manager."""
    extension, made, reason = HOSTILE[name]
    assert copy_of(extension, made()) == reason


@pure
def test_half_a_picture_is_refused_whatever_another_library_wished(monkeypatch):
    """WeasyPrint, which lives in the same side process, has Pillow paint half pictures."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert copy_of("jpg", samples.jpeg()) == Reason.DAMAGED


@slow
def test_rv_04_the_copy_is_made_in_a_sealed_child():
    copy = cleaner.cleaned("docx", authored.docx())
    assert not authored.said(copy, authored.AUTHOR)
    for extension, made, reason in HOSTILE.values():
        with pytest.raises(Withheld) as withheld:
            cleaner.cleaned(extension, made())
        assert withheld.value.reason == reason
