"""Files that say who made them in every place that a program of the time uses for it, and what can be read in a file."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from PIL import Image, PngImagePlugin

from tests.delivery import samples

AUTHOR = "Jane Zephyrine"  # a name of no use in any format
HOUSE = "Zephyr-ONG"
CONTENT = "Quarante puits seront forés."
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"


def photograph(kind="JPEG", **options):
    """A picture with the name of who took it, and the place, in Exif and in a comment."""
    image = Image.effect_mandelbrot((80, 60), (-2, -1.5, 1, 1.5), 20).convert("RGB")
    exif = Image.Exif()
    exif[0x013B], exif[0x8298], exif[0x010E] = AUTHOR, HOUSE, f"{AUTHOR} devant le siège"
    exif.get_ifd(0x8825)[1] = "N"
    file = BytesIO()
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", AUTHOR)
        words.add_itxt("XML:com.adobe.xmp", f"<x>{AUTHOR}</x>")
        options["pnginfo"] = words
    if kind == "JPEG":
        options["comment"] = f"par {AUTHOR}".encode()
    image.save(file, kind, exif=exif, **options)
    return file.getvalue()


def relations(*rows):
    told = "".join(
        f'<Relationship Id="{number}" Type="{OFFICE}/{kind}" Target="{target}"{more}/>'
        for number, kind, target, more in rows
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'.encode()


def types(*names):
    told = "".join(f'<Override PartName="/{name}" ContentType="application/xml"/>' for name in names)
    return f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">{told}</Types>'.encode()


def properties():
    return {
        "docProps/core.xml": f"<c><creator>{AUTHOR}</creator><lastModifiedBy>{AUTHOR}</lastModifiedBy></c>".encode(),
        "docProps/app.xml": f"<p><Company>{HOUSE}</Company><Manager>{AUTHOR}</Manager></p>".encode(),
        "docProps/custom.xml": f"<p><property name='Client'>{HOUSE}</property></p>".encode(),
        "docProps/thumbnail.jpeg": photograph(),
        "customXml/item1.xml": f"<data>{AUTHOR}</data>".encode(),
        "_rels/.rels": relations(
            ("rId1", "officeDocument", "word/document.xml", ""),
            ("rId2", "core-properties", "docProps/core.xml", ""),
            ("rId3", "thumbnail", "docProps/thumbnail.jpeg", ""),
        ),
    }


def docx():
    body = f"""<?xml version="1.0"?><!-- {AUTHOR} --><w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"
      xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
      xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>
      <w:p><w:r><w:t>{CONTENT}</w:t></w:r>
      <w:ins w:id="1" w:author="{AUTHOR}" w:date="2026-01-02T03:04:05Z"><w:r><w:t>ajouté</w:t></w:r></w:ins>
      <w:del w:id="2" w:author="{AUTHOR}"><w:r><w:delText>ôté</w:delText></w:r></w:del>
      <w:fldSimple w:instr=" AUTHOR "><w:r><w:t>{AUTHOR}</w:t></w:r></w:fldSimple>
      <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FILENAME \\p </w:instrText></w:r>
      <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>C:\\{AUTHOR}\\budget.docx</w:t></w:r>
      <w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>après le champ</w:t></w:r>
      <w:hyperlink r:id="rId6"><w:r><w:t>notre site</w:t></w:r></w:hyperlink>
      <w:drawing><wp:docPr id="1" name="Image 1" descr="C:\\Users\\{AUTHOR}\\photo.jpg"/><pic:cNvPr id="2"
      name="{AUTHOR}.jpg" descr="Un puits"/></w:drawing></w:p></w:body></w:document>"""
    comments = f'<w:comments xmlns:w="{WORD}"><w:comment w:id="0" w:author="{AUTHOR}" w:initials="JZ"><w:p><w:r><w:t>À revoir</w:t></w:r></w:p></w:comment></w:comments>'
    settings = f'<w:settings xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:attachedTemplate r:id="rId1"/><w:docVars><w:docVar w:name="a" w:val="{AUTHOR}"/></w:docVars><w:zoom/></w:settings>'
    template = ' TargetMode="External"'
    return samples.zipped(
        {
            "[Content_Types].xml": types("word/document.xml", "docProps/core.xml", "word/people.xml"),
            **properties(),
            "word/document.xml": body.encode(),
            "word/comments.xml": comments.encode(),
            "word/people.xml": f'<p><person author="{AUTHOR}"/></p>'.encode(),
            "word/settings.xml": settings.encode(),
            "word/_rels/settings.xml.rels": relations(
                ("rId1", "attachedTemplate", f"file:///C:\\Users\\{AUTHOR}\\modele.dotx", template)
            ),
            "word/_rels/document.xml.rels": relations(
                ("rId1", "comments", "comments.xml", ""),
                ("rId2", "people", "people.xml", ""),
                ("rId3", "customXml", "../customXml/item1.xml", ""),
                ("rId4", "image", "media/image1.jpeg", ""),
                ("rId5", "image", "media/image2.png", ""),
                ("rId6", "hyperlink", "https://exemple.org/", template),
            ),
            "word/media/image1.jpeg": photograph(),
            "word/media/image2.png": photograph("PNG"),
            "word/media/image3.svg": f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="urn:s" s:docname="{AUTHOR}.svg"><metadata>{AUTHOR}</metadata><path d="M0 0h1"/></svg>'.encode(),
            "word/media/image4.emf": emf(),
        }
    )


def emf():
    """The head of a drawing with the name of its program and its title."""
    words = f"Encre\0{AUTHOR}\0\0".encode("utf-16-le")
    head = struct.pack("<II", 1, 108 + len(words)) + bytes(32) + b" EMF" + bytes(16)
    return (head + struct.pack("<II", len(words) // 2, 108)).ljust(108, b"\0") + words


def xlsx():
    return samples.zipped(
        {
            "[Content_Types].xml": types("xl/workbook.xml", "docProps/app.xml", "xl/persons/person.xml"),
            **properties(),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:mc="urn:mc" xmlns:x15ac="urn:a"><fileSharing userName="{AUTHOR}"/><mc:AlternateContent><mc:Choice Requires="x15ac"><x15ac:absPath url="C:\\Users\\{AUTHOR}\\"/></mc:Choice></mc:AlternateContent><sheets/></workbook>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheetData><row><c><v>{CONTENT}</v></c></row></sheetData><pageSetup orientation="landscape" r:id="rId1"/></worksheet>'.encode(),
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("rId1", "printerSettings", "../printerSettings/printerSettings1.bin", ""),
                ("rId2", "comments", "../comments1.xml", ""),
            ),
            "xl/printerSettings/printerSettings1.bin": f"\\\\{HOUSE}\\imprimante".encode("utf-16-le"),
            "xl/comments1.xml": f'<comments xmlns="{SHEET}"><authors><author>{AUTHOR}</author></authors><commentList><comment authorId="0"><text><r><t>{AUTHOR}:</t></r><r><t> à vérifier</t></r></text></comment></commentList></comments>'.encode(),
            "xl/persons/person.xml": f'<p><person displayName="{AUTHOR}"/></p>'.encode(),
        }
    )


def pptx():
    return samples.zipped(
        {
            "[Content_Types].xml": types("ppt/presentation.xml", "ppt/commentAuthors.xml"),
            **properties(),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{SLIDE}"/>'.encode(),
            "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{SLIDE}"><p:t>{CONTENT}</p:t></p:sld>'.encode(),
            "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{SLIDE}"><p:cmAuthor id="0" name="{AUTHOR}" initials="JZ"/></p:cmAuthorLst>'.encode(),
            "ppt/changesInfos/changesInfo1.xml": f"<c>{AUTHOR}</c>".encode(),
        }
    )


def open_document(kind):
    spaces = 'xmlns:office="urn:o" xmlns:text="urn:t" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:m" xmlns:xlink="urn:x" xmlns:manifest="urn:manifest"'
    content = f"""<office:document-content {spaces}><text:p>{CONTENT}</text:p><text:changed-region>
      <office:change-info><dc:creator>{AUTHOR}</dc:creator><dc:date>2026-01-02T03:04:05</dc:date></office:change-info>
      </text:changed-region><office:annotation><dc:creator>{AUTHOR}</dc:creator><meta:creator-initials>JZ</meta:creator-initials>
      <text:p>À revoir</text:p></office:annotation><text:author-name>{AUTHOR}</text:author-name>
      <text:sender-company>{HOUSE}</text:sender-company><text:a xlink:href="file:///home/{AUTHOR}/x.odt">là</text:a>
      </office:document-content>"""
    paths = ("content.xml", "meta.xml", "settings.xml", "Thumbnails/thumbnail.png", "Pictures/1.jpg")
    manifest = "".join(f'<manifest:file-entry manifest:full-path="{path}"/>' for path in paths)
    return samples.zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": content.encode(),
            "meta.xml": f"<m {spaces}><dc:creator>{AUTHOR}</dc:creator></m>".encode(),
            "settings.xml": f"<s>Imprimante de {AUTHOR}</s>".encode(),
            "Thumbnails/thumbnail.png": photograph("PNG"),
            "Pictures/1.jpg": photograph(),
            "META-INF/manifest.xml": f"<manifest:manifest {spaces}>{manifest}</manifest:manifest>".encode(),
        }
    )


def pdf():
    """A page with a photograph, a remark, a link, an enclosed file, a script; a catalogue that tells all."""
    file = pikepdf.new()
    page = file.add_blank_page(page_size=(200, 200))
    photo = file.make_stream(photograph(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=80, Height=60)
    photo.Filter, photo.ColorSpace, photo.BitsPerComponent = pikepdf.Name.DCTDecode, pikepdf.Name.DeviceRGB, 8
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=photo))
    page.Contents = file.make_stream(b"q 80 0 0 60 10 10 cm /P Do Q")
    dictionary, array = pikepdf.Dictionary, pikepdf.Array
    remark = dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=array([1, 1, 9, 9]), Contents="À revoir", T=AUTHOR
    )
    link = dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=array([1, 1, 9, 9]),
        A=dictionary(S=pikepdf.Name.URI, URI="https://exemple.org/"),
    )
    enclosed = dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FileAttachment,
        Rect=array([1, 1, 9, 9]),
        Contents=AUTHOR,
        T=AUTHOR,
    )
    page.Annots = array([file.make_indirect(one) for one in (remark, link, enclosed)])
    page.PieceInfo = dictionary(Encre=dictionary(LastModified=AUTHOR))
    page.Thumb = file.make_stream(AUTHOR.encode())
    file.attachments["budget.txt"] = f"par {AUTHOR}".encode()
    file.Root.OpenAction = dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{AUTHOR}')")
    file.Root.PageLabels = dictionary(Nums=array([0, dictionary(S=pikepdf.Name.r)]))
    file.Root.AcroForm = dictionary(Fields=array([]), XFA=f"<x>{AUTHOR}</x>")
    file.Root.Lang = pikepdf.String("fr")
    with file.open_metadata(set_pikepdf_as_editor=False) as said:
        said["dc:creator"] = [AUTHOR]
        said["pdf:Producer"] = HOUSE
    file.docinfo["/Author"], file.docinfo["/Company"] = AUTHOR, HOUSE
    kept = BytesIO()
    file.save(kept, deterministic_id=True)
    return kept.getvalue()


MADE = {
    "pdf": pdf,
    "docx": docx,
    "xlsx": xlsx,
    "pptx": pptx,
    "odt": lambda: open_document("text"),
    "ods": lambda: open_document("spreadsheet"),
    "odp": lambda: open_document("presentation"),
    "jpg": photograph,
    "png": lambda: photograph("PNG"),
    "webp": lambda: photograph("WEBP"),
}


def everything(data: bytes) -> bytes:
    """All that can be read in a file: itself, the parts of an archive, what a PDF holds unpacked, names and strings."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                found += [entry.filename.encode(), everything(archive.read(entry))]
    if data.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(data)) as pdf:
            found.append(repr(pdf.trailer).encode())
            for one in pdf.objects:
                found.append(repr(one).encode())
                if isinstance(one, pikepdf.Stream):
                    found.append(one.read_raw_bytes())
                    if one.get("/Filter") != pikepdf.Name.DCTDecode:
                        found.append(one.read_bytes())
    if data.startswith(b"\x89PNG"):
        found += [zlib.decompress(body[5:]) for body in _packed_words(data)]
    return b"\n".join(found)


def _packed_words(data: bytes):
    position = 8
    while position + 12 <= len(data):
        size = struct.unpack_from(">I", data, position)[0]
        if data[position + 4 : position + 8] == b"zTXt":
            yield data[position + 8 : position + 8 + size].partition(b"\0")[2]
        position += 12 + size


def said(data: bytes, words: str) -> bool:
    """Whether these words stand anywhere in the file, in a common encoding."""
    text = everything(data)
    return any(words.encode(code) in text for code in ("utf-8", "utf-16-le", "utf-16-be"))
