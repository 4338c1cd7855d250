"""Whole files on paper: one document of what one person reads, for that person, for a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.delivery.doors import Doors, open_doors
from grants.delivery.handouts import Handouts
from grants.models import Account, Application, AuditEntry, Call, Organisation, Printout, Promise
from grants.policies import Role
from grants.queries.account import actor_for
from grants.services import housekeeping, printing, relay, review
from grants.services.keeper import handlers
from grants.workflow.application import ApplicationState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.slow]
SignIn = Callable[[Account], FlaskClient]
TITLES = ("Des puits pour Kita", "Une radio à Thiès", "Des semences à Mopti")
HOUSE = "Zephyr-ONG"
ALL = "/evaluations.pdf"


@dataclass
class World:
    """Three files of one house; one reader of the first two, a chair, a manager; nobody recused."""

    call: Call
    manager: Account
    chair: Account
    reader: Account
    stranger: Account
    files: list[Application]
    doors: Doors

    def one(self, number: int = 0) -> str:
        """Where a file is printed."""
        return f"/evaluations/dossiers/{self.files[number].public_id}.pdf"

    def work(self) -> None:
        """Let the worker draw what was asked for."""
        kept = {printing.KIND: handlers(self.doors)[printing.KIND]}
        with reading() as session:
            wanted = list(session.scalars(select(Promise.id).where(Promise.kind == printing.KIND)))
        for one in wanted:
            relay.keep(one, kept)


@pytest.fixture
def world(app: Flask) -> World:
    doors = open_doors(
        base_url="http://localhost",
        mail_from="a@example.org",
        smtp_url="",
        mailbox_dir=app.config["MAILBOX"],
        blob_dir=app.config["STORE"].root,
    )
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1), reviews_required=1)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        chair, reader, stranger = (
            builders.an_account(session, role=role, call_id=call.id)
            for role in (Role.CHAIR, Role.REVIEWER, Role.REVIEWER)
        )
        house = builders.an_organisation(session, name=HOUSE)
        files = [
            builders.an_application(
                session,
                call=call,
                organisation_id=house.id,
                title=title,
                number=f"2026-00{rank}",
                state=ApplicationState.IN_REVIEW,
                answers={"summary": f"{HOUSE} creuse {rank} puits.", "context": "<img src='file:///etc/passwd'>"},
            )
            for rank, title in enumerate(TITLES, 1)
        ]
        for position, file in enumerate(files, 1):
            for account in (reader, chair):
                builders.an_interest(session, application=file, account=account)
            if position < 3:
                builders.a_review(
                    session, application=file, reviewer=reader, state=ReviewState.ASSIGNED, position=3 - position
                )
    return World(call, manager, chair, reader, stranger, files, doors)


def printed(client: FlaskClient, world: World, address: str) -> PdfReader:
    """The document at this address, drawn in between."""
    assert client.get(address).status_code == 202
    world.work()
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return PdfReader(BytesIO(answer.data))


def text_of(document: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_a_reader_prints_a_file_with_a_blank_sheet_of_marks(world: World, sign_in: SignIn) -> None:
    document = printed(sign_in(world.reader), world, world.one())
    text = text_of(document)
    assert TITLES[0] in text
    assert HOUSE in text
    assert "Grille de notation" in text
    assert "Avis pour le comité" in text
    assert TITLES[1] not in text


def test_pd_06_it_is_tagged_and_says_its_language_and_title(world: World, sign_in: SignIn) -> None:
    document = printed(sign_in(world.reader), world, world.one())
    root = document.trailer["/Root"]
    assert document.metadata is not None
    assert document.metadata.title == "Dossier 2026-001"
    assert document.metadata.author is None
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_pd_01_what_people_wrote_stays_text(world: World, sign_in: SignIn) -> None:
    assert "<img src='file:///etc/passwd'>" in text_of(printed(sign_in(world.reader), world, world.one())).replace(
        "’", "'"
    )


def test_chair_and_manager_print_without_a_sheet(world: World, sign_in: SignIn) -> None:
    for person in (world.chair, world.manager):
        text = text_of(printed(sign_in(person), world, world.one(2)))
        assert TITLES[2] in text
        assert "Grille de notation" not in text


def test_all_files_of_a_reader_with_their_contents_in_the_readers_order(world: World, sign_in: SignIn) -> None:
    document = printed(sign_in(world.reader), world, ALL)
    text = text_of(document)
    assert "Sommaire" in text
    assert text.count("Grille de notation") == 2
    cover = document.pages[0].extract_text()
    assert cover.index(TITLES[1]) < cover.index(TITLES[0])
    assert TITLES[2] not in text
    names = [str(one.title) for one in document.outline if not isinstance(one, list)]
    assert names == [TITLES[1], TITLES[0]]


def test_nobody_else_opens_it(world: World, sign_in: SignIn) -> None:
    """EX-04: a document is its asker's; somebody else's request draws another, or is a 404."""
    printed(sign_in(world.reader), world, world.one())
    assert sign_in(world.stranger).get(world.one()).status_code == 404
    assert sign_in(world.manager).get(world.one()).status_code == 202
    with reading() as session:
        assert {row.account_id for row in session.scalars(select(Printout))} == {world.reader.id, world.manager.id}


def test_rv_09_a_recusal_closes_what_was_printed_before(world: World, sign_in: SignIn) -> None:
    """RV-09, for committee packs: the file alone is a 404; the document of all is drawn without it."""
    client = sign_in(world.reader)
    printed(client, world, world.one())
    assert TITLES[0] in text_of(printed(client, world, ALL))
    with reading() as session:
        actor = actor_for(session, world.reader.id)
    review.declare_interest(actor=actor, application=world.files[0].public_id, stand="conflict", note="Je les connais.")
    assert client.get(world.one()).status_code == 404
    again = text_of(printed(client, world, ALL))
    assert TITLES[0] not in again
    assert TITLES[1] in again


def test_a_file_closed_while_the_worker_draws_is_not_drawn(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    assert client.get(ALL).status_code == 202
    with reading() as session:
        actor = actor_for(session, world.reader.id)
    review.declare_interest(actor=actor, application=world.files[0].public_id, stand="conflict", note="Je les connais.")
    world.work()
    with reading() as session:
        row = session.scalar(select(Printout))
        assert row is not None
        assert (row.file, row.failure) == ("", "closed meanwhile")
    assert client.get(ALL).status_code == 202


def test_a_file_that_changes_is_drawn_anew(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    printed(client, world, world.one())
    with transaction() as session:
        row = session.get_one(Application, world.files[0].id)
        row.title, row.version = "Des puits pour Kayes", row.version + 1
    assert "Kayes" in text_of(printed(client, world, world.one()))


def test_nobody_without_a_file_prints_all(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.stranger).get(ALL).status_code == 409
    assert sign_in(world.manager).get(ALL).status_code == 404


@pytest.fixture
def blind(world: World) -> World:
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "selection"
    return world


def test_rv_05_a_blind_document_holds_no_name_anywhere(blind: World, sign_in: SignIn) -> None:
    """RV-05: text, properties, name of the file, page that waits; the control is what the manager gets."""
    client = sign_in(blind.reader)
    waiting = client.get(blind.one())
    assert HOUSE not in waiting.text
    for address in (blind.one(), ALL):
        client.get(address)
        blind.work()
        answer = client.get(address)
        document = PdfReader(BytesIO(answer.data))
        assert HOUSE not in str(answer.headers)
        assert HOUSE not in text_of(document)
        assert HOUSE not in str(document.metadata)
        assert HOUSE.encode() not in document.trailer["/Root"]["/Metadata"].get_data()
        assert "[masqué]" in text_of(document)
    assert HOUSE in text_of(printed(sign_in(blind.manager), blind, blind.one()))


def test_an_open_document_is_not_given_once_the_call_is_blind(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    printed(client, world, world.one())
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "selection"
    assert HOUSE not in text_of(printed(client, world, world.one()))


def test_it_is_gone_after_a_day(world: World, sign_in: SignIn) -> None:
    """EX-04: the file is deleted by the sweeper, and asking again draws another."""
    client = sign_in(world.reader)
    printed(client, world, world.one())
    with reading() as session:
        row = session.scalar(select(Printout))
        assert row is not None
        name = row.file
    housekeeping.sweep(world.doors.store)
    assert Handouts(world.doors.store).read(name)
    with clock.frozen(clock.now() + timedelta(hours=24, minutes=1)):
        housekeeping.sweep(world.doors.store)
        assert not (Handouts(world.doors.store).root / name).exists()
        assert sign_in(world.reader).get(world.one()).status_code == 202


def test_asking_twice_promises_once_and_leaves_one_trace(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    for _ in range(3):
        client.get(world.one())
    world.work()
    world.work()
    client.get(world.one())
    with reading() as session:
        assert len(session.scalars(select(Printout)).all()) == 1
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "printing.read")).all()) == 1


def test_a_document_that_cannot_be_drawn_says_so(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PD-03: the limits are reached; the page says it, and ten minutes later another try is made."""
    monkeypatch.setattr(printing, "LIMITS", printing.Limits(cpu_seconds=1, memory=64 << 20, wall_seconds=2))
    client = sign_in(world.reader)
    client.get(world.one())
    world.work()
    answer = client.get(world.one())
    assert answer.status_code == 503
    assert "n’a pas pu être dessiné" in answer.text
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert sign_in(world.reader).get(world.one()).status_code == 202


def test_too_many_documents_in_an_hour_are_refused(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST", 1)
    client = sign_in(world.reader)
    assert client.get(world.one(0)).status_code == 202
    assert client.get(world.one(1)).status_code == 429


def test_the_pages_offer_it_to_those_who_may(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reader)
    assert ALL in client.get("/evaluations").text
    with reading() as session:
        house = session.scalar(select(Organisation).where(Organisation.name == HOUSE))
        assert house is not None
    assert world.one() in client.get(f"/evaluations/dossiers/{world.files[0].public_id}").text
    assert world.one() in sign_in(world.manager).get(f"/gestion/candidatures/{world.files[0].public_id}").text
