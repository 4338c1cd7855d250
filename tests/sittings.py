"""A sitting under way, as tests of the room begin: five files, five members present, one of them recused from two."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from grants.db import reading, transaction
from grants.models import Account, Application, Call, Meeting
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import selection
from grants.workflow.application import ApplicationState
from tests import builders

HALVES = (9, 8, 7, 6, 4)


@dataclass(frozen=True)
class Sitting:
    """`recused`: from the files 0 and 1; `absent`: on the committee, not in the room."""

    call: Call
    meeting: str
    manager: Account
    chair: Account
    members: tuple[Account, ...]
    recused: Account
    absent: Account
    files: tuple[Application, ...]

    @property
    def present(self) -> tuple[Account, ...]:
        return (self.chair, *self.members, self.recused)

    def file(self, number: int) -> str:
        return self.files[number].public_id


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def a_sitting(**values: Any) -> Sitting:
    """The sitting is open; everybody present, but one; every file has two reviews. The envelope bears two files."""
    made = a_sitting_to_open(**values)
    selection.open_meeting(actor=acting(made.manager), meeting=made.meeting)
    return made


def a_sitting_to_open(**values: Any) -> Sitting:
    """The same, just before it opens."""
    with transaction() as session:
        return _prepared(session, **values)


def _prepared(session: Session, **values: Any) -> Sitting:
    call = builders.a_call(
        session, **{"quorum": 3, "reviews_required": 2, "envelope_cents": 2_500_000, "threshold": 0, **values}
    )
    manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
    chair = builders.an_account(session, role=Role.CHAIR, call_id=call.id)
    one, two, three, recused, absent = (
        builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(5)
    )
    files = tuple(
        builders.an_application(
            session, call=call, state=ApplicationState.IN_REVIEW, requested_cents=1_000_000 + 1000 * number
        )
        for number in range(len(HALVES))
    )
    for number, file in enumerate(files):
        for person in (chair, one, two, three, absent):
            builders.an_interest(session, application=file, account=person)
        stand = "conflict" if number < 2 else "free"
        builders.an_interest(session, application=file, account=recused, stand=stand)
        builders.a_review(session, application=file, reviewer=one, halves=HALVES[number])
        builders.a_review(session, application=file, reviewer=two, halves=HALVES[number] - 1)
    meeting: Meeting = builders.a_meeting(
        session, call=call, secretary=manager, present=(chair, one, two, three, recused)
    )
    return Sitting(call, meeting.public_id, manager, chair, (one, two, three), recused, absent, files)
