"""Answers: a page, a redirect after a POST, a form drawn again with what was typed."""

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for

from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.web.kit.labels import sentence


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 -- template context
    """A page with its status."""
    return make_response(render_template(template, **context), status)


def back(endpoint: str, **values: Any) -> Response:  # noqa: ANN401 -- address values
    """303 to a page of ours, as every successful POST answers."""
    return make_response(redirect(url_for(endpoint, **values), 303))


def reasons_of(error: NotPossible | Conflict | Invalid) -> list[tuple[str, str]]:
    """(code, sentence) of everything that a refusal says, for `ui.reasons`."""
    if isinstance(error, NotPossible):
        return [(reason.code, sentence(reason)) for reason in error.reasons]
    if isinstance(error, Invalid):
        return [(name, sentence(reason)) for name, reason in error.problems.items()]
    return [("version", sentence(Reason("version")))]


def redraw(template: str, error: NotPossible | Conflict | Invalid, **context: Any) -> Response:  # noqa: ANN401
    """The same page again, with the reasons on top and the typed values kept: 422 for a value, 409 for a moment."""
    status = 422 if isinstance(error, Invalid) else 409
    return page(template, status, reasons=reasons_of(error), **context)
