"""The facts of a file, as the rules of its call look at them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from grants.db import reading, transaction
from grants.domain.eligibility import Stage, evaluate, failures
from grants.models import Application, Membership
from grants.policies import Role
from grants.queries import eligibility
from grants.workflow.application import ApplicationState
from tests import builders

pytestmark = pytest.mark.db
CLOSES = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)


def failing(**values: object) -> set[str]:
    """The rules that a file fails at screening; `member` and `others` set the scene."""
    until = values.pop("until", date(2027, 12, 31))
    joined = values.pop("joined", date(2020, 1, 1))
    others = int(str(values.pop("others", 0)))
    with transaction() as session:
        call = builders.a_call(session, opens_at=CLOSES - timedelta(days=60), closes_at=CLOSES)
        organisation = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
        if joined is not None:
            session.add(
                Membership(
                    programme_id=call.programme_id,
                    organisation_id=organisation.id,
                    joined_on=joined,
                    good_standing_until_on=until,
                )
            )
        known = {"submitted_at": CLOSES - timedelta(days=1), "state": ApplicationState.SUBMITTED, **values}
        row = builders.a_draft(session, call=call, lead=lead, organisation=organisation, **known)
        for _ in range(others):
            builders.a_draft(session, call=call, lead=lead, organisation=organisation, **known)
    with reading() as session:
        found = session.get_one(Application, row.id)
        facts = eligibility.facts_of(session, found, CLOSES)
        verdicts = evaluate(eligibility.rules_of(found.call), Stage.SCREENING, facts)
    return {verdict.rule.key for verdict in failures(verdicts)}


def test_a_sound_file_fails_no_rule(database: Engine) -> None:
    assert failing() == set()


def test_standing_without_an_end_holds(database: Engine) -> None:
    assert failing(until=None) == set()


@pytest.mark.parametrize("scene", [{"joined": None}, {"until": date(2026, 12, 6)}, {"joined": date(2026, 12, 8)}])
def test_membership_is_judged_on_the_day_of_the_deadline(database: Engine, scene: dict[str, object]) -> None:
    assert failing(**scene) == {"member_in_good_standing"}


def test_the_last_day_of_standing_counts(database: Engine) -> None:
    assert failing(until=date(2026, 12, 7)) == set()


def test_a_file_that_came_too_late_is_judged_by_its_attempt(database: Engine) -> None:
    late = {"submitted_at": None, "late_attempt_at": CLOSES + timedelta(minutes=7), "state": ApplicationState.DRAFT}
    assert failing(**late) == {"received_before_deadline", "signed"}


def test_a_granted_delay_moves_the_deadline_of_the_file(database: Engine) -> None:
    assert failing(submitted_at=CLOSES + timedelta(days=1), own_deadline_at=CLOSES + timedelta(days=2)) == set()


def test_two_deposited_files_of_one_lead_are_one_too_many(database: Engine) -> None:
    assert failing(others=1) == {"one_file_per_lead"}


def test_a_call_open_to_all_asks_for_no_membership(database: Engine) -> None:
    with transaction() as session:
        call = builders.a_call(session, kind="open")
    assert "member_in_good_standing" not in {rule.key for rule in eligibility.rules_of(call)}
