"""The page of an organisation: who sees what, and the password before the bank."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grants.db import transaction
from grants.models import Account
from grants.policies import Role
from tests import builders

pytestmark = pytest.mark.db
IBAN = "FR7600000000000000000000194"


class Scene:
    def __init__(self) -> None:
        with transaction() as session:
            self.organisation = builders.an_organisation(session, name="Rivages Partagés")
            programme = builders.a_programme(session)
            scope = {"organisation_id": self.organisation.id}
            self.lead = builders.an_account(session, role=Role.APPLICANT_LEAD, **scope)
            self.member = builders.an_account(session, role=Role.APPLICANT_MEMBER, **scope)
            self.finance = builders.an_account(session, role=Role.FINANCE_OFFICER, programme_id=programme.id)
            self.manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
            self.auditor = builders.an_account(session, role=Role.AUDITOR)
            other = builders.an_organisation(session)
            self.stranger = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=other.id)
        self.address = f"/organisations/{self.organisation.public_id}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def test_bank_details_need_the_password_again_then_a_second_person(
    scene: Scene, sign_in: Callable[[Account], FlaskClient]
) -> None:
    client = sign_in(scene.lead)
    asked = client.get(f"{scene.address}/banque")
    assert asked.location == f"/connexion/confirmation?next={scene.address}/banque"
    assert client.post(f"{scene.address}/banque", data={"iban": IBAN, "holder": "Nous"}).status_code == 303
    assert client.post("/connexion/confirmation", data={"password": "faux"}).status_code == 422
    confirmed = client.post(
        "/connexion/confirmation", data={"password": builders.PASSWORD, "next": f"{scene.address}/banque"}
    )
    assert confirmed.location == f"{scene.address}/banque"
    wrong = client.post(f"{scene.address}/banque", data={"iban": "FR76", "holder": "Nous"})
    assert wrong.status_code == 422
    assert 'value="FR76"' in wrong.text
    assert client.post(f"{scene.address}/banque", data={"iban": IBAN, "holder": "Nous"}).status_code == 303
    assert IBAN in client.get(scene.address).text
    for person in (scene.member, scene.manager, scene.auditor):
        assert IBAN not in sign_in(person).get(scene.address).text
    assert "0194" in sign_in(scene.auditor).get(scene.address).text
    finance = sign_in(scene.finance)
    assert IBAN in finance.get(scene.address).text
    assert finance.post(f"{scene.address}/banque/verification").status_code == 303
    assert "Vérifiées" in client.get(scene.address).text


def test_the_lead_keeps_the_entry_and_others_do_not(scene: Scene, sign_in: Callable[[Account], FlaskClient]) -> None:
    lead, address = sign_in(scene.lead), f"{scene.address}/fiche"
    assert lead.get(address).status_code == 200
    wrong = lead.post(address, data={"name": "Rivages", "siret": "123", "address": "1 quai\n29000 Quimper"})
    assert wrong.status_code == 422
    assert "1 quai" in wrong.text
    assert (
        lead.post(address, data={"name": "Rivages", "country": "FR", "address": "1 quai\n29000 Quimper"}).status_code
        == 303
    )
    assert "1 quai, 29000 Quimper" in lead.get(scene.address).text
    assert sign_in(scene.member).get(address).status_code == 403
    assert sign_in(scene.stranger).get(scene.address).status_code == 404
