"""The whole demonstration: what happened from September 2025 to Saturday 21 November 2026 at ten in the morning."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from grants import clock
from grants.db import engine, reading, without_durability
from grants.delivery import files
from grants.delivery.doors import Doors
from grants.demo import caac, projects2026, round2026, round2027
from grants.demo.agenda import Agenda, mornings
from grants.demo.calls import PROGRAMME, paris
from grants.demo.stage import Stage, data
from grants.models import Account
from grants.policies import SYSTEM
from grants.services import call, organisation, programme, project, reminder

BEGINNING = paris(2025, 9, 1, 9)
ENDING = paris(2026, 11, 21, 10)
#: when somebody owes something: files, reviews, reports; on the other mornings there is nobody to remind
REMINDED = (
    (paris(2025, 10, 15), paris(2025, 12, 6)),
    (paris(2026, 5, 10), ENDING),
)
OFFSET_FILE = "clock-offset"


def is_empty() -> bool:
    """Whether the database holds nobody yet."""
    with reading() as session:
        return session.scalar(select(Account.id).limit(1)) is None


def load(doors: Doors, say: Callable[[str], None], until: datetime | None = None) -> Stage:
    """Live everything through again, as the right persons and on the right days; the database must be empty.

    `until`: the moment before which to stop.
    """
    with without_waiting_for_the_disk():
        return _load(doors, say, until)


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """For filling an empty deployment, which a crash may simply discard; at the end everything is on the disk."""
    with ExitStack() as stack:
        stack.enter_context(files.without_durability())
        if engine().dialect.name == "sqlite":
            stack.enter_context(without_durability())
        yield
    os.sync()


def _load(doors: Doors, say: Callable[[str], None], until: datetime | None) -> Stage:
    begun = time.monotonic()
    stage, agenda = Stage(doors, say), Agenda()
    agenda.put(BEGINNING, lambda: _install(stage))
    agenda.put(paris(2025, 9, 1, 14), tell_caac)
    round2026.plan(stage, agenda)
    projects2026.plan(stage, agenda)
    round2027.plan(stage, agenda)
    for first, last in REMINDED:
        for morning in mornings(first, last):
            agenda.put(morning, reminder.promise_due)
    for at, words in CHAPTERS:
        agenda.put(at, partial(say, words))
    count = agenda.run(stage.keep_promises, until)
    stage.tell_unkept()
    say(f"{count} events lived through in {time.monotonic() - begun:.0f} s")
    return stage


CHAPTERS = (
    (paris(2025, 9, 15, 9), "September 2025: the call for 2026 opens"),
    (paris(2025, 11, 3, 12), "3 November 2025, noon: 23 files are in, one comes seven minutes late"),
    (paris(2025, 12, 11, 9, 30), "11 December 2025: the committee sits"),
    (paris(2025, 12, 19, 10), "19 December 2025: the letters leave"),
    (paris(2026, 2, 16, 14), "16 February 2026: seven agreements are signed"),
    (paris(2026, 10, 5, 9), "5 October 2026: the call for 2027 opens"),
)


def _install(stage: Stage) -> None:
    stage.install()
    stage.found(PROGRAMME)
    for key, record in data("organisations").items():
        if key != "network":
            stage.register(key, record)
            stage.enrol(key, record)


def tell_caac() -> None:
    """Tell the real round beside the invented one."""
    network = organisation.register(actor=SYSTEM, name=caac.NETWORK, actor_kind="network")
    owner = programme.found(actor=SYSTEM, network=network.public_id, **caac.PROGRAMME)
    told = call.import_call(actor=SYSTEM, programme=owner.public_id, values=caac.CALL)
    for sheet in caac.SHEETS:
        project.import_project(actor=SYSTEM, call=told.public_id, values=sheet.values())


def set_clock(folder: Path, now_is: datetime = ENDING) -> int:
    """From this instant on it is the day of the demonstration, here and in every process started later. In seconds."""
    real = clock.now() - clock.offset()
    seconds = round((now_is - real).total_seconds())
    (folder / OFFSET_FILE).write_text(f"{seconds}\n", encoding="ascii")
    clock.set_offset(seconds)
    return seconds
