"""Mails: every one says what happened and what to do; written once, kept as bytes, sent to one person."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.delivery.smtp import BadMessage, Permanent, Temporary, Uncertain, to_bytes
from grants.models import (
    Account,
    Application,
    Document,
    Promise,
    PromiseState,
)
from grants.services import keeper, mail, relay
from grants.workflow.decision import Outcome
from tests import letters
from tests.awards import World
from tests.letters import BASE_URL, RELEASED
from tests.mails import LINKED, Stage, promised_names, task_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]


TO_STAFF = {"waiver-asked", "report-to-read", "payment-ordered", "amendment-requested"}
TO_STAFF |= {"departure-held", "place-freed", "reminder-reserve", "renounced"}


class Post:
    """A way out that keeps what was given, and may refuse."""

    def __init__(self, *answers: Exception | None) -> None:
        self.given: list[tuple[bytes, str, str]] = []
        self.answers = list(answers)

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if not isinstance(answer, Temporary):
            self.given.append((raw, sender, recipient))
        if answer is not None:
            raise answer


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def text_of(raw: bytes) -> str:
    body = parsed(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\u202f", " ").replace("\u00a0", " ").replace("\r\n", "\n")


def row_of(promise: Promise) -> Promise:
    with reading() as session:
        return session.get_one(Promise, promise.id)


@pytest.fixture
def world() -> World:
    return letters.a_network_and_its_call()


def test_the_receipt_leaves_with_the_mail_that_announces_it(world: World, tmp_path: Path):
    file = letters.a_file(world)
    post = Post()
    handlers = keeper.handlers(letters.doors(tmp_path, post))
    at = datetime(2025, 11, 2, 20, 14, 33, tzinfo=UTC)
    document = letters.promise("document", "receipt", file, made_at=at)
    told = letters.promise("mail", "submitted", file, to=world.accounts["lead"], made_at=at, attach="receipt")
    with frozen(at):
        assert not relay.keep(told.id, handlers)  # not without the receipt
        assert post.given == []
        assert relay.keep(document.id, handlers)
    with frozen(at + timedelta(seconds=3)):
        assert relay.keep(told.id, handlers)
    ((raw, sender, recipient),) = post.given
    message = parsed(raw)
    assert (sender, recipient) == ("Palabre <palabre@exemple.invalid>", world.accounts["lead"].email)
    assert message["Message-ID"] == f"<{told.message_id}@palabre.exemple.invalid>"
    assert message["Date"].datetime == at.replace(microsecond=0)
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == f"recepisse-{file.number}.pdf"
    assert attached.get_payload(decode=True)[:5] == b"%PDF-"
    assert f"Numéro : {file.number}" in text_of(raw)
    assert "Reçu le : dimanche 2 novembre 2025 à 21 h 14 (heure de Paris)" in text_of(raw)


def test_a_copy_after_a_lost_answer_is_the_same_bytes_even_if_the_data_changed(world: World, tmp_path: Path):
    file = letters.a_file(world)
    post = Post(Uncertain("connection lost"))
    handlers = keeper.handlers(letters.doors(tmp_path, post))
    told = letters.promise("mail", "eligible", file, to=world.accounts["lead"])
    with frozen(RELEASED):
        relay.keep(told.id, handlers)
    with transaction() as session:
        session.get_one(Application, file.id).title = "Un autre titre"
    with frozen(RELEASED + timedelta(minutes=5)):
        assert relay.keep(told.id, handlers)
    first, second = post.given
    assert first == second
    assert row_of(told).uncertain


def test_a_mail_that_did_not_leave_is_written_with_its_bytes_kept(world: World, tmp_path: Path):
    post = Post(Temporary("421 try later"))
    doors = letters.doors(tmp_path, post)
    told = letters.promise("mail", "eligible", letters.a_file(world), to=world.accounts["lead"])
    with frozen(RELEASED):
        assert not relay.keep(told.id, keeper.handlers(doors))
    kept = row_of(told).content_sha256
    assert doors.store.exists(kept)
    with frozen(RELEASED + timedelta(minutes=2)):
        assert relay.keep(told.id, keeper.handlers(doors))
    assert doors.store.read(kept) == post.given[0][0]


def test_nobody_writes_to_a_closed_account(world: World, tmp_path: Path):
    told = letters.promise("mail", "eligible", letters.a_file(world), to=world.accounts["lead"])
    with transaction() as session:
        session.get_one(Account, world.accounts["lead"].id).disabled_at = RELEASED
    post = Post()
    with frozen(RELEASED):
        relay.keep(told.id, keeper.handlers(letters.doors(tmp_path, post)))
    assert post.given == []
    assert row_of(told).state == PromiseState.FAILED


def test_the_envelope_has_exactly_one_address(world: World, tmp_path: Path):
    with transaction() as session:
        session.get_one(Account, world.accounts["lead"].id).email = "a@exemple.invalid, b@mechant.invalid"
    told = letters.promise("mail", "eligible", letters.a_file(world), to=world.accounts["lead"])
    post = Post()
    with frozen(RELEASED):
        relay.keep(told.id, keeper.handlers(letters.doors(tmp_path, post)))
    assert post.given == []
    assert BadMessage.__name__ in row_of(told).last_error


def test_a_hostile_title_is_text(world: World, tmp_path: Path):
    file = letters.a_file(world, title="Gagnez\r\nBcc: x@y.z http://mechant.example/piege")
    told = letters.promise("mail", "eligible", file, to=world.accounts["lead"])
    post = Post()
    with frozen(RELEASED):
        assert relay.keep(told.id, keeper.handlers(letters.doors(tmp_path, post)))
    message = parsed(post.given[0][0])
    assert message["Bcc"] is None
    assert "http://mechant" not in text_of(post.given[0][0])
    assert BASE_URL in text_of(post.given[0][0])


def test_every_mail_of_the_tables_has_words(tmp_path: Path):
    stage, doors = Stage(), letters.doors(tmp_path)
    for name in promised_names():
        row, recipient, payload = stage.about(name)
        with reading() as session:
            message = mail.compose(session, task_of(name, row, recipient, payload), doors)
        assert message.subject, name
        plain = message.text.replace("\u202f", " ").replace("\u00a0", " ")
        assert plain.startswith("Bonjour "), name
        assert plain.splitlines()[1] == "", name
        assert "Réseau Démo Solidarité Internationale" in plain, name
        assert "None" not in plain, name
        assert not re.search(r"\n{3}| {2}", plain), name
        if name not in TO_STAFF:
            assert "appel@reseau-demo.invalid" in plain, name


def test_rv_07_no_mail_to_an_applicant_tells_who_read_the_file(tmp_path: Path):
    """Neither a name nor an address nor an id, in words, headers or what is attached; the control: to the reader, yes."""
    stage, doors = Stage(), letters.doors(tmp_path)
    told = (stage.reviewer.name, stage.reviewer.email, stage.reviewer.public_id, stage.review.public_id)

    def found(name: str) -> list[str]:
        row, recipient, payload = stage.about(name)
        with reading() as session:
            message = mail.compose(session, task_of(name, row, recipient, payload), doors)
            raw = to_bytes(message).decode("utf-8", "replace") + message.subject + message.text
        return [one for one in told if one in raw]

    to_readers = {"reminder-review", "review-returned"}
    for name in sorted(set(promised_names()) - set(LINKED) - TO_STAFF - to_readers):
        assert found(name) == [], name
    assert all(found(name) for name in to_readers)


def test_there_are_no_words_for_a_mail_that_nobody_sends():
    folders = {folder.name for folder in (letters.GRANTS / "templates" / "mails").iterdir() if folder.is_dir()}
    assert folders - {"kit"} == set(promised_names()) | set(LINKED)


def test_the_amount_of_an_award_and_its_reference_are_in_the_mail(tmp_path: Path):
    stage = Stage()
    row, recipient, payload = stage.about("accepted")
    with reading() as session:
        message = mail.compose(session, task_of("accepted", row, recipient, payload), letters.doors(tmp_path))
        number = session.get_one(Application, row.application_id).number
    plain = message.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "15 500 €" in plain
    assert f"Dossier {number}" in plain


def test_a_mail_without_its_document_waits(world: World, tmp_path: Path):
    decision = letters.a_decision(world, Outcome.AWARDED)
    task = task_of("accepted", decision, world.accounts["lead"], {"attach": "decision-letter"})
    with reading() as session, pytest.raises(relay.NotReady):
        mail.compose(session, task, letters.doors(tmp_path))
    with reading() as session:
        assert session.scalars(select(Document)).all() == []


def test_no_recipient_no_mail(world: World, tmp_path: Path):
    file = letters.a_file(world)
    task = task_of("eligible", file, world.accounts["lead"], {})
    gone = relay.Task(**{**task.__dict__, "recipient_id": None})
    with reading() as session, pytest.raises(Permanent):
        mail.compose(session, gone, letters.doors(tmp_path))
