"""Words for mails and documents outside the web: templates, translations and typography, in one given language."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from grants.delivery import typography

SUBJECT_LENGTH = 200
_NAME = re.compile(r"[a-z0-9-]+")
_DOMAINS = "com|net|org|info|biz|io|app|dev|xyz|top|site|online|shop|club|live|link|click|page|cloud|[a-z]{2}"
# What mail programs make a link of by themselves: with a scheme, with www, or the bare name of a host.
_LINK = re.compile(
    rf"(?<![\w@])(?:[a-z][a-z0-9+-]{{1,15}}://|www\.)[^\s<>\"']+"
    rf"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_DOMAINS})(?![\w@-])(?:/[^\s<>\"']*)?",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n{3,}")


class Renderer:
    """Fills the templates of `template_dir` with the catalogues of `translations_dir` (the texts themselves are French).

    `base_url` is the address of this service: in mails its links work, and those in values that people wrote do not.
    """

    def __init__(self, template_dir: Path, translations_dir: Path, base_url: str) -> None:
        self._template_dir = template_dir
        self._translations_dir = translations_dir
        self._base_url = base_url.rstrip("/")
        self._mails = cache(self._mail_environment)
        self._documents = cache(self._document_environment)

    def mail(self, name: str, language: str, context: Mapping[str, object]) -> tuple[str, str]:
        """Return subject (one line, at most 200 characters) and plain text of the mail `mails/<name>/`.

        Raises jinja2.UndefinedError when the context lacks a word, jinja2.TemplateNotFound for an unknown mail.
        """
        environment = self._mails(language)
        subject = environment.get_template(f"mails/{_known(name)}/subject.txt").render(context)
        text = environment.get_template(f"mails/{name}/body.txt").render(context)
        return _one_line(subject), typography.typo(_tidy(text), language=language)

    def document(self, kind: str, language: str, context: Mapping[str, object]) -> str:
        """Return the HTML of the document `documents/<kind>.html`, every value escaped; raises as `mail` does."""
        return self._documents(language).get_template(f"documents/{_known(kind)}.html").render(context)

    def stylesheet(self, name: str = "letter") -> str:
        """Return the stylesheet `documents/<name>.css`, which is given to the drawing of a document as it stands."""
        return (self._template_dir / "documents" / f"{_known(name)}.css").read_text("utf-8")

    def _mail_environment(self, language: str) -> Environment:
        return self._environment(language, html=False)

    def _document_environment(self, language: str) -> Environment:
        return self._environment(language, html=True)

    def _environment(self, language: str, *, html: bool) -> Environment:
        """Return an environment for one language: HTML escapes its values, a mail takes the links out of them."""
        environment = Environment(
            loader=FileSystemLoader(self._template_dir),
            autoescape=select_autoescape(["html"], default=False),
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            finalize=None if html else self._without_links,
            trim_blocks=not html,
            lstrip_blocks=not html,
            auto_reload=False,
        )
        french = language == "fr"
        translations = typography.French() if french else Translations.load(self._translations_dir, [language])
        environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # by i18n
        environment.filters.update(typography.filters(lambda: language))
        environment.filters["translated"] = translations.gettext  # for words that are data: labels of the chart
        environment.globals["language"] = language
        return environment

    def _without_links(self, value: object) -> object:
        """Return a value whose addresses no mail program recognises, except those of this service."""
        return _LINK.sub(self._broken, value) if isinstance(value, str) else value

    def _broken(self, found: re.Match[str]) -> str:
        address = found[0]
        if address == self._base_url or address.startswith(f"{self._base_url}/"):
            return address
        return address.replace("://", "[:]//").replace(".", "[.]")


def _known(name: str) -> str:
    """Return the name when it can be one of ours: never a path."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return name


def _one_line(text: str) -> str:
    """Return a subject: one line, nothing invisible, cut at a word when it is too long."""
    line = " ".join(_printable(text.replace("\n", " ")).split())
    if len(line) <= SUBJECT_LENGTH:
        return line
    return line[: SUBJECT_LENGTH - 1].rsplit(" ", 1)[0].rstrip() + "…"


def _tidy(text: str) -> str:
    """Return a body without idle spaces and more than one empty line at once."""
    lines = [_printable(line).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


def _printable(text: str) -> str:
    """Return a text without control characters and half surrogates, which no mail may carry."""
    return "".join(" " if character == "\t" else character for character in text if _shown(character))


def _shown(character: str) -> bool:
    return character == "\t" or unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
