"""The other side of a rehearsal: screening, reading, the sitting of the committee, the letters."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from grants import clock
from grants.db import reading
from grants.models import Application, Call, Criterion, Review
from grants.rehearsal.stage import Stage
from grants.rehearsal.writing import remind
from grants.services import decision, review, screening, selection

GOOD_MARK, FAIR_MARK = 8, 6  # half points
OUTCOMES = ("awarded", "reserve")  # of the first files; the others are refused
FEWEST_JUDGES = 2


def screen(stage: Stage, at: datetime) -> None:
    """Every rule is tried on every file; who passes goes on."""
    with clock.frozen(at):
        for part in stage.standing("submitted"):
            manager, file = stage.manager, stage.files[part]
            stage.do("screening.check", partial(screening.run_checks, actor=manager, application=file), about=part)
            admitted = partial(screening.declare_eligible, actor=manager, application=file)
            if not stage.do("screening.declare-eligible", admitted, about=part):
                refused = partial(screening.declare_ineligible, actor=manager, application=file)
                stage.do("screening.declare-ineligible", refused, about=part)
        stage.keep_promises()


def keep(stage: Stage, at: datetime) -> None:
    """The notes of a call in two stages: every rule is tried; the last one is not kept, the others are."""
    with clock.frozen(at):
        for part in stage.standing("submitted"):
            checked = partial(screening.run_checks, actor=stage.manager, application=stage.files[part])
            stage.do("screening.check", checked, about=part)
        notes = stage.standing("submitted")
        for part in notes[:-1]:
            chosen = partial(screening.keep_note, actor=stage.manager, application=stage.files[part])
            stage.do("screening.keep-note", chosen, about=part)
        for part in notes[-1:]:
            file = stage.files[part]
            refused = partial(screening.decline_note, actor=stage.manager, application=file, reason="Essai.")
            stage.do("screening.decline-note", refused, about=part)
        stage.keep_promises()


def read(stage: Stage, opens_at: datetime, closes_at: datetime) -> None:
    """Everybody declares to be free, as many as the call wants read each file, all give their marks."""
    required = stage.whole("reviews_required") or FEWEST_JUDGES
    with clock.frozen(opens_at):
        stage.judges = stage.cast.seat(stage.call, max(required, stage.whole("quorum"), FEWEST_JUDGES))
        eligible = stage.standing("eligible")
        stands = {stage.files[part]: ("free", "") for part in eligible}
        for judge in stage.judges:
            declared = partial(review.declare_interests, actor=stage.cast.actor(judge), stands=stands)
            stage.do("review.declare-interest", declared, judge)
        named = [stage.cast.public(judge) for judge in stage.judges[:required]]
        for part in eligible:
            assigned = partial(review.assign, actor=stage.manager, application=stage.files[part], reviewers=named)
            stage.do("review.assign", assigned, about=part)
        stage.do("review.open", partial(review.open_reviews, actor=stage.manager, call=stage.call))
        stage.keep_promises()
    remind(stage, opens_at, closes_at)
    with clock.frozen(closes_at - timedelta(hours=3)):
        for judge in stage.judges[:required]:
            stage.do("review.score", partial(_score_all, stage, judge), judge)
        stage.keep_promises()


def sit(stage: Stage, at: datetime) -> None:
    """Convened five days before, opened by the chair, an outcome for every file."""
    chair = stage.cast.actor(stage.judges[0])
    with clock.frozen(at - timedelta(days=5)):
        stage.do("selection.convene", partial(_convene, stage, at))
        stage.keep_promises()
    with clock.frozen(at):
        there = [stage.cast.public(judge) for judge in stage.judges]
        present = partial(selection.record_attendance, actor=stage.manager, meeting=stage.meeting, accounts=there)
        stage.do("selection.record-attendance", present)
        opened = partial(selection.open_meeting, actor=chair, meeting=stage.meeting)
        if stage.do("selection.open", opened, stage.judges[0]):
            for rank, part in enumerate(stage.standing("in_deliberation")):
                stage.do("decision.propose", partial(_propose, stage, part, rank), about=part)
            closed = partial(selection.close_meeting, actor=chair, meeting=stage.meeting)
            stage.do("selection.close", closed, stage.judges[0])
        stage.keep_promises()


def release(stage: Stage, at: datetime) -> None:
    """The board approves the day before, the letters leave."""
    manager, decisions, board_on = stage.manager, stage.decisions, at.date() - timedelta(days=1)
    with clock.frozen(at):
        approved = partial(
            decision.approve, actor=manager, decisions=decisions, board_on=board_on, board_reference="Essai"
        )
        stage.do("decision.approve", approved)
        stage.do("decision.release", partial(decision.release, actor=manager, decisions=decisions))
        stage.keep_promises()


def _score_all(stage: Stage, judge: str) -> None:
    with reading() as session:
        own = select(Review.public_id).where(Review.reviewer_id == stage.cast.actor(judge).id).order_by(Review.id)
        sheets = session.scalars(own).all()
        of_call = select(Criterion.key).join(Call, Call.id == Criterion.call_id).where(Call.public_id == stage.call)
        keys = session.scalars(of_call).all()
    for rank, sheet in enumerate(sheets):
        review.score(
            actor=stage.cast.actor(judge),
            review=sheet,
            marks=dict.fromkeys(keys, FAIR_MARK if rank % 2 else GOOD_MARK),
            comments=dict.fromkeys(keys, "Essai."),
            opinion="Avis d’essai.",
        )


def _convene(stage: Stage, at: datetime) -> None:
    row = selection.convene(actor=stage.manager, call=stage.call, held_at=at, place="Essai")
    stage.meeting = row.public_id


def _propose(stage: Stage, part: str, rank: int) -> None:
    outcome = OUTCOMES[rank] if rank < len(OUTCOMES) else "rejected"
    row = decision.propose(
        actor=stage.manager,
        application=stage.files[part],
        outcome=outcome,
        awarded_cents=_award(stage, part) if outcome == "awarded" else 0,
        motive="Motif d’essai.",
        reason_code="",
        conditions="",
        conditions_due_on=None,
        reserve_rank=1 if outcome == "reserve" else None,
        votes="",
    )
    stage.decisions.append(row.public_id)


def _award(stage: Stage, part: str) -> int:
    """What was asked for, or the least that the call gives where nothing is; never more than its envelope."""
    with reading() as session:
        file = session.scalars(select(Application).where(Application.public_id == stage.files[part])).one()
        total = file.call.envelope.total_cents if file.call.envelope else 0
        asked = file.requested_cents or stage.whole("min_cents") or stage.whole("max_cents")
    return min(asked or total, total)
