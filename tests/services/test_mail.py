"""Mails: every one says what happened and what to do; written once, kept as bytes, sent to one person."""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.delivery.smtp import BadMessage, Permanent, Temporary, Uncertain
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Document,
    Interest,
    Promise,
    PromiseState,
    Report,
)
from grants.queries.subjects import name_of
from grants.services import keeper, mail, relay
from grants.services.lifecycle import MACHINES
from grants.workflow.decision import Outcome
from grants.workflow.effects import Mail
from tests import awards, builders, letters
from tests.awards import World
from tests.letters import BASE_URL, RELEASED

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]


TO_STAFF = {"waiver-asked", "report-to-read", "payment-ordered", "amendment-requested"}


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


# every mail of the tables, and the reminders


def promised_names() -> list[str]:
    effects = [effect for machine in MACHINES.values() for move in machine.moves for effect in move.effects]
    reminders = ["reminder-submission", "reminder-review", "reminder-agreement", "reminder-report"]
    return sorted({effect.name for effect in effects if isinstance(effect, Mail)} | set(reminders))


class Stage:
    """One row of each kind that a mail may be about."""

    def __init__(self) -> None:
        world = self.world = letters.a_network_and_its_call()
        self.file = letters.a_file(
            world,
            return_reason="Le budget n’est pas équilibré : 200 € d’écart.",
            return_sections=["budget", "documents"],
            own_deadline_at=datetime(2025, 11, 10, 17, 0, tzinfo=UTC),
            late_attempt_at=datetime(2025, 11, 3, 11, 7, tzinfo=UTC),
        )
        letters.a_waiver(world, self.file, granted=False)
        with transaction() as session:
            reviewer = builders.an_account(session, name="Samba Ndiaye")
            session.add(
                Interest(application_id=self.file.id, account_id=reviewer.id, stand="free", declared_at=RELEASED)
            )
            self.review = builders.a_review(session, application=self.file, reviewer=reviewer)
            self.reviewer = reviewer
        self.project = awards.an_open_project(world)
        self.agreement = awards.the(Agreement, self.project)
        self.report = self.one(Report, kind="interim")
        self.tranche = awards.tranches_of(self.project)[0]
        with transaction() as session:
            session.get_one(Agreement, self.agreement.id).sent_at = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
            session.get_one(Report, self.report.id).change_request = "Expliquez l’écart de 18 % sur le poste 62."
            self.amendment = Amendment(
                project_id=self.project.id,
                extra_months=2,
                new_end_on=date(2026, 10, 31),
                reason="Les ateliers d’été sont reportés à l’automne.",
                requested_by_id=world.accounts["lead"].id,
                requested_at=RELEASED,
            )
            session.add(self.amendment)

    def one(self, model: Any, **values: Any) -> Any:
        with reading() as session:
            return session.scalars(select(model).filter_by(project_id=self.project.id, **values)).first()

    def about(self, name: str) -> tuple[Any, Account, dict[str, Any]]:
        """Row, recipient and plain values of the mail `name`."""
        people = self.world.accounts
        outcomes = {
            "accepted": Outcome.AWARDED,
            "accepted-with-conditions": Outcome.AWARDED_WITH_CONDITIONS,
            "reserve": Outcome.RESERVE,
            "deferred": Outcome.DEFERRED,
            "rejected": Outcome.REJECTED,
        }
        if name in outcomes:
            return letters.a_decision(self.world, outcomes[name]), people["lead"], {}
        due = {"due_at": "2026-06-15T21:59:59+00:00", "due_on": "2026-06-15", "days_left": 7, "step": 7}
        rows: dict[str, tuple[Any, Account, dict[str, Any]]] = {
            "reminder-submission": (self.file, people["lead"], {**due, "days_left": 3}),
            "reminder-review": (self.world.call, self.reviewer, due),
            "reminder-agreement": (self.agreement, people["lead"], due),
            "reminder-report": (self.report, people["lead"], due),
            "review-returned": (self.review, self.reviewer, {}),
        }
        kinds = {
            "agreement": self.agreement,
            "project": self.project,
            "report": self.report,
            "payment": self.tranche,
            "amendment": self.amendment,
        }
        return rows.get(name) or (kinds.get(name.partition("-")[0], self.file), people["lead"], {})


def _task(name: str, row: Any, recipient: Account, payload: dict[str, Any]) -> relay.Task:
    return relay.Task("p", name, name_of(row), recipient.id, payload, "m", RELEASED, "", lambda _sha: None)


def test_every_mail_of_the_tables_has_words(tmp_path: Path):
    stage, doors = Stage(), letters.doors(tmp_path)
    for name in promised_names():
        row, recipient, payload = stage.about(name)
        with reading() as session:
            message = mail.compose(session, _task(name, row, recipient, payload), doors)
        assert message.subject, name
        plain = message.text.replace("\u202f", " ").replace("\u00a0", " ")
        assert plain.startswith("Bonjour "), name
        assert plain.splitlines()[1] == "", name
        assert "Réseau Démo Solidarité Internationale" in plain, name
        assert "None" not in plain, name
        assert not re.search(r"\n{3}| {2}", plain), name
        if name not in TO_STAFF:
            assert "appel@reseau-demo.invalid" in plain, name


def test_there_are_no_words_for_a_mail_that_nobody_sends():
    folders = {folder.name for folder in (letters.GRANTS / "templates" / "mails").iterdir() if folder.is_dir()}
    assert folders == set(promised_names())


def test_the_amount_of_an_award_and_its_reference_are_in_the_mail(tmp_path: Path):
    stage = Stage()
    row, recipient, payload = stage.about("accepted")
    with reading() as session:
        message = mail.compose(session, _task("accepted", row, recipient, payload), letters.doors(tmp_path))
        number = session.get_one(Application, row.application_id).number
    plain = message.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "15 500 €" in plain
    assert f"Dossier {number}" in plain


def test_a_mail_without_its_document_waits(world: World, tmp_path: Path):
    decision = letters.a_decision(world, Outcome.AWARDED)
    task = _task("accepted", decision, world.accounts["lead"], {"attach": "decision-letter"})
    with reading() as session, pytest.raises(relay.NotReady):
        mail.compose(session, task, letters.doors(tmp_path))
    with reading() as session:
        assert session.scalars(select(Document)).all() == []


def test_no_recipient_no_mail(world: World, tmp_path: Path):
    file = letters.a_file(world)
    task = _task("eligible", file, world.accounts["lead"], {})
    gone = relay.Task(**{**task.__dict__, "recipient_id": None})
    with reading() as session, pytest.raises(Permanent):
        mail.compose(session, gone, letters.doors(tmp_path))
