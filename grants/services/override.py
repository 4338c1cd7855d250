"""Opening a file to a member in spite of a conflict: asked by a manager with a reason, answered by another one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.domain.conflicts import FINAL
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Account, Application, Call, Override
from grants.policies import Actor, require
from grants.queries import committee
from grants.queries.conflicts import found
from grants.queries.locking import locked
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import CLOSING_STANDS, visible_to
from grants.services import interests, lifecycle, readers
from grants.workflow.actions import Action

REASON_LIMIT = 1000


def ask(*, actor: Actor, application: str, account: str, reason: str) -> Override:
    """Propose to open a file to a member whom a conflict or a doubt keeps out. Another manager answers.

    Raises NotFound, NotAllowed, Invalid; NotPossible: no reason, no conflict, one that nothing opens (the member's own
    organisation), one that is asked already.
    """
    words = _read("reason", reason)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        require(actor, Action.REVIEW_ASK_OVERRIDE, subject_of(row, session))
        person = readers.member(session, row.call_id, account)
        _possible(session, row, person, words)
        assert actor.id is not None  # a manager, as the policy says
        asked = Override(
            application_id=row.id,
            account_id=person.account_id,
            reason=words,
            asked_by_id=actor.id,
            asked_at=lifecycle.moment(session),
        )
        session.add(asked)
        session.flush()
        note = {"member": account, "application": application, "reason": words}
        lifecycle.act(session, actor=actor, action=Action.REVIEW_ASK_OVERRIDE, row=asked, note=note)
        return asked


def _possible(session: Session, row: Application, person: committee.Member, words: str) -> None:
    stand = committee.stand_of(session, row.id, person.account_id)
    waiting = select(Override.id).where(
        Override.application_id == row.id, Override.account_id == person.account_id, Override.answered_at.is_(None)
    )
    final = FINAL & set(found(session, [person.account_id], [row]).get((row.id, person.account_id), ()))
    reasons = {
        "reason_given": bool(words),
        "conflict_in_force": stand is not None and stand.stand in CLOSING_STANDS,
        "conflict_may_be_overridden": not final,
        "no_override_waiting": session.scalar(waiting) is None,
    }
    refusals = tuple(Reason(code, {"name": person.name}) for code, holds in reasons.items() if not holds)
    if refusals:
        raise NotPossible(Action.REVIEW_ASK_OVERRIDE, refusals)


def grant(*, actor: Actor, call: str, override: str, answer: str) -> Override:
    """Open the file to the member, who is told by mail. Not by who asked, nor by the member (NotAllowed).

    Raises NotPossible without a reason, or where it was answered.
    """
    return _answer(actor, call, override, answer, granted=True)


def refuse(*, actor: Actor, call: str, override: str, answer: str) -> Override:
    """Leave the file closed, with the reason. Raises like `grant`."""
    return _answer(actor, call, override, answer, granted=False)


def _answer(actor: Actor, call: str, override: str, answer: str, *, granted: bool) -> Override:
    words = _read("answer", answer)
    action = Action.REVIEW_GRANT_OVERRIDE if granted else Action.REVIEW_REFUSE_OVERRIDE
    with transaction() as session:
        row, application = _asked(session, actor, call, override)
        require(actor, action, subject_of(row, session))
        at = lifecycle.moment(session)
        person = session.get_one(Account, row.account_id)
        stand = committee.stand_of(session, application.id, person.id)
        reasons = {
            "override_waits": row.answered_at is None,
            "reason_given": bool(words),
            "conflict_in_force": not granted or (stand is not None and stand.stand in CLOSING_STANDS),
        }
        refusals = tuple(Reason(code, {"name": person.name}) for code, holds in reasons.items() if not holds)
        if refusals:
            raise NotPossible(action, refusals)
        note = {"member": person.public_id, "application": application.public_id, "reason": words}
        entry = lifecycle.act(session, actor=actor, action=action, row=row, note=note)
        row.granted, row.answer, row.answered_by_id, row.answered_at = granted, words, actor.id, at
        if granted:
            told = stand.note if stand is not None else ""
            interests.write(session, application, person.id, "free", told, override_id=row.id)
            outbox.put(
                session,
                f"audit:{entry.seq}:mail:conflict-overridden:{person.public_id}",
                kind="mail",
                name="conflict-overridden",
                subject=name_of(application),
                recipient_id=person.id,
                programme_id=application.call.programme_id,
                made_at=at,
                payload={"entry": entry.seq},
            )
        return row


def _asked(session: Session, actor: Actor, call: str, public_id: str) -> tuple[Override, Application]:
    """The override and its file, which the actor may know of, both locked. Raises NotFound."""
    row = session.scalar(select(Override).where(Override.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound(public_id)
    query = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id == row.application_id, Call.public_id == call, visible_to(actor, Application))
    )
    application = session.scalar(query)
    if application is None:
        raise NotFound(public_id)
    return row, application


def _read(name: str, text: str) -> str:
    try:
        return clean_text(text, REASON_LIMIT)
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error
