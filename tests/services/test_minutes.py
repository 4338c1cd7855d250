"""The minutes of a sitting: written by its log, amended, approved by one person, signed by another, rebuilt by anybody."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from config.settings import PROJECT
from grants import clock
from grants.cli.minutes import minutes as rebuild
from grants.db import reading, transaction
from grants.domain.sitting_log import written
from grants.errors import NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, Document, Meeting, Minutes, Organisation, Promise
from grants.policies import Actor, Role
from grants.queries import minutes as queries
from grants.queries.account import actor_for
from grants.services import decision, keeper, minutes, relay, selection, sitting_log
from grants.workflow.application import ApplicationState
from grants.workflow.minutes import MinutesState
from tests import builders, letters

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]

SECRET = "Une phrase que la personne déportée ne doit pas lire."


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


@dataclass
class Stage:
    meeting: Meeting
    manager: Actor
    other_manager: Actor
    chair: Actor
    recused: Actor
    seen: Application
    hidden: Application
    accounts: list[Account]


def a_sitting() -> Stage:
    """A sitting with two files, from one of which a reviewer is recused; everything is decided, it is still open."""
    with transaction() as session:
        call = builders.a_call(session, quorum=2, reviews_required=1)
        accounts = [builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in "ab"]
        accounts += [builders.an_account(session, role=Role.CHAIR, call_id=call.id, name="Bernadette Présidente")]
        accounts += [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in "ab"]
        files = [builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW) for _ in "ab"]
        for rank, file in enumerate(files, 1):
            file.number = f"2026-{rank:03d}"
            builders.a_review(session, application=file, reviewer=accounts[3], halves=8)
            for member in accounts[2:]:
                if not (rank == 2 and member is accounts[4]) and member is not accounts[3]:
                    builders.an_interest(session, application=file, account=member)
        builders.an_interest(session, application=files[1], account=accounts[4], stand="conflict")
    manager, other, chair, _reader, recused = map(acting, accounts)
    meeting = selection.convene(actor=manager, call=call.public_id, held_at=clock.now(), place="Lille")
    here = [account.public_id for account in accounts[2:]]
    selection.record_attendance(actor=manager, meeting=meeting.public_id, accounts=here)
    selection.open_meeting(actor=manager, meeting=meeting.public_id)
    decision.propose(actor=manager, application=files[0].public_id, outcome="reserve", reserve_rank=1, motive="Bien.")
    decision.propose(actor=manager, application=files[1].public_id, outcome="rejected", motive=SECRET)
    return Stage(meeting, manager, other, chair, recused, files[0], files[1], accounts)


@pytest.fixture
def stage() -> Stage:
    return a_sitting()


def file_of(file: Application) -> dict[str, str]:
    return {"id": file.public_id, "number": file.number or "", "title": file.title}


def told(stage: Stage, actor: Actor) -> queries.Reading:
    with reading() as session:
        return queries.reading(session, actor, session.get_one(Meeting, stage.meeting.id))


def test_minutes_are_amended_approved_by_one_person_and_signed_by_another(stage: Stage) -> None:
    public_id = stage.meeting.public_id
    with pytest.raises(NotPossible) as refusal:
        minutes.approve(actor=stage.chair, meeting=public_id)
    assert codes(refusal) == {"sitting_closed"}
    selection.close_meeting(actor=stage.manager, meeting=public_id)
    with pytest.raises(NotPossible) as refusal:
        minutes.amend(actor=stage.manager, meeting=public_id, text="  ")
    assert codes(refusal) == {"amendment_can_be_read"}
    minutes.amend(actor=stage.manager, meeting=public_id, text="Lire douze.")
    assert minutes.approve(actor=stage.chair, meeting=public_id).state == MinutesState.APPROVED
    minutes.amend(actor=stage.manager, meeting=public_id, text="Et non deux.", file=stage.seen.public_id)
    assert told(stage, stage.manager).state == MinutesState.DRAFT  # to be approved again
    first, _second = told(stage, stage.manager).told.amendments
    minutes.strike(actor=stage.chair, meeting=public_id, amendment=first.id)
    with pytest.raises(NotPossible) as refusal:
        minutes.strike(actor=stage.chair, meeting=public_id, amendment=first.id)
    assert codes(refusal) == {"amendment_can_be_read"}

    minutes.approve(actor=stage.manager, meeting=public_id)
    with pytest.raises(NotPossible) as refusal:
        minutes.sign(actor=stage.manager, meeting=public_id)
    assert codes(refusal) == {"approved_by_another"}
    assert minutes.sign(actor=stage.other_manager, meeting=public_id).state == MinutesState.SIGNED
    with pytest.raises(NotPossible):
        minutes.amend(actor=stage.manager, meeting=public_id, text="Trop tard.")
    with pytest.raises(NotAllowed):
        minutes.approve(actor=stage.recused, meeting=public_id)


def test_whoever_is_recused_from_a_file_does_not_sign_what_they_do_not_read(stage: Stage) -> None:
    selection.close_meeting(actor=stage.manager, meeting=stage.meeting.public_id)
    minutes.approve(actor=stage.manager, meeting=stage.meeting.public_id)
    with transaction() as session:
        stage_chair = session.get_one(Account, stage.chair.id)
        for row in session.scalars(
            select(builders.Interest).where(
                builders.Interest.account_id == stage_chair.id,
                builders.Interest.application_id == stage.hidden.id,
            )
        ):
            row.stand = "conflict"
    with pytest.raises(NotPossible) as refusal:
        minutes.sign(actor=stage.chair, meeting=stage.meeting.public_id)
    assert codes(refusal) == {"every_file_seen"}


def test_the_recused_read_an_extract_and_strike_nothing_that_they_do_not_read(stage: Stage) -> None:
    public_id = stage.meeting.public_id
    selection.close_meeting(actor=stage.manager, meeting=public_id)
    minutes.amend(actor=stage.manager, meeting=public_id, text=SECRET, file=stage.hidden.public_id)
    extract = told(stage, stage.recused)
    assert extract.told.extract
    assert [talk.file.id for talk in extract.told.discussions] == [stage.seen.public_id]
    words = json.dumps(written(extract.entries), ensure_ascii=False)
    assert SECRET not in words
    assert stage.hidden.public_id not in words
    assert "2026-002" not in words
    whole = told(stage, stage.manager)
    assert not whole.told.extract
    assert [talk.file.id for talk in whole.told.discussions] == [stage.seen.public_id, stage.hidden.public_id]
    with transaction() as session:  # the chair is recused too, after the correction was written
        interest = session.scalars(
            select(builders.Interest).where(
                builders.Interest.account_id == stage.chair.id, builders.Interest.application_id == stage.hidden.id
            )
        ).one()
        interest.stand = "conflict"
    (amendment,) = whole.told.amendments
    with pytest.raises(NotFound):
        minutes.strike(actor=stage.chair, meeting=public_id, amendment=amendment.id)
    with pytest.raises(NotFound):
        minutes.amend(actor=stage.chair, meeting=public_id, text="Encore.", file=stage.hidden.public_id)


def _signed_with_a_reference(stage: Stage) -> None:
    public_id = stage.meeting.public_id
    with transaction() as session:  # as it is told when a sitting with a reference closes
        apart = {"both": [], "with": [], "without": [file_of(stage.seen)], "open": [], "moved": [], "value_lost": 12.5}
        told_apart = {"scenario": {"id": "x", "name": "Le plus juste", "value": 80.25}, "distance": apart}
        sitting_log.note(session, session.get_one(Meeting, stage.meeting.id), "advice", None, told_apart)
    selection.close_meeting(actor=stage.manager, meeting=public_id)
    minutes.amend(actor=stage.manager, meeting=public_id, text="Lire « douze ».")
    minutes.approve(actor=stage.chair, meeting=public_id)
    minutes.sign(actor=stage.manager, meeting=public_id)


def test_rv_09_a_correction_of_a_closed_file_leaves_no_trace_when_it_is_struck_either(stage: Stage) -> None:
    public_id = stage.meeting.public_id
    selection.close_meeting(actor=stage.manager, meeting=public_id)
    before = told(stage, stage.recused).entries
    minutes.amend(actor=stage.manager, meeting=public_id, text=SECRET, file=stage.hidden.public_id)
    (amendment,) = told(stage, stage.manager).told.amendments
    minutes.strike(actor=stage.manager, meeting=public_id, amendment=amendment.id)
    assert told(stage, stage.recused).entries == before
    assert told(stage, stage.manager).told.amendments[0].struck_at is not None


@pytest.mark.slow
def test_from_the_log_alone_the_signed_document_is_rebuilt_byte_for_byte(stage: Stage, tmp_path: Path) -> None:
    """The whole and the extract, by the command, after every row that they spoke of has changed its words."""
    _signed_with_a_reference(stage)
    doors = letters.doors(tmp_path)
    with reading() as session:
        due = session.scalars(select(Promise.id).where(Promise.kind == "document", Promise.name == queries.KIND)).all()
    assert len(due) == 2  # the whole, and one extract
    for promise in due:
        assert relay.keep(promise, keeper.handlers(doors))
    with transaction() as session:
        session.execute(text("UPDATE application SET title = 'Autre chose'"))
        session.execute(text("UPDATE account SET name = 'Autrui'"))
        session.execute(text("UPDATE call SET title = 'Autre appel'"))
        assert session.scalars(select(Organisation)).first() is not None
        session.execute(text("UPDATE organisation SET name = 'Autre association'"))
        assert session.scalars(select(Minutes)).one().state == MinutesState.SIGNED
    for actor, title in ((stage.manager, "Procès-verbal"), (stage.recused, "Extrait du procès-verbal")):
        read = told(stage, actor)
        assert isinstance(read.document, Document)
        kept = doors.store.read(read.document.sha256)
        log = tmp_path / "journal.json"
        log.write_text(
            json.dumps({"v": 1, "extract": bool(read.hidden), "entries": written(read.entries)}), encoding="utf-8"
        )
        subprocess.run(  # in a process that has no database of ours
            [sys.executable, "-m", "flask", "--app", "wsgi", "minutes", str(log), str(tmp_path / "pv.pdf")],
            env={**os.environ, "ENV": "demo", "DATA_DIR": str(tmp_path / "nowhere")},
            cwd=PROJECT,
            check=True,
        )
        assert (tmp_path / "pv.pdf").read_bytes() == kept
        words = subprocess.run(
            ["pdftotext", "-layout", str(tmp_path / "pv.pdf"), "-"], capture_output=True, check=True, text=True
        ).stdout
        assert title in words
        assert "Lille" in words
        assert ("Le plus juste" in words) is (actor is stage.manager)
        assert (SECRET[:20] in " ".join(words.split())) is (actor is stage.manager)


def test_what_is_no_log_of_signed_minutes_is_refused_in_a_sentence(tmp_path: Path) -> None:
    log = tmp_path / "journal.json"
    for content, said in (("[]", "not the log"), ("{", "not the log"), ('{"entries": []}', "not signed")):
        log.write_text(content)
        result = CliRunner().invoke(rebuild, [str(log), str(tmp_path / "pv.pdf")])
        assert result.exit_code == 1
        assert said in result.output
