"""The pages of sendings and the documents: who sees what, what is shown, what a button does."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grants.clock import frozen
from grants.db import reading, transaction
from grants.domain.receipts import fingerprint
from grants.models import Account, Agreement, Decision, Document, Promise, PromiseState, Snapshot
from grants.policies.actors import Role
from grants.queries.subjects import name_of
from grants.services import keeper, mail, relay
from grants.workflow.decision import DecisionState, Outcome
from tests import awards, builders, letters
from tests.awards import World
from tests.letters import RELEASED
from tests.mails import Stage, promised_names, task_of

pytestmark = pytest.mark.db
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def world(app: object) -> World:
    return letters.a_network_and_its_call()


def plain(body: str) -> str:
    return body.replace("\u202f", " ").replace("\u00a0", " ")


def a_mail(world: World, folder: Path, **values: object) -> None:
    """A delivered mail about a file."""
    file = letters.a_file(world, **values)
    promise = letters.promise("mail", "eligible", file, to=world.accounts["lead"])
    with frozen(RELEASED):
        assert relay.keep(promise.id, keeper.handlers(letters.doors(folder)))


def a_document(app: Flask, row: Any, kind: str) -> Document:
    """A document whose bytes are in the store of the application."""
    blob = app.config["STORE"].put(b"%PDF-1.7 " + kind.encode())
    with transaction() as session:
        found = Document(
            kind=kind,
            subject=name_of(row),
            filename=f"{kind}.pdf",
            size=blob.size,
            sha256=blob.sha256,
            produced_at=RELEASED,
        )
        session.add(found)
        return found


class TestMailbox:
    """The demonstration's mailbox."""

    def test_a_manager_reads_searches_and_opens(self, app: Flask, world: World, sign_in: SignIn, tmp_path: Path):
        a_mail(world, tmp_path, title="Semences paysannes")
        a_mail(world, tmp_path, title="Eau commune")
        client = sign_in(world.accounts["manager"])
        listed = client.get("/gestion/courrier").text
        assert "Semences paysannes" in listed
        assert "Eau commune" in listed
        found = client.get("/gestion/courrier?q=semences").text
        assert "Eau commune" not in found
        name = found.split('href="/gestion/courrier/')[1].split('"')[0]
        opened = client.get(f"/gestion/courrier/{name}")
        assert opened.status_code == 200
        assert world.accounts["lead"].email in opened.text
        assert "Bonjour Hélène Marchand," in opened.text

    def test_nobody_else_does(self, app: Flask, world: World, sign_in: SignIn, client: FlaskClient):
        assert client.get("/gestion/courrier").status_code == 303
        for name in ("lead", "finance", "auditor"):
            assert sign_in(world.accounts[name]).get("/gestion/courrier").status_code == 404, name

    def test_an_unknown_name_is_not_found_whatever_it_looks_like(self, app: Flask, world: World, sign_in: SignIn):
        client = sign_in(world.accounts["manager"])
        for name in ("x.eml", "..%2Fpalabre.sqlite", "20251219T091200Z-0123456789abcdef.eml"):
            assert client.get(f"/gestion/courrier/{name}").status_code == 404


class TestOutbox:
    """The log of sendings."""

    def test_a_manager_sees_the_states_and_tries_again(self, app: Flask, world: World, sign_in: SignIn):
        promise = letters.promise("mail", "eligible", letters.a_file(world), to=world.accounts["lead"])
        with transaction() as session:
            row = session.get_one(Promise, promise.id)
            row.state, row.last_error, row.programme_id = PromiseState.FAILED, "550 no such user", world.programme.id
        client = sign_in(world.accounts["manager"])
        page = client.get("/gestion/envois?etat=refuses").text
        assert "Dossier éligible" in page
        assert "550 no such user" in page
        assert 'data-action="message.retry"' in page
        answer = client.post(f"/gestion/envois/{promise.public_id}/nouvel-essai")
        assert answer.status_code == 303
        assert awards.again(promise).state == PromiseState.QUEUED

    def test_another_programme_sees_nothing_of_it(self, app: Flask, world: World, sign_in: SignIn):
        promise = letters.promise("mail", "eligible", letters.a_file(world), to=world.accounts["lead"])
        with transaction() as session:
            session.get_one(Promise, promise.id).programme_id = world.programme.id
        stranger = sign_in(world.accounts["other_manager"])
        assert "Dossier éligible" not in stranger.get("/gestion/envois").text
        assert stranger.post(f"/gestion/envois/{promise.public_id}/nouvel-essai").status_code == 404

    def test_an_auditor_reads_and_has_no_button(self, app: Flask, world: World, sign_in: SignIn):
        promise = letters.promise("mail", "eligible", letters.a_file(world), to=world.accounts["lead"])
        with transaction() as session:
            session.get_one(Promise, promise.id).state = PromiseState.FAILED
        page = sign_in(world.accounts["auditor"]).get("/gestion/envois").text
        assert "Dossier éligible" in page
        assert "message.retry" not in page.split("<main")[1]

    def test_a_manager_in_conflict_does_not_learn_a_decision_from_the_log(
        self, app: Flask, world: World, sign_in: SignIn
    ):
        decision = letters.a_decision(world, Outcome.AWARDED)
        promise = letters.promise("mail", "accepted", decision, to=world.accounts["lead"])
        with transaction() as session:
            session.get_one(Promise, promise.id).programme_id = world.programme.id
            builders.an_interest(
                session,
                application=session.get_one(type(decision), decision.id).application,
                account=world.accounts["manager"],
                stand="conflict",
            )
        assert "Décision : accord" not in plain(sign_in(world.accounts["manager"]).get("/gestion/envois").text)

    def test_every_line_is_shown(self, app: Flask, world: World, sign_in: SignIn):
        file = letters.a_file(world)
        for _ in range(3):
            letters.promise("mail", "eligible", file, to=world.accounts["lead"])
        page = sign_in(world.accounts["auditor"]).get("/gestion/envois")
        assert page.text.count('data-object="promise:') == 3


class TestDocuments:
    """Who may read a document follows from what it is about."""

    def test_the_receipt_is_the_applicants_the_managers_and_the_auditors(
        self, app: Flask, world: World, sign_in: SignIn
    ):
        file = letters.a_file(world)
        document = a_document(app, file, "receipt")
        address = f"/documents/{document.public_id}.pdf"
        for name in ("lead", "member", "manager", "auditor"):
            answer = sign_in(world.accounts[name]).get(address)
            assert answer.status_code == 200, name
            assert answer.mimetype == "application/pdf"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
        for name in ("stranger", "other_manager", "finance"):
            assert sign_in(world.accounts[name]).get(address).status_code in (403, 404), name
        assert sign_in(world.accounts["stranger"]).get(address).status_code == 404

    def test_it_can_be_saved_under_its_name(self, app: Flask, world: World, sign_in: SignIn):
        document = a_document(app, letters.a_file(world), "receipt")
        answer = sign_in(world.accounts["lead"]).get(f"/documents/{document.public_id}.pdf?enregistrer=1")
        assert answer.headers["Content-Disposition"] == "attachment; filename=receipt.pdf"

    def test_a_decision_letter_is_read_by_the_applicant_once_released(self, app: Flask, world: World, sign_in: SignIn):
        decision = letters.a_decision(world, Outcome.AWARDED)
        document = a_document(app, decision, "decision-letter")
        address = f"/documents/{document.public_id}.pdf"
        assert sign_in(world.accounts["lead"]).get(address).status_code == 200
        with transaction() as session:
            row = session.get_one(Decision, decision.id)
            row.state, row.released_at = DecisionState.APPROVED, None
        assert sign_in(world.accounts["lead"]).get(address).status_code == 404
        assert sign_in(world.accounts["stranger"]).get(address).status_code == 404

    def test_an_agreement_is_read_by_holder_manager_finance_and_auditor(
        self, app: Flask, world: World, sign_in: SignIn
    ):
        agreement = awards.the(Agreement, awards.an_open_project(world))
        address = f"/documents/{a_document(app, agreement, 'agreement').public_id}.pdf"
        seen = {name for name in world.accounts if sign_in(world.accounts[name]).get(address).status_code == 200}
        assert seen == {"lead", "member", "manager", "finance", "finance2", "auditor"}

    def test_the_content_behind_a_receipt_has_the_fingerprint_of_the_receipt(
        self, app: Flask, world: World, sign_in: SignIn
    ):
        file = letters.a_file(world)
        document = a_document(app, file, "receipt")
        answer = sign_in(world.accounts["lead"]).get(f"/documents/{document.public_id}.json")
        with reading() as session:
            snapshot = session.query(Snapshot).filter_by(application_id=file.id).one()
        assert hashlib.sha256(answer.data).hexdigest() == snapshot.sha256 == fingerprint(snapshot.content)

    def test_a_missing_document_and_anothers_look_the_same(self, app: Flask, world: World, sign_in: SignIn):
        document = a_document(app, letters.a_file(world), "receipt")
        stranger = sign_in(world.accounts["stranger"])
        foreign = stranger.get(f"/documents/{document.public_id}.pdf")
        missing = stranger.get("/documents/aaaaaaaaaaaaaaaa.pdf")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.text.replace(document.public_id, "") == missing.text.replace("aaaaaaaaaaaaaaaa", "")


def test_staff_pages_have_a_title_and_one_h1(world: World, sign_in: SignIn):
    client = sign_in(world.accounts["manager"])
    for address in ("/gestion/courrier", "/gestion/envois"):
        text = client.get(address).text
        assert text.count("<h1") == 1
        assert "<title>" in text


def test_an_administrator_reads_no_mails(world: World, sign_in: SignIn):
    with transaction() as session:
        administrator = builders.an_account(session, role=Role.ADMINISTRATOR)
    assert sign_in(administrator).get("/gestion/courrier").status_code == 404


def test_every_address_in_a_mail_is_an_address_of_the_application(app: Flask, tmp_path: Path):
    stage, doors, found = Stage(), letters.doors(tmp_path), set()
    for name in promised_names():
        row, recipient, payload = stage.about(name)
        with reading() as session:
            text = mail.compose(session, task_of(name, row, recipient, payload), doors).text
        found |= set(re.findall(re.escape(letters.BASE_URL) + r"(/\S*)", text))
    addresses = app.url_map.bind("localhost")
    assert found
    for address in found:
        addresses.match(address)
