"""A call tried out before it opens."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from grants.db import Base, reading
from grants.delivery import rehearsal as door
from grants.domain.answering import field_problem
from grants.domain.default_form import DEFAULT_FORM
from grants.domain.form_data import Faults, read_form
from grants.domain.terms import read_terms
from grants.errors import NotPossible
from grants.exchange.shipped_packs import shipped
from grants.models import Promise, Rehearsal
from grants.rehearsal.answers import answers_to
from grants.services import call as calls
from grants.services import keeper, rehearsal, relay
from tests.services.test_call import CRITERIA, manager_of_a_programme, values

OPENS_AT = datetime(2027, 1, 4, 8, tzinfo=UTC)


def dated(key: str) -> dict[str, object]:
    """A shipped model with its dates and an envelope."""
    terms = json.loads(json.dumps(shipped()[key].terms))
    days = {"opens_at": 0, "closes_at": 30, "reviews_open_at": 35, "reviews_close_at": 50, "committee_at": 60}
    if terms["call"]["kind"] == "two_stages":
        days |= {"full_closes_at": 45, "reviews_open_at": 50, "reviews_close_at": 65, "committee_at": 75}
    terms["call"] |= {name: (OPENS_AT + timedelta(days=day)).isoformat() for name, day in days.items()}
    terms["envelope"]["total_cents"] = terms["envelope"].get("total_cents") or 10_000_000
    return terms  # type: ignore[no-any-return]


@pytest.mark.pure
@pytest.mark.parametrize("key", sorted(shipped()))
def test_invented_answers_leave_no_question_of_any_model_unanswered(key: str) -> None:
    form = read_terms(shipped()[key].terms)[0].form
    answers = answers_to(form, title="Essai", starts_on=OPENS_AT.date(), months=6)
    asked = [field for section in form.asked(answers) for field in section.fields if field.asked(answers)]
    assert [field.key for field in asked if field_problem(field, answers.get(field.key, ""))] == []


@pytest.mark.pure
def test_every_kind_of_question_gets_an_answer_that_can_stand() -> None:
    data = {
        "version": "1",
        "sections": [
            {
                "key": "all",
                "title": "Tout",
                "fields": [
                    {"key": f"f_{kind}", "kind": kind, "label": kind, **more}
                    for kind, more in (
                        *((kind, {"limit": 40}) for kind in ("line", "text", "link", "email")),
                        *((kind, {"least": 3, "most": 9}) for kind in ("whole", "number", "amount")),
                        *((kind, {}) for kind in ("percent", "day", "phone", "country", "place", "postcode")),
                        *((kind, {}) for kind in ("siret", "rna", "declaration", "consent", "note")),
                        ("choice", {"choices": [{"value": "a", "label": "A"}]}),
                        (
                            "choices",
                            {"choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}], "least": 2},
                        ),
                        ("group", {"least": 2, "columns": [{"key": "n", "kind": "line", "label": "N"}]}),
                        ("table", {"rows": ["Un", "Deux"], "columns": [{"key": "n", "kind": "whole", "label": "N"}]}),
                    )
                ],
            }
        ],
    }
    faults = Faults()
    form = read_form(data, faults)
    answers = answers_to(form, title="Essai", starts_on=OPENS_AT.date(), months=6)
    fields = form.sections[0].fields
    assert (faults.found, len(fields)) == ([], 22)
    assert [field.key for field in fields if field_problem(field, answers.get(field.key, ""))] == []
    assert answers_to(DEFAULT_FORM, title="Essai", starts_on=OPENS_AT.date(), months=6)["title"] == "Essai"


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(shipped()))
def test_every_shipped_model_is_lived_through_to_its_letters(key: str) -> None:
    report = door.run(dated(key), lambda _percent, _chapter: None)
    assert report["lacks"] == []
    assert report["states"].get("decided", 0) >= 4, report["events"]
    letters = [mail for mail in report["mails"] if mail["letter"]]
    assert len(letters) >= 8, "a receipt and a decision for each"
    refused = {told["code"] for event in report["events"] for told in event["refusals"]}
    assert "before_deadline" in refused or key == "accompagnement-pilote", "who comes after the deadline is refused"
    assert not any("/attestations/" in json.dumps(mail) for mail in report["mails"])


@pytest.mark.slow
def test_terms_that_lack_something_are_told_and_not_lived() -> None:
    terms = dated("alliances")
    del terms["call"]["closes_at"]  # type: ignore[attr-defined]
    terms["criteria"][0]["weight"] = 1  # type: ignore[index]
    report = door.run(terms, lambda _percent, _chapter: None)
    assert set(report["lacks"]) == {"dates_in_order", "weights_sum_to_hundred"}
    assert report["events"] == []
    assert door.run({"v": 1, "call": {"zone": "Mars"}}, lambda _p, _c: None)["lacks"] == ["not_readable"]


@pytest.mark.slow
def test_a_rehearsal_is_asked_for_run_by_the_worker_and_leaves_nothing_but_its_report(database: Engine) -> None:
    actor, programme = manager_of_a_programme()
    row = calls.draft(actor=actor, programme=programme, values=values(), criteria=CRITERIA, envelope_cents=100_000)
    asked = rehearsal.ask(actor=actor, call=row.public_id)
    with pytest.raises(NotPossible) as refused:
        rehearsal.ask(actor=actor, call=row.public_id)
    assert [reason.code for reason in refused.value.reasons] == ["rehearsal_running"]
    before = counts()
    with reading() as session:
        (promise,) = session.scalars(select(Promise.id).where(Promise.kind == rehearsal.KIND))
    assert relay.keep(promise, {rehearsal.KIND: keeper.rehearsal.keep})
    assert counts() == before
    with reading() as session:
        found = session.get_one(Rehearsal, asked.id)
        assert (found.percent, found.failure, found.report["states"]["decided"] >= 4) == (100, "", True)
        assert found.finished_at is not None


def counts() -> dict[str, int]:
    """How many rows every table has."""
    with reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
