"""The applicant's pages, through the browser's eyes: nothing typed is ever lost, every refusal says why."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from grants import clock
from grants.db import db, reading, transaction
from grants.models import Account, Application, Decision
from grants.policies import Role
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState
from tests import builders
from tests.delivery import samples

pytestmark = pytest.mark.db
SignIn = Callable[[Account], FlaskClient]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


class Scene:
    """A call and an organisation with its lead and a member; somebody else; a manager."""

    def __init__(self, **call: object) -> None:
        with transaction() as session:
            self.call = builders.a_call(session, **call)
            self.organisation = builders.an_organisation(session, name="Rivages Partagés")
            scope = {"organisation_id": self.organisation.id}
            self.lead = builders.an_account(session, role=Role.APPLICANT_LEAD, name="Awa Diop", **scope)
            self.member = builders.an_account(session, role=Role.APPLICANT_MEMBER, name="Mamadou Ndiaye", **scope)
            other = builders.an_organisation(session)
            self.stranger = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=other.id)
            self.manager = builders.an_account(session, role=Role.MANAGER, programme_id=self.call.programme_id)

    def draft(self, **values: object) -> Application:
        with transaction() as session:
            return builders.a_draft(session, call=self.call, lead=self.lead, organisation=self.organisation, **values)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def read(row: Application) -> Application:
    with reading() as session:
        return session.get_one(Application, row.id)


PAGES = (
    "",
    "/rubriques/identity",
    "/rubriques/project",
    "/rubriques/declarations",
    "/partenaires",
    "/territoires",
    "/budget",
    "/pieces",
    "/verification",
    "/suivi",
    "/retrait",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_file_opens_for_its_team_and_does_not_exist_for_others(
    scene: Scene, sign_in: SignIn, client: FlaskClient, path: str
) -> None:
    address = f"/candidatures/{scene.draft().public_id}{path}"
    page = sign_in(scene.lead).get(address)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    foreign, missing = (
        sign_in(scene.stranger).get(address),
        sign_in(scene.stranger).get(f"/candidatures/aaaaaaaaaaaaaaaa{path}"),
    )
    assert foreign.status_code == missing.status_code == 404
    unique = re.compile(r'value="[0-9a-f-]{36}"|name="csrf_token" value="[^"]*"')
    assert unique.sub("", foreign.text) == unique.sub("", missing.text)
    assert sign_in(scene.manager).get(address).status_code == 404
    assert client.get(address).location.startswith("/connexion?next=")


def test_beginning_offers_to_take_up_the_draft_first(scene: Scene, sign_in: SignIn) -> None:
    client, address = sign_in(scene.member), f"/candidatures/nouvelle?appel={scene.call.slug}"
    assert "Reprendre" not in client.get(address).text
    begun = client.post(
        "/candidatures/nouvelle", data={"call": scene.call.public_id, "organisation": scene.organisation.public_id}
    )
    assert begun.status_code == 303
    assert client.get(begun.location).status_code == 200
    page = client.get(address).text
    assert "Vous avez déjà un brouillon" in page
    assert "Reprendre" in page


def test_the_task_list_says_what_each_section_lacks(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(answers={**builders.ANSWERS, "learning": "", "effects": ""})
    page = plain(sign_in(scene.lead).get(f"/candidatures/{row.public_id}").text)
    assert "Il manque : Apprentissages, Effets attendus et suites" in page
    assert "6 rubriques sur 7 terminées" in page
    assert "9 sur 11" in page
    assert "(heure de Paris)" in page
    assert f'data-object="application:{row.public_id}"' in page


def test_answers_are_kept_whatever_they_are(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(answers={})
    client, address = sign_in(scene.member), f"/candidatures/{row.public_id}/rubriques/project"
    answer = client.post(address, data={"title": "Deux rives", "starts_on": "un de ces jours", "version": row.version})
    assert answer.status_code == 303
    page = client.get(address).text
    assert "Deux rives" in page
    assert "un de ces jours" in page
    assert "Écrivez une date" in page


def test_a_stale_page_shows_both_texts_and_keeps_ones_own(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    address = f"/candidatures/{row.public_id}/rubriques/project"
    first = {**builders.ANSWERS, "summary": "Le texte de Mamadou", "version": row.version}
    assert sign_in(scene.member).post(address, data=first).status_code == 303
    second = {**builders.ANSWERS, "summary": "Le texte <b>d’Awa</b>", "version": row.version}
    lead = sign_in(scene.lead)
    page = lead.post(address, data=second)
    assert page.status_code == 409
    assert "Le texte de Mamadou" in page.text
    assert "Le texte &lt;b&gt;d’Awa&lt;/b&gt;" in page.text
    assert "Mamadou Ndiaye a modifié ce dossier" in plain(page.text)
    assert read(row).answers["summary"] == "Le texte de Mamadou"
    again = {**second, "version": read(row).version}
    assert lead.post(address, data=again).status_code == 303
    assert read(row).answers["summary"] == "Le texte <b>d’Awa</b>"


def test_partners_are_added_changed_and_taken_out(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    address = f"/candidatures/{row.public_id}/partenaires"
    refused = client.post(address, data={"name": "", "actor_kind": "union", "country": "FR", "role": "Un rôle écrit"})
    assert refused.status_code == 422
    assert "Un rôle écrit" in refused.text
    assert client.post(address, data={"name": "CGT locale", "actor_kind": "union", "country": "FR"}).status_code == 303
    with reading() as session:
        partner = session.get_one(Application, row.id).partners[-1]
    changed = client.post(
        f"{address}/{partner.public_id}", data={"name": "CFDT locale", "actor_kind": "union", "country": "FR"}
    )
    assert changed.status_code == 303
    assert "CFDT locale" in client.get(address).text
    assert client.post(f"{address}/{partner.public_id}/retrait").status_code == 303
    assert "CFDT locale" not in client.get(address).text.partition("<main")[2].partition("Ajouter un partenaire")[
        0
    ].replace("CFDT locale est", "")


def test_territories_are_chosen_from_lists(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    address = f"/candidatures/{row.public_id}/territoires"
    data = {"here": ["REG-28", "DEP-14", "", "XX"], "there": ["SN"], "place": ["Saloum"]}
    assert client.post(address, data=data).status_code == 303
    with reading() as session:
        labels = [item.label for item in session.get_one(Application, row.id).territories]
    assert labels == ["Normandie", "Calvados (14)", "Sénégal, Saloum"]
    assert client.post(address, data={**data, "ajouter": "here"}).location.endswith("?plus=here")


def budget_form(*rows: tuple[str, str, str], version: int, **more: str) -> dict[str, object]:
    form: dict[str, object] = {"version": version, **more}
    for number, (key, label, amount) in enumerate(rows):
        form |= {f"row-{number}-key": key, f"row-{number}-label": label, f"row-{number}-amount": amount}
    return form


def test_the_budget_is_added_up_by_the_server(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    address = f"/candidatures/{row.public_id}/budget"
    rows = (("purchases.supplies", "", "1 000,50"), ("grants.this_fund", "", "700"), ("own_funds.other", "", ""))
    assert client.post(address, data=budget_form(*rows, version=row.version)).status_code == 303
    page = plain(client.get(address).text)
    assert "Il manque 300,50 €" in page
    assert "69,97 %" in page
    assert read(row).requested_cents == 70_000


def test_an_amount_that_cannot_be_read_is_asked_again_and_stays(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    rows = (("purchases.supplies", "Semences", "1.500"), ("grants.this_fund", "", "12,5.0"))
    page = client.post(f"/candidatures/{row.public_id}/budget", data=budget_form(*rows, version=row.version))
    assert page.status_code == 422
    assert 'value="1.500"' in page.text
    assert 'value="12,5.0"' in page.text
    assert "Semences" in page.text
    assert read(row).requested_cents == 1_000_000


def test_a_row_is_added_without_a_script(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    more = {"ajouter": "expense", "new-expense": "external_services.insurance"}
    answer = client.post(
        f"/candidatures/{row.public_id}/budget",
        data=budget_form(("purchases.supplies", "", "10"), version=row.version, **more),
    )
    assert answer.status_code == 303
    assert "Assurance" in client.get(answer.location).text


def upload(
    client: FlaskClient, row: Application, kind: str = "other", name: str = "lettre.pdf", data: bytes | None = None
):
    body = samples.pdf() if data is None else data
    return client.post(
        f"/candidatures/{row.public_id}/pieces",
        data={"kind": kind, "file": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
    )


def test_a_document_is_received_read_back_safely_and_taken_out(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    assert upload(client, row).status_code == 303
    with reading() as session:
        added = session.get_one(Application, row.id).attachments[-1]
    address = f"/candidatures/{row.public_id}/pieces/{added.public_id}"
    answer = client.get(address)
    assert answer.data == samples.pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    other = scene.draft()
    assert client.get(f"/candidatures/{other.public_id}/pieces/{added.public_id}").status_code == 404
    assert sign_in(scene.stranger).get(address).status_code == 404
    assert client.post(f"{address}/retrait").status_code == 303
    assert client.get(address).data == samples.pdf()  # among the earlier versions, for those who write the file
    assert client.post(f"{address}/retrait").status_code == 404


def test_a_page_of_markup_is_no_document(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    answer = upload(client, row, data=b"<html><script>alert(1)</script>")
    assert answer.status_code == 415
    assert upload(client, row, name="a.html").status_code == 415
    assert upload(client, row, name="").status_code == 422


def test_submitting_asks_for_the_commitment_then_gives_a_receipt(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.lead), scene.draft()
    address = f"/candidatures/{row.public_id}"
    check = client.get(f"{address}/verification").text
    assert "Le dossier est complet." in check
    assert 'data-action="application.submit"' in check
    assert client.post(f"{address}/depot", data={"version": row.version}).status_code == 422
    done = client.post(f"{address}/depot", data={"version": row.version, "consent": "yes"})
    assert (done.status_code, done.location) == (303, f"{address}/recepisse")
    receipt = plain(client.get(done.location).text)
    assert "Numéro 2027-001" in receipt
    assert "en temps universel (UTC)" in receipt
    assert re.search(r"[0-9a-f]{64}", receipt)
    assert client.get(address).location == f"{address}/suivi"
    assert "Votre dossier est bien reçu" in client.get(f"{address}/suivi").text
    assert client.post(f"{address}/depot", data={"consent": "yes"}).location == f"{address}/recepisse"


def test_an_incomplete_file_is_refused_with_links_to_what_is_missing(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(answers={**builders.ANSWERS, "summary": ""})
    answer = sign_in(scene.lead).post(f"/candidatures/{row.public_id}/depot", data={"consent": "yes"})
    assert answer.status_code == 409
    assert f"/candidatures/{row.public_id}/rubriques/project#summary" in answer.text


def test_a_member_asks_for_the_signature_and_cannot_submit(scene: Scene, sign_in: SignIn) -> None:
    client, row = sign_in(scene.member), scene.draft()
    address = f"/candidatures/{row.public_id}"
    page = client.get(f"{address}/verification").text
    assert "Awa Diop" in page
    assert 'data-action="application.request-signature"' in page
    assert client.post(f"{address}/depot", data={"consent": "yes"}).status_code == 403
    assert client.post(f"{address}/signature").status_code == 303
    assert read(row).state == ApplicationState.AWAITING_SIGNATURE
    assert "Reprendre la rédaction" in client.get(address).text


def test_too_late_is_said_with_both_times_and_the_way_to_a_waiver(app: Flask, sign_in: SignIn) -> None:
    now = clock.now()
    scene = Scene(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(seconds=1), contact="appel@exemple.invalid"
    )
    client, row = sign_in(scene.lead), scene.draft()
    address = f"/candidatures/{row.public_id}"
    refused = client.post(f"{address}/depot", data={"consent": "yes", "version": row.version})
    page = plain(refused.text)
    assert refused.status_code == 409
    assert "(heure de Paris)" in page
    assert "UTC" in page
    assert "votre brouillon est conservé" in page
    assert "appel@exemple.invalid" in page
    assert client.post(f"{address}/derogation", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/derogation", data={"reason": "Coupure de courant."}).status_code == 303
    assert "réponse en attente" in plain(client.get(address).text)
    again = client.post(f"{address}/derogation", data={"reason": "Encore une fois."})
    assert again.status_code == 409


def test_withdrawing_says_what_it_does_and_does_it(scene: Scene, sign_in: SignIn) -> None:
    client, row = (
        sign_in(scene.lead),
        scene.draft(state=ApplicationState.SUBMITTED, number="2027-001", submitted_at=clock.now()),
    )
    address = f"/candidatures/{row.public_id}/retrait"
    assert "il ne sera ni évalué ni financé" in plain(client.get(address).text)
    assert client.post(address, data={"version": row.version}).status_code == 303
    assert read(row).state == ApplicationState.WITHDRAWN
    assert sign_in(scene.member).get(address).status_code == 403


def test_a_decision_is_seen_once_released_and_not_a_moment_before(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(state=ApplicationState.IN_DELIBERATION, number="2027-001", submitted_at=clock.now())
    client, address = sign_in(scene.member), f"/candidatures/{row.public_id}/suivi"
    before = client.get(address).text
    with transaction() as session:
        decision = Decision(
            application_id=row.id,
            outcome="awarded",
            awarded_cents=900_000,
            motive="CANARI du comité",
            proposed_by_id=scene.manager.id,
            proposed_at=clock.now(),
            state=DecisionState.APPROVED,
        )
        session.add(decision)
    unique = re.compile(r'value="[0-9a-f-]{36}"')
    assert unique.sub("", client.get(address).text) == unique.sub("", before)
    with transaction() as session:
        found = session.scalars(select(Decision)).one()
        found.state, found.released_at = DecisionState.RELEASED, clock.now()
    after = plain(client.get(address).text)
    assert "9 000 €" in after
    assert "CANARI du comité" in after


def test_lists_and_pages_ask_the_same_questions_for_one_file_and_for_four(
    scene: Scene, sign_in: SignIn, app: Flask
) -> None:
    client, counts = sign_in(scene.member), []
    with app.app_context():
        engine = db.engine
    for number in (1, 3):
        for _ in range(number):
            scene.draft()
        seen: list[str] = []
        note = lambda _c, _cur, statement, *_rest: seen.append(statement)  # noqa: B023, E731 -- read at once
        event.listen(engine, "before_cursor_execute", note)
        page = client.get("/candidatures")
        event.remove(engine, "before_cursor_execute", note)
        assert page.status_code == 200
        counts.append(len([statement for statement in seen if statement.startswith("SELECT")]))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
