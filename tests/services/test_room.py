"""The deliberation room: who calls what, who leaves, who comes, what is noted."""

import pytest
from sqlalchemy import select

from grants.db import reading
from grants.errors import NotAllowed, NotFound, NotPossible
from grants.models import Account, Calling, Meeting, ProjectorKey, SittingEvent, SittingNote
from grants.queries import projection, room
from grants.queries import selection as boards
from grants.services import ballot, decision, review, selection
from grants.services import room as service
from grants.services.application import submitting
from tests.sittings import Sitting, a_sitting, acting

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def log(kind: str) -> list[SittingEvent]:
    with reading() as session:
        return list(session.scalars(select(SittingEvent).where(SittingEvent.kind == kind).order_by(SittingEvent.rank)))


def call_file(world: Sitting, number: int) -> Calling:
    return service.call_file(actor=acting(world.chair), meeting=world.meeting, application=world.file(number))


def test_a_file_is_called_and_whoever_is_recused_from_it_is_named_to_those_who_may_know() -> None:
    world = a_sitting()
    assert call_file(world, 3).emptied_at is not None  # nobody has to leave
    made = call_file(world, 0)
    assert made.emptied_at is None
    with reading() as session:
        current = session.scalars(select(Calling).where(Calling.ended_at.is_(None))).one()
        assert current.application_id == world.files[0].id
    last = log("called")[-1].data
    assert (last["file"]["id"], last["voters"]) == (world.file(0), 4)
    assert [one["name"] for one in last["out"]] == [world.recused.name]
    again = service.call_file(actor=acting(world.manager), meeting=world.meeting, application=world.file(0))
    assert (again.id, len(log("called"))) == (made.id, 2)
    done = service.empty_room(actor=acting(world.chair), meeting=world.meeting, application=world.file(0))
    assert done.emptied_at is not None
    assert [one["name"] for one in log("emptied")[0].data["out"]] == [world.recused.name]


def test_only_those_who_conduct_call_a_file_and_nobody_calls_one_that_is_closed_to_them() -> None:
    world = a_sitting()
    with pytest.raises(NotAllowed):
        service.call_file(actor=acting(world.members[0]), meeting=world.meeting, application=world.file(3))
    with pytest.raises(NotFound):
        service.call_file(actor=acting(world.recused), meeting=world.meeting, application=world.file(0))
    review.declare_interest(actor=acting(world.chair), application=world.file(3), stand="conflict")
    with pytest.raises(NotFound):
        call_file(world, 3)


def test_a_chair_who_has_left_the_room_calls_nothing_and_hears_the_same_whatever_happens_there() -> None:
    world = a_sitting()
    review.declare_interest(actor=acting(world.chair), application=world.file(4), stand="conflict")
    manager, chair = acting(world.manager), acting(world.chair)
    service.call_file(actor=manager, meeting=world.meeting, application=world.file(4))
    heard, put = [], ballot.Put("awarded")
    for _ in range(2):
        for act in (
            lambda: call_file(world, 3),
            lambda: ballot.open_ballot(actor=chair, meeting=world.meeting, application=world.file(3), put=put),
        ):
            with pytest.raises(NotPossible) as refusal:
                act()
            heard.append(codes(refusal))
        service.empty_room(actor=manager, meeting=world.meeting, application=world.file(4))
        if len(heard) == 2:
            ballot.open_ballot(actor=manager, meeting=world.meeting, application=world.file(4), put=put)
    assert heard == [{"in_the_room"}, {"file_called"}] * 2


def test_a_file_is_called_while_the_sitting_lasts_and_nothing_is_decided_about_it() -> None:
    world = a_sitting()
    manager = acting(world.manager)
    for number in range(5):
        decision.propose(
            actor=manager, application=world.file(number), outcome="reserve", reserve_rank=number + 1, motive="Rang."
        )
    with pytest.raises(NotPossible) as refusal:
        call_file(world, 3)
    assert codes(refusal) == {"file_undecided"}
    selection.close_meeting(actor=manager, meeting=world.meeting)
    with pytest.raises(NotPossible) as refusal:
        call_file(world, 3)
    assert codes(refusal) == {"not_from_here"}


def test_what_is_written_down_about_a_file_ends_its_discussion() -> None:
    world = a_sitting()
    call_file(world, 3)
    decision.propose(actor=acting(world.chair), application=world.file(3), outcome="rejected", motive="Hors sujet.")
    with reading() as session:
        assert session.scalar(select(Calling.id).where(Calling.ended_at.is_(None))) is None


def test_members_come_and_go_and_the_room_fills_again_when_somebody_recused_comes_in() -> None:
    world = a_sitting()
    chair = acting(world.chair)
    service.leave(actor=chair, meeting=world.meeting, account=world.recused.public_id)
    assert call_file(world, 0).emptied_at is not None
    service.arrive(actor=chair, meeting=world.meeting, account=world.recused.public_id)
    with reading() as session:
        assert session.scalars(select(Calling.emptied_at).where(Calling.ended_at.is_(None))).one() is None
    service.arrive(actor=chair, meeting=world.meeting, account=world.recused.public_id)  # is there already
    service.arrive(actor=chair, meeting=world.meeting, account=world.absent.public_id)
    came = [line.data["member"]["name"] for line in log("arrived")]
    assert (came, len(log("left"))) == ([world.recused.name, world.absent.name], 1)
    with pytest.raises(NotFound):
        service.arrive(actor=chair, meeting=world.meeting, account=world.manager.public_id)
    with pytest.raises(NotAllowed):
        service.leave(actor=acting(world.members[0]), meeting=world.meeting, account=world.chair.public_id)


def test_a_list_of_presence_taken_while_the_sitting_lasts_says_who_came_and_who_left() -> None:
    world = a_sitting()
    there = [person.public_id for person in (world.chair, *world.members, world.absent)]
    selection.record_attendance(actor=acting(world.chair), meeting=world.meeting, accounts=there)
    assert [one.data["member"]["name"] for one in log("arrived")] == [world.absent.name]
    assert [one.data["member"]["name"] for one in log("left")] == [world.recused.name]


def test_a_note_is_ones_own_until_it_is_shared_and_never_changes_afterwards() -> None:
    world = a_sitting()
    writer, other = acting(world.members[0]), acting(world.members[1])
    keep = {"meeting": world.meeting, "application": world.file(3)}
    service.keep_note(actor=writer, **keep, text="Qui porte ?")
    service.keep_note(actor=writer, **keep, text="Qui porte le projet ?")
    with reading() as session:
        meeting = session.scalars(select(Calling.meeting_id)).first() or 1
        assert room.notes_on(session, other, meeting, world.files[3].id) == room.Notes(None, ())
        own = room.notes_on(session, writer, meeting, world.files[3].id).own
        assert own is not None
        assert own.text == "Qui porte le projet ?"
    assert log("note") == []
    service.share_note(actor=writer, **keep, text="Qui porte le projet ?", moment="before")
    service.share_note(actor=other, **keep, text="Le portage est clair.")
    with reading() as session:
        told = room.notes_on(session, other, 1, world.files[3].id)
        assert [(name, note.text, note.moment) for name, note in told.shared] == [
            (world.members[0].name, "Qui porte le projet ?", "before"),
            (world.members[1].name, "Le portage est clair.", "after"),
        ]
        assert session.scalar(select(SittingNote).where(SittingNote.shared_at.is_(None))) is None
    assert [line.data["moment"] for line in log("note")] == ["before", "after"]
    service.keep_note(actor=writer, **keep, text="Autre chose")
    service.keep_note(actor=writer, **keep, text=" ")
    with pytest.raises(NotPossible) as refusal:
        service.share_note(actor=writer, **keep, text=" ")
    assert codes(refusal) == {"note_given"}


def test_rv_09_whoever_steps_back_under_way_loses_notes_and_votes_of_the_file_at_once() -> None:
    """RV-09: the vote that was open is stopped, the room is not emptied any more, and nothing of the file is found."""
    world = a_sitting()
    leaving = world.members[0]
    call_file(world, 3)
    put = ballot.Put("awarded")
    made = ballot.open_ballot(actor=acting(world.chair), meeting=world.meeting, application=world.file(3), put=put)
    review.declare_interest(actor=acting(leaving), application=world.file(3), stand="conflict")
    assert [line.data["member"]["name"] for line in log("recused")] == [leaving.name]
    assert len(log("stopped")) == 1
    actor = acting(leaving)
    for act in (
        lambda: ballot.vote(actor=actor, meeting=world.meeting, ballot=made.public_id, choice="for"),
        lambda: service.keep_note(actor=actor, meeting=world.meeting, application=world.file(3), text="Tard."),
    ):
        with pytest.raises(NotFound):
            act()
    with reading() as session:
        assert session.scalars(select(Calling.emptied_at).where(Calling.ended_at.is_(None))).one() is None
        assert room.pulse(session, actor, world.meeting).closed


def test_a_file_that_its_applicant_takes_back_is_not_called_any_more_and_its_vote_is_stopped() -> None:
    world = a_sitting()
    call_file(world, 3)
    put = ballot.Put("awarded")
    ballot.open_ballot(actor=acting(world.chair), meeting=world.meeting, application=world.file(3), put=put)
    with reading() as session:
        lead = session.get_one(Account, world.files[3].created_by_id)
    submitting.withdraw(actor=acting(lead), application=world.file(3))
    assert len(log("stopped")) == 1
    with reading() as session:
        assert not room.pulse(session, acting(world.chair), world.meeting).closed
    call_file(world, 2)


def test_the_chair_puts_files_first_and_the_others_follow_by_their_stake() -> None:
    world = a_sitting()
    service.order_agenda(actor=acting(world.chair), meeting=world.meeting, applications=[world.file(4), world.file(0)])
    assert ordered(world)[:2] == [world.file(4), world.file(0)]
    service.order_agenda(actor=acting(world.chair), meeting=world.meeting, applications=[])
    assert ordered(world)[0] != world.file(4)
    with pytest.raises(NotFound):
        service.order_agenda(actor=acting(world.chair), meeting=world.meeting, applications=["unknown"])


def ordered(world: Sitting) -> list[str]:
    with reading() as session:
        meeting = session.scalars(select(Meeting)).one()
        call = boards.call_for_ranking(session, meeting.call_id)
        board = boards.board(session, acting(world.chair), call)
        return [item.id for item in room.agenda_of(session, meeting, board, None)]


def test_the_projector_has_an_address_that_ends_with_the_sitting_and_with_the_next_one() -> None:
    world = a_sitting()
    first = service.issue_projection(actor=acting(world.chair), meeting=world.meeting)
    second = service.issue_projection(actor=acting(world.manager), meeting=world.meeting)
    with reading() as session:
        assert projection.sitting_behind(session, second).public_id == world.meeting
        with pytest.raises(NotFound):
            projection.sitting_behind(session, first)
        kept = " ".join(session.scalars(select(ProjectorKey.token_sha256)))
        assert second not in kept
    with pytest.raises(NotAllowed):
        service.issue_projection(actor=acting(world.members[0]), meeting=world.meeting)
    for number in range(5):
        decision.propose(
            actor=acting(world.manager), application=world.file(number), outcome="rejected", motive="Hors sujet."
        )
    selection.close_meeting(actor=acting(world.chair), meeting=world.meeting)
    with reading() as session, pytest.raises(NotFound):
        projection.sitting_behind(session, second)


def test_the_projector_shows_no_file_from_which_somebody_in_the_room_is_recused() -> None:
    """And it shows the file called only once the chair has noted that they left; then theirs are shown, while it lasts."""
    world = a_sitting()
    assert projected(world) == ({2, 3, 4}, False)
    call_file(world, 0)
    assert projected(world) == ({2, 3, 4}, True)
    service.empty_room(actor=acting(world.chair), meeting=world.meeting, application=world.file(0))
    assert projected(world) == ({0, 1, 2, 3, 4}, False)
    assert projected(world, world.recused) == ({2, 3, 4}, True)  # followed from outside the room
    call_file(world, 3)
    assert projected(world) == ({2, 3, 4}, False)


def projected(world: Sitting, account: Account | None = None) -> tuple[set[int], bool]:
    with reading() as session:
        meeting = session.scalars(select(Meeting)).one()
        who = acting(account) if account is not None else None
        shown = projection.projected(session, meeting, who)
        numbers = {file.public_id: number for number, file in enumerate(world.files)}
        return {numbers[place.file.public_id] for place in shown.board.places}, shown.closed
