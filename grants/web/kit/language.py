"""Which language a page speaks: its address, then the person's choice, then the browser's; and its words.

Words are asked for hundreds of times a page: they come from catalogues read once, by the language of the request
alone. French is the language of the sources; a sentence that a catalogue lacks stays French.
"""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from grants.delivery.typography import French

LANGUAGES = ("fr", "en")
LANGUAGE_COOKIE = "langue"
CATALOGUES = Path(__file__).parents[2] / "translations"


def current_language() -> str:
    """`fr` or `en`, for this request; French outside any."""
    try:
        place = g._get_current_object()  # noqa: SLF001 -- asked hundreds of times a page: the proxy costs more than the rest
    except RuntimeError:
        return "fr"
    chosen: str | None = place.__dict__.get("language")
    if chosen is None:
        if not has_request_context():
            return "fr"
        chosen = place.language = _choose()
    return chosen


def install(app: Flask) -> None:
    """Give Python (`flask_babel.gettext`) and the templates (`_`, trans) their words."""
    babel = Babel(app, locale_selector=current_language, default_translation_directories=str(CATALOGUES))
    babel.domain_instance = Catalogues()  # shadows the cached property
    app.jinja_env.globals.update(gettext=_words, _=_words, ngettext=_several)


class Catalogues(Domain):  # type: ignore[misc]  # the library has no types
    """The words of the language of the request."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of this request."""
        return _catalogue(current_language())


@cache
def _catalogue(language: str) -> NullTranslations:
    return French() if language == "fr" else Translations.load(CATALOGUES, [language])


@lru_cache(maxsize=8_192)
def _sentence(language: str, sentence: str) -> Markup:
    """A sentence of a template, which is HTML as it stands."""
    return Markup(_catalogue(language).ugettext(sentence))  # noqa: S704 -- our own templates and catalogues


@lru_cache(maxsize=8_192)
def _plain(language: str, sentence: str) -> str:
    return str(_catalogue(language).ugettext(sentence))


def gettext(sentence: str, /, **values: Any) -> str:  # noqa: ANN401 -- what is put into the sentence
    """The sentence in the language of this request, `%(name)s` filled in. What Flask-Babel does, by a shorter way."""
    found = _plain(current_language(), sentence)
    return found % values if values else found


def ngettext(one: str, many: str, number: int, /, **values: Any) -> str:  # noqa: ANN401 -- as above
    """The sentence for so many things, `%(num)s` filled in."""
    found = str(_catalogue(current_language()).ungettext(one, many, number))
    return found % {"num": number, **values}


def lazy_gettext(sentence: str, /, **values: Any) -> LazyString:  # noqa: ANN401 -- as above
    """A sentence that is looked up each time it is shown."""
    return LazyString(gettext, sentence, **values)


@pass_eval_context
def _words(context: EvalContext, sentence: str, /, **values: Any) -> str:  # noqa: ANN401 -- what templates give
    """`_("… %(name)s …", name=…)`: the sentence in the language of the page, its values escaped."""
    found = _sentence(current_language(), sentence)
    if values or "%" in found:
        found = found % values
    return found if context.autoescape else str(found)


@pass_eval_context
def _several(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:  # noqa: ANN401
    """`ngettext("%(num)s file", "%(num)s files", n)`: the sentence for so many things, its values escaped."""
    found = Markup(_catalogue(current_language()).ungettext(one, many, number))  # noqa: S704 -- as above
    told = found % {"num": number, **values}
    return told if context.autoescape else str(told)


def _choose() -> str:
    wishes = (
        (request.view_args or {}).get("language"),
        request.cookies.get(LANGUAGE_COOKIE),
        getattr(g.get("actor"), "language", None),
        request.accept_languages.best_match(LANGUAGES),
    )
    return next((wish for wish in wishes if wish in LANGUAGES), "fr")
