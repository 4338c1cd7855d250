"""Attacks, each named by its case: what a person with a session and bad intentions may try, and what it comes to."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import ANY
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.inspection import inspect

from grants import clock
from grants.db import reading, transaction
from grants.models import (
    Account,
    Application,
    Appointment,
    BankAccount,
    Decision,
    Interest,
    Mark,
    Organisation,
    Partner,
    Review,
    SecurityEvent,
    UserSession,
)
from grants.services import review as service
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from tests.matrix.conftest import Stage
from tests.matrix.forms import FORMS
from tests.matrix.table import ROWS
from tests.matrix.test_matrix import address, answered, bare

pytestmark = pytest.mark.db
READING = [row for row in ROWS if row.method == "GET" and row.answer == "ok"]
OWN_AFFAIRS = ("/mon-compte", "/preferences", "/connexion", "/deconnexion")
# a list that one reads anyway, as a file
HANDED_OUT = ("/exports/<slug>",)
# open to everybody: what a link from a mail opens, what is computed and forgotten, asking for an account
ANYBODYS = ("/attestations/", "/inscription", "/verification", "/<any(fr, en):language>/appels/<slug>/eligibilite")


def stored(model: type[Any], key: int) -> dict[str, Any]:
    """The columns of a row as the database has it."""
    with reading() as session:
        row = session.get_one(model, key)
        return {column.key: getattr(row, column.key) for column in inspect(model).column_attrs}


# Authorisation


@pytest.mark.parametrize("tail", ["", "/suivi", "/recepisse", "/recepisse.pdf", "/budget", "/verification"])
def test_az_01_another_organisations_file_is_not_there_by_any_method(stage: Stage, tail: str) -> None:
    client, own = stage.client("xAL"), stage.world.ids["submitted"]
    for ask_for in (client.get, client.head):
        assert ask_for(f"/candidatures/{own}{tail}").status_code == 404
        assert ask_for(f"/candidatures/{own}{tail}", headers={"Accept": "application/json"}).status_code == 404
    with reading() as session:
        mine = SecurityEvent.account_id == stage.world.cast["xAL"].id
        assert own in (session.scalars(select(SecurityEvent.object).where(mine)).all())


def test_az_03_a_member_does_not_submit_and_the_file_stays_a_draft(scene: Stage) -> None:
    answer = scene.client("AM").post(
        f"/candidatures/{scene.world.ids['draft']}/depot", data=FORMS["submit"](scene.world, "AM")
    )
    assert answer.status_code == 403
    assert stored(Application, scene.world.rows["draft"].id)["state"] == ApplicationState.DRAFT


def test_az_03_a_member_does_not_change_the_bank_details(scene: Stage) -> None:
    before = stored(BankAccount, scene.world.rows["bank"].id)
    path = f"/organisations/{scene.world.ids['holder']}/banque"
    assert scene.client("AM").post(path, data=FORMS["bank"](scene.world, "AM")).status_code == 403
    assert stored(BankAccount, scene.world.rows["bank"].id) == before


def test_bank_details_ask_for_the_password_again(scene: Stage) -> None:
    with transaction() as session:
        session.execute(update(UserSession).values(reauth_at=clock.now() - timedelta(minutes=11)))
    path = f"/organisations/{scene.world.ids['holder']}/banque"
    answer = scene.client("AL").post(path, data=FORMS["bank"](scene.world, "AL"))
    assert (answer.status_code, answer.location) == (303, f"/connexion/confirmation?next={quote(path)}")
    assert stored(BankAccount, scene.world.rows["bank"].id)["replaced_at"] is None


@pytest.mark.parametrize(
    ("code", "path", "object_name"),
    [
        ("PM", "/gestion/candidatures/{}", "submitted"),
        ("RV", "/evaluations/{}", "review"),
        ("CH", "/evaluations/dossiers/{}", "submitted"),
        ("AU", "/gestion/candidatures/{}", "submitted"),
        ("FO", "/projets/{}", "project_running"),
        ("AM", "/candidatures/{}", "draft"),
    ],
)
def test_az_04_a_role_taken_away_counts_for_nothing_at_the_next_request(
    scene: Stage, code: str, path: str, object_name: str
) -> None:
    client, page = scene.client(code), path.format(scene.world.ids[object_name])
    assert client.get(page).status_code == 200
    with transaction() as session:
        mine = Appointment.account_id == scene.world.cast[code].id
        session.execute(update(Appointment).where(mine).values(ended_at=clock.now()))
    assert client.get(page).status_code == 404


def test_az_05_a_reviewer_meets_only_what_was_assigned(stage: Stage) -> None:
    page = stage.client("RV").get("/evaluations").text
    assert "Dossier read" in page
    for name in ("unread", "submitted", "to_open_x", "elsewhere"):
        assert f"Dossier {name}" not in page
    for path in ("/gestion/candidatures", "/gestion/candidatures?q=Dossier", "/candidatures", "/gestion/journal"):
        assert stage.client("RV").get(path).status_code == 404


SMUGGLED = {
    "state": "decided",
    "role": "manager",
    "organisation_id": "1",
    "call_id": "1",
    "created_by_id": "1",
    "award_cents": "999999",
    "awarded_cents": "999999",
    "requested_cents": "1",
    "is_admin": "1",
    "administers": "1",
    "reviewer_id": "1",
    "created_at": "2001-01-01",
    "submitted_at": "2001-01-01",
    "number": "2027-999",
    "id": "1",
    "public_id": "aaaaaaaaaaaaaaaa",
    "own_deadline_at": "2040-01-01",
    "verified_at": "2026-01-01",
    "verified_by_id": "1",
    "paid_by_id": "1",
    "half_points": "10",
    "given_at": "2001-01-01",
}


@pytest.mark.parametrize(
    ("code", "path", "form", "model", "name"),
    [
        ("AL", "/candidatures/{draft}/rubriques/project", "section", Application, "draft"),
        ("AL", "/candidatures/{draft}/budget", "budget", Application, "draft"),
        ("AL", "/candidatures/{draft}/territoires", "territories", Application, "draft"),
        ("AL", "/candidatures/{draft}/partenaires/{draft_partner}", "partner", Partner, "draft_partner"),
        ("AL", "/organisations/{holder}/fiche", "organisation", Organisation, "holder"),
        ("AL", "/mon-compte/langue", "language", Account, "account_AL"),
        ("RV", "/evaluations/{review}", "sheet", Review, "review"),
        (
            "AL",
            "/projets/{project_running}/rapports/{report_interim_running}",
            "report",
            None,
            "report_interim_running",
        ),
    ],
)
def test_az_07_fields_that_a_form_does_not_have_change_nothing(
    scene: Stage, code: str, path: str, form: str, model: Any, name: str
) -> None:
    row = scene.world.rows[name]
    kind = model or type(row)
    results = []
    for more in ({}, SMUGGLED):
        scene.restore()
        answer = scene.client(code).post(
            path.format(**scene.world.ids), data={**more, **FORMS[form](scene.world, code)}
        )
        assert answer.status_code == 303
        results.append(stored(kind, row.id))
    moments = {key: ANY for key in results[0] if key.endswith("_at")}
    assert results[1] == {**results[0], **{key: ANY for key in moments if results[0][key] is not None}}


def test_az_07_and_az_12_nobody_gains_a_role_by_a_form(scene: Stage) -> None:
    with reading() as session:
        before = len(session.scalars(select(Appointment.id)).all())
    client = scene.client("AL")
    for path in ("/mon-compte/langue", "/preferences/langue", f"/organisations/{scene.world.ids['holder']}/fiche"):
        client.post(path, data={**SMUGGLED, "language": "fr", "name": "Association", "appointments-0-role": "manager"})
    with reading() as session:
        assert len(session.scalars(select(Appointment.id)).all()) == before


def test_az_09_the_administrator_reads_no_content_and_leaves_a_trace_of_trying(scene: Stage) -> None:
    client, ids = scene.client("AD"), scene.world.ids
    paths = [f"/candidatures/{ids['submitted']}", f"/gestion/candidatures/{ids['submitted']}"]
    paths += [f"/evaluations/{ids['review']}", f"/documents/{ids['letter']}.pdf", f"/organisations/{ids['holder']}"]
    assert {client.get(path).status_code for path in paths} == {404}
    with reading() as session:
        mine = SecurityEvent.account_id == scene.world.cast["AD"].id
        assert len(session.scalars(select(SecurityEvent.id).where(mine)).all()) >= len(paths)


@pytest.mark.parametrize("code", ["AU", "AX"])
def test_az_10_the_auditor_does_nothing_but_care_for_an_own_account(code: str) -> None:
    open_to = {row.rule for row in ROWS if row.method == "POST" and row.expected(code) not in ("403", "404")}
    assert {rule for rule in open_to if not rule.startswith((*OWN_AFFAIRS, *ANYBODYS, *HANDED_OUT))} == set()


def _pages_of_the_applicant(stage: Stage, name: str) -> dict[str, bytes]:
    """Everything that the lead reads about a file and around it, status and validators included."""
    own = stage.world.ids[name]
    paths = ["/candidatures", f"/candidatures/{own}", f"/candidatures/{own}/suivi", f"/candidatures/{own}/recepisse"]
    paths += ["/projets", "/mon-compte", "/fr/appels", "/fr/projets", f"/candidatures/{own}/verification"]
    paths += [f"/organisations/{stage.world.ids['holder']}", "/fr/appels/meeting-call", "/finance/tranches"]
    found = {}
    for path in paths:
        answer = stage.client("AL").get(path)
        validators = repr((answer.status_code, answer.headers.get("ETag"), answer.headers.get("Last-Modified")))
        found[path.replace(own, "FILE")] = validators.encode() + bare(answer, path).replace(own.encode(), b"FILE")
    return found


def test_az_13_a_decision_that_is_not_released_changes_no_byte_for_the_applicant(scene: Stage) -> None:
    undecided = _pages_of_the_applicant(scene, "deliberated")
    with transaction() as session:
        decision = Decision(
            application_id=scene.world.rows["deliberated"].id,
            meeting_id=scene.world.rows["meeting"].id,
            state=DecisionState.PROPOSED,
            outcome=Outcome.AWARDED,
            awarded_cents=1_000_000,
            motive="CANARI-MOTIF",
            proposed_by_id=scene.world.cast["PM"].id,
            proposed_at=clock.now(),
        )
        session.add(decision)
    assert _pages_of_the_applicant(scene, "deliberated") == undecided
    for state in (DecisionState.APPROVED,):
        with transaction() as session:
            session.execute(update(Decision).where(Decision.id == decision.id).values(state=state))
        assert _pages_of_the_applicant(scene, "deliberated") == undecided
    with transaction() as session:  # and the test sees something when there is something to see
        values = {"state": DecisionState.RELEASED, "released_at": clock.now()}
        session.execute(update(Decision).where(Decision.id == decision.id).values(**values))
        files = update(Application).where(Application.id == scene.world.rows["deliberated"].id)
        session.execute(files.values(state=ApplicationState.DECIDED))
    assert _pages_of_the_applicant(scene, "deliberated") != undecided


def test_az_14_one_foreign_decision_stops_the_whole_batch(scene: Stage) -> None:
    with transaction() as session:
        foreign = Decision(
            application_id=scene.world.rows["elsewhere"].id,
            outcome=Outcome.REJECTED,
            motive="Ailleurs.",
            proposed_by_id=scene.world.cast["xPM"].id,
            proposed_at=clock.now(),
        )
        session.add(foreign)
    form = FORMS["approve"](scene.world, "PM")
    form["decision"] = [*form["decision"], foreign.public_id]
    assert scene.client("PM").post("/gestion/decisions/approbation?appel=board-call", data=form).status_code == 404
    assert stored(Decision, scene.world.rows["proposed_decision"].id)["state"] == DecisionState.PROPOSED
    assert stored(Decision, foreign.id)["state"] == DecisionState.PROPOSED


@pytest.mark.parametrize("row", READING, ids=str)
def test_az_15_head_has_the_right_of_get(stage: Stage, row: Any) -> None:
    path, query = address(stage, row)
    codes = [*sorted(row.who)[:1], "xAL", "AD", "AN"]
    for code in codes:
        plain, head = (
            stage.client(code).get(path, query_string=query),
            stage.client(code).head(path, query_string=query),
        )
        assert (code, head.status_code, head.data) == (code, plain.status_code, b"")


@pytest.mark.parametrize("code", ["xAL", "AD", "RX"])
def test_az_15_no_spelling_of_an_address_gives_more(stage: Stage, code: str) -> None:
    own = stage.world.ids["submitted"]
    client = stage.client(code)
    spellings = [
        f"/candidatures/{own}/",
        f"/Candidatures/{own}",
        f"/candidatures/{own.upper()}",
        f"/candidatures//{own}",
        f"/candidatures/%2e/{own}",
        f"/candidatures/x/%2e%2e/{own}",
        f"/candidatures/x/..%2f{own}",
        "/candidatures/" + "".join(f"%{ord(sign):02x}" for sign in own),
        "/candidatures/" + "".join(f"%25{ord(sign):02x}" for sign in own),
        f"/candidatures/{own}.json",
        f"/candidatures/{own};a=b",
        f"/gestion/candidatures/{own}?_method=POST",
    ]
    answers = {path: client.get(path, follow_redirects=True).status_code for path in spellings}
    assert answers == dict.fromkeys(spellings, 404)


@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_az_15_a_method_is_what_it_is(scene: Stage, override: str) -> None:
    path = f"/candidatures/{scene.world.ids['draft']}/depot"
    client = scene.client("AL")
    assert client.get(path, headers={override: "POST"}).status_code == 405
    assert client.get(path + "?_method=POST").status_code == 405
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        assert client.open(path, method=method).status_code == 405
    assert scene.client("AN").options(path).status_code in (200, 303, 405)
    assert stored(Application, scene.world.rows["draft"].id)["state"] == ApplicationState.DRAFT


def test_az_16_a_member_who_left_does_not_save_the_open_tab(scene: Stage) -> None:
    client, own = scene.client("AM"), scene.world.ids["draft"]
    before = stored(Application, scene.world.rows["draft"].id)
    with transaction() as session:
        mine = Appointment.account_id == scene.world.cast["AM"].id
        session.execute(update(Appointment).where(mine).values(ended_at=clock.now()))
    answer = client.post(f"/candidatures/{own}/rubriques/project", data={"title": "Un texte tapé longtemps"})
    assert answer.status_code == 404
    assert "Un texte tapé longtemps" in answer.text
    assert stored(Application, scene.world.rows["draft"].id) == before


def test_az_17_numbers_of_the_server_open_nothing(stage: Stage) -> None:
    keys = [row for row in READING if row.objects]
    for row in keys:
        path, query = address(stage, row)
        for name in row.objects:
            value = dict(row.arguments)[name]
            if getattr(stage.world.rows.get(value), "id", None) is None:
                continue
            guessed = path.replace(stage.world.ids[value], str(stage.world.rows[value].id))
            code = sorted(row.who - {"AN", "DI"})[:1]
            for person in code:
                assert (guessed, answered(stage.client(person).get(guessed, query_string=query))) == (guessed, "404")


def test_az_17_what_people_see_is_random(stage: Stage) -> None:
    with reading() as session:
        ids = session.scalars(select(Application.public_id)).all()
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z2-7]{16}", one) for one in ids)  # five bits a sign: eighty


# Review, blindness, conflict of interest


def test_rv_01_another_reviewers_review_is_not_there(stage: Stage) -> None:
    client, other = stage.client("RV"), stage.world.ids["review_R2"]
    assert client.get(f"/evaluations/{other}").status_code == 404
    assert client.post(f"/evaluations/{other}", data=FORMS["sheet"](stage.world, "RV")).status_code == 404
    for path in (
        "/evaluations",
        f"/evaluations/{stage.world.ids['review']}",
        f"/evaluations/dossiers/{stage.world.ids['read']}",
    ):
        assert "CANARI" not in client.get(path).text
    assert client.get("/classement/review-call").status_code == 403


def test_rv_09_a_conflict_declared_late_closes_everything_at_once(scene: Stage) -> None:
    client, ids = scene.client("RV"), scene.world.ids
    file, sheet = f"/evaluations/dossiers/{ids['read']}", f"/evaluations/{ids['review']}"
    document = f"/candidatures/{ids['read']}/pieces/{ids['read_file']}"
    assert [client.get(path).status_code for path in (file, sheet, document)] == [200, 200, 200]
    declared = client.post("/evaluations/interets?appel=review-call", data={f"lien-{ids['read']}": "conflict"})
    assert declared.status_code == 303
    assert [client.get(path).status_code for path in (file, sheet, document)] == [404, 404, 404]
    assert client.post(sheet, data=FORMS["sheet"](scene.world, "RV")).status_code == 404
    assert not re.search(r"Dossier read\b", client.get("/evaluations").text)
    kept = stored(Review, scene.world.rows["review"].id)
    assert (kept["state"], kept["reviewer_id"]) == ("recused", scene.world.cast["RV"].id)


def test_whoever_writes_for_the_applicant_does_not_judge_it(stage: Stage) -> None:
    """A manager who also leads the applicant meets the file as its lead, declared or not."""
    client, own = stage.client("PL"), stage.world.ids["submitted"]
    assert client.get(f"/candidatures/{own}/suivi").status_code == 200
    assert client.get(f"/gestion/candidatures/{own}").status_code == 404
    listed = client.get("/gestion/candidatures?appel=closed-call").text
    assert stage.world.ids["foreign_submitted"] in listed
    assert own not in listed


@pytest.mark.parametrize("code", ["PX", "AX"])
def test_a_conflict_closes_the_trail_and_the_sendings_too(stage: Stage, code: str) -> None:
    client, ids = stage.client(code), stage.world.ids
    assert ids["deliberated"] not in client.get(
        f"/gestion/journal?objet=application:{ids['deliberated']}"
    ).text.replace(f"objet=application:{ids['deliberated']}", "").replace(
        f'value="application:{ids["deliberated"]}"', ""
    )
    assert ids["submitted"] not in client.get("/gestion/envois").text


def _everything(stage: Stage, code: str) -> dict[str, bytes]:
    """Every page, export and document that this person can ask for, refusals too, with what validates it."""
    found = {}
    for row in (row for row in ROWS if row.method == "GET"):
        path, query = address(stage, row)
        answer = stage.client(code).get(path, query_string=query)
        validators = repr((answer.status_code, answer.headers.get("ETag"), answer.headers.get("Location")))
        found[f"{path}?{query}"] = validators.encode() + _unpacked(bare(answer, path))
    return found


def _unpacked(content: bytes) -> bytes:
    """The parts of a workbook, without the instant at which it was written."""
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as book:
        parts = b"".join(book.read(name) for name in sorted(book.namelist()))
    return re.sub(rb"<dcterms:\w+[^>]*>[^<]*<", b"<", parts)


def _change_what_is_hidden() -> None:
    """Other scores, opinions, motives, answers, amounts: another world behind the same files."""
    with transaction() as session:
        session.execute(update(Mark).values(half_points=10 - Mark.half_points, comment="CANARI-AUTRE"))
        session.execute(update(Review).values(opinion="CANARI-AUTRE", private_note="CANARI-AUTRE"))
        session.execute(update(Decision).values(motive="CANARI-AUTRE"))
        session.execute(update(Interest).values(note="CANARI-AUTRE"))
        for file in session.scalars(select(Application).where(Application.submitted_at.is_not(None))):
            file.answers = {**file.answers, "context": "CANARI-AUTRE", "summary": "CANARI-AUTRE"}


@pytest.mark.parametrize("code", ["RX", "CX", "PX", "AX"])
def test_az_13_rv_09_no_byte_depends_on_what_is_closed_by_a_conflict(scene: Stage, code: str) -> None:
    """Reviewer, chair, manager, auditor: recused from every file, they get the same bytes whatever these files hold."""
    with clock.frozen(clock.now()):
        control = _everything(scene, "PM")
        scene.restore()
        before = _everything(scene, code)
        scene.restore()
        _change_what_is_hidden()
        after = _everything(scene, code)
        assert {path for path in before if before[path] != after[path]} == set()
        assert (
            sum(control[path] != page for path, page in _everything(scene, "PM").items()) >= 5
        )  # there is a difference


def test_rv_08_before_no_conflict_is_declared_nothing_of_the_content_is_there(scene: Stage) -> None:
    """Title and partners first: no page, document or search holds more, although the review is assigned."""
    ids, file = scene.world.ids, scene.world.rows["read"]
    with transaction() as session:
        row = session.get_one(Application, file.id)
        row.answers = {**row.answers, "context": "CANARI-CONTENU"}
    document = f"/candidatures/{ids['read']}/pieces/{ids['read_file']}"
    sheet = f"/evaluations/{ids['review']}"
    assert "CANARI-CONTENU" in scene.client("RV").get(sheet).text
    assert scene.client("RV").get(document).status_code == 200
    with transaction() as session:
        mine = (Interest.account_id == scene.world.cast["RV"].id, Interest.application_id == file.id)
        session.execute(delete(Interest).where(*mine))
    assert not [path for path, page in _everything(scene, "RV").items() if b"CANARI-CONTENU" in page]
    assert scene.client("RV").get(document).status_code == 404
    assert scene.client("RV").get(f"/evaluations/dossiers/{ids['read']}").status_code == 404
    assert scene.client("RV").get(sheet).location.startswith("/evaluations/interets")
    assert "Dossier read" in scene.client("RV").get("/evaluations/interets?appel=review-call").text


def test_rv_09_a_recusal_meets_the_open_tab_and_gives_the_text_back(scene: Stage) -> None:
    sheet = f"/evaluations/{scene.world.ids['review']}"
    before = [mark.half_points for mark in _marks(scene)]
    with transaction() as session:
        mine = (
            Interest.account_id == scene.world.cast["RV"].id,
            Interest.application_id == scene.world.rows["read"].id,
        )
        session.execute(update(Interest).where(*mine).values(stand="conflict"))
    answer = scene.client("RV").post(
        sheet, data={**FORMS["sheet"](scene.world, "RV"), "opinion": "Un avis tapé longtemps"}
    )
    assert answer.status_code == 404
    assert "Un avis tapé longtemps" in answer.text
    assert "Dossier read" not in answer.text
    assert [mark.half_points for mark in _marks(scene)] == before


def test_rv_12_a_review_taken_back_while_typing_is_refused_and_the_text_given_back(scene: Stage) -> None:
    sheet = f"/evaluations/{scene.world.ids['review']}"
    service.unassign(actor=scene.world.actor("PM"), review=scene.world.ids["review"])
    answer = scene.client("RV").post(
        sheet, data={**FORMS["sheet"](scene.world, "RV"), "opinion": "Un avis tapé longtemps"}
    )
    assert answer.status_code == 409
    assert "Un avis tapé longtemps" in answer.text
    kept = stored(Review, scene.world.rows["review"].id)
    assert (kept["state"], kept["opinion"]) == ("unassigned", "")  # what had been saved stays, for the programme


def _marks(stage: Stage) -> list[Mark]:
    with reading() as session:
        return list(session.scalars(select(Mark).where(Mark.review_id == stage.world.rows["review"].id)))
