"""People and organisations in the browser: asked in, registered, a passport filled, a paper reused, a share attested."""

import re
from datetime import date
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from grants.db import reading, transaction
from grants.delivery.doors import open_doors
from grants.models import Attachment, Invitation, Membership, Organisation, Paper, Partner
from grants.policies import SYSTEM, Role
from grants.services import mail, relay
from grants.services import organisation as organisations
from grants.workflow.application import ApplicationState
from tests import builders
from tests.delivery.samples import pdf

pytestmark = pytest.mark.db
PASSWORD = "une phrase bien assez longue"
IDENTITY = {"name": "Maison du fleuve", "country": "FR", "address": "1 quai\n67000 Strasbourg"}


@pytest.fixture
def links(app: Flask, tmp_path: Path):
    """The links of the mails that leave, the newest last."""
    folder = tmp_path / "post"
    doors = open_doors(
        base_url="http://localhost",
        mail_from="appels@exemple.invalid",
        smtp_url="",
        mailbox_dir=folder,
        blob_dir=tmp_path / "post-blobs",
    )

    def found() -> list[str]:
        relay.keep_all_due({"mail": lambda task: mail.keep(task, doors)})
        paths = sorted((one for one in folder.rglob("*") if one.is_file()), key=lambda one: one.stat().st_mtime_ns)
        texts = [str(message_from_bytes(path.read_bytes(), policy=default).get_content()) for path in paths]
        return [
            match[0]
            for text in texts
            for match in [re.search(r"/(invitations|attestations)/[\w-]{40,}", text)]
            if match
        ]

    return found


def world(**call):
    with transaction() as session:
        organisation = builders.an_organisation(session, name="Rivages")
        programme = builders.a_programme(session)
        opened = builders.a_call(session, programme=programme, **call)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
        file = builders.an_application(
            session,
            call=opened,
            organisation=organisation,
            state=ApplicationState.DRAFT,
            submitted_at=None,
            number=None,
            title="Semences",
        )
        file.partners.clear()
        file.partners.append(Partner(name="Lycée", actor_kind="research", contact_email="awa@lycee.invalid"))
        session.flush()
    return organisation, programme, lead, manager, file


def test_a_stranger_registers_founds_an_organisation_and_begins(client, links) -> None:
    world()
    answers = [client.post("/inscription", data={"email": "neuve@exemple.invalid"})]
    link = links()[-1]
    assert b"Choisissez votre mot de passe" in client.get(link).data
    answers.append(client.post(link, data={"name": "Awa Sarr", "password": PASSWORD}))
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[1].headers["Location"] == "/organisations/nouvelle"
    founded = client.post(
        "/organisations/nouvelle", data={**IDENTITY, "actor_kind": "union", "siret": "73282932000074"}
    )
    page = client.get(founded.headers["Location"]).text
    assert "Maison du fleuve" in page
    assert "732 829" in page or "73282932000074" in page
    assert client.get("/candidatures").status_code == 200
    assert client.get(link).status_code in (403, 409)  # it has served


def test_the_answer_to_a_known_and_an_unknown_address_is_the_same_au_04(client) -> None:
    _, _, lead, _, _ = world()
    pages = []
    for email in (lead.email, "inconnue@exemple.invalid"):
        answer = client.post("/inscription", data={"email": email})
        pages.append((answer.status_code, answer.headers["Location"], client.get(answer.headers["Location"]).data))
    assert pages[0] == pages[1]


def test_a_link_for_somebody_else_says_so_without_the_address_az_11(sign_in, links) -> None:
    organisation, _, lead, manager, _ = world()
    sign_in(lead).post(
        f"/organisations/{organisation.public_id}/equipe/invitations",
        data={"email": "collegue@exemple.invalid", "role": "applicant_member"},
    )
    answer = sign_in(manager).get(links()[-1])
    assert answer.status_code == 403
    assert "collegue@exemple.invalid" not in answer.text
    assert "autre adresse" in answer.text


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"siret": "41816609600052"}, "siret", "14 chiffres"),
        ({"siret": "00000000000000"}, "siret", "14 chiffres"),
        ({"siret": "35600000049838"}, "siret", "14 chiffres"),
        ({"rna": "A172736283"}, "rna", "W503726238"),
        ({"vat_number": "FR32123456789"}, "vat_number", "FR83404833048"),
        ({"siret": "73282932000074", "vat_number": "FR83404833048"}, "vat_number", "SIREN"),
        ({"court": "Strasbourg", "department": "67"}, "volume", "remplissez les quatre"),
        (
            {"court": "Nancy", "volume": "1", "folio": "2", "entered": "2015", "department": "54"},
            "department",
            "Moselle (57)",
        ),
        ({"register_name": "Registre", "register_number": "0123"}, "country", "autre pays"),
        ({"country": "ML", "register_name": "Registre des associations"}, "register_number", "0123"),
        ({"employees": "douze"}, "employees", "nombre"),
    ],
)
def test_a_wrong_identity_is_told_in_french_with_an_example(sign_in, fields, wrong, words) -> None:
    organisation, _, lead, _, _ = world()
    answer = sign_in(lead).post(f"/organisations/{organisation.public_id}/fiche", data={**IDENTITY, **fields})
    assert answer.status_code == 422
    error = re.search(rf'id="{wrong}-e">(.*?)</span>', answer.text, re.DOTALL)
    assert error is not None
    assert words in error[1].replace("\u202f", " ").replace("\u00a0", " ")
    with reading() as session:
        assert session.get_one(Organisation, organisation.id).name == "Rivages"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"siret": "732 829 320 00074", "vat_number": "fr 44 732829320"}, {"vat_number": "FR44732829320"}),
        ({"siret": "35600000018723"}, {"siret": "35600000018723"}),
        ({"rna": "w2a1000001"}, {"rna": "W2A1000001"}),
        (
            {"court": "Strasbourg", "volume": "92", "folio": "137", "entered": "12/03/2015", "department": "67"},
            {"registration": "Registre des associations, Strasbourg, volume 92, folio 137, 12/03/2015"},
        ),
        (
            {"country": "ML", "register_name": "Registre des associations", "register_number": "0123"},
            {"registration": "Registre des associations, 0123", "country": "ML"},
        ),
        ({"siret": "41816609600051"}, {"rna": ""}),  # a union has no RNA, and nobody asks for one
    ],
)
def test_each_way_of_being_registered_is_taken(sign_in, fields, kept) -> None:
    organisation, _, lead, _, _ = world()
    answer = sign_in(lead).post(f"/organisations/{organisation.public_id}/fiche", data={**IDENTITY, **fields})
    assert answer.status_code == 303
    with reading() as session:
        row = session.get_one(Organisation, organisation.id)
        assert {name: getattr(row, name) for name in kept} == kept
    assert sign_in(lead).get(answer.headers["Location"]).status_code == 200


def test_a_name_is_taken_once_however_it_is_spelt_tx_06(database, sign_in) -> None:
    _, _, _, manager, _ = world()
    organisations.register(actor=SYSTEM, name="Ångström", siret="73282932000074")
    client = sign_in(manager)
    for fields in (
        {"name": "  A\u030angstro\u0308m "},
        {"name": "ÅNGSTRÖM"},
        {"name": "Autre", "siret": "73282932000074"},
    ):
        answer = client.post("/gestion/membres/nouveau", data={"country": "FR", "actor_kind": "ngo", **fields})
        assert (answer.status_code, "déjà inscrite" in answer.text) == (422, True)
    assert client.post("/gestion/membres/nouveau", data={"name": "Ångström", "country": "SE"}).status_code == 303


def test_a_name_that_looks_like_another_is_flagged_to_the_programme_tx_03(database, sign_in) -> None:
    _, _, _, manager, _ = world()
    organisations.register(actor=SYSTEM, name="Greenpeace")
    client = sign_in(manager)
    answer = client.post("/gestion/membres/nouveau", data={"name": "Greenpеace", "country": "FR"})
    assert answer.status_code == 303
    client.get(answer.headers["Location"])  # says it too
    page = client.get("/gestion/membres?q=Greenp").text
    assert page.count("ressemble à") == 2
    assert "lettres de plusieurs alphabets" in page


def test_periods_of_membership_are_kept(sign_in) -> None:
    organisation, programme, _, manager, _ = world()
    client, address = sign_in(manager), f"/gestion/membres/{organisation.public_id}"
    for joined, until in (("01/01/2020", "31/12/2021"), ("01/01/2024", ""), ("01/01/2024", "31/12/2026")):
        form = {"programme": programme.public_id, "joined_on": joined, "good_standing_until_on": until}
        assert client.post(address, data=form).status_code == 303
    with reading() as session:
        rows = session.scalars(select(Membership).order_by(Membership.id)).all()
        assert [(row.joined_on.year, row.replaced_at is None) for row in rows] == [
            (2020, True),
            (2024, False),
            (2024, True),
        ]
    assert "Corrigée le" in client.get(address).text
    assert client.post(address, data={"programme": programme.public_id, "joined_on": "30/02/2024"}).status_code == 422


def test_a_paper_of_the_passport_is_reused_with_the_same_bytes(sign_in) -> None:
    organisation, _, lead, _, file = world()
    client, papers = sign_in(lead), f"/organisations/{organisation.public_id}/pieces"
    sent = {"kind": "statutes", "file": (BytesIO(pdf()), "statuts.pdf")}
    assert client.post(papers, data=sent, content_type="multipart/form-data").status_code == 303
    with reading() as session:
        paper = session.scalars(select(Paper)).one()
    documents = f"/candidatures/{file.public_id}/pieces"
    assert "Reprendre cette pièce" in client.get(documents).text
    form = {"kind": "statutes", "paper": paper.public_id}
    assert client.post(f"{documents}/passeport", data=form).status_code == 303
    client.post(f"{papers}/{paper.public_id}/retrait")
    with reading() as session:
        held = session.scalars(
            select(Attachment).where(Attachment.application_id == file.id, Attachment.removed_at.is_(None))
        ).all()
    assert paper.sha256 in {one.sha256 for one in held}
    assert client.post(f"{documents}/passeport", data=form).status_code == 404  # it left the passport


def test_an_expired_paper_is_told_and_not_reused(sign_in) -> None:
    organisation, _, lead, _, file = world()
    client, papers = sign_in(lead), f"/organisations/{organisation.public_id}/pieces"
    sent = {"kind": "statutes", "file": (BytesIO(pdf()), "statuts.pdf"), "valid_until_on": "01/01/2020"}
    client.post(papers, data=sent, content_type="multipart/form-data")
    assert "Expirée" in client.get(papers).text
    with reading() as session:
        paper = session.scalars(select(Paper)).one()
        assert paper.valid_until_on == date(2020, 1, 1)
    answer = client.post(
        f"/candidatures/{file.public_id}/pieces/passeport", data={"kind": "statutes", "paper": paper.public_id}
    )
    assert (answer.status_code, "expirée" in answer.text) == (409, True)


def test_the_list_of_officers_needs_its_date_and_holds_twelve_months(sign_in) -> None:
    organisation, _, lead, _, _ = world()
    client, papers = sign_in(lead), f"/organisations/{organisation.public_id}/pieces"

    def send(**fields: str):
        form = {"kind": "officers", "file": (BytesIO(pdf()), "bureau.pdf"), **fields}
        return client.post(papers, data=form, content_type="multipart/form-data")

    assert send().status_code == 422
    assert send(issued_on="15/01/2026").status_code == 303
    with reading() as session:
        assert session.scalars(select(Paper)).one().valid_until_on == date(2027, 1, 15)


def test_a_partner_attests_without_an_account_and_sees_nothing_else(client, sign_in, links) -> None:
    _, _, lead, _, file = world(attestations_required=True)
    asking = f"/candidatures/{file.public_id}/partenaires/{file.partners[0].public_id}/attestation"
    assert sign_in(lead).post(asking).status_code == 303
    link = links()[-1]
    page = client.get(link)
    seen = re.search(r'name="seen"[^>]*value="(\w{64})"', page.text)
    assert seen is not None
    assert "Semences" in page.text
    assert file.public_id not in page.text
    assert client.post(link, data={"name": "", "function": "", "seen": seen[1]}).status_code == 422
    assert client.post(link, data={"name": "Awa", "function": "Proviseure", "seen": "0" * 64}).status_code == 409
    assert client.post(link, data={"name": "Awa", "function": "Proviseure", "seen": seen[1]}).status_code == 303
    assert "Attestation reçue" in client.get(link).text
    assert "Attesté" in sign_in(lead).get(f"/candidatures/{file.public_id}/partenaires").text
    assert client.post(link, data={"name": "Awa", "function": "Proviseure", "seen": seen[1]}).status_code == 409


def test_the_check_page_names_the_partners_who_have_not_attested(sign_in) -> None:
    _, _, lead, _, file = world(attestations_required=True, operator_required=True)
    page = sign_in(lead).get(f"/candidatures/{file.public_id}/verification").text
    assert "Lycée n’a pas encore attesté" in page
    assert "cosigné" in page


def test_inviting_shows_what_waits_and_taking_back_ends_it(sign_in, client, links) -> None:
    organisation, _, lead, _, _ = world()
    signed, team = sign_in(lead), f"/organisations/{organisation.public_id}/equipe"
    signed.post(f"{team}/invitations", data={"email": "x@exemple.invalid", "role": "applicant_member"})
    link = links()[-1]
    assert "x@exemple.invalid" in signed.get(team).text
    with reading() as session:
        row = session.scalars(select(Invitation)).one()
    form = {"place": "organisation.team", "of": organisation.public_id}
    answer = signed.post(f"/invitations/{row.public_id}/retrait", data=form)
    assert answer.headers["Location"] == team
    assert client.get(link).status_code == 409
    assert "x@exemple.invalid" not in signed.get(team).text


def test_the_last_responsible_person_is_not_removed(sign_in) -> None:
    organisation, _, lead, _, _ = world()
    answer = sign_in(lead).post(f"/organisations/{organisation.public_id}/equipe/{lead.public_id}/retrait")
    assert answer.status_code == 409
    assert "dernière personne responsable" in answer.text


def test_one_changes_ones_own_name(sign_in) -> None:
    _, _, lead, _, _ = world()
    client = sign_in(lead)
    assert client.post("/mon-compte/identite", data={"name": "Awa Sarr", "function": "Trésorière"}).status_code == 303
    assert "Awa Sarr" in client.get("/mon-compte").text
    assert client.post("/mon-compte/identite", data={"name": " "}).status_code == 422
