"""Interests, assignments and marks: what a reviewer may write, and when."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, Call, Interest, Mark, Review
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import review
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = pytest.mark.db
KEYS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
FULL = {"marks": dict.fromkeys(KEYS, 7), "comments": {}, "opinion": "Solide."}


@dataclass
class Committee:
    """A call in its scoring window, three members, one eligible file."""

    call: Call
    manager: Account
    members: list[Account]
    file: Application


@pytest.fixture
def committee(database: object) -> Committee:
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1), reviews_required=2)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        members = [builders.an_account(session, role=Role.CHAIR, call_id=call.id)]
        members += [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2)]
        file = builders.an_application(session, call=call, state=ApplicationState.ELIGIBLE)
    return Committee(call, manager, members, file)


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def named(committee: Committee, number: int = 1) -> Review:
    made = review.assign(
        actor=acting(committee.manager),
        application=committee.file.public_id,
        reviewers=[committee.members[number].public_id],
    )
    return next(one for one in made if one.reviewer_id == committee.members[number].id)


def declare(committee: Committee, stand: str, number: int = 1) -> Interest:
    return review.declare_interest(
        actor=acting(committee.members[number]), application=committee.file.public_id, stand=stand, note="Dit."
    )


def test_nothing_is_written_before_an_interest_is_declared(committee: Committee) -> None:
    made, reader = named(committee), acting(committee.members[1])
    with pytest.raises(NotPossible) as refusal:
        review.save(actor=reader, review=made.public_id, **FULL)
    assert codes(refusal) == {"interest_declared"}
    declare(committee, "free")
    assert review.save(actor=reader, review=made.public_id, **FULL).state == ReviewState.DRAFT


def test_a_conflict_voids_the_review_and_closes_the_file(committee: Committee) -> None:
    made, reader = named(committee), acting(committee.members[1])
    declare(committee, "free")
    declare(committee, "conflict")
    with reading() as session:
        assert session.get_one(Review, made.id).state == ReviewState.RECUSED
        assert len(session.scalars(select(Interest)).all()) == 2
    with pytest.raises(NotFound):
        review.save(actor=reader, review=made.public_id, **FULL)
    with pytest.raises(NotPossible) as refusal:
        declare(committee, "free")
    assert codes(refusal) == {"unconflicted"}


def test_a_doubt_closes_the_file_until_somebody_else_settles_it(committee: Committee) -> None:
    made = named(committee)
    declare(committee, "doubt")
    with pytest.raises(NotFound):
        review.save(actor=acting(committee.members[1]), review=made.public_id, **FULL)
    with pytest.raises(NotPossible):
        declare(committee, "free")
    wish = {"application": committee.file.public_id, "account": committee.members[1].public_id, "stand": "free"}
    with pytest.raises(NotFound):
        review.settle_interest(actor=acting(committee.members[1]), **wish)
    review.settle_interest(actor=acting(committee.manager), **wish)
    review.save(actor=acting(committee.members[1]), review=made.public_id, **FULL)
    with pytest.raises(NotPossible):
        review.settle_interest(actor=acting(committee.manager), **wish)


def test_interests_are_declared_on_files_of_ones_own_committee_alone(committee: Committee) -> None:
    with transaction() as session:
        other = builders.an_application(session, call=builders.a_call(session), state=ApplicationState.ELIGIBLE)
        early = builders.an_application(session, call=committee.call)
    for hidden in (other, early):
        with pytest.raises(NotFound):
            review.declare_interest(actor=acting(committee.members[1]), application=hidden.public_id, stand="free")
    with pytest.raises(Invalid):
        declare(committee, "perhaps")


def test_a_member_of_the_applicant_is_found_whatever_is_declared(committee: Committee) -> None:
    with transaction() as session:
        builders.an_appointment(
            session, committee.members[1], Role.APPLICANT_MEMBER, organisation_id=committee.file.organisation_id
        )
    interest = declare(committee, "free")
    assert (interest.stand, interest.found) == ("conflict", True)


def test_assigning_somebody_in_conflict_is_refused_with_the_name(committee: Committee) -> None:
    declare(committee, "conflict")
    with pytest.raises(NotPossible) as refusal:
        named(committee)
    assert codes(refusal) == {"reviewer_in_conflict"}
    assert refusal.value.reasons[0].params["name"] == committee.members[1].name


def test_readers_are_rearranged_all_at_once(committee: Committee) -> None:
    manager, one, two = acting(committee.manager), committee.members[0], committee.members[1]
    rearrange = {"actor": manager, "call": committee.call.public_id}
    file = committee.file.public_id
    assert review.rearrange(**rearrange, wanted={file: frozenset({one.public_id, two.public_id})}) == 2
    assert review.rearrange(**rearrange, wanted={file: frozenset({one.public_id})}) == 1
    assert review.rearrange(**rearrange, wanted={file: frozenset({one.public_id, two.public_id})}) == 1
    with reading() as session:
        assert [row.state for row in session.scalars(select(Review))] == [ReviewState.ASSIGNED] * 2
    with pytest.raises(NotAllowed):
        review.rearrange(actor=acting(one), call=committee.call.public_id, wanted={file: frozenset()})


def test_reviews_open_for_files_with_enough_readers(committee: Committee) -> None:
    manager = acting(committee.manager)
    named(committee, 1)
    with pytest.raises(NotPossible) as refusal:
        review.open_reviews(actor=manager, call=committee.call.public_id)
    assert codes(refusal) == {"enough_reviewers"}
    named(committee, 2)
    opened = review.open_reviews(actor=manager, call=committee.call.public_id)
    assert [file.state for file in opened] == [ApplicationState.IN_REVIEW]


def test_a_review_is_given_with_every_mark_and_a_reason_for_the_extremes(committee: Committee) -> None:
    made, reader = named(committee), acting(committee.members[1])
    declare(committee, "free")
    with pytest.raises(NotPossible) as refusal:
        review.score(actor=reader, review=made.public_id, marks={"C1": 9, "C2": None}, comments={})
    assert codes(refusal) == {"every_criterion_marked", "extremes_commented"}
    given = review.score(actor=reader, review=made.public_id, **FULL)
    assert (given.state, given.given_at is not None) == (ReviewState.GIVEN, True)
    with reading() as session:
        assert sorted(session.scalars(select(Mark.half_points))) == [7] * 7
    with pytest.raises(NotPossible) as refusal:
        review.score(actor=reader, review=made.public_id, **FULL)
    assert codes(refusal) == {"not_from_here"}


@pytest.mark.parametrize("wrong", [{"C1": 11}, {"C1": -1}, {"C9": 4}])
def test_marks_outside_the_scale_are_refused(committee: Committee, wrong: dict[str, int]) -> None:
    made = named(committee)
    declare(committee, "free")
    with pytest.raises(Invalid):
        review.save(actor=acting(committee.members[1]), review=made.public_id, marks=wrong, comments={})


def test_a_draft_keeps_a_comment_written_before_its_mark(committee: Committee) -> None:
    made, reader = named(committee), acting(committee.members[1])
    declare(committee, "free")
    review.save(actor=reader, review=made.public_id, marks={}, comments={"C1": "À relire."})
    with reading() as session:
        mark = session.scalars(select(Mark)).one()
        assert (mark.half_points, mark.comment) == (None, "À relire.")


def test_a_stale_page_meets_a_conflict(committee: Committee) -> None:
    made, reader = named(committee), acting(committee.members[1])
    declare(committee, "free")
    saved = review.save(actor=reader, review=made.public_id, **FULL, version=made.version)
    with pytest.raises(Conflict):
        review.save(actor=reader, review=made.public_id, **FULL, version=made.version)
    review.score(actor=reader, review=made.public_id, **FULL, version=saved.version)


def test_nobody_writes_outside_the_window_or_after_the_deliberation(committee: Committee) -> None:
    made, reader = named(committee), acting(committee.members[1])
    declare(committee, "free")
    with clock.frozen(clock.now() + timedelta(days=60)), pytest.raises(NotPossible) as refusal:
        review.save(actor=reader, review=made.public_id, **FULL)
    assert codes(refusal) == {"review_window_open"}
    with transaction() as session:
        builders.a_meeting(session, call=committee.call, secretary=committee.manager, state=MeetingState.CLOSED)
    with pytest.raises(NotPossible) as refusal:
        review.save(actor=reader, review=made.public_id, **FULL)
    assert codes(refusal) == {"deliberation_not_closed"}


def test_only_the_author_writes_and_only_the_manager_returns(committee: Committee) -> None:
    made, reader, manager = named(committee), acting(committee.members[1]), acting(committee.manager)
    declare(committee, "free")
    with pytest.raises(NotAllowed):
        review.save(actor=manager, review=made.public_id, **FULL)
    with pytest.raises(NotFound):
        review.save(actor=acting(committee.members[2]), review=made.public_id, **FULL)
    review.score(actor=reader, review=made.public_id, **FULL)
    with pytest.raises(NotAllowed):
        review.return_review(actor=reader, review=made.public_id, reason="Je change.")
    with pytest.raises(NotPossible):
        review.return_review(actor=manager, review=made.public_id, reason=" ")
    back = review.return_review(actor=manager, review=made.public_id, reason="Critère 4 à revoir.")
    assert (back.state, back.given_at) == (ReviewState.DRAFT, None)
