"""Writing a file without any script: every kind of question, rows, conditions, merging, comments; and what the script asks."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from grants import clock
from grants.db import engine, reading, transaction
from grants.domain.asking import print_of
from grants.models import Account, AnswerChange, Application, Call, FieldComment, Snapshot
from grants.policies import Role
from grants.queries.account import actor_of
from grants.services import application as use_cases
from grants.services import keeper, relay
from grants.services.application.submitting import snapshot_content
from grants.workflow.application import ApplicationState
from tests import builders, letters
from tests.every_kind import ANSWERS, EVERY_KIND, give_form

pytestmark = pytest.mark.db
SignIn = Callable[[Account], FlaskClient]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


class Scene:
    """A call with every kind of question, an organisation of two, a stranger."""

    def __init__(self) -> None:
        with transaction() as session:
            self.call = builders.a_call(session)
            give_form(
                session, self.call, words={"en": {"Titre du projet": "Project title", "Le projet": "The project"}}
            )
            self.organisation = builders.an_organisation(session)
            scope = {"organisation_id": self.organisation.id}
            self.lead = builders.an_account(session, role=Role.APPLICANT_LEAD, name="Awa Diop", **scope)
            self.member = builders.an_account(session, role=Role.APPLICANT_MEMBER, name="Mamadou Ndiaye", **scope)
            other = builders.an_organisation(session)
            self.stranger = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=other.id)
            self.manager = builders.an_account(session, role=Role.MANAGER, programme_id=self.call.programme_id)

    def draft(self, **values: object) -> Application:
        with transaction() as session:
            return builders.a_draft(
                session,
                call=session.get_one(Call, self.call.id),
                lead=self.lead,
                organisation=self.organisation,
                **{"answers": dict(ANSWERS), "title": ANSWERS["title"], **values},
            )


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


def read(row: Application) -> Application:
    with reading() as session:
        return session.get_one(Application, row.id)


def at(row: Application, key: str) -> str:
    return f"/candidatures/{row.public_id}/rubriques/{key}"


def fields(page: str) -> dict[str, list[str]]:
    """What the form of a page would send as it stands."""
    main = page.partition("data-answers")[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    controls = re.findall(
        r"<input (?P<i>[^>]*)>|<textarea (?P<t>[^>]*)>\n?(?P<text>[^<]*)</textarea>|<select (?P<s>[^>]*)>(?P<o>.*?)</select>",
        re.sub(r"<template>.*?</template>", "", main, flags=re.DOTALL),
        re.DOTALL,
    )
    for plain_input, area, text, choice, options in controls:
        marks = plain_input or area or choice
        name = re.search(r'name="([^"]+)"', marks)
        if name is None or (("radio" in marks or "checkbox" in marks) and " checked" not in marks):
            continue
        value = re.search(r'value="([^"]*)"', marks)
        chosen = re.search(r'value="([^"]*)" selected', options)
        given = text if area else (chosen[1] if chosen else "") if choice else value[1] if value else ""
        found.setdefault(name[1], []).append(given.replace("&#39;", "'").replace("&amp;", "&"))
    return found


@pytest.mark.parametrize("key", [section.key for section in EVERY_KIND.sections if section.fields])
def test_a_page_sent_back_as_it_came_changes_nothing(scene: Scene, sign_in: SignIn, key: str) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    form = fields(client.get(at(row, key)).text)
    assert client.post(at(row, key), data=form).status_code == 303
    assert {k: v for k, v in read(row).answers.items() if v} == ANSWERS


def test_every_kind_is_kept_as_it_was_typed(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(answers={})
    client = sign_in(scene.lead)
    for key in ("project", "partnership", "final"):
        section = next(one for one in EVERY_KIND.sections if one.key == key)
        form: dict[str, object] = {}
        for field in section.fields:
            answer = ANSWERS.get(field.key)
            if isinstance(answer, list) and answer and isinstance(answer[0], dict):
                form |= {f"{field.key}-{n}-{name}": text for n, one in enumerate(answer) for name, text in one.items()}
            elif answer is not None:
                form[field.key] = answer
        assert client.post(at(row, key), data=form).status_code == 303
    assert read(row).answers == ANSWERS


def test_questions_that_are_not_asked_are_hidden_kept_and_not_counted(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    page = client.get(at(row, "partnership")).text
    assert re.search(r'data-question="postcode"[^>]* hidden>', page)
    assert not re.search(r'data-question="rna"[^>]* hidden>', page)
    form = fields(page) | {"kind": ["town"], "stay": ["1"]}
    assert client.post(at(row, "partnership"), data=form).status_code == 303
    page = client.get(at(row, "partnership")).text
    assert re.search(r'data-question="rna"[^>]* hidden>', page)
    assert 'value="W751234567"' in page
    assert read(row).answers["rna"] == "W751234567"
    tasks = plain(client.get(f"/candidatures/{row.public_id}").text)
    assert "Pour les communes" in tasks
    assert "W751234567" not in client.get(f"/candidatures/{row.public_id}/verification").text


def test_a_section_that_is_not_asked_says_so_and_is_not_on_the_list(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    assert "Pour les communes" not in client.get(f"/candidatures/{row.public_id}").text
    page = client.get(at(row, "towns"))
    assert page.status_code == 200
    assert "cette rubrique ne vous est pas demandée" in plain(page.text)


def test_rows_are_added_and_taken_out_with_what_was_typed(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    form = fields(client.get(at(row, "partnership")).text)
    form["people-0-name"] = ["Awa Diop-Sarr"]
    added = client.post(at(row, "partnership"), data=form | {"add": ["people"]})
    assert added.location.endswith("?plus=people#people")
    page = client.get(added.location).text
    assert 'name="people-2-name"' in page
    assert "Awa Diop-Sarr" in page
    removed = client.post(at(row, "partnership"), data=fields(page) | {"remove": ["people-0"]})
    assert removed.status_code == 303
    assert [one["name"] for one in read(row).answers["people"]] == ["Ibou Fall"]


def test_wrong_answers_are_kept_and_told_under_their_question(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    data = {
        "team": "0",
        "cost": "beaucoup",
        "women": "130",
        "people-0-name": "Awa",
        "people-0-role": "paid",
        "people-0-hours": "dix",
    }
    assert client.post(at(row, "project"), data=data).status_code == 303
    assert client.post(at(row, "partnership"), data=data).status_code == 303
    page = plain(client.get(at(row, "project")).text)
    assert "Écrivez un nombre d’au moins 1." in page
    assert "Écrivez un pourcentage entre 0 et 100." in page
    assert 'value="beaucoup"' in page
    assert "ligne 1, Heures par mois" in plain(client.get(at(row, "partnership")).text)


def test_computed_answers_come_from_the_server(scene: Scene, sign_in: SignIn) -> None:
    page = sign_in(scene.lead).get(at(scene.draft(), "project")).text
    assert re.search(r"data-value>50</output>", page)
    assert re.search(r"data-value>6</output>", page)


def test_texts_of_the_call_speak_english_when_it_gives_them(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in(scene.lead)
    client.set_cookie("langue", "en")
    page = client.get(at(scene.draft(), "project")).text
    assert "Project title" in page
    assert "<h1>The project</h1>" in page.replace("\n", "")


def test_a_consent_says_who_gave_it_and_when(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(answers={})
    client = sign_in(scene.member)
    client.post(at(row, "final"), data={"share": ["", "yes"]})
    page = plain(client.get(at(row, "final")).text)
    assert "Texte du 1er janvier 2027." in page
    assert re.search(r"Accepté le .* par Mamadou Ndiaye\.", page)
    client.post(at(row, "final"), data={"share": [""]})
    assert read(row).answers["share"] == ""


def test_what_is_submitted_is_what_was_asked_with_what_was_computed(scene: Scene) -> None:
    """The snapshot holds neither answers to hidden questions nor their text."""
    hidden = {"postcode": "75011", "council": "2027-01-01"}
    row = scene.draft(answers={**ANSWERS, **hidden})
    with reading() as session:
        told = snapshot_content(session, session.get_one(Application, row.id), received_at="2027-01-01T00:00:00+00:00")
    assert told["answers"] == {**ANSWERS, "rate": "50", "months": "6", "hours": "110,5"}


def test_the_check_page_reads_every_kind(scene: Scene, sign_in: SignIn) -> None:
    page = plain(sign_in(scene.lead).get(f"/candidatures/{scene.draft().public_id}/verification").text)
    for words in (
        "Une association",
        "Choix 3",
        "Choix 1, Choix 2",
        "Sénégal",
        "Calvados (14)",
        "20 000 €",
        "Nom Awa Diop",
        "Préparation",
    ):
        assert words in page, words


# one answer at a time


def put(
    client: FlaskClient, row: Application, key: str, field: str, value: object, base: str
) -> tuple[int, dict[str, object]]:
    answer = client.put(f"{at(row, key)}/champs/{field}", json={"valeur": value, "depart": base})
    return answer.status_code, answer.get_json(silent=True) or {}


def test_an_answer_is_saved_alone_and_the_page_keeps_its_version(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    status, told = put(client, row, "project", "summary", "Un autre résumé", print_of(ANSWERS["summary"]))
    assert status == 200
    assert told["empreinte"] == print_of("Un autre résumé")
    assert plain(str(told["enregistre"])).startswith("Enregistré à ")
    after = read(row)
    assert after.answers["summary"] == "Un autre résumé"
    assert (after.version, after.saves) == (row.version, 1)
    assert put(client, row, "project", "title", "Trois rives", print_of(ANSWERS["title"]))[0] == 200
    assert read(row).title == "Trois rives"
    assert put(client, row, "project", "team", "zéro", print_of("12"))[1]["message"]
    assert put(client, row, "project", "summary", "x" * 500, print_of("Un autre résumé"))[1]["message"]


def test_a_late_autosave_after_a_page_saved_whole_changes_nothing(scene: Scene, sign_in: SignIn) -> None:
    """CC-03: 409, without a word on the page; what was saved by hand wins, and the true version is told."""
    row = scene.draft()
    client = sign_in(scene.lead)
    base = print_of(ANSWERS["summary"])
    page = {"summary": "À la main, en entier", "version": row.version}
    assert client.post(at(row, "project"), data=page).status_code == 303
    status, told = put(client, row, "project", "summary", "À la main", base)
    assert status == 409
    assert told["propre"] is True
    assert told["valeur"] == "À la main, en entier"
    assert read(row).answers["summary"] == "À la main, en entier"


def test_the_same_answer_sent_twice_is_one_answer(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    base = print_of(ANSWERS["summary"])
    assert put(client, row, "project", "summary", "Une fois", base)[0] == 200
    assert put(client, row, "project", "summary", "Une fois", base)[0] == 200
    assert read(row).saves == 1


def test_two_people_in_two_fields_never_collide(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    assert put(sign_in(scene.lead), row, "project", "summary", "Awa", print_of(ANSWERS["summary"]))[0] == 200
    assert put(sign_in(scene.member), row, "project", "team", "14", print_of(ANSWERS["team"]))[0] == 200
    status, told = put(sign_in(scene.member), row, "project", "summary", "Mamadou", print_of(ANSWERS["summary"]))
    assert status == 409
    assert "Awa Diop a changé cette réponse" in plain(str(told["message"]))
    assert (read(row).answers["summary"], read(row).answers["team"]) == ("Awa", "14")


@pytest.mark.parametrize(
    ("key", "field", "body", "status"),
    [
        ("project", "nothing", {"valeur": "x", "depart": ""}, 404),
        ("final", "summary", {"valeur": "x", "depart": ""}, 404),
        ("project", "rate", {"valeur": "x", "depart": ""}, 422),
        ("project", "summary", {"valeur": 12, "depart": ""}, 400),
        ("project", "summary", ["x"], 400),
        ("project", "summary", {"valeur": "a\u0000b", "depart": ""}, 422),
        ("partnership", "people", {"valeur": [{"name": 1}], "depart": ""}, 400),
    ],
)
def test_what_is_no_answer_is_refused(
    scene: Scene, sign_in: SignIn, key: str, field: str, body: object, status: int
) -> None:
    row = scene.draft()
    answer = sign_in(scene.lead).put(f"{at(row, key)}/champs/{field}", json=body)
    assert answer.status_code == status
    assert read(row).saves == 0


def test_a_file_that_was_submitted_takes_no_answer(scene: Scene, sign_in: SignIn) -> None:
    """DL-09: the submitted version is frozen, by the page and by the script alike."""
    row = scene.draft(state=ApplicationState.SUBMITTED, submitted_at=clock.now(), number="2027-001")
    client = sign_in(scene.lead)
    status, told = put(client, row, "project", "summary", "Après coup", print_of(ANSWERS["summary"]))
    assert status == 409
    assert told["raisons"]
    assert client.post(at(row, "project"), data={"summary": "Après coup"}).status_code == 409
    assert read(row).answers == ANSWERS
    assert put(sign_in(scene.stranger), row, "project", "summary", "x", "")[0] == 404
    assert put(sign_in(scene.manager), row, "project", "summary", "x", "")[0] == 403


def test_submitting_what_one_did_not_see_is_a_conflict(scene: Scene, sign_in: SignIn) -> None:
    """An answer saved alone after the check page was opened is part of what the person would sign."""
    row = scene.draft()
    seen = row.stamp
    put(sign_in(scene.member), row, "project", "summary", "Changé depuis", print_of(ANSWERS["summary"]))
    assert read(row).stamp == seen + 1
    page = sign_in(scene.lead).post(f"/candidatures/{row.public_id}/depot", data={"consent": "yes", "version": seen})
    assert page.status_code == 409
    with reading() as session:
        assert session.scalar(select(Snapshot.id).where(Snapshot.application_id == row.id)) is None


# merging


def test_two_tabs_see_both_texts_and_lose_no_word(scene: Scene, sign_in: SignIn) -> None:
    """CC-02: 303 and 409; both texts side by side, escaped; mine, theirs or both, question by question."""
    row = scene.draft()
    client, other = sign_in(scene.lead), sign_in(scene.member)
    mine, theirs = fields(client.get(at(row, "project")).text), fields(other.get(at(row, "project")).text)
    theirs |= {"summary": ["Le texte de <i>Mamadou</i>"], "team": ["99"], "title": ["Titre de Mamadou"]}
    assert other.post(at(row, "project"), data=theirs).status_code == 303
    mine |= {"summary": ["Le texte <b>d’Awa</b>"], "title": ["Titre d’Awa"], "hectares": ["7"]}
    merge = client.post(at(row, "project"), data=mine)
    assert merge.status_code == 409
    page = merge.text
    assert "Le texte &lt;b&gt;d’Awa&lt;/b&gt;" in page
    assert "Le texte de &lt;i&gt;Mamadou&lt;/i&gt;" in page
    assert re.search(r'name="take:team" value="theirs" checked', page)
    assert re.search(r'name="take:summary" value="mine" checked', page)
    assert '<input type="hidden" name="hectares" value="7">' in page
    assert read(row).answers["summary"] == "Le texte de <i>Mamadou</i>"
    sent = {
        **dict(re.findall(r'name="(base:[a-z_]+|version|hectares)" value="([^"]*)"', page)),
        "summary": "Le texte <b>d’Awa</b>",
        "theirs:summary": "Le texte de <i>Mamadou</i>",
        "take:summary": "both",
        "title": "Titre d’Awa",
        "take:title": "mine",
        "team": "12",
        "take:team": "theirs",
    }
    assert client.post(at(row, "project"), data=sent).status_code == 303
    kept = read(row).answers
    assert kept["summary"] == "Le texte de <i>Mamadou</i>\n\nLe texte <b>d’Awa</b>"
    assert (kept["title"], kept["team"], kept["hectares"]) == ("Titre d’Awa", "99", "7")
    with reading() as session:
        left = session.execute(
            select(AnswerChange.value).where(AnswerChange.application_id == row.id, AnswerChange.key == "title")
        ).scalars()
        assert "Titre de Mamadou" in list(left)


def test_a_page_saved_whole_notices_an_answer_saved_alone(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    mine = fields(sign_in(scene.lead).get(at(row, "project")).text) | {"summary": ["Le texte d’Awa"]}
    put(sign_in(scene.member), row, "project", "summary", "Le texte de Mamadou", print_of(ANSWERS["summary"]))
    page = sign_in(scene.lead).post(at(row, "project"), data=mine)
    assert page.status_code == 409
    assert "Le texte de Mamadou" in page.text
    assert "Le texte d’Awa" in page.text


# history, comments, presence


def test_one_go_of_writing_is_one_line_of_history(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    base = ANSWERS["summary"]
    for text in ("Un", "Un deux", "Un deux trois"):
        assert put(client, row, "project", "summary", text, print_of(base))[0] == 200
        base = text
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert put(client, row, "project", "summary", "Plus tard", print_of(base))[0] == 200
    with reading() as session:
        rows = session.scalars(
            select(AnswerChange.value).where(AnswerChange.application_id == row.id).order_by(AnswerChange.id)
        ).all()
    assert rows == [ANSWERS["summary"], "Un deux trois", "Plus tard"]


def test_a_comment_is_written_with_the_page_and_settled(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    form = fields(client.get(at(row, "project")).text) | {
        "title": ["Trois rives"],
        "say:summary": ["Citer <b>la coopérative</b> ?"],
        "comment": ["summary"],
    }
    answer = client.post(at(row, "project"), data=form)
    assert answer.location.endswith("/rubriques/project#summary")
    assert read(row).answers["title"] == "Trois rives"
    other = sign_in(scene.member)
    page = other.get(at(row, "project")).text
    assert "Citer &lt;b&gt;la coopérative&lt;/b&gt;" in page
    assert "1 commentaire" in plain(page)
    assert "1 commentaire" in plain(other.get(f"/candidatures/{row.public_id}").text)
    found = re.search(r'name="settle" value="([a-z0-9]+)"', page)
    assert found is not None
    assert other.post(at(row, "project"), data=fields(page) | {"settle": [found[1]]}).status_code == 303
    assert "Réglé par Mamadou Ndiaye" in plain(client.get(at(row, "project")).text)
    assert "1 commentaire" not in plain(client.get(f"/candidatures/{row.public_id}").text)


def test_comments_stay_with_the_team(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft(state=ApplicationState.SUBMITTED, submitted_at=clock.now(), number="2027-001")
    with transaction() as session:
        session.add(
            FieldComment(
                application_id=row.id, key="summary", text="CANARI", account_id=scene.lead.id, written_at=clock.now()
            )
        )
    manager = sign_in(scene.manager)
    assert "CANARI" not in manager.get(f"/gestion/candidatures/{row.public_id}").text
    assert manager.get(at(row, "project")).status_code == 403
    with reading() as session:
        assert "CANARI" not in str(
            snapshot_content(session, session.get_one(Application, row.id), received_at="2027-01-01T00:00:00+00:00")
        )


def test_who_is_on_the_section_is_told_for_a_minute(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    lead, member = sign_in(scene.lead), sign_in(scene.member)
    assert lead.put(f"{at(row, 'project')}/presence", json={}).get_json()["presents"] == ""
    told = member.put(f"{at(row, 'project')}/presence", json={}).get_json()
    assert plain(told["presents"]) == "Awa Diop rédige aussi cette rubrique."
    assert "Awa Diop rédige aussi" in plain(member.get(at(row, "project")).text)
    assert "Awa Diop rédige aussi" not in plain(member.get(at(row, "final")).text)
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert "Awa Diop rédige aussi" not in plain(member.get(at(row, "project")).text)
    assert sign_in(scene.stranger).put(f"{at(row, 'project')}/presence", json={}).status_code == 404
    assert lead.put(f"{at(row, 'nowhere')}/presence", json={}).status_code == 404


def test_an_answer_saved_alone_asks_little_of_the_database(scene: Scene) -> None:
    row = scene.draft()
    with transaction() as session:
        token = builders.a_session(session, scene.lead)
    with reading() as session:
        actor = actor_of(session, token, clock.now())
    assert actor is not None
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    values = {"application": row.public_id, "section": "project", "key": "summary"}
    event.listen(engine(), "before_cursor_execute", note)
    try:
        use_cases.save_answer(actor=actor, answer="Vite", base=print_of(ANSWERS["summary"]), **values)
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    assert len(asked) <= 12, "\n".join(asked)


# without a connection


def taken_out(client: FlaskClient, row: Application) -> bytes:
    answer = client.get(f"/candidatures/{row.public_id}/hors-ligne.xlsx")
    assert answer.status_code == 200
    return answer.data


def changed(data: bytes, **answers: str) -> bytes:
    """The workbook with other texts beside questions (by label)."""
    workbook = load_workbook(io.BytesIO(data))
    for sheet in workbook.worksheets:
        for cells in sheet.iter_rows(max_col=1):
            if cells[0].value in answers:
                sheet.cell(cells[0].row, 2).value = answers[cells[0].value]
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def bring(client: FlaskClient, row: Application, data: bytes, name: str = "dossier.xlsx") -> TestResponse:
    return client.post(f"/candidatures/{row.public_id}/hors-ligne", data={"file": (io.BytesIO(data), name)})


def hidden(page: str) -> dict[str, list[str]]:
    form = page.partition("/hors-ligne/reponses")[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.slow
def test_the_form_goes_out_and_comes_back_answer_by_answer(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    client = sign_in(scene.lead)
    data = changed(
        taken_out(client, row),
        Résumé="Relier trois côtes.",
        SIRET="732 829 320 00074",
        **{"Titre du projet": "Trois rives"},
    )
    put(sign_in(scene.member), row, "project", "title", "Le titre de Mamadou", print_of(ANSWERS["title"]))
    page = bring(client, row, data)
    assert page.status_code == 200
    assert "<ins>trois</ins>" in page.text
    assert "Cette réponse a aussi changé ici" in plain(page.text)
    assert re.search(r'name="take:title" value="theirs" checked', page.text)
    assert read(row).answers["summary"] == ANSWERS["summary"]
    sent = hidden(page.text) | {"take:title": ["theirs"], "take:summary": ["mine"], "take:siret": ["mine"]}
    assert client.post(f"/candidatures/{row.public_id}/hors-ligne/reponses", data=sent).status_code == 303
    kept = read(row).answers
    assert (kept["summary"], kept["title"], kept["siret"]) == (
        "Relier trois côtes.",
        "Le titre de Mamadou",
        "732 829 320 00074",
    )
    assert {k: v for k, v in kept.items() if k not in ("summary", "title", "siret")} == {
        k: v for k, v in ANSWERS.items() if k not in ("summary", "title", "siret")
    }
    assert "ne change aucune réponse" in plain(bring(client, row, taken_out(client, row)).text)


@pytest.mark.slow
def test_what_is_no_workbook_of_this_file_is_refused(scene: Scene, sign_in: SignIn) -> None:
    row, other = scene.draft(), scene.draft()
    client = sign_in(scene.lead)
    assert bring(client, row, b"").status_code == 422
    assert bring(client, row, b"PK rien", "x.xlsx").status_code == 422
    strange = bring(client, row, taken_out(client, other))
    assert strange.status_code == 422
    assert "celui d’un autre dossier" in plain(strange.text)


# versions


def test_the_history_shows_who_left_what_and_versions_compare_by_words(scene: Scene, sign_in: SignIn) -> None:
    row = scene.draft()
    with transaction() as session:
        stored = session.get_one(Application, row.id)
        content = snapshot_content(session, stored, received_at="2027-01-01T00:00:00+00:00")
        session.add(
            Snapshot(
                application_id=row.id,
                rank=1,
                content=content,
                sha256="a" * 64,
                received_at=clock.now(),
                submitted_by_id=scene.lead.id,
            )
        )
        stored.state = ApplicationState.RETURNED
        stored.own_deadline_at = clock.now() + timedelta(days=3)
    put(
        sign_in(scene.member),
        row,
        "project",
        "summary",
        "Relier les pêcheurs de trois <b>côtes</b>.",
        print_of(ANSWERS["summary"]),
    )
    client = sign_in(scene.lead)
    page = client.get(f"/candidatures/{row.public_id}/historique").text
    assert "Mamadou Ndiaye" in page
    assert "<del>deux</del><ins>trois</ins>" in page.replace("\n", "")
    assert "/historique/brouillon" in page
    compared = client.get(f"/candidatures/{row.public_id}/historique/brouillon").text
    assert "<del>deux</del><ins>trois</ins>" in compared
    assert "&lt;b" in compared or "<ins>&lt;</ins>" in compared
    assert "Titre du projet" not in compared.partition("<main")[2]
    first = client.get(f"/candidatures/{row.public_id}/historique/1")
    assert first.status_code == 200
    assert "première version" in plain(first.text)
    assert client.get(f"/candidatures/{row.public_id}/historique/7").status_code == 404
    assert sign_in(scene.stranger).get(f"/candidatures/{row.public_id}/historique").status_code == 404


# on paper


def words_of(pdf: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(plain(shown.stdout.decode()).split())


@pytest.mark.slow
def test_the_file_is_drawn_as_it_stands_once_for_the_same_content(
    scene: Scene, sign_in: SignIn, app: Flask, tmp_path: Path
) -> None:
    row = scene.draft(answers={**ANSWERS, "siret": ""})
    client, address = sign_in(scene.lead), f"/candidatures/{row.public_id}/apercu.pdf"
    doors = replace(letters.doors(tmp_path), store=app.config["STORE"])
    waiting = client.get(address)
    assert waiting.status_code == 202
    assert 'http-equiv="refresh"' in waiting.text
    assert client.get(address).status_code == 202
    assert relay.keep_all_due(keeper.handlers(doors)) == 1
    drawn = client.get(address)
    assert (drawn.status_code, drawn.mimetype) == (200, "application/pdf")
    words = words_of(drawn.data)
    for expected in (
        "Ce n’est pas un dépôt.",
        "Deux rives",
        "Sénégal",
        "Awa Diop",
        "Préparation",
        "Sans réponse",
        "110,5",
    ):
        assert expected in words, words
    assert client.get(address).data == drawn.data
    put(client, row, "project", "summary", "Un autre résumé", print_of(ANSWERS["summary"]))
    assert client.get(address).status_code == 202
    assert relay.keep_all_due(keeper.handlers(doors)) == 1
    assert "Un autre résumé" in words_of(client.get(address).data)
    with transaction() as session:
        stored = session.get_one(Application, row.id)
        stored.state, stored.submitted_at, stored.number = ApplicationState.SUBMITTED, clock.now(), "2027-001"
    client.get(address)
    relay.keep_all_due(keeper.handlers(doors))
    assert "Ce n’est pas un dépôt." not in words_of(client.get(address).data)
    assert sign_in(scene.stranger).get(address).status_code == 404
