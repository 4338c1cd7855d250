"""What the committee decides, and what the envelope, the board and the letters make of it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from grants.db import reading, transaction
from grants.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Application, Decision, Envelope, Posting, Promise
from grants.models.account import Account
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import commitment, decision
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState, Outcome
from grants.workflow.meeting import MeetingState
from tests import builders

pytestmark = pytest.mark.db
AWARD = {"outcome": "awarded", "awarded_cents": 100_000, "motive": "Bien classé."}


class Sitting:
    """A call with an open sitting, four members present, and files before it."""

    def __init__(self, files: int = 3, envelope_cents: int = 250_000, **call_values: Any) -> None:
        with transaction() as session:
            self.call = builders.a_call(session, envelope_cents=envelope_cents, **call_values)
            programme = {"programme_id": self.call.programme_id}
            self.manager = builders.an_account(session, role=Role.MANAGER, **programme)
            self.second = builders.an_account(session, role=Role.MANAGER, **programme)
            self.chair = builders.an_account(session, role=Role.CHAIR, call_id=self.call.id)
            self.members = [builders.an_account(session, role=Role.REVIEWER, call_id=self.call.id) for _ in range(4)]
            self.files = [
                builders.an_application(session, call=self.call, state=ApplicationState.IN_DELIBERATION)
                for _ in range(files)
            ]
            self.meeting = builders.a_meeting(
                session,
                call=self.call,
                secretary=self.manager,
                present=tuple(self.members),
                state=MeetingState.OPEN,
            )

    def close(self) -> None:
        """End the sitting, whatever is left to decide."""
        with transaction() as session:
            session.get_one(type(self.meeting), self.meeting.id).state = MeetingState.CLOSED


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def committed(call_id: int) -> int:
    with reading() as session:
        return session.scalar(select(Envelope.committed_cents).where(Envelope.call_id == call_id)) or 0


def refused(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def approved(sitting: Sitting, manager: Actor, **proposal: Any) -> Decision:
    made = decision.propose(actor=manager, application=sitting.files[0].public_id, **{**AWARD, **proposal})
    sitting.close()
    decision.approve(
        actor=manager, decisions=[made.public_id], board_on=date(2026, 12, 18), board_reference="CA 2026-12"
    )
    return made


@pytest.mark.usefixtures("database")
def test_an_award_is_held_by_the_envelope_from_the_proposal_on() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    assert (made.state, made.outcome, made.meeting_id) == (DecisionState.PROPOSED, Outcome.AWARDED, sitting.meeting.id)
    assert committed(sitting.call.id) == 100_000
    decision.undo(actor=manager, decision=made.public_id)
    assert committed(sitting.call.id) == 0
    decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)


@pytest.mark.usefixtures("database")
def test_the_envelope_refuses_what_it_cannot_bear_and_says_what_is_left() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    for file in sitting.files[:2]:
        decision.propose(actor=manager, application=file.public_id, **AWARD)
    with pytest.raises(NotPossible) as refusal:
        decision.propose(actor=manager, application=sitting.files[2].public_id, **AWARD)
    assert refused(refusal) == {"within_budget"}
    assert refusal.value.reasons[0].params["left_cents"] == 50_000
    assert committed(sitting.call.id) == 200_000


@pytest.mark.usefixtures("database")
def test_every_reason_is_told_at_once() -> None:
    sitting = Sitting()
    with pytest.raises(NotPossible) as refusal:
        decision.propose(
            actor=acting(sitting.manager),
            application=sitting.files[0].public_id,
            outcome="awarded_with_conditions",
            awarded_cents=5_000_000,
            motive=" ",
        )
    assert refused(refusal) == {"within_request", "within_budget", "motive_given", "conditions_written"}
    assert committed(sitting.call.id) == 0


@pytest.mark.usefixtures("database")
def test_a_recused_member_is_not_counted_in_the_quorum_of_the_file() -> None:
    sitting = Sitting()
    with transaction() as session:
        builders.an_interest(session, application=sitting.files[0], account=sitting.members[0], stand="conflict")
    manager = acting(sitting.manager)
    with pytest.raises(NotPossible) as refusal:
        decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    assert refused(refusal) == {"quorum_without_recused"}
    assert refusal.value.reasons[0].params["voters"] == 3
    decision.propose(actor=manager, application=sitting.files[1].public_id, **AWARD)


@pytest.mark.usefixtures("database")
def test_a_second_decision_meets_the_first_and_its_author() -> None:
    sitting = Sitting()
    decision.propose(actor=acting(sitting.manager), application=sitting.files[0].public_id, **AWARD)
    with pytest.raises(Conflict) as refusal:
        decision.propose(
            actor=acting(sitting.second),
            application=sitting.files[0].public_id,
            outcome="rejected",
            motive="Trop tard.",
        )
    assert (refusal.value.what, refusal.value.by) == ("decision", sitting.manager.name)
    assert committed(sitting.call.id) == 100_000


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "wrong",
    [
        {"awarded_cents": -1},
        {"outcome": "loved"},
        {"motive": "x" * 20_000},
        {"votes": "6\x00"},
        {"reserve_rank": 2**70},
    ],
)
def test_wild_values_are_refused_as_values(wrong: dict[str, Any]) -> None:
    sitting = Sitting()
    with pytest.raises(Invalid):
        decision.propose(actor=acting(sitting.manager), application=sitting.files[0].public_id, **{**AWARD, **wrong})


@pytest.mark.usefixtures("database")
def test_an_amount_beyond_every_column_is_refused_by_the_request() -> None:
    sitting = Sitting()
    with pytest.raises(NotPossible) as refusal:
        decision.propose(
            actor=acting(sitting.manager),
            application=sitting.files[0].public_id,
            **{**AWARD, "awarded_cents": 2**70},
        )
    assert refused(refusal) == {"within_request", "within_budget"}


@pytest.mark.usefixtures("database")
def test_who_may_not_propose() -> None:
    sitting = Sitting()
    with pytest.raises(NotFound):
        decision.propose(actor=acting(sitting.members[0]), application=sitting.files[0].public_id, **AWARD)
    with transaction() as session:
        auditor = builders.an_account(session, role=Role.AUDITOR)
        stranger = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
        builders.an_interest(session, application=sitting.files[0], account=sitting.chair, stand="conflict")
    with pytest.raises(NotAllowed):
        decision.propose(actor=acting(auditor), application=sitting.files[0].public_id, **AWARD)
    for outsider in (stranger, sitting.chair):
        with pytest.raises(NotFound):
            decision.propose(actor=acting(outsider), application=sitting.files[0].public_id, **AWARD)


@pytest.mark.usefixtures("database")
def test_nothing_is_decided_outside_a_sitting_or_about_a_file_that_left() -> None:
    sitting = Sitting()
    with transaction() as session:
        session.get_one(Application, sitting.files[0].id).state = ApplicationState.WITHDRAWN
    manager = acting(sitting.manager)
    with pytest.raises(NotPossible) as refusal:
        decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    assert refused(refusal) == {"not_from_here"}
    sitting.close()
    with pytest.raises(NotPossible) as refusal:
        decision.propose(actor=manager, application=sitting.files[1].public_id, **AWARD)
    assert "meeting_open" in refused(refusal)


@pytest.mark.usefixtures("database")
def test_the_board_act_is_entered_once_the_sitting_is_closed() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = decision.propose(actor=manager, application=sitting.files[0].public_id, **AWARD)
    with pytest.raises(NotPossible) as refusal:
        decision.approve(actor=manager, decisions=[made.public_id], board_on=None, board_reference="")
    assert refused(refusal) == {"meeting_closed", "board_act_entered"}
    sitting.close()
    with pytest.raises(NotPossible):
        decision.undo(actor=manager, decision=made.public_id)
    with transaction() as session:
        builders.an_interest(session, application=sitting.files[0], account=sitting.chair)
    with pytest.raises(NotAllowed):
        decision.approve(
            actor=acting(sitting.chair), decisions=[made.public_id], board_on=date(2026, 12, 18), board_reference="CA"
        )
    rows = decision.approve(
        actor=manager, decisions=[made.public_id], board_on=date(2026, 12, 18), board_reference="CA"
    )
    assert [row.state for row in rows] == [DecisionState.APPROVED]


@pytest.mark.usefixtures("database")
def test_releasing_twice_makes_one_batch() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = approved(sitting, manager)
    first = decision.release(actor=manager, decisions=[made.public_id])
    again = decision.release(actor=acting(sitting.second), decisions=[made.public_id])
    assert first[0].released_at == again[0].released_at
    with reading() as session:
        names = sorted(session.scalars(select(Promise.name)))
        sums = session.scalar(select(func.sum(Posting.amount_cents)))
        sides = dict(session.execute(select(Posting.account, Posting.amount_cents)).all())
        state = session.scalar(select(Application.state).where(Application.id == sitting.files[0].id))
    assert names == ["accepted", "decision-letter"]
    assert (sums, sides) == (0, {"envelope": -100_000, "awards": 100_000})
    assert state == ApplicationState.DECIDED


@pytest.mark.usefixtures("database")
def test_a_batch_with_a_foreign_decision_does_nothing() -> None:
    sitting, other = Sitting(), Sitting()
    made = approved(sitting, acting(sitting.manager))
    foreign = approved(other, acting(other.manager))
    with pytest.raises(NotFound):
        decision.release(actor=acting(sitting.manager), decisions=[made.public_id, foreign.public_id])
    with reading() as session:
        assert session.scalar(select(func.count()).where(Decision.released_at.is_not(None))) == 0


@pytest.mark.usefixtures("database")
def test_a_condition_is_lifted_once_and_only_where_there_is_one() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = approved(sitting, manager, outcome="awarded_with_conditions", conditions="La lettre de l’entreprise.")
    decision.release(actor=manager, decisions=[made.public_id])
    lifted = decision.lift_condition(actor=manager, decision=made.public_id)
    assert decision.lift_condition(actor=manager, decision=made.public_id).conditions_lifted_at == (
        lifted.conditions_lifted_at
    )
    plain = Sitting()
    made = approved(plain, acting(plain.manager))
    decision.release(actor=acting(plain.manager), decisions=[made.public_id])
    with pytest.raises(NotPossible):
        decision.lift_condition(actor=acting(plain.manager), decision=made.public_id)


@pytest.mark.usefixtures("database")
def test_a_revoked_award_gives_its_money_back_in_the_envelope_and_in_the_ledger() -> None:
    sitting = Sitting()
    manager = acting(sitting.manager)
    made = approved(sitting, manager)
    decision.release(actor=manager, decisions=[made.public_id])
    with pytest.raises(NotPossible):
        decision.revoke(actor=manager, decision=made.public_id, motive="")
    decision.revoke(actor=manager, decision=made.public_id, motive="L’organisation est dissoute.")
    assert committed(sitting.call.id) == 0
    with reading() as session:
        by_account = dict(
            session.execute(select(Posting.account, func.sum(Posting.amount_cents)).group_by(Posting.account)).all()
        )
    assert by_account == {"envelope": 0, "awards": 0}


@pytest.mark.usefixtures("database")
def test_a_withdrawal_ends_the_proposal_and_frees_its_money() -> None:
    sitting = Sitting()
    made = decision.propose(actor=acting(sitting.manager), application=sitting.files[0].public_id, **AWARD)
    with transaction() as session:
        ended = commitment.lapse(session, session.get_one(Application, sitting.files[0].id))
        assert ended is not None
        assert commitment.lapse(session, session.get_one(Application, sitting.files[1].id)) is None
    with reading() as session:
        row = session.get_one(Decision, made.id)
        assert (row.state, row.ended_at is not None) == (DecisionState.REVOKED, True)
    assert committed(sitting.call.id) == 0
