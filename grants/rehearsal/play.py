"""The rehearsal itself: the terms of a call lived through on its own dates, by the services, in a database of its own.

Nothing is simulated but people: rules, refusals, reminders, letters and mails are those of the product. What a step
refuses is noted with its reasons, and the rehearsal goes on as far as it can.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from grants import clock
from grants.db import Base, connect, reading, without_durability
from grants.domain.terms import read_terms
from grants.errors import NotPossible
from grants.exchange.call_pack import CallPack, write_pack
from grants.models import Application, Call, Check
from grants.queries.eligibility import by_invitation
from grants.rehearsal import judging, writing
from grants.rehearsal.report import Report
from grants.rehearsal.stage import Stage
from grants.services import call as calls

Chapter = tuple[str, Callable[[], None]]
NO_DATE = datetime(2030, 1, 7, 8, tzinfo=UTC)


def rehearse(content: object, folder: Path, tell: Callable[[float, str], None]) -> Report:
    """Live a call through. `content`: its terms as plain data; `folder`: an empty one, thrown away by the caller.

    `tell(done, chapter)`: progress, `done` from 0 to 1. Terms with faults are not rehearsed: the report names them.
    """
    begun = time.monotonic()
    terms, faults = read_terms(content)
    if faults:
        return Report(lacks=sorted({code for _, code in faults}))
    stage = Stage(terms, folder)
    with _scratch(folder):
        if _publish(stage):
            chapters = list(_chapters(stage))
            for rank, (name, live) in enumerate(chapters):
                tell(rank / len(chapters), name)
                live()
            _sum_up(stage)
    stage.report.seconds = time.monotonic() - begun
    return stage.report


@contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    engine = connect(f"sqlite:///{folder / 'essai.sqlite'}")
    with without_durability():
        Base.metadata.create_all(engine)
        yield
    engine.dispose()


def _publish(stage: Stage) -> bool:
    """Whether the call could be published, a week before it opens."""
    opens_at = stage.values.get("opens_at")
    first = opens_at if isinstance(opens_at, datetime) else NO_DATE
    with clock.frozen(first - timedelta(days=7)):
        stage.cast.install(stage.terms)
        content = write_pack(CallPack("Essai", stage.terms.data))
        brought = calls.bring(actor=stage.manager, programme=stage.cast.programme, content=content, slug="essai")
        stage.call = brought.public_id
        with reading() as session:
            asked = by_invitation(session, session.get_one(Call, brought.id))
        if asked:
            everybody = list(stage.cast.organisations.values())
            calls.invite_organisations(actor=stage.manager, call=stage.call, organisations=everybody)
        try:
            calls.publish(actor=stage.manager, call=stage.call)
        except NotPossible as error:
            stage.report.lacks = [reason.code for reason in error.reasons]
        stage.keep_promises()
    return not stage.report.lacks


def _chapters(stage: Stage) -> Iterator[Chapter]:
    """The chapters in their order, on the dates of the call; what it does not date follows at a usual distance."""

    def at(name: str, otherwise: datetime) -> datetime:
        found = stage.values.get(name)
        return found if isinstance(found, datetime) else otherwise

    opens_at = at("opens_at", NO_DATE)
    closes_at = at("closes_at", opens_at + timedelta(days=30))
    stage.values = {**stage.values, "closes_at": closes_at}
    full_at = at("full_closes_at", closes_at)
    corrections = at("corrections_due_at", full_at + timedelta(days=2))
    reading_from = at("reviews_open_at", corrections + timedelta(days=1))
    reading_until = at("reviews_close_at", reading_from + timedelta(days=14))
    sitting = at("committee_at", reading_until + timedelta(days=3))
    screened = max(full_at + timedelta(hours=2), corrections - timedelta(hours=1))
    yield "opening", partial(writing.write, stage, opens_at, closes_at)
    yield "deadline", partial(writing.submit, stage, closes_at)
    if stage.terms.form.staged:
        kept_at = closes_at + min(timedelta(days=2), (full_at - closes_at) / 2)
        yield "notes", partial(judging.keep, stage, kept_at)
        yield "full", partial(writing.complete, stage, kept_at, full_at)
    yield "screening", partial(judging.screen, stage, screened)
    yield "reading", partial(judging.read, stage, reading_from + timedelta(hours=1), reading_until)
    yield "committee", partial(judging.sit, stage, sitting)
    yield "letters", partial(judging.release, stage, sitting + timedelta(days=7))


def _sum_up(stage: Stage) -> None:
    with reading() as session:
        stage.report.failed_rules = dict(Counter(session.scalars(select(Check.rule).where(Check.outcome == "fail"))))
        stage.report.states = dict(Counter(str(state) for state in session.scalars(select(Application.state))))
