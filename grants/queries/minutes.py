"""The minutes of a sitting as one person may read them, and the words of their document: all of it from the log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from grants.domain.minutes import Minutes as Told
from grants.domain.minutes import minutes_of
from grants.domain.receipts import fingerprint
from grants.domain.sitting_log import Entry, without
from grants.errors import NotFound
from grants.models import Account, Application, Call, Document, Interest, Meeting, Minutes, SittingEvent
from grants.policies import Actor
from grants.queries.blindness import veiled
from grants.queries.veiled_log import under_veil
from grants.queries.visibility import conflict_free, declared_free
from grants.workflow.minutes import MinutesState

KIND = "minutes"  # of document


@dataclass(frozen=True)
class Reading:
    """What somebody reads of the minutes. `document`: their PDF, once they are signed. `hidden`: files left out.

    `veiled`: without the names of those who apply; the PDF has them.
    """

    told: Told
    state: MinutesState
    entries: tuple[Entry, ...]
    hidden: frozenset[str]
    document: Document | None
    veiled: bool = False


def entries_of(session: Session, meeting_id: int) -> tuple[Entry, ...]:
    """The whole log of a sitting, in its order."""
    rows = session.execute(
        select(
            SittingEvent.rank,
            SittingEvent.at,
            SittingEvent.kind,
            SittingEvent.data,
            Account.public_id.label("by"),
        )
        .outerjoin(Account, Account.id == SittingEvent.by_id)
        .where(SittingEvent.meeting_id == meeting_id)
        .order_by(SittingEvent.rank)
    )
    return tuple(Entry(row.rank, row.at, row.kind, row.data, row.by or "") for row in rows)


def reading(session: Session, actor: Actor, meeting: Meeting) -> Reading:
    """The minutes for this reader: without the files that they are recused from, without names where they are blind."""
    whole = entries_of(session, meeting.id)
    hidden = hidden_from(session, actor, meeting, whole)
    entries = without(whole, hidden)
    call = session.get_one(Call, meeting.call_id)
    blind = veiled(session, actor, call)
    entries = under_veil(session, actor, call, entries)
    row = session.scalar(select(Minutes).where(Minutes.meeting_id == meeting.id))
    signed = row is not None and row.state == MinutesState.SIGNED
    name = document_name(row, hidden) if row is not None else ""
    query = select(Document).where(Document.kind == KIND, Document.subject == name)
    return Reading(
        told=minutes_of(entries, extract=bool(hidden)),
        state=row.state if row is not None else MinutesState.DRAFT,
        entries=entries,
        hidden=hidden,
        document=session.scalar(query) if signed and not blind else None,
        veiled=blind,
    )


def hidden_from(session: Session, actor: Actor, meeting: Meeting, entries: tuple[Entry, ...]) -> frozenset[str]:
    """Public ids of the files of this log that the actor may not know of."""
    named = files_named(entries)
    if not named or actor.system:
        return frozenset()
    manages = session.get_one(Call, meeting.call_id).programme_id in actor.manages
    known = session.scalars(
        select(Application.public_id).where(
            Application.public_id.in_(named),
            conflict_free(actor),
            true() if manages or actor.audits else declared_free(actor),
        )
    )
    return named - frozenset(known)


def files_named(entries: tuple[Entry, ...]) -> frozenset[str]:
    """Public ids of all the files that a log names."""
    told = minutes_of(entries)
    return frozenset(talk.file.id for talk in told.discussions)


def hidden_sets(session: Session, accounts: list[int], named: frozenset[str]) -> set[frozenset[str]]:
    """What is left out for each of these members of the committee: the files that they have not declared free of.

    Not the empty set, nor all of them: there is nothing to leave out, or nothing to read.
    """
    rows = session.execute(
        select(Interest.account_id, Application.public_id)
        .join(Application, Application.id == Interest.application_id)
        .where(
            Interest.account_id.in_(accounts),
            Interest.replaced_at.is_(None),
            Interest.stand == "free",
            Application.public_id.in_(named),
        )
    ).all()
    free: dict[int, set[str]] = {account: set() for account in accounts}
    for account, file in rows:
        free[account].add(file)
    return {named - one for one in free.values()} - {frozenset(), named}


def document_name(row: Minutes, hidden: frozenset[str]) -> str:
    """Under which name the document stands: of the whole, or of the extract without these files."""
    whole = f"minutes:{row.public_id}"
    return f"{whole}/{fingerprint(sorted(hidden))[:16]}" if hidden else whole


def words(session: Session, subject: str, hidden: list[str]) -> dict[str, Any]:
    """The words of the document of some minutes. Raises NotFound when there are none."""
    public_id = subject.partition(":")[2].partition("/")[0]
    row = session.scalar(select(Minutes).where(Minutes.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    left_out = frozenset(hidden)
    return words_of(minutes_of(without(entries_of(session, row.meeting_id), left_out), extract=bool(left_out)))


def words_of(told: Told) -> dict[str, Any]:
    """The same from the minutes alone. `reference`: the day of the sitting in its zone."""
    return {
        "minutes": told,
        "reference": told.held_on.isoformat() if told.held_on is not None else "",
        "network": told.network,
    }
