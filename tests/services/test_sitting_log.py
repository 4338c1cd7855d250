"""The log of a sitting: one line for each thing that happens, numbered, self-contained, never changed."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from grants import clock
from grants.db import reading, transaction
from grants.models import Account, Application, Envelope, Organisation, SittingEvent
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import decision, review, selection
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def lines(session: Session) -> list[SittingEvent]:
    return list(session.scalars(select(SittingEvent).order_by(SittingEvent.rank)))


@dataclass(frozen=True)
class Held:
    """A sitting from its convening to its end: one file, on which the chair is recused and a reader steps back."""

    manager: Account
    chair: Account
    reader: Account
    everybody: list[str]
    file: Application


def a_whole_sitting() -> Held:
    with transaction() as session:
        call = builders.a_call(session, quorum=1, reviews_required=1)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        chair = builders.an_account(session, role=Role.CHAIR, call_id=call.id)
        reader, other = (builders.an_account(session, role=Role.REVIEWER, call_id=call.id) for _ in range(2))
        file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
        builders.an_interest(session, application=file, account=chair, stand="conflict")
        builders.a_review(session, application=file, reviewer=reader, halves=8)
    actor, everybody = acting(manager), [chair.public_id, reader.public_id, other.public_id]
    meeting = selection.convene(actor=actor, call=call.public_id, held_at=clock.now(), place="Paris").public_id
    selection.record_attendance(actor=actor, meeting=meeting, accounts=everybody)
    selection.open_meeting(actor=actor, meeting=meeting)
    made = decision.propose(
        actor=actor, application=file.public_id, outcome="reserve", reserve_rank=1, motive="Enveloppe."
    )
    decision.undo(actor=actor, decision=made.public_id)
    review.declare_interest(actor=acting(reader), application=file.public_id, stand="doubt")
    decision.propose(actor=actor, application=file.public_id, outcome="rejected", motive="Hors sujet.", votes="1 pour")
    selection.close_meeting(actor=actor, meeting=meeting)
    return Held(manager, chair, reader, everybody, file)


@pytest.mark.usefixtures("either_database")
def test_what_happens_in_a_sitting_is_noted_line_by_line_in_words_of_its_own() -> None:
    held = a_whole_sitting()
    file = held.file
    with reading() as session:
        total = session.scalars(select(Envelope.total_cents)).one()
        noted = lines(session)
        kinds = ["convened", "present", "opened", "proposed", "undone", "recused", "proposed", "closed"]
        assert [(one.rank, one.kind) for one in noted] == list(enumerate(kinds, 1))
        told = {
            "id": file.public_id,
            "number": file.number,
            "title": file.title,
            "lead": session.get_one(Organisation, file.organisation_id).name,
            "requested_cents": file.requested_cents,
        }
        people = {one.public_id: {"id": one.public_id, "name": one.name} for one in (held.chair, held.reader)}
        first, _, opened, *_, last = noted
        assert first.data["call"]["envelope_cents"] == total
        assert [one["chair"] for one in first.data["members"]] == [True, False, False]
        assert first.data["secretary"]["name"] == held.manager.name
        assert opened.data["files"] == [{**told, "mean": "80.00", "reviews": 1}]
        assert opened.data["recusals"] == [{"file": told, "member": people[held.chair.public_id]}]
        assert {one["id"] for one in opened.data["present"]} == set(held.everybody)
        assert noted[5].data == {"file": told, "member": people[held.reader.public_id]}
        assert noted[6].data["votes"] == "1 pour"
        assert {one.application_id for one in noted if "file" in one.data} == {file.id}
        assert last.data["figures"] == {
            "envelope_cents": total,
            "awarded_cents": 0,
            "awarded": 0,
            "reserved": 0,
            "rejected": 1,
            "deferred": 0,
        }


@pytest.mark.usefixtures("either_database")
@pytest.mark.parametrize("verb", ["UPDATE sitting_event SET kind = 'x'", "DELETE FROM sitting_event"])
def test_the_database_itself_refuses_to_change_a_line(verb: str) -> None:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
    selection.convene(actor=acting(manager), call=call.public_id, held_at=clock.now())
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(verb))
