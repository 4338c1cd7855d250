"""Calls in force: published, amended by a later version, their deadline moved for everybody, closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.terms import Terms, moment_words
from grants.domain.terms_changes import told
from grants.domain.text import clean_text
from grants.errors import Conflict, NotFound, NotPossible, Reason
from grants.models import Application, Call, CallVersion, TermsText
from grants.policies import Actor, require
from grants.queries.eligibility import ROLLING_KIND
from grants.queries.subjects import subject_of
from grants.queries.terms import draft_of, terms_of, versions_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.services.call.inviting import tell_all
from grants.services.call.moving import move_drafts, pin_deposited
from grants.services.call.prospects import facts_of
from grants.services.call.terms import freeze, keep, lay, readable
from grants.workflow.actions import Action
from grants.workflow.application import UNDER_STUDY
from grants.workflow.call import CallState
from grants.workflow.facts import CallFacts

LONGEST_REASON = 2000


def publish(*, actor: Actor, call: str) -> Call:
    """Show a call to everybody. Raises NotFound, NotAllowed, Invalid, NotPossible with all that is still missing."""
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_PUBLISH, subject_of(row, session))
        written = draft_of(session, row)
        if row.state != CallState.DRAFT:
            lifecycle.perform(session, actor=actor, action=Action.CALL_PUBLISH, row=row, facts=CallFacts())
        if written is None:
            raise NotFound(call)
        terms = freeze(session, written)
        facts = facts_of(session, row, terms, now=lifecycle.moment(session))
        lifecycle.perform(session, actor=actor, action=Action.CALL_PUBLISH, row=row, facts=facts)
        lay(row, terms)
        _in_force(session, actor, row, written, terms)
        tell_all(session, row)
    return row


def begin_amendment(*, actor: Actor, call: str) -> CallVersion:
    """Begin the next version of a published call, as it stands; the one that was begun already is returned.

    Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_DRAFT, subject_of(row, session))
        begun = draft_of(session, row)
        if begun is not None:
            return begun
        newest = next(iter(versions_of(session, row)), None)
        if newest is None or newest.sha256 is None:
            raise NotFound(call)
        now = lifecycle.moment(session)
        content = session.get_one(TermsText, newest.sha256).content
        begun = CallVersion(
            call=row, rank=newest.rank + 1, draft=dict(content), begun_at=now, edited_at=now, edited_by_id=actor.id
        )
        session.add(begun)
        lifecycle.act(session, actor=actor, action=Action.CALL_DRAFT, row=row, note={"rank": begun.rank})
    return begun


def amend(*, actor: Actor, call: str, reason: str, version: int | None = None) -> Call:
    """Put the next version of a published call in force, with its reason; files being written move to it.

    Raises NotFound, NotAllowed, Conflict, Invalid, NotPossible.
    """
    words = clean_text(reason, LONGEST_REASON)
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_AMEND, subject_of(row, session))
        written = draft_of(session, row)
        if written is None:
            raise NotFound(call)
        if version is not None and version != written.version:
            raise Conflict("version")
        now = lifecycle.moment(session)
        _put_in_force(session, actor, row, written, freeze(session, written), reason=words, now=now)
    return row


def prolong(*, actor: Actor, call: str, closes_at: datetime, reason: str) -> Call:
    """Move the deadline for everybody, at once, by a version of its own; nothing else of the terms in force changes.

    An amendment that is being written goes on and takes over the new deadline. `closes_at`: aware. Raises NotFound,
    NotAllowed, Invalid (the dates contradict each other), NotPossible.
    """
    return _move_deadline(actor, call, closes_at, reason)


def stop(*, actor: Actor, call: str, reason: str) -> Call:
    """Take no more files from this instant on, in a call that took them as they came; what was received goes on.

    Raises NotFound, NotAllowed, NotPossible (not that kind of call, or it has a deadline already).
    """
    return _move_deadline(actor, call, None, reason)


def _move_deadline(actor: Actor, call: str, wanted: datetime | None, reason: str) -> Call:
    words = clean_text(reason, LONGEST_REASON)
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, Action.CALL_AMEND, subject_of(row, session))
        now = lifecycle.moment(session)
        closes_at = wanted or _at_once(row, now)
        newest = next(iter(versions_of(session, row)), None)
        if newest is None:
            raise NotFound(call)
        written = draft_of(session, row)
        if written is not None:
            written.draft = _closing(written.draft or {}, closes_at)
            written.rank += 1
            session.flush()
        terms = readable(_closing(terms_of(row).data, closes_at))
        version = CallVersion(
            call=row,
            rank=newest.rank + 1,
            sha256=keep(session, terms),
            begun_at=now,
            edited_at=now,
            published_at=now,
            edited_by_id=actor.id,
        )
        session.add(version)
        _put_in_force(session, actor, row, version, terms, reason=words, now=now)
    return row


def close(*, actor: Actor, call: str) -> Call:
    """End a call whose files are all decided. Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        still_open = select(func.count(Application.id)).where(
            Application.call_id == row.id, Application.state.in_(UNDER_STUDY)
        )
        facts = CallFacts(open_files=session.scalar(still_open) or 0)
        lifecycle.perform(session, actor=actor, action=Action.CALL_CLOSE, row=row, facts=facts)
    return row


def _at_once(row: Call, now: datetime) -> datetime:
    if row.kind != ROLLING_KIND or row.closes_at is not None:
        raise NotPossible(Action.CALL_AMEND, (Reason("taken_as_they_come"),))
    return now


def _closing(document: Any, closes_at: datetime) -> dict[str, Any]:  # noqa: ANN401 -- plain data
    return {**document, "call": {**document.get("call", {}), "closes_at": moment_words(closes_at)}}


def _put_in_force(  # noqa: PLR0913 -- one instant for the whole of it
    session: Session, actor: Actor, row: Call, version: CallVersion, terms: Terms, *, reason: str, now: datetime
) -> None:
    """What stands against it is asked before anything is laid; then the row, the files, the mails."""
    before, before_sha256 = terms_of(row), row.terms_sha256
    version.reason = reason
    facts = facts_of(session, row, terms, before=before, now=now, reason=reason)
    note = {"rank": version.rank, "reason": reason}
    lifecycle.perform(session, actor=actor, action=Action.CALL_AMEND, row=row, facts=facts, note=note)
    lay(row, terms)
    _in_force(session, actor, row, version, terms)
    pin_deposited(session, row, before_sha256)
    move_drafts(session, row, before_sha256, reason, told(before.data, terms.data))


def _in_force(session: Session, actor: Actor, row: Call, version: CallVersion, terms: Terms) -> None:
    version.published_at, version.published_by_id = lifecycle.moment(session), actor.id
    row.terms_sha256 = terms.sha256
    session.flush()
