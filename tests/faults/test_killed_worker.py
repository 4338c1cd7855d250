"""SIGKILL to the whole worker while letters leave: none is lost, a copy is the same message, none goes astray.

The same kills first hit the usual way of sending, which has to be seen losing letters: a harness that cannot lose
anything proves nothing. Real PostgreSQL that waits for the disk, real Redis, real SMTP.
"""

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import func, select

from grants import clock
from grants.db import Base, connect, reading, transaction
from grants.models import Document, Promise, PromiseState
from grants.policies.actors import Role
from grants.workflow.application import ApplicationState
from grants.workflow.decision import Outcome
from tests import builders, letters, postgres
from tests.awards import World
from tests.faults.machines import Sink, Worker, redis, sink

HERE = Path(__file__).parent
SEED = random.SystemRandom().randrange(1 << 32)
LETTERS_A_KILL = 5
LATEST_KILL = 0.25  # seconds after the first delivery of a worker's life
DELIVERY_SECONDS = 40  # how long a fresh worker may take to its first delivery
DRAIN_SECONDS = 120


@dataclass
class Yard:
    """The machines of one run."""

    sink: Sink
    redis_url: str
    folder: Path


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    with sink() as kept, redis(tmp_path) as redis_url:
        yield Yard(kept, redis_url, tmp_path)


def kill_again_and_again(
    yard: Yard,
    worker: Worker,
    kills: int,
    promise: Callable[[], None],
    between: Callable[[int], None] = lambda _n: None,
) -> None:
    """`kills` times: promise some letters, wait for a delivery, kill a moment later, start again at once."""
    chance = random.Random(SEED)  # noqa: S311 -- when to kill, printed to be repeated
    worker.start()
    for number in range(kills):
        promise()
        yard.sink.came.clear()
        assert yard.sink.came.wait(DELIVERY_SECONDS), f"kill {number}: nothing left\n{_tail(worker.log)}"
        time.sleep(chance.uniform(0, LATEST_KILL))
        worker.kill()
        between(number)
        worker.start()


@pytest.mark.timeout(600)
def test_the_usual_way_loses_letters(yard: Yard):
    asked: list[str] = []
    environment = {"REDIS_URL": yard.redis_url, "SMTP_URL": yard.sink.url}
    queue = Celery("naive", broker=yard.redis_url)
    worker = Worker(["-m", "tests.faults.naive_worker"], environment, yard.folder / "naive.log")

    def promise() -> None:
        for _ in range(LETTERS_A_KILL):
            asked.append(f"personne{len(asked)}@exemple.invalid")
            queue.send_task("send_letter", [asked[-1]])

    try:
        kill_again_and_again(yard, worker, 20, promise)
        _quiet(yard.sink)
    finally:
        worker.kill()
    arrived = {address for delivery in yard.sink.deliveries for address in delivery.recipients}
    lost = len(set(asked) - arrived)
    say(f"the usual way: {lost} of {len(asked)} letters lost after 20 kills (seed {SEED})")
    assert lost > 0, "the harness is blind: it could not even make the usual way lose a letter"


@pytest.mark.timeout(900)
def test_no_letter_is_lost_and_a_copy_is_the_same_message(yard: Yard):
    _storm(yard, kills=20, flushes=0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_letter_is_lost_in_two_hundred_kills_with_the_queue_wiped(yard: Yard):
    _storm(yard, kills=200, flushes=40)


def _storm(yard: Yard, *, kills: int, flushes: int) -> None:
    import redis as client  # noqa: PLC0415 -- the fixture has the same name

    with postgres.cluster(durable=True) as cluster:
        url = cluster.fresh()
        Base.metadata.create_all(connect(url))
        world = letters.a_network_and_its_call()
        expected: dict[str, str] = {}
        environment = {
            "ENV": "test",
            "DATABASE_URL": url,
            "REDIS_URL": yard.redis_url,
            "SMTP_URL": yard.sink.url,
            "DATA_DIR": str(yard.folder / "data"),
            "BASE_URL": letters.BASE_URL,
            "MAIL_FROM": "palabre@exemple.invalid",
        }
        (yard.folder / "data").mkdir()
        worker = Worker(["-m", "tests.faults.impatient_worker"], environment, yard.folder / "worker.log")
        queue = client.Redis.from_url(yard.redis_url)

        def promise() -> None:
            expected.update(_letters(world, LETTERS_A_KILL))

        def wipe(number: int) -> None:
            if flushes and number % (kills // flushes) == 0:
                queue.flushall()

        begun = time.monotonic()
        try:
            kill_again_and_again(yard, worker, kills, promise, wipe)
            drained = _drained(worker)
        finally:
            worker.kill()
        _judge(yard.sink, expected, kills, drained, time.monotonic() - begun)


def _letters(world: World, count: int) -> dict[str, str]:
    """Promise `count` decision letters and the mails that carry them, each to a person of another organisation."""
    made = {}
    for _ in range(count):
        with transaction() as session:
            holder = builders.an_organisation(session, address_lines=["1 rue du Port", "56000 Vannes"])
            person = builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=holder.id)
        file = letters.a_file(world, organisation_id=holder.id, state=ApplicationState.DECIDED, submitted_at=None)
        decision = letters.a_decision(world, Outcome.AWARDED, file)
        now = clock.now()
        letters.promise("document", "decision-letter", decision, made_at=now)
        mail = letters.promise("mail", "accepted", decision, to=person, made_at=now, attach="decision-letter")
        made[f"<{mail.message_id}@palabre.exemple.invalid>"] = person.email
    return made


def _drained(worker: Worker) -> float:
    """Wait until every promise is kept; the seconds it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < DRAIN_SECONDS:
        with reading() as session:
            open_ones = session.scalar(select(func.count(Promise.id)).where(Promise.state != PromiseState.SENT))
        if not open_ones:
            return time.monotonic() - begun
        time.sleep(0.5)
    with reading() as session:
        left = session.execute(
            select(Promise.state, Promise.kind, Promise.last_error).where(Promise.state != PromiseState.SENT)
        ).all()
    pytest.fail(f"not kept after {DRAIN_SECONDS} s: {left}\n{_tail(worker.log)}")


def _judge(sink_: Sink, expected: dict[str, str], kills: int, drained: float, seconds: float) -> None:
    copies = defaultdict(list)
    for delivery in sink_.deliveries:
        copies[delivery.message_id].append(delivery)
    lost = set(expected) - set(copies)
    strangers = set(copies) - set(expected)
    astray = [d for d in sink_.deliveries if d.recipients != (expected.get(d.message_id),)]
    different = [name for name, found in copies.items() if len({d.sha256 for d in found}) > 1]
    extra = sum(len(found) - 1 for found in copies.values())
    with reading() as session:
        documents = session.scalar(select(func.count(Document.id)))
        flagged = session.scalar(select(func.count(Promise.id)).where(Promise.uncertain))
    say(
        f"{kills} kills, {len(expected)} letters, seed {SEED}: lost {len(lost)}, copies {extra} "
        f"(flagged uncertain {flagged}), other bytes {len(different)}, astray {len(astray)}; "
        f"drained in {drained:.0f} s, {seconds:.0f} s in all"
    )
    assert not lost
    assert not strangers
    assert not astray
    assert not different
    assert all(delivery.attachments == 1 for delivery in sink_.deliveries)
    assert documents == len(expected)
    assert extra <= max(2, kills // 2)


def say(words: str) -> None:
    """Tell the figures, whether pytest captures or not: a result without its figures is not to be believed."""
    if sys.__stdout__ is not None:
        sys.__stdout__.write(f"\n{words}\n")


def _quiet(sink_: Sink, seconds: float = 10) -> None:
    """Wait until nothing has arrived for a while."""
    while sink_.came.wait(seconds):
        sink_.came.clear()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-12:])[-4000:] if log.exists() else ""
