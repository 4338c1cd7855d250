"""The doctor finds what was done behind the services' back, one statement at a time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from grants import clock, outbox
from grants.db import reading, transaction
from grants.delivery.files import Store
from grants.models import Application, Call, Check, Decision, Heartbeat, Promise, PromiseState
from grants.policies import SYSTEM
from grants.policies.actors import Role
from grants.queries import doctor
from grants.queries.account import actor_for
from grants.services import account, screening
from grants.services.lifecycle import sealed_part
from grants.workflow.application import ApplicationState
from grants.workflow.decision import Outcome
from tests import builders

pytestmark = pytest.mark.db


def problems(store: Path, name: str) -> tuple[str, ...]:
    """What the doctor has to say about one statement."""
    ward = doctor.Ward(store=Store(store), now=clock.now(), sealed=sealed_part)
    with reading() as session:
        return next(finding.problems for finding in doctor.examine(session, ward) if finding.name == name)


def test_an_empty_service_is_healthy(database: Engine, tmp_path: Path) -> None:
    ward = doctor.Ward(store=Store(tmp_path), now=clock.now(), sealed=sealed_part)
    with reading() as session:
        assert [finding.name for finding in doctor.examine(session, ward) if finding.ok] == [
            f"I{number}" for number in range(1, 12)
        ]


def test_a_counter_that_is_not_the_sum_of_the_awards_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        call = builders.a_call(session)
        call.envelope.committed_cents = 5
    assert "the counter says 5 cents" in problems(tmp_path, "I1")[0]


def test_a_state_that_nobody_led_to_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        file = builders.an_application(session, call=builders.a_call(session), state=ApplicationState.DECIDED)
    assert any(f"application {file.public_id}: is decided" in problem for problem in problems(tmp_path, "I3"))


def test_a_submission_without_its_snapshot_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        builders.an_application(session, call=builders.a_call(session))
    assert "submitted without a snapshot" in problems(tmp_path, "I4")[0]


def released(session: Session) -> Decision:
    """A released award without letter, mail or trace."""
    file = builders.an_application(session, call=builders.a_call(session))
    row = Decision(
        application_id=file.id,
        outcome=Outcome.AWARDED,
        awarded_cents=1_000,
        proposed_by_id=file.created_by_id,
        proposed_at=clock.now(),
        released_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def test_a_released_decision_without_letter_or_mail_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        name = released(session).public_id
    assert problems(tmp_path, "I5") == (f"decision:{name}: 0 letters", f"decision:{name}: no mail was promised")


def test_a_letter_to_a_stranger_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        row = released(session)
        stranger = builders.an_account(session)
        subject = f"decision:{row.public_id}"
        outbox.put(
            session, "k", kind="mail", name="accepted", subject=subject, made_at=clock.now(), recipient_id=stranger.id
        )
    assert "goes to somebody outside the applicant" in problems(tmp_path, "I6")[0]


def test_a_review_by_somebody_in_conflict_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        file = builders.an_application(session, call=builders.a_call(session))
        reviewer = builders.an_account(session)
        builders.a_review(session, application=file, reviewer=reviewer)
        builders.an_interest(session, application=file, account=reviewer, stand="conflict")
    assert "its author has a conflict" in problems(tmp_path, "I7")[0]


def test_a_role_that_the_trail_does_not_tell_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        builders.an_account(session, role=Role.ADMINISTRATOR)
    assert "1 times, told 0 times" in problems(tmp_path, "I8")[0]


def test_a_rewritten_trail_is_found(database: Engine, tmp_path: Path) -> None:
    account.create(actor=SYSTEM, email="a@exemple.invalid", name="A", password="une phrase assez longue")
    assert problems(tmp_path, "I8") == ()
    with transaction() as session:
        session.execute(text("DROP TRIGGER audit_no_update"))
        session.execute(text("UPDATE audit SET action = 'nothing' WHERE seq = 1"))
    assert problems(tmp_path, "I8")[0] == "the chain is broken at 1"


def test_a_file_that_nobody_knows_is_found_after_a_day(database: Engine, tmp_path: Path) -> None:
    with clock.frozen(clock.now() - timedelta(hours=25)):
        Store(tmp_path).put(b"forgotten")
    assert "nobody knows it" in problems(tmp_path, "I9")[0]


@pytest.mark.parametrize(("state", "found"), [(PromiseState.HANDED, 1), (PromiseState.SENT, 0)])
def test_the_bytes_of_a_mail_are_needed_until_it_is_sent(
    database: Engine, tmp_path: Path, state: PromiseState, found: int
) -> None:
    with transaction() as session:
        outbox.put(session, "k", kind="mail", name="x", subject="call:x", made_at=clock.now())
        session.execute(update(Promise).values(state=state, content_sha256="0" * 64))
    assert len(problems(tmp_path, "I9")) == found


@pytest.mark.parametrize(("beat", "found"), [(timedelta(0), 1), (timedelta(hours=1), 0)])
def test_an_overdue_promise_is_a_fault_while_a_worker_lives(
    database: Engine, tmp_path: Path, beat: timedelta, found: int
) -> None:
    with transaction() as session:
        made_at = clock.now() - timedelta(minutes=6)
        outbox.put(session, "k", kind="mail", name="x", subject="call:x", made_at=made_at)
        session.add(Heartbeat(name="worker", at=clock.now() - beat))
    assert len(problems(tmp_path, "I10")) == found


def test_a_verdict_that_is_not_that_of_its_trace_is_found(database: Engine, tmp_path: Path) -> None:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        file = builders.an_application(session, call=call)
    with reading() as session:
        actor = actor_for(session, manager.id)
    screening.run_checks(actor=actor, application=file.public_id)
    with transaction() as session:  # the call is amended, and the file changes: the verdicts of then still hold
        session.get_one(Call, call.id).max_cents = 800_000
        session.get_one(Application, file.id).starts_on = None
    assert problems(tmp_path, "I11") == ()
    with transaction() as session:
        check = session.scalars(select(Check).where(Check.rule == "within_grant_bounds")).one()
        check.trace = {**check.trace, "outcome": "fail" if check.trace["outcome"] == "pass" else "pass"}
    assert "the verdict on within_grant_bounds" in problems(tmp_path, "I11")[0]
