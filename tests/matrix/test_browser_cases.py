"""Attacks on accounts, sessions, forms and texts, each named by its case."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import ANY
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from grants import clock
from grants.db import transaction
from grants.models import UserSession
from grants.queries.account import APPLICANT_IDLE, LIFETIME, STAFF_IDLE, token_sha256
from tests import builders
from tests.matrix.conftest import Stage
from tests.matrix.forms import FORMS, NEW_PASSWORD
from tests.matrix.people import EVERYBODY
from tests.matrix.table import ROWS
from tests.matrix.test_matrix import address, answered, ask

pytestmark = pytest.mark.db
READING = [row for row in ROWS if row.method == "GET" and row.answer == "ok"]


@contextmanager
def tokens_asked(stage: Stage) -> Iterator[None]:
    """Forms need their token, as in production."""
    stage.app.config["WTF_CSRF_ENABLED"] = True
    try:
        yield
    finally:
        stage.app.config["WTF_CSRF_ENABLED"] = False


def token_in(client: FlaskClient, page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'<input[^>]*name="csrf_token"[^>]*>', client.get(page).text)
    assert found
    return re.search(r'value="([^"]+)"', found[0])[1]  # type: ignore[index]


# Accounts and browser


def _cookie(stage: Stage, client: FlaskClient) -> str:
    found = client.get_cookie(stage.app.config["SIGN_IN_COOKIE"])
    return found.value if found else ""


def test_au_01_a_planted_session_is_not_the_victims(scene: Stage) -> None:
    victim, name = scene.client("AN"), scene.app.config["SIGN_IN_COOKIE"]
    victim.set_cookie(name, "planted")
    victim.post("/connexion", data={"email": scene.world.cast["PM"].email, "password": builders.PASSWORD})
    assert _cookie(scene, victim) not in ("", "planted")
    thief = scene.client("AN")
    thief.set_cookie(name, "planted")
    assert answered(thief.get("/mon-compte")) == "sign-in"


def test_au_01_the_cookie_changes_when_the_password_is_confirmed(scene: Stage) -> None:
    client = scene.client("AL")
    before = _cookie(scene, client)
    client.post("/connexion/confirmation", data={"password": builders.PASSWORD})
    assert _cookie(scene, client) != before
    assert answered(scene.client("AL").get("/mon-compte")) == "sign-in"


def test_au_02_a_copied_cookie_ends_with_the_sign_out(scene: Stage) -> None:
    scene.client("AL").post("/deconnexion")
    assert answered(scene.client("AL").get("/mon-compte")) == "sign-in"


def test_au_02_a_copied_cookie_ends_with_a_new_password(scene: Stage) -> None:
    client = scene.client("AL")
    assert client.post("/mon-compte/mot-de-passe", data=FORMS["password"](scene.world, "AL")).status_code == 303
    assert answered(scene.client("AL").get("/mon-compte")) == "sign-in"
    assert client.get("/mon-compte").status_code == 200
    again = scene.client("AN").post(
        "/connexion", data={"email": scene.world.cast["AL"].email, "password": NEW_PASSWORD}
    )
    assert again.status_code == 303


def test_au_02_a_copied_cookie_ends_with_the_account(scene: Stage) -> None:
    scene.client("AD").post(f"/admin/comptes/{scene.world.ids['account_PM']}/suspension")
    assert answered(scene.client("PM").get("/gestion")) == "sign-in"


@pytest.mark.parametrize(
    ("code", "column", "age"),
    [
        ("AL", "created_at", LIFETIME),
        ("PM", "created_at", LIFETIME),
        ("AL", "last_seen_at", APPLICANT_IDLE),
        ("PM", "last_seen_at", STAFF_IDLE),
        ("RV", "last_seen_at", STAFF_IDLE),
    ],
)
def test_au_02_a_copied_cookie_ends_with_time(scene: Stage, code: str, column: str, age: timedelta) -> None:
    mine = UserSession.token_sha256 == token_sha256(scene.world.cast.tokens[code])
    with transaction() as session:
        session.execute(update(UserSession).where(mine).values({column: clock.now() - age + timedelta(minutes=1)}))
    assert scene.client(code).get("/mon-compte").status_code == 200
    with transaction() as session:
        session.execute(update(UserSession).where(mine).values({column: clock.now() - age - timedelta(seconds=1)}))
    assert answered(scene.client(code).get("/mon-compte")) == "sign-in"


@pytest.mark.parametrize(
    "host", ["evil.invalid", "localhost.evil.invalid", "evil.invalid:80", "localhost@evil.invalid"]
)
def test_au_08_only_our_own_name_is_answered(stage: Stage, host: str) -> None:
    assert stage.client("AL").get("/mon-compte", headers={"Host": host}).status_code == 400


def test_au_08_a_forwarded_name_is_not_believed(stage: Stage) -> None:
    headers = {"X-Forwarded-Host": "evil.invalid", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.invalid"}
    for code, path in (("AN", "/mon-compte"), ("AL", "/"), ("AL", "/candidatures")):
        answer = stage.client(code).get(path, headers=headers)
        assert "evil" not in answer.headers.get("Location", "") + answer.text


NEXT = [
    *("//evil.invalid", "/\\evil.invalid", "\\/evil.invalid", "https:evil.invalid", "https://evil.invalid"),
    *("/%09/evil.invalid", "///evil.invalid", "javascript:alert(1)", "/.evil.invalid", "http://localhost@evil.invalid"),
    *(
        "/%2f%2fevil.invalid",
        "/\t/evil.invalid",
        "\u2044/evil.invalid",
        "/" + "a" * 3000,
        "/connexion?next=//evil.invalid\r\nX: 1",
    ),
]


@pytest.mark.parametrize("target", NEXT)
def test_au_09_after_signing_in_one_stays_here(scene: Stage, target: str) -> None:
    form = {"email": scene.world.cast["AL"].email, "password": builders.PASSWORD, "next": target}
    place = scene.client("AN").post("/connexion", data=form).headers["Location"]
    assert place == "/candidatures"
    inside = scene.client("xAL").get("/connexion", query_string={"next": target}).headers["Location"]
    assert inside == "/candidatures"


def test_au_10_a_form_needs_its_token(scene: Stage) -> None:
    path, form = f"/candidatures/{scene.world.ids['draft']}/rubriques/project", {"title": "Un titre tapé"}
    client = scene.client("AL")
    with tokens_asked(scene):
        without = client.post(path, data=form)
        assert (without.status_code, "Un titre tapé" in without.text) == (400, True)
        assert client.post(path, data={**form, "csrf_token": "made-up"}).status_code == 400
        foreign = token_in(scene.client("xAL"), "/mon-compte")
        assert client.post(path, data={**form, "csrf_token": foreign}).status_code == 400
        own = token_in(client, path)
        assert client.post(path, data={**form, "csrf_token": own}).status_code == 303


def test_au_10_every_form_is_behind_the_token(scene: Stage) -> None:
    """Signing in and out too; what a stranger's page can post does nothing."""
    with tokens_asked(scene):
        for row in ROWS:
            if row.method == "POST" and row.who:
                code = min(row.who)
                path, query = address(scene, row)
                assert (str(row), ask(scene, row, code, path, query).status_code) == (str(row), 400)
    assert scene.acts() == scene.seeded


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.invalid"},
        {"Origin": "http://localhost.evil.invalid"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_au_10_another_site_posts_nothing_here(scene: Stage, headers: dict[str, str]) -> None:
    client, path = scene.client("AL"), f"/candidatures/{scene.world.ids['draft']}/rubriques/project"
    assert client.post(path, data={"title": "X"}, headers=headers).status_code == 400
    assert client.post("/connexion", data=FORMS["sign_in"](scene.world, "AN"), headers=headers).status_code == 400
    assert client.post("/deconnexion", headers=headers).status_code == 400
    assert client.get("/mon-compte").status_code == 200


def test_au_10_no_address_writes_when_it_is_read(scene: Stage) -> None:
    for row in READING:
        path, query = address(scene, row)
        for code in sorted(row.who - {"AN", "DI"})[:1]:
            scene.client(code).get(path, query_string=query)
    assert scene.acts() == scene.seeded


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "POST"], ids=str)
def test_au_10_what_writes_does_not_answer_to_a_link(stage: Stage, row: Any) -> None:
    both = {one.rule for one in ROWS if one.method == "GET"}
    path, query = address(stage, row)
    if row.rule not in both:
        assert stage.client(min(row.who or EVERYBODY)).get(path, query_string=query).status_code in (404, 405)


def test_au_12_personal_pages_are_kept_by_nobody(stage: Stage) -> None:
    for row in READING:
        path, query = address(stage, row)
        for code in sorted(row.who - {"AN", "DI"})[:1]:
            kept = stage.client(code).get(path, query_string=query).headers.get("Cache-Control", "")
            assert (path, "no-store" in kept) == (path, True)


# Texts

BAD_TEXTS = ["a\x00b", "\ud800", "\udfff fin"]


@pytest.mark.parametrize("text", BAD_TEXTS, ids=ascii)
def test_tx_01_what_is_no_text_is_refused_everywhere(scene: Stage, text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    escaped = quote(raw)
    client, path = scene.client("AL"), f"/candidatures/{scene.world.ids['draft']}/rubriques/project"
    form = {"content_type": "application/x-www-form-urlencoded"}
    answers = [
        client.post(path, data=f"title={escaped}", **form),
        client.post(path, data=f"title=x&{escaped}=1", **form),
        client.get(f"/candidatures?page={escaped}"),
        client.get(f"/candidatures?{escaped}=1"),
        client.get(f"/candidatures/{escaped}"),
        client.get("/connexion", query_string=f"next={escaped}"),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, ANY, 400]
    assert answers[4].status_code in (400, 404)


@pytest.mark.parametrize("tail", ["%ff", "%c3%28", "%80", "%ed%a0%80"])
def test_tx_01_bytes_that_are_no_text_never_break_a_page(scene: Stage, tail: str) -> None:
    client = scene.client("PM")
    assert client.get(f"/candidatures/{tail}").status_code in (400, 404)
    paths = [f"/gestion/candidatures?q={tail}", f"/gestion/journal?q={tail}&objet={tail}"]
    paths += [f"/fr/projets?q={tail}", f"/gestion/envois?q={tail}", f"/connexion?next={tail}", f"/projets?q={tail}"]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 400)
    posted = scene.client("AL").post(
        f"/candidatures/{scene.world.ids['draft']}/rubriques/project",
        data=f"title={tail}",
        content_type="application/x-www-form-urlencoded",
    )
    assert posted.status_code == 400


def test_tx_01_a_name_of_a_file_that_is_no_text_is_refused(scene: Stage) -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="kind"\r\n\r\nstatutes\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a\x00b.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--B--\r\n"
    )
    path = f"/candidatures/{scene.world.ids['draft']}/pieces"
    answer = scene.client("AL").post(path, data=body, content_type="multipart/form-data; boundary=B")
    assert answer.status_code == 400
