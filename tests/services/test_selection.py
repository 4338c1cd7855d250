"""The sitting: who is there, what opens it, what closes it."""

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.errors import NotFound, NotPossible
from grants.models import Account, Application
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import decision, selection
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from tests import builders

pytestmark = pytest.mark.db


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


@pytest.mark.usefixtures("database")
def test_a_sitting_from_its_call_to_its_end() -> None:
    with transaction() as session:
        call = builders.a_call(session, quorum=2, reviews_required=1)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        members = [builders.an_account(session, role=Role.CHAIR, call_id=call.id)]
        members += [builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2)]
        file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
        builders.an_interest(session, application=file, account=members[0], stand="conflict")
    actor, chair = acting(manager), acting(members[0])
    meeting = selection.convene(actor=actor, call=call.public_id, held_at=clock.now(), place="Paris")
    with pytest.raises(NotPossible):
        selection.convene(actor=actor, call=call.public_id, held_at=clock.now())
    with pytest.raises(NotFound):
        selection.record_attendance(actor=actor, meeting=meeting.public_id, accounts=[manager.public_id])
    with pytest.raises(NotPossible) as refusal:
        selection.open_meeting(actor=actor, meeting=meeting.public_id)
    assert codes(refusal) == {"quorum_reached", "every_review_given"}

    selection.record_attendance(actor=actor, meeting=meeting.public_id, accounts=[m.public_id for m in members])
    with transaction() as session:
        builders.a_review(session, application=file, reviewer=members[1], halves=8)
    opened = selection.open_meeting(actor=chair, meeting=meeting.public_id)  # recused from the file, opens all the same
    assert (opened.state, opened.opened_at is not None) == (MeetingState.OPEN, True)
    with reading() as session:
        assert session.scalar(select(Application.state)) == ApplicationState.IN_DELIBERATION

    with pytest.raises(NotPossible) as refusal:
        selection.close_meeting(actor=actor, meeting=meeting.public_id)
    assert codes(refusal) == {"every_file_proposed"}
    decision.propose(actor=actor, application=file.public_id, outcome="reserve", reserve_rank=1, motive="Enveloppe.")
    assert selection.close_meeting(actor=actor, meeting=meeting.public_id).state == MeetingState.CLOSED
    selection.convene(actor=actor, call=call.public_id, held_at=clock.now())


@pytest.mark.usefixtures("database")
def test_a_presence_list_replaces_the_one_before() -> None:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        one, two = (builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2))
        meeting = builders.a_meeting(session, call=call, secretary=manager, present=(one,))
    row = selection.record_attendance(actor=acting(manager), meeting=meeting.public_id, accounts=[two.public_id])
    assert [line.account_id for line in row.attendance] == [two.id]
    row = selection.record_attendance(
        actor=acting(manager), meeting=meeting.public_id, accounts=[one.public_id, two.public_id]
    )
    assert {line.account_id for line in row.attendance} == {one.id, two.id}
