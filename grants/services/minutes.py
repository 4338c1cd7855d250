"""The minutes of a sitting: amended after it, approved by one person, signed by another, then a document for ever.

Nothing of what they say is stored here: each act is one more entry of the log, and the log is what is read.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.domain.reasons import Unreadable
from grants.domain.sitting_log import Entry, fingerprint
from grants.domain.text import clean_text
from grants.errors import Invalid, NotFound
from grants.models import Application, Call, Meeting, Minutes, Organisation, Programme, SittingEvent
from grants.models.keys import new_public_id
from grants.policies import Actor
from grants.queries import committee
from grants.queries import minutes as queries
from grants.queries.locking import locked
from grants.queries.visibility import one_for
from grants.services import lifecycle, sitting_log
from grants.workflow.actions import Action
from grants.workflow.facts import MinutesFacts
from grants.workflow.meeting import MeetingState

TEXT_LIMIT = 4000


@dataclass(frozen=True)
class _Table:
    """What lies before whoever writes: the sitting, where its minutes stand, its log."""

    meeting: Meeting
    row: Minutes
    entries: tuple[Entry, ...]


def amend(*, actor: Actor, meeting: str, text: str, file: str = "") -> Minutes:
    """Add a correction, about a file (public id) or about the whole; what was approved is to be approved again.

    Raises Invalid for a text that cannot be kept, NotFound for a file that is not of this sitting or not the actor's,
    NotPossible before the sitting is closed, without a text, and once the minutes are signed.
    """
    try:
        words = clean_text(text, TEXT_LIMIT)
    except Unreadable as error:
        raise Invalid({"text": error.as_reason}) from error
    with transaction() as session:
        table = _table(session, actor, meeting)
        about = _file(session, actor, table, file) if file else None
        facts = MinutesFacts(sitting_closed=table.meeting.state == MeetingState.CLOSED, text=words)
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_AMEND_MINUTES, row=table.row, facts=facts)
        data = {"id": new_public_id(), "text": words, "by": _person(session, actor, table.meeting)}
        sitting_log.note(session, table.meeting, "amended", actor.id, data, about=about)
        return table.row


def strike(*, actor: Actor, meeting: str, amendment: str) -> Minutes:
    """Strike a correction; it stays readable, struck. Raises NotFound for one that the actor does not read, NotPossible."""
    with transaction() as session:
        table = _table(session, actor, meeting)
        seen = queries.reading(session, actor, table.meeting).told.amendments
        found = next((one for one in seen if one.id == amendment), None)
        if found is None:
            raise NotFound(amendment)
        closed = table.meeting.state == MeetingState.CLOSED
        facts = MinutesFacts(sitting_closed=closed, text=found.text, already_struck=found.struck_at is not None)
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_AMEND_MINUTES, row=table.row, facts=facts)
        data = {"amendment": amendment, "by": _person(session, actor, table.meeting)}
        # what strikes a correction is kept from whoever does not read the correction
        about = _about(session, table, amendment)
        sitting_log.note(session, table.meeting, "struck", actor.id, data, about=about)
        return table.row


def approve(*, actor: Actor, meeting: str) -> Minutes:
    """Approve the minutes as they stand, by the fingerprint of the log. NotPossible before the sitting is closed."""
    with transaction() as session:
        table = _table(session, actor, meeting)
        facts = MinutesFacts(sitting_closed=table.meeting.state == MeetingState.CLOSED)
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_APPROVE_MINUTES, row=table.row, facts=facts)
        table.row.approved_by_id = actor.id
        data = {"by": _person(session, actor, table.meeting), "sha256": fingerprint(table.entries)}
        sitting_log.note(session, table.meeting, "approved", actor.id, data)
        return table.row


def sign(*, actor: Actor, meeting: str) -> Minutes:
    """Sign approved minutes: nothing is added any more, the document and one extract for each recused are promised.

    Raises NotPossible for the person who approved, and for somebody who is recused from a file of the sitting.
    """
    with transaction() as session:
        table = _table(session, actor, meeting)
        hidden = queries.hidden_from(session, actor, table.meeting, table.entries)
        facts = MinutesFacts(
            sitting_closed=table.meeting.state == MeetingState.CLOSED,
            approved_by_oneself=table.row.approved_by_id == actor.id,
            files_hidden=bool(hidden),
        )
        lifecycle.perform(session, actor=actor, action=Action.SELECTION_SIGN_MINUTES, row=table.row, facts=facts)
        data = {
            "by": _person(session, actor, table.meeting),
            "sha256": fingerprint(table.entries),
            "network": _network(session, table.meeting),
        }
        sitting_log.note(session, table.meeting, "signed", actor.id, data)
        _promise_extracts(session, table)
        return table.row


def _promise_extracts(session: Session, table: _Table) -> None:
    """A document without them for whoever sits on the committee and may not know of some files: one for each set."""
    call = session.get_one(Call, table.meeting.call_id)
    seated = [member.account_id for member in committee.members(session, call.id)]
    for hidden in queries.hidden_sets(session, seated, queries.files_named(table.entries)):
        name = queries.document_name(table.row, hidden)
        outbox.put(
            session,
            f"extract:{name}",
            kind="document",
            name=queries.KIND,
            subject=name,
            programme_id=call.programme_id,
            made_at=lifecycle.moment(session),
            payload={"hidden": sorted(hidden)},
        )


def _table(session: Session, actor: Actor, meeting: str) -> _Table:
    """The sitting taken for oneself, its minutes (begun now if nobody did) and its log."""
    found = locked(session, actor, Meeting, meeting)
    row = session.scalar(select(Minutes).where(Minutes.meeting_id == found.id))
    if row is None:
        row = Minutes(public_id=new_public_id(), meeting_id=found.id)
        session.add(row)
        session.flush()
    return _Table(found, row, queries.entries_of(session, found.id))


def _about(session: Session, table: _Table, amendment: str) -> Application | None:
    """The file that a correction is about; None for one of the whole."""
    query = select(SittingEvent.application_id).where(
        SittingEvent.meeting_id == table.meeting.id,
        SittingEvent.kind == "amended",
        SittingEvent.data["id"].as_string() == amendment,
    )
    number = session.scalar(query)
    return session.get_one(Application, number) if number is not None else None


def _file(session: Session, actor: Actor, table: _Table, public_id: str) -> Application:
    if public_id not in queries.files_named(table.entries):
        raise NotFound(public_id)
    return one_for(session, actor, Application, public_id)


def _person(session: Session, actor: Actor, meeting: Meeting) -> dict[str, str]:
    """Who writes, and in which quality: `chair`, `secretary` or `manager`."""
    chairs = {member.account_id for member in committee.members(session, meeting.call_id) if member.chair}
    quality = "chair" if actor.id in chairs else "secretary" if actor.id == meeting.secretary_id else "manager"
    return {"id": actor.public_id, "name": actor.name, "quality": quality}


def _network(session: Session, meeting: Meeting) -> dict[str, object]:
    """The network as the document's head names it."""
    call = session.get_one(Call, meeting.call_id)
    programme = session.get_one(Programme, call.programme_id)
    network = session.get_one(Organisation, programme.network_id)
    return {"name": network.name, "address_lines": list(network.address_lines)}
