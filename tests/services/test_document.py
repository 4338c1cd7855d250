"""Documents: drawn once, and what they print is what the database says."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.domain.receipts import fingerprint
from grants.models import Agreement, Application, Document, Snapshot
from grants.queries import letter
from grants.services import document, keeper, relay
from grants.services.lifecycle import MACHINES
from grants.workflow.application import ApplicationState
from grants.workflow.decision import Outcome
from grants.workflow.effects import Document as Promised
from tests import awards, letters
from tests.awards import World
from tests.letters import RELEASED

pytestmark = [pytest.mark.db, pytest.mark.slow, pytest.mark.usefixtures("database")]


@pytest.fixture
def world() -> World:
    return letters.a_network_and_its_call()


def produced(folder: Path, kind: str, row: Any, made_at: datetime = RELEASED) -> tuple[Document, str]:
    """The document row and its text, as anybody's reader shows it."""
    doors = letters.doors(folder)
    promise = letters.promise("document", kind, row, made_at=made_at)
    with frozen(made_at):
        assert relay.keep(promise.id, keeper.handlers(doors)), again(promise).last_error
    with reading() as session:
        subject = letter.document_subject(session, kind, promise.subject, made_at)
        found = letter.document(session, kind, subject)
    assert found is not None
    pdf = doors.store.path(found.sha256)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    return found, " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def again(row: Any) -> Any:
    return awards.again(row)


def number_of(row: Any) -> str:
    with reading() as session:
        found = session.get_one(Application, getattr(row, "application_id", row.id)).number
    assert found is not None
    return found


def test_an_award_says_how_much_when_and_what_next(world: World, tmp_path: Path):
    decision = letters.a_decision(world, Outcome.AWARDED)
    found, text = produced(tmp_path, "decision-letter", decision)
    assert found.filename == f"lettre-{number_of(decision)}.pdf"
    assert found.reference == number_of(decision)
    for words in (
        number_of(decision),
        "Association Bocage Accueil",
        "Hélène Marchand, présidente",
        "Lille, le vendredi 19 décembre 2025",
        "une subvention de 15 500 €",
        "67,69 % de 22 900 €",
        "9 300 €",
        "4 650 €",
        "1 550 €",
        "jeudi 15 janvier 2026 à 9 h 00 (heure de Paris)",
        "délibération CA-2025-12-18",
        "Aïssatou Lenglet",
    ):
        assert words in text, words


def test_a_smaller_award_says_by_how_much(world: World, tmp_path: Path):
    decision = letters.a_decision(world, Outcome.AWARDED, awarded_cents=1_200_000)
    _found, text = produced(tmp_path, "decision-letter", decision)
    assert "inférieur de 3 500 € à votre demande" in text


def test_a_condition_is_told_with_its_date(world: World, tmp_path: Path):
    _found, text = produced(tmp_path, "decision-letter", letters.a_decision(world, Outcome.AWARDED_WITH_CONDITIONS))
    assert "Fournir la lettre d’engagement de l’entreprise partenaire" in text
    assert "Au plus tard le samedi 31 janvier 2026" in text


def test_a_place_on_the_reserve_list_says_what_it_means(world: World, tmp_path: Path):
    _found, text = produced(tmp_path, "decision-letter", letters.a_decision(world, Outcome.RESERVE))
    assert "au rang 2" in text
    assert "Un projet est placé avant le vôtre" in text
    assert "Aucune subvention ne vous est acquise" in text


REASONS: Mapping[str, str] = {
    "envelope_exhausted": "L’enveloppe de l’appel, 105 000 €, est entièrement attribuée",
    "below_threshold": "60 points sur 100",
    "below_minimum": "Critère 2 : au moins 2,5 sur 5",
    "ranked": "le comité a classé avant le vôtre",
}


@pytest.mark.parametrize("code", REASONS)
def test_a_refusal_gives_its_reason_and_neither_score_nor_rank(world: World, tmp_path: Path, code: str):
    decision = letters.a_decision(world, Outcome.REJECTED, reason_code=code, motive="Le calendrier est trop court.")
    _found, text = produced(tmp_path, "decision-letter", decision)
    assert REASONS[code] in text
    assert "Le calendrier est trop court." in text
    assert "réexaminée" in text


def test_the_receipt_proves_date_files_and_content(world: World, tmp_path: Path):
    file = letters.a_file(world)
    assert file.submitted_at is not None
    found, text = produced(tmp_path, "receipt", file, made_at=file.submitted_at)
    with reading() as session:
        snapshot = session.scalars(select(Snapshot).where(Snapshot.application_id == file.id)).one()
    assert snapshot.sha256 == fingerprint(snapshot.content)
    assert found.filename == f"recepisse-{file.number}.pdf"
    assert snapshot.sha256 in text
    assert "dimanche 2 novembre 2025 à 21 h 14 (heure de Paris)" in text
    assert "2025-11-02 20:14:33" in text
    for attachment in file.attachments:
        assert attachment.filename in text
        assert attachment.sha256[:32] in text


def test_a_mended_file_gets_a_receipt_of_its_own(world: World, tmp_path: Path):
    file = letters.a_file(world)
    assert file.submitted_at is not None
    first, _text = produced(tmp_path, "receipt", file, made_at=file.submitted_at)
    mended_at = datetime(2025, 11, 9, 10, 0, tzinfo=UTC)
    with transaction() as session:
        letters.a_snapshot(
            session, session.get_one(Application, file.id), world.accounts["lead"], 2, received_at=mended_at
        )
    second, text = produced(tmp_path, "receipt", file, made_at=mended_at)
    assert first.subject != second.subject
    assert "version 2, après correction" in text


def test_a_file_that_is_not_eligible_reads_the_rule_and_the_figures(world: World, tmp_path: Path):
    file = letters.a_file(world, requested_cents=1_800_000)
    letters.a_failed_check(world, file, "within_grant_bounds")
    letters.a_failed_check(world, file, "member_in_good_standing", "Adhésion échue le 31 décembre 2024.")
    _found, text = produced(tmp_path, "ineligible", file)
    assert "Montant demandé : 18 000 €. L’appel accorde de 8 000 € à 16 000 €." in text
    assert "n’était pas membre" in text
    assert "Adhésion échue le 31 décembre 2024." in text


def test_a_late_file_reads_both_times_and_the_answer_to_its_derogation(world: World, tmp_path: Path):
    late = datetime(2025, 11, 3, 11, 7, tzinfo=UTC)
    file = letters.a_file(world, number=None, submitted_at=None, state=ApplicationState.DRAFT, late_attempt_at=late)
    letters.a_failed_check(world, file, "received_before_deadline")
    letters.a_waiver(world, file, granted=False)
    _found, text = produced(tmp_path, "inadmissible", file)
    assert "Date limite : lundi 3 novembre 2025 à 12 h 00 (heure de Paris)" in text
    assert "Dépôt tenté : lundi 3 novembre 2025 à 12 h 07 (heure de Paris)" in text
    assert "La coupure n’est pas attestée" in text


def test_the_agreement_holds_what_binds(world: World, tmp_path: Path):
    agreement = awards.the(Agreement, awards.an_open_project(world))
    found, text = produced(tmp_path, "agreement", agreement)
    assert found.filename.startswith("convention-2026-")
    for words in (
        "Réseau Démo Solidarité Internationale",
        "SIRET 00000001800010",
        "Aïssatou Lenglet",
        "La subvention est de 15 500 €",
        "du 1er mars 2026 au 31 août 2026",
        "60 % 9 300 €",
        "Rapport final narratif 30 octobre 2026",
        "Total des dépenses 22 900 €",
        "Lycée agricole du Bocage",
        "Article 13",
    ):
        assert words in text, words


def test_hostile_text_is_printed_and_fetches_nothing(world: World, tmp_path: Path):
    hostile = '</style><img src="file:///etc/passwd"><link rel=attachment href="http://169.254.169.254/">'
    file = letters.a_file(world, title=hostile, state=ApplicationState.DECIDED)
    decision = letters.a_decision(world, Outcome.REJECTED, file, motive=hostile)
    _found, text = produced(tmp_path, "decision-letter", decision)
    assert 'src="file:///etc/passwd"' in text
    assert "root:" not in text


def test_drawing_again_gives_the_same_bytes_and_no_second_row(world: World, tmp_path: Path):
    decision = letters.a_decision(world, Outcome.DEFERRED)
    first, _text = produced(tmp_path / "one", "decision-letter", decision)
    with transaction() as session:
        session.delete(session.get_one(Document, first.id))
    second, _text = produced(tmp_path / "two", "decision-letter", decision)
    assert first.sha256 == second.sha256
    third, _text = produced(tmp_path / "two", "decision-letter", decision)
    assert third.id == second.id


def test_every_document_of_the_tables_is_known():
    effects = [effect for machine in MACHINES.values() for move in machine.moves for effect in move.effects]
    of_the_tables = {effect.kind for effect in effects if isinstance(effect, Promised)}
    assert of_the_tables | {letter.COPY} == set(document.KINDS)  # a copy is asked for by a page, no act promises it


def test_a_town_is_found_in_an_address():
    assert document.city_of(["12 rue des Deux Rives", "59000 Lille"]) == "Lille"
    assert document.city_of(["BP 12", "75014 Paris CEDEX 14"]) == "Paris"
    assert document.city_of(["Quartier Mbour"]) == ""
