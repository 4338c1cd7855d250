"""One act on many files: every file its own transaction, none twice, what is not possible left out and told."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from grants import clock
from grants.db import reading, transaction
from grants.errors import Invalid, NotFound
from grants.models import Account, Application, AuditEntry, Batch, BatchItem, Call, Check, Promise
from grants.policies import Actor, Role
from grants.queries.account import actor_for
from grants.queries.batch import chosen, foreseen, progress_of
from grants.services import screening
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
OUT = Action.SCREENING_DECLARE_INELIGIBLE


@dataclass
class Desk:
    """A call with three received files, all checked and failing, and a draft."""

    call: Call
    manager: Account
    files: list[str]
    draft: str


@pytest.fixture
def desk(database: object) -> Desk:
    with transaction() as session:
        call = builders.a_call(session)
        manager = builders.an_account(session, role=Role.MANAGER, programme_id=call.programme_id)
        files = [builders.an_application(session, call=call).public_id for _ in range(3)]
        owner = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=owner.id)
        draft = builders.a_draft(session, call=call, lead=lead, organisation=owner).public_id
    for file in files:
        screening.run_checks(actor=acting(manager), application=file)
    return Desk(call, manager, files, draft)


def acting(account: Account) -> Actor:
    with reading() as session:
        return actor_for(session, account.id)


def states(desk: Desk) -> list[str]:
    with reading() as session:
        rows = session.scalars(select(Application).where(Application.public_id.in_(desk.files)))
        known = {row.public_id: str(row.state) for row in rows}
    return [known[file] for file in desk.files]


def test_what_each_file_will_get_is_said_before_and_is_what_happens(desk: Desk) -> None:
    manager = acting(desk.manager)
    screening.return_for_correction(
        actor=manager,
        application=desk.files[2],
        sections=["project"],
        due_at=clock.now().replace(year=2040),
        reason="Dates.",
    )
    with reading() as session:
        lines = foreseen(
            session,
            manager,
            Action.SCREENING_DECLARE_ELIGIBLE,
            chosen(session, manager, [*desk.files, desk.draft]),
            clock.now(),
        )
        assert len(lines) == 3  # a draft is nobody's to act upon
        assert {reason.code for line in lines[:2] for reason in line.reasons} == {"no_rule_failed"}
        out = foreseen(session, manager, OUT, chosen(session, manager, desk.files), clock.now())
        told = (sum(line.letters for line in out), sum(line.mails for line in out))
    with reading() as session:
        before = session.scalar(select(func.count(Promise.id))) or 0
    screening.ask_batch(actor=manager, action=str(OUT), applications=desk.files)
    assert screening.work() == 3
    with reading() as session:
        assert (session.scalar(select(func.count(Promise.id))) or 0) - before == sum(told)
    assert states(desk) == ["ineligible"] * 3


def test_a_file_that_changed_meanwhile_is_left_out_with_its_reasons(desk: Desk) -> None:
    manager = acting(desk.manager)
    batch = screening.ask_batch(actor=manager, action=str(OUT), applications=desk.files)
    screening.declare_ineligible(actor=manager, application=desk.files[1])
    assert screening.work() == 3
    with reading() as session:
        progress = progress_of(session, manager, batch.public_id)
        assert (progress.total, progress.done, progress.refused, progress.left) == (3, 2, 1, 0)
        refused = [item for item in progress.lines if item.outcome == "refused"]
        assert refused[0].reasons[0][0] == "not_from_here"
        assert progress.batch.finished_at is not None


def test_no_file_is_done_twice_and_the_trail_has_one_line_each(desk: Desk) -> None:
    manager = acting(desk.manager)
    screening.ask_batch(actor=manager, action=str(Action.SCREENING_TAKE), applications=[*desk.files, *desk.files])
    assert screening.work(most=2) == 2
    assert screening.work() == 1
    assert screening.work() == 0
    with reading() as session:
        taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "screening.take")).all()
        assert len(taken) == 3
        assert {
            row.officer_id for row in session.scalars(select(Application).where(Application.public_id.in_(desk.files)))
        } == {desk.manager.id}


def test_checks_are_recorded_on_many_files(desk: Desk) -> None:
    manager = acting(desk.manager)
    with transaction() as session:
        new = builders.an_application(session, call=desk.call).public_id
    screening.ask_batch(actor=manager, action=str(Action.SCREENING_CHECK), applications=[new])
    screening.work()
    with reading() as session:
        assert session.scalar(select(func.count(Check.id)).join(Application).where(Application.public_id == new))


def test_who_lost_the_right_meanwhile_does_nothing(desk: Desk) -> None:
    batch = screening.ask_batch(actor=acting(desk.manager), action=str(OUT), applications=desk.files)
    with transaction() as session:
        for held in session.get_one(Account, desk.manager.id).appointments:
            held.ended_at = clock.now()
    screening.work()
    assert states(desk) == [str(ApplicationState.SUBMITTED)] * 3
    with reading() as session:
        assert {item.outcome for item in session.scalars(select(BatchItem))} == {"refused"}
        assert session.scalars(select(Batch)).one().public_id == batch.public_id


def test_an_act_that_is_none_and_an_empty_list_are_refused(desk: Desk) -> None:
    manager = acting(desk.manager)
    with pytest.raises(NotFound):
        screening.ask_batch(actor=manager, action="decision.release", applications=desk.files)
    with pytest.raises(Invalid):
        screening.ask_batch(actor=manager, action=str(OUT), applications=[])
    with pytest.raises(NotFound):  # AZ-14: one file that is not theirs to see
        screening.ask_batch(actor=manager, action=str(OUT), applications=[*desk.files, desk.draft])
    with pytest.raises(Invalid):
        screening.ask_batch(actor=manager, action=str(OUT), applications=[str(n) for n in range(201)])


def test_somebody_elses_batch_is_not_there(desk: Desk) -> None:
    batch = screening.ask_batch(actor=acting(desk.manager), action=str(OUT), applications=desk.files)
    with transaction() as session:
        other = builders.an_account(session, role=Role.MANAGER, programme_id=desk.call.programme_id)
    with reading() as session, pytest.raises(NotFound):
        progress_of(session, acting(other), batch.public_id)
