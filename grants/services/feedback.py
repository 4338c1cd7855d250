"""Feedback to applicants: composed by the programme before the letter leaves, kept with every version of it."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain import feedback_guard as guard
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text
from grants.errors import Conflict, Invalid, NotPossible, Reason
from grants.models import Decision, Feedback
from grants.policies import Actor, require
from grants.queries import feedback as queries
from grants.queries.locking import locked
from grants.queries.subjects import subject_of
from grants.services import lifecycle
from grants.workflow.actions import Action

LONGEST = 6000


def write(
    *,
    actor: Actor,
    decision: str,
    text: str,
    chosen: Collection[str] = (),
    confirmed: Collection[str] = (),
    seen: str = "",
) -> Feedback:
    """Keep what the decision (public id) tells its applicants; an empty text tells them nothing beside the motive.

    `chosen`: codes of the sentences that it was written from; `confirmed`: codes of what was found and let through;
    `seen`: public id of the version that the page showed. Raises Invalid (`text`: too long, feedback_mend,
    feedback_confirm), NotPossible once the letter left or its departure is planned, Conflict after somebody else.
    """
    try:
        words = clean_text(text, LONGEST)
    except Unreadable as error:
        raise Invalid({"text": error.as_reason}) from error
    with transaction() as session:
        row = locked(session, actor, Decision, decision)
        require(actor, Action.DECISION_WRITE_FEEDBACK, subject_of(row, session))
        if not queries.writable(session, row):
            raise NotPossible(Action.DECISION_WRITE_FEEDBACK, (Reason("feedback_before_release"),))
        before = queries.standing(session, row)
        if (before.public_id if before else "") != seen:
            what = "feedback"
            raise Conflict(what)
        known = queries.material(session, row).known(frozenset(chosen))
        let = _let_through(guard.examine(words, queries.around(session, row, known)), confirmed)
        at = lifecycle.moment(session)
        if before is not None and before.decision_id == row.id:
            before.replaced_at = at
            session.flush()
        kept = Feedback(
            decision_id=row.id, text=words, chosen=known, confirmed=let, written_by_id=actor.id, written_at=at
        )
        session.add(kept)
        _trace(session, actor, row, kept)
        return kept


def _let_through(findings: Sequence[guard.Finding], confirmed: Collection[str]) -> list[str]:
    """The codes of what was confirmed. Raises Invalid while something must be mended, or waits for a word."""
    if guard.hard(findings):
        raise Invalid({"text": Reason("feedback_mend")})
    if guard.unconfirmed(findings, confirmed):
        raise Invalid({"text": Reason("feedback_confirm")})
    return sorted({one.code for one in findings})


def _trace(session: Session, actor: Actor, row: Decision, kept: Feedback) -> None:
    kinds = sorted({code.partition(":")[0] for code in kept.confirmed})
    session.flush()
    note = {"feedback": kept.public_id, "length": len(kept.text), "confirmed": kinds}
    lifecycle.act(session, actor=actor, action=Action.DECISION_WRITE_FEEDBACK, row=row, note=note)
