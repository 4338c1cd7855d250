"""Every route, every kind of person: who gets in, who is told that nothing is there.

The table is tests/matrix/routes.txt. A route without a line fails, and so does a line without a route.
"""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.matrix.conftest import Stage
from tests.matrix.forms import FORMS, HEADERS
from tests.matrix.people import EVERYBODY
from tests.matrix.stage import CANARIES
from tests.matrix.table import OUTSIDE, ROWS, Row, people

pytestmark = pytest.mark.db
CELLS = [(row, code) for row in ROWS for code in EVERYBODY]
# what differs from page to page without telling anything: tokens of forms, the address itself
ONCE = re.compile(rb'name="(csrf_token|request_id)"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="(csrf_token|request_id)"')
# what staff are told when the worker is late: of the hour, not of the object, and nobody works in this world
LATE = re.compile(rb'<div class="strip" data-tone="warn" role="status">.*?</div>\n?', re.DOTALL)


def address(stage: Stage, row: Row, **other: str) -> tuple[str, str]:
    """(path, query) of the request; `other` replaces objects."""
    words: dict[str, str] = {}
    query: dict[str, str] = {}
    for name, value in row.arguments:
        found = value[1:] if value.startswith("'") else stage.world.ids[other.get(name, other.get(value, value))]
        (query if name.startswith("?") else words)[name.lstrip("?")] = found
    path = row.rule
    for name, value in words.items():
        path = re.sub(rf"<(?:[^<>]*:)?{name}>", value, path)
    return path, "&".join(f"{name}={value}" for name, value in query.items())


def ask(stage: Stage, row: Row, code: str, path: str, query: str = "") -> TestResponse:
    """The request of this row by this person."""
    client = stage.client(code)
    data: Any = FORMS[row.form](stage.world, code)
    if row.method == "GET":
        return client.get(path, query_string=query)
    kind = "multipart/form-data" if data and isinstance(data, dict) else None
    headers = HEADERS.get(row.form, {})
    return client.open(path, method=row.method, query_string=query, data=data, content_type=kind, headers=headers)


# who may ever read the confidential words of the world, in any answer
READERS = {
    "draft": people("WRITE"),
    "opinion": people("R2 PM AU"),  # the sitting has not begun
    "private note": people("R2"),
    "motive": people("PM AU CH RV R2"),  # the programme, and the committee once declared free of interests
    "iban": people("LEAD PAY xFO"),
}


def leaks(response: TestResponse, code: str) -> list[str]:
    """The confidential words in this answer that are not for this person."""
    text = response.data.replace("\u202f".encode(), b"").replace(b" ", b"").replace("\xa0".encode(), b"")
    return [
        name for name, word in CANARIES.items() if code not in READERS[name] and word.replace(" ", "").encode() in text
    ]


def answered(response: TestResponse) -> str:
    """The answer in the words of the table."""
    place = response.headers.get("Location", "")
    if response.status_code == 303 and place.startswith("/connexion?next="):
        return "sign-in"
    return "ok" if response.status_code < 400 else str(response.status_code)


def bare(response: TestResponse, path: str) -> bytes:
    """The page without what differs from request to request."""
    return LATE.sub(b"", ONCE.sub(b"", response.data)).replace(path.encode(), b"PATH")


NOTHING: dict[tuple[str, ...], bytes] = {}


def nothing_there(stage: Stage, row: Row, code: str) -> bytes:
    """The page that this person gets for objects that do not exist, asked once for each address."""
    key = (row.method, row.rule, row.form, code)  # what was typed is given back
    if key not in NOTHING:
        missing, query = address(stage, row, **dict.fromkeys(dict(row.arguments).values(), "missing"))
        response = ask(stage, row, code, missing, query)
        assert response.status_code == 404
        NOTHING[key] = bare(response, missing)
    return NOTHING[key]


@pytest.mark.parametrize(("row", "code"), CELLS, ids=[f"{row} {code}" for row, code in CELLS])
def test_the_answer_is_the_one_of_the_table(stage: Stage, row: Row, code: str) -> None:
    path, query = address(stage, row)
    response = ask(stage, row, code, path, query)
    expected, got = row.expected(code), answered(response)
    acted = stage.restore_after_acts(method=row.method, answer=got)
    assert got == expected
    assert leaks(response, code) == []
    assert not acted or expected == "ok" or (expected == "409" and row.rule.endswith("/depot"))  # a late try is kept
    if expected == "404" and row.objects:
        assert bare(response, path) == nothing_there(stage, row, code)


@pytest.mark.parametrize("row", [row for row in ROWS if row.objects], ids=str)
def test_an_object_that_does_not_exist_is_nobodys(stage: Stage, row: Row) -> None:
    for name in row.objects:
        path, query = address(stage, row, **{name: "missing"})
        codes = sorted(row.who - set(OUTSIDE))[:3]
        assert {code: answered(ask(stage, row, code, path, query)) for code in codes} == dict.fromkeys(codes, "404")


def test_every_route_has_a_line_and_every_line_a_route(stage: Stage) -> None:
    routes = {
        (method, rule.rule)
        for rule in stage.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    lines = {(row.method, row.rule) for row in ROWS}
    assert sorted(routes - lines) == []
    assert sorted(lines - routes) == []


#: What needs more than a world at rest to succeed, and where it is seen to succeed.
LET_IN_ELSEWHERE = {
    ("GET", "/demo"),  # in a demonstration only: tests/journeys/test_demo.py
    ("POST", "/evaluations/tableur"),  # a signed workbook of one's own: tests/web/test_score_sheets.py
    # a document that could not be cleaned: tests/web/test_blind_copies.py
    ("POST", "/gestion/candidatures/<public_id>/pieces/<attachment>/copie"),
}


def test_every_route_lets_somebody_in() -> None:
    """Otherwise a line of refusals would pass on a page that does not work at all."""
    open_to_none = {(row.method, row.rule) for row in ROWS} - {
        (row.method, row.rule) for row in ROWS if row.answer == "ok" and row.who
    }
    assert open_to_none == LET_IN_ELSEWHERE


@pytest.mark.parametrize(
    ("code", "path", "word"),
    [
        ("AM", "/candidatures/{draft}/rubriques/project", "draft"),
        ("R2", "/evaluations/{review_R2}", "private note"),
        ("PM", "/gestion/candidatures/{read}", "opinion"),
        ("CH", "/seances/{over}/proces-verbal", "motive"),
        ("FO", "/organisations/{holder}", "iban"),
    ],
)
def test_the_confidential_words_are_really_there(stage: Stage, code: str, path: str, word: str) -> None:
    """Otherwise looking for them everywhere would prove nothing."""
    text = stage.client(code).get(path.format(**stage.world.ids)).text
    assert CANARIES[word] in re.sub(r"[\s\u202f]", "", text)
