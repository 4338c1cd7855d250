"""Scenarios: the best set under some rules, made of what its author sees, read by whoever sees all of it."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, select

from grants import clock
from grants.db import reading, transaction
from grants.domain.portfolio_problem import Objective
from grants.domain.scenario_rules import Rules
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible
from grants.models import (
    Account,
    Application,
    AuditEntry,
    Call,
    Decision,
    Interest,
    Meeting,
    Promise,
    PromiseState,
    Scenario,
    SittingEvent,
)
from grants.policies import Role
from grants.queries import scenario as queries
from grants.queries import selection
from grants.queries.visibility import one_for
from grants.services import relay, scenario
from grants.services import selection as sittings
from grants.workflow.application import ApplicationState
from tests import builders
from tests.services.test_analysis import Round, a_round, acting, change, codes

pytestmark = pytest.mark.db


@pytest.fixture
def world(either_database: Engine) -> Round:
    assert either_database
    return a_round()


def work() -> None:
    """The worker keeps every promise of a scenario."""
    with reading() as session:
        query = select(Promise.id).where(Promise.kind == scenario.KIND, Promise.state == PromiseState.QUEUED)
        promises = list(session.scalars(query))
    for promise in promises:
        assert relay.keep(promise, {scenario.KIND: scenario.keep})


def stated(world: Round) -> Rules:
    with reading() as session:
        return queries.rules_of(session.get_one(Call, world.call.id))


def made(world: Round, by: Account | None = None, **rules: Any) -> Scenario:
    """A scenario with its answer."""
    asked = scenario.ask(
        actor=acting(by or world.manager),
        call=world.call.public_id,
        rules=replace(stated(world), **rules),
        name="Essai",
    )
    work()
    with reading() as session:
        return session.get_one(Scenario, asked.id)


def shown(world: Round, row: Scenario, to: Account | None = None) -> queries.Shown:
    with reading() as session:
        actor = acting(to or world.manager)
        call = selection.call_for_ranking(session, world.call.id)
        return queries.shown(session, session.get_one(Scenario, row.id), selection.board(session, actor, call).basis)


def may_read(account: Account, row: Scenario) -> bool:
    with reading() as session:
        try:
            one_for(session, acting(account), Scenario, row.public_id)
        except NotFound:
            return False
        return True


def begun(world: Round) -> Meeting:
    with transaction() as session:
        return builders.a_meeting(
            session, call=world.call, secretary=world.manager, present=tuple(world.members), state="open"
        )


def scores(world: Round) -> dict[str, Fraction]:
    with reading() as session:
        call = selection.call_for_ranking(session, world.call.id)
        board = selection.board(session, acting(world.manager), call)
        return {
            place.file.public_id: place.ranked.mean or Fraction(0) for place in board.places if place.ranked.fundable
        }


def test_the_set_is_the_best_of_all_sets_that_the_rules_allow(world: Round) -> None:
    """Brute force over every set of a call of nine files, with a bound, a file forced in, one forced out."""
    chance = random.Random(4)  # noqa: S311 -- amounts, not secrets
    with transaction() as session:
        call = session.get_one(Call, world.call.id)
        for rank, file in enumerate(
            session.scalars(select(Application).where(Application.call_id == call.id).order_by(Application.id))
        ):
            file.requested_cents = chance.randrange(6, 16) * 100_000
            file.answers = {"theme": "Eau" if rank % 3 else "Alimentation"}
    points = scores(world)
    keys, wet = sorted(points), {file.public_id for rank, file in enumerate(world.files) if rank % 3}
    out = min(points, key=lambda one: -points[one])
    inside = min(points, key=lambda one: points[one])
    with reading() as session:
        rows = session.scalars(select(Application).where(Application.call_id == world.call.id))
        cents = {row.public_id: row.requested_cents for row in rows}
    row = made(world, bounds=(("theme:eau", 1, 2),), include=frozenset({inside}), exclude=frozenset({out}), places=4)
    allowed = [
        some
        for size in range(5)
        for some in combinations(keys, size)
        if sum(cents[one] for one in some) <= 4_000_000
        and 1 <= len(wet.intersection(some)) <= 2
        and inside in some
        and out not in some
    ]
    ranked = sorted(points, key=lambda one: (-points[one], one))

    def merit(some: tuple[str, ...]) -> tuple[object, ...]:
        """Points, then money, then the better ranked."""
        return sum(points[one] for one in some), sum(cents[one] for one in some), [one in some for one in ranked]

    best = max(allowed, key=merit)
    assert set(shown(world, row).cents) == set(best)
    assert row.report["value"] == pytest.approx(float(sum(points[one] for one in best)))
    assert {one["id"] for one in row.report["inside"]} == set(best)
    for one in row.report["outside"]:
        with_it = [some for some in allowed if one["id"] in some]
        if one["id"] == out:
            continue
        assert one["possible"] == bool(with_it)
        if with_it:
            worth = max(sum(points[key] for key in some) for some in with_it)
            assert one["value_lost"] == pytest.approx(float(sum(points[key] for key in best) - worth))


def test_a_scenario_says_what_its_rules_cost_and_how_sure_it_is(world: Round) -> None:
    row = made(world)
    report = row.report
    assert (row.failure, row.percent, report["feasible"], report["proved"]) == ("", 100, True, True)
    assert len(report["chosen"]) == 4
    assert report["total_cents"] == 4_000_000
    (money,) = [one for one in report["eased"] if one["rule"] == "envelope"]
    assert (money["by"], len(money["enter"])) == (1_000_000, 1)
    stable = report["stability"]
    assert stable["draws"] == 200
    assert stable["seed"] == row.seed
    surest = max(stable["chosen"].values())
    assert surest > 0.9
    assert min(stable["chosen"].values()) < 0.1
    assert report["others"][0]["value_lost"] >= 0
    again = made(world)
    assert again.report == report


def test_partial_amounts_stretch_the_envelope_down_to_the_share_of_the_call(world: Round) -> None:
    with transaction() as session:
        call = session.get_one(Call, world.call.id)
        call.min_award_bp, call.min_cents = 7_500, 0
    row = made(world)
    cents = sorted(shown(world, row).cents.values())
    assert len(cents) == 5
    assert sum(cents) == 4_000_000
    assert cents[0] == 750_000


def test_rules_that_contradict_each_other_name_the_fewest_to_give_up(world: Round) -> None:
    row = made(world, bounds=(("theme:marées", 2, None),))
    assert row.report == {"feasible": False, "relax": ["min:theme:marées"]}
    assert not shown(world, row).feasible


def test_what_a_trial_may_not_say_is_refused_field_by_field(world: Round) -> None:
    with transaction() as session:
        session.get_one(Call, world.call.id).threshold = 50
    low, high = world.files[-1].public_id, world.files[0].public_id
    rules = replace(
        stated(world),
        envelope_cents=9_000_000,
        include=frozenset({low, high}),
        exclude=frozenset({high}),
        amounts={high: 2_000_000},
    )
    with pytest.raises(Invalid) as refused:
        scenario.ask(actor=acting(world.manager), call=world.call.public_id, rules=rules)
    assert {name: reason.code for name, reason in refused.value.problems.items()} == {
        "envelope_cents": "scenario_envelope",
        "include": "scenario_aside",
        "exclude": "scenario_both",
        "amounts": "scenario_amount",
    }
    with pytest.raises(NotFound):
        scenario.ask(
            actor=acting(world.manager),
            call=world.call.public_id,
            rules=replace(stated(world), include=frozenset({"somewhere-else"})),
        )


def test_one_at_a_time_for_each_person(world: Round) -> None:
    begun(world)
    scenario.ask(actor=acting(world.manager), call=world.call.public_id, rules=stated(world))
    with pytest.raises(NotPossible) as refused:
        scenario.ask(actor=acting(world.manager), call=world.call.public_id, rules=stated(world))
    assert codes(refused) == {"scenario_running"}
    scenario.ask(actor=acting(world.members[0]), call=world.call.public_id, rules=stated(world))


def test_members_do_not_ask_and_the_chair_does_once_the_sitting_is_open(world: Round) -> None:
    for account in (world.members[0], world.members[1], world.auditor):
        with pytest.raises(NotAllowed):
            scenario.ask(actor=acting(account), call=world.call.public_id, rules=stated(world))
    begun(world)
    assert made(world, world.members[0]).report["feasible"]
    with pytest.raises(NotAllowed):
        scenario.ask(actor=acting(world.members[1]), call=world.call.public_id, rules=stated(world))


def test_the_committee_reads_what_is_shared_once_it_sits(world: Round) -> None:
    """RV-09: a member recused from one of its files does not know of it, shared or not."""
    row = made(world)
    chair, member, recused = world.members
    assert [may_read(one, row) for one in (world.manager, world.auditor, chair, member, recused)] == [
        *(True, True, False, False, False)
    ]
    begun(world)
    assert [may_read(one, row) for one in (chair, member, recused)] == [True, False, False]
    scenario.share(actor=acting(world.manager), scenario=row.public_id)
    assert [may_read(one, row) for one in (chair, member, recused)] == [True, True, False]
    with pytest.raises(NotFound):
        scenario.share(actor=acting(recused), scenario=row.public_id)


def test_a_scenario_made_without_a_file_is_read_by_those_who_see_the_rest(world: Round) -> None:
    """A manager recused from a file has scenarios made without it; the others read that something is missing."""
    with transaction() as session:
        other = builders.an_account(session, role=Role.MANAGER, programme_id=world.call.programme_id)
        builders.an_interest(session, application=world.files[0], account=other, stand="conflict")
    row = made(world, other)
    hidden = world.files[0].public_id
    assert hidden not in str(row.material) + str(row.report)
    assert may_read(world.manager, row)
    assert shown(world, row).missing == {hidden}
    assert shown(world, row, other).missing == frozenset()
    whole = made(world)
    assert not may_read(other, whole)


def test_a_conflict_declared_later_closes_the_scenario(world: Round) -> None:
    begun(world)
    row = made(world)
    scenario.share(actor=acting(world.manager), scenario=row.public_id)
    assert may_read(world.members[1], row)
    with transaction() as session:
        for line in session.scalars(select(Interest).where(Interest.account_id == world.members[1].id)):
            if line.application_id == world.files[3].id:
                line.stand = "conflict"
    assert not may_read(world.members[1], row)


def test_a_changed_score_and_a_file_that_left_make_it_stale(world: Round) -> None:
    row = made(world)
    assert not shown(world, row).stale
    change(world.reviews[-1], 9)
    assert shown(world, row).stale
    row = made(world)
    with transaction() as session:
        session.get_one(Application, world.files[4].id).state = ApplicationState.WITHDRAWN
    assert shown(world, row).stale


def test_a_scenario_is_named_and_put_away_with_its_trace(world: Round) -> None:
    row = made(world)
    scenario.edit(actor=acting(world.manager), scenario=row.public_id, name="  Trois  rives ", note="À relire.")
    with pytest.raises(Invalid):
        scenario.edit(actor=acting(world.manager), scenario=row.public_id, name=" ", note="")
    with reading() as session:
        kept = session.get_one(Scenario, row.id)
        assert (kept.name, kept.note) == ("Trois rives", "À relire.")
    scenario.discard(actor=acting(world.manager), scenario=row.public_id)
    assert not may_read(world.manager, row)
    with reading() as session:
        traces = select(AuditEntry.action).where(AuditEntry.object == f"scenario:{row.public_id}")
        assert list(session.scalars(traces)) == ["scenario.edit", "scenario.discard"]


def decide(world: Round, meeting: Meeting, outcomes: dict[int, int]) -> None:
    """Decisions written down: cents by position of the file, 0 for a refusal."""
    with transaction() as session:
        for rank, cents in outcomes.items():
            session.add(
                Decision(
                    application_id=world.files[rank].id,
                    meeting_id=meeting.id,
                    outcome="awarded" if cents else "rejected",
                    awarded_cents=cents,
                    proposed_by_id=world.manager.id,
                    proposed_at=clock.now(),
                )
            )


def test_the_distance_of_a_sitting_to_its_reference_is_told_and_written_down_when_it_closes(world: Round) -> None:
    meeting = begun(world)
    row = made(world)
    scenario.refer(actor=acting(world.manager), scenario=row.public_id)
    assert may_read(world.members[1], row), "a reference is shared"
    with pytest.raises(NotPossible) as refused:
        scenario.discard(actor=acting(world.manager), scenario=row.public_id)
    assert codes(refused) == {"scenario_not_reference"}
    # the first four are the reference; the second is cut, the third refused, the sixth taken in
    decide(world, meeting, {0: 1_000_000, 1: 800_000, 2: 0, 5: 1_000_000})
    files = [file.public_id for file in world.files]
    with reading() as session:
        found = queries.advice(session, acting(world.manager), session.get_one(Meeting, meeting.id))
        assert found is not None
        told = found.distance
        assert (told.both, told.without, told.with_, told.open_) == (
            (files[0], files[1]),
            (files[2],),
            (files[5],),
            tuple(one["id"] for one in row.report["chosen"][3:]),  # of two with the same score
        )
        assert [(one.id, one.decided_cents) for one in told.moved] == [(files[1], 800_000)]
        assert told.cents == -200_000
        points = scores(world)
        assert told.value_lost == points[files[2]] - points[files[5]]
        assert queries.advice(session, acting(world.members[2]), session.get_one(Meeting, meeting.id)) is None
    decide(world, meeting, dict.fromkeys((3, 4, 6, 7, 8), 0))
    with transaction() as session:
        for file in session.scalars(select(Application).where(Application.call_id == world.call.id)):
            file.state = ApplicationState.IN_DELIBERATION
    sittings.close_meeting(actor=acting(world.manager), meeting=meeting.public_id)
    with reading() as session:
        query = select(SittingEvent).where(SittingEvent.meeting_id == meeting.id, SittingEvent.kind == "advice")
        (line,) = session.scalars(query)
        assert line.data["scenario"]["name"] == "Essai"
        assert [one["number"] for one in line.data["distance"]["with"]] == [world.files[5].number]
        assert line.by_id is None


def test_a_reference_is_a_fresh_set_of_all_the_files_for_a_sitting_that_lasts(world: Round) -> None:
    row = made(world)
    with pytest.raises(NotPossible) as refused:
        scenario.refer(actor=acting(world.manager), scenario=row.public_id)
    assert codes(refused) == {"scenario_sitting"}
    begun(world)
    change(world.reviews[-1], 9)
    with pytest.raises(NotPossible) as refused:
        scenario.refer(actor=acting(world.manager), scenario=row.public_id)
    assert codes(refused) == {"scenario_fresh"}
    with transaction() as session:
        other = builders.an_account(session, role=Role.MANAGER, programme_id=world.call.programme_id)
        builders.an_interest(session, application=world.files[0], account=other, stand="conflict")
    partial = made(world, other, bounds=(("theme:marées", 2, None),), objective=Objective.SUM_BY_AMOUNT)
    with pytest.raises(NotPossible) as refused:
        scenario.refer(actor=acting(other), scenario=partial.public_id)
    assert codes(refused) == {"scenario_feasible", "scenario_whole"}


def test_another_reference_takes_the_place_of_the_first(world: Round) -> None:
    meeting = begun(world)
    one, two = made(world), made(world, envelope_cents=3_000_000)
    for row in (one, two):
        scenario.refer(actor=acting(world.manager), scenario=row.public_id)
    with reading() as session:
        query = select(Scenario.id).where(Scenario.reference_for_id == meeting.id)
        assert list(session.scalars(query)) == [two.id]
