"""From the last look to the proof: the rules on the page, who signs, what came too late, what anyone can verify."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.models import Account, Application, Call, LateAttempt, Snapshot
from grants.policies import Role
from grants.workflow.application import ApplicationState as State
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@dataclass
class Scene:
    """An open call, a complete draft, its lead."""

    call: Call
    lead: Account
    file: str


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture
def scene() -> Scene:
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(session, opens_at=now - timedelta(days=9), closes_at=now + timedelta(hours=2))
        owner = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=owner.id)
        file = builders.a_draft(session, call=call, lead=lead, organisation=owner)
    return Scene(call, lead, file.public_id)


def state(scene: Scene) -> State:
    with reading() as session:
        return session.scalars(select(Application.state).where(Application.public_id == scene.file)).one()


def deposit(client: FlaskClient, scene: Scene, **typed: str):  # type: ignore[no-untyped-def]
    return client.post(f"/candidatures/{scene.file}/depot", data={"consent": "yes", **typed})


def test_the_rules_are_told_on_the_page_before_the_submission_and_on_the_task_list(
    scene: Scene, sign_in: SignIn
) -> None:
    client = sign_in(scene.lead)
    page = plain(client.get(f"/candidatures/{scene.file}/verification").text)
    rules = page[page.index('id="regles"') : page.index('id="depot"')]
    assert "Budget équilibré" in rules
    assert "Adhésion au réseau" in rules
    assert "Sera jugée" in rules  # no membership: judged at screening, and said now
    assert "La subvention demandée est de 8 000 € à 16 000 €." in rules
    assert "Ce que disent les règles de l’appel" in client.get(f"/candidatures/{scene.file}").text
    with transaction() as session:
        row = session.scalars(select(Application).where(Application.public_id == scene.file)).one()
        row.budget_lines[0].amount_cents += 100
    again = plain(client.get(f"/candidatures/{scene.file}/verification").text)
    assert "Empêche le dépôt" in again[again.index('id="regles"') :]


def test_a_rule_that_blocks_keeps_the_file_from_being_submitted(scene: Scene, sign_in: SignIn) -> None:
    with transaction() as session:
        row = session.scalars(select(Application).where(Application.public_id == scene.file)).one()
        row.territories[:] = [one for one in row.territories if one.side == "there"]
    answer = deposit(sign_in(scene.lead), scene)
    assert answer.status_code == 409
    assert state(scene) == State.DRAFT


def test_who_signs_and_in_what_quality_is_on_the_receipt(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.lead)
    refused = deposit(client, scene, quality="delegate", signatory="Oumou Sarr")
    assert refused.status_code == 409
    assert "Joignez le pouvoir" in plain(refused.text)
    assert 'value="Oumou Sarr"' in refused.text  # what was typed is kept
    assert deposit(client, scene, quality="somebody").status_code == 422
    assert deposit(client, scene, quality="delegate", signatory=" ").status_code == 422
    done = deposit(client, scene, quality="representative", signatory="Oumou Sarr", signatory_function="Présidente")
    assert done.status_code == 303
    assert "Oumou Sarr, Présidente, représentation légale" in plain(client.get(done.headers["Location"]).text)


def test_anyone_verifies_the_fingerprint_from_the_exported_content(
    scene: Scene, sign_in: SignIn, client: FlaskClient
) -> None:
    own = sign_in(scene.lead)
    deposit(own, scene)
    exported = own.get(f"/candidatures/{scene.file}/contenu.json").get_data()
    sha256 = hashlib.sha256(exported).hexdigest()
    with reading() as session:
        kept = session.scalars(select(Snapshot)).one()
        number = session.scalars(select(Application.number)).one()
    assert sha256 == kept.sha256
    found = plain(client.get(f"/verification?empreinte={sha256.upper()}").text)
    assert f"Cette empreinte est celle du dossier {number}." in found
    with reading() as session:
        owner = session.scalars(select(Application)).one().organisation.name
    assert owner not in found  # it says which submission, not whose
    sent = client.post("/verification", data={"contenu": (BytesIO(exported), "x.json")})
    assert f"dossier {number}" in plain(sent.text)
    changed = exported.replace(b"1000000", b"1000001", 1)
    assert "Aucun dépôt reçu ici" in plain(
        client.post("/verification", data={"contenu": (BytesIO(changed), "x.json")}).text
    )


@pytest.mark.parametrize("data", [b"", b"{", b"[1.5]", b"\xff", b"[" * 100_000])
def test_what_is_no_content_is_refused_with_a_sentence(client: FlaskClient, data: bytes) -> None:
    answer = client.post("/verification", data={"contenu": (BytesIO(data), "x.json")})
    assert answer.status_code == 422
    assert "Un problème sur cette page" in answer.text
    assert client.get("/verification?empreinte=zz").status_code == 422


def test_dl_02_no_clock_but_the_servers_is_believed(scene: Scene, sign_in: SignIn) -> None:
    """A day behind, a header, a hidden field, a zone at the end of the world: late is late."""
    with clock.frozen(clock.now() + timedelta(hours=3)):
        client = sign_in(scene.lead)
        past = (clock.now() - timedelta(days=1)).isoformat()
        answer = client.post(
            f"/candidatures/{scene.file}/depot",
            data={"consent": "yes", "submitted_at": past, "received_at": past, "tz": "Pacific/Kiritimati"},
            headers={"Date": "Sun, 01 Nov 2020 10:00:00 GMT", "X-Timestamp": past, "X-Timezone": "Pacific/Kiritimati"},
        )
    assert answer.status_code == 409
    assert "UTC, à l’horloge du serveur" in plain(answer.text)
    assert state(scene) == State.DRAFT
    with reading() as session:
        assert session.scalars(select(LateAttempt)).one().attempted_at > scene.call.closes_at


def test_dl_08_sent_twice_it_leads_to_the_same_receipt(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.lead)
    first, again = deposit(client, scene), deposit(client, scene)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    with reading() as session:
        assert len(session.scalars(select(Snapshot)).all()) == 1


def test_a_withdrawal_is_undone_on_the_page_until_the_call_closes(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.lead)
    deposit(client, scene)
    client.post(f"/candidatures/{scene.file}/retrait")
    assert "Annuler le retrait" in client.get(f"/candidatures/{scene.file}/suivi").text
    assert client.post(f"/candidatures/{scene.file}/retrait/annulation").status_code == 303
    assert state(scene) == State.SUBMITTED
    client.post(f"/candidatures/{scene.file}/retrait")
    with clock.frozen(clock.now() + timedelta(hours=3)):
        client = sign_in(scene.lead)
        assert "Annuler le retrait" not in client.get(f"/candidatures/{scene.file}/suivi").text
        assert client.post(f"/candidatures/{scene.file}/retrait/annulation").status_code == 409
