"""Keeping promises: once, by one worker at a time, whatever dies and whatever the mail server answers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from grants import outbox
from grants.clock import frozen
from grants.db import reading, transaction
from grants.delivery.pdf import RenderFailed
from grants.delivery.smtp import Permanent, Temporary, Uncertain
from grants.errors import NotAllowed, NotFound
from grants.models import Promise, PromiseState
from grants.policies.actors import Role
from grants.queries.account import actor_for
from grants.services import relay
from grants.services.relay import Handler, NotReady, Task
from tests import builders

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("database")]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def a_promise(kind: str = "mail", due_at: datetime = NOW, **values: object) -> int:
    with transaction() as session:
        key = f"key-{next(builders.NUMBERS)}"
        outbox.put(session, key, kind=kind, name="submitted", subject="application:x", made_at=NOW, due_at=due_at)
        row = session.query(Promise).filter_by(key=key).one()
        for name, value in values.items():
            setattr(row, name, value)
        return row.id


def row_of(promise_id: int) -> Promise:
    with reading() as session:
        return session.get_one(Promise, promise_id)


def answering(act: Callable[[Task], None]) -> Mapping[str, Handler]:
    return {"mail": act, "document": act}


def raising(error: Exception) -> Mapping[str, Handler]:
    def act(task: Task) -> None:
        raise error

    return answering(act)


def nothing(task: Task) -> None:
    """Everything goes well."""


def test_the_same_key_promises_once():
    with transaction() as session:
        told = {"kind": "mail", "name": "submitted", "subject": "application:x", "made_at": NOW}
        assert outbox.put(session, "one", **told)
        assert not outbox.put(session, "one", **told)
        assert session.query(Promise).count() == 1


def test_a_kept_promise_is_sent_and_not_due_any_more():
    promise = a_promise()
    with frozen(NOW):
        assert relay.keep(promise, answering(nothing))
        assert not relay.keep(promise, answering(nothing))
        assert relay.due() == []
    assert (row_of(promise).state, row_of(promise).kept_at) == (PromiseState.SENT, NOW)


def test_what_is_not_due_yet_is_left_alone():
    promise = a_promise(due_at=NOW + timedelta(minutes=1))
    with frozen(NOW):
        assert relay.due() == []
        assert not relay.keep(promise, answering(nothing))


def test_a_promise_is_leased_to_one_worker_at_a_time():
    promise = a_promise()
    seen = []

    def act(task: Task) -> None:
        seen.append(relay.keep(promise, answering(nothing)))  # another worker, at the same time

    with frozen(NOW):
        assert relay.keep(promise, answering(act))
    assert seen == [False]


def test_a_lease_that_ran_out_is_taken_by_another_worker():
    promise = a_promise(state=PromiseState.LEASED, lease_until=NOW + relay.LEASE, token="dead")
    with frozen(NOW + relay.LEASE):
        assert relay.due() == []
    with frozen(NOW + relay.LEASE + timedelta(seconds=1)):
        assert relay.due() == [promise]
        assert relay.keep(promise, answering(nothing))
    assert row_of(promise).crashes == 1


def test_the_word_of_a_worker_whose_lease_ran_out_does_not_count():
    promise = a_promise()

    def act(task: Task) -> None:
        with frozen(NOW + relay.LEASE + timedelta(seconds=1)):
            relay.keep(promise, raising(Permanent("550 no such user")))

    with frozen(NOW):
        relay.keep(promise, answering(act))
    assert row_of(promise).state == PromiseState.FAILED


def test_a_promise_that_kills_its_worker_five_times_is_laid_aside():
    promise = a_promise()
    at = NOW
    for _ in range(relay.MAX_CRASHES):
        with transaction() as session:
            row = session.get_one(Promise, promise)
            row.state, row.lease_until = PromiseState.LEASED, at
        at += timedelta(minutes=10)
        with frozen(at), relay.connection() as line:
            token = relay._lease(line, promise)
    assert token is None
    assert row_of(promise).state == PromiseState.DEAD
    assert "worker" in row_of(promise).last_error


def test_a_document_that_is_missing_is_looked_for_again_without_counting_as_a_try():
    promise = a_promise()
    with frozen(NOW):
        relay.keep(promise, raising(NotReady("the document receipt is not there yet")))
    row = row_of(promise)
    assert (row.state, row.attempts, row.due_at) == (PromiseState.QUEUED, 0, NOW + timedelta(seconds=2))
    later = NOW + timedelta(hours=10)
    with frozen(later):
        relay.keep(promise, raising(NotReady("the document receipt is not there yet")))
    assert row_of(promise).due_at == later + timedelta(minutes=5)


def test_a_temporary_trouble_is_tried_again_after_1_2_5_10_30_then_every_60_minutes():
    promise = a_promise()
    at, waits = NOW, []
    for _ in range(8):
        with frozen(at):
            relay.keep(promise, raising(Temporary("421 try later")))
        due_at = row_of(promise).due_at
        waits.append(int((due_at - at).total_seconds()) // 60)
        at = due_at
    assert waits == [1, 2, 5, 10, 30, 60, 60, 60]


def test_after_48_hours_of_trying_a_person_has_to_look():
    promise = a_promise()
    at = NOW
    while row_of(promise).state == PromiseState.QUEUED:
        at = max(at, row_of(promise).due_at)
        with frozen(at):
            relay.keep(promise, raising(Temporary("421 try later")))
    assert row_of(promise).state == PromiseState.DEAD
    assert timedelta(hours=46) < at - NOW < timedelta(hours=50)


@pytest.mark.parametrize("error", [Permanent("550 no such user"), RenderFailed("too-large")])
def test_what_would_not_help_to_repeat_fails_at_once_and_says_why(error: Exception):
    promise = a_promise()
    with frozen(NOW):
        relay.keep(promise, raising(error))
    row = row_of(promise)
    assert (row.state, row.attempts) == (PromiseState.FAILED, 1)
    assert str(error) in row.last_error


def test_a_broken_handler_loses_nothing():
    promise = a_promise()
    with frozen(NOW):
        relay.keep(promise, raising(ZeroDivisionError("a mistake of ours")))
    assert row_of(promise).state == PromiseState.QUEUED
    assert "ZeroDivisionError" in row_of(promise).last_error


def test_when_the_answer_is_lost_the_same_bytes_go_once_more():
    promise = a_promise()
    given: list[str] = []

    def lost(task: Task) -> None:
        task.hand("a" * 64)
        given.append(task.message_id)
        raise Uncertain("connection lost")

    def told(task: Task) -> None:
        assert task.content_sha256 == "a" * 64
        task.hand(task.content_sha256)
        given.append(task.message_id)

    with frozen(NOW):
        relay.keep(promise, answering(lost))
        assert row_of(promise).state == PromiseState.HANDED
        assert relay.due() == []
    with frozen(NOW + relay.LEASE + timedelta(seconds=1)):
        assert relay.keep(promise, answering(told))
    row = row_of(promise)
    assert (row.state, row.uncertain, len(set(given))) == (PromiseState.SENT, True, 1)


def test_a_mail_server_that_never_answers_gets_five_copies_at_most():
    promise = a_promise()
    given = []

    def lost(task: Task) -> None:
        task.hand("a" * 64)
        given.append(1)
        raise Uncertain("connection lost")

    for day in range(12):
        with frozen(NOW + timedelta(days=day)):
            relay.keep(promise, answering(lost))
    assert len(given) == relay.MAX_CRASHES
    assert row_of(promise).state == PromiseState.DEAD
    assert "never said" in row_of(promise).last_error


def test_everything_due_is_kept_in_order_without_a_queue():
    first, second = a_promise("document"), a_promise()
    order = []

    def act(task: Task) -> None:
        order.append(task.public_id)

    with frozen(NOW):
        assert relay.keep_all_due(answering(act)) == 2
    assert order == [row_of(first).public_id, row_of(second).public_id]


def test_hints_are_put_into_the_queue_unless_it_is_long():
    promises = [a_promise() for _ in range(3)]
    hints: list[int] = []
    with frozen(NOW):
        assert relay.enqueue_due(hints.append, lambda: relay.LONG_QUEUE + 1) == 0
        assert relay.enqueue_due(hints.append, lambda: 0) == 3
    assert hints == promises


class TestTryingAgain:
    """A person presses the button."""

    def test_a_manager_of_the_programme_puts_a_refused_mail_back(self):
        with transaction() as session:
            programme = builders.a_programme(session)
            manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
        promise = a_promise(state=PromiseState.FAILED, attempts=1, content_sha256="b" * 64, programme_id=programme.id)
        with reading() as session:
            actor = actor_for(session, manager.id)
        with frozen(NOW + timedelta(hours=3)):
            relay.retry(actor=actor, promise=row_of(promise).public_id)
        row = row_of(promise)
        assert (row.state, row.attempts, row.content_sha256) == (PromiseState.QUEUED, 0, "")

    def test_what_may_have_arrived_leaves_unchanged(self):
        with transaction() as session:
            programme = builders.a_programme(session)
            manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
        promise = a_promise(state=PromiseState.DEAD, content_sha256="b" * 64, programme_id=programme.id)
        with reading() as session:
            actor = actor_for(session, manager.id)
        relay.retry(actor=actor, promise=row_of(promise).public_id)
        assert row_of(promise).content_sha256 == "b" * 64

    def test_nobody_else_may(self):
        with transaction() as session:
            programme = builders.a_programme(session)
            other = builders.an_account(session, role=Role.MANAGER, programme_id=builders.a_programme(session).id)
            auditor = builders.an_account(session, role=Role.AUDITOR)
        promise = row_of(a_promise(state=PromiseState.FAILED, programme_id=programme.id))
        with reading() as session:
            stranger, reader = actor_for(session, other.id), actor_for(session, auditor.id)
        with pytest.raises(NotFound):
            relay.retry(actor=stranger, promise=promise.public_id)
        with pytest.raises(NotAllowed):
            relay.retry(actor=reader, promise=promise.public_id)

    def test_pressing_it_on_what_has_left_changes_nothing(self):
        with transaction() as session:
            programme = builders.a_programme(session)
            manager = builders.an_account(session, role=Role.MANAGER, programme_id=programme.id)
        promise = a_promise(state=PromiseState.SENT, programme_id=programme.id)
        with reading() as session:
            actor = actor_for(session, manager.id)
        relay.retry(actor=actor, promise=row_of(promise).public_id)
        assert row_of(promise).state == PromiseState.SENT
