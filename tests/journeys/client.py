"""The driver without a browser: Flask's test client and a reader of HTML. Forms are sent as a browser would send them."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.journeys.page import Labelled, Upload, Value, plain

BOXES = ("checkbox", "radio")
FIELDS = ("input", "select", "textarea")
UNSEEN = frozenset({"script", "style", "head"})


class Client:
    """A person who reads the markup."""

    def __init__(self, app: Flask, base_url: str, name: str, email: str, password: str) -> None:
        self.name, self.email, self.password = name, email, password
        self.status = 0
        self._base = base_url
        self._client = app.test_client()
        self._path = "/"
        self._tree = Element("html")
        self._parents: dict[Element, Element] = {}

    def carry(self, cookie: str, token: str) -> None:
        """Hold the cookie of a session that is open already."""
        self._client.set_cookie(cookie, token, domain=str(urlsplit(self._base).hostname))

    # going about

    def enter(self) -> None:
        self.open("/connexion")
        if "password" in self.values():
            self.do("account.sign-in", {"email": self.email, "password": self.password})

    def open(self, path: str) -> None:
        self._show(self._client.get(urljoin(self._path, path), base_url=self._base, follow_redirects=True))

    def follow(self, words: str) -> None:
        self.open(self._link(words))

    def read(self, words: str) -> bytes:
        answer = self._client.get(urljoin(self._path, self._link(words)), base_url=self._base, follow_redirects=True)
        assert answer.status_code == 200, (words, answer.status_code)
        return answer.data

    # forms

    def do(self, action: str, values: Mapping[str, Value] | None = None, near: str = "") -> None:
        buttons = [one for one in self._buttons() if one.get("data-action") == action]
        assert buttons, f"{self.name} is not offered « {action} » at {self.path}:\n{self.text[:3000]}"
        self._send(min(buttons, key=lambda one: self._distance(one, near)), values or {})

    def press(self, words: str, values: Mapping[str, Value] | None = None) -> None:
        buttons = [one for one in self._buttons() if plain(_words(one)) == words]
        assert buttons, f"{self.name} has no button « {words} » at {self.path}:\n{self.text[:3000]}"
        self._send(buttons[0], values or {})

    def offers(self, action: str) -> bool:
        return any(one.get("data-action") == action for one in self._buttons())

    def send(self, path: str, data: Mapping[str, object]) -> None:
        """Send these fields there, as the page would have or not."""
        self._show(self._client.post(path, data=data, base_url=self._base, follow_redirects=True))

    def form(self, action: str, near: str = "") -> tuple[str, MultiDict[str, object]]:
        """The address and the fields that pressing would send, for tests that change them."""
        buttons = [one for one in self._buttons() if one.get("data-action") == action]
        assert buttons, f"{self.name} is not offered « {action} » at {self.path}:\n{self.text[:3000]}"
        button = min(buttons, key=lambda one: self._distance(one, near))
        return self._filled(button, {})

    def _send(self, button: Element, values: Mapping[str, Value]) -> None:
        path, sent = self._filled(button, values)
        # a file given twice to the client is closed twice
        answer = self._client.post(path, data=sent, base_url=self._base, follow_redirects=True)
        self._show(answer)

    def _filled(self, button: Element, values: Mapping[str, Value]) -> tuple[str, MultiDict[str, object]]:
        form = self._form_of(button)
        sent: MultiDict[str, object] = MultiDict()
        for name, value in self._controls(form):
            if name not in values:
                sent.add(name, value)
        known = {one.get("name") for one in form.iter() if one.tag in FIELDS}
        for name, given in values.items():
            assert name in known, f"no field « {name} » in the form at {self.path}: {sorted(filter(None, known))}"
            for value in self._given(form, name, given):
                sent.add(name, value)
        if button.get("name"):
            sent.add(button.get("name"), button.get("value", ""))
        return urljoin(self._path, button.get("formaction") or form.get("action") or self._path), sent

    def _given(self, form: Element, name: str, given: Value) -> Iterator[object]:
        """What a field sends when a person has filled it so."""
        if isinstance(given, Upload):
            yield BytesIO(given.data), given.filename, given.mime
        elif isinstance(given, Labelled):
            yield from self._labelled(form, name, given)
        elif given is True:
            yield next(one for one in form.iter("input") if one.get("name") == name).get("value", "on")
        elif given is not False:
            yield given

    def _labelled(self, form: Element, name: str, given: Labelled) -> Iterator[str]:
        for label in form.iter("label"):
            box = next((one for one in label.iter("input") if one.get("name") == name), None)
            if box is not None and any(words in plain(_words(label)) for words in given.words):
                yield box.get("value", "on")

    def _controls(self, form: Element) -> Iterator[tuple[str, str]]:
        """The fields that a browser would send as they stand."""
        for one in form.iter():
            name = one.get("name")
            if not name or one.get("disabled") is not None:
                continue
            kind = one.get("type", "text")
            if one.tag == "textarea":
                yield name, _words(one).removeprefix("\n")
            elif one.tag == "select":
                chosen = [each for each in one.iter("option") if each.get("selected") is not None]
                first = (chosen or list(one.iter("option")))[:1]
                yield from ((name, each.get("value", _words(each))) for each in first)
            elif one.tag == "input" and kind in BOXES and one.get("checked") is not None:
                yield name, one.get("value", "on")
            elif one.tag == "input" and kind not in (*BOXES, "file", "submit", "button", "image"):
                yield name, one.get("value", "")

    def _buttons(self) -> list[Element]:
        return [one for one in self._tree.iter("button") if one.get("type", "submit") == "submit"]

    def _form_of(self, button: Element) -> Element:
        there = button
        while there.tag != "form":
            there = self._parents[there]
        return there

    def _distance(self, button: Element, near: str) -> int:
        """How far up one must look from the button to read these words."""
        there, steps = button, 0
        while plain(near) not in plain(_words(there)):
            assert there in self._parents, f"no « {near} » near the button at {self.path}"
            there, steps = self._parents[there], steps + 1
        return steps

    def _link(self, words: str) -> str:
        found = [(plain(_words(one)), one.get("href", "")) for one in self._tree.iter("a")]
        exact = [href for said, href in found if said == words]
        loose = [href for said, href in found if words in said]
        assert exact or loose, f"{self.name} has no link « {words} » at {self.path}: {[said for said, _ in found]}"
        return (exact or loose)[0]

    # reading

    def links(self) -> list[str]:
        return [plain(_words(one)) for one in self._tree.iter("a")]

    def hrefs(self) -> list[str]:
        """The addresses of the links of the page."""
        return [one.get("href", "") for one in self._tree.iter("a")]

    def rows(self) -> list[str]:
        """The words of each line of the tables of the page."""
        return [plain(_words(one)) for one in self._tree.iter("tr")]

    def values(self) -> dict[str, str]:
        body = self._tree.find("body")
        return dict(self._controls(body)) if body is not None else {}

    def names(self, start: str) -> list[str]:
        found = (one.get("name", "") for one in self._tree.iter() if one.tag in FIELDS)
        return list(dict.fromkeys(name for name in found if name.startswith(start)))

    @property
    def text(self) -> str:
        body = self._tree.find("body")
        return plain(_words(body)) if body is not None else ""

    @property
    def tags(self) -> list[str]:
        return [plain(_words(one)) for one in self._tree.iter("span") if "tag" in one.get("class", "").split()]

    @property
    def path(self) -> str:
        return self._path

    def _show(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        parts = urlsplit(answer.request.url)
        self._path = parts.path + (f"?{parts.query}" if parts.query else "")
        assert answer.mimetype == "text/html", (self._path, answer.mimetype)
        self._tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
        self._parents = {child: parent for parent in self._tree.iter() for child in parent}
        answer.close()


def _words(element: Element) -> str:
    """The text of an element without what nobody reads."""
    if element.tag in UNSEEN or not isinstance(element.tag, str):
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [_words(child), child.tail or ""]
    block = element.tag in (
        "p",
        "li",
        "td",
        "th",
        "dt",
        "dd",
        "div",
        "h1",
        "h2",
        "h3",
        "option",
        "label",
        "br",
        "time",
        "tr",
    )
    return "".join(parts) + (" " if block else "")
