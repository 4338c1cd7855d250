"""The screening desk: the list and its views, what is taken away, many files at once, exceptions."""

import csv
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from grants import clock
from grants.db import engine, reading, transaction
from grants.exchange.tables import csv_rows, xlsx_pieces
from grants.models import Account, Application, Batch, Call, Waiver
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import screening
from grants.workflow.application import ApplicationState as State
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("app")]
SignIn = Callable[[Account], FlaskClient]


@dataclass
class Desk:
    """A call that has closed, two managers, and files at every point of the screening."""

    call: Call
    nadia: Account
    malik: Account
    files: dict[str, str]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture
def desk() -> Desk:
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(
            session, opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=10), grace_seconds=120
        )
        nadia, malik = (
            builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)
        )
        closes = call.closes_at
        made = {
            "plain": builders.an_application(
                session, call=call, title="Alpha", submitted_at=closes - timedelta(days=1)
            ),
            "grace": builders.an_application(
                session, call=call, title="Bravo", submitted_at=closes + timedelta(seconds=90)
            ),
            "mended": builders.an_application(
                session,
                call=call,
                title="Charlie",
                state=State.RETURNED,
                own_deadline_at=now - timedelta(days=1),
                submitted_at=closes - timedelta(days=2),
            ),
            "formula": builders.an_application(session, call=call, title='=HYPERLINK("http://x","y")'),
        }
        made["grace"].officer_id = nadia.id
        files = {name: row.public_id for name, row in made.items()}
    return Desk(call, nadia, malik, files)


def acting(account: Account):  # type: ignore[no-untyped-def]
    with reading() as session:
        return actor_for(session, account.id)


@pytest.mark.parametrize(
    ("view", "there"),
    [
        ("", {"Alpha", "Bravo", "Charlie"}),
        ("to-examine", {"Alpha", "Bravo"}),
        ("mine", {"Bravo"}),
        ("waiting", {"Charlie"}),
        ("late", {"Charlie"}),
        ("nonsense", {"Alpha", "Bravo", "Charlie"}),
    ],
)
def test_the_views_say_what_is_mine_late_or_waiting(desk: Desk, sign_in: SignIn, view: str, there: set[str]) -> None:
    page = plain(sign_in(desk.nadia).get(f"/gestion/candidatures?vue={view}").text)
    assert {title for title in ("Alpha", "Bravo", "Charlie") if f"<bdi>{title}</bdi>" in page} == there
    assert ("Délai de grâce" in page) == ("Bravo" in there)


def test_a_pending_waiver_waits(desk: Desk, sign_in: SignIn) -> None:
    screening.run_checks(actor=acting(desk.nadia), application=desk.files["plain"])
    screening.propose_waiver(
        actor=acting(desk.nadia), application=desk.files["plain"], rule="complete", reason="Pièce reçue par courrier."
    )
    page = sign_in(desk.malik).get("/gestion/candidatures?vue=waiting").text
    assert "Alpha" in page


def test_the_list_is_taken_away_as_it_is_filtered_and_no_cell_is_a_formula(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.nadia)
    answer = client.get(f"/gestion/candidatures.csv?appel={desk.call.slug}&tri=titre")
    assert answer.headers["Content-Disposition"] == "attachment; filename=dossiers.csv"
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ['\'=HYPERLINK("http://x","y")', "Alpha", "Bravo", "Charlie"]
    grace = next(row for row in rows if row[1] == "Bravo")
    assert grace[10] == "Dans le délai de grâce"
    assert grace[11] == desk.nadia.name
    with client.get("/gestion/candidatures.xlsx?vue=mine") as taken:
        book = openpyxl.load_workbook(io.BytesIO(taken.get_data()))
    cells = list(book.active.iter_rows(values_only=True))
    assert [row[1] for row in cells[1:]] == ["Bravo"]
    with client.get("/gestion/candidatures.xlsx") as taken:
        formula = openpyxl.load_workbook(io.BytesIO(taken.get_data())).active
    assert not [cell for row in formula.iter_rows() for cell in row if cell.data_type == "f"]


def test_nobody_takes_away_what_belongs_to_another_programme(desk: Desk, sign_in: SignIn) -> None:
    with transaction() as session:
        other = builders.a_call(session)
        stranger = builders.an_account(session, role=Role.MANAGER, programme_id=other.programme_id)
    rows = sign_in(stranger).get("/gestion/candidatures.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(rows) == 1


def test_the_memory_of_an_export_does_not_grow_with_the_list() -> None:
    def peak(count: int, write: Callable[[int], None]) -> int:
        tracemalloc.start()
        write(count)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    def rows(count: int):  # type: ignore[no-untyped-def]
        return ((f"2027-{n:05d}", "Un titre " * 8, n, 1.5) for n in range(count))

    def as_csv(count: int) -> None:
        for _ in csv_rows(["a", "b", "c", "d"], rows(count)):
            pass

    def as_xlsx(count: int) -> None:
        for _ in xlsx_pieces("x", ["a", "b", "c", "d"], rows(count)):
            pass

    as_csv(10), as_xlsx(10)
    assert peak(20_000, as_csv) < peak(500, as_csv) + 100_000
    assert peak(8_000, as_xlsx) < peak(500, as_xlsx) + 500_000


def test_a_page_of_the_list_asks_the_same_questions_whatever_its_length(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.nadia)

    def questions() -> int:
        asked: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(engine(), "before_cursor_execute", note)
        client.get("/gestion/candidatures?vue=to-examine")
        event.remove(engine(), "before_cursor_execute", note)
        return len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))])

    questions()
    few = questions()
    with transaction() as session:
        for n in range(30):
            builders.an_application(session, call=session.get_one(Call, desk.call.id), title=f"Projet {n}")
    assert questions() == few


def test_many_files_are_confirmed_first_then_done_and_told(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.nadia)
    chosen = "&".join(f"dossier={desk.files[name]}" for name in ("plain", "grace", "mended"))
    asked = client.get(f"/gestion/candidatures/actions?action=screening.declare-ineligible&{chosen}")
    assert "Ce n’est possible pour aucun" in plain(asked.text)  # nothing was checked yet
    assert "3 dossiers laissés de côté" in plain(asked.text)
    asked = client.get(f"/gestion/candidatures/actions?action=screening.check&{chosen}")
    page = plain(asked.text)
    assert "3 dossiers, un par un" in page
    assert "Aucun message ne part." in page
    answer = client.post(
        "/gestion/candidatures/actions",
        data={"action": "screening.check", "dossier": [desk.files[name] for name in ("plain", "grace", "mended")]},
    )
    assert answer.status_code == 303
    running = client.get(answer.headers["Location"])
    assert "data-live" in running.text
    assert "0 faits, 0 laissés de côté, 3 à faire" in plain(running.text)
    screening.work()
    finished = client.get(answer.headers["Location"])
    assert "data-live" not in finished.text
    assert "3 faits, 0 laissés de côté, 0 à faire" in plain(finished.text)


def test_an_act_on_nothing_is_refused_on_the_same_page(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.nadia)
    assert client.post("/gestion/candidatures/actions", data={"action": "screening.take"}).status_code == 422
    assert client.post("/gestion/candidatures/actions", data={"action": "decision.release"}).status_code == 404
    with reading() as session:
        assert session.scalars(select(Batch)).all() == []


def test_the_page_of_a_file_shows_what_a_verdict_rests_on_and_offers_a_waiver(desk: Desk, sign_in: SignIn) -> None:
    client, file = sign_in(desk.nadia), desk.files["plain"]
    client.post(f"/gestion/candidatures/{file}/verifications")
    page = plain(client.get(f"/gestion/candidatures/{file}").text)
    assert "Sur quoi repose ce verdict" in page
    assert "<code>closes_at</code>" in page
    assert "Proposer une dérogation" in page
    client.post(f"/gestion/candidatures/{file}/prise-en-charge")
    assert f"Suivi par {desk.nadia.name}." in plain(client.get(f"/gestion/candidatures/{file}").text)
    refused = client.post(f"/gestion/candidatures/{file}/derogations", data={"rule": "complete", "reason": ""})
    assert refused.status_code == 409
    made = client.post(
        f"/gestion/candidatures/{file}/derogations", data={"rule": "complete", "reason": "Vu en main propre."}
    )
    assert made.status_code == 303
    with reading() as session:
        waiver = session.scalars(select(Waiver)).one()
    answered = sign_in(desk.malik).post(
        f"/gestion/candidatures/{file}/derogations/{waiver.public_id}/accord", data={"answer": "Oui."}
    )
    assert answered.status_code == 303
    assert "Dérogation" in client.get(f"/gestion/candidatures/{file}").text


def test_a_later_date_is_given_to_an_organisation_on_a_page(sign_in: SignIn) -> None:
    """DL-12: the later date of one file, with its reason and who approved it."""
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(session, opens_at=now - timedelta(days=4), closes_at=now + timedelta(days=2))
        nadia, malik = (
            builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)
        )
        owner = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=owner.id)
        file = builders.a_draft(session, call=call, lead=lead, organisation=owner)
    client, address = sign_in(nadia), f"/gestion/appels/{call.slug}/prolongations"
    assert owner.name in client.get(address).text
    day = (now + timedelta(days=5)).strftime("%d/%m/%Y")
    typed = {"organisation": owner.public_id, "due_on": day, "due_time": "12:00", "reason": "Coupure."}
    assert client.post(address, data={**typed, "due_on": "30/02/2027"}).status_code == 422
    assert client.post(address, data={**typed, "reason": ""}).status_code == 409
    assert client.post(address, data=typed).status_code == 303
    with reading() as session:
        assert session.get_one(Application, file.id).own_deadline_at > call.closes_at
    with clock.frozen(now + timedelta(days=6)):
        client = sign_in(nadia)
        later = {**typed, "due_on": (now + timedelta(days=9)).strftime("%d/%m/%Y")}
        assert client.post(address, data=later).status_code == 303
        assert "Une autre personne du programme doit confirmer." in plain(client.get(address).text)
        with reading() as session:
            waiver = session.scalars(select(Waiver).where(Waiver.granted.is_(None))).one()
        own = client.post(f"{address}/{waiver.public_id}/accord", data={"answer": "Oui."})
        assert own.status_code == 403
        other = sign_in(malik).post(f"{address}/{waiver.public_id}/accord", data={"answer": "Panne prouvée."})
        assert other.status_code == 303
    assert sign_in(lead).get(address).status_code == 404


def test_an_act_on_every_result_takes_the_list_as_it_is_filtered(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(desk.nadia).get("/gestion/candidatures/actions?action=screening.take&vue=mine&tout=1").text
    assert "Bravo" in page
    assert "Alpha" not in page


def test_a_later_date_that_waits_for_its_second_person_is_on_the_day_of_the_programme(sign_in: SignIn) -> None:
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(session, opens_at=now - timedelta(days=4), closes_at=now - timedelta(days=2))
        nadia, malik = (
            builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)
        )
        owner = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=owner.id)
        builders.a_draft(session, call=call, lead=lead, organisation=owner)
    screening.extend(
        actor=acting(nadia),
        call=call.public_id,
        organisation=owner.public_id,
        until_at=now + timedelta(days=2),
        reason="Coupure.",
    )
    client = sign_in(malik)
    assert f"/gestion/appels/{call.slug}/prolongations" in client.get("/gestion").text
