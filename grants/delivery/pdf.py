"""Draws a PDF from HTML and nothing else: assets from memory, the same bytes twice, in a sealed child.

The only importer of WeasyPrint, which is imported once in the side process of `grants.delivery.sealed` and never in
the process of the caller.
"""

import hashlib
import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from grants.delivery import sealed

ASSET_SCHEME = "asset"
_DRAWN, _LEAKY = b"D", b"L"


@dataclass(frozen=True)
class Limits:
    """What one document may cost: seconds of processor, bytes of address space, seconds on the wall, bytes of PDF."""

    cpu_seconds: int = 20
    memory: int = 1536 * 1024 * 1024
    wall_seconds: float = 60.0
    output: int = 30 * 1024 * 1024


LIMITS = Limits()


SAMPLE = (
    '<html lang="fr"><body style="hyphens: auto"><h1>Titre</h1><p>Un paragraphe.</p><table><tr><td>1</td></tr></table>'
)


class LeakyDocument(Exception):
    """The document asked for an `address` that is not one of its assets; nothing was fetched and nothing drawn."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class RenderFailed(Exception):
    """The document could not be drawn: `timeout`, `cpu`, `memory`, `too-large`, `crash` or `error`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


def render(  # noqa: PLR0913 -- a document has this many sides, all named
    html: str,
    css: tuple[str, ...],
    assets: Mapping[str, tuple[bytes, str]],
    *,
    title: str,
    lang: str,
    moment: datetime,
    limits: Limits = LIMITS,
) -> bytes:
    """Return the PDF/UA of a page, byte for byte the same for the same arguments.

    `assets` maps addresses (`asset:logo.svg`) to bytes and media type; every other address stops the document with
    LeakyDocument. `moment` (aware) is the date in the file, `title` and `lang` its title and language; it has no
    author. Raises RenderFailed when the limits are reached or the drawing fails, ValueError for a naive moment.
    """
    if moment.tzinfo is None:
        message = "the date of a document needs its zone"
        raise ValueError(message)
    request = json.dumps(
        {
            "html": html,
            "css": css,
            "assets": {address: [b64encode(data).decode(), mime] for address, (data, mime) in assets.items()},
            "title": title,
            "lang": lang,
            "moment": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        },
        sort_keys=True,
    ).encode()
    try:
        answer = sealed.run(
            draw,
            request,
            cpu_seconds=limits.cpu_seconds,
            memory=limits.memory,
            wall_seconds=limits.wall_seconds,
            warm=import_weasyprint,
            output=limits.output,
        )
    except sealed.Stopped as stop:
        raise RenderFailed(stop.reason, stop.detail) from stop
    if answer[:1] == _LEAKY:
        raise LeakyDocument(answer[1:].decode())
    return answer[1:]


@cache
def import_weasyprint() -> None:
    """Import what draws, once, and keep it silent: its warnings quote the document.

    A page of our own is drawn too: what the library reads when it is first used (style of HTML, hyphenation, the list
    of fonts) is then there for every child, instead of being read by each.
    """
    import weasyprint  # noqa: F401, PLC0415 -- takes a second and a half

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    asked = {"html": SAMPLE, "css": [], "assets": {}, "title": "", "lang": "fr", "moment": "2000-01-01T00:00:00Z"}
    draw(json.dumps(asked).encode())


def draw(request: bytes) -> bytes:
    """Draw in the sealed child: one byte that tells the outcome, then the PDF or the forbidden address."""
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- as above

    asked = json.loads(request)
    assets = {address: (b64decode(data), mime) for address, (data, mime) in asked["assets"].items()}
    refused: list[str] = []
    try:
        pdf = _pdf(asked, _fetcher(assets, refused), hashlib.sha256(request).digest()[:16])
    except FatalURLFetchingError:  # a BaseException: `except Exception` would let it through
        return _LEAKY + refused[0].encode()
    return _LEAKY + refused[0].encode() if refused else _DRAWN + pdf


def _fetcher(assets: Mapping[str, tuple[bytes, str]], refused: list[str]) -> Any:  # noqa: ANN401 -- untyped library
    """Return a fetcher that knows the assets and refuses, and writes down, everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- as above

    class AssetFetcher(URLFetcher):  # type: ignore[misc]  # the library has no types
        def __init__(self) -> None:
            super().__init__(allowed_protocols=frozenset({ASSET_SCHEME}), allow_redirects=False, fail_on_errors=True)

        def fetch(self, url: str, _headers: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
            if url not in assets:
                refused.append(url[:200])
                raise KeyError(url)
            data, mime = assets[url]
            return URLFetcherResponse(url, body=data, headers={"Content-Type": mime})

    return AssetFetcher()


def _pdf(asked: dict[str, Any], fetcher: Any, identifier: bytes) -> bytes:  # noqa: ANN401 -- untyped library
    """Lay the page out and write the file; only what the caller said goes into its metadata."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- as above
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- as above

    fonts = FontConfiguration()
    sheets = [CSS(string=css, url_fetcher=fetcher, font_config=fonts) for css in asked["css"]]
    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": identifier}
    document = HTML(string=asked["html"], base_url=None, url_fetcher=fetcher).render(
        font_config=fonts, stylesheets=sheets, **options
    )
    said = document.metadata
    said.title, said.lang = asked["title"], asked["lang"]
    said.created = said.modified = asked["moment"]
    said.authors, said.keywords, said.attachments = [], [], []
    said.description = said.generator = None
    pdf: bytes = document.write_pdf(**options)
    return pdf
