"""What a test sees of a page: its words, its tags, its fields; and the contract that both drivers keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


def plain(text: str) -> str:
    """Words with single ordinary spaces: typography puts narrow and unbreakable ones everywhere."""
    return SPACES.sub(" ", text.replace("\u00ad", "").replace("\u2060", "")).strip()


@dataclass(frozen=True)
class Upload:
    """A file as it is chosen in a form."""

    filename: str
    data: bytes
    mime: str = "application/pdf"


@dataclass(frozen=True)
class Labelled:
    """The boxes of a field whose labels say these words; the others are left empty."""

    words: tuple[str, ...]


Value = str | bool | Upload | Labelled


class Person(Protocol):
    """Somebody in front of a page. Controls are found by what they do (`data-action`), fields by their name."""

    name: str
    password: str
    status: int

    def enter(self) -> None:
        """Sign in if one is not, and go to one's start page."""

    def open(self, path: str) -> None:
        """Open an address: from a mail, or typed."""

    def follow(self, words: str) -> None:
        """Follow the first link that says these words."""

    def do(self, action: str, values: Mapping[str, Value] | None = None, near: str = "") -> None:
        """Fill the fields of the form that does `action`, and press its button; `near`: words beside the right one."""

    def press(self, words: str, values: Mapping[str, Value] | None = None) -> None:
        """The same for a button known by its words."""

    def offers(self, action: str) -> bool:
        """Whether the page holds a control that does `action`."""

    def links(self) -> list[str]:
        """The words of the links of the page."""

    def values(self) -> dict[str, str]:
        """The fields of the page with what stands in them."""

    def names(self, start: str) -> list[str]:
        """The names of the fields that begin so, each once, in their order."""

    def read(self, words: str) -> bytes:
        """The file behind a link."""

    @property
    def text(self) -> str:
        """The words of the page."""

    @property
    def tags(self) -> list[str]:
        """Its state tags."""

    @property
    def path(self) -> str:
        """Its address, without the host."""


def sees(person: Person, *sentences: str) -> None:
    """Fail, showing the page, unless every sentence stands in it."""
    for sentence in sentences:
        if plain(sentence) not in person.text:
            raise AssertionError(f"{person.name} does not see « {sentence} » at {person.path}:\n{person.text[:3000]}")


def tagged(person: Person, *tags: str) -> None:
    """Fail unless these state tags stand in the page."""
    for tag in tags:
        if tag not in person.tags:
            raise AssertionError(f"{person.name} does not see the tag « {tag} » at {person.path}: {person.tags}")
