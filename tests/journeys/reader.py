"""A person in front of a screen who also reads each kind of page: by axe, at three widths, with an ear for complaints."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Response

from tests.journeys.browser import Browser

DESK, PHONE, NARROW = 1280, 390, 320
# a refusal is what the story asked for, and the browser says so of every one
REFUSED = "Failed to load resource: the server responded with a status of 4"
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# identifiers and long random names are of one kind of page
OWN = re.compile(r"/(formulaire|candidature|rubriques|verifications)/[\w-]+")
NAMES = re.compile(r"[a-z2-7]{16}|\d+|[\w-]{30,}")


class Reader(Browser):
    """Looks at each kind of page once, whoever looks; `faults` says what was wrong. `read` is shared by the story."""

    def __init__(self, chromium: Chromium, base_url: str, name: str, email: str, password: str, album: Path) -> None:
        super().__init__(chromium, base_url, name, email, password, album)
        self.faults: list[str] = []
        self.read_by: set[str] = set()
        self._axe = Axe()

    @property
    def page(self) -> Page:
        """The screen itself: for what a driver by words cannot do."""
        return self._page

    @property
    def told(self) -> list[str]:
        """What was wrong with the pages: faults, and what the console said that was no refusal."""
        return self.faults + [words for words in self.complaints if not words.startswith(REFUSED)]

    def _seen(self, answer: Response | None) -> None:
        assert answer is not None
        self.status = answer.status
        parts = urlsplit(self._page.url)
        steps = ["*" if NAMES.fullmatch(step) else step for step in parts.path.split("/")]
        kind = OWN.sub(r"/\1/*", f"{self.status} {'/'.join(steps)}")
        if kind not in self.read_by:
            self.read_by.add(kind)
            self._look(kind)

    def _look(self, kind: str) -> None:
        for fault in self._axe.run(self._page).response["violations"]:
            self.faults.append(f"{kind}: {fault['id']}, {fault['nodes'][0]['html'][:160]}")
        titles = self._page.locator("h1").count()
        if titles != 1:
            self.faults.append(f"{kind}: {titles} titles")
        self._picture(kind, "desk")
        for width in (PHONE, NARROW):
            self._page.set_viewport_size({"width": width, "height": 800})
            if (over := self._page.evaluate(OVER)) > 0:
                self.faults.append(f"{kind}: {over} pixels too wide at {width}")
            if width == PHONE:
                self._picture(kind, "phone")
        self._page.set_viewport_size({"width": DESK, "height": 900})

    def _picture(self, kind: str, where: str) -> None:
        name = re.sub(r"\W+", "-", kind)[:90]
        self._page.screenshot(path=self._album / f"{len(self.read_by):03}-{name}-{where}.png", full_page=True)
