"""The door: a cookie for the right person, the same words for everybody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from grants.db import reading, transaction
from grants.models import Account, UserSession
from grants.policies import Role
from tests import builders

pytestmark = pytest.mark.db


@pytest.fixture
def awa(app: Flask) -> Account:
    with transaction() as session:
        organisation = builders.an_organisation(session)
        return builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id, name="Awa Diop")


def enter(client: FlaskClient, account: Account, password: str = builders.PASSWORD, **more: str):
    return client.post("/connexion", data={"email": account.email, "password": password, **more})


def test_a_person_signs_in_lands_at_home_and_signs_out(client: FlaskClient, awa: Account) -> None:
    answer = enter(client, awa)
    assert (answer.status_code, answer.location) == (303, "/candidatures")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get("/mon-compte")
    assert "Awa Diop" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert client.post("/deconnexion").status_code == 303
    assert client.get("/mon-compte").location.startswith("/connexion?next=")


@pytest.mark.parametrize("path", ["//e.invalid", "/\\e", "https:e", "/%09/e", "javascript:alert(1)", "/nulle-part-ici"])
def test_nobody_is_sent_elsewhere_after_signing_in(client: FlaskClient, awa: Account, path: str) -> None:
    assert enter(client, awa, next=path).location == "/candidatures"


def test_the_page_that_was_asked_for_is_where_one_goes(client: FlaskClient, awa: Account) -> None:
    asked = client.get("/mon-compte").location
    assert asked == "/connexion?next=/mon-compte"
    assert enter(client, awa, next="/mon-compte").location == "/mon-compte"


def test_unknown_and_wrong_get_the_same_page(client: FlaskClient, awa: Account) -> None:
    wrong = enter(client, awa, "pas le bon mot")
    awa.email = "inconnue@exemple.invalid"
    unknown = enter(client, awa, "pas le bon mot")
    assert wrong.status_code == unknown.status_code == 422
    assert "L’adresse ou le mot de passe ne convient pas." in wrong.text
    assert "Erreur" in wrong.text.partition("</title>")[0]
    assert builders.PASSWORD not in wrong.text


def test_after_ten_failures_one_is_asked_to_wait(client: FlaskClient, awa: Account) -> None:
    for _ in range(10):
        enter(client, awa, "pas le bon mot")
    answer = enter(client, awa)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")


def test_one_can_end_another_session_of_ones_own(sign_in: Callable[[Account], FlaskClient], awa: Account) -> None:
    here, there = sign_in(awa), sign_in(awa)
    with reading() as session:
        first = session.scalars(select(UserSession).order_by(UserSession.id)).all()[0]
    assert there.post(f"/mon-compte/sessions/{first.public_id}/fin").status_code == 303
    assert here.get("/mon-compte").status_code == 303
    assert there.get("/mon-compte").status_code == 200


def test_a_new_password_closes_every_session_and_opens_one_here(
    sign_in: Callable[[Account], FlaskClient], awa: Account
) -> None:
    here, there = sign_in(awa), sign_in(awa)
    short = here.post("/mon-compte/mot-de-passe", data={"current_password": builders.PASSWORD, "new_password": "court"})
    assert short.status_code == 422
    assert "au moins 12 caractères" in short.text
    new = {"current_password": builders.PASSWORD, "new_password": "treize petits chats"}
    assert here.post("/mon-compte/mot-de-passe", data=new).status_code == 303
    assert here.get("/mon-compte").status_code == 200
    assert there.get("/mon-compte").status_code == 303


def test_the_language_of_the_account_is_kept(sign_in: Callable[[Account], FlaskClient], awa: Account) -> None:
    client = sign_in(awa)
    assert client.post("/mon-compte/langue", data={"language": "en"}).status_code == 303
    with reading() as session:
        assert session.get_one(Account, awa.id).language == "en"
