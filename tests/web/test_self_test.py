"""The self-test of a call: without an account, without a trace."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from grants import clock
from grants.db import Base, transaction
from grants.models import Call
from grants.workflow.call import CallState
from tests import builders

pytestmark = pytest.mark.db


def make(**values: object) -> Call:
    now = clock.now()
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=20)}
    with transaction() as session:
        return builders.a_call(session, **{**dates, **values})


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def rows() -> int:
    with transaction() as session:
        tables = Base.metadata.sorted_tables
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


GOOD = {
    "member": "yes",
    "lead_kind": "ngo",
    "kinds": ["company", "union", "local_authority"],
    "here": "yes",
    "starts_on": "01/04/2026",
    "ends_on": "31/12/2026",
    "total": "22 900",
    "requested": "15 500",
}


def test_a_visitor_answers_and_reads_yes_with_every_rule_and_a_way_to_begin(client: FlaskClient) -> None:
    call = make()
    page = client.get(f"/fr/appels/{call.slug}/eligibilite")
    assert page.status_code == 200
    assert "Votre organisation est-elle membre du réseau" in page.text
    kept = rows()
    answer = client.post(f"/fr/appels/{call.slug}/eligibilite", data=GOOD)
    assert answer.status_code == 200
    assert "Oui : vos réponses respectent les règles" in plain(answer.text)
    assert f"/candidatures/nouvelle?appel={call.slug}" in plain(answer.text)
    assert rows() == kept  # nothing is stored


def test_a_rule_that_refuses_is_named_explained_and_first(client: FlaskClient) -> None:
    call = make()
    answer = client.post(f"/fr/appels/{call.slug}/eligibilite", data={**GOOD, "member": "no"})
    assert "Non : une règle de l’appel n’est pas respectée" in plain(answer.text)
    listed = plain(answer.text)[plain(answer.text).index('id="resultat"') :]
    assert listed.index("Adhésion au réseau") < listed.index("Montant demandé")
    assert "Non respectée" in listed
    assert "Commencer ma candidature" not in listed
    assert 'value="22 900"' in plain(answer.text)  # what was typed is kept on the page


def test_what_cannot_be_read_comes_back_with_its_sentence(client: FlaskClient) -> None:
    call = make()
    answer = client.post(f"/fr/appels/{call.slug}/eligibilite", data={**GOOD, "requested": "1.500"})
    assert answer.status_code == 422
    assert "Écriture ambiguë" in plain(answer.text)
    assert 'aria-invalid="true"' in plain(answer.text)


def test_a_draft_or_a_told_call_has_no_self_test(client: FlaskClient) -> None:
    hidden = make(state=CallState.DRAFT)
    told = make(imported=True)
    assert client.get(f"/fr/appels/{hidden.slug}/eligibilite").status_code == 404
    assert client.get(f"/fr/appels/{told.slug}/eligibilite").status_code == 404
