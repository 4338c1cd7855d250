"""The page of the lists to take away: asked for, waited for, taken by one person alone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from grants.db import reading
from grants.delivery.files import Store
from grants.models import Account, Export
from grants.web.export.words import COLUMNS, CONTENTS, words_of
from tests.services.test_analysis import Round, a_round
from tests.services.test_export import rows, work

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def made() -> Round:
    return a_round()


def asked() -> Export:
    with reading() as session:
        return session.scalars(select(Export).order_by(Export.id.desc())).first()  # type: ignore[return-value]


def test_a_list_is_asked_for_waited_for_and_taken_by_one_person_alone(app: Flask, made: Round, sign_in: SignIn) -> None:
    store: Store = app.config["STORE"]
    client, page = sign_in(made.manager), f"/exports/{made.call.slug}"
    assert "Vous n’avez encore rien demandé" in client.get(page).text
    assert client.post(page, data={"liste": "ranking.csv"}).status_code == 303
    waiting = client.get(page).text
    assert "En préparation" in waiting
    assert ("data-reload" in waiting, 'http-equiv="refresh"' in waiting) == (True, True)
    address = f"{page}/{asked().public_id}"
    assert client.get(address).status_code == 404
    work(store)
    told = client.get(page).text
    assert (address in told, "data-reload" in told) == (True, False)
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=classement-{made.call.slug}.csv"
    assert "no-store" in answer.headers["Cache-Control"]
    first = rows(answer.data)[0]
    assert (first["Numéro"], first["Devant la ligne"]) == (made.files[0].number, "oui")
    assert sign_in(made.auditor).get(address).status_code == 404
    assert address not in sign_in(made.auditor).get(page).text


def test_every_list_offers_both_forms_and_says_what_stands_in_it(made: Round, sign_in: SignIn) -> None:
    page = f"/exports/{made.call.slug}"
    offered = re.findall(r'name="liste" value="([a-z.]+)"', sign_in(made.manager).get(page).text)
    assert offered == [f"{content}.{form}" for content in CONTENTS for form in ("xlsx", "csv")]
    member = re.findall(r'name="liste" value="([a-z.]+)"', sign_in(made.members[2]).get(page).text)
    assert {one.partition(".")[0] for one in member} == {"files", "reviews"}  # the sitting has not begun


@pytest.mark.parametrize("wished", ["", "ranking", "ranking.exe", "audit.csv", "ranking.csv.csv"])
def test_a_list_that_there_is_not_is_not_found(made: Round, sign_in: SignIn, wished: str) -> None:
    assert sign_in(made.manager).post(f"/exports/{made.call.slug}", data={"liste": wished}).status_code == 404


def test_after_ten_lists_in_an_hour_one_is_asked_to_wait(made: Round, sign_in: SignIn) -> None:
    client, page = sign_in(made.manager), f"/exports/{made.call.slug}"
    answers = [client.post(page, data={"liste": "files.csv"}).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]


@pytest.mark.parametrize("path", ["/classement/{}", "/classement/{}/analyse", "/gestion/decisions?appel={}"])
def test_the_pages_of_the_lists_lead_there(made: Round, sign_in: SignIn, path: str) -> None:
    assert f'href="/exports/{made.call.slug}"' in sign_in(made.manager).get(path.format(made.call.slug)).text


def test_the_list_of_files_leads_there_once_it_is_of_one_call(made: Round, sign_in: SignIn) -> None:
    client = sign_in(made.manager)
    assert "/exports/" not in client.get("/gestion/candidatures").text
    told = client.get(f"/gestion/candidatures?appel={made.call.slug}").text
    assert f'href="/exports/{made.call.slug}"' in told


def test_the_words_of_a_list_are_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context("/"):
        words = words_of("decisions")
        assert set(words.columns) == set(COLUMNS)
        assert (words.sheet, words.code("outcome", "reserve"), words.code("outcome", "")) == (
            "Décisions",
            "Liste d’attente",
            "",
        )
