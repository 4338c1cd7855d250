"""The calls as visitors read them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from grants import clock
from grants.db import db, transaction
from grants.models import Call
from grants.workflow.call import CallState
from tests import builders

pytestmark = pytest.mark.db


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def make(**values: object) -> Call:
    with transaction() as session:
        return builders.a_call(session, **values)


def test_an_open_call_tells_its_deadline_with_the_zone_and_offers_to_apply(client: FlaskClient) -> None:
    call = make(title="Alliances 2027")
    page = plain(client.get(f"/fr/appels/{call.slug}").text)
    assert "(heure de Paris)" in page
    assert f"/candidatures/nouvelle?appel={call.slug}" in page
    assert "105 000 €" in page
    assert "de 8 000 € à 16 000 €" in page
    assert f'data-object="call:{call.public_id}"' in page


def test_a_draft_is_nobodys_to_read(client: FlaskClient) -> None:
    call = make(state=CallState.DRAFT, title="Secret")
    assert client.get(f"/fr/appels/{call.slug}").status_code == 404
    assert "Secret" not in client.get("/fr/appels").text


@pytest.mark.parametrize(
    ("opens", "closes", "results", "word"),
    [
        (1, 5, None, "À venir"),
        (-5, 20, None, "Ouvert"),
        (-5, 3, None, "Ferme dans 3 jours"),
        (-9, -1, 5, "Clos"),
        (-40, -30, -1, "Résultats connus"),
    ],
)
def test_the_stage_follows_the_dates(
    client: FlaskClient, opens: int, closes: int, results: int | None, word: str
) -> None:
    now = clock.now()
    reviews = now + timedelta(days=2) if closes < 0 < (results or 0) else now - timedelta(days=20)
    call = make(
        opens_at=now + timedelta(days=opens),
        closes_at=now + timedelta(days=closes),
        reviews_open_at=reviews if closes < 0 else None,
        results_public_at=now + timedelta(days=results) if results is not None else None,
    )
    assert word in plain(client.get(f"/fr/appels/{call.slug}").text)


def test_what_the_source_does_not_say_is_said_to_be_unknown(client: FlaskClient, app: Flask) -> None:
    with transaction() as session:
        row = Call(
            slug="caac",
            programme_id=builders.a_programme(session).id,
            title="Coopérer autrement",
            edition="2022",
            imported=True,
            state=CallState.CLOSED,
            source="la page publique",
        )
        session.add(row)
    page = plain(client.get("/fr/appels/caac").text)
    assert "non précisé dans la source" in page
    assert "Source : la page publique" in page
    assert "0 €" not in page
    assert "Candidater" not in page


def test_the_list_asks_the_same_questions_of_the_database_for_one_call_and_for_five(
    client: FlaskClient, app: Flask
) -> None:
    counts = []
    for number in (1, 4):
        for _ in range(number):
            make()
        seen: list[str] = []
        with app.app_context():
            engine = db.engine

        def note(_c, _cur, statement, *_rest) -> None:
            seen.append(statement)  # noqa: B023 -- read at once

        event.listen(engine, "before_cursor_execute", note)
        assert client.get("/fr/appels").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 5
