"""A room in which everybody presses at once: one file called, every vote counted once, nothing after the end."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select

from grants.db import reading
from grants.errors import Busy, NotPossible
from grants.models import Ballot, BallotVoter, Calling, Decision, Meeting, SittingEvent
from grants.services import ballot as votes
from grants.services import decision, room, selection
from grants.workflow.meeting import MeetingState
from tests.sittings import Sitting, a_sitting, acting

pytestmark = [pytest.mark.db, pytest.mark.slow, pytest.mark.usefixtures("either_database")]


def together(acts: Sequence[Callable[[], object]]) -> list[str]:
    """All at the same time; what each came to: done, or the reasons against it."""
    gate, answers = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        answers[number] = _patiently(acts[number])

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _patiently(act: Callable[[], object]) -> str:
    for _ in range(100):
        try:
            act()
        except Busy:
            continue
        except NotPossible as error:
            return " ".join(reason.code for reason in error.reasons)
        return "done"
    return "busy"


def ranks() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(SittingEvent.rank).order_by(SittingEvent.rank)))


def running_vote(world: Sitting, *, secret: bool) -> str:
    chair, file = acting(world.chair), world.file(3)
    room.call_file(actor=chair, meeting=world.meeting, application=file)
    put = votes.Put("awarded")
    return votes.open_ballot(actor=chair, meeting=world.meeting, application=file, put=put, secret=secret).public_id


@pytest.mark.parametrize("secret", [True, False])
def test_everybody_votes_three_times_while_two_people_count(*, secret: bool) -> None:
    """Each vote that was accepted is in the count, once; what came after it was told so."""
    world = a_sitting()
    ballot = running_vote(world, secret=secret)
    people = [acting(person) for person in world.present]
    casts = [
        lambda who=who: votes.vote(actor=who, meeting=world.meeting, ballot=ballot, choice="for")
        for who in people
        for _ in range(3)
    ]
    counting = [acting(world.chair), acting(world.manager)]
    counts = [lambda who=who: votes.count_ballot(actor=who, meeting=world.meeting, ballot=ballot) for who in counting]
    answers = together([*casts, *counts])
    cast, counted = Counter(answers[: len(casts)]), Counter(answers[len(casts) :])
    if counted["done"] == 0:  # both were there before the first vote
        votes.count_ballot(actor=acting(world.chair), meeting=world.meeting, ballot=ballot)
    assert counted["done"] <= 1
    with reading() as session:
        row = session.scalars(select(Ballot)).one()
        voted = session.scalar(select(func.count()).select_from(BallotVoter))
        assert cast["done"] == voted == row.votes_for
        assert set(cast) <= {"done", "not_voted_yet", "ballot_open"}
    assert ranks() == list(range(1, len(ranks()) + 1))


def test_two_people_call_every_file_at_once_and_one_is_called() -> None:
    world = a_sitting()
    calling = [acting(world.chair), acting(world.manager)]
    answers = together(
        [
            lambda who=who, number=number: room.call_file(
                actor=who, meeting=world.meeting, application=world.file(number)
            )
            for who in calling
            for number in range(5)
        ]
    )
    assert set(answers) == {"done"}
    with reading() as session:
        assert session.scalar(select(func.count(Calling.id)).where(Calling.ended_at.is_(None))) == 1
        last = session.scalars(
            select(SittingEvent.application_id).where(SittingEvent.kind == "called").order_by(SittingEvent.rank.desc())
        ).first()
        assert session.scalars(select(Calling.application_id).where(Calling.ended_at.is_(None))).one() == last
    assert ranks() == list(range(1, len(ranks()) + 1))


def test_the_sitting_is_closed_while_the_last_file_is_voted_on_counted_and_decided() -> None:
    world = a_sitting()
    manager, chair = acting(world.manager), acting(world.chair)
    for number in (0, 1, 2, 4):
        decision.propose(actor=manager, application=world.file(number), outcome="rejected", motive="Hors sujet.")
    ballot, members = running_vote(world, secret=True), [acting(person) for person in world.present]
    answers = together(
        [
            *(
                lambda who=who: votes.vote(actor=who, meeting=world.meeting, ballot=ballot, choice="against")
                for who in members
            ),
            lambda: votes.count_ballot(actor=chair, meeting=world.meeting, ballot=ballot),
            lambda: decision.propose(
                actor=manager, application=world.file(3), outcome="rejected", motive="Hors sujet."
            ),
            *(lambda who=who: selection.close_meeting(actor=who, meeting=world.meeting) for who in (chair, manager)),
        ]
    )
    with reading() as session:
        meeting = session.scalars(select(Meeting)).one()
        row = session.scalars(select(Ballot)).one()
        standing = session.scalar(select(func.count(Decision.id)).where(Decision.ended_at.is_(None)))
        voted = session.scalar(select(func.count()).select_from(BallotVoter))
        kinds = list(session.scalars(select(SittingEvent.kind).order_by(SittingEvent.rank)))
        assert row.votes_against in (None, voted)
        if meeting.state == MeetingState.CLOSED:
            assert (standing, row.votes_against, kinds[-1]) == (5, voted, "closed")
        assert kinds.count("closed") == answers[-2:].count("done") <= 1
