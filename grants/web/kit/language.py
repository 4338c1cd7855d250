"""Which language a page speaks: its address, then the person's choice, then the browser's."""

from flask import g, has_request_context, request

LANGUAGES = ("fr", "en")
LANGUAGE_COOKIE = "langue"


def current_language() -> str:
    """`fr` or `en`, for this request; French outside any."""
    if not has_request_context():
        return "fr"
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = g.language = _choose()
    return chosen


def _choose() -> str:
    wishes = (
        (request.view_args or {}).get("language"),
        request.cookies.get(LANGUAGE_COOKIE),
        getattr(g.get("actor"), "language", None),
        request.accept_languages.best_match(LANGUAGES),
    )
    return next((wish for wish in wishes if wish in LANGUAGES), "fr")
