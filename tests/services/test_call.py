"""Calls: published when fit, told from a source without what the source does not say."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from grants import clock
from grants.db import reading, transaction
from grants.errors import Invalid, NotPossible
from grants.policies import Role
from grants.queries.account import actor_for
from grants.queries.call import Stage, stage_of
from grants.services import call as calls
from grants.workflow.call import CallState
from tests import builders

pytestmark = pytest.mark.db


def manager_of_a_programme():
    with transaction() as session:
        programme = builders.a_programme(session)
        account = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
    with reading() as session:
        return actor_for(session, account.id), programme.public_id


def values(**more: object) -> dict[str, object]:
    now = clock.now()
    return {
        "slug": "appel",
        "title": "Appel",
        "edition": "2027",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=1),
        "tranches": [{"share_bp": 10_000, "condition": "agreement_signed"}],
        **more,
    }


CRITERIA = [{"key": "C1", "name": "Un", "weight": 60}, {"key": "C2", "name": "Deux", "weight": 40}]


def test_a_fit_call_is_published_and_closed_when_every_file_is_decided(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = calls.draft(actor=actor, programme=programme, values=values(), criteria=CRITERIA, envelope_cents=100)
    assert row.state == CallState.DRAFT
    assert calls.publish(actor=actor, call=row.public_id).state == CallState.PUBLISHED
    assert calls.close(actor=actor, call=row.public_id).state == CallState.CLOSED


def test_publishing_names_everything_that_is_missing(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = calls.draft(actor=actor, programme=programme, values=values(tranches=[], closes_at=None))
    with pytest.raises(NotPossible) as refused:
        calls.publish(actor=actor, call=row.public_id)
    assert {reason.code for reason in refused.value.reasons} == {
        "weights_sum_to_hundred",
        "tranches_sum_to_whole",
        "dates_in_order",
        "envelope_set",
    }


def test_what_the_system_keeps_cannot_be_set(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    with pytest.raises(Invalid):
        calls.draft(actor=actor, programme=programme, values=values(next_number=50))


def test_a_round_run_elsewhere_needs_its_source_and_nothing_else(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    told = {"slug": "caac", "title": "CAAC", "edition": "2022"}
    with pytest.raises(NotPossible):
        calls.import_call(actor=actor, programme=programme, values=told)
    row = calls.import_call(actor=actor, programme=programme, values={**told, "source": "https://exemple.invalid"})
    assert (row.state, row.imported, row.closes_at) == (CallState.CLOSED, True, None)
    assert stage_of(row, clock.now()) is Stage.TOLD
