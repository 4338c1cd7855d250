"""Bad input of every kind: the right status, a clear sentence in the page, and nothing lost of what was typed."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from grants import clock
from grants.clock import frozen
from grants.db import reading, transaction
from grants.models import (
    Application,
    Attachment,
    Call,
    LateAttempt,
    Promise,
    Review,
    Snapshot,
    UserSession,
)
from grants.workflow.application import ApplicationState
from tests import builders
from tests.journeys.client import Client
from tests.journeys.drafting import budget_fields
from tests.journeys.page import Upload, sees
from tests.journeys.place import Place, built
from tests.journeys.scene import a_pdf

pytestmark = pytest.mark.db
LONG = "Ce que nous avons écrit pendant toute une soirée, mot après mot."


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Built once: every test brings files of its own."""
    place = built(tmp_path_factory.mktemp("bad-input") / "data")
    yield place
    place.world.close()


@pytest.fixture
def place(town: Place) -> Place:
    """The same, bound again."""
    town.world.bind()
    return town


def row_of(application: Application) -> Application:
    """The file as the database has it now."""
    with reading() as session:
        row = session.get_one(Application, application.id)
        _ = row.budget_lines
        return row


def typed(person: Client) -> str:
    """Everything that stands in the fields and in the words of the page."""
    return " | ".join([*person.values().values(), person.text])


# dates

DAYS = ["30/02/2027", "31/04/2027", "2027-13-01", "00/01/2027", "12/03", "hier", "３０/０１/２０２７", "1e9"]


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_does_not_exist_is_kept_and_said(place: Place, day: str) -> None:
    """A draft refuses nothing: it keeps the text, says what is wrong with it, and cannot be submitted."""
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/rubriques/project")
    person.do("application.edit", {"starts_on": day, "summary": LONG})
    assert person.status == 200
    assert "À corriger" in person.tags
    person.follow("Le projet")
    assert (person.values()["starts_on"], person.values()["summary"]) == (day, LONG)
    sees(person, "Écrivez une date, par exemple 12/03/2027.")
    person.follow("Revenir sans enregistrer")
    person.follow("Vérifier et déposer")
    person.do("application.submit", {"consent": True})
    assert person.status == 409
    sees(person, "Le dossier n’a pas été déposé", "Début du projet : Écrivez une date")


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_does_not_exist_is_refused_where_a_date_binds(place: Place, day: str) -> None:
    with transaction() as session:
        application = builders.an_application(
            session,
            call=session.get_one(Call, place.call.id),
            organisation_id=place.holder.id,
            created_by_id=place.lead.id,
        )
    person = place.person(place.manager)
    person.open(f"/gestion/candidatures/{application.public_id}/retour")
    person.do("screening.return", {"due_on": day, "reason": LONG})
    assert person.status == 422
    sees(person, "Un problème sur cette page", "Écrivez une date, par exemple 12/03/2027.")
    assert (person.values()["due_on"], person.values()["reason"]) == (day, LONG)
    assert row_of(application).state == ApplicationState.SUBMITTED


# amounts

WRONG_AMOUNTS = {
    "-1": "Le montant doit être positif.",
    "0.001": "Deux décimales au plus",
    "1.500": "Écriture ambiguë : 1 500 ou 1,50 ?",
    "1,500": "Écriture ambiguë",
    "１００": "Écrivez un nombre",
    "1e400": "Écrivez un nombre",
    "NaN": "Écrivez un nombre",
    "Infinity": "Écrivez un nombre",
    "9223372036854775808": "Ce montant est trop grand.",
    "mille": "Écrivez un nombre",
    "1 000 $": "Écrivez un nombre",
}
GOOD_AMOUNTS = {"1 000": 100_000, "1 000,50": 100_050, "1000.5": 100_050, "1.000,50 €": 100_050, "  12  ": 1_200}


@pytest.mark.parametrize(("amount", "sentence"), WRONG_AMOUNTS.items())
def test_an_amount_that_cannot_be_read_is_asked_again(place: Place, amount: str, sentence: str) -> None:
    application, person = place.draft(), place.person(place.lead)
    before = [line.amount_cents for line in row_of(application).budget_lines]
    person.open(f"/candidatures/{application.public_id}/budget")
    fields = budget_fields(person, {"other_services.travel": ("Deux missions à Joal", amount)})
    person.do("application.edit", fields, near="Enregistrer et revenir au dossier")
    assert person.status == 422
    sees(person, "Un problème sur cette page", sentence)
    assert {amount, "Deux missions à Joal"} <= set(person.values().values())
    assert [line.amount_cents for line in row_of(application).budget_lines] == before


@pytest.mark.parametrize(("amount", "cents"), GOOD_AMOUNTS.items())
def test_an_amount_as_people_write_it_is_read(place: Place, amount: str, cents: int) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/budget")
    person.do(
        "application.edit", budget_fields(person, {"grants.this_fund": ("", amount)}), near="Enregistrer et revenir"
    )
    assert person.status == 200
    assert row_of(application).requested_cents == cents


# marks


@pytest.fixture
def review(place: Place) -> Review:
    """A review to write, declared free of interests, while the reviews are open."""
    with transaction() as session:
        now = clock.now()
        session.execute(
            update(Call)
            .where(Call.id == place.call.id)
            .values(reviews_open_at=now - timedelta(hours=1), reviews_close_at=now + timedelta(days=9))
        )
        application = builders.an_application(
            session, call=session.get_one(Call, place.call.id), state=ApplicationState.IN_REVIEW
        )
        builders.an_interest(session, application=application, account=place.reviewer)
        return builders.a_review(session, application=application, reviewer=place.reviewer)


@pytest.mark.parametrize("mark", ["5.5", "6", "-0.5", "4.25", "4.999999", "NaN", "Infinity", "５", "1e400", "null"])
def test_a_mark_off_the_scale_is_refused_and_the_words_stay(place: Place, review: Review, mark: str) -> None:
    person = place.person(place.reviewer)
    person.open(f"/evaluations/{review.public_id}")
    path, fields = person.form("review.score")
    fields.setlist("C1", [mark])
    fields["opinion"], fields["comment_C2"] = LONG, "Une alliance à suivre."
    person.send(path, fields)
    assert person.status == 422
    sees(person, "Un problème sur cette page")
    assert any(
        words in person.text for words in ("La note va de 0 à 5.", "La note va par demi-point.", "Choisissez une note")
    )
    assert (person.values()["opinion"], person.values()["comment_C2"]) == (LONG, "Une alliance à suivre.")
    with reading() as session:
        assert session.get_one(Review, review.id).marks == []


@pytest.mark.parametrize("mark", ["4,5", "4.5"])
def test_a_half_point_is_written_with_a_comma_or_a_point(place: Place, review: Review, mark: str) -> None:
    person = place.person(place.reviewer)
    person.open(f"/evaluations/{review.public_id}")
    path, fields = person.form("review.save")
    fields.setlist("C1", [mark])
    person.send(path, fields)
    assert person.status == 200
    with reading() as session:
        assert [one.half_points for one in session.get_one(Review, review.id).marks if one.half_points] == [9]


# files


def bomb() -> bytes:
    """A document of a few kilobytes that wants to become hundreds of megabytes."""
    folder = BytesIO()
    with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        packed.writestr("word/document.xml", b"\0" * 250_000_000)
    return folder.getvalue()


FILES = {
    "a program": (Upload("facture.exe", b"MZ" + b"\0" * 900), 415, "Ce genre de fichier n’est pas accepté"),
    "a page": (Upload("page.html", b"<html></html>"), 415, "Ce genre de fichier n’est pas accepté"),
    "a drawing": (Upload("dessin.svg", b"<svg/>"), 415, "Ce genre de fichier n’est pas accepté"),
    "a page called PDF": (
        Upload("statuts.pdf", b"<html><script>alert(1)</script></html>"),
        415,
        "n’est pas celui que son nom annonce",
    ),
    "a PDF called image": (Upload("photo.png", a_pdf("x").data), 415, "n’est pas celui que son nom annonce"),
    "nothing": (Upload("vide.pdf", b""), 422, "Ce fichier est vide."),
    "21 MB": (Upload("gros.pdf", b"%PDF-1.7\n" + b"0" * 21_000_000), 413, "Ce fichier dépasse 20 Mo"),
    "40 MB": (Upload("enorme.pdf", b"%PDF-1.7\n" + b"0" * 40_000_000), 413, "Ce fichier est trop lourd"),
    "a torn PDF": (Upload("abime.pdf", a_pdf("x").data[:200]), 422, "Ce fichier"),
    "a bomb": (Upload("bombe.docx", bomb()), 422, "trop volumineux une fois ouvert"),
    "a broken archive": (Upload("casse.docx", b"PK\x03\x04" + b"\0" * 100), 422, "Ce fichier"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_not_taken_says_why_and_takes_nothing_away(place: Place, case: str) -> None:
    sent, status, sentence = FILES[case]
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/pieces")
    person.do("application.attach", {"file": sent}, near="Statuts signés")
    assert person.status == status, person.text
    sees(person, sentence)
    with reading() as session:
        live = select(func.count(Attachment.id)).where(
            Attachment.application_id == application.id, Attachment.removed_at.is_(None)
        )
        assert session.scalar(live) == 4


def test_a_file_is_taken_under_a_clean_name(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/pieces")
    sent = a_pdf("statuts")
    person.do("application.attach", {"file": Upload("../../etc/sta\u202etuts.pdf", sent.data)}, near="Statuts signés")
    assert person.status == 200
    sees(person, "statuts.pdf est reçu.")


# the same form twice, too late, over somebody else's text


def test_a_double_click_on_submit_makes_one_receipt(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/verification")
    path, fields = person.form("application.submit")
    fields["consent"] = "yes"
    receipts = []
    for _ in range(3):
        person.send(path, fields)
        assert person.status == 200
        receipts.append((person.path, person.text))
    fields["request_id"] = str(uuid4())  # the page opened anew on another device
    person.send(path, fields)
    receipts.append((person.path, person.text))
    assert len(set(receipts)) == 1
    sees(person, f"Numéro {row_of(application).number}")
    with reading() as session:
        assert session.scalar(select(func.count(Snapshot.id)).where(Snapshot.application_id == application.id)) == 1
        subject = f"application:{application.public_id}"
        told = session.scalars(
            select(Promise.recipient_id).where(Promise.subject == subject, Promise.name == "submitted")
        ).all()
        assert len(told) == len(set(told)) == 1


def test_the_same_number_with_other_words_is_refused_and_the_words_given_back(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/rubriques/project")
    path, fields = person.form("application.edit")
    person.send(path, fields)
    fields["summary"] = LONG
    person.send(path, fields)
    assert person.status == 422
    assert LONG in typed(person)


def test_a_post_after_the_deadline_keeps_the_draft_and_the_attempt(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/verification")
    path, fields = person.form("application.submit")
    fields["consent"] = "yes"
    closes_at = place.call.closes_at
    assert closes_at is not None
    with frozen(closes_at):  # not a millisecond later: at this very instant it is late
        late = place.person(place.lead)
        late.open(f"/candidatures/{application.public_id}/verification")
        path, fields = late.form("application.submit")
        fields["consent"] = "yes"
        late.send(path, fields)
        assert late.status == 409
        sees(
            late, "La date limite est passée", "(heure de Paris)", "en temps universel (UTC)", "à l’horloge du serveur"
        )
        sees(
            late,
            "Rien n’est perdu : votre brouillon est conservé, avec ses pièces, et cette tentative est enregistrée.",
        )
        sees(late, "appel@exemple.invalid")
    now = row_of(application)
    assert (now.state, now.answers, now.number) == (ApplicationState.DRAFT, application.answers, None)
    with reading() as session:
        attempts = session.scalars(select(LateAttempt).where(LateAttempt.application_id == application.id)).all()
        assert [(one.attempted_at, one.closes_at) for one in attempts] == [(closes_at, closes_at)]


def test_one_millisecond_before_the_deadline_is_in_time(place: Place) -> None:
    application = place.draft()
    closes_at = place.call.closes_at
    assert closes_at is not None
    with frozen(closes_at - timedelta(milliseconds=1)):
        person = place.person(place.lead)
        person.open(f"/candidatures/{application.public_id}/verification")
        person.do("application.submit", {"consent": True})
        assert person.status == 200
        sees(person, "Numéro ")
    assert row_of(application).state == ApplicationState.SUBMITTED


def test_two_tabs_show_both_texts_side_by_side(place: Place) -> None:
    application = place.draft()
    first, second = place.person(place.lead), place.person(place.lead)
    for person in (first, second):
        person.open(f"/candidatures/{application.public_id}/rubriques/project")
    first.do("application.edit", {"summary": "Le texte de la première fenêtre."})
    second.do("application.edit", {"summary": LONG})
    assert second.status == 409
    sees(second, "Rien n’est perdu : voici les deux textes", "Le texte de la première fenêtre.")
    assert second.values()["summary"] == LONG
    assert row_of(application).answers["summary"] == "Le texte de la première fenêtre."
    second.do("application.edit")  # one's own text, now on purpose
    assert second.status == 200
    assert row_of(application).answers["summary"] == LONG


def test_a_budget_written_over_by_somebody_else_comes_back_unsaved(place: Place) -> None:
    application = place.draft()
    first, second = place.person(place.lead), place.person(place.lead)
    for person in (first, second):
        person.open(f"/candidatures/{application.public_id}/budget")
    first.do(
        "application.edit", budget_fields(first, {"grants.this_fund": ("", "9 000")}), near="Enregistrer et revenir"
    )
    second.do(
        "application.edit", budget_fields(second, {"grants.this_fund": ("", "8 500")}), near="Enregistrer et revenir"
    )
    assert second.status == 409
    sees(second, "Rien n’est perdu : votre budget est ci-dessous, pas encore enregistré.", "9 000 €")
    assert "8 500" in second.values().values()
    assert row_of(application).requested_cents == 900_000


# forms that cannot be believed


def test_a_session_that_ended_gives_the_text_back(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/rubriques/project")
    path, fields = person.form("application.edit")
    with transaction() as session:
        session.execute(
            update(UserSession).where(UserSession.account_id == place.lead.id).values(revoked_at=clock.now())
        )
    fields["summary"] = LONG
    person.send(path, fields)
    assert person.status == 401
    sees(person, "Votre session a expiré", "Se reconnecter")
    assert LONG in typed(person)
    assert row_of(application).answers["summary"] != LONG


def test_a_form_left_open_while_signing_out_elsewhere_gives_the_text_back(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/rubriques/project")
    path, fields = person.form("application.edit")
    person.press("Se déconnecter")
    fields["summary"] = LONG
    person.send(path, fields)
    assert person.status in (400, 401)
    assert LONG in typed(person)
    assert row_of(application).answers["summary"] != LONG


def test_a_form_without_its_token_is_refused_and_the_text_given_back(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/rubriques/project")
    path, fields = person.form("application.edit")
    del fields["csrf_token"]
    fields["summary"] = LONG
    person.send(path, fields)
    assert person.status == 400
    sees(person, "Ce formulaire n’a pas pu être lu", "Rien n’a été changé.")
    assert LONG in typed(person)
    assert row_of(application).answers["summary"] != LONG


def test_a_zero_byte_is_refused_and_the_rest_given_back(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/rubriques/project")
    path, fields = person.form("application.edit")
    fields["summary"], fields["context"] = f"a\x00b {LONG}", LONG + " Et le contexte."
    person.send(path, fields)
    assert person.status == 400
    sees(person, "Ce formulaire n’a pas pu être lu")
    assert LONG + " Et le contexte." in typed(person)
    assert row_of(application).answers["context"] != LONG + " Et le contexte."


def test_a_partner_without_a_name_keeps_its_role(place: Place) -> None:
    application, person = place.draft(), place.person(place.lead)
    person.open(f"/candidatures/{application.public_id}/partenaires")
    person.do("application.edit", {"name": " ", "role": LONG}, near="Ajouter un partenaire")
    assert person.status == 422
    sees(person, "Nom de l’organisation : Remplissez ce champ.")
    assert person.values()["role"] == LONG
