"""Lists to take away: asked for on a page, written by the worker with the rights of that moment, gone after a day."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import examining, transaction
from grants.delivery.doors import Doors
from grants.delivery.handouts import Handouts
from grants.errors import Invalid, NotAllowed, NotFound, Reason, Throttled
from grants.exchange.tables import Cell, csv_rows, xlsx_pieces
from grants.models import Call, Export
from grants.policies import Actor, require
from grants.queries import export as queries
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.relay import Task
from grants.workflow.actions import Action

KIND = "export"
FORMS = ("csv", "xlsx")
MOST, WITHIN = 10, timedelta(hours=1)


def ask(*, actor: Actor, call: str, content: str, form: str, words: queries.Words) -> Export:
    """Ask for a list of this call (public id) as CSV or XLSX, for the actor alone; the trail tells it.

    Raises NotFound, NotAllowed, Invalid for a list or a form that there is not, Throttled after ten in an hour.
    """
    if content not in queries.CONTENTS or form not in FORMS:
        raise Invalid({"content": Reason("missing")})
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.EXPORT_READ, subject_of(row, session))
        if content not in queries.offered(session, actor, row):
            raise NotAllowed(Action.EXPORT_READ)
        now = lifecycle.moment(session)
        if queries.asked_since(session, actor, now - WITHIN) >= MOST:
            raise Throttled(int(WITHIN.total_seconds()))
        asked = Export(
            call_id=row.id, account_id=actor.id, content=content, form=form, words=words.stored(), asked_at=now
        )
        session.add(asked)
        session.flush()
        note = {"content": content, "form": form, "export": asked.public_id}
        lifecycle.act(session, actor=actor, action=Action.EXPORT_READ, row=row, note=note)
        outbox.put(
            session,
            f"export:{asked.public_id}",
            kind=KIND,
            name=KIND,
            subject=name_of(row),
            made_at=now,
            programme_id=row.programme_id,
            payload={"export": asked.public_id},
        )
    return asked


class _Counted:
    """Rows, counted as they pass."""

    def __init__(self, rows: Iterable[tuple[Cell, ...]]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for row in self.rows:
            self.number += 1
            yield row


def keep(task: Task, *, doors: Doors) -> None:
    """Write it, from one picture of the database: the worker's part. Without the right any more, it says so."""
    asked, handouts = str(task.payload["export"]), Handouts(doors.store)
    with examining() as session:
        row = session.scalar(select(Export).where(Export.public_id == asked))
        if row is None or row.finished_at is not None:
            return
        values = _written(session, row, handouts)
    try:
        _note(asked, **values)
    except BaseException:
        handouts.drop(str(values["file"]))
        raise


def _written(session: Session, row: Export, handouts: Handouts) -> dict[str, Any]:
    """What the row is to say of the file that was written."""
    try:
        actor = queries.asker(session, row)
    except NotFound:
        return {"file": "", "failure": "not allowed any more"}
    words = queries.Words.of(row.words)
    found = queries.listed(session, actor, row.call, row.content, words)
    rows = _Counted(found.rows)
    if row.form == "csv":
        pieces = csv_rows(found.columns, rows)
    else:
        pieces = xlsx_pieces(words.sheet, found.columns, rows, note=words.note)
    name, size = handouts.write(pieces)
    return {"file": name, "size": size, "rows": rows.number, "basis": found.basis}


def _note(asked: str, **values: Any) -> None:  # noqa: ANN401 -- columns
    with transaction() as session:
        values["finished_at"] = lifecycle.moment(session)
        session.execute(update(Export).where(Export.public_id == asked).values(**values))
