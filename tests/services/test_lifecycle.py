"""The one function that changes a state: who, when, trace, promises; and what it leaves when it refuses."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from grants import outbox
from grants.clock import now
from grants.db import reading, transaction
from grants.domain.audit_chain import Entry, verify
from grants.errors import Conflict, NotAllowed, NotPossible
from grants.models import AuditEntry, Call, Promise
from grants.policies import SYSTEM, Actor
from grants.policies.actors import Role
from grants.services.lifecycle import act, perform, sealed_part
from grants.workflow.actions import Action
from grants.workflow.call import CallState
from grants.workflow.facts import CallFacts
from tests import builders

pytestmark = pytest.mark.db

READY = CallFacts(weights_sum=100, shares_sum_bp=10_000, dates_in_order=True, envelope_cents=1)


def a_draft() -> tuple[str, Actor]:
    """A draft call and the manager of its programme."""
    with transaction() as session:
        call = builders.a_call(session, state=CallState.DRAFT)
        person = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        return call.public_id, Actor(id=person.id, public_id=person.public_id, manages=frozenset({call.programme_id}))


def publish(public_id: str, actor: Actor, facts: CallFacts = READY, version: int | None = None) -> None:
    with transaction() as session:
        call = session.scalars(select(Call).where(Call.public_id == public_id)).one()
        perform(session, actor=actor, action=Action.CALL_PUBLISH, row=call, facts=facts, version=version)


def the_trail() -> list[Entry]:
    with reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [Entry(row.seq, sealed_part(row), row.prev_hash, row.hash) for row in rows]


def the_state(public_id: str) -> str:
    with reading() as session:
        return str(session.scalar(select(Call.state).where(Call.public_id == public_id)))


def test_a_move_changes_the_state_and_leaves_one_trace(either_database: Engine) -> None:
    public_id, manager = a_draft()
    publish(public_id, manager)
    assert the_state(public_id) == "published"
    (entry,) = the_trail()
    assert (entry.seq, entry.body["action"], entry.body["object"]) == (1, "call.publish", f"call:{public_id}")


def test_a_stranger_changes_nothing_and_leaves_no_trace(either_database: Engine) -> None:
    public_id, _ = a_draft()
    with pytest.raises(NotAllowed) as refusal:
        publish(public_id, Actor(id=9, public_id="x"))
    assert refusal.value.reasons == ("manager",)
    assert (the_state(public_id), the_trail()) == ("draft", [])


def test_a_refusal_carries_every_reason_and_changes_nothing(either_database: Engine) -> None:
    public_id, manager = a_draft()
    with pytest.raises(NotPossible) as refusal:
        publish(public_id, manager, CallFacts(weights_sum=95, shares_sum_bp=10_000))
    assert [reason.code for reason in refusal.value.reasons] == [
        "weights_sum_to_hundred",
        "dates_in_order",
        "envelope_set",
    ]
    assert (the_state(public_id), the_trail()) == ("draft", [])


def test_an_old_page_loses_against_a_newer_version(either_database: Engine) -> None:
    public_id, manager = a_draft()
    with pytest.raises(Conflict):
        publish(public_id, manager, version=7)
    assert the_state(public_id) == "draft"


def test_a_row_changed_by_somebody_else_meanwhile_is_a_conflict(on_postgres: Engine) -> None:
    """On SQLite the second writer waits and reads afresh; on PostgreSQL the row's version decides."""
    public_id, manager = a_draft()

    def publish_slowly() -> None:
        with transaction() as slow:
            call = slow.scalars(select(Call).where(Call.public_id == public_id)).one()
            publish(public_id, manager)
            perform(slow, actor=manager, action=Action.CALL_PUBLISH, row=call, facts=READY)

    with pytest.raises(Conflict):
        publish_slowly()
    assert len(the_trail()) == 1


def test_what_has_no_life_leaves_the_same_trace(either_database: Engine) -> None:
    with transaction() as session:
        organisation = builders.an_organisation(session)
        act(session, actor=SYSTEM, action=Action.ORGANISATION_REGISTER, row=organisation, note={"source": "import"})
    (entry,) = the_trail()
    assert entry.body["body"] == {"source": "import"}
    assert entry.body["actor"] == "system"


def test_the_trail_is_a_chain_and_one_changed_byte_is_found(either_database: Engine) -> None:
    public_id, manager = a_draft()
    publish(public_id, manager)
    with transaction() as session:
        for _ in range(3):
            organisation = builders.an_organisation(session)
            act(session, actor=SYSTEM, action=Action.ORGANISATION_REGISTER, row=organisation)
    trail = the_trail()
    assert verify(trail) is None
    changed = [
        *trail[:2],
        Entry(3, {**trail[2].body, "actor": "somebody"}, trail[2].prev_hash, trail[2].hash),
        trail[3],
    ]
    assert verify(changed) == 3


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_the_trail(either_database: Engine, statement: str) -> None:
    public_id, manager = a_draft()
    publish(public_id, manager)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))
    assert verify(the_trail()) is None


def test_a_promise_is_made_once_whatever_its_key_is_said_again(either_database: Engine) -> None:
    for expected in (True, False):
        with transaction() as session:
            made = outbox.put(session, "k", kind="mail", name="accepted", subject="call:x", made_at=now())
        assert made is expected
    with reading() as session:
        assert len(session.scalars(select(Promise)).all()) == 1
