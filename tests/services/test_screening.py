"""Judging a file: the form and the substance are two checks with two letters."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, Call, Check, Promise, Waiver
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.services import screening
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
REFUSING = {"complete", "member_in_good_standing", "enough_actor_kinds", "territory_in_france"}


@dataclass
class Desk:
    """A call, its manager, a file that was just received and is far from complete."""

    call: Call
    manager: Account
    file: Application


@pytest.fixture
def desk(database: object) -> Desk:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        file = builders.an_application(session, call=call)
    return Desk(call, manager, file)


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def promised() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Promise.name)))


def passing(desk: Desk) -> None:
    """Judge every rule by hand as respected."""
    checks = screening.run_checks(actor=acting(desk.manager), application=desk.file.public_id)
    for check in checks:
        screening.check(
            actor=acting(desk.manager),
            application=desk.file.public_id,
            rule=check.rule,
            outcome="pass",
            comment="Vérifié sur pièces.",
        )


def test_the_rules_judge_and_a_person_may_correct_with_a_comment(desk: Desk) -> None:
    manager, file = acting(desk.manager), desk.file.public_id
    checks = {check.rule: check for check in screening.run_checks(actor=manager, application=file)}
    assert {rule for rule, check in checks.items() if check.outcome == "fail"} >= REFUSING
    with pytest.raises(Invalid):
        screening.check(actor=manager, application=file, rule="complete", outcome="pass")
    with pytest.raises(Invalid):
        screening.check(actor=manager, application=file, rule="complete", outcome="waived", comment="Si.")
    with pytest.raises(NotFound):
        screening.check(actor=manager, application=file, rule="nobody_wrote_it", outcome="pass", comment="Si.")
    screening.check(
        actor=manager, application=file, rule="complete", outcome="pass", comment="Pièces reçues par courrier."
    )
    screening.run_checks(actor=manager, application=file)  # does not undo what a person corrected
    with reading() as session:
        row = session.scalars(select(Check).where(Check.rule == "complete")).one()
        assert (row.outcome, row.comment) == ("pass", "Pièces reçues par courrier.")


def test_a_file_is_eligible_once_every_rule_is_checked_and_none_refuses(desk: Desk) -> None:
    manager, file = acting(desk.manager), desk.file.public_id
    with pytest.raises(NotPossible) as refusal:
        screening.declare_eligible(actor=manager, application=file)
    assert codes(refusal) == {"every_rule_checked"}
    screening.run_checks(actor=manager, application=file)
    with pytest.raises(NotPossible) as refusal:
        screening.declare_eligible(actor=manager, application=file)
    assert codes(refusal) == {"no_rule_failed"}
    passing(desk)
    assert screening.declare_eligible(actor=manager, application=file).state == ApplicationState.ELIGIBLE
    assert promised() == ["eligible"]
    with pytest.raises(NotPossible):
        screening.reopen(actor=manager, application=file, reason="")
    assert screening.reopen(actor=manager, application=file, reason="Erreur.").state == ApplicationState.SUBMITTED


def test_form_and_substance_have_their_own_letters(desk: Desk) -> None:
    manager, file = acting(desk.manager), desk.file.public_id
    passing(desk)
    for declare in (screening.declare_inadmissible, screening.declare_ineligible):
        with pytest.raises(NotPossible) as refusal:
            declare(actor=manager, application=file)
        assert codes(refusal) == {"a_rule_failed"}
    screening.check(actor=manager, application=file, rule="within_rate", outcome="fail", comment="82 %.")
    with pytest.raises(NotPossible):
        screening.declare_inadmissible(actor=manager, application=file)
    assert screening.declare_ineligible(actor=manager, application=file).state == ApplicationState.INELIGIBLE
    assert promised() == ["ineligible", "ineligible"]  # the letter and the mail


def test_a_file_is_returned_with_sections_a_date_and_a_reason(desk: Desk) -> None:
    manager, file = acting(desk.manager), desk.file.public_id
    due_at = clock.now() + timedelta(days=7)
    with pytest.raises(Invalid):
        screening.return_for_correction(
            actor=manager, application=file, sections=["nowhere"], due_at=due_at, reason="Budget."
        )
    with pytest.raises(NotPossible) as refusal:
        screening.return_for_correction(
            actor=manager, application=file, sections=["budget"], due_at=clock.now() - timedelta(days=1), reason=" "
        )
    assert codes(refusal) == {"correction_date_ahead", "reason_given"}
    row = screening.return_for_correction(
        actor=manager, application=file, sections=["budget"], due_at=due_at, reason="Budget."
    )
    assert (row.state, row.return_sections, row.own_deadline_at) == (ApplicationState.RETURNED, ["budget"], due_at)


@pytest.mark.parametrize("granted", [True, False])
def test_a_waiver_is_answered_once_by_a_second_person(desk: Desk, granted: bool) -> None:  # noqa: FBT001
    with transaction() as session:
        late = builders.an_application(
            session, call=desk.call, state=ApplicationState.DRAFT, submitted_at=None, late_attempt_at=clock.now()
        )
        waiver = Waiver(
            application_id=late.id,
            rule="received_before_deadline",
            reason="Panne de courant.",
            asked_by_id=late.created_by_id,
            asked_at=clock.now(),
        )
        session.add(waiver)
    manager = acting(desk.manager)
    wish = {"actor": manager, "waiver": waiver.public_id, "answer": "Vu."}
    with pytest.raises(NotPossible):
        screening.declare_inadmissible(actor=manager, application=late.public_id)
    if granted:
        row = screening.grant_waiver(**wish, own_deadline_at=clock.now() + timedelta(days=1))
    else:
        row = screening.refuse_waiver(**wish)
    assert (row.granted, row.answered_by_id) == (granted, desk.manager.id)
    with pytest.raises(NotPossible) as refusal:
        screening.refuse_waiver(**wish)
    assert codes(refusal) == {"waiver_asked"}
    with reading() as session:
        outcomes = list(session.scalars(select(Check.outcome)))
    assert outcomes == (["waived"] if granted else [])


def test_others_do_not_judge(desk: Desk) -> None:
    with transaction() as session:
        auditor = builders.an_account(session, role=Role.AUDITOR)
        stranger = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
    with pytest.raises(NotAllowed):
        screening.run_checks(actor=acting(auditor), application=desk.file.public_id)
    with pytest.raises(NotFound):
        screening.run_checks(actor=acting(stranger), application=desk.file.public_id)
