"""After the sitting: the board goes its own way, letters are planned, replaced and taken back, places pass on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from grants.clock import frozen
from grants.db import reading, transaction
from grants.errors import Conflict, NotAllowed, NotFound, NotPossible
from grants.models import (
    Account,
    Application,
    Appointment,
    AuditEntry,
    Call,
    Decision,
    Departure,
    Posting,
    Project,
    Promise,
    Succession,
)
from grants.policies import Actor
from grants.policies.actors import Role
from grants.queries import succession as queries
from grants.queries.lineage import letter_number, replaced
from grants.services import commitment, decision, reminder
from grants.services.decision import Wish, entering
from grants.services.relay import Task
from grants.workflow.decision import DecisionState, Origin
from grants.workflow.departure import DepartureState
from grants.workflow.succession import SuccessionState
from tests import builders
from tests.services.test_decision import AWARD, Sitting, acting, approved, committed, refused

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]
BOARD: dict[str, Any] = {"board_on": date(2026, 12, 18), "board_reference": "CA 2026-12"}
LATER = datetime(2026, 12, 19, 8, 0, tzinfo=UTC)


def ledger() -> dict[str, int]:
    with reading() as session:
        rows = session.execute(select(Posting.account, func.sum(Posting.amount_cents)).group_by(Posting.account))
        return {row[0]: int(row[1]) for row in rows}


def promised(kind: str = "mail") -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Promise.name).where(Promise.kind == kind)))


def now_of(made: Decision) -> Decision:
    with reading() as session:
        return session.get_one(Decision, made.id)


def released(sitting: Sitting, **proposal: Any) -> Decision:
    manager = acting(sitting.manager)
    made = approved(sitting, manager, **proposal)
    decision.release(actor=manager, decisions=[made.public_id])
    return now_of(made)


def decided(sitting: Sitting, *wishes: dict[str, Any]) -> list[Decision]:
    """A decision for each file of the sitting, released."""
    manager = acting(sitting.manager)
    made = [
        decision.propose(actor=manager, application=file.public_id, **wish)
        for file, wish in zip(sitting.files, wishes, strict=True)
    ]
    sitting.close()
    decision.approve(actor=manager, decisions=[one.public_id for one in made], **BOARD)
    decision.release(actor=manager, decisions=[one.public_id for one in made])
    return [now_of(one) for one in made]


def lead_of(file: Application) -> Actor:
    """Somebody who may commit the organisation behind this file."""
    with transaction() as session:
        account = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=file.organisation_id)
    return acting(account)


RESERVE = {"outcome": "reserve", "motive": "Bon projet."}


# the board
def test_the_board_may_lower_a_proposal_and_both_acts_stay() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    proposal = decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    sitting.close()
    wish = Wish(outcome="awarded", awarded_cents=80_000, motive="Retenu.", why="L’enveloppe doit servir deux projets.")
    made = decision.decide_otherwise(actor=manager, decision=proposal.public_id, wish=wish, **BOARD)
    old = now_of(proposal)
    assert (old.state, old.awarded_cents, old.ended_why) == (DecisionState.DECLINED, 100_000, wish.why)
    assert (made.state, made.origin, made.follows_id) == (DecisionState.APPROVED, Origin.BOARD, proposal.id)
    assert (made.awarded_cents, made.board_reference) == (80_000, "CA 2026-12")
    assert committed(sitting.call.id) == 80_000


def test_the_board_needs_a_reason_an_act_and_a_sitting_that_is_over() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    proposal = decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    wish = Wish(outcome="rejected", motive="Non retenu.")
    with pytest.raises(NotPossible) as refusal:
        decision.decide_otherwise(
            actor=manager, decision=proposal.public_id, wish=wish, board_on=None, board_reference=""
        )
    assert refused(refusal) == {"meeting_closed", "board_act_entered", "why_given"}
    assert committed(sitting.call.id) == 100_000


def test_the_board_is_bound_by_the_envelope_and_the_request_too() -> None:
    sitting = Sitting(envelope_cents=150_000)
    manager = acting(sitting.manager)
    proposal = decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    sitting.close()
    wish = Wish(outcome="awarded", awarded_cents=160_000, motive="Plus.", why="Plus ambitieux.")
    with pytest.raises(NotPossible) as refusal:
        decision.decide_otherwise(actor=manager, decision=proposal.public_id, wish=wish, **BOARD)
    assert refused(refusal) == {"within_budget"}
    assert (now_of(proposal).state, committed(sitting.call.id)) == (DecisionState.PROPOSED, 100_000)


# planned departures
def test_letters_leave_at_their_moment_and_not_before() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = approved(sitting, manager)
    with frozen(LATER - timedelta(days=1)):
        decision.plan(actor=manager, decisions=[made.public_id], leaves_at=LATER)
        assert decision.leave_due() == 0
        with pytest.raises(NotPossible) as refusal:
            decision.release(actor=manager, decisions=[made.public_id])
        assert refused(refusal) == {"departure_not_planned"}
        assert promised() == []
    with frozen(LATER):
        assert (decision.leave_due(), decision.leave_due()) == (1, 0)
    left = now_of(made)
    assert (left.state, left.released_by_id, left.released_at) == (DecisionState.RELEASED, sitting.manager.id, LATER)
    assert promised() == ["accepted"]


def test_a_planned_departure_is_cancelled_until_it_leaves() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = approved(sitting, manager)
    with frozen(LATER - timedelta(hours=1)):
        planned = decision.plan(actor=manager, decisions=[made.public_id], leaves_at=LATER)
        decision.cancel(actor=acting(sitting.second), departure=planned.public_id)
    with frozen(LATER + timedelta(hours=1)):
        assert decision.leave_due() == 0
        with pytest.raises(NotPossible):
            decision.cancel(actor=manager, departure=planned.public_id)
        decision.release(actor=manager, decisions=[made.public_id])
        with pytest.raises(NotPossible):
            decision.plan(actor=manager, decisions=[made.public_id], leaves_at=LATER)


def test_a_departure_leaves_whole_or_is_held_with_its_reasons() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = [decision.propose(actor=manager, application=file.public_id, **AWARD) for file in sitting.files[:2]]
    sitting.close()
    names = [one.public_id for one in made]
    decision.approve(actor=manager, decisions=names, **BOARD)
    with frozen(LATER - timedelta(hours=1)):
        planned = decision.plan(actor=manager, decisions=names, leaves_at=LATER)
    with transaction() as session:  # the last person of a team closes their account
        team = select(Appointment.account_id).where(Appointment.organisation_id == sitting.files[1].organisation_id)
        session.execute(update(Account).where(Account.id.in_(team)).values(disabled_at=LATER))
    with frozen(LATER):
        assert decision.leave_due() == 0
    with reading() as session:
        row = session.get_one(Departure, planned.id)
        assert (row.state, [one["code"] for one in row.obstacles]) == (DepartureState.HELD, ["somebody_to_write_to"])
    assert {now_of(one).state for one in made} == {DecisionState.APPROVED}
    assert promised() == ["departure-held", "departure-held"]
    assert ledger() == {}


def test_a_withdrawal_leaves_a_departure_without_holding_it() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = [decision.propose(actor=manager, application=file.public_id, **AWARD) for file in sitting.files[:2]]
    sitting.close()
    names = [one.public_id for one in made]
    decision.approve(actor=manager, decisions=names, **BOARD)
    with frozen(LATER - timedelta(hours=1)):
        decision.plan(actor=manager, decisions=names, leaves_at=LATER)
        with transaction() as session:
            commitment.lapse(session, session.get_one(Application, sitting.files[1].id))
    with frozen(LATER):
        assert decision.leave_due() == 1
    assert [now_of(one).state for one in made] == [DecisionState.RELEASED, DecisionState.REVOKED]


# mending
def test_a_revoked_letter_is_followed_by_one_that_says_why() -> None:
    sitting = Sitting()
    made = released(sitting)
    with pytest.raises(NotPossible) as refusal:
        decision.revoke(actor=acting(sitting.manager), decision=made.public_id, motive=" ")
    assert refused(refusal) == {"motive_given"}
    decision.revoke(actor=acting(sitting.manager), decision=made.public_id, motive="L’organisation est dissoute.")
    assert (now_of(made).state, now_of(made).ended_why) == (DecisionState.REVOKED, "L’organisation est dissoute.")
    assert promised("document") == ["decision-letter", "revocation"]
    assert promised() == ["accepted", "decision-revoked"]
    assert ledger() == {"awards": 0, "envelope": 0}


def test_another_decision_takes_the_place_of_a_letter_once_its_own_has_left() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = released(sitting)
    wish = Wish(outcome="awarded", awarded_cents=60_000, motive="Réduit.", why="Le budget a été revu avec vous.")
    other = decision.revise(actor=manager, decision=made.public_id, wish=wish)
    # the applicant knows of the first alone
    assert (now_of(made).state, now_of(made).ended_at is None) == (DecisionState.RELEASED, False)
    assert committed(sitting.call.id) == 60_000
    decision.approve(actor=manager, decisions=[other.public_id], **BOARD)
    decision.release(actor=manager, decisions=[other.public_id])
    assert now_of(made).state == DecisionState.SUPERSEDED
    assert ledger() == {"awards": 60_000, "envelope": -60_000}
    with reading() as session:
        row = session.get_one(Decision, other.id)
        former = replaced(session, row)
        assert former is not None
        assert (former.id, letter_number(session, former), letter_number(session, row)) == (made.id, 1, 2)
    with pytest.raises(Conflict):
        decision.revise(actor=manager, decision=made.public_id, wish=wish)


def test_what_was_prepared_is_given_up_and_the_first_decision_stands() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = released(sitting)
    wish = Wish(outcome="rejected", motive="Erreur.", why="Une erreur de dossier.")
    other = decision.revise(actor=manager, decision=made.public_id, wish=wish)
    assert committed(sitting.call.id) == 0
    with pytest.raises(Conflict):
        decision.revise(actor=acting(sitting.second), decision=made.public_id, wish=wish)
    with pytest.raises(Conflict):
        decision.revoke(actor=acting(sitting.second), decision=made.public_id, motive="Aussi.")
    decision.abandon(actor=manager, decision=other.public_id)
    assert (now_of(made).state, now_of(made).ended_at) == (DecisionState.RELEASED, None)
    assert committed(sitting.call.id) == 100_000
    with pytest.raises(NotPossible) as refusal:
        decision.abandon(actor=manager, decision=made.public_id)
    assert "not_from_here" in refused(refusal)


def test_a_replacement_needs_its_reason() -> None:
    sitting = Sitting()
    made = released(sitting)
    with pytest.raises(NotPossible) as refusal:
        decision.revise(
            actor=acting(sitting.manager),
            decision=made.public_id,
            wish=Wish(outcome="awarded", awarded_cents=50_000, motive="Moins."),
        )
    assert refused(refusal) == {"why_given"}


def test_cc_07_a_letter_is_written_anew_by_one_person_and_confirmed_by_another() -> None:
    sitting = Sitting()
    manager, second = acting(sitting.manager), acting(sitting.second)
    made = released(sitting)
    anew = decision.reissue(
        actor=manager, decision=made.public_id, why="L’adresse était fausse.", motive="Bien classé, vraiment."
    )
    assert (anew.outcome, anew.awarded_cents, anew.board_on) == (made.outcome, made.awarded_cents, made.board_on)
    with pytest.raises(NotPossible) as refusal:
        decision.approve(actor=second, decisions=[anew.public_id], **BOARD)
    assert refused(refusal) == {"board_decides"}
    with pytest.raises(NotAllowed):
        decision.confirm(actor=manager, decision=anew.public_id)
    decision.confirm(actor=second, decision=anew.public_id)
    decision.release(actor=manager, decisions=[anew.public_id])
    assert now_of(made).state == DecisionState.SUPERSEDED
    assert promised("document") == ["decision-letter", "decision-letter"]
    assert (ledger(), committed(sitting.call.id)) == ({"awards": 100_000, "envelope": -100_000}, 100_000)


def test_a_project_that_stands_on_a_decision_blocks_every_change_of_it() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = released(sitting)
    with transaction() as session:
        session.add(
            Project(
                slug="un-projet",
                call_id=sitting.call.id,
                application_id=made.application_id,
                decision_id=made.id,
                title="Un projet",
                awarded_cents=made.awarded_cents,
                opened_at=LATER,
            )
        )
    wish = Wish(outcome="awarded", awarded_cents=50_000, motive="Moins.", why="Erreur.")
    for act in (
        lambda: decision.revise(actor=manager, decision=made.public_id, wish=wish),
        lambda: decision.revoke(actor=manager, decision=made.public_id, motive="Erreur."),
    ):
        with pytest.raises(NotPossible) as refusal:
            act()
        assert refused(refusal) == {"no_project_yet"}


# the reserve list
def reserved(sitting: Sitting, until_on: date) -> list[Decision]:
    with transaction() as session:
        session.execute(update(Call).where(Call.id == sitting.call.id).values(reserve_until_on=until_on))
    return decided(sitting, AWARD, {**RESERVE, "reserve_rank": 1}, {**RESERVE, "reserve_rank": 2})


def test_the_reserve_list_ends_with_its_last_day_in_the_zone_of_the_call() -> None:
    sitting = Sitting(zone="Europe/Paris")
    made = reserved(sitting, date(2027, 6, 30))
    with frozen(datetime(2027, 6, 30, 21, 59, tzinfo=UTC)):
        assert decision.expire_due() == 0
    with frozen(datetime(2027, 6, 30, 22, 1, tzinfo=UTC)):
        assert (decision.expire_due(), decision.expire_due()) == (2, 0)
    assert [now_of(one).state for one in made] == ["released", "expired", "expired"]
    assert promised().count("reserve-over") == 2
    with reading() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "decision.expire")).all()
        assert {entry.body["until_on"] for entry in told} == {"2027-06-30"}


def test_managers_are_reminded_of_the_end_of_the_list() -> None:
    sitting = Sitting()
    reserved(sitting, date(2027, 6, 30))
    with frozen(datetime(2027, 6, 23, 10, 0, tzinfo=UTC)):
        reminder.promise_due()
        reminder.promise_due()
    assert promised().count("reminder-reserve") == 2  # the two managers, once each


def test_an_applicant_renounces_and_the_managers_are_told_who_could_enter() -> None:
    sitting = Sitting()
    made = reserved(sitting, date(2027, 6, 30))
    lead = lead_of(sitting.files[0])
    decision.renounce(actor=lead, decision=made[0].public_id, why="Notre cofinanceur se retire.")
    assert (now_of(made[0]).state, committed(sitting.call.id)) == (DecisionState.RENOUNCED, 0)
    assert ledger() == {"awards": 0, "envelope": 0}
    assert {"renounced", "renunciation-noted"} <= set(promised())
    with reading() as session:
        row = session.scalars(select(Succession)).one()
        assert (row.cause, row.freed_cents, row.state) == ("renounced", 100_000, SuccessionState.SOUGHT)
    with pytest.raises(NotPossible):
        decision.renounce(actor=lead, decision=made[0].public_id)


# who enters
def kept(row: Succession) -> Succession:
    entering.keep(
        Task(
            public_id="",
            name="",
            subject="",
            recipient_id=None,
            payload={"succession": row.public_id},
            message_id="",
            made_at=LATER,
            content_sha256="",
            hand=lambda _sha: None,
        )
    )
    with reading() as session:
        return session.get_one(Succession, row.id)


def opened() -> Succession:
    with reading() as session:
        return session.scalars(select(Succession).order_by(Succession.id.desc()).limit(1)).one()


def test_the_first_of_the_list_enters_with_the_freed_money_and_its_letter_replaces_the_first() -> None:
    sitting = Sitting(envelope_cents=150_000)
    with transaction() as session:
        session.execute(update(Application).values(requested_cents=100_000))
    made = reserved(sitting, date(2027, 6, 30))
    manager = acting(sitting.manager)
    decision.revoke(actor=manager, decision=made[0].public_id, motive="L’organisation est dissoute.")
    row = kept(opened())
    first = sitting.files[1].public_id
    assert row.state == SuccessionState.NAMED
    assert row.found["entering"] == [{"id": first, "cents": 100_000}]
    assert [one["why"] for one in row.found["passed"]] == ["too_little_left"]
    with reading() as session:
        told = queries.freed(session, manager, sitting.call.id)[0]
    assert (told.left_cents, told.remains_cents, told.entering[0].waiter.rank) == (150_000, 50_000, 1)
    entered = decision.take(actor=manager, succession=row.public_id, why="Des fonds se sont libérés.")
    assert [(one.origin, one.awarded_cents, one.state) for one in entered] == [("succession", 100_000, "proposed")]
    assert committed(sitting.call.id) == 100_000
    decision.approve(actor=manager, decisions=[entered[0].public_id], **BOARD)
    decision.release(actor=manager, decisions=[entered[0].public_id])
    assert now_of(made[1]).state == DecisionState.SUPERSEDED
    with pytest.raises(NotPossible):
        decision.take(actor=manager, succession=row.public_id, why="Encore.")


def test_nobody_fits_and_the_place_is_left_with_a_reason() -> None:
    sitting = Sitting(envelope_cents=150_000)
    made = reserved(sitting, date(2027, 6, 30))
    manager = acting(sitting.manager)
    with transaction() as session:
        session.execute(update(Application).values(requested_cents=900_000))
    decision.revoke(actor=manager, decision=made[0].public_id, motive="Dissoute.")
    row = kept(opened())
    assert row.found["entering"] == []
    assert [one["why"] for one in row.found["passed"]] == ["too_little_left", "too_little_left"]
    with pytest.raises(NotPossible) as refusal:
        decision.take(actor=manager, succession=row.public_id, why="Essayons.")
    assert refused(refusal) == {"somebody_enters"}
    with pytest.raises(NotPossible) as refusal:
        decision.pass_over(actor=manager, succession=row.public_id, why="")
    assert refused(refusal) == {"why_given"}
    decision.pass_over(actor=manager, succession=row.public_id, why="Reversé au prochain appel.")
    with pytest.raises(NotPossible):
        decision.seek_again(actor=manager, succession=row.public_id)


def test_the_list_that_changed_since_is_searched_again() -> None:
    sitting = Sitting(envelope_cents=150_000)
    with transaction() as session:
        session.execute(update(Application).values(requested_cents=100_000))
    made = reserved(sitting, date(2027, 6, 30))
    manager = acting(sitting.manager)
    decision.revoke(actor=manager, decision=made[0].public_id, motive="Dissoute.")
    row = kept(opened())
    decision.renounce(actor=lead_of(sitting.files[1]), decision=made[1].public_id)
    with pytest.raises(Conflict):
        decision.take(actor=manager, succession=row.public_id, why="Entrez.")
    decision.seek_again(actor=manager, succession=row.public_id)
    assert kept(row).found["entering"] == [{"id": sitting.files[2].public_id, "cents": 100_000}]


def test_a_stranger_sees_neither_departures_nor_freed_money() -> None:
    sitting, other = Sitting(), Sitting()
    made = reserved(sitting, date(2027, 6, 30))
    decision.revoke(actor=acting(sitting.manager), decision=made[0].public_id, motive="Dissoute.")
    with pytest.raises(NotFound):
        decision.pass_over(actor=acting(other.manager), succession=opened().public_id, why="Non.")
    with transaction() as session:  # recused from the file that freed the money
        builders.an_interest(session, application=sitting.files[0], account=sitting.second, stand="conflict")
    with pytest.raises(NotFound):
        decision.pass_over(actor=acting(sitting.second), succession=opened().public_id, why="Non.")
