"""Exceptions: a later date for one file, a rule lifted; never by one person where two are asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible
from grants.models import Account, Application, AuditEntry, Call, Check, Promise, Waiver
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.queries.eligibility import deadline_of
from grants.services import screening
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db


@dataclass
class Desk:
    """A call with two managers, and a draft of one organisation."""

    call: Call
    nadia: Account
    malik: Account
    lead: Account
    file: Application


@pytest.fixture
def desk(database: object) -> Desk:
    now = clock.now()
    with transaction() as session:
        call = builders.a_call(session, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=1))
        nadia, malik = (
            builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)
        )
        organisation = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
        file = builders.a_draft(session, call=call, lead=lead, organisation=organisation)
    return Desk(call, nadia, malik, lead, file)


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def extended(desk: Desk, by: Account, until: datetime | None, reason: str = "Coupure du réseau à Kayes.") -> Waiver:
    with reading() as session:
        owner = session.get_one(Application, desk.file.id).organisation.public_id
    (waiver,) = screening.extend(
        actor=acting(by), call=desk.call.public_id, organisation=owner, until_at=until, reason=reason
    )
    return waiver


def fresh(desk: Desk) -> tuple[Application, datetime | None]:
    with reading() as session:
        row = session.get_one(Application, desk.file.id)
        return row, deadline_of(row)


def promised() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Promise.name)))


def test_before_the_deadline_one_manager_grants_a_later_date_with_a_reason(desk: Desk) -> None:
    until = clock.now() + timedelta(days=3)
    waiver = extended(desk, desk.nadia, until)
    assert (waiver.granted, waiver.until_at, waiver.answered_by_id) == (True, until, desk.nadia.id)
    assert fresh(desk)[1] == until
    assert promised() == ["waiver-granted"]  # the team is told
    with reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "screening.extend")).one()
        assert entry.body["reason"] == "Coupure du réseau à Kayes."


def test_after_the_deadline_a_second_person_confirms(desk: Desk) -> None:
    """DL-07, DL-12: an extension never works backwards on one person's word; the approver stands in the exception's row."""
    with clock.frozen(clock.now() + timedelta(days=2)):
        until = clock.now() + timedelta(days=3)
        waiver = extended(desk, desk.nadia, until)
        assert waiver.granted is None
        assert fresh(desk)[1] == desk.call.closes_at
        with pytest.raises(NotAllowed):
            screening.grant_waiver(
                actor=acting(desk.nadia), waiver=waiver.public_id, own_deadline_at=until, answer="Oui."
            )
        granted = screening.grant_waiver(
            actor=acting(desk.malik), waiver=waiver.public_id, own_deadline_at=until, answer="Panne prouvée."
        )
        assert (granted.granted, granted.asked_by_id, granted.answered_by_id) == (True, desk.nadia.id, desk.malik.id)
        assert fresh(desk)[1] == until


def test_an_extension_is_refused_without_a_reason_or_a_later_date(desk: Desk) -> None:
    with pytest.raises(NotPossible) as refusal:
        extended(desk, desk.nadia, clock.now() + timedelta(days=3), reason=" ")
    assert [reason.code for reason in refusal.value.reasons] == ["reason_given"]
    with pytest.raises(NotPossible) as refusal:
        extended(desk, desk.nadia, None)
    assert [reason.code for reason in refusal.value.reasons] == ["correction_date_ahead"]
    with pytest.raises(Invalid) as wrong:
        extended(desk, desk.nadia, clock.now() + timedelta(hours=1))
    assert wrong.value.problems["due_on"].code == "not_later"
    with pytest.raises(NotAllowed):
        extended(desk, desk.lead, clock.now() + timedelta(days=3))


def test_an_organisation_that_writes_no_file_gets_no_date(desk: Desk) -> None:
    with transaction() as session:
        other = builders.an_organisation(session)
    with pytest.raises(NotPossible) as refusal:
        screening.extend(
            actor=acting(desk.nadia),
            call=desk.call.public_id,
            organisation=other.public_id,
            until_at=clock.now() + timedelta(days=3),
            reason="Panne.",
        )
    assert [reason.code for reason in refusal.value.reasons] == ["no_file"]


def received(desk: Desk) -> str:
    with transaction() as session:
        file = builders.an_application(session, call=desk.call)
    screening.run_checks(actor=acting(desk.nadia), application=file.public_id)
    return file.public_id


def test_a_rule_is_lifted_by_a_second_person_and_the_file_goes_on(desk: Desk) -> None:
    file = received(desk)
    waiver = screening.propose_waiver(
        actor=acting(desk.nadia), application=file, rule="territory_in_france", reason="Le siège est à Lille."
    )
    with pytest.raises(NotPossible) as twice:
        screening.propose_waiver(actor=acting(desk.nadia), application=file, rule="complete", reason="Encore.")
    assert "no_waiver_pending" in {reason.code for reason in twice.value.reasons}
    with pytest.raises(NotPossible) as waits:  # nothing is closed while somebody still has to answer
        screening.declare_ineligible(actor=acting(desk.nadia), application=file)
    assert "no_waiver_pending" in {reason.code for reason in waits.value.reasons}
    with pytest.raises(NotAllowed):
        screening.grant_waiver(actor=acting(desk.nadia), waiver=waiver.public_id, own_deadline_at=None, answer="Oui.")
    screening.grant_waiver(actor=acting(desk.malik), waiver=waiver.public_id, own_deadline_at=None, answer="D’accord.")
    with reading() as session:
        row = session.scalars(select(Application).where(Application.public_id == file)).one()
        check = session.scalars(
            select(Check).where(Check.application_id == row.id, Check.rule == "territory_in_france")
        ).one()
        assert (check.outcome, check.comment, check.trace["outcome"]) == ("waived", "D’accord.", "fail")
        assert row.own_deadline_at is None
        assert row.state == ApplicationState.SUBMITTED
    assert "waiver-granted" not in promised()  # the programme's own business: the letter comes with the verdict
    screening.run_checks(actor=acting(desk.nadia), application=file)  # does not undo it
    with reading() as session:
        assert session.get_one(Check, check.id).outcome == "waived"


def test_a_rule_that_is_respected_cannot_be_lifted(desk: Desk) -> None:
    file = received(desk)
    with pytest.raises(NotPossible) as refusal:
        screening.propose_waiver(actor=acting(desk.nadia), application=file, rule="one_file_per_lead", reason="Non.")
    assert [reason.code for reason in refusal.value.reasons] == ["a_rule_failed"]


def test_a_manager_of_another_programme_answers_nothing(desk: Desk) -> None:
    file = received(desk)
    waiver = screening.propose_waiver(
        actor=acting(desk.nadia), application=file, rule="territory_in_france", reason="Le siège est à Lille."
    )
    with transaction() as session:
        elsewhere = builders.a_call(session)
        stranger = builders.an_account(session, role=Role.MANAGER, programme_id=elsewhere.programme_id)
    with pytest.raises(NotFound):
        screening.refuse_waiver(actor=acting(stranger), waiver=waiver.public_id, answer="Non.")
