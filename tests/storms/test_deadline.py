"""DL-06: two hundred people submit in the last seconds and the call closes in the middle.

Who gets a number was in time, by the database's own clock after the lock; who does not keeps the draft, and the attempt
is on record. Nothing in between, no number twice, on both databases.
"""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Busy, NotPossible
from grants.models import Application, Call, LateAttempt, Promise, Snapshot
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import application
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.slow]
PEOPLE = 200
#: Long enough for some to come through on a slow machine, short enough for others not to.
OPEN_FOR = timedelta(seconds=2)


@pytest.fixture
def crowd(either_database: Engine) -> tuple[Call, list[tuple[Actor, str]]]:
    """A call that is open, and one complete draft a person."""
    with transaction() as session:
        now = clock.now()
        call = builders.a_call(session, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=1))
        made = []
        for _ in range(PEOPLE):
            owner = builders.an_organisation(session)
            lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=owner.id)
            file = builders.a_draft(session, call=call, lead=lead, organisation=owner)
            made.append((lead.id, file.public_id))
    with reading() as session:
        return call, [(actor_for(session, account), file) for account, file in made]


def storm(people: list[tuple[Actor, str]]) -> Counter[str]:
    """Everybody submits at the same instant; what they are answered, counted."""
    gate, answers = threading.Barrier(PEOPLE), [""] * PEOPLE

    def run(number: int) -> None:
        actor, file = people[number]
        gate.wait()
        for _ in range(PEOPLE):  # what a page does when the database asks to try again
            try:
                application.submit(actor=actor, application=file)
            except NotPossible as refused:
                answers[number] = ",".join(sorted(reason.code for reason in refused.reasons))
            except Busy:
                continue
            else:
                answers[number] = "received"
            return

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def test_dl_06_a_storm_at_the_closing_is_decided_for_everybody_by_one_clock(
    crowd: tuple[Call, list[tuple[Actor, str]]],
) -> None:
    call, people = crowd
    with transaction() as session:
        closes_at = session.get_one(Call, call.id).closes_at = clock.now() + OPEN_FOR
    counted = storm(people)
    assert set(counted) <= {"received", "before_deadline"}, counted
    with reading() as session:
        kept = session.scalars(select(Snapshot)).all()
        assert len(kept) == counted["received"]
        assert all(one.received_at < closes_at for one in kept)
        numbers = session.scalars(select(Application.number).where(Application.number.is_not(None))).all()
        assert len(set(numbers)) == len(numbers) == counted["received"]
        drafts = session.scalar(select(func.count(Application.id)).where(Application.state == ApplicationState.DRAFT))
        attempts = session.scalar(select(func.count(LateAttempt.id)))
        assert drafts == attempts == counted["before_deadline"]
        receipts = session.scalar(select(func.count(Promise.id)).where(Promise.name == "receipt"))
        assert receipts == counted["received"]
        # numbers follow the order of reception
        order = session.execute(
            select(Application.number).join(Snapshot).order_by(Snapshot.received_at, Application.number)
        ).scalars()
        assert list(order) == sorted(numbers)
