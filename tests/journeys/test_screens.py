"""Every screen of every role in a browser: readable by all (axe), whole at 320 pixels, one title, no complaint."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, BrowserContext, Page, Response

from grants.clock import frozen
from grants.demo import replay
from grants.demo.accounts import DEMO_ACCOUNTS, MANAGER, PASSWORD
from grants.domain.forms import FieldKind
from tests import demonstration
from tests.journeys import browser as browsers
from tests.journeys import world as worlds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
VISITOR = ""
# two of these see the screens of somebody else in the list
SAME_SCREENS = {"mamadou.ndiaye@rivages.exemple.invalid", "sophie.delmas@institut.exemple.invalid"}
PEOPLE = [VISITOR, *(account.email for account in DEMO_ACCOUNTS if account.email not in SAME_SCREENS)]
DESK, PHONE, NARROW = 1280, 390, 320
# a file to keep, not a page to look at
DOWNLOAD = re.compile(r"\.(pdf|json|csv|xlsx|ics)$|/pieces/\w+$|/modele$|\.eml/\d+$")
# a mail is for its addressee: its links may lead where its reader may not go
MAIL = re.compile(r"/gestion/courrier/[^/]+\.eml$")
# what everybody sees is looked at once, as a visitor
PUBLIC = re.compile(r"/(fr|en)(/|$)|/demo$|/connexion$|/$")
NOT_FOUND, FORBIDDEN = 404, 403
SHAPE = """() => ({
  titles: document.querySelectorAll('h1').length,
  over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  links: [...document.querySelectorAll('a[href]')].map((one) => one.href),
  parts: [...new Set([...document.querySelectorAll('body *')].map((one) => one.cloneNode().outerHTML
    .replace(/ (href|id|for|name|value|action|title|d|c?[xy]\\d?|datetime|aria-(label(ledby)?|describedby))="[^"]*"/g, '')))].sort().join(),
})"""
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return {name: one.outerHTML.slice(0, 90), seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration, its clock on its last day."""
    world = worlds.found(demonstration.copied(tmp_path_factory.mktemp("screens") / "data"))
    with frozen(replay.ENDING), worlds.served(world) as address:
        yield address
    world.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    playwright, running = browsers.chromium()
    yield running
    running.close()
    playwright.stop()  # type: ignore[attr-defined]


def entered(browser: Browser, site: str, email: str, password: str = PASSWORD) -> BrowserContext:
    """A window of this person."""
    window = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": DESK, "height": 900}, reduced_motion="reduce"
    )
    if email:
        page = window.new_page()
        page.goto(f"{site}/connexion")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.click("button[data-action='account.sign-in']")
        page.wait_for_load_state()
        assert "/connexion" not in page.url, page.url
    return window


def pattern(address: str) -> str:
    """Pages of one kind have one pattern: their identifiers and the values of their filters do not count."""
    parts = urlsplit(address)
    path = "/".join(
        "*" if re.fullmatch(r"[a-z2-7]{16}|\d+|20\d{6}T.*", step) else step for step in parts.path.split("/")
    )
    path = re.sub(r"^/fr/projets/.+", "/fr/projets/*", path)
    path = re.sub(r"^/gestion/appels/[^/]+/(formulaire|apercu)/", r"/gestion/appels/*/\1/", path)
    path = re.sub(r"/questions/[^/]+$", "/questions/*", path)
    return path + "?" + "&".join(sorted(name for name, _value in parse_qsl(parts.query)))


class Round:
    """One person's walk: every kind of page that links lead to, each looked at once."""

    # what pages already read were made of, whoever walked: the same parts need no second reading
    read: ClassVar[set[str]] = set()

    def __init__(self, window: BrowserContext, site: str, *, public: bool) -> None:
        # the page that its person came in by: closing it while it still loads may never end
        self.page: Page = (window.pages or [window.new_page()])[0]
        self.faults: list[str] = []
        self.walked: list[str] = []
        self._site, self._public, self._axe = site, public, Axe()
        self._complaints: list[str] = []
        self.page.on("console", lambda said: self._complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))

    def walk(self, *starts: str) -> None:
        """Follow every link, breadth first."""
        ahead, known = deque(urljoin(self._site, start) for start in starts), set[str]()
        while ahead:
            address = ahead.popleft()
            kind = pattern(address)
            if kind in known or (not self._public and address not in starts and PUBLIC.match(urlsplit(address).path)):
                continue
            known.add(kind)
            ahead.extend(link for link in self.links_of(address) if link.startswith(self._site + "/"))

    def only(self, addresses: Iterable[str]) -> None:
        """Look at these pages, without following their links."""
        for address in addresses:
            if not DOWNLOAD.search(urlsplit(address).path):
                self.links_of(address)

    def links_of(self, address: str) -> list[str]:
        """Look at a page; the pages that it leads to."""
        answer = self._open(address)
        if answer.status >= 400:
            self._fault(address, f"a link leads to {answer.status}")
            return []
        links: list[str] = self.look(address)["links"]
        if MAIL.search(urlsplit(address).path):
            return []
        return [link.partition("#")[0] for link in links if not DOWNLOAD.search(urlsplit(link).path)]

    def _open(self, address: str) -> Response:
        self._complaints.clear()
        self.page.set_viewport_size({"width": DESK, "height": 900})
        self.page.emulate_media(color_scheme="light")
        answer = self.page.goto(address)
        assert answer is not None, address
        return answer

    def look(self, address: str) -> dict[str, Any]:
        """What must hold of the page that is open, on a desk, on a phone in the dark, on the narrowest screen."""
        self.walked.append(address)
        shape: dict[str, Any] = self.page.evaluate(SHAPE)
        if shape["titles"] != 1:
            self._fault(address, f"{shape['titles']} titles")
        known = shape["parts"] in self.read
        self.read.add(shape["parts"])
        if not known:
            self._readable(address, "on a desk")
        self.page.emulate_media(color_scheme="dark")
        for width in (PHONE, NARROW):
            self.page.set_viewport_size({"width": width, "height": 800})
            over = self.page.evaluate(SHAPE)["over"]
            if over > 0:
                self._fault(address, f"{over} pixels too wide at {width}")
            if width == PHONE and not known:
                self._readable(address, "on a phone, in the dark")
        for said in self._complaints:
            self._fault(address, f"the console says {said}")
        return shape

    def focus(self) -> None:
        """Somebody with a keyboard sees where they are."""
        for _step in range(8):
            self.page.keyboard.press("Tab")
            held = self.page.evaluate(FOCUS)
            if not held["seen"]:
                self._fault(self.page.url, f"no visible focus on {held['name']}")

    def _readable(self, address: str, where: str) -> None:
        for fault in self._axe.run(self.page).response["violations"]:
            self._fault(address, f"{where}: {fault['id']}, {fault['nodes'][0]['html'][:160]}")

    def _fault(self, address: str, words: str) -> None:
        self.faults.append(f"{address.removeprefix(self._site)}: {words}")


@pytest.mark.parametrize("email", PEOPLE, ids=lambda email: email.partition("@")[0] or "visitor")
def test_every_screen_can_be_read_by_everybody(email: str, site: str, chromium: Browser) -> None:
    window = entered(chromium, site, email)
    there = Round(window, site, public=not email)
    there.walk(f"{site}/", f"{site}/mon-compte" if email else f"{site}/connexion")
    there.page.goto(f"{site}/mon-compte" if email else f"{site}/connexion")
    there.focus()
    window.close()
    assert not there.faults, "\n".join(there.faults)
    assert len(there.walked) > 1, "nothing was walked"


def test_the_screens_of_a_call_being_written_can_be_read_by_everybody(site: str, chromium: Browser) -> None:
    window = entered(chromium, site, MANAGER.email)
    there = Round(window, site, public=False)
    there.page.goto(f"{site}/gestion/appels/nouveau")
    there.page.fill("[name=title]", "Un appel à écrire")
    there.page.fill("[name=edition]", "2031")
    there.page.select_option("[name=kind]", "two_stages")
    there.page.click("button[data-action='call.draft']")
    address = there.page.url.removesuffix("/texte")
    section = f"{address}/formulaire/project"
    there.page.goto(section)
    there.page.select_option("[name=stage]", "full")
    there.page.click("form:has([name=stage]) button[data-action='call.draft']")
    assert there.page.input_value("[name=stage]") == "full"
    parts = [link for link in there.links_of(f"{address}/texte") if link.startswith(address)]
    questions = [f"{section}/nouvelle-question?type={kind}" for kind in FieldKind]
    there.only(parts + [f"{address}/apercu/{one}" for one in ("candidature", "evaluation", "pilotage")])
    there.only([section, f"{address}/apercu/candidature/project", *questions])
    window.close()
    assert not there.faults, "\n".join(there.faults)
    assert len(there.walked) > len(questions) + len(parts)


def test_the_pages_of_refusals_can_be_read_too(site: str, chromium: Browser) -> None:
    window = entered(chromium, site, "jeanne.astruc@exemple.invalid")
    there = Round(window, site, public=False)
    for address, status in (("/fr/nulle-part", NOT_FOUND), ("/classement/alliances-2026", FORBIDDEN)):
        answer = there._open(site + address)
        assert answer.status == status
        there._complaints.clear()
        there.look(site + address)
    window.close()
    assert not there.faults, "\n".join(there.faults)
