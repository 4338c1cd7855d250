"""Trying a call out: asked for on a page, run by the worker, its report kept beside the call and nowhere else."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import reading, transaction
from grants.delivery import rehearsal
from grants.domain.terms import read_terms
from grants.errors import NotPossible, Reason
from grants.models import Call, Rehearsal
from grants.policies import Actor, require
from grants.queries.subjects import name_of, subject_of
from grants.queries.terms import document_of, draft_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.relay import Task
from grants.workflow.actions import Action

KIND = "rehearsal"


def ask(*, actor: Actor, call: str) -> Rehearsal:
    """Ask for a rehearsal of the terms as they are written now (public id of the call).

    One at a time: NotPossible while another runs. Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_REHEARSE, subject_of(row, session))
        running = select(Rehearsal.id).where(Rehearsal.call_id == row.id, Rehearsal.finished_at.is_(None))
        if session.scalar(running) is not None:
            raise NotPossible(Action.CALL_REHEARSE, (Reason("rehearsal_running"),))
        now = lifecycle.moment(session)
        asked = Rehearsal(
            call_id=row.id, sha256=read_terms(_written(session, row))[0].sha256, asked_by_id=actor.id, asked_at=now
        )
        session.add(asked)
        session.flush()
        lifecycle.act(session, actor=actor, action=Action.CALL_REHEARSE, row=row)
        outbox.put(
            session,
            f"rehearsal:{asked.public_id}",
            kind=KIND,
            name=KIND,
            subject=name_of(row),
            made_at=now,
            programme_id=row.programme_id,
            payload={"rehearsal": asked.public_id},
        )
    return asked


def keep(task: Task) -> None:
    """Run it: the worker's part. A rehearsal that fails says so on its page and is not tried again."""
    asked = str(task.payload["rehearsal"])
    with reading() as session:
        row = session.scalar(select(Rehearsal).where(Rehearsal.public_id == asked))
        if row is None or row.finished_at is not None:
            return
        document = _written(session, row.call)
    report, failure = {}, ""
    try:
        report = rehearsal.run(document, lambda percent, chapter: _tell(asked, percent, chapter))
    except rehearsal.RehearsalFailed as error:
        failure = str(error)[:400]
    with transaction() as session:
        values = {"report": report, "failure": failure, "percent": 100, "finished_at": lifecycle.moment(session)}
        session.execute(update(Rehearsal).where(Rehearsal.public_id == asked).values(**values))


def _tell(asked: str, percent: int, chapter: str) -> None:
    with transaction() as session:
        session.execute(
            update(Rehearsal).where(Rehearsal.public_id == asked).values(percent=percent, chapter=chapter[:40])
        )


def _written(session: Session, call: Call) -> dict[str, Any]:
    """The terms that are being written, else those in force."""
    return dict(document_of(session, call, draft_of(session, call)))
