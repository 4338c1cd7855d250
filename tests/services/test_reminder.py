"""Reminders: each step once, to those who still have something to do, however often and however late the clock asks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.models import Account, Agreement, Application, Promise, Report, Review
from grants.policies.actors import Role
from grants.queries import deadline
from grants.services import reminder
from grants.workflow.agreement import AgreementState
from grants.workflow.application import ApplicationState
from grants.workflow.project import ProjectState
from grants.workflow.report import ReportState
from grants.workflow.review import ReviewState
from tests import awards, builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]
CLOSES_AT = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)
CREATED_AT = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


def promised() -> list[Promise]:
    with reading() as session:
        return list(session.scalars(select(Promise).order_by(Promise.id)))


def told() -> list[tuple[str, int, int]]:
    return [(row.name, row.payload["step"], row.payload["days_left"]) for row in promised()]


def a_call(**values: Any) -> Any:
    with transaction() as session:
        dates = {
            "opens_at": CREATED_AT,
            "closes_at": CLOSES_AT,
            "reviews_open_at": CLOSES_AT + timedelta(days=7),
            "reviews_close_at": CLOSES_AT + timedelta(days=30),
        }
        return builders.a_call(session, **{**dates, **values})


def a_draft(call: Any, **values: Any) -> Application:
    with transaction() as session:
        told = {"state": ApplicationState.DRAFT, "number": None, "submitted_at": None, "created_at": CREATED_AT}
        return builders.an_application(session, call=call, **{**told, **values})


class TestSubmission:
    """Drafts of a call that closes soon."""

    def test_the_team_hears_14_3_and_1_days_before_each_step_once(self):
        a_draft(a_call())
        at = CLOSES_AT - timedelta(days=20)
        while at < CLOSES_AT + timedelta(days=10):
            reminder.promise_due(at)
            at += timedelta(hours=8)
        assert [step for _name, step, _left in told()] == [14, 3, 1]

    def test_everybody_who_writes_for_the_applicant_hears_it_and_nobody_else(self):
        draft = a_draft(a_call())
        with transaction() as session:
            builders.an_account(session, role=Role.APPLICANT_MEMBER, organisation_id=draft.organisation_id)
            builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=builders.an_organisation(session).id)
            gone = builders.an_account(session, role=Role.APPLICANT_MEMBER, organisation_id=draft.organisation_id)
            gone.disabled_at = CREATED_AT
        assert reminder.promise_due(CLOSES_AT - timedelta(days=3)) == 2

    def test_a_second_scheduler_promises_nothing_more(self):
        a_draft(a_call())
        at = CLOSES_AT - timedelta(days=3)
        assert (reminder.promise_due(at), reminder.promise_due(at)) == (1, 0)

    def test_a_stopped_clock_catches_up_with_the_nearest_step_only(self):
        a_draft(a_call())
        reminder.promise_due(CLOSES_AT - timedelta(days=1, hours=2))
        assert told() == [("reminder-submission", 1, 1)]

    def test_a_deposited_file_and_a_closed_call_are_left_in_peace(self):
        call = a_call()
        a_draft(call, state=ApplicationState.SUBMITTED)
        a_draft(call, state=ApplicationState.WITHDRAWN)
        assert reminder.promise_due(CLOSES_AT - timedelta(days=3)) == 0
        a_draft(call)
        assert reminder.promise_due(CLOSES_AT + timedelta(hours=1)) == 0

    def test_a_draft_begun_after_a_step_does_not_hear_it(self):
        a_draft(a_call(), created_at=CLOSES_AT - timedelta(days=13))
        assert reminder.promise_due(CLOSES_AT - timedelta(days=12)) == 0

    def test_a_file_with_a_date_of_its_own_hears_of_that_date(self):
        own = CLOSES_AT + timedelta(days=5)
        a_draft(a_call(), state=ApplicationState.RETURNED, own_deadline_at=own)
        assert reminder.promise_due(CLOSES_AT - timedelta(days=3)) == 0
        assert reminder.promise_due(own - timedelta(days=3)) == 1
        assert promised()[0].payload["due_at"] == own.isoformat()

    def test_the_ladder_is_the_calls(self):
        a_draft(a_call(reminders={"submission": [5]}))
        assert reminder.promise_due(CLOSES_AT - timedelta(days=3, hours=-1)) == 1
        assert told() == [("reminder-submission", 5, 3)]


class TestReviews:
    """Reviews that are not given: one mail a person and step, however many files."""

    def test_a_reviewer_with_three_files_gets_one_mail(self):
        call = a_call()
        with transaction() as session:
            reviewer = builders.an_account(session, role=Role.REVIEWER, call_id=call.id)
            for _ in range(3):
                file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
                builders.a_review(session, application=file, reviewer=reviewer)
        assert reminder.promise_due(call.reviews_close_at - timedelta(days=2)) == 1
        assert promised()[0].subject == f"call:{call.public_id}"

    def test_who_has_given_everything_hears_nothing(self):
        call = a_call()
        with transaction() as session:
            reviewer = builders.an_account(session, role=Role.REVIEWER, call_id=call.id)
            file = builders.an_application(session, call=call, state=ApplicationState.IN_REVIEW)
            review = builders.a_review(session, application=file, reviewer=reviewer)
            session.get_one(Review, review.id).state = ReviewState.GIVEN
        assert reminder.promise_due(call.reviews_close_at - timedelta(days=2)) == 0


class TestProjects:
    """Agreements to sign, reports to hand in."""

    def test_an_agreement_is_asked_for_before_and_after_its_date_then_every_fortnight(self):
        world = awards.a_world()
        project = awards.an_open_project(world)
        sent_at = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
        with transaction() as session:
            row = session.get_one(Agreement, awards.the(Agreement, project).id)
            row.state, row.sent_at = AgreementState.SENT, sent_at
        for day in range(75):
            reminder.promise_due(sent_at + timedelta(days=day))
        assert [step for name, step, _left in told() if name == "reminder-agreement"] == [14, 7, 1, -7, -21, -35]
        with reading() as session:
            recipients = {
                session.get_one(Account, row.recipient_id).public_id
                for row in promised()
                if row.name == "reminder-agreement"
            }
        assert recipients == {world.accounts["lead"].public_id}

    def test_a_report_is_asked_for_before_and_after_its_day(self):
        world = awards.a_world()
        project = awards.a_running_project(world)
        with reading() as session:
            report = session.scalars(
                select(Report).where(Report.project_id == project.id, Report.kind == "interim")
            ).one()
        noon = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
        assert report.due_on == date(2026, 6, 15)
        for day in range(-35, 50):
            reminder.promise_due(noon + timedelta(days=day))
        steps = [row.payload["step"] for row in promised() if row.subject == f"report:{report.public_id}"]
        assert sorted(set(steps), reverse=True) == [30, 7, 1, -1, -7, -21, -35, -49]
        assert len(steps) == 2 * len(set(steps))  # lead and member

    def test_an_accepted_report_and_a_suspended_project_are_left_in_peace(self):
        world = awards.a_world()
        project = awards.a_running_project(world)
        at = datetime(2026, 6, 8, 10, 0, tzinfo=UTC)
        with transaction() as session:
            for report in session.scalars(select(Report).where(Report.project_id == project.id)):
                report.state = ReportState.ACCEPTED
        assert reminder.promise_due(at) == 0
        with transaction() as session:
            for report in session.scalars(select(Report).where(Report.project_id == project.id)):
                report.state = ReportState.EXPECTED
            session.get_one(type(project), project.id).state = ProjectState.SUSPENDED
        assert reminder.promise_due(at) == 0


def test_only_days_on_which_a_step_falls_are_read():
    days = deadline.days_concerned(date(2026, 6, 8), deadline.Ladder(before=(7,), late=(1,)))
    assert date(2026, 6, 15) in days
    assert date(2026, 6, 7) in days
    assert date(2026, 6, 20) not in days
    assert len(days) == 2 * (deadline.CATCH_UP_DAYS + 1)


def test_around_the_change_of_clocks_every_step_comes_once():
    for closes_at in (datetime(2026, 3, 29, 10, 0, tzinfo=UTC), datetime(2026, 10, 25, 11, 0, tzinfo=UTC)):
        call = a_call(opens_at=closes_at - timedelta(days=60), closes_at=closes_at)
        draft = a_draft(call, created_at=closes_at - timedelta(days=50))
        at = closes_at - timedelta(days=16)
        while at < closes_at:
            with frozen(at):
                reminder.promise_due()
            at += timedelta(minutes=457)
        steps = [row.payload["step"] for row in promised() if row.subject == f"application:{draft.public_id}"]
        assert steps == [14, 3, 1]
