"""What the scores say: asked for on a page, worked out by the worker, once for each set of files that somebody sees."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import reading, transaction
from grants.delivery import score_study
from grants.delivery.apart import ApartFailed
from grants.errors import NotPossible, Reason
from grants.models import Call, ScoreAnalysis
from grants.policies import Actor, require
from grants.queries import analysis as queries
from grants.queries import selection
from grants.queries.account import actor_for
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.relay import Task
from grants.workflow.actions import Action

KIND = "analysis"
ABANDONED_AFTER = timedelta(minutes=10)  # an analysis that takes longer will not come
FAILURE_LIMIT = 400


def ask(*, actor: Actor, call: str) -> int:
    """Ask what the scores of this call (public id) say: for the actor, and for everybody else who reads the ranking.

    A person recused from a file gets an analysis made without it. Returns how many analyses were asked for. Raises
    NotFound, NotAllowed, NotPossible: no score, an analysis that is under way.
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.SELECTION_ANALYSE, subject_of(row, session))
        wanted = _sets(session, actor, row)
        now = lifecycle.moment(session)
        running = select(ScoreAnalysis.id).where(
            ScoreAnalysis.call_id == row.id,
            ScoreAnalysis.finished_at.is_(None),
            ScoreAnalysis.asked_at > now - ABANDONED_AFTER,
        )
        if session.scalar(running.limit(1)) is not None:
            raise NotPossible(Action.SELECTION_ANALYSE, (Reason("analysis_running"),))
        lifecycle.act(session, actor=actor, action=Action.SELECTION_ANALYSE, row=row)
        for basis in wanted:
            asked = ScoreAnalysis(
                call_id=row.id,
                asked_by_id=actor.id,
                asked_at=now,
                files=[number for number, _, _, _ in basis.wanted],
                files_sha256=basis.files_sha256,
                seed=basis.seed,
            )
            session.add(asked)
            session.flush()
            outbox.put(
                session,
                f"analysis:{asked.public_id}",
                kind=KIND,
                name=KIND,
                subject=name_of(row),
                made_at=now,
                programme_id=row.programme_id,
                payload={"analysis": asked.public_id},
            )
    return len(wanted)


def _sets(session: Session, actor: Actor, call: Call) -> list[queries.Basis]:
    """The sets of files that are seen, each once: the actor's first. Files that nobody graded yet have an analysis that says so."""
    mine = selection.files_seen(session, actor, call.id)
    others = (actor_for(session, reader) for reader in queries.readers(session, call))
    seen = dict.fromkeys([mine, *(selection.files_seen(session, one, call.id) for one in others)])
    found = [queries.basis_of(session, call, files) for files in seen]
    if not found[0].graded:
        raise NotPossible(Action.SELECTION_ANALYSE, (Reason("no_scores"),))
    return [basis for basis in found if basis.wanted]


def keep(task: Task) -> None:
    """Work it out: the worker's part. An analysis that fails says so on its page and is not tried again."""
    asked = str(task.payload["analysis"])
    with reading() as session:
        row = session.scalar(select(ScoreAnalysis).where(ScoreAnalysis.public_id == asked))
        if row is None or row.finished_at is not None:
            return
        basis = queries.basis_of(session, row.call, row.files)
        material = queries.material(session, basis) if basis.graded else None
        made_from = {"files_sha256": basis.files_sha256, "scores_sha256": basis.scores_sha256, "seed": basis.seed}
    report, failure = {}, "no scores" if material is None else ""
    try:
        report = score_study.run(material, lambda percent: _note(asked, percent=percent)) if material else {}
    except ApartFailed as error:
        failure = str(error)[:FAILURE_LIMIT]
    _note(asked, percent=100, report=report, failure=failure, **made_from)


def _note(asked: str, **values: Any) -> None:  # noqa: ANN401 -- columns
    with transaction() as session:
        if "report" in values:
            values["finished_at"] = lifecycle.moment(session)
        session.execute(update(ScoreAnalysis).where(ScoreAnalysis.public_id == asked).values(**values))
