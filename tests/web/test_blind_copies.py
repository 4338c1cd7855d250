"""Documents in a blind call: those who judge read a cleaned copy under a name that tells nothing, or nothing at all."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.delivery.doors import Doors, open_doors
from grants.domain.papers import BANK_STATEMENT
from grants.domain.verdicts import Verdict
from grants.models import Account, Application, Attachment, Call, CleanedCopy, Promise
from grants.policies import Role
from grants.queries.account import actor_for
from grants.queries.terms import terms_of
from grants.services import cleaning, housekeeping, relay, review
from grants.services.keeper import handlers
from grants.workflow.application import ApplicationState
from tests import builders
from tests.delivery import authored

pytestmark = [pytest.mark.db, pytest.mark.slow]
SignIn = Callable[[Account], FlaskClient]
NAMES = {
    "budget": "Budget_NGO Alfa_Jane.pdf",
    "letters": "Annexe NGO Alfa.docx",
    "photo": "Jane devant le siège.jpg",
}


@dataclass
class World:
    """A blind call, a reader and a chair free of interests, a manager, the applicant; one file with three documents."""

    call: Call
    manager: Account
    auditor: Account
    chair: Account
    reader: Account
    applicant: Account
    file: Application
    documents: dict[str, Attachment]
    doors: Doors

    def address(self, kind: str) -> str:
        """Where a document is read."""
        return f"/candidatures/{self.file.public_id}/pieces/{self.documents[kind].public_id}"

    def work(self) -> None:
        """Let the worker keep what was promised."""
        kept = {cleaning.KIND: handlers(self.doors)[cleaning.KIND]}
        with reading() as session:
            wanted = list(session.scalars(select(Promise.id).where(Promise.kind == cleaning.KIND)))
        for one in wanted:
            relay.keep(one, kept)

    def copy(self, kind: str) -> CleanedCopy | None:
        """The copy of a document as the database has it."""
        with reading() as session:
            return session.scalar(select(CleanedCopy).where(CleanedCopy.attachment_id == self.documents[kind].id))


CONTENTS = {"budget": authored.pdf, "letters": authored.docx, "photo": authored.photograph}
TYPES = {"budget": "application/pdf", "letters": "application/octet-stream", "photo": "image/jpeg"}


@pytest.fixture
def world(app: Flask) -> World:
    store = app.config["STORE"]
    doors = open_doors(
        base_url="http://localhost",
        mail_from="a@example.org",
        smtp_url="",
        mailbox_dir=app.config["MAILBOX"],
        blob_dir=store.root,
    )
    with transaction() as session:
        call = builders.a_call(session, blind="selection", reviews_open_at=clock.now(), reviews_required=1)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        auditor = builders.an_account(session, role=Role.AUDITOR)
        chair, reader = (
            builders.an_account(session, role=role, call_id=call.id) for role in (Role.CHAIR, Role.REVIEWER)
        )
        file = builders.an_application(session, call=call, state=ApplicationState.ELIGIBLE)
        applicant = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=file.organisation_id)
        for one in (chair, reader):
            builders.an_interest(session, application=file, account=one)
        documents = {}
        for kind, made in CONTENTS.items():
            blob = store.put(made())
            documents[kind] = Attachment(
                application_id=file.id,
                kind=kind,
                filename=NAMES[kind],
                media_type=TYPES[kind],
                size=blob.size,
                sha256=blob.sha256,
                added_by_id=applicant.id,
                added_at=clock.now(),
            )
            session.add(documents[kind])
        session.flush()
    return World(call, manager, auditor, chair, reader, applicant, file, documents, doors)


def give_to_read(world: World) -> None:
    with reading() as session:
        actor = actor_for(session, world.manager.id)
    review.assign(actor=actor, application=world.file.public_id, reviewers=[world.reader.public_id])


def test_copies_are_asked_for_when_a_file_is_given_to_read_and_once(world: World) -> None:
    give_to_read(world)
    with reading() as session:
        actor = actor_for(session, world.manager.id)
    review.open_reviews(actor=actor, call=world.call.public_id)
    with reading() as session:
        assert len(session.scalars(select(Promise).where(Promise.kind == "copy")).all()) == 3
        assert len(session.scalars(select(CleanedCopy)).all()) == 3


def test_no_copy_is_made_where_everybody_knows_who_applies(world: World) -> None:
    with transaction() as session:
        session.get_one(Call, world.call.id).blind = "no"
    give_to_read(world)
    with reading() as session:
        assert session.scalars(select(CleanedCopy)).all() == []


def test_rv_03_the_names_of_files_tell_nothing(world: World, sign_in: SignIn) -> None:
    """RV-03: in the list and in the download; the control is that the manager reads the original names."""
    give_to_read(world)
    world.work()
    client = sign_in(world.reader)
    page = client.get(f"/evaluations/dossiers/{world.file.public_id}").text
    assert "piece-01.pdf" in page
    assert "piece-03.jpg" in page
    for address in map(world.address, NAMES):
        headers = str(client.get(address).headers)
        assert "piece-0" in headers
        assert "Alfa" not in headers
        assert "Jane" not in headers
    assert "Alfa_Jane" not in page
    assert "Jane devant" not in page
    theirs = sign_in(world.manager).get(f"/gestion/candidatures/{world.file.public_id}").text
    assert "Budget_NGO Alfa_Jane.pdf" in theirs


@pytest.mark.parametrize("who", ["reader", "chair"])
def test_rv_04_those_who_judge_get_copies_without_metadata(world: World, sign_in: SignIn, who: str) -> None:
    """RV-04, with the control: those who know who applies get the original, in which the name stands."""
    give_to_read(world)
    world.work()
    client = sign_in(getattr(world, who))
    for kind in NAMES:
        answer = client.get(world.address(kind))
        assert answer.status_code == 200
        assert not authored.said(answer.data, authored.AUTHOR)
        assert not authored.said(answer.data, authored.HOUSE)
    for knowing in (world.manager, world.auditor, world.applicant):
        original = sign_in(knowing).get(world.address("budget"))
        assert original.data == CONTENTS["budget"]()
        assert authored.said(original.data, authored.AUTHOR)


def test_rv_04_the_original_stays_untouched_and_the_copy_has_its_own_fingerprint(world: World) -> None:
    give_to_read(world)
    before = world.doors.store.read(world.documents["budget"].sha256)
    world.work()
    copy = world.copy("budget")
    assert copy is not None
    assert copy.sha256 != world.documents["budget"].sha256 == copy.source_sha256
    assert world.doors.store.verify(copy.sha256)
    assert world.doors.store.read(world.documents["budget"].sha256) == before
    with reading() as session:
        assert copy.sha256 in housekeeping.stored(session)  # the sweeper leaves it alone


def test_a_copy_that_nobody_asked_for_is_asked_for_by_its_first_reader(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.chair)
    waiting = client.get(world.address("budget"))
    assert waiting.status_code == 202
    assert "piece-01.pdf" in waiting.text
    assert "Alfa" not in waiting.text
    assert client.get(world.address("budget")).status_code == 202
    world.work()
    assert client.get(world.address("budget")).status_code == 200
    assert world.copy("letters") is None


def encrypted() -> bytes:
    file = BytesIO()
    import pikepdf  # noqa: PLC0415 -- for this sample alone

    with pikepdf.open(BytesIO(authored.pdf())) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    return file.getvalue()


@pytest.fixture
def withheld(world: World) -> World:
    """The budget cannot be cleaned."""
    blob = world.doors.store.put(encrypted())
    with transaction() as session:
        session.get_one(Attachment, world.documents["budget"].id).sha256 = blob.sha256
    give_to_read(world)
    world.work()
    return world


def test_rv_04_what_cannot_be_cleaned_is_withheld_and_the_manager_told(withheld: World, sign_in: SignIn) -> None:
    """RV-04: never the original; the reason on the file's page and among what is to do."""
    world = withheld
    for who in (world.reader, world.chair):
        answer = sign_in(who).get(world.address("budget"))
        assert answer.status_code == 409
        assert "retenue" in answer.text
        assert "Alfa" not in answer.text
    page = sign_in(world.reader).get(f"/evaluations/dossiers/{world.file.public_id}").text
    assert "Retenue" in page
    assert world.address("budget") not in page
    client = sign_in(world.manager)
    theirs = client.get(f"/gestion/candidatures/{world.file.public_id}").text
    assert "protégé par un mot de passe" in theirs
    assert "1 pièce n’a pas pu être rendue anonyme" in client.get("/gestion").text
    assert client.get(world.address("budget")).status_code == 200


def settle(client: FlaskClient, world: World, **form: object):  # type: ignore[no-untyped-def]
    address = f"/gestion/candidatures/{world.file.public_id}/pieces/{world.documents['budget'].public_id}/copie"
    return client.post(address, data=form, content_type="multipart/form-data")


def test_a_manager_gives_another_file_for_those_who_judge(withheld: World, sign_in: SignIn) -> None:
    """It is cleaned like any other; the file of the applicant stays what it was."""
    world, client = withheld, sign_in(withheld.manager)
    given = settle(client, world, file=(BytesIO(authored.docx()), f"{authored.AUTHOR}.docx"))
    assert given.status_code == 303
    answer = sign_in(world.reader).get(world.address("budget"))
    assert answer.status_code == 200
    assert "piece-01.docx" in answer.headers["Content-Disposition"]
    assert not authored.said(answer.data, authored.AUTHOR)
    assert "anonyme" not in client.get("/gestion").text


def test_a_manager_may_leave_it_withheld(withheld: World, sign_in: SignIn) -> None:
    client = sign_in(withheld.manager)
    assert settle(client, withheld, suite="retenue").status_code == 303
    assert "rendue anonyme" not in client.get("/gestion").text
    assert sign_in(withheld.reader).get(withheld.address("budget")).status_code == 409


def test_what_a_manager_gives_is_refused_with_its_reason(withheld: World, sign_in: SignIn) -> None:
    client = sign_in(withheld.manager)
    assert "Choisissez un fichier" in settle(client, withheld).text
    refused = settle(client, withheld, file=(BytesIO(encrypted()), "budget.pdf"))
    assert refused.status_code == 422
    assert "mot de passe" in refused.text
    assert sign_in(withheld.reader).get(withheld.address("budget")).status_code == 409


def test_nobody_settles_a_copy_that_is_there(world: World, sign_in: SignIn) -> None:
    give_to_read(world)
    world.work()
    assert settle(sign_in(world.manager), world, suite="retenue").status_code == 409
    assert settle(sign_in(world.reader), world, suite="retenue").status_code in {403, 404}


def test_lost_bytes_are_a_reason_too(world: World) -> None:
    with transaction() as session:
        session.get_one(Attachment, world.documents["photo"].id).sha256 = "0" * 64
    give_to_read(world)
    world.work()
    copy = world.copy("photo")
    assert copy is not None
    assert (copy.sha256, copy.withheld) == ("", "not_stored")


def test_a_copy_waits_for_the_virus_scanner(world: World) -> None:
    with transaction() as session:
        session.get_one(Attachment, world.documents["budget"].id).verdict = Verdict.PENDING
    give_to_read(world)
    world.work()
    copy = world.copy("budget")
    assert copy is not None
    assert copy.made_at is None
    with transaction() as session:
        session.get_one(Attachment, world.documents["budget"].id).verdict = Verdict.CLEAN
    with clock.frozen(clock.now().replace(year=clock.now().year + 1)):
        world.work()
    assert (copied := world.copy("budget")) is not None
    assert copied.sha256


def test_a_recused_reader_gets_neither_the_copy_nor_the_original(world: World, sign_in: SignIn) -> None:
    give_to_read(world)
    world.work()
    client = sign_in(world.reader)
    assert client.get(world.address("budget")).status_code == 200
    with reading() as session:
        actor = actor_for(session, world.reader.id)
    review.declare_interest(actor=actor, application=world.file.public_id, stand="conflict", note="Je les connais.")
    assert client.get(world.address("budget")).status_code == 404


def test_a_kind_of_document_that_says_who_applies_is_not_there_for_those_who_judge(
    world: World, sign_in: SignIn
) -> None:
    """Papers of the passport: no copy is made, nothing is listed; the manager reads them."""
    with transaction() as session:
        row = session.get_one(Application, world.file.id)
        told = next(kind.key for kind in terms_of(row).documents if kind.blind and kind.key != BANK_STATEMENT)
        session.get_one(Attachment, world.documents["letters"].id).kind = told
    give_to_read(world)
    world.work()
    assert world.copy("letters") is None
    client = sign_in(world.reader)
    assert client.get(world.address("letters")).status_code == 404
    assert world.address("letters") not in client.get(f"/evaluations/dossiers/{world.file.public_id}").text
    assert sign_in(world.manager).get(world.address("letters")).status_code == 200
