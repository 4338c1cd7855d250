"""Votes: once each, by whoever is there and may know, counted once; a secret one leads nowhere."""

from collections.abc import Callable

import pytest
from sqlalchemy import inspect, select

from grants.db import reading, transaction
from grants.domain.ballots import Count
from grants.errors import NotAllowed, NotFound, NotPossible
from grants.models import AuditEntry, Ballot, BallotVoter, Call, OpenVote, SittingEvent, Urn
from grants.services import ballot as service
from grants.services import decision, room
from grants.services.ballot import Put
from tests.sittings import Sitting, a_sitting, acting

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]


def codes(act: Callable[[], object]) -> set[str]:
    with pytest.raises(NotPossible) as refusal:
        act()
    return {reason.code for reason in refusal.value.reasons}


def opened(world: Sitting, number: int = 3, *, secret: bool = False) -> str:
    chair, file = acting(world.chair), world.file(number)
    room.call_file(actor=chair, meeting=world.meeting, application=file)
    room.empty_room(actor=chair, meeting=world.meeting, application=file)
    put = Put("awarded", "Pour la somme demandée")
    return service.open_ballot(actor=chair, meeting=world.meeting, application=file, put=put, secret=secret).public_id


def vote(world: Sitting, ballot: str, account: object, choice: str) -> None:
    service.vote(actor=acting(account), meeting=world.meeting, ballot=ballot, choice=choice)  # type: ignore[arg-type]


def log(kind: str) -> list[SittingEvent]:
    with reading() as session:
        return list(session.scalars(select(SittingEvent).where(SittingEvent.kind == kind).order_by(SittingEvent.rank)))


def test_an_open_vote_is_counted_by_name_and_goes_into_the_log() -> None:
    world = a_sitting()
    ballot = opened(world)
    for person, choice in zip(world.present, ("for", "for", "against", "abstained", "for"), strict=True):
        vote(world, ballot, person, choice)
    counted = service.count_ballot(actor=acting(world.chair), meeting=world.meeting, ballot=ballot)
    assert (counted.votes_for, counted.votes_against, counted.abstained) == (3, 1, 1)
    assert [line.data["choice"] for line in log("voted")] == ["for", "for", "against", "abstained", "for"]
    last = log("counted")[0].data
    assert (last["for"], last["against"], last["abstained"], last["secret"]) == (3, 1, 1, False)
    assert codes(lambda: service.count_ballot(actor=acting(world.chair), meeting=world.meeting, ballot=ballot)) == {
        "ballot_open"
    }


def test_one_member_one_vote_and_a_late_one_is_refused() -> None:
    world = a_sitting()
    ballot = opened(world)
    vote(world, ballot, world.chair, "for")
    assert codes(lambda: vote(world, ballot, world.chair, "against")) == {"not_voted_yet"}
    service.count_ballot(actor=acting(world.manager), meeting=world.meeting, ballot=ballot)
    assert codes(lambda: vote(world, ballot, world.members[0], "for")) == {"ballot_open"}


def test_who_is_absent_recused_or_no_member_does_not_vote() -> None:
    world = a_sitting()
    ballot = opened(world, 0)
    with pytest.raises(NotFound):
        vote(world, ballot, world.recused, "for")
    for person in (world.absent, world.manager):
        with pytest.raises(NotAllowed):
            vote(world, ballot, person, "for")
    with reading() as session:
        assert session.scalar(select(BallotVoter.account_id)) is None


def test_a_secret_vote_keeps_who_voted_and_three_totals_and_nothing_that_leads_from_one_to_the_other() -> None:
    """All that is written when the same people vote the same in another order, or another way round, is the same."""
    world = a_sitting()
    ballot = opened(world, secret=True)
    before = trail()
    for person, choice in zip(world.present, ("for", "against", "for", "abstained", "for"), strict=True):
        vote(world, ballot, person, choice)
    with reading() as session:
        assert session.scalar(select(OpenVote.choice)) is None
        assert {column["name"] for column in inspect(session.get_bind()).get_columns("ballot_voter")} == {
            "ballot_id",
            "account_id",
        }
        assert session.execute(select(Urn.votes_for, Urn.votes_against, Urn.abstained)).one() == (3, 1, 1)
        assert len(session.scalars(select(BallotVoter.account_id)).all()) == 5
    for line in log("voted"):
        assert (line.by_id, set(line.data), line.data["secret"]) == (None, {"file", "secret", "number"}, True)
    assert {tuple(sorted(body)) for body in trail()[len(before) :]} == {("ballot",)}
    service.count_ballot(actor=acting(world.chair), meeting=world.meeting, ballot=ballot)
    assert log("counted")[0].data["for"] == 3


def trail() -> list[dict[str, object]]:
    with reading() as session:
        return list(session.scalars(select(AuditEntry.body).order_by(AuditEntry.seq)))


def test_a_call_whose_votes_are_secret_has_no_open_one_and_no_show_of_hands() -> None:
    world = a_sitting()
    with transaction() as session:
        session.get_one(Call, world.call.id).secret_vote = True
    opened(world, secret=False)
    with reading() as session:
        assert session.scalars(select(Ballot.secret)).one() is True
    assert "votes_not_secret" in codes(lambda: hands(world, Count(3, 1, 1)))


def hands(world: Sitting, votes: Count, number: int = 3) -> Ballot:
    return service.enter_hands(
        actor=acting(world.chair),
        meeting=world.meeting,
        application=world.file(number),
        put=Put("reserve"),
        votes=votes,
    )


def test_a_show_of_hands_is_written_down_with_its_counts_and_not_more_than_there_are_voters() -> None:
    world = a_sitting()
    chair = acting(world.chair)
    assert codes(lambda: hands(world, Count(3, 1, 1))) == {"file_called"}
    room.call_file(actor=chair, meeting=world.meeting, application=world.file(0))
    assert codes(lambda: hands(world, Count(3, 1, 0), 0)) == {"room_emptied"}
    room.empty_room(actor=chair, meeting=world.meeting, application=world.file(0))
    assert codes(lambda: hands(world, Count(3, 1, 1), 0)) == {"votes_within_voters"}
    assert codes(lambda: hands(world, Count(0, 0, 0), 0)) == {"somebody_voted"}
    made = hands(world, Count(2, 1, 1), 0)
    assert (made.by_hands, made.ended_at is not None) == (True, True)
    assert [line.kind for line in (*log("ballot"), *log("counted"))] == ["ballot", "counted"]


def test_too_few_to_vote_for_the_quorum_or_for_a_secret() -> None:
    world = a_sitting(quorum=2)
    chair = acting(world.chair)
    for person in world.members[1:]:
        room.leave(actor=chair, meeting=world.meeting, account=person.public_id)
    room.call_file(actor=chair, meeting=world.meeting, application=world.file(0))
    room.empty_room(actor=chair, meeting=world.meeting, application=world.file(0))
    put, file = Put("awarded"), world.file(0)
    assert codes(
        lambda: service.open_ballot(actor=chair, meeting=world.meeting, application=file, put=put, secret=True)
    ) == {"secret_enough"}
    room.leave(actor=chair, meeting=world.meeting, account=world.members[0].public_id)
    assert codes(lambda: service.open_ballot(actor=chair, meeting=world.meeting, application=file, put=put)) == {
        "votes_within_quorum"
    }


def test_nothing_is_written_down_about_a_file_nor_another_called_while_its_vote_is_open() -> None:
    world = a_sitting()
    chair = acting(world.chair)
    ballot = opened(world)
    assert codes(
        lambda: decision.propose(actor=chair, application=world.file(3), outcome="rejected", motive="Hors sujet.")
    ) == {"no_ballot_open"}
    assert codes(lambda: room.call_file(actor=chair, meeting=world.meeting, application=world.file(2))) == {
        "no_ballot_open"
    }
    assert codes(lambda: service.count_ballot(actor=chair, meeting=world.meeting, ballot=ballot)) == {"somebody_voted"}
    service.stop_ballot(actor=chair, meeting=world.meeting, ballot=ballot)
    decision.propose(actor=chair, application=world.file(3), outcome="rejected", motive="Hors sujet.")
    assert len(log("stopped")) == 1


def test_a_secret_of_one_or_two_votes_is_not_counted_whoever_presses() -> None:
    """Otherwise whoever conducts opens it to many and counts it after the first: the page says who has voted."""
    world = a_sitting()
    ballot = opened(world, secret=True)

    def counting() -> Ballot:
        return service.count_ballot(actor=acting(world.manager), meeting=world.meeting, ballot=ballot)

    assert codes(counting) == {"somebody_voted"}
    for person, choice in zip(world.present[:2], ("for", "against"), strict=True):
        vote(world, ballot, person, choice)
        assert codes(counting) == {"secret_enough"}
    vote(world, ballot, world.present[2], "against")
    assert (counting().votes_for, counting_stands(ballot)) == (1, 2)


def counting_stands(ballot: str) -> int | None:
    with reading() as session:
        return session.scalar(select(Ballot.votes_against).where(Ballot.public_id == ballot))


@pytest.mark.parametrize("ended", ["counted", "stopped"])
def test_once_a_secret_vote_is_over_nothing_is_left_of_its_urn(ended: str) -> None:
    """A vote that was stopped after the first voice would say for ever, in the database and its copies, what it was."""
    world = a_sitting()
    ballot = opened(world, secret=True)
    for person in world.present[: 3 if ended == "counted" else 1]:
        vote(world, ballot, person, "against")
    act = service.count_ballot if ended == "counted" else service.stop_ballot
    act(actor=acting(world.chair), meeting=world.meeting, ballot=ballot)
    with reading() as session:
        assert session.scalar(select(Urn.ballot_id)) is None
