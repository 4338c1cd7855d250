"""Every request: who is asking, whether the view declared what it does, and one answer to a form sent twice.

A view declares its actions with `@may(Action.X)`; the application does not start with an undeclared one. `whole`
means that the right is asked of the service as a whole (lists, workspaces) before the view runs; otherwise the view
asks for its object with `allow`, after having found it through `queries.visibility`.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, unquote_to_bytes, urlsplit
from uuid import uuid4

from flask import Flask, abort, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from grants import clock
from grants.db import alongside, db, transaction
from grants.errors import Busy, NotFound
from grants.models import CommandLog
from grants.policies import ANONYMOUS, Actor, Subject, require
from grants.policies import may as permitted
from grants.policies.actors import SERVICE
from grants.queries.account import actor_of
from grants.queries.subjects import subject_of
from grants.workflow.actions import Action

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
# NUL, and the two code points of each row that never are a sign
_NO_TEXT = frozenset("\x00\ufffe\uffff")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def may(*actions: Action, whole: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare what a view does. `whole`: refuse at once (404) whoever may do none of it anywhere."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if whole and not any(permitted(current_actor(), action, SERVICE) for action in actions):
                raise NotFound(request.path)
            return _patiently(view, *args, **kwargs)

        guarded.actions = actions  # type: ignore[attr-defined]
        return guarded

    return declare


def _patiently(view: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run the view again when the database asks for it: a use case that was Busy has done nothing."""
    for _ in range(TRIES - 1):
        try:
            return view(*args, **kwargs)
        except Busy:
            continue
    return view(*args, **kwargs)


def current_actor() -> Actor:
    """Who is asking; ANONYMOUS when nobody is signed in. Roles are read at each request."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def allow(action: Action, row: Any) -> None:  # noqa: ANN401 -- any model with a subject
    """Raise NotAllowed (403) unless the actor may do `action` to `row`, an object already known to be visible."""
    require(current_actor(), action, _subject(row))


def permits(action: Action, row: Any) -> bool:  # noqa: ANN401 -- any model with a subject
    """Whether the actor may do `action` to `row`: for offering a button."""
    return permitted(current_actor(), action, _subject(row))


def _subject(row: Any) -> Subject:  # noqa: ANN401 -- any model with a subject
    """What rights look at, asked once a page for each object; a use case ends the session and what it knew."""
    session = db.session()
    known: dict[tuple[type[Any], int], Subject] = session.info.setdefault("subjects", {})
    key = (type(row), row.id)
    if key not in known:
        known[key] = subject_of(row, session)
    return known[key]


def request_id() -> str:
    """A fresh number for a form: sent twice, it is acted upon once."""
    return str(uuid4())


def install(app: Flask) -> None:
    """Put the doorkeeper in front of every view, and refuse to start with an undeclared one."""
    app.before_request(_refuse_unsound)
    app.before_request(_recognise)
    app.before_request(_remember_command)
    app.after_request(_note_location)
    app.teardown_request(lambda _error: alongside(None))
    app.jinja_env.globals["request_id"] = request_id
    app.jinja_env.globals["permits"] = permits


def declare_all(app: Flask) -> None:
    """Raise if a view declares no action. Called when every part is registered."""
    bare = [name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "actions")]
    if bare:
        message = f"views without a declared action: {', '.join(sorted(bare))}"
        raise RuntimeError(message)


def _refuse_unsound() -> None:
    """NUL, lone surrogates, bytes that are no UTF-8 and foreign origins never reach a view."""
    if not all(map(_utf8, _raw_texts())):
        abort(400)
    texts = [request.path, *request.args.values(), *request.args.keys()]
    if request.method not in SAFE_METHODS:
        _refuse_foreign()
        texts += [
            *request.form.keys(),
            *request.form.values(),
            *(item.filename or "" for item in request.files.values()),
        ]
    if not all(map(_sound, texts)):
        abort(400)


def _raw_texts() -> list[bytes]:
    """The address and the form before anything unreadable in them was replaced."""
    raw = [request.environ["PATH_INFO"].encode("latin-1"), request.query_string]
    short = (request.content_length or 0) <= (request.max_form_memory_size or 0)  # a longer form is refused anyway
    if request.mimetype == "application/x-www-form-urlencoded" and short:
        raw.append(request.get_data(cache=True))
    return raw


def _utf8(raw: bytes) -> bool:
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True


def _sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return _NO_TEXT.isdisjoint(text)


def _refuse_foreign() -> None:
    origin = request.headers.get("Origin")
    foreign = origin not in (None, "null") and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400)


def _recognise() -> ResponseReturnValue | None:
    """Find the person behind the cookie; send strangers to the sign-in page, and back here afterwards."""
    view = _view()
    if view is None:
        return None
    token = request.cookies.get(cookie_name(), "")
    if token:
        g.actor = actor_of(db.session(), token, clock.now()) or ANONYMOUS
    if current_actor().id is not None or _open_to_all(view):
        return None
    if token and request.method not in SAFE_METHODS:
        g.sign_in_url = "/connexion?next=" + quote(urlsplit(request.referrer or "/").path)
        raise Unauthorized
    target = request.full_path.rstrip("?") if request.method in SAFE_METHODS else (request.referrer or "/")
    parts = urlsplit(target)
    back = parts.path + (f"?{parts.query}" if parts.query else "")
    return redirect(f"/connexion?next={quote(back)}", 303)


def _view() -> Callable[..., Any] | None:
    """The view that will answer, None for static files and unknown addresses."""
    if request.endpoint in (None, "static"):
        return None
    return current_app.view_functions.get(str(request.endpoint))


def cookie_name() -> str:
    """The name of the session cookie on this site."""
    return str(current_app.config["SIGN_IN_COOKIE"])


def _open_to_all(view: Callable[..., Any]) -> bool:
    return any(permitted(ANONYMOUS, action, SERVICE) for action in view.actions)  # type: ignore[attr-defined]


def _body_sha256() -> str:
    parts = sorted((key, value) for key, value in request.form.items(multi=True) if key != "csrf_token")
    return hashlib.sha256(repr((request.path, parts)).encode()).hexdigest()


def _remember_command() -> ResponseReturnValue | None:
    """A form acted upon before is answered as before. The memory is written in the use case's own transaction."""
    number, actor = request.form.get("request_id", ""), current_actor()
    if request.method in SAFE_METHODS or not number or actor.id is None:
        return None
    body = _body_sha256()
    known = db.session.execute(
        select(CommandLog.body_sha256, CommandLog.location).where(
            CommandLog.account_id == actor.id, CommandLog.request_id == number
        )
    ).one_or_none()
    if known is not None:
        if known.body_sha256 != body:
            abort(422)
        return redirect(known.location or request.path, 303)
    account_id = actor.id

    def remember(transaction_session: Session) -> None:
        row = CommandLog(account_id=account_id, request_id=number[:40], body_sha256=body, begun_at=clock.now())
        transaction_session.add(row)
        g.command = number

    alongside(remember)
    return None


def _note_location(response: Response) -> Response:
    number, actor = g.pop("command", None), current_actor()
    if number is None or actor.id is None:
        return response
    location = response.headers.get("Location", "") if response.status_code == 303 else ""  # noqa: PLR2004
    if location:
        with transaction() as writing:
            writing.execute(
                update(CommandLog)
                .where(CommandLog.account_id == actor.id, CommandLog.request_id == number)
                .values(location=location[:500])
            )
    return response


def forget_flask_session() -> None:
    """At sign-in and sign-out: a new CSRF token, nothing carried over."""
    session.clear()
