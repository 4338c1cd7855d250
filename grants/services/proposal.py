"""Who could read what: a proposal is asked for on a page, worked out by the worker, applied by a manager or not at all."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import reading, transaction
from grants.delivery import assignment_study
from grants.delivery.apart import ApartFailed
from grants.errors import NotFound, NotPossible, Reason
from grants.models import Call, Proposal
from grants.policies import Actor, require
from grants.queries import committee
from grants.queries import proposal as queries
from grants.queries.locking import locked
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import interests, lifecycle, readers
from grants.services.relay import Task
from grants.workflow.actions import Action

KIND = "proposal"
FAILURE_LIMIT = 400


def ask(*, actor: Actor, call: str, keep: str = queries.KEEP_ALL, anchors: frozenset[str] = frozenset()) -> Proposal:
    """Ask who could read what in this call (public id). Nobody is named before the proposal is applied.

    `keep`: `all` keeps everybody who is named, `begun` only those who have begun. `anchors`: public ids of files that
    all read who may. Raises NotFound, NotAllowed, NotPossible: nothing to read, nobody to read, one under way.
    """
    wishes = {"keep": keep if keep == queries.KEEP_BEGUN else queries.KEEP_ALL, "anchors": sorted(anchors)}
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.REVIEW_PROPOSE, subject_of(row, session))
        files = queries.files_of(session, actor, row)
        if not files:
            raise NotPossible(Action.REVIEW_PROPOSE, (Reason("nothing_to_read"),))
        if not committee.members(session, row.id):
            raise NotPossible(Action.REVIEW_PROPOSE, (Reason("nobody_to_read"),))
        _none_running(session, row)
        interests.find_all(session, row.id, files)
        made_from = queries.material(session, actor, row, wishes)
        now = lifecycle.moment(session)
        asked = Proposal(
            call_id=row.id,
            asked_by_id=actor.id,
            asked_at=now,
            wishes=wishes,
            material=made_from,
            material_sha256=queries.fingerprint(made_from),
        )
        session.add(asked)
        session.flush()
        lifecycle.act(session, actor=actor, action=Action.REVIEW_PROPOSE, row=row, note={"proposal": asked.public_id})
        outbox.put(
            session,
            f"proposal:{asked.public_id}",
            kind=KIND,
            name=KIND,
            subject=name_of(row),
            made_at=now,
            programme_id=row.programme_id,
            payload={"proposal": asked.public_id},
        )
    return asked


def _none_running(session: Session, call: Call) -> None:
    running = select(Proposal.id).where(
        Proposal.call_id == call.id,
        Proposal.finished_at.is_(None),
        Proposal.asked_at > lifecycle.moment(session) - queries.ABANDONED_AFTER,
    )
    if session.scalar(running.limit(1)) is not None:
        raise NotPossible(Action.REVIEW_PROPOSE, (Reason("proposal_running"),))


def keep(task: Task) -> None:
    """Work it out: the worker's part. A proposal that fails says so on its page and is not tried again."""
    asked = str(task.payload["proposal"])
    with reading() as session:
        row = session.scalar(select(Proposal).where(Proposal.public_id == asked))
        if row is None or row.finished_at is not None:
            return
        made_from = dict(row.material)
    report, failure = {}, ""
    try:
        report = assignment_study.run(made_from, lambda percent: _note(asked, percent=percent))
    except ApartFailed as error:
        failure = str(error)[:FAILURE_LIMIT]
    _note(asked, percent=100, report=report, failure=failure)


def _note(asked: str, **values: Any) -> None:  # noqa: ANN401 -- columns
    with transaction() as session:
        if "report" in values:
            values["finished_at"] = lifecycle.moment(session)
        session.execute(update(Proposal).where(Proposal.public_id == asked).values(**values))


def apply(*, actor: Actor, call: str, proposal: str) -> int:
    """Name the readers as proposed, all or none. Returns how many reviews changed.

    Raises NotPossible where the proposal holds no more, saying what moved (codes `proposal_…`), or has no readers;
    NotFound for a proposal that speaks of files closed to the actor.
    """
    with transaction() as session:
        row = locked(session, actor, Call, call)
        require(actor, Action.REVIEW_ASSIGN, subject_of(row, session))
        found = queries.newest(session, actor, row)
        if found is None or found.public_id != proposal:
            raise NotFound(proposal)
        if not found.report.get("pairs") or found.applied_at is not None:
            raise NotPossible(Action.REVIEW_ASSIGN, (Reason("proposal_unfinished"),))
        interests.find_all(session, row.id, queries.files_of(session, actor, row))
        moved = queries.moved(found, queries.material(session, actor, row, found.wishes))
        if moved:
            raise NotPossible(Action.REVIEW_ASSIGN, tuple(Reason(code) for code in moved))
        wanted = queries.Shown(session, found).wanted()
        for person, file in queries.in_doubt(session, wanted):  # not counted, and not taken off either
            wanted[file] |= {person}
        changed = readers.rearrange(session, actor, row, wanted)
        found.applied_at, found.applied_by_id = lifecycle.moment(session), actor.id
        return changed
