"""Scoring: a review kept or given by a POST, with its trace in the same transaction, beside one bare INSERT."""

import re
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from grants.db import adopt, db
from tests.bench import load
from tests.bench.pages import MANY, Line, Spent, Weight, spend, statements
from tests.bench.seed import Season
from tests.bench.works import Work

if TYPE_CHECKING:
    from flask import Flask

    from tests.bench.__main__ import Plan, Stage

# name, title, the button that is pressed
KINDS = (("score", "review given (POST)", "valider"), ("save", "review saved (POST)", "plus-tard"))
CRITERIA = [f"C{number}" for number in range(1, 8)]
SHARE = 0.25
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
COOKIE = re.compile(rb"Set-Cookie: ([^;\r]+)", re.IGNORECASE)


def measure(stage: "Stage", plan: "Plan", cookie_name: str) -> list[Line]:
    """Both kinds, each review written once."""
    season, server = stage.seasons["large"], stage.servers["large"]
    sheets = _sheets(season)
    insert = load.post("/insert", "what=ligne", host=stage.floor.host)
    lines = []
    for name, title, button in KINDS:
        line = Line(Work(name, title, lambda _: "", lambda _: "", SHARE, 0, floor="insert"))
        line.weight = Weight(_statements(stage.apps["large"], *next(sheets), button), 0.0, 0.0)
        doors: dict[str, tuple[str, str]] = {}

        def request(button: str = button, doors: dict[str, tuple[str, str]] = doors) -> bytes:
            cookie, review = next(sheets)
            if cookie not in doors:
                doors[cookie] = _door(server.port, server.host, f"{cookie_name}={cookie}", review)
            cookies, token = doors[cookie]
            return load.post(f"/evaluations/{review}", _body(token, button), host=server.host, cookie=cookies)

        for cookie, review in season_readers(season):
            doors[cookie] = _door(server.port, server.host, f"{cookie_name}={cookie}", review)
        spend(server, stage.cluster, request, clients=MANY, seconds=0.5)
        for _ in range(plan.rounds):
            line.floor.append(_spend_floor(stage, lambda: insert, plan))
            line.ours.append(spend(server, stage.cluster, request, clients=MANY, seconds=plan.seconds))
        line.alone.append(spend(server, stage.cluster, request, clients=1, seconds=plan.seconds))
        lines.append(line)
    return lines


def season_readers(season: Season) -> list[tuple[str, str]]:
    """Each reader's cookie with one review of theirs."""
    return [(cookie, reviews[0]) for cookie, reviews in season.scorers]


def _spend_floor(stage: "Stage", requests: Callable[[], bytes], plan: "Plan") -> Spent:
    return spend(stage.floor, stage.cluster, requests, clients=MANY, seconds=plan.seconds)


def _sheets(season: Season) -> Iterator[tuple[str, str]]:
    """(cookie, review), the readers taking turns."""
    turns = zip_longest(*([(cookie, review) for review in reviews] for cookie, reviews in season.scorers))
    return (one for one in chain.from_iterable(turns) if one is not None)


def _door(port: int, host: str, cookie: str, review: str) -> tuple[str, str]:
    """The cookies and the token with which a reader posts, taken from the page of a review."""
    status, head, body = load.once(port, load.get(f"/evaluations/{review}", host=host, cookie=cookie)())
    token, form = TOKEN.search(body), COOKIE.search(head)
    if status != 200 or token is None or form is None:
        message = f"no form on /evaluations/{review}: {status}"
        raise RuntimeError(message)
    return f"{cookie}; {form[1].decode()}", token[1].decode()


def _body(token: str, button: str) -> str:
    fields = {"csrf_token": token, "request_id": str(uuid4()), "version": "1", "suite": button, "opinion": "Solide."}
    fields |= dict.fromkeys(CRITERIA, "3,5")
    return urlencode(fields | {f"comment_{key}": "Un effort clair." for key in CRITERIA})


def _statements(app: "Flask", cookie: str, review: str, button: str) -> int:
    """How many statements one POST sends, asked in this process."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.set_cookie(app.config["SIGN_IN_COOKIE"], cookie)
    client.get(f"/evaluations/{review}")
    with app.app_context():
        bound = db.engine
    adopt(bound)  # what writes uses the engine bound last, and each season has bound its own
    with statements(bound) as said:
        answer = client.post(
            f"/evaluations/{review}", data=_body("", button), content_type="application/x-www-form-urlencoded"
        )
    app.config["WTF_CSRF_ENABLED"] = True
    if answer.status_code != 303:
        message = f"a review was answered {answer.status_code}"
        raise RuntimeError(message)
    return len(said)
