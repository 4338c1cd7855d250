"""The log of a sitting: one line for each thing that happens, in words and numbers as they are at that moment.

The minutes are written from it alone, so a line says all by itself (`grants.domain.sitting_log` reads it).
"""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.scoring import mean
from grants.models import Account, Application, Call, Decision, Interest, Lot, Meeting, Organisation, SittingEvent
from grants.queries import committee
from grants.queries.scores import scores_of
from grants.queries.selection import call_for_ranking
from grants.queries.visibility import CLOSING_STANDS
from grants.services import lifecycle
from grants.workflow.decision import Outcome
from grants.workflow.meeting import MeetingState

AWARDS = frozenset({Outcome.AWARDED, Outcome.AWARDED_WITH_CONDITIONS})
Data = Mapping[str, Any]


def note(
    session: Session,
    meeting: Meeting,
    kind: str,
    by: int | None,
    data: Data,
    *,
    about: Application | None = None,
) -> SittingEvent:
    """Add a line, in the caller's transaction. `by`: internal id of the account; None for the system, and where nobody may be named.

    `about`: the file that the line is about; it is written into the data, and keeps the line from the recused.
    Lines are numbered one after the other whoever writes at the same time.
    """
    lifecycle.queue_up(session)
    last = session.scalar(select(func.max(SittingEvent.rank)).where(SittingEvent.meeting_id == meeting.id)) or 0
    line = SittingEvent(
        meeting_id=meeting.id,
        rank=last + 1,
        at=lifecycle.moment(session),
        by_id=by,
        kind=kind,
        application_id=about.id if about is not None else None,
        data=_plain(data) if about is None else {"file": file_told(session, about), **_plain(data)},
    )
    session.add(line)
    session.flush()
    return line


def _plain(data: Data) -> dict[str, Any]:
    """As the log keeps it: a number with a fraction is a text, since it has no single spelling to be signed in."""
    found: dict[str, Any] = json.loads(json.dumps(data), parse_float=str)
    return found


def person(public_id: str, name: str) -> Data:
    """A person as the log names them."""
    return {"id": public_id, "name": name}


def file_told(session: Session, file: Application) -> Data:
    """A file as the log names it (cents)."""
    return {
        "id": file.public_id,
        "number": file.number or "",
        "title": file.title,
        "lead": session.get_one(Organisation, file.organisation_id).name,
        "requested_cents": file.requested_cents,
    }


def people(session: Session, accounts: Iterable[int]) -> list[Data]:
    """These persons (internal ids of accounts), by name."""
    rows = session.execute(
        select(Account.public_id, Account.name)
        .where(Account.id.in_(list(accounts)))
        .order_by(Account.name, Account.public_id)
    )
    return [person(*row) for row in rows]


def convened(session: Session, meeting: Meeting, call: Call, by: int | None) -> None:
    """The sitting is convened: the call as it stands, and its committee."""
    secretary = session.get_one(Account, meeting.secretary_id)
    note(
        session,
        meeting,
        "convened",
        by,
        {
            "call": _call_told(call),
            "held_at": meeting.held_at.isoformat(),
            "place": meeting.place,
            "secretary": person(secretary.public_id, secretary.name),
            "members": [
                {"id": one.public_id, "name": one.name, "title": one.title, "chair": one.chair}
                for one in committee.members(session, call.id)
            ],
        },
    )


def _call_told(call: Call) -> Data:
    return {
        "title": call.title,
        "edition": call.edition,
        "envelope_cents": call.envelope.total_cents if call.envelope else 0,
        "currency": call.envelope.currency if call.envelope else "EUR",
        "places": call.places,
        "quorum": call.quorum,
        "threshold": call.threshold,
        "blind": call.blind,
        "zone": call.zone,
    }


def opened(session: Session, meeting: Meeting, by: int | None, files: Iterable[Application]) -> None:
    """The sitting is open: who is there, the files before it with their means, who is recused from which."""
    told = {file.id: file_told(session, file) for file in files}
    totals = scores_of(session, call_for_ranking(session, meeting.call_id)).totals
    note(
        session,
        meeting,
        "opened",
        by,
        {
            "present": people(session, present(meeting)),
            "files": [
                {**line, "mean": mean_told(totals.get(number, ())), "reviews": len(totals.get(number, ()))}
                for number, line in told.items()
            ],
            "recusals": [
                {"file": told[file], "member": person(public_id, name)}
                for file, public_id, name in _recused(session, told)
            ],
        },
    )


def _recused(session: Session, files: Iterable[int]) -> list[tuple[int, str, str]]:
    rows = session.execute(
        select(Interest.application_id, Account.public_id, Account.name)
        .join(Account, Account.id == Interest.account_id)
        .where(
            Interest.application_id.in_(list(files)),
            Interest.stand.in_(CLOSING_STANDS),
            Interest.replaced_at.is_(None),
        )
        .order_by(Interest.application_id, Account.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def mean_told(totals: tuple[Fraction, ...]) -> str | None:
    """A mean out of 100 with two digits after the point; None where nobody scored."""
    found = mean(totals)
    return None if found is None else f"{float(found):.2f}"


def present(meeting: Meeting) -> list[int]:
    """Who is there now, by internal id."""
    return [line.account_id for line in meeting.attendance]


def proposed(session: Session, file: Application, decision: Decision, by: int | None) -> None:
    """Something is written down about a file; nothing outside a sitting."""
    meeting = _sitting_of(session, decision)
    if meeting is None:
        return
    due_on = decision.conditions_due_on
    data = {
        "outcome": str(decision.outcome),
        "awarded_cents": decision.awarded_cents,
        "conditions": decision.conditions,
        "conditions_due_on": due_on.isoformat() if due_on else None,
        "reserve_rank": decision.reserve_rank,
        "reason_code": decision.reason_code,
        "motive": decision.motive,
        "votes": decision.votes,
    }
    note(session, meeting, "proposed", by, data, about=file)


def undone(session: Session, file: Application, decision: Decision, by: int | None) -> None:
    """What was written down about a file is taken back while the sitting lasts; nothing is said after its end."""
    meeting = _sitting_of(session, decision)
    if meeting is not None and meeting.state == MeetingState.OPEN:
        note(session, meeting, "undone", by, {}, about=file)


def _sitting_of(session: Session, decision: Decision) -> Meeting | None:
    return session.get(Meeting, decision.meeting_id) if decision.meeting_id is not None else None


def recused(session: Session, file: Application, account_id: int, by: int | None) -> None:
    """Somebody steps back from a file while the sitting on it lasts; nothing before it opens, nor after."""
    meeting = committee.live_meeting(session, file.call_id)
    if meeting is None or meeting.state != MeetingState.OPEN:
        return
    (member,) = people(session, [account_id])
    note(session, meeting, "recused", by, {"member": member}, about=file)


def drawn(session: Session, meeting: Meeting, lot: Lot, by: int | None) -> None:
    """A lot is drawn: its files, its seed and the word, so that anyone can draw it again."""
    files = session.scalars(
        select(Application).where(Application.public_id.in_(lot.files)).order_by(Application.number)
    )
    data = {
        "files": [file_told(session, file) for file in files],
        "places": lot.places,
        "commitment": lot.commitment,
        "seed": lot.seed,
        "word": lot.word,
        "drawn": list(lot.drawn),
    }
    note(session, meeting, "lot", by, data)


def closed(session: Session, meeting: Meeting, by: int | None) -> None:
    """The sitting is closed: who is there, and what it comes to (cents), over all its files."""
    rows = session.execute(
        select(Decision.outcome, func.count(), func.sum(Decision.awarded_cents))
        .where(Decision.meeting_id == meeting.id, Decision.ended_at.is_(None))
        .group_by(Decision.outcome)
    )
    counts = {row[0]: (row[1], int(row[2] or 0)) for row in rows}
    call = call_for_ranking(session, meeting.call_id)
    figures = {
        "envelope_cents": call.envelope.total_cents if call.envelope else 0,
        "awarded_cents": sum(cents for _, cents in counts.values()),
        "awarded": sum(number for outcome, (number, _) in counts.items() if outcome in AWARDS),
        "reserved": counts.get(Outcome.RESERVE, (0, 0))[0],
        "rejected": counts.get(Outcome.REJECTED, (0, 0))[0],
        "deferred": counts.get(Outcome.DEFERRED, (0, 0))[0],
    }
    note(session, meeting, "closed", by, {"present": people(session, present(meeting)), "figures": figures})
