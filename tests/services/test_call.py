"""Calls: published when fit, told from a source without what the source does not say."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from grants import clock
from grants.db import reading, transaction
from grants.errors import Conflict, Invalid, NotFound, NotPossible
from grants.exchange.shipped_packs import content_of, shipped
from grants.models import Call
from grants.policies import Role
from grants.queries.account import actor_for
from grants.queries.call import Stage, stage_of
from grants.queries.terms import draft_of, versions_of
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


def written(actor, programme, **more):
    return calls.draft(actor=actor, programme=programme, values=values(**more), criteria=CRITERIA, envelope_cents=100)


def test_a_published_text_is_frozen_and_files_begun_name_it(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = calls.publish(actor=actor, call=written(actor, programme).public_id)
    with reading() as session:
        (version,) = versions_of(session, session.get_one(Call, row.id))
        assert (version.rank, version.sha256, version.draft) == (1, row.terms_sha256, None)
    with pytest.raises(NotFound):
        calls.save(actor=actor, call=row.public_id, document={"v": 1})
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text("UPDATE terms_text SET content = '{}'"))


def test_a_draft_is_saved_whole_and_the_later_of_two_is_told(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = written(actor, programme)
    with reading() as session:
        draft = draft_of(session, session.get_one(Call, row.id))
        assert draft is not None
        document, version = dict(draft.draft or {}), draft.version
    document["call"] = {**document["call"], "title": "Autre titre"}
    calls.save(actor=actor, call=row.public_id, document=document, version=version)
    with reading() as session:
        assert session.get_one(Call, row.id).title == "Autre titre"
    with pytest.raises(Conflict):
        calls.save(actor=actor, call=row.public_id, document=document, version=version)


def test_a_document_with_faults_is_refused_with_all_of_them(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = written(actor, programme)
    with pytest.raises(Invalid) as refused:
        calls.save(actor=actor, call=row.public_id, document={"v": 1, "call": {"zone": "Mars", "min_cents": -1}})
    assert {"call.zone", "call.min_cents"} <= refused.value.problems.keys()


def amended(actor, row, **call):
    version = calls.begin_amendment(actor=actor, call=row.public_id)
    document = dict(version.draft or {})
    document["call"] = {**document["call"], **call}
    calls.save(actor=actor, call=row.public_id, document=document)


def test_an_amendment_comes_into_force_with_its_reason_and_not_before(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = calls.publish(actor=actor, call=written(actor, programme).public_id)
    amended(actor, row, title="Titre amendé")
    with reading() as session:
        assert session.get_one(Call, row.id).title == "Appel"
    with pytest.raises(NotPossible) as refused:
        calls.amend(actor=actor, call=row.public_id, reason=" ")
    assert [reason.code for reason in refused.value.reasons] == ["reason_given"]
    calls.amend(actor=actor, call=row.public_id, reason="Une erreur dans le titre.")
    with reading() as session:
        newest, first = versions_of(session, session.get_one(Call, row.id))
        assert (session.get_one(Call, row.id).title, newest.rank, newest.reason) == (
            *("Titre amendé", 2),
            "Une erreur dans le titre.",
        )
        assert newest.sha256 != first.sha256


def test_DL_07_a_deadline_is_never_moved_into_the_past(database: Engine) -> None:  # noqa: N802 -- the case's name
    actor, programme = manager_of_a_programme()
    row = calls.publish(actor=actor, call=written(actor, programme).public_id)
    amended(actor, row, closes_at=(clock.now() - timedelta(hours=1)).isoformat())
    with pytest.raises(NotPossible) as refused:
        calls.amend(actor=actor, call=row.public_id, reason="Plus tôt.")
    assert "deadline_ahead" in {reason.code for reason in refused.value.reasons}
    with reading() as session:
        assert session.get_one(Call, row.id).closes_at == row.closes_at


def test_a_call_taken_out_and_brought_elsewhere_is_the_same_file_again(either_database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = written(actor, programme)
    with reading() as session:
        first = calls.export(session, actor=actor, call=row.public_id)
    brought = calls.bring(actor=actor, programme=programme, content=first, slug="ailleurs")
    with reading() as session:
        assert calls.export(session, actor=actor, call=brought.public_id) == first
    assert (brought.slug, brought.state, brought.closes_at) == ("ailleurs", CallState.DRAFT, row.closes_at)


def test_two_calls_do_not_share_an_address_and_a_file_that_is_none_is_told(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    content = content_of("micro-soutien")
    assert content is not None
    calls.bring(actor=actor, programme=programme, content=content, edition="2027")
    with pytest.raises(Invalid) as taken:
        calls.bring(actor=actor, programme=programme, content=content, edition="2027")
    with pytest.raises(Invalid) as unread:
        calls.bring(actor=actor, programme=programme, content=b"{}")
    assert (taken.value.problems["slug"].code, unread.value.problems["file"].code) == ("taken", "pack_not_a_pack")


@pytest.mark.parametrize("key", sorted(shipped()))
def test_every_shipped_model_begins_a_call_that_lacks_its_dates_alone(database: Engine, key: str) -> None:
    actor, programme = manager_of_a_programme()
    content = content_of(key)
    assert content is not None
    row = calls.bring(actor=actor, programme=programme, content=content, edition="2027")
    with pytest.raises(NotPossible) as refused:
        calls.publish(actor=actor, call=row.public_id)
    assert {reason.code for reason in refused.value.reasons} <= {"dates_in_order", "envelope_set", "stages_set"}
