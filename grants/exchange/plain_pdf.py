"""Small real PDF files for the documents that applicants attach: one page, a few lines, the same bytes each time."""

PAGE = "[0 0 595 842]"
LEFT, TOP, LEADING = 72, 760, 22


def sheet(title: str, *lines: str) -> bytes:
    """One A4 page of text in the reader's own Helvetica. Signs outside of Western European are left out."""
    text = "".join(f"({_escaped(line)}) Tj T*\n" for line in (title, "", *lines))
    stream = f"BT /F1 14 Tf {LEFT} {TOP} Td {LEADING} TL\n{text}ET".encode("cp1252", "ignore")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {PAGE} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % _escaped(title).encode("cp1252", "ignore"),
    )
    return _file(objects)


def _file(objects: tuple[bytes, ...]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return body + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").replace("\u2009", " ")
