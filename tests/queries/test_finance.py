"""The drawers of tranches: each tranche stands in one, counts and pages agree, and nobody sees others' money."""

from datetime import date

import pytest

from grants.clock import frozen
from grants.db import reading, transaction
from grants.models import Envelope
from grants.queries import finance as finances
from grants.services import finance
from tests.awards import SPRING, World, a_running_project, a_world, an_open_project, bank_details, tranches_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]

AUTUMN = date(2026, 11, 21)


@pytest.fixture
def world() -> World:
    """Three projects: first tranche paid, ordered, planned; the interim reports of the two that run are late."""
    world = a_world()
    bank_details(world)
    paid, ordered = (a_running_project(world, title=title, ends_on=date(2027, 2, 28)) for title in ("Un", "Deux"))
    an_open_project(world, title="Trois", starts_on=date(2026, 12, 1), ends_on=date(2027, 2, 28))
    with frozen(SPRING):
        for project in (paid, ordered):
            finance.order(actor=world.manager, tranche=tranches_of(project)[0].public_id)
        finance.pay(
            actor=world.finance,
            tranche=tranches_of(paid)[0].public_id,
            paid_on=date(2026, 3, 17),
            reference="VIR-1",
        )
    return world


def test_each_tranche_stands_in_one_drawer_and_the_counts_are_those_of_the_pages(world: World) -> None:
    with reading() as session:
        counts = finances.counts(session, world.finance, today=AUTUMN)
        pages = {
            drawer: finances.page_for(session, world.finance, drawer=drawer, today=AUTUMN)
            for drawer in finances.DRAWERS
        }
    assert counts == {"to-order": 0, "to-pay": 1, "paid": 1, "blocked": 2, "planned": 5, "all": 9}
    assert {drawer: (len(rows), total) for drawer, (rows, total) in pages.items()} == {
        drawer: (number, number) for drawer, number in counts.items()
    }
    apart = [row.tranche.id for drawer in finances.DRAWERS[:-1] for row in pages[drawer][0]]
    assert sorted(apart) == sorted(row.tranche.id for row in pages["all"][0])


def test_a_blocked_tranche_comes_with_its_report_and_an_ordered_one_with_who_ordered(world: World) -> None:
    with reading() as session:
        blocked, _ = finances.page_for(session, world.finance, drawer="blocked", today=AUTUMN)
        ordered, _ = finances.page_for(session, world.finance, drawer="to-pay", today=AUTUMN)
    assert {row.report.kind for row in blocked if row.report} == {"interim"}
    assert [row.ordered_by for row in ordered] == [world.manager.name]


def test_nobody_sees_the_money_of_another_programme(world: World) -> None:
    with reading() as session:
        for who, seen in ((world.auditor, 9), (world.manager, 9), (world.lead, 9), (world.other_manager, 0)):
            assert finances.page_for(session, who, drawer="all", today=AUTUMN)[1] == seen
        assert finances.commitments(session, world.other_manager) == []


def test_a_list_is_cut_into_pages_by_the_database(world: World) -> None:
    with reading() as session:
        rows, total = finances.page_for(session, world.finance, drawer="all", today=AUTUMN, offset=6, limit=4)
    assert (len(rows), total) == (3, 9)


def test_an_envelope_tells_what_is_held_paid_and_owed(world: World) -> None:
    with transaction() as session:
        session.query(Envelope).filter_by(call_id=world.call.id).update({"committed_cents": 3 * 1_550_000})
    with reading() as session:
        (told,) = finances.commitments(session, world.finance)
    assert (told.committed_cents, told.paid_cents, told.owed_cents) == (4_650_000, 930_000, 930_000)
    assert (told.left_cents, told.unpaid_cents) == (10_500_000 - 4_650_000, 3_720_000)
