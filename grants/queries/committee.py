"""The committee of a call: its members, their stands on files, its sittings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from grants.domain.competences import Knowledge
from grants.models import Account, Appointment, Attendance, AuditEntry, Decision, Interest, Meeting
from grants.policies import Role
from grants.queries.prepared import ask
from grants.queries.visibility import CLOSING_STANDS
from grants.workflow.actions import Action
from grants.workflow.meeting import MeetingState

SEATS = (Role.REVIEWER, Role.CHAIR)


@dataclass(frozen=True)
class Member:
    """A person on the committee. `account_id` stays on the server."""

    account_id: int
    public_id: str
    name: str
    email: str
    chair: bool
    title: str


def members(session: Session, call_id: int) -> tuple[Member, ...]:
    """Who sits on the committee of the call now, the chair first, then by name; each once."""
    rows = session.execute(
        select(Account.id, Account.public_id, Account.name, Account.email, Appointment.role, Appointment.title)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(
            Appointment.call_id == call_id,
            Appointment.role.in_(SEATS),
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    found: dict[int, Member] = {}
    for row in rows:
        before = found.get(row.id)
        chair = row.role == Role.CHAIR or (before is not None and before.chair)
        title = (before.title if before else "") or row.title
        found[row.id] = Member(row.id, row.public_id, row.name, row.email, chair, title)
    return tuple(sorted(found.values(), key=lambda member: not member.chair))


def closed_to(session: Session, application_id: int) -> dict[int, str]:
    """Accounts with a conflict or a doubt on this file that is in force, and which of the two."""
    rows = session.execute(
        select(Interest.account_id, Interest.stand).where(
            Interest.application_id == application_id,
            Interest.stand.in_(CLOSING_STANDS),
            Interest.replaced_at.is_(None),
        )
    )
    return {row[0]: row[1] for row in rows}


def stand_of(session: Session, application_id: int, account_id: int) -> Interest | None:
    """The declaration in force of one person on one file."""
    return session.scalar(
        select(Interest).where(
            Interest.application_id == application_id,
            Interest.account_id == account_id,
            Interest.replaced_at.is_(None),
        )
    )


def bearing(session: Session, call_id: int, application_id: int, account_id: int) -> tuple[str | None, bool]:
    """What bears on a review: the stand in force of this person on this file, and whether its sitting has closed.

    A call that takes files as they come has several sittings: one that is open is the one of the files before it, but
    for those that an earlier one decided.
    """
    values = {"call": call_id, "file": application_id, "account": account_id}
    stand, closed = ask(session, _BEARING, values).one()
    return stand, bool(closed)


_OTHER = aliased(Meeting)
_BEARING: Select[*tuple[Any, ...]] = select(
    select(Interest.stand)
    .where(
        Interest.application_id == bindparam("file", type_=BigInteger()),
        Interest.account_id == bindparam("account", type_=BigInteger()),
        Interest.replaced_at.is_(None),
    )
    .scalar_subquery(),
    select(func.count(Meeting.id))
    .where(
        Meeting.call_id == bindparam("call", type_=BigInteger()),
        Meeting.state == MeetingState.CLOSED,
        or_(
            ~exists().where(_OTHER.call_id == Meeting.call_id, _OTHER.state == MeetingState.OPEN),
            exists().where(
                Decision.application_id == bindparam("file", type_=BigInteger()),
                Decision.meeting_id == Meeting.id,
                Decision.ended_at.is_(None),
            ),
        ),
    )
    .scalar_subquery(),
)


def closing(session: Session, call_id: int, application_id: int) -> tuple[datetime | None, str]:
    """When the sitting that judged this file was closed, and by whom: that of its decision, or the last of the call."""
    its = exists().where(
        Decision.meeting_id == Meeting.id, Decision.application_id == application_id, Decision.ended_at.is_(None)
    )
    found = session.execute(
        select(Meeting.public_id, Meeting.closed_at)
        .where(Meeting.call_id == call_id, Meeting.state == MeetingState.CLOSED)
        .order_by(its.desc(), Meeting.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None, ""
    closed = (AuditEntry.object == f"meeting:{found.public_id}", AuditEntry.action == Action.SELECTION_CLOSE)
    by = session.scalar(
        select(Account.name)
        .join(AuditEntry, AuditEntry.actor == Account.public_id)
        .where(*closed)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    return found.closed_at, by or ""


def live_meeting(session: Session, call_id: int) -> Meeting | None:
    """The sitting of this call that is convened or open; there is at most one."""
    return session.scalar(
        select(Meeting)
        .where(Meeting.call_id == call_id, Meeting.state != MeetingState.CLOSED)
        .order_by(Meeting.id.desc())
        .limit(1)
    )


def last_meeting(session: Session, call_id: int) -> Meeting | None:
    """The newest sitting of this call."""
    return session.scalar(select(Meeting).where(Meeting.call_id == call_id).order_by(Meeting.id.desc()).limit(1))


def voters(session: Session, meeting_id: int, application_id: int) -> int:
    """Members present at the sitting who may vote on the file: the recused do not count."""
    query = select(func.count()).where(
        Attendance.meeting_id == meeting_id, Attendance.account_id.not_in(list(closed_to(session, application_id)))
    )
    return session.scalar(query) or 0


def knowledge(session: Session, call_id: int) -> dict[int, tuple[Knowledge, int | None]]:
    """What each member knows, and the most files they read (None: no limit), by internal id."""
    rows = session.execute(
        select(
            Appointment.account_id,
            Appointment.languages,
            Appointment.territories,
            Appointment.themes,
            Appointment.most_files,
        )
        .where(Appointment.call_id == call_id, Appointment.role.in_(SEATS), Appointment.ended_at.is_(None))
        .order_by(Appointment.id)
    )
    return {row[0]: (Knowledge(tuple(row[1]), tuple(row[2]), tuple(row[3])), row[4]) for row in rows}
