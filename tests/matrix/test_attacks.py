"""Attacks on what came with several people writing, links in mails, batches and call packs; each by its case or its aim."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from config.security import PRIVATE_CACHE_CONTROL
from grants import clock
from grants.db import reading, transaction
from grants.models import (
    Account,
    Application,
    Appointment,
    Attachment,
    Batch,
    Collaborator,
    Decision,
    Document,
    Invitation,
    Partner,
    Promise,
    SecurityEvent,
)
from grants.policies import Role
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from tests import builders
from tests.matrix.conftest import Stage
from tests.matrix.forms import FORMS
from tests.matrix.guests import TOKENS
from tests.matrix.test_cases import stored

pytestmark = pytest.mark.db


# Somebody from outside who writes one file


def test_a_partner_who_helps_to_write_cannot_change_where_the_money_goes(scene: Stage) -> None:
    client, ids = scene.client("CO"), scene.world.ids
    place = f"/candidatures/{ids['draft']}"
    for form in ("bank_attachment", "bank_sending"):
        road = "pieces" if form == "bank_attachment" else "envois"
        assert client.post(f"{place}/{road}", data=FORMS[form](scene.world, "CO")).status_code == 403
    assert client.post(f"{place}/pieces/{ids['draft_bank']}/retrait").status_code == 403
    assert stored(Attachment, scene.world.rows["draft_bank"].id)["removed_at"] is None
    with transaction() as session:
        removed = update(Attachment).where(Attachment.id == scene.world.rows["draft_bank"].id)
        session.execute(removed.values(removed_at=clock.now()))
    assert client.post(f"{place}/pieces/{ids['draft_bank']}/reprise").status_code == 403
    page = client.get(f"{place}/pieces").text
    assert ids["draft_bank"] not in page
    assert 'value="statutes"' in page
    assert 'value="bank_statement"' not in page


def test_a_partner_who_helps_to_write_reads_no_decision(scene: Stage) -> None:
    file = scene.world.rows["deliberated"]
    with transaction() as session:
        account = scene.world.cast["CO"].id
        session.add(Collaborator(application_id=file.id, account_id=account, accepted_at=clock.now()))
        session.add(
            Decision(
                application_id=file.id,
                state=DecisionState.RELEASED,
                outcome=Outcome.REJECTED,
                motive="Refusé.",
                released_at=clock.now(),
                proposed_by_id=scene.world.cast["PM"].id,
                proposed_at=clock.now(),
            )
        )
        session.execute(update(Application).where(Application.id == file.id).values(state=ApplicationState.DECIDED))
    place = f"/candidatures/{file.public_id}/suivi"
    assert "La lettre se prépare" in scene.client("AM").get(place).text
    assert "La lettre se prépare" not in scene.client("CO").get(place).text


# Invitations


@pytest.mark.parametrize("code", ["xPM", "AD"])
def test_who_may_not_invite_learns_nothing_of_who_sits_on_a_committee(scene: Stage, code: str) -> None:
    offer = f"reviewer:{scene.world.rows['review_call'].public_id}"
    answers = {
        scene.client(code).post("/gestion/invitations", data={"offer": offer, "email": email}).status_code
        for email in (scene.world.cast["RV"].email, "inconnue@exemple.invalid")
    }
    assert answers == {403}


def test_a_manager_does_not_learn_who_administers_or_audits(scene: Stage) -> None:
    for role, code in (("auditor", "AU"), ("administrator", "AD")):
        sent = {"offer": f"{role}:", "email": scene.world.cast[code].email}
        assert scene.client("PM").post("/gestion/invitations", data=sent).status_code == 403


@pytest.mark.parametrize("how", ["role", "account"])
def test_what_a_lead_sent_before_leaving_opens_nothing_after(scene: Stage, how: str) -> None:
    """Otherwise whoever is sent away comes back by an invitation to a second address."""
    lead = scene.world.cast["AL"].id
    with transaction() as session:
        if how == "role":
            session.execute(update(Appointment).where(Appointment.account_id == lead).values(ended_at=clock.now()))
        else:
            session.execute(update(Account).where(Account.id == lead).values(disabled_at=clock.now()))
    place = f"/invitations/{TOKENS['fresh_invitation_token']}"
    assert scene.client("AN").post(place, data=FORMS["accept"](scene.world, "AN")).status_code == 409
    assert stored(Invitation, scene.world.rows["fresh_invitation"].id)["accepted_at"] is None
    with reading() as session:
        assert session.scalar(select(Account.id).where(Account.email == "inconnue@exemple.invalid")) is None


def test_az_11_a_link_opens_once_and_never_after_it_was_taken_back(scene: Stage) -> None:
    place = f"/invitations/{TOKENS['fresh_invitation_token']}"
    form = FORMS["accept"](scene.world, "AN")
    assert scene.client("AN").post(place, data=form).status_code == 303
    again = scene.client("AN").post(place, data=form)
    assert (again.status_code, "inconnue@exemple.invalid" in again.text) == (409, False)
    scene.restore()
    with transaction() as session:
        row = update(Invitation).where(Invitation.id == scene.world.rows["fresh_invitation"].id)
        session.execute(row.values(revoked_at=clock.now()))
    assert scene.client("AN").post(place, data=form).status_code == 409


def test_az_11_a_link_for_somebody_else_says_to_nobody_for_whom(scene: Stage) -> None:
    place = f"/invitations/{TOKENS['fresh_invitation_token']}"
    for answer in (scene.client("xAL").get(place), scene.client("xAL").post(place)):
        assert (answer.status_code, "inconnue@exemple.invalid" in answer.text) == (403, False)


@pytest.mark.parametrize("token", ["fresh_invitation_token", "attestation_token"])
def test_pages_behind_a_link_are_kept_by_no_cache(stage: Stage, token: str) -> None:
    place = f"/{'attestations' if token.startswith('attestation') else 'invitations'}/{TOKENS[token]}"
    client = stage.client("AN")
    for _ in range(2):  # the second time there is no cookie to set
        answer = client.get(place)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PRIVATE_CACHE_CONTROL)
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_link_from_a_mail_is_not_kept_among_the_refusals(scene: Stage) -> None:
    for token in (TOKENS["fresh_invitation_token"], "a-link-that-nobody-made"):
        scene.client("xAL").post(f"/invitations/{token}")
    with reading() as session:
        kept = session.scalars(
            select(SecurityEvent.object).where(SecurityEvent.account_id == scene.world.cast["xAL"].id)
        ).all()
    assert len(kept) == 2
    assert not [one for one in kept if "a-link" in one]


def test_partners_that_come_and_go_do_not_make_a_file_a_machine_for_mails(scene: Stage) -> None:
    with transaction() as session:
        draft = session.get_one(Application, scene.world.rows["draft"].id)
        for number in range(60):
            session.add(
                Promise(
                    key=f"attestation:gone-{number}",
                    kind="mail",
                    name="attestation-asked",
                    subject=f"application:{draft.public_id}",
                    made_at=clock.now() - timedelta(hours=2),
                    due_at=clock.now(),
                    payload={},
                )
            )
        session.execute(
            update(Partner).where(Partner.application_id == draft.id).values(contact_email="une@exemple.invalid")
        )
    partner = scene.world.ids["draft_partner"]
    answer = scene.client("AL").post(f"/candidatures/{scene.world.ids['draft']}/partenaires/{partner}/attestation")
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


# Batches


@pytest.mark.parametrize("other", ["foreign", "missing", "draft"])
def test_az_14_a_batch_with_one_file_of_somebody_else_is_nothing_at_all(scene: Stage, other: str) -> None:
    ids = scene.world.ids
    theirs = {"foreign": scene.world.rows["elsewhere"].public_id, "missing": "a" * 16, "draft": ids["draft"]}[other]
    with reading() as session:
        before = session.scalar(select(func.count(Batch.id)))
    sent = {"action": "screening.take", "dossier": [ids["submitted"], theirs]}
    assert scene.client("PM").post("/gestion/candidatures/actions", data=sent).status_code == 404
    with reading() as session:
        assert session.scalar(select(func.count(Batch.id))) == before


def test_a_batch_shows_nothing_more_to_a_manager_who_moved_to_another_programme(scene: Stage) -> None:
    place, me = f"/gestion/candidatures/actions/{scene.world.ids['batch']}", scene.world.cast["PM"].id
    assert scene.client("PM").get(place).status_code == 200
    with transaction() as session:
        session.execute(update(Appointment).where(Appointment.account_id == me).values(ended_at=clock.now()))
        elsewhere = scene.world.rows["other_programme"].id
        builders.an_appointment(session, session.get_one(Account, me), Role.MANAGER, programme_id=elsewhere)
    assert scene.client("PM").get(place).status_code == 404


# What stands beside a file


def test_the_trail_of_a_draft_does_not_tell_its_title(stage: Stage) -> None:
    draft = stage.world.rows["draft"]
    for code in ("PM", "AU", "xPM"):
        page = stage.client(code).get(f"/gestion/journal?objet=application:{draft.public_id}").text
        assert draft.title not in page


@pytest.mark.parametrize("code", ["AL", "PM", "AU", "xAL"])
def test_a_paper_that_has_a_page_of_its_own_is_not_read_as_a_document(scene: Stage, code: str) -> None:
    with transaction() as session:
        receipt = session.get_one(Document, scene.world.rows["receipt"].id)
        copy = Document(
            kind="copy",
            subject=receipt.subject,
            reference="copy",
            filename="copy.pdf",
            size=receipt.size,
            sha256=receipt.sha256,
            produced_at=clock.now(),
        )
        session.add(copy)
    assert scene.client(code).get(f"/documents/{copy.public_id}.pdf").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"valeur":' + "[" * 50_000,
        '{"valeur":' + "9" * 5_000 + "}",
        '{"valeur":{"a":"b"},"depart":""}',
        "null",
        '"x"',
    ],
)
def test_brackets_without_end_are_no_answer(scene: Stage, body: str) -> None:
    place = f"/candidatures/{scene.world.ids['draft']}/rubriques/project/champs/title"
    answer = scene.client("AL").put(place, data=body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\u202eb\ud801"])
def test_tx_01_what_is_no_text_is_no_answer(scene: Stage, text: str) -> None:
    place = f"/candidatures/{scene.world.ids['draft']}/rubriques/project/champs/title"
    before = stored(Application, scene.world.rows["draft"].id)["answers"]
    body = json.dumps({"valeur": text, "depart": "", "state": "decided", "organisation_id": 1})
    assert scene.client("AL").put(place, data=body, content_type="application/json").status_code == 422
    assert stored(Application, scene.world.rows["draft"].id)["answers"] == before


@pytest.mark.parametrize(
    ("method", "place"),
    [
        ("PUT", "/candidatures/{draft}/rubriques/project/champs/title"),
        ("PUT", "/candidatures/{draft}/rubriques/project/presence"),
        ("POST", "/candidatures/{draft}/envois"),
        ("PATCH", "/candidatures/{draft}/envois/nobodys"),
        ("DELETE", "/candidatures/{draft}/envois/nobodys"),
        ("POST", "/candidatures/{draft}/envois/nobodys/fin"),
        ("POST", f"/attestations/{TOKENS['attestation_token']}"),
        ("POST", f"/invitations/{TOKENS['fresh_invitation_token']}"),
    ],
)
def test_au_10_no_script_of_another_site_writes_here(
    scene: Stage, monkeypatch: pytest.MonkeyPatch, method: str, place: str
) -> None:
    monkeypatch.setitem(scene.app.config, "WTF_CSRF_ENABLED", True)
    client, path = scene.client("AL"), place.format(**scene.world.ids)
    body = '{"valeur":"volé","depart":""}'
    for headers in ({}, {"X-CSRFToken": "guessed"}, {"Origin": "https://evil.invalid"}):
        answer = client.open(path, method=method, data=body, content_type="text/plain", headers=headers)
        assert answer.status_code == 400
