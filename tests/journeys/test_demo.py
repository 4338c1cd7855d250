"""The demonstration, loaded once: call A to the euro, the state of the projects, the letters read again, the real round."""

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from grants.clock import frozen
from grants.db import reading
from grants.delivery.typography import euros
from grants.demo import replay
from grants.demo.accounts import DEMO_ACCOUNTS, PASSWORD
from grants.models import (
    Account,
    Amendment,
    Application,
    Call,
    Decision,
    Document,
    Envelope,
    Payment,
    Project,
    Promise,
    Report,
    Tranche,
)
from grants.workflow.decision import Outcome
from tests import demonstration
from tests.journeys import world as worlds
from tests.journeys.client import Client
from tests.journeys.page import plain, sees
from tests.journeys.proofs import a_changed_byte_is_found, sound
from tests.journeys.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
FIGURES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "domain/data/demo_caac.json").read_text("utf-8"))
RESULTS: list[dict[str, Any]] = FIGURES["results"]
AWARDS = [one for one in RESULTS if one["decision"] == "award"]
CALL = "alliances-2026"
CENTS = 100
# lead → euros paid on 21 November 2026, and the state of its project
STATE = {
    "Association Bocage Accueil": (15_500, "closed"),
    "Graines Communes": (14_400, "active"),
    "Ouest Coopérations": (13_500, "active"),
    "Union Formation Solidaire": (13_050, "active"),
    "Institut des Territoires Liés": (8_700, "active"),
    "Passerelles Diasporas": (9_000, "active"),
    "Ville & Vivres": (13_050, "reporting"),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration in a deployment of its own, its clock on Saturday 21 November 2026 at ten."""
    world = worlds.found(demonstration.copied(tmp_path_factory.mktemp("demo") / "data"))
    yield world
    world.close()


@pytest.fixture
def demo(loaded: World) -> Iterator[World]:
    """The same, adopted again and with its clock, for each test."""
    loaded.bind()
    with frozen(replay.ENDING):
        yield loaded


def visitor(world: World, email: str = "") -> Client:
    """Somebody with a browser: nobody, or a person of the demonstration."""
    client = Client(world.app, world.base_url, email or "a visitor", email, PASSWORD)
    if email:
        client.enter()
    return client


def manager(world: World) -> Client:
    """The manager of the demonstration, signed in."""
    return visitor(world, DEMO_ACCOUNTS[0].email)


def cents(amount: float) -> int:
    """Whole euros of the figures, in cents."""
    return round(amount * CENTS)


def files_of_the_call() -> dict[str, Application]:
    """Submitted files of call A by the name of their lead."""
    with reading() as session:
        query = select(Application).join(Call, Call.id == Application.call_id).where(Call.slug == CALL)
        return {row.organisation.name: row for row in session.scalars(query)}


def test_the_seven_awards_of_call_a_have_the_amounts_of_the_figures(demo: World) -> None:
    files = files_of_the_call()
    with reading() as session:
        current = select(Decision).where(Decision.ended_at.is_(None), Decision.awarded_cents > 0)
        told = {row.application_id: row.awarded_cents for row in session.scalars(current)}
        envelope = session.scalars(
            select(Envelope).join(Call, Call.id == Envelope.call_id).where(Call.slug == CALL)
        ).one()
    assert {lead: told.get(files[lead].id) for lead in STATE} == {
        one["lead"]: cents(one["requested"]) for one in AWARDS
    }
    assert len(told) == len(AWARDS) == 7
    assert envelope.committed_cents == envelope.total_cents == sum(told.values()) == cents(AWARDS[-1]["cum"])


def test_every_file_of_call_a_has_the_decision_of_the_figures(demo: World) -> None:
    outcomes = {"award": {Outcome.AWARDED, Outcome.AWARDED_WITH_CONDITIONS}, "reserve": {Outcome.RESERVE}}
    files = files_of_the_call()
    with reading() as session:
        told = {row.application_id: row for row in session.scalars(select(Decision).where(Decision.ended_at.is_(None)))}
    wrong = {
        one["id"]: told[files[one["lead"]].id].outcome
        for one in RESULTS
        if told[files[one["lead"]].id].outcome not in outcomes.get(one["decision"], {Outcome.REJECTED})
    }
    assert wrong == {}
    refused = {name for _id, name, *_rest in FIGURES["ineligible"]}
    assert {str(files[name].state) for name in refused} == {"ineligible", "inadmissible"}


def test_the_ranking_page_shows_the_means_and_ranks_of_the_figures(demo: World) -> None:
    person = manager(demo)
    person.open(f"/classement/{CALL}")
    lines = [plain(words) for words in person.rows()]
    for one in RESULTS:
        (line,) = [words for words in lines if one["lead"] in words]
        mean = f"{one['mean']:.1f}".replace(".", ",")
        assert mean in line, (one["id"], line)
        assert plain(euros(cents(one["requested"]))) in line, (one["id"], line)
        if one["decision"] == "award":
            assert line.startswith(f"{one['rank']}."), (one["id"], line)
            assert plain(euros(cents(one["cum"]))) in line, (one["id"], line)


def test_the_tranches_are_those_of_the_figures(demo: World) -> None:
    with reading() as session:
        query = select(Project).where(Project.awarded_cents.is_not(None))
        for project in session.scalars(query):
            rows = session.scalars(select(Tranche).where(Tranche.project_id == project.id).order_by(Tranche.position))
            assert project.organisation is not None
            (figures,) = [one for one in AWARDS if one["lead"] == project.organisation.name]
            assert [row.amount_cents for row in rows] == [cents(amount) for amount in figures["tranches"]], figures[
                "id"
            ]


def test_on_21_november_2026_87_200_euros_are_paid_and_17_800_remain(demo: World) -> None:
    with reading() as session:
        paid = (
            select(Project.organisation_id, func.sum(Payment.amount_cents))
            .select_from(Payment)
            .join(Tranche, Tranche.id == Payment.tranche_id)
            .join(Project, Project.id == Tranche.project_id)
            .where(Payment.returned_on.is_(None))
            .group_by(Project.organisation_id)
        )
        sums = dict(session.execute(paid).all())
        projects = session.scalars(select(Project).where(Project.awarded_cents.is_not(None))).all()
        told = {
            row.organisation.name: (sums.get(row.organisation_id, 0), str(row.state))
            for row in projects
            if row.organisation
        }
        awarded = sum(row.awarded_cents or 0 for row in projects)
    assert told == {lead: (cents(euro), state) for lead, (euro, state) in STATE.items()}
    assert (sum(sums.values()), awarded - sum(sums.values())) == (cents(87_200), cents(17_800))


def test_the_pages_tell_the_same_sums(demo: World) -> None:
    (finance,) = [one.email for one in DEMO_ACCOUNTS if one.role == "Responsable financière"]
    person = visitor(demo, finance)
    sees(person, "87 200 €", "17 800 €", "105 000 €")
    person = manager(demo)
    person.follow("Projets")
    for lead in STATE:
        sees(person, lead)


def test_a_report_is_67_days_late_one_is_returned_one_amendment_waits(demo: World) -> None:
    with reading() as session:
        holder = {row.id: row.organisation.name for row in session.scalars(select(Project)) if row.organisation}
        late = [
            (holder[row.project_id], (date(2026, 11, 21) - row.due_on).days)
            for row in session.scalars(select(Report).where(Report.state.in_(("expected", "draft"))))
            if row.due_on < date(2026, 11, 21)
        ]
        returned = [
            holder[row.project_id] for row in session.scalars(select(Report).where(Report.state == "changes_requested"))
        ]
        asked = [
            (holder[row.project_id], row.extra_months)
            for row in session.scalars(select(Amendment))
            if row.state == "requested"
        ]
    assert late == [("Institut des Territoires Liés", 67)]
    assert returned == ["Passerelles Diasporas"]
    assert asked == [("Ouest Coopérations", 2)]


# letters: each opened by two readers


def by_pypdf(pdf: bytes) -> str:
    """The words as pypdf finds them."""
    return plain("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def by_pdftotext(pdf: bytes) -> str:
    """The words as poppler finds them."""
    answer = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return plain(answer.stdout.decode())


def squeezed(words: str) -> str:
    """Without spaces and hyphens: readers differ about them at the ends of lines."""
    return re.sub(r"[\s\-‐‑]+", "", words)


def letters() -> list[tuple[Document, Decision]]:
    """Every decision letter with its decision."""
    with reading() as session:
        found = []
        for document in session.scalars(select(Document).where(Document.kind == "decision-letter")):
            public_id = document.subject.partition(":")[2]
            decision = session.scalars(select(Decision).where(Decision.public_id == public_id)).one()
            _ = decision.application.organisation.name
            found.append((document, decision))
        return found


@pytest.mark.parametrize("reader", [by_pypdf, by_pdftotext])
def test_every_decision_letter_says_what_the_database_says(demo: World, reader: Any) -> None:
    found = letters()
    assert len(found) == len(RESULTS)
    for document, decision in found:
        words = squeezed(reader(demo.doors.store.read(document.sha256)))
        application = decision.application
        must = [application.number or "", application.organisation.name, application.title]
        must += [plain(euros(decision.awarded_cents))] if decision.awarded_cents else []
        for said in must:
            assert squeezed(said) in words, (document.filename, said)
        others = {other.application.organisation.name for _, other in found} - {application.organisation.name}
        strangers = [name for name in others if squeezed(name) in words]
        assert strangers == [], (document.filename, strangers)


@pytest.mark.parametrize("reader", [by_pypdf, by_pdftotext])
def test_every_receipt_carries_its_number_and_its_fingerprint(demo: World, reader: Any) -> None:
    with reading() as session:
        receipts = session.scalars(select(Document).where(Document.kind == "receipt")).all()
        for document in receipts:
            public_id = document.subject.partition(":")[2].partition("/")[0]
            application = session.scalars(select(Application).where(Application.public_id == public_id)).one()
            words = squeezed(reader(demo.doors.store.read(document.sha256)))
            assert squeezed(application.number or "none") in words
            assert squeezed(application.organisation.name) in words
    assert len(receipts) >= len(RESULTS)


@pytest.mark.parametrize("reader", [by_pypdf, by_pdftotext])
def test_every_agreement_names_its_holder_and_its_amounts(demo: World, reader: Any) -> None:
    with reading() as session:
        projects = session.scalars(select(Project).where(Project.awarded_cents.is_not(None))).all()
        documents = {
            row.reference: row for row in session.scalars(select(Document).where(Document.kind == "agreement"))
        }
        assert len(documents) == len(projects) == len(AWARDS)
        for project in projects:
            (document,) = [row for reference, row in documents.items() if project.number in reference]
            words = squeezed(reader(demo.doors.store.read(document.sha256)))
            tranches = session.scalars(select(Tranche).where(Tranche.project_id == project.id))
            assert project.organisation is not None
            assert project.awarded_cents is not None
            amounts = [project.awarded_cents, *(row.amount_cents for row in tranches)]
            for said in (project.organisation.name, *(plain(euros(amount)) for amount in amounts)):
                assert squeezed(said) in words, (project.number, said)


def mails(world: World) -> list[EmailMessage]:
    """Everything that lies in the mailbox."""
    found = []
    for file in sorted(world.settings.mailbox_dir.glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=SMTP)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def test_each_mail_carries_the_letter_of_its_own_file(demo: World) -> None:
    """The right letter to the right person: attachment, number, organisation, recipient."""
    with reading() as session:
        documents = list(session.scalars(select(Document).order_by(Document.produced_at)))
        people = {row.email: row.id for row in session.scalars(select(Account))}
        sent = {
            row.message_id: (row.recipient_id, row.payload.get("attach"), row.subject, row.made_at)
            for row in session.scalars(select(Promise).where(Promise.kind == "mail"))
        }
    seen = 0
    for message in mails(demo):
        recipient_id, attach, subject, made_at = sent[str(message["Message-ID"]).strip("<>").partition("@")[0]]
        assert people[message["To"].addresses[0].addr_spec] == recipient_id
        enclosed = list(message.iter_attachments())
        assert len(enclosed) == (1 if attach else 0)
        for part in enclosed:
            own = [row for row in documents if (row.kind, row.subject.partition("/")[0]) == (attach, subject)]
            document = [row for row in own if row.produced_at <= made_at][-1]  # a file submitted again has two receipts
            assert part.get_filename() == document.filename
            assert part.get_content() == demo.doors.store.read(document.sha256)
            seen += 1
    assert seen > len(RESULTS)
    assert len(mails(demo)) == len(sent)


def test_the_real_round_is_told_without_amounts(demo: World) -> None:
    person = visitor(demo)
    person.open("/fr/appels/caac-phase-2")
    sees(person, "Les 7 projets de cette édition", "non précisé dans la source", "non décrit dans la source")
    person.open("/fr/projets?appel=caac-phase-2")
    sheets = [href for href in person.hrefs() if re.fullmatch(r"/fr/projets/caac-phase-2/[a-z0-9-]+", href)]
    assert len(sheets) == 7
    undescribed = 0
    for href in sheets:
        person.open(href)
        sees(person, "montant non communiqué par la source", "CFSI")
        undescribed += "Non décrit dans la source." in person.text
        assert not re.search(r"\d ?€", person.text), href
        assert "inventé" not in person.text.replace("Réseau, personnes et chiffres inventés", ""), href
    assert undescribed == 1


def test_the_doctor_is_green_and_every_promise_kept(demo: World) -> None:
    sound(demo)


def test_one_byte_changed_in_the_trail_is_found(demo: World) -> None:
    a_changed_byte_is_found(demo)


def test_every_account_of_the_demonstration_signs_in_to_a_page_of_its_own(demo: World) -> None:
    for line in DEMO_ACCOUNTS:
        person = visitor(demo, line.email)
        assert person.status == 200, line
        assert "/connexion" not in person.path, line
