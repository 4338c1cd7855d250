"""RV-08: a conflict is named where somebody is assigned; two managers, each with a reason, may open the file all the same."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import clock
from grants.db import reading, transaction
from grants.domain.conflicts import Hint
from grants.errors import NotAllowed, NotFound, NotPossible
from grants.models import (
    Account,
    Application,
    Attestation,
    AuditEntry,
    BudgetLine,
    Call,
    Collaborator,
    Interest,
    Partner,
    Project,
    Promise,
    Review,
)
from grants.policies import Actor, Role
from grants.queries import interests as queries
from grants.queries.account import actor_for
from grants.services import override, review
from grants.workflow.application import ApplicationState
from grants.workflow.review import ReviewState
from tests import builders

pytestmark = pytest.mark.db


@dataclass
class Committee:
    """A call, two managers, a reader, an eligible file."""

    call: Call
    managers: list[Account]
    reader: Account
    file: Application


@pytest.fixture
def committee(database: object) -> Committee:
    with transaction() as session:
        call = builders.a_call(session, reviews_open_at=clock.now() - timedelta(days=1), reviews_required=1)
        managers = [builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id) for _ in range(2)]
        reader = builders.an_account(session, role=Role.REVIEWER, call_id=call.id, email="awa@rivages.example")
        file = builders.an_application(session, call=call, state=ApplicationState.ELIGIBLE)
    return Committee(call, managers, reader, file)


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def codes(error: pytest.ExceptionInfo[NotPossible]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def ask(here: Committee, by: int = 0, reason: str = "Le lien date de 2010.") -> override.Override:
    return override.ask(
        actor=acting(here.managers[by]),
        application=here.file.public_id,
        account=here.reader.public_id,
        reason=reason,
    )


def answer(here: Committee, asked: override.Override, by: int = 1, *, granted: bool = True) -> override.Override:
    say = override.grant if granted else override.refuse
    return say(
        actor=acting(here.managers[by]), call=here.call.public_id, override=asked.public_id, answer="Vu ensemble."
    )


def assign(here: Committee) -> list[Review]:
    return review.assign(
        actor=acting(here.managers[0]), application=here.file.public_id, reviewers=[here.reader.public_id]
    )


def declare(here: Committee, stand: str) -> Interest:
    return review.declare_interest(actor=acting(here.reader), application=here.file.public_id, stand=stand, note="Dit.")


def test_rv_08_two_managers_open_the_file_and_the_reader_is_told(committee: Committee) -> None:
    declare(committee, "conflict")
    with pytest.raises(NotPossible) as refused:
        assign(committee)
    assert codes(refused) == {"reviewer_in_conflict"}
    asked = ask(committee)
    with pytest.raises(NotAllowed):
        answer(committee, asked, by=0)
    with pytest.raises(NotPossible):  # asked is not granted
        assign(committee)
    answer(committee, asked)
    assert [one.reviewer_id for one in assign(committee)] == [committee.reader.id]
    with reading() as session:
        mails = session.scalars(select(Promise).where(Promise.name == "conflict-overridden")).all()
        acts = session.scalars(select(AuditEntry.actor).where(AuditEntry.action.like("review.%-override"))).all()
        lines = queries.register(session, acting(committee.managers[0]), committee.call.id)
        told = queries.overrides(session, acting(committee.managers[0]), committee.call.id)
    assert [mail.recipient_id for mail in mails] == [committee.reader.id]
    assert acts == [one.public_id for one in committee.managers]
    assert [(line.stand, line.overridden, line.closing) for line in lines] == [
        ("conflict", False, False),
        ("free", True, False),
    ]
    assert [(one.asked_by, one.answered_by, one.granted) for one in told] == [
        (committee.managers[0].name, committee.managers[1].name, True)
    ]


def test_a_refused_override_leaves_the_file_closed(committee: Committee) -> None:
    declare(committee, "conflict")
    answer(committee, ask(committee), granted=False)
    with pytest.raises(NotPossible):
        assign(committee)
    asked = ask(committee)  # it may be asked again
    with pytest.raises(NotPossible) as refused:
        ask(committee, by=1)
    assert codes(refused) == {"no_override_waiting"}
    answer(committee, asked)
    with pytest.raises(NotPossible) as refused:
        answer(committee, asked)
    assert "override_waits" in codes(refused)


def test_an_override_needs_a_reason_and_a_conflict(committee: Committee) -> None:
    with pytest.raises(NotPossible) as refused:
        ask(committee, reason=" ")
    assert codes(refused) == {"reason_given", "conflict_in_force"}


def test_nothing_opens_a_file_to_whoever_belongs_to_it(committee: Committee) -> None:
    with transaction() as session:
        builders.an_appointment(
            session, committee.reader, Role.APPLICANT_MEMBER, organisation_id=committee.file.organisation_id
        )
    with pytest.raises(NotPossible):
        assign(committee)
    declare(committee, "free")
    with pytest.raises(NotPossible) as refused:
        ask(committee)
    assert codes(refused) == {"conflict_may_be_overridden"}


def test_the_reader_may_still_retire_after_an_override(committee: Committee) -> None:
    declare(committee, "doubt")
    answer(committee, ask(committee))
    assign(committee)
    declare(committee, "conflict")
    with reading() as session:
        assert session.scalars(select(Review.state)).all() == [ReviewState.RECUSED]
    answer(committee, ask(committee, by=1), by=0)
    assert [one.state for one in assign(committee)] == [ReviewState.ASSIGNED]  # what was written is there again


def test_somebody_elsewhere_knows_of_no_override(committee: Committee) -> None:
    declare(committee, "conflict")
    asked = ask(committee)
    with transaction() as session:
        stranger = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
    with pytest.raises(NotFound):
        override.grant(actor=acting(stranger), call=committee.call.public_id, override=asked.public_id, answer="Oui.")
    with transaction() as session:
        builders.an_interest(session, application=committee.file, account=committee.managers[1], stand="conflict")
    with pytest.raises(NotFound):
        answer(committee, asked)


# facts


def _house(here: Committee) -> int:
    """The reader's organisation."""
    with transaction() as session:
        house = builders.an_organisation(session, name="Rivages Partagés")
        builders.an_appointment(session, here.reader, Role.APPLICANT_LEAD, organisation_id=house.id)
        return house.id


def _partner(here: Committee, **values: object) -> None:
    with transaction() as session:
        session.add(
            Partner(application_id=here.file.id, **{"name": "Mairie de X", "actor_kind": "local_authority", **values})
        )


def _common_project(here: Committee, house: int) -> None:
    with transaction() as session:
        old = builders.an_application(session, call=here.call, organisation_id=house, state=ApplicationState.DECIDED)
        session.add(
            Partner(application_id=old.id, name="L’autre", actor_kind="ngo", organisation_id=here.file.organisation_id)
        )
        session.add(
            Project(
                slug="p",
                call_id=here.call.id,
                application_id=old.id,
                organisation_id=house,
                title="Un projet",
                opened_at=clock.now() - timedelta(days=400),
            )
        )


def _cofunder(here: Committee) -> None:
    with transaction() as session:
        session.add(
            BudgetLine(
                application_id=here.file.id,
                position=1,
                side="income",
                key="grants.other",
                label="Rivages partagés",
                amount_cents=100,
            )
        )


def _attesting(here: Committee) -> None:
    _partner(here)
    with transaction() as session:
        partner = session.scalars(select(Partner).where(Partner.application_id == here.file.id)).one()
        session.add(
            Attestation(
                partner_id=partner.id,
                email="mairie@x.example",
                contact=here.reader.name,
                asked_at=clock.now(),
                expires_at=clock.now(),
            )
        )


def _collaborator(here: Committee) -> None:
    with transaction() as session:
        session.add(Collaborator(application_id=here.file.id, account_id=here.reader.id, accepted_at=clock.now()))


FACTS = {
    Hint.WRITES_FILE: ("conflict", _collaborator),
    Hint.PARTNER_ORGANISATION: ("conflict", lambda here: _partner(here, organisation_id=_house(here))),
    Hint.COFUNDER: ("doubt", lambda here: (_house(here), _cofunder(here))),
    Hint.NAMED_IN_FILE: ("doubt", _attesting),
    Hint.WORKED_TOGETHER: ("doubt", lambda here: _common_project(here, _house(here))),
    Hint.SAME_EMAIL_DOMAIN: ("doubt", lambda here: _partner(here, contact_email="dir@rivages.example")),
}


@pytest.mark.parametrize("hint", FACTS, ids=str)
def test_rv_08_what_facts_say_closes_the_file_whatever_is_declared(committee: Committee, hint: Hint) -> None:
    stand, happen = FACTS[hint]
    happen(committee)
    with pytest.raises(NotPossible) as refused:
        assign(committee)
    assert codes(refused) == {f"reviewer_in_{stand}"}
    found = declare(committee, "free")
    assert (found.stand, found.found, found.hints[0]) == (stand, True, str(hint))
    if stand == "doubt":
        with pytest.raises(NotPossible) as refused:
            review.settle_interest(
                actor=acting(committee.managers[0]),
                application=committee.file.public_id,
                account=committee.reader.public_id,
                stand="free",
            )
        assert codes(refused) == {"found_from_facts"}
        answer(committee, ask(committee))
        assert len(assign(committee)) == 1
        assert declare(committee, "free").stand == "free"
