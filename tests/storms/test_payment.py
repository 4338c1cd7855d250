"""Many people press at once: one payment, one ledger entry, and everybody else learns why not."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from grants.db import reading, transaction
from grants.errors import Busy, Conflict, NotPossible
from grants.models import Payment, Posting
from grants.services import finance
from grants.workflow.tranche import TrancheState
from tests.awards import World, a_running_project, a_world, bank_details, tranches_of

pytestmark = pytest.mark.db

CROWD = 50
TRIES = 5


def press(world: World, tranche: str, gate: Barrier) -> str:
    """Press pay, again where the database asks for it; what came of it."""
    gate.wait(timeout=60)
    for _ in range(TRIES):
        try:
            finance.pay(actor=world.finance, tranche=tranche, paid_on=date(2026, 3, 17), reference="VIR-1")
        except Busy:
            continue
        except Conflict:
            return "told"
        except NotPossible:
            return "refused"
        return "paid"
    return "busy"


def test_fifty_people_pay_one_tranche_once(either_database: Engine) -> None:
    """MN-02."""
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    tranche = tranches_of(project)[0]
    finance.order(actor=world.manager, tranche=tranche.public_id)
    gate = Barrier(CROWD)
    with ThreadPoolExecutor(CROWD) as crowd:
        told = Counter(crowd.map(lambda _: press(world, tranche.public_id, gate), range(CROWD)))
    either_database.dispose()
    assert told["paid"] == 1
    assert told["busy"] == 0
    with reading() as session:
        assert session.scalars(select(Payment.amount_cents)).all() == [930_000]
        assert sorted(session.scalars(select(Posting.amount_cents))) == [-930_000, 930_000]


def test_payments_of_several_tranches_at_once_stay_within_the_award(either_database: Engine) -> None:
    """MN-09: each is valid alone; together they are the award and no cent more."""
    world = a_world()
    project = a_running_project(world)
    bank_details(world)
    with transaction() as session:
        for tranche in tranches_of(project):
            row = session.merge(tranche)
            row.state = TrancheState.ORDERED
            row.ordered_by_id = world.accounts["manager"].id
    wanted = [tranche.public_id for tranche in tranches_of(project)] * 8
    gate = Barrier(len(wanted))
    with ThreadPoolExecutor(len(wanted)) as crowd:
        told = Counter(crowd.map(lambda tranche: press(world, tranche, gate), wanted))
    either_database.dispose()
    assert told["paid"] == 3
    with reading() as session:
        assert sum(session.scalars(select(Payment.amount_cents))) == project.awarded_cents
        assert sum(session.scalars(select(Posting.amount_cents))) == 0
