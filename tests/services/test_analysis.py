"""What the scores say: asked for once for everybody, worked out by the worker, stale as soon as a score changes."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from grants import clock
from grants.db import reading, transaction
from grants.delivery import score_study
from grants.domain import lots
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible
from grants.models import (
    Account,
    Application,
    AuditEntry,
    Call,
    Lot,
    Mark,
    Promise,
    PromiseState,
    Review,
    ScoreAnalysis,
)
from grants.policies import Actor, Role
from grants.queries import analysis as queries
from grants.queries import selection
from grants.queries.account import actor_for
from grants.services import analysis, lot, relay
from grants.services import selection as sittings
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
FILES = 9
MARKS = ((9, 8, 9), (8, 9, 7), (7, 8, 6), (7, 6, 7), (6, 7, 7), (6, 6, 7), (5, 6, 4), (4, 3, 5), (2, 3, 3))


@dataclass
class Round:
    """Nine files read by three members; the third member is recused from the first file."""

    call: Call
    manager: Account
    auditor: Account
    members: list[Account]
    files: list[Application]
    reviews: list[Review] = field(default_factory=list)


@pytest.fixture
def world(either_database: Engine) -> Round:
    assert either_database
    return a_round()


def a_round() -> Round:
    """The round, written into the bound database."""
    with transaction() as session:
        call = builders.a_call(session, envelope_cents=4_000_000, quorum=1, lot=True, threshold=0)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        auditor = builders.an_account(session, role=Role.AUDITOR)
        members = [builders.an_account(session, role=Role.CHAIR, call_id=call.id)]
        members += [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2)]
        files = [
            builders.an_application(
                session, call=call, state=ApplicationState.IN_REVIEW, submitted_at=clock.now() - timedelta(hours=n)
            )
            for n in range(FILES)
        ]
        made = Round(call, manager, auditor, members, files)
        for file, halves in zip(files, MARKS, strict=True):
            for member, mark in zip(members, halves, strict=True):
                closed = file is files[0] and member is members[2]
                builders.an_interest(session, application=file, account=member, stand="conflict" if closed else "free")
                made.reviews.append(builders.a_review(session, application=file, reviewer=member, halves=mark))
    return made


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def work() -> None:
    """The worker keeps every promise of an analysis."""
    with reading() as session:
        promises = list(
            session.scalars(
                select(Promise.id).where(Promise.kind == analysis.KIND, Promise.state == PromiseState.QUEUED)
            )
        )
    for promise in promises:
        assert relay.keep(promise, {analysis.KIND: analysis.keep}), told(promise)


def told(promise: int) -> str:
    """Why a promise was not kept."""

    with reading() as session:
        return session.get_one(Promise, promise).last_error


def seen(world: Round, account: Account) -> queries.Shown:
    with reading() as session:
        call = selection.call_for_ranking(session, world.call.id)
        return queries.shown(session, selection.board(session, actor_for(session, account.id), call).basis)


def change(review: Review, halves: int) -> None:
    """Another mark, as a review that was returned and given again leaves it."""
    with transaction() as session:
        row = session.get_one(Review, review.id)
        row.edited_at = clock.now() + timedelta(seconds=row.version)
        for mark in session.scalars(select(Mark).where(Mark.review_id == review.id)):
            mark.half_points = halves


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_one_analysis_for_each_set_of_files_that_somebody_sees(world: Round) -> None:
    """RV-09: the one who is recused from a file reads an analysis made without it, the others the whole one."""
    assert analysis.ask(actor=acting(world.manager), call=world.call.public_id) == 2
    with pytest.raises(NotPossible) as refused:
        analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    assert codes(refused) == {"analysis_running"}
    running = seen(world, world.manager)
    assert running.running is not None
    assert running.report is None
    work()
    whole, recused = seen(world, world.manager), seen(world, world.members[2])
    assert (whole.running, whole.failed, whole.stale) == (None, None, False)
    assert whole.report is not None
    assert recused.report is not None
    assert {one.application for one in whole.report.ranks.standings} == {file.public_id for file in world.files}
    hidden = world.files[0].public_id
    assert {one.application for one in recused.report.ranks.standings} == {f.public_id for f in world.files} - {hidden}
    assert whole.report.ranks.places == 4
    assert len(whole.report.agreement) == 7
    assert whole.report.ranks.standings[0].expected_rank == pytest.approx(1.5, abs=0.8)
    assert seen(world, world.auditor) == whole
    assert seen(world, world.members[0]) == whole


def test_a_changed_score_makes_stale_what_was_made_from_it_and_nothing_else(world: Round) -> None:
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    work()
    before = seen(world, world.members[2])
    change(world.reviews[0], 1)  # of the file that the third member does not see
    assert seen(world, world.manager).stale
    assert seen(world, world.members[2]) == before
    change(world.reviews[-1], 9)
    assert seen(world, world.members[2]).stale
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    work()
    assert not seen(world, world.manager).stale
    assert not seen(world, world.members[2]).stale


def test_who_is_recused_asks_without_learning_anything(world: Round) -> None:
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    work()
    first = seen(world, world.members[2])
    for halves in (0, 5, 10):
        for review in world.reviews[:3]:
            change(review, halves)
        analysis.ask(actor=acting(world.manager), call=world.call.public_id)
        work()
        again = seen(world, world.members[2])
        assert again.report == first.report
        assert again.done is not None
        assert first.done is not None
        assert again.done.scores_sha256 == first.done.scores_sha256


def test_only_the_programme_and_the_chair_once_the_sitting_has_begun_ask(world: Round) -> None:
    for account in (world.members[1], world.members[0], world.auditor):
        with pytest.raises((NotAllowed, NotFound)):
            analysis.ask(actor=acting(account), call=world.call.public_id)
    with transaction() as session:
        builders.a_meeting(session, call=world.call, secretary=world.manager, state="open")
    analysis.ask(actor=acting(world.members[0]), call=world.call.public_id)


@pytest.mark.usefixtures("database")
def test_without_a_score_there_is_nothing_to_analyse() -> None:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
    with pytest.raises(NotPossible) as refused:
        analysis.ask(actor=acting(manager), call=call.public_id)
    assert codes(refused) == {"no_scores"}


def test_a_process_that_dies_says_so_and_is_not_tried_again(world: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_study, "SECONDS", 0)
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    work()
    told = seen(world, world.manager)
    assert told.failed is not None
    assert told.report is None
    with reading() as session:
        assert all(one.finished_at for one in session.scalars(select(ScoreAnalysis)))


def sitting(world: Round) -> str:
    actor = acting(world.manager)
    row = sittings.convene(actor=actor, call=world.call.public_id, held_at=clock.now())
    here = [member.public_id for member in world.members]
    sittings.record_attendance(actor=actor, meeting=row.public_id, accounts=here)
    return row.public_id


def test_a_lot_is_promised_before_the_sitting_and_drawn_while_it_lasts(world: Round) -> None:
    actor, meeting = acting(world.manager), sitting(world)
    with pytest.raises(NotPossible) as refused:
        lot.promise(actor=actor, meeting=meeting)
    assert codes(refused) == {"analysis_fresh"}
    analysis.ask(actor=actor, call=world.call.public_id)
    work()
    first = lot.promise(actor=actor, meeting=meeting)
    promised = lot.promise(actor=actor, meeting=meeting)
    assert first.commitment != promised.commitment
    with pytest.raises(NotPossible) as refused:
        lot.draw(actor=actor, meeting=meeting)
    assert codes(refused) == {"lot_during_sitting"}
    sittings.open_meeting(actor=actor, meeting=meeting)
    with pytest.raises(NotPossible) as refused:
        lot.promise(actor=actor, meeting=meeting)
    assert codes(refused) == {"lot_before_sitting"}
    _draw(world, meeting, promised)


def _draw(world: Round, meeting: str, promised: Lot) -> None:
    """Draw it, and read what is kept."""
    actor = acting(world.manager)
    with pytest.raises(Invalid):
        lot.draw(actor=actor, meeting=meeting, word="x" * 300)
    drawn = lot.draw(actor=acting(world.members[0]), meeting=meeting, word="brouillard sur la Loire")
    assert sorted(drawn.drawn) == promised.files
    assert lots.keeps(promised.commitment, drawn.seed, world.call.public_id, drawn.files)
    again = lots.draw(drawn.seed, world.call.public_id, drawn.files, public="brouillard sur la Loire")
    assert [ticket.file for ticket in again] == drawn.drawn
    assert 0 < drawn.places < len(drawn.files)
    with pytest.raises(NotPossible) as refused:
        lot.draw(actor=actor, meeting=meeting)
    assert codes(refused) == {"lot_once"}
    with reading() as session:
        trail = session.scalars(
            select(AuditEntry).where(AuditEntry.action.in_(("selection.promise-lot", "selection.draw-lot")))
        )
        told = [(entry.action, entry.body) for entry in trail]
    assert [action for action, _ in told] == ["selection.promise-lot", "selection.promise-lot", "selection.draw-lot"]
    assert told[1][1]["commitment"] == promised.commitment
    assert told[2][1] == {"seed": drawn.seed, "word": drawn.word, "places": drawn.places, "order": drawn.drawn}


def test_a_lot_falls_when_the_scores_have_changed_since_its_promise(world: Round) -> None:
    actor, meeting = acting(world.manager), sitting(world)
    analysis.ask(actor=actor, call=world.call.public_id)
    work()
    lot.promise(actor=actor, meeting=meeting)
    change(world.reviews[4], 1)
    sittings.open_meeting(actor=actor, meeting=meeting)
    with pytest.raises(NotPossible) as refused:
        lot.draw(actor=actor, meeting=meeting)
    assert codes(refused) == {"scores_kept"}


def test_whoever_is_recused_from_a_file_cannot_hold_the_lot(world: Round) -> None:
    """The answer is the same whether the closed file is in the group or not."""
    meeting = sitting(world)
    with transaction() as session:
        builders.an_interest(session, application=world.files[8], account=world.manager, stand="conflict")
    for act in (lot.promise, lot.draw):
        with pytest.raises(NotPossible) as refused:
            act(actor=acting(world.manager), meeting=meeting)
        assert codes(refused) == {"lot_seen_whole"}


def test_no_lot_where_the_call_foresees_none(world: Round) -> None:
    meeting = sitting(world)
    with transaction() as session:
        session.get_one(Call, world.call.id).lot = False
    analysis.ask(actor=acting(world.manager), call=world.call.public_id)
    work()
    with pytest.raises(NotPossible) as refused:
        lot.promise(actor=acting(world.manager), meeting=meeting)
    assert codes(refused) == {"lot_not_foreseen"}
    with reading() as session:
        assert session.scalar(select(Lot.id)) is None
