"""Drawing a PDF: the same bytes twice, accessible, silent towards the world, stopped when it is too much."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest

from grants.delivery import fonts, pdf, sealed
from tests.delivery import canary

pytestmark = pytest.mark.slow

MOMENT = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)
FACE = (
    '@font-face { font-family: "IBM Plex Sans"; src: url("asset:plex-sans-regular.woff2"); }'
    '@font-face { font-family: "IBM Plex Sans"; font-weight: 700; src: url("asset:plex-sans-bold.woff2"); }'
    'body { font-family: "IBM Plex Sans" }'
)
LETTER = """<!doctype html><html lang="fr"><head><title>autre</title><meta name="author" content="A. Personne"></head>
<body><h1>Décision</h1><p>Montant : 22\u202f500\u00a0€, « œuvre »</p>
<table><tr><th>Poste</th><th>Montant</th></tr><tr><td>Atelier</td><td>100</td></tr></table>{}</body></html>"""


def render(body="", css=(), assets=None, **options):
    page = LETTER.format(body)
    return pdf.render(page, css, assets or {}, title="Décision n° 4", lang="fr", moment=MOMENT, **options)


def opened(data):
    return pypdf.PdfReader(BytesIO(data))


def test_the_same_letter_gives_the_same_bytes_even_from_another_side_process():
    letter = {"css": (FACE,), "assets": fonts.letter_assets()}
    first, second = render(**letter), render(**letter)
    sealed._SIDE.stop()
    assert first == second == render(**letter)
    assert hashlib.sha256(first).hexdigest() != hashlib.sha256(render("<p>autre", **letter)).hexdigest()


def test_the_file_tells_title_language_and_date_and_no_author():
    reader = opened(render())
    assert reader.metadata.title == "Décision n° 4"
    assert reader.metadata.author is None
    assert reader.metadata.creation_date == MOMENT
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert "/" not in reader.metadata.producer


def test_the_text_can_be_read_back():
    text = opened(render()).pages[0].extract_text()
    assert "22\u202f500\u00a0€" in text


def test_only_our_own_typeface_is_in_the_letter():
    reader = opened(render(css=(FACE,), assets=fonts.letter_assets()))
    names = {font.get_object()["/BaseFont"].split("+")[-1] for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert names == {"IBM-Plex-Sans", "IBM-Plex-Sans-Bold"}


def test_an_asset_is_drawn():
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
    with_logo = render('<img src="asset:logo.svg" alt="logo">', assets={"asset:logo.svg": (logo, "image/svg+xml")})
    assert len(opened(with_logo).pages) == 1


HOSTILE = {
    "picture": '<img src="{there}/a.png">',
    "file": '<img src="{secret}">',
    "attachment in a link": '<a rel="attachment" href="{secret}">ici</a>',
    "attachment": '<link rel="attachment" href="{secret}">',
    "stylesheet": '<link rel="stylesheet" href="{there}/a.css">',
    "import": '<style>@import "{there}/b.css";</style>',
    "background": '<p style="background: url({secret})">x</p>',
    "object": '<object data="{secret}"></object>',
    "embed": '<embed src="{there}/c">',
    "frame": '<iframe src="{there}/d"></iframe>',
    "picture in a drawing": '<svg><image href="{there}/e.png"/></svg>',
    "drawing used": '<svg><use href="{there}/f.svg#a"/></svg>',
    "drawing in the address": (
        '<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E'
        '%3Cimage href=%22{secret}%22/%3E%3C/svg%3E">'
    ),
    "base": '<base href="{there}/"><img src="g.png">',
    "relative": '<img src="h.png"><img src="//127.0.0.1/i.png">',
    "font": "<style>@font-face {{ font-family: x; src: url({there}/j.woff2) }} p {{ font-family: x }}</style>",
    "metadata service": '<img src="http://169.254.169.254/latest/meta-data/">',
    "content": "<style>p::before {{ content: url({secret}) }}</style>",
    "list mark": '<ul style="list-style-image: url({there}/k.png)"><li>x</ul>',
    "set of pictures": '<img srcset="{there}/l.png 2x" src="{there}/m.png">',
}


# Nothing is asked for here in the first place: the library knows no frames, and a relative address has no base.
HARMLESS = {"attachment", "frame", "drawing used", "relative"}


def hostile(name, server, folder):
    secret = folder / "secret.txt"
    secret.write_text("the canary sings in the mine")
    return HOSTILE[name].format(there=server.address, secret=secret.as_uri())


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - HARMLESS))
def test_a_page_that_asks_for_something_is_not_drawn(name, tmp_path):
    with canary.listening() as server, pytest.raises(pdf.LeakyDocument, match=r"^(http|file|data)"):
        render(hostile(name, server, tmp_path))
    assert server.asked == []


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_is_not_fetched_is_not_in_the_file(name, tmp_path):
    with canary.listening() as server:
        drawn = render(hostile(name, server, tmp_path))
    assert server.asked == []
    assert b"canary sings" not in drawn
    assert not opened(drawn).attachments


def test_an_import_in_our_own_stylesheet_is_refused_too():
    with canary.listening() as server, pytest.raises(pdf.LeakyDocument):
        render(css=(f'@import "{server.address}/a.css";',))
    assert server.asked == []


def test_an_asset_cannot_ask_for_more():
    sheet = {"asset:a.css": (b"p { background: url(http://127.0.0.1:9/) }", "text/css")}
    with pytest.raises(pdf.LeakyDocument, match="127"):
        render(css=("@import url(asset:a.css);",), assets=sheet)


def test_an_asset_is_not_enclosed_as_a_file():
    drawn = render('<link rel="attachment" href="asset:a">', assets={"asset:a": (b"inside", "text/plain")})
    assert not opened(drawn).attachments


@pytest.mark.parametrize(
    "body",
    ['<p style="break-after: page">x</p>' * 50_000, "<div>" * 30_000, "<table>" + "<tr><td>x</td></tr>" * 30_000],
    ids=["pages", "depth", "rows"],
)
def test_a_document_without_end_is_stopped(body):
    with pytest.raises(pdf.RenderFailed) as caught:
        render(body, limits=pdf.Limits(cpu_seconds=3, wall_seconds=20.0))
    assert caught.value.reason in {"cpu", "memory", "timeout", "crash", "error"}
    assert render()


def test_a_document_that_is_too_large_is_not_taken():
    with pytest.raises(pdf.RenderFailed, match="too-large"):
        render(limits=pdf.Limits(output=1000))


def test_a_date_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        pdf.render("", (), {}, title="t", lang="fr", moment=datetime(2026, 12, 7))  # noqa: DTZ001 -- the point


def test_the_caller_never_imports_the_library():
    code = (
        "import sys; from datetime import datetime, UTC; from grants.delivery import pdf;"
        "pdf.render('<p>x', (), {}, title='t', lang='fr', moment=datetime(2026, 12, 7, tzinfo=UTC));"
        "print('weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)
    assert done.stdout.strip() == "False"
