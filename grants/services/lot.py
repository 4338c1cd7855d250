"""The lot among the files that the line cuts: its seed promised before the sitting, drawn while it lasts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain import lots
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line
from grants.errors import Invalid, NotPossible, Reason
from grants.models import Call, Lot, Meeting
from grants.policies import Actor, require
from grants.queries import analysis, selection
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle, sitting_log
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState

WORD_LIMIT = 200


def promise(*, actor: Actor, meeting: str) -> Lot:
    """Make a seed by chance and promise it by its SHA-256, with the group that the line cuts; before the sitting opens.

    A promise made again before the opening replaces the one before. Raises NotPossible with every reason: a call without
    lot, a sitting that has begun, an analysis that is missing or stale, a clear line, an actor recused from some file.
    """
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        require(actor, Action.SELECTION_PROMISE_LOT, subject_of(row, session))
        call = selection.call_for_ranking(session, row.call_id)
        basis = _basis(session, actor, call, Action.SELECTION_PROMISE_LOT)
        shown = analysis.shown(session, basis)
        group = sorted(shown.report.cut) if shown.report else []
        places = shown.report.disputed if shown.report else 0
        _require(
            Action.SELECTION_PROMISE_LOT,
            lot_not_foreseen=call.lot,
            lot_before_sitting=row.state == MeetingState.CONVENED,
            analysis_fresh=shown.report is not None and not shown.stale,
            line_cuts_a_group=shown.report is None or 0 < places < len(group),
        )
        now, seed = lifecycle.moment(session), lots.new_seed()
        before = current(session, row.id)
        if before is not None:
            before.replaced_at = now
            session.flush()
        made = Lot(
            meeting_id=row.id,
            seed=seed,
            commitment=lots.commitment(seed, call.public_id, group),
            files=group,
            places=places,
            scores_sha256=basis.scores_sha256,
            promised_at=now,
            promised_by_id=actor.id,
        )
        session.add(made)
        note = {"commitment": made.commitment}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_PROMISE_LOT, row=row, note=note)
        return made


def draw(*, actor: Actor, meeting: str, word: str = "") -> Lot:
    """Draw the lot that was promised, with a word that those present add; once, while the sitting is open.

    The trail keeps the seed, the word and the order. Raises Invalid for a word that cannot be kept, NotPossible with
    every reason: no promise, a sitting that is not open, a lot already drawn, scores that have changed since.
    """
    try:
        said = clean_line(word, WORD_LIMIT)
    except Unreadable as error:
        raise Invalid({"word": error.as_reason}) from error
    with transaction() as session:
        row = locked(session, actor, Meeting, meeting)
        require(actor, Action.SELECTION_DRAW_LOT, subject_of(row, session))
        call = selection.call_for_ranking(session, row.call_id)
        basis = _basis(session, actor, call, Action.SELECTION_DRAW_LOT)
        found = current(session, row.id)
        _require(
            Action.SELECTION_DRAW_LOT,
            lot_promised=found is not None,
            lot_during_sitting=row.state == MeetingState.OPEN,
            lot_once=found is None or found.drawn_at is None,
            scores_kept=found is None or found.scores_sha256 == basis.scores_sha256,
        )
        assert found is not None
        tickets = lots.draw(found.seed, call.public_id, found.files, public=said)
        found.word, found.drawn = said, [ticket.file for ticket in tickets]
        found.drawn_at, found.drawn_by_id = lifecycle.moment(session), actor.id
        note = {"seed": found.seed, "word": said, "places": found.places, "order": found.drawn}
        lifecycle.act(session, actor=actor, action=Action.SELECTION_DRAW_LOT, row=row, note=note)
        sitting_log.drawn(session, row, found, actor.id)
        return found


def current(session: Session, meeting_id: int) -> Lot | None:
    """The lot of a sitting."""
    return session.scalar(select(Lot).where(Lot.meeting_id == meeting_id, Lot.replaced_at.is_(None)))


def _basis(session: Session, actor: Actor, call: Call, action: Action) -> analysis.Basis:
    """All the files of the call. Whoever is recused from one of them cannot hold the lot, whatever its scores are."""
    basis = selection.board(session, actor, call).basis
    if len(basis.wanted) < analysis.scored_files(session, call.id):
        raise NotPossible(action, (Reason("lot_seen_whole"),))
    return basis


def _require(action: Action, **true: bool) -> None:
    reasons = tuple(Reason(code) for code, holds in true.items() if not holds)
    if reasons:
        raise NotPossible(action, reasons)
