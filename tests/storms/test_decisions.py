"""Twenty people decide the same file, then press « release » together: one decision, one batch, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from grants.db import reading, transaction
from grants.errors import Busy, Conflict
from grants.models import Decision, Envelope, Posting, Promise
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import decision, selection
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.slow]
PEOPLE, AWARD = 20, 10_000


def together(one: Callable[[int], str]) -> Counter[str]:
    gate, answers = threading.Barrier(PEOPLE), [""] * PEOPLE

    def run(number: int) -> None:
        gate.wait()
        answers[number] = one(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def patiently(act: Callable[[], object]) -> str:
    for _ in range(100):
        try:
            act()
        except Busy:
            continue
        except Conflict as error:
            return f"conflict: {error.what}"
        return "done"
    return "busy"


def test_one_decision_and_one_batch(either_database: Engine) -> None:
    with transaction() as session:
        call = builders.a_call(session, quorum=0)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        file = builders.an_application(session, call=call, state=ApplicationState.IN_DELIBERATION).public_id
        meeting = builders.a_meeting(session, call=call, secretary=manager, state=MeetingState.OPEN).public_id
    with reading() as session:
        actor: Actor = actor_for(session, manager.id)
    wish = {"outcome": "awarded", "awarded_cents": AWARD, "motive": "Bien classé."}

    proposals = together(lambda _n: patiently(lambda: decision.propose(actor=actor, application=file, **wish)))
    assert proposals == {"done": 1, "conflict: decision": PEOPLE - 1}
    selection.close_meeting(actor=actor, meeting=meeting)
    with reading() as session:
        made = session.scalars(select(Decision)).one()
        assert session.scalar(select(Envelope.committed_cents)) == AWARD
    decision.approve(actor=actor, decisions=[made.public_id], board_on=date(2026, 12, 18), board_reference="CA")

    releases = together(lambda _n: patiently(lambda: decision.release(actor=actor, decisions=[made.public_id])))
    assert releases == {"done": PEOPLE}
    with reading() as session:
        letters = dict(session.execute(select(Promise.name, func.count()).group_by(Promise.name)).all())
        assert letters == {"accepted": 1, "decision-letter": 1}
        assert session.scalar(select(func.count()).select_from(Posting)) == 2
        assert session.scalar(select(func.sum(Posting.amount_cents))) == 0
