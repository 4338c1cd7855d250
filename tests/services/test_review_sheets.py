"""Sheets of marks: what does not apply, who reads whose, what rests once it is closed, what is kept of what was given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from grants import clock
from grants.db import reading, transaction
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, AuditEntry, Call, Criterion, GivenReview, Mark, Review, SecurityEvent
from grants.policies import Actor, Role, may
from grants.queries import analysis, other_reviews, selection
from grants.queries.account import actor_for
from grants.queries.doctor.lives import _peeking
from grants.queries.scores import scores_of
from grants.queries.subjects import subject_of
from grants.queries.visibility import visible_to
from grants.services import housekeeping, review
from grants.services import selection as sittings
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = pytest.mark.db
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
FULL: dict[str, Any] = {"marks": dict.fromkeys(KEYS, 7), "comments": {}, "opinion": "Un projet solide."}


@dataclass
class Committee:
    """A call whose criterion C7 may not apply, two readers of one file, free of interests, and their sheets."""

    call: Call
    manager: Account
    readers: list[Account]
    file: Application
    sheets: list[Review]

    def actor(self, number: int) -> Actor:
        return acting(self.readers[number])

    def gives(self, number: int, **more: Any) -> Review:
        return review.score(actor=self.actor(number), review=self.sheets[number].public_id, **{**FULL, **more})

    def reads(self, number: int) -> list[other_reviews.Written]:
        """What this reader reads of the others."""
        with reading() as session:
            own = session.get_one(Review, self.sheets[number].id)
            return other_reviews.others(session, self.actor(number), own, session.get_one(Call, self.call.id))

    def opens(self, how: str) -> None:
        with transaction() as session:
            session.get_one(Call, self.call.id).others_reviews = how


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


@pytest.fixture
def committee(database: object) -> Committee:
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1), quorum=0)
        next(one for one in call.criteria if one.key == "C7").optional = True
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        readers = [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2)]
        file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
        sheets = [builders.a_review(session, application=file, reviewer=one) for one in readers]
        for one in readers:
            builders.an_interest(session, application=file, account=one)
    return Committee(call, manager, readers, file, sheets)


# ── What does not apply ──


def test_a_criterion_that_does_not_apply_counts_in_no_total_mean_rank_or_opinion(committee: Committee) -> None:
    marks = {**dict.fromkeys(KEYS, 8), "C7": None}
    committee.gives(0, marks=marks, not_applicable={"C7"}, comments={"C7": "Un projet sans lien avec ce critère."})
    committee.gives(1, marks={**dict.fromkeys(KEYS, 8), "C7": 2}, comments={"C7": "Presque rien."})
    with reading() as session:
        call = session.get_one(Call, committee.call.id)
        weight = next(one.weight for one in call.criteria if one.key == "C7")
        scores = scores_of(session, call)
        low = Fraction(80 * (100 - weight) + 20 * weight, 100)
        assert scores.totals[committee.file.id] == (low, Fraction(80))
        assert scores.means[committee.file.id]["C7"] == 1, "the mean of the one mark there is"
        told = selection.opinions(
            session, acting(committee.manager), session.get_one(Application, committee.file.id), call
        )
        assert [one.total for one in told] == [80, low]
        assert told[0].comments == ((told[0].comments[0][0], None, "Un projet sans lien avec ce critère."),)
        board = selection.board(session, acting(committee.manager), call)
        assert board.places[0].ranked.mean == (80 + low) / 2


def test_a_file_to_which_nobody_applied_a_criterion_is_not_below_its_minimum(committee: Committee) -> None:
    with transaction() as session:
        own = select(Criterion).where(Criterion.call_id == committee.call.id, Criterion.key == "C7")
        session.scalars(own).one().minimum_half_points = 5
    for number in (0, 1):
        committee.gives(number, marks={**dict.fromkeys(KEYS, 8), "C7": None}, not_applicable=["C7"])
    with reading() as session:
        place = selection.board(session, acting(committee.manager), session.get_one(Call, committee.call.id)).places[0]
        assert (place.ranked.below_minimum, place.ranked.mean) == ((), 80)


def test_the_analysis_reads_what_does_not_apply_as_missing(committee: Committee) -> None:
    committee.gives(0, marks={**dict.fromkeys(KEYS, 8), "C7": None}, not_applicable=["C7"])
    with reading() as session:
        call = session.get_one(Call, committee.call.id)
        [line] = analysis.material(session, analysis.basis_of(session, call, [committee.file.id]))["readings"]
    assert line[2] == 80.0
    assert line[4] == dict.fromkeys(KEYS[:-1], 4.0)


@pytest.mark.parametrize(
    ("marks", "aside"),
    [
        ({"C1": None}, ["C1"]),  # it always applies
        ({"C7": 4}, ["C7"]),  # it has a mark
        ({}, ["C9"]),  # nobody knows it
    ],
)
def test_only_what_may_not_apply_and_has_no_mark_is_set_aside(
    committee: Committee, marks: dict[str, int | None], aside: list[str]
) -> None:
    with pytest.raises(Invalid):
        review.save(
            actor=committee.actor(0),
            review=committee.sheets[0].public_id,
            marks=marks,
            comments={},
            not_applicable=aside,
        )


def test_a_draft_keeps_what_does_not_apply_and_gives_it_up_again(committee: Committee) -> None:
    sheet: dict[str, Any] = {"actor": committee.actor(0), "review": committee.sheets[0].public_id, "comments": {}}
    review.save(**sheet, marks={"C7": None}, not_applicable=["C7"], last_criterion="C7")
    with reading() as session:
        kept = session.scalars(select(Mark)).one()
        assert (kept.not_applicable, kept.half_points) == (True, None)
        assert session.get_one(Review, committee.sheets[0].id).last_criterion == "C7"
    review.save(**sheet, marks={"C7": 6}, last_criterion="C9")
    with reading() as session:
        kept = session.scalars(select(Mark)).one()
        assert (kept.not_applicable, kept.half_points) == (False, 6)
        assert session.get_one(Review, committee.sheets[0].id).last_criterion == "C7", "an unknown one moves nothing"


# ── Who reads whose ──


def test_rv_01_a_draft_is_nobodys_and_in_no_average(committee: Committee) -> None:
    committee.opens("always")
    review.save(actor=committee.actor(1), review=committee.sheets[1].public_id, **FULL)
    assert committee.reads(0) == []
    with reading() as session:
        assert scores_of(session, session.get_one(Call, committee.call.id)).totals == {}
        with pytest.raises(NotFound):
            other_reviews.readable(session, committee.actor(0), committee.sheets[1].public_id)
    with pytest.raises(NotFound):
        review.save(actor=committee.actor(0), review=committee.sheets[1].public_id, **FULL)


@pytest.mark.parametrize(("how", "before", "after"), [("never", 0, 0), ("after_own", 0, 1), ("always", 1, 1)])
def test_rv_01_the_others_reviews_are_read_when_the_call_says_so(
    committee: Committee, how: str, before: int, after: int
) -> None:
    committee.opens(how)
    committee.gives(1)
    assert len(committee.reads(0)) == before
    committee.gives(0)
    assert len(committee.reads(0)) == after


def test_a_review_that_is_read_stays_its_authors_and_tells_no_name_and_no_private_note(committee: Committee) -> None:
    committee.opens("always")
    committee.gives(1, private_note="Entre moi et moi.")
    [told] = committee.reads(0)
    assert (told.total, told.opinion) == (70, FULL["opinion"])
    assert "Entre moi" not in repr(told)
    assert committee.readers[1].name not in repr(told)
    with pytest.raises(NotAllowed):
        review.save(actor=committee.actor(0), review=committee.sheets[1].public_id, **FULL)
    with reading() as session, pytest.raises(NotFound):
        other_reviews.readable(session, committee.actor(0), committee.sheets[1].public_id)


def test_whoever_steps_back_or_leaves_the_file_reads_the_others_no_more(committee: Committee) -> None:
    committee.opens("always")
    committee.gives(1)
    review.unassign(actor=acting(committee.manager), review=committee.sheets[0].public_id)
    assert committee.reads(0) == []
    review.assign(
        actor=acting(committee.manager),
        application=committee.file.public_id,
        reviewers=[committee.readers[0].public_id],
    )
    assert len(committee.reads(0)) == 1
    review.declare_interest(actor=committee.actor(0), application=committee.file.public_id, stand="conflict")
    assert committee.reads(0) == []


@pytest.mark.parametrize("opinion", ["", " ", "x", "…"])
def test_rv_02_an_empty_review_does_not_open_those_of_the_others(committee: Committee, opinion: str) -> None:
    committee.opens("after_own")
    committee.gives(1)
    with pytest.raises(NotPossible) as refused:
        committee.gives(0, opinion=opinion)
    assert codes(refused) == {"opinion_written"}
    with pytest.raises(NotPossible) as refused:
        committee.gives(0, marks={})
    assert codes(refused) == {"every_criterion_marked"}
    assert committee.reads(0) == []


def test_rv_02_what_was_given_is_returned_by_the_manager_alone_hides_the_others_and_is_kept(
    committee: Committee,
) -> None:
    committee.opens("after_own")
    committee.gives(1)
    first = committee.gives(0)
    with pytest.raises(NotPossible) as refused:
        committee.gives(0, opinion="J’ai lu les autres.")
    assert codes(refused) == {"not_from_here"}
    with pytest.raises(NotAllowed):
        review.return_review(actor=committee.actor(0), review=first.public_id, reason="Je change.")
    review.return_review(actor=acting(committee.manager), review=first.public_id, reason="Critère 4 à revoir.")
    assert committee.reads(0) == []
    with reading() as session:
        row = session.get_one(Review, first.id)
        assert (row.return_reason, row.given_at, row.returned_at is not None) == ("Critère 4 à revoir.", None, True)
        last = session.scalars(select(AuditEntry).where(AuditEntry.action == "review.return")).one()
        assert last.body["reason"] == "Critère 4 à revoir."
    committee.gives(0, marks=dict.fromkeys(KEYS, 5), opinion="Relu : plus faible.")
    assert len(committee.reads(0)) == 1
    with reading() as session:
        row, call = session.get_one(Review, first.id), session.get_one(Call, committee.call.id)
        kept = other_reviews.versions(session, row, call)
        assert [(one.rank, one.said.total, one.said.opinion) for one in kept] == [
            (2, 50, "Relu : plus faible."),
            (1, 70, FULL["opinion"]),
        ]
        assert row.return_reason == ""


def test_what_was_given_cannot_be_rewritten_even_by_hand(committee: Committee) -> None:
    committee.gives(0)
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(delete(GivenReview))


# ── What rests ──


def test_rv_10_after_the_closing_a_mark_is_refused_with_when_and_by_whom_and_the_attempt_is_kept(
    committee: Committee,
) -> None:
    with transaction() as session:
        meeting = builders.a_meeting(
            session, call=committee.call, secretary=committee.manager, state=MeetingState.OPEN, opened_at=clock.now()
        )
        session.get_one(Application, committee.file.id).state = ApplicationState.DECIDED
    sittings.close_meeting(actor=acting(committee.manager), meeting=meeting.public_id)
    with transaction() as session:
        session.get_one(Application, committee.file.id).state = ApplicationState.IN_DELIBERATION
    acts: list[Callable[[], object]] = [
        lambda: committee.gives(0),
        lambda: review.save(actor=committee.actor(0), review=committee.sheets[0].public_id, **FULL),
    ]
    for act in acts:
        with pytest.raises(NotPossible) as refused:
            act()
        [reason] = [one for one in refused.value.reasons if one.code == "deliberation_not_closed"]
        assert reason.params["closed_by"] == committee.manager.name
        assert reason.params["closed_at"] is not None
    with reading() as session:
        tried = session.scalars(select(SecurityEvent).order_by(SecurityEvent.id)).all()
        assert [(one.kind, one.account_id, one.action, one.object) for one in tried] == [
            ("after-closing", committee.readers[0].id, act, f"review:{committee.sheets[0].public_id}")
            for act in ("review.score", "review.save")
        ]
        assert session.scalars(select(Mark)).all() == []
        assert session.get_one(Review, committee.sheets[0].id).state == ReviewState.ASSIGNED


def test_marks_of_a_file_that_left_the_committee_rest_too(committee: Committee) -> None:
    with transaction() as session:
        session.get_one(Application, committee.file.id).state = ApplicationState.DECIDED
    with pytest.raises(NotPossible) as refused:
        committee.gives(0)
    assert codes(refused) == {"file_still_judged"}


# ── What is typed in one go, and what was taken back ──


def test_what_is_typed_in_one_go_leaves_one_trace(committee: Committee) -> None:
    def traces() -> int:
        with reading() as session:
            return len(session.scalars(select(AuditEntry).where(AuditEntry.action == "review.save")).all())

    def typed(mark: int) -> None:
        review.save(actor=committee.actor(0), review=committee.sheets[0].public_id, marks={"C1": mark}, comments={})

    with clock.frozen(clock.now()) as _:
        for mark in (1, 2, 3):
            typed(mark)
    assert traces() == 1
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        typed(4)
    assert traces() == 2


def test_rv_12_a_withdrawn_draft_is_read_by_the_manager_for_thirty_days_and_goes(committee: Committee) -> None:
    sheet = committee.sheets[0].public_id
    review.save(actor=committee.actor(0), review=sheet, **FULL, private_note="Pour moi seul.")
    review.unassign(actor=acting(committee.manager), review=sheet)
    with pytest.raises(NotFound):
        review.save(actor=committee.actor(0), review=sheet, **FULL)
    with reading() as session:
        call = session.get_one(Call, committee.call.id)
        [kept] = other_reviews.taken_back(session, acting(committee.manager), call)
        assert kept.name == committee.readers[0].name
        row = other_reviews.readable(session, acting(committee.manager), sheet)
        assert other_reviews.written(row, call).opinion == FULL["opinion"]
        for nobody in (committee.actor(0), committee.actor(1)):
            assert other_reviews.taken_back(session, nobody, call) == []
            with pytest.raises(NotFound):
                other_reviews.readable(session, nobody, sheet)
    for days, gone in ((29, 0), (31, 1), (32, 0)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            assert housekeeping.forget_withdrawn() == gone
    with reading() as session:
        row = session.get_one(Review, committee.sheets[0].id)
        assert (row.opinion, row.private_note, row.marks) == ("", "", [])
        assert other_reviews.taken_back(session, acting(committee.manager), session.get_one(Call, call.id)) == []


def test_a_reader_named_again_finds_the_draft_and_nothing_is_swept(committee: Committee) -> None:
    sheet = committee.sheets[0].public_id
    review.save(actor=committee.actor(0), review=sheet, **FULL)
    review.unassign(actor=acting(committee.manager), review=sheet)
    again = review.assign(
        actor=acting(committee.manager),
        application=committee.file.public_id,
        reviewers=[committee.readers[0].public_id],
    )
    assert sheet in {one.public_id for one in again}
    with clock.frozen(clock.now() + timedelta(days=40)):
        assert housekeeping.forget_withdrawn() == 0
    with reading() as session:
        assert session.get_one(Review, committee.sheets[0].id).opinion == FULL["opinion"]


@pytest.mark.parametrize("how", ["never", "after_own", "always"])
def test_what_lists_show_of_the_others_is_what_the_policies_allow(committee: Committee, how: str) -> None:
    committee.opens(how)
    committee.gives(1)
    with transaction() as session:
        strangers = [builders.an_account(session, role=Role.REVIEWER, call_id=committee.call.id) for _ in range(2)]
        builders.an_interest(session, application=committee.file, account=strangers[0])
        builders.a_review(session, application=committee.file, reviewer=strangers[1])  # has declared nothing yet
        auditor = builders.an_account(session, role=Role.AUDITOR)
    people = [acting(one) for one in (*committee.readers, *strangers, auditor, committee.manager)]
    with reading() as session:
        for actor in people:
            for sheet in session.scalars(select(Review)):
                seen = session.scalar(select(Review.id).where(Review.id == sheet.id, visible_to(actor, Review)))
                assert (seen is not None) == may(actor, Action.REVIEW_READ, subject_of(sheet, session))


@pytest.mark.parametrize("how", ["never", "after_own", "always"])
def test_the_doctor_raises_no_alarm_about_what_a_call_opens(committee: Committee, how: str) -> None:
    committee.opens(how)
    committee.gives(1)
    with reading() as session:
        assert list(_peeking(session, committee.readers[0].id)) == []
