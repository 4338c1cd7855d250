"""Many answers of one file at once, saved one by one and by whole pages: each is kept, none is lost to another."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from grants import clock
from grants.db import reading, transaction
from grants.domain.asking import print_of
from grants.errors import Busy, Conflict
from grants.models import Account, AnswerChange, Application
from grants.policies import Actor, Role
from grants.queries.account import actor_of
from grants.services import application as use_cases
from tests import builders
from tests.every_kind import give_form

pytestmark = pytest.mark.db
FIELDS = ("title", "summary", "team", "hectares", "cost", "asked", "women", "starts_on")
ROUNDS = 6
TRIES = 60


def actor(account: Account) -> Actor:
    with transaction() as session:
        token = builders.a_session(session, account)
    with reading() as session:
        found = actor_of(session, token, clock.now())
    assert found is not None
    return found


def again(act: Callable[[], object]) -> None:
    """Do it, again where the database or somebody else's page asks for it."""
    for _ in range(TRIES):
        with contextlib.suppress(Busy, Conflict):
            act()
            return
    raise AssertionError


def types(person: Actor, file: str, key: str, gate: Barrier) -> None:
    """Somebody who types in one field, saved at each pause."""
    gate.wait(timeout=60)
    base = print_of("")
    for number in range(ROUNDS):
        values = {"application": file, "section": "project", "key": key, "answer": f"{key} {number}", "base": base}
        again(partial(use_cases.save_answer, actor=person, **values))
        base = print_of(values["answer"])


def saves(person: Actor, file: str, gate: Barrier) -> None:
    """Somebody who saves whole pages of another section."""
    gate.wait(timeout=60)
    for number in range(ROUNDS):
        answers = {"kind": "ngo", "site": f"https://exemple.invalid/{number}"}
        again(partial(use_cases.edit, actor=person, application=file, answers=answers))


def test_answers_saved_alone_and_pages_saved_whole_lose_nothing(either_database: Engine) -> None:
    """CC-02 and CC-03 under load: eight people in eight fields, a ninth saves whole pages of another section."""
    with transaction() as session:
        call = builders.a_call(session)
        give_form(session, call)
        organisation = builders.an_organisation(session)
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation.id)
        row = builders.a_draft(session, call=call, lead=lead, organisation=organisation, answers={}, title="")
    person, gate = actor(lead), Barrier(len(FIELDS) + 1)
    with ThreadPoolExecutor(len(FIELDS) + 1) as crowd:
        done = [crowd.submit(types, person, row.public_id, key, gate) for key in FIELDS]
        done.append(crowd.submit(saves, person, row.public_id, gate))
        for one in done:
            one.result(timeout=120)
    last = ROUNDS - 1
    with reading() as session:
        kept = session.get_one(Application, row.id)
        typed = {key: f"{key} {last}" for key in FIELDS}
        assert kept.answers == {**typed, "kind": "ngo", "site": f"https://exemple.invalid/{last}"}
        assert (kept.saves, kept.title) == (len(FIELDS) * ROUNDS, f"title {last}")
        changes = session.scalars(select(AnswerChange).where(AnswerChange.application_id == row.id)).all()
        assert {one.key: one.value for one in changes} == kept.answers
    either_database.dispose()
