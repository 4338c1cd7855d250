"""One table: from a refusal to its status and its page. The text that was typed is always given back."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized

from grants import clock, errors
from grants.db import db, transaction
from grants.models import SecurityEvent
from grants.web.kit.access import current_actor
from grants.web.kit.labels import SENTENCES, sentence
from grants.web.kit.language import current_language

log = logging.getLogger("palabre.web")
KNOWN_PAGES = frozenset({400, 403, 404, 409, 413, 415, 422, 429, 500, 503})
# fields that hold no words of the person
MACHINERY = frozenset({"csrf_token", "request_id", "version", "password", "new_password", "current_password"})
LONG_ENOUGH = 2


def install(app: Flask) -> None:
    """Register the table."""
    table: dict[type[Exception], Callable[[Any], ResponseReturnValue]] = {
        errors.NotFound: _not_found,
        errors.NotAllowed: _not_allowed,
        errors.NotPossible: _not_possible,
        errors.Conflict: _conflict,
        errors.Invalid: _invalid,
        errors.Throttled: _throttled,
        errors.ClockSkew: _unavailable,
        errors.Busy: _unavailable,
        CSRFError: _form_expired,
        Unauthorized: _session_over,
        SecurityError: _foreign_name,
        HTTPException: _http,
        IntegrityError: _lost_race,
        Exception: _broken,
    }
    for kind, handler in table.items():
        app.register_error_handler(kind, handler)


def typed() -> list[tuple[str, str]]:
    """The texts of the refused form, so that nothing typed is lost."""
    if request.method != "POST":
        return []
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:  # what cannot be read (it is too big) cannot be given back either
        return []
    return [
        (name, value)
        for name, value in sent
        if name not in MACHINERY and (len(value.strip()) > LONG_ENOUGH or any(map(str.isdigit, value)))
    ]


def _page(status: int, **context: Any) -> tuple[str, int]:  # noqa: ANN401 -- template context
    name = status if status in KNOWN_PAGES else (400 if status < 500 else 500)  # noqa: PLR2004
    return render_template(f"errors/{name}.html", back=_way_back(), typed=typed(), **context), status


def _way_back() -> str:
    return request.referrer if (request.referrer or "").startswith(request.host_url) else "/"


def _not_found(error: errors.NotFound) -> ResponseReturnValue:
    _note("not-found", str(request.url_rule) if "token" in (request.view_args or {}) else str(error))
    return _page(404)


def _not_allowed(error: errors.NotAllowed) -> ResponseReturnValue:
    # a link from a mail stays out of what is kept
    place = str(request.url_rule) if "token" in (request.view_args or {}) else request.path
    _note("not-allowed", place, error.action)
    said = {sentence(errors.Reason(name)): name for name in reversed(error.reasons) if name in SENTENCES}
    return _page(403, reasons=[(name, words) for words, name in reversed(said.items())])


def _not_possible(error: errors.NotPossible) -> ResponseReturnValue:
    return _page(409, reasons=[(reason.code, sentence(reason)) for reason in error.reasons])


def _conflict(error: errors.Conflict) -> ResponseReturnValue:
    return _page(409, changed_by=error.by, changed_at=error.at)


def _invalid(error: errors.Invalid) -> ResponseReturnValue:
    return _page(422, reasons=[(name, sentence(reason)) for name, reason in error.problems.items()])


def _throttled(error: errors.Throttled) -> ResponseReturnValue:
    page, status = _page(429, retry_after=error.retry_after)
    return page, status, {"Retry-After": str(error.retry_after)}


def _unavailable(_error: Exception) -> ResponseReturnValue:
    page = current_app.jinja_env.get_template("errors/503.html").render(
        language=current_language(), retry_after=10, typed=typed()
    )
    return page, 503, {"Retry-After": "10"}


def _form_expired(_error: CSRFError) -> ResponseReturnValue:
    return _page(400)


def _session_over(_error: Unauthorized) -> ResponseReturnValue:
    words = render_template("errors/401.html", typed=typed(), sign_in_url=g.get("sign_in_url", "/connexion"))
    return words, 401


def _foreign_name(_error: SecurityError) -> ResponseReturnValue:
    """Asked under a name that is not ours: no page can be drawn, since its addresses would carry that name."""
    return "400", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # noqa: PLR2004
        return error
    words, _ = _page(error.code)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return words, error.code, headers


def _lost_race(error: IntegrityError) -> ResponseReturnValue:
    """The schema refused a second row of what may exist once: somebody was quicker, or the form was sent twice."""
    log.info("unique rule met", extra={"reason": str(error.orig)[:200]})
    return _page(409)


def _broken(error: Exception) -> ResponseReturnValue:
    incident = secrets.token_hex(4)
    log.error("unexpected", exc_info=error, extra={"reason": incident})
    page = current_app.jinja_env.get_template("errors/500.html").render(
        language=current_language(), incident=incident, typed=typed()
    )
    return page, 500


def _note(kind: str, what: str, action: str = "") -> None:
    """Remember who was refused what; a stranger's wrong address is no event."""
    actor = current_actor()
    if actor.id is None:
        return
    db.session.remove()
    with transaction() as session:
        session.add(SecurityEvent(at=clock.now(), kind=kind, account_id=actor.id, action=action, object=what[:120]))
