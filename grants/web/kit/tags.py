"""The small signs of the pages: icons, and the words of a state in their colour. Drawn once, shown on every line of a list."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from grants.web.kit.labels import label_of_state
from grants.web.kit.language import current_language

PATHS = {
    "check": "M3 8.5 6.5 12 13 4.5",
    "warn": "M8 2 15 14H1ZM8 6.5v3.5M8 12v.2",
    "clock": "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.5V8l2.5 1.5",
    "dot": "M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
    "circle": "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
    "pen": "M2.5 13.5 3 10.5 10.5 3l2.5 2.5L5.5 13Z",
    "file": "M4 1.5h5.5L13 5v9.5H4ZM9.5 1.5V5H13",
    "lock": "M4 7.5h8v6H4ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    "info": "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 7.2v4M8 4.6v.2",
    "mail": "M1.5 3.5h13v9h-13ZM1.5 4l6.5 5 6.5-5",
    "cal": "M2 3.5h12v11H2ZM2 6.8h12M5 1.5v3M11 1.5v3",
    "cross": "M4 4l8 8M12 4l-8 8",
    "pause": "M5.5 3.5v9M10.5 3.5v9",
    "search": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5 14 14",
    "plus": "M8 3v10M3 8h10",
    "down": "M8 2v8.5M4.5 7 8 10.5 11.5 7M3 13.5h10",
    "up": "M8 10.5V2M4.5 5.5 8 2l3.5 3.5M3 13.5h10",
    "user": "M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM2.5 14c.6-3 2.7-4 5.5-4s4.9 1 5.5 4",
    "undo": "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7",
    "eye": "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
    "chat": "M2 3h12v8H7l-3 3v-3H2Z",
    "euro": "M12.5 3.800A5 5 0 1 0 12.5 12.200M2 7h7M2 9.500h6",
    "arrow": "M3 8h10M9 4l4 4-4 4",
    "send": "M14.5 1.5 1.5 7l5 2.5 2.5 5ZM6.5 9.500l8-8",
}


def install(app: Flask) -> None:
    """Give them to the components, which show them as `ui.icon`, `ui.tag`, `ui.state_tag`."""
    app.jinja_env.globals.update(draw_icon=icon, draw_tag=tag, draw_state_tag=state_tag)
    app.jinja_env.filters["state_tag"] = lambda state, kind: state_tag(kind, state)  # the short way, for long lists


@lru_cache(maxsize=128)
def icon(name: str) -> Markup:
    """A drawing that stands beside a word and is silent; a dot for a name that nobody drew."""
    fill = "currentColor" if name == "dot" else "none"
    return Markup(
        '<svg class="icon" viewBox="0 0 16 16" fill="{}" stroke="currentColor" stroke-width="1.8"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{}"/></svg>'
    ).format(fill, PATHS.get(name, PATHS["dot"]))


def tag(text: object, tone: str = "neutral", glyph: str | None = None) -> Markup:
    """Words in a tone (ok, warn, danger, info, neutral), with a sign for those who do not see colours."""
    sign = icon(glyph) if glyph else Markup()
    return Markup('<span class="tag" data-tone="{}">').format(tone) + sign + escape(text) + Markup("</span>")


def state_tag(kind: str, state: object) -> Markup:
    """The state of an object of this kind, in the language of the page. Raises KeyError for an unknown state."""
    return _state_tag(kind, str(state), current_language())


@lru_cache(maxsize=512)
def _state_tag(kind: str, state: str, _language: str) -> Markup:
    words, tone, glyph = label_of_state(kind, state)
    return tag(words, tone, glyph)


def letter_body(html: str) -> Markup:
    """The body of a letter inside a page: HTML of our own templates, which escaped every value; its titles one step down."""
    return Markup(html.replace("<h2", "<h3").replace("</h2", "</h3"))  # noqa: S704 -- escaped where it was written
