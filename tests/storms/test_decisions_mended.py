"""Many people release, revoke, replace and plan the same decision at one instant: one of them wins, on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, func, select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.errors import Busy, Conflict, NotPossible
from grants.models import Decision, Envelope, Posting, Promise
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import decision
from grants.services.decision import Wish
from grants.workflow.application import ApplicationState
from grants.workflow.decision import DecisionState
from grants.workflow.meeting import MeetingState
from tests import builders
from tests.storms.test_decisions import together

pytestmark = [pytest.mark.db, pytest.mark.slow]
AWARD = 10_000
LEAVES = datetime(2099, 1, 4, 8, 0, tzinfo=UTC)


def patiently(act: Callable[[], object]) -> str:
    """What became of it: done, or how it was refused."""
    for _ in range(200):
        try:
            act()
        except Busy:
            continue
        except Conflict as error:
            return f"conflict: {error.what}"
        except NotPossible as error:
            return "refused: " + ",".join(sorted({reason.code for reason in error.reasons}))
        return "done"
    return "busy"


def an_approved_award() -> tuple[Actor, Actor, str]:
    """Two managers, and an approved award of 100 €."""
    with transaction() as session:
        call = builders.a_call(session, quorum=0)
        people = [builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)]
        file = builders.an_application(session, call=call, state=ApplicationState.IN_DELIBERATION)
        meeting = builders.a_meeting(session, call=call, secretary=people[0], state=MeetingState.OPEN)
    with reading() as session:
        first, second = (actor_for(session, one.id) for one in people)
    wish = {"outcome": "awarded", "awarded_cents": AWARD, "motive": "Bien classé."}
    made = decision.propose(actor=first, application=file.public_id, **wish)
    with transaction() as session:
        session.get_one(type(meeting), meeting.id).state = MeetingState.CLOSED
    decision.approve(actor=first, decisions=[made.public_id], board_on=date(2026, 12, 18), board_reference="CA")
    return first, second, made.public_id


def figures() -> tuple[int, int, dict[str, int]]:
    """What the envelope holds, the sum of the ledger, promises by name."""
    with reading() as session:
        held = session.scalar(select(Envelope.committed_cents)) or 0
        books = session.scalar(select(func.coalesce(func.sum(Posting.amount_cents), 0))) or 0
        names = session.execute(select(Promise.name, func.count()).where(Promise.kind == "mail").group_by(Promise.name))
        return held, books, {row[0]: row[1] for row in names}


def test_one_revokes_a_letter_that_has_left(either_database: Engine) -> None:
    first, second, name = an_approved_award()
    decision.release(actor=first, decisions=[name])
    answers = together(
        lambda n: patiently(lambda: decision.revoke(actor=(first, second)[n % 2], decision=name, motive="Erreur."))
    )
    assert answers.pop("done") == 1
    assert all(answer.startswith("refused: not_from_here") for answer in answers), answers
    held, books, mails = figures()
    assert (held, books, mails["decision-revoked"]) == (0, 0, 1)


def test_cc_01_release_and_revoke_at_once_leave_one_of_the_two_stories(either_database: Engine) -> None:
    first, second, name = an_approved_award()

    def act(number: int) -> str:
        if number % 2:
            return "release " + patiently(lambda: decision.release(actor=first, decisions=[name]))
        return "revoke " + patiently(lambda: decision.revoke(actor=second, decision=name, motive="Erreur."))

    answers: Counter[str] = together(act)
    assert answers["revoke done"] == 1
    with reading() as session:
        row = session.scalars(select(Decision)).one()
        assert row.state == DecisionState.REVOKED
    held, books, mails = figures()
    left = row.released_at is not None
    assert (held, books) == (0, 0)
    assert mails.get("accepted", 0) == mails.get("decision-revoked", 0) == int(left)


def test_one_replacement_is_prepared(either_database: Engine) -> None:
    first, second, name = an_approved_award()
    decision.release(actor=first, decisions=[name])
    wish = Wish(outcome="awarded", awarded_cents=AWARD // 2, motive="Moins.", why="Budget revu.")
    answers = together(
        lambda n: patiently(lambda: decision.revise(actor=(first, second)[n % 2], decision=name, wish=wish))
    )
    assert (answers["done"], set(answers)) == (1, {"done", "conflict: decision"})
    assert figures()[:2] == (AWARD // 2, 0)


def test_planned_letters_leave_once_however_many_clocks_tick(either_database: Engine) -> None:
    first, _second, name = an_approved_award()
    decision.plan(actor=first, decisions=[name], leaves_at=LEAVES)
    with frozen(LEAVES):
        together(lambda _n: patiently(decision.leave_due))
    assert figures()[2] == {"accepted": 1}


def test_a_departure_leaves_or_is_cancelled(either_database: Engine) -> None:
    first, _second, name = an_approved_award()
    planned = decision.plan(actor=first, decisions=[name], leaves_at=LEAVES).public_id

    def act(number: int) -> str:
        if number % 2:
            return "leave " + patiently(decision.leave_due)
        return "cancel " + patiently(lambda: decision.cancel(actor=first, departure=planned))

    with frozen(LEAVES):
        answers = together(act)
    with reading() as session:
        left = session.scalars(select(Decision)).one().released_at is not None
    assert answers["cancel done"] == int(not left)
    assert figures()[2] == ({"accepted": 1} if left else {})
