"""WeasyPrint with nothing around it: reads pages as JSON lines, draws them, answers with the seconds that it took."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse


class _Assets(URLFetcher):
    """Gives the fonts of a folder under their addresses."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=frozenset({"asset"}))
        self.files = {f"asset:{file.name}": file.read_bytes() for file in folder.glob("*.woff2")}

    def fetch(self, url: str, _headers: object = None) -> Any:
        return URLFetcherResponse(url, body=self.files[url], headers={"Content-Type": "font/woff2"})


def main() -> None:
    """Answer each line until the input ends."""
    told = json.loads(sys.stdin.readline())
    assets = _Assets(Path(told["fonts"]))
    for line in sys.stdin:
        pages = json.loads(line)
        begun = time.perf_counter()
        for page in pages:
            faces = FontConfiguration()
            sheet = CSS(string=told["css"], url_fetcher=assets, font_config=faces)
            HTML(string=page, url_fetcher=assets).write_pdf(
                font_config=faces, stylesheets=[sheet], pdf_variant="pdf/ua-1"
            )
        print(time.perf_counter() - begun, flush=True)  # noqa: T201 -- the answer


if __name__ == "__main__":
    main()
