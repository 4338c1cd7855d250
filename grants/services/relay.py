"""Keeping promises: find what is due, lease it, do it, note it. The queue is a hint; the row is the work.

Any number of workers may run this, and any of them may die anywhere. A lease that ran out is taken by another
worker. A mail is marked `handed` just before it is given to the mail server: dying after that, the answer is
unknown, and the same bytes with the same Message-ID are given once more. A row that keeps killing its worker is
laid aside after `MAX_CRASHES` leases.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, or_, select, update
from sqlalchemy.engine import Connection

from grants.clock import now
from grants.db import connection, reading, transaction
from grants.delivery.pdf import LeakyDocument, RenderFailed
from grants.delivery.smtp import BadMessage, Permanent, Temporary, Uncertain
from grants.models.outbox import Promise, PromiseState
from grants.policies import Actor
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

LEASE = timedelta(seconds=120)
MAX_CRASHES = 5
RETRY_MINUTES = (1, 2, 5, 10, 30, 60)  # before the next try, by tries already made; the last one repeats
MAX_TRIES = 52  # with these delays: 48 hours
NOT_READY = timedelta(seconds=2), timedelta(minutes=5)  # shortest and longest wait for what is not there yet
BATCH = 200
LONG_QUEUE = 500  # hints already waiting: more of them would not make anything faster


# What is said of a row whose leases ran out too often; `handed` may have arrived, several times.
ABANDONED = {
    PromiseState.LEASED: "it stopped the worker too often",
    PromiseState.HANDED: "the mail server never said whether it took it",
}


class NotReady(Exception):
    """What this promise needs (a letter's PDF) is not there yet: try again in a moment."""


@dataclass(frozen=True)
class Task:
    """A leased promise, as its handler sees it. `hand(sha256)` notes that bytes with this hash leave now."""

    public_id: str
    name: str
    subject: str
    recipient_id: int | None
    payload: Mapping[str, Any]
    message_id: str
    made_at: datetime
    content_sha256: str
    hand: Callable[[str], None]


Handler = Callable[[Task], None]


def due(limit: int = BATCH) -> list[int]:
    """Ids of the promises to keep now, oldest first: queued and due, or leased by somebody who is gone."""
    with reading() as session:
        query = select(Promise.id).where(_takeable(now())).order_by(Promise.due_at, Promise.id).limit(limit)
        return list(session.scalars(query))


def enqueue_due(enqueue: Callable[[int], object], waiting: Callable[[], int]) -> int:
    """Call `enqueue` with the id of every promise that is due, unless the queue is long. Returns how many."""
    if waiting() > LONG_QUEUE:
        return 0
    ids = due()
    for promise_id in ids:
        enqueue(promise_id)
    return len(ids)


def keep(promise_id: int, handlers: Mapping[str, Handler]) -> bool:
    """Keep one promise, if nobody else does. True when it was kept now; failures are noted in the row."""
    with connection() as line:
        token = _lease(line, promise_id)
        if token is None:
            return False
        task, kind = _task(line, promise_id, token)
        try:
            handlers[kind](task)
        except NotReady as error:
            _wait(line, promise_id, token, str(error))
        except Temporary as error:
            _later(line, promise_id, token, error.reason)
        except (Permanent, BadMessage, LeakyDocument, RenderFailed) as error:
            _note(line, promise_id, token, {"state": PromiseState.FAILED, "last_error": _words(error)})
        except Uncertain as error:
            # the row stays `handed`: when the lease ends, the same bytes go once more
            _note(line, promise_id, token, {"last_error": error.reason})
        except Exception as error:  # noqa: BLE001 -- a broken handler must not lose the promise
            _later(line, promise_id, token, _words(error))
        else:
            _note(line, promise_id, token, {"state": PromiseState.SENT, "kept_at": now(), "last_error": ""})
            return True
    return False


def keep_all_due(handlers: Mapping[str, Handler]) -> int:
    """Keep every promise that is due, here and now, without a queue (command line, replay). Returns how many."""
    kept = 0
    while ids := due():
        done = sum(keep(promise_id, handlers) for promise_id in ids)
        if not done:
            break
        kept += done
    return kept


def retry(*, actor: Actor, promise: str) -> Promise:
    """Put a failed, dead or paused promise back into the queue. Raises NotFound, NotAllowed.

    Anything else is left as it is: pressing the button twice sends once.
    """
    states = (PromiseState.FAILED, PromiseState.DEAD, PromiseState.PAUSED)
    with transaction() as session:
        row = one_for(session, actor, Promise, promise)
        lifecycle.act(session, actor=actor, action=Action.MESSAGE_RETRY, row=row, note={"from": str(row.state)})
        session.execute(
            update(Promise)
            .where(Promise.id == row.id, Promise.state.in_(states))
            .values(state=PromiseState.QUEUED, due_at=now(), attempts=0, crashes=0, content_sha256=_kept_bytes())
        )
        return row


def pause_all() -> Sequence[Row[str, str, str, PromiseState]]:
    """Lay every promise that is not kept aside, for a database that is older than the world: (public id, kind, name,
    state before) of each. Nothing leaves before `resume_all`.
    """
    open_ = (PromiseState.QUEUED, PromiseState.LEASED, PromiseState.HANDED)
    columns = (Promise.public_id, Promise.kind, Promise.name, Promise.state)
    with transaction() as session:
        found = session.execute(select(*columns).where(Promise.state.in_(open_)).order_by(Promise.id)).all()
        unsure = case((Promise.state == PromiseState.HANDED, True), else_=Promise.uncertain)
        session.execute(
            update(Promise).where(Promise.state.in_(open_)).values(state=PromiseState.PAUSED, uncertain=unsure)
        )
        return found


def resume_all() -> int:
    """Put every paused promise back into the queue: a person has looked at them. Returns how many."""
    with transaction() as session:
        done = session.execute(
            update(Promise)
            .where(Promise.state == PromiseState.PAUSED)
            .values(state=PromiseState.QUEUED, due_at=now(), attempts=0, crashes=0)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]


def _kept_bytes() -> ColumnElement[str]:
    """What was refused for good never arrived: it is written anew. What may have arrived leaves unchanged."""
    return case((Promise.state == PromiseState.FAILED, ""), else_=Promise.content_sha256)


def _takeable(at: datetime) -> ColumnElement[bool]:
    queued = and_(Promise.state == PromiseState.QUEUED, Promise.due_at <= at)
    abandoned = and_(Promise.state.in_((PromiseState.LEASED, PromiseState.HANDED)), Promise.lease_until < at)
    return or_(queued, abandoned)


def _lease(line: Connection, promise_id: int) -> str | None:
    """Take the row by a conditional UPDATE; None when somebody else has it, or when it killed too many workers."""
    at, token = now(), secrets.token_hex(16)
    with transaction(on=line) as session:
        row = session.execute(
            select(Promise.state, Promise.crashes).where(Promise.id == promise_id, _takeable(at))
        ).one_or_none()
        if row is None:
            return None
        crashes = row.crashes + (row.state in (PromiseState.LEASED, PromiseState.HANDED))
        taken = crashes < MAX_CRASHES
        values: dict[str, Any] = {"crashes": crashes}
        if taken:
            values |= {"state": PromiseState.LEASED, "token": token, "lease_until": at + LEASE}
            values |= {"attempts": Promise.attempts + 1}
            values |= {"uncertain": True} if row.state == PromiseState.HANDED else {}
        else:
            values |= {"state": PromiseState.DEAD, "last_error": ABANDONED[PromiseState(row.state)]}
        done = session.execute(update(Promise).where(Promise.id == promise_id, _takeable(at)).values(**values))
        return token if taken and done.rowcount == 1 else None  # type: ignore[attr-defined]


def _task(line: Connection, promise_id: int, token: str) -> tuple[Task, str]:
    with transaction(on=line) as session:
        row = session.get_one(Promise, promise_id)

    def hand(sha256: str) -> None:
        values = {"state": PromiseState.HANDED, "content_sha256": sha256, "lease_until": now() + LEASE}
        _note(line, promise_id, token, values)

    task = Task(
        public_id=row.public_id,
        name=row.name,
        subject=row.subject,
        recipient_id=row.recipient_id,
        payload=row.payload,
        message_id=row.message_id,
        made_at=row.made_at,
        content_sha256=row.content_sha256,
        hand=hand,
    )
    return task, row.kind


def _note(line: Connection, promise_id: int, token: str, values: Mapping[str, Any]) -> None:
    """Write the outcome, on the connection that is already open: nothing slow stands between sending and noting."""
    with transaction(on=line) as session:
        session.execute(update(Promise).where(Promise.id == promise_id, Promise.token == token).values(**values))


def _wait(line: Connection, promise_id: int, token: str, reason: str) -> None:
    """Look again soon; less and less often the longer it takes. Waiting is no try."""
    with transaction(on=line) as session:
        waited = now() - session.get_one(Promise, promise_id).made_at
    shortest, longest = NOT_READY
    delay = max(shortest, min(waited / 10, longest))
    _note(line, promise_id, token, {**_again(delay, reason), "attempts": Promise.attempts - 1})


def _again(delay: timedelta, reason: str) -> dict[str, Any]:
    return {"state": PromiseState.QUEUED, "due_at": now() + delay, "last_error": reason[:500]}


def _later(line: Connection, promise_id: int, token: str, reason: str) -> None:
    with transaction(on=line) as session:
        tries = session.get_one(Promise, promise_id).attempts
    if tries >= MAX_TRIES:
        _note(line, promise_id, token, {"state": PromiseState.DEAD, "last_error": reason[:500]})
        return
    minutes = RETRY_MINUTES[min(tries, len(RETRY_MINUTES)) - 1]
    _note(line, promise_id, token, _again(timedelta(minutes=minutes), reason))


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
