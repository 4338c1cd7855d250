"""Two hundred people award at once from an envelope that bears ten: exactly ten succeed, on both databases.

The control comes first: reading what is left, checking it in Python and writing, as the driver's own transaction
mode invites to, is seen to give the same money several times.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Engine, func, select

from grants.db import reading, transaction
from grants.errors import Busy, NotPossible
from grants.models import AuditEntry, Decision, Envelope
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import decision
from grants.workflow.application import ApplicationState
from grants.workflow.meeting import MeetingState
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.slow]
PEOPLE, AWARD, ENVELOPE = 200, 10_000, 100_000
TEN = ENVELOPE // AWARD


def storm(one: Callable[[int], str]) -> Counter[str]:
    """Run `one` in as many threads as there are people, all let go at the same instant; count what they answer."""
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


@pytest.fixture
def sitting(either_database: Engine) -> tuple[Actor, list[str]]:
    """A manager in an open sitting, and one file a person."""
    with transaction() as session:
        call = builders.a_call(session, envelope_cents=ENVELOPE, quorum=0)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        organisation = builders.an_organisation(session)
        author = builders.an_account(session)
        files = [
            builders.an_application(
                session,
                call=call,
                organisation_id=organisation.id,
                created_by_id=author.id,
                state=ApplicationState.IN_DELIBERATION,
            ).public_id
            for _ in range(PEOPLE)
        ]
        builders.a_meeting(session, call=call, secretary=manager, state=MeetingState.OPEN)
    with reading() as session:
        return actor_for(session, manager.id), files


def test_exactly_ten_awards_come_out_of_the_storm(sitting: tuple[Actor, list[str]]) -> None:
    manager, files = sitting

    def award(number: int) -> str:
        for _ in range(PEOPLE):  # what a page does when the database asks to try again
            try:
                decision.propose(
                    actor=manager, application=files[number], outcome="awarded", awarded_cents=AWARD, motive="Bien."
                )
            except NotPossible as error:
                return ",".join(reason.code for reason in error.reasons)
            except Busy:
                continue
            return "awarded"
        return "busy"

    assert storm(award) == {"awarded": TEN, "within_budget": PEOPLE - TEN}
    with reading() as session:
        envelope = session.scalars(select(Envelope)).one()
        assert (envelope.committed_cents, envelope.total_cents) == (ENVELOPE, ENVELOPE)
        assert session.scalar(select(func.sum(Decision.awarded_cents))) == ENVELOPE
        assert session.scalar(select(func.count()).select_from(Decision)) == TEN
        assert session.scalar(select(func.max(AuditEntry.seq))) == TEN


@pytest.mark.usefixtures("sitting")
def test_the_naive_way_gives_the_same_money_several_times(either_database: Engine) -> None:
    naive = _naive_sqlite if either_database.dialect.name == "sqlite" else _naive_postgres
    path = str(either_database.url.database)
    address = either_database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    counts = storm(lambda _number: naive(path if either_database.dialect.name == "sqlite" else address))
    assert counts["awarded"] > TEN


def _naive_sqlite(path: str) -> str:
    line = sqlite3.connect(path, timeout=60)
    try:
        committed, total = line.execute("SELECT committed_cents, total_cents FROM envelope").fetchone()
        if committed + AWARD > total:
            return "refused"
        line.execute("UPDATE envelope SET committed_cents = ?", (committed + AWARD,))
        line.commit()
    except sqlite3.OperationalError:
        return "locked"
    finally:
        line.close()
    return "awarded"


def _naive_postgres(address: str) -> str:
    with psycopg.connect(address) as line:
        found = line.execute("SELECT committed_cents, total_cents FROM envelope").fetchone()
        assert found is not None
        committed, total = found
        if committed + AWARD > total:
            return "refused"
        line.execute("UPDATE envelope SET committed_cents = %s", (committed + AWARD,))
    return "awarded"
