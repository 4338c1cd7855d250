"""The driver with a browser: a headless Chromium, one context a person, a picture of every step."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Locator, Response, sync_playwright

from tests.journeys.page import Labelled, Upload, Value, plain

EXECUTABLE = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
SECONDS = 1000
# How far up one must look from a control to read some words; -1: they are nowhere.
DISTANCE = """(control, words) => {
  const plain = (text) => text.replace(/[\\s\\u00a0\\u202f\\u2009]+/g, ' ');
  let steps = 0;
  for (let there = control; there; there = there.parentElement, steps += 1)
    if (plain(there.textContent).includes(words)) return steps;
  return -1;
}"""
UNFOLD = "(one) => { for (let d = one.closest('details'); d; d = d.parentElement.closest('details')) d.open = true; }"
VALUES = """() => Object.fromEntries([...document.querySelectorAll('input[name], select[name], textarea[name]')]
  .filter((one) => !['checkbox', 'radio'].includes(one.type) || one.checked).map((one) => [one.name, one.value]))"""


def chromium() -> tuple[object, Chromium]:
    """The running browser and what stops it. The test is skipped, loudly, where there is none."""
    if not EXECUTABLE.exists():
        pytest.skip(f"no browser: {EXECUTABLE} is missing, the journey through a real browser was not made")
    playwright = sync_playwright().start()
    try:
        return playwright, playwright.chromium.launch(executable_path=EXECUTABLE, args=list(FLAGS))
    except Error as error:
        playwright.stop()
        pytest.skip(f"the browser does not start, the journey through a real browser was not made: {error}")


class Browser:
    """A person in front of a screen."""

    def __init__(self, chromium: Chromium, base_url: str, name: str, email: str, password: str, album: Path) -> None:
        self.name, self.email, self.password = name, email, password
        self.status = 0
        self._base, self._album = base_url, album
        self._context = chromium.new_context(
            locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900}
        )
        self._page = self._context.new_page()
        self._page.set_default_timeout(20 * SECONDS)
        self.complaints: list[str] = []
        self._page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self._page.on("pageerror", lambda error: self.complaints.append(str(error)))

    # going about

    def enter(self) -> None:
        self.open("/connexion")
        if "password" in self.values():
            self.do("account.sign-in", {"email": self.email, "password": self.password})

    def open(self, path: str) -> None:
        self._seen(self._page.goto(urljoin(self._page.url if "://" in self._page.url else self._base, path)))

    def follow(self, words: str) -> None:
        self._seen(self._page.goto(self._address(words)))

    def read(self, words: str) -> bytes:
        answer = self._context.request.get(self._address(words))
        assert answer.status == 200, (words, answer.status)
        return answer.body()

    def _address(self, words: str) -> str:
        links = self._page.locator("a")
        said = [plain(text) for text in links.all_text_contents()]
        rank = next((n for n, text in enumerate(said) if text == words), None)
        rank = next((n for n, text in enumerate(said) if words in text), None) if rank is None else rank
        assert rank is not None, f"{self.name} has no link « {words} » at {self.path}: {said}"
        return str(links.nth(rank).evaluate("(one) => one.href"))

    # forms

    def do(self, action: str, values: Mapping[str, Value] | None = None, near: str = "") -> None:
        buttons = self._page.locator(f'button[data-action="{action}"]').all()
        assert buttons, f"{self.name} is not offered « {action} » at {self.path}:\n{self.text[:3000]}"
        if near:
            far = {one: int(one.evaluate(DISTANCE, plain(near))) for one in buttons}
            buttons = sorted((one for one in buttons if far[one] >= 0), key=lambda one: far[one])
            assert buttons, f"no « {near} » near « {action} » at {self.path}"
        self._send(buttons[0], values or {})

    def press(self, words: str, values: Mapping[str, Value] | None = None) -> None:
        buttons = [one for one in self._page.locator("button").all() if plain(one.text_content() or "") == words]
        assert buttons, f"{self.name} has no button « {words} » at {self.path}:\n{self.text[:3000]}"
        self._send(buttons[0], values or {})

    def offers(self, action: str) -> bool:
        return self._page.locator(f'button[data-action="{action}"]').count() > 0

    def _send(self, button: Locator, values: Mapping[str, Value]) -> None:
        button.evaluate(UNFOLD)
        form = button.locator("xpath=ancestor::form[1]")
        files = {name: value for name, value in values.items() if isinstance(value, Upload)}
        goes_by_itself = form.get_attribute("data-upload") is not None and not button.is_visible()
        for name, value in values.items():
            if not (goes_by_itself and name in files):
                self._fill(form.locator(f'[name="{name}"]'), name, value)
        with self._page.expect_navigation() as answer:
            if goes_by_itself:  # a file goes as soon as it is chosen, and the page comes back with it
                for name, value in files.items():
                    self._fill(form.locator(f'[name="{name}"]'), name, value)
            else:
                button.click()
        self._seen(answer.value)

    def _fill(self, field: Locator, name: str, value: Value) -> None:
        assert field.count(), f"no field « {name} » in the form at {self.path}"
        field.first.evaluate(UNFOLD)
        kind = field.first.evaluate("(one) => one.tagName === 'SELECT' ? 'select' : one.type")
        if isinstance(value, Upload):
            field.first.set_input_files({"name": value.filename, "mimeType": value.mime, "buffer": value.data})
        elif isinstance(value, Labelled):
            for box in field.and_(self._page.locator("input:not([type=hidden])")).all():
                words = plain(str(box.evaluate("(one) => one.closest('label').textContent")))
                box.set_checked(any(wanted in words for wanted in value.words))
        elif isinstance(value, bool):
            field.first.set_checked(value)
        elif kind in ("radio", "checkbox"):
            chosen = field.and_(self._page.locator(f'[value="{value}"]')).first
            if not chosen.is_checked():  # the box itself may be drawn away behind its label
                chosen.evaluate("(one) => one.click()")
        elif kind == "select":
            field.first.select_option(value)
        else:
            field.first.fill(value)

    # reading

    def links(self) -> list[str]:
        return [plain(text) for text in self._page.locator("a").all_text_contents()]

    def values(self) -> dict[str, str]:
        found: dict[str, str] = self._page.evaluate(VALUES)
        return found

    def names(self, start: str) -> list[str]:
        found: list[str] = self._page.evaluate(
            "(start) => [...document.querySelectorAll('[name]')].map((one) => one.name).filter((name) => name.startsWith(start))",
            start,
        )
        return list(dict.fromkeys(found))

    @property
    def text(self) -> str:
        return plain(
            str(
                self._page.evaluate(
                    "() => { const b = document.body.cloneNode(true); b.querySelectorAll('script,style').forEach((s) => s.remove()); b.querySelectorAll('p,li,td,th,dt,dd,div,h1,h2,h3,option,label,br,time,tr').forEach((s) => s.append(' ')); return b.textContent; }"
                )
            )
        )

    @property
    def tags(self) -> list[str]:
        return [plain(text) for text in self._page.locator(".tag").all_text_contents()]

    @property
    def path(self) -> str:
        parts = urlsplit(self._page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _seen(self, answer: Response | None) -> None:
        assert answer is not None
        self.status = answer.status
        number = len(list(self._album.glob("*.png"))) + 1
        place = "-".join(part for part in self.path.partition("?")[0].split("/") if part)[:60] or "accueil"
        self._page.screenshot(path=self._album / f"{number:03}-{self.name.split()[0].lower()}-{place}.png")

    def close(self) -> None:
        """Leave the screen."""
        self._context.close()
