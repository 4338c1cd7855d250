"""What someone still has to do by a date: only what a reminder may be due for is read, never the whole table.

A ladder (days before, days after) is a parameter of the call. For each of its steps there is one day on which the
obligations concerned fall due; those days, and the few before them that a stopped clock may have missed, are all
that is asked of the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain.deadlines import days_left, end_of_day, zone_named
from grants.domain.reminders import LADDERS, Kind, Ladder, Obligation
from grants.models import Account, Agreement, Application, Appointment, Call, Project, Report, Review
from grants.policies.actors import ORGANISATION_ROLES, Role
from grants.queries.lineage import reserve_waiting
from grants.workflow.agreement import AgreementState
from grants.workflow.application import ApplicationState
from grants.workflow.call import CallState
from grants.workflow.project import RUNNING
from grants.workflow.report import OPEN as OPEN_REPORTS
from grants.workflow.review import ReviewState

CATCH_UP_DAYS = 2  # a step that a stopped scheduler missed is still told so many days later
SIGN_WITHIN = timedelta(days=30)  # of an agreement that was sent
REPEATS = 26  # how often a late reminder comes back before people are left alone
DRAFTING = (ApplicationState.DRAFT, ApplicationState.AWAITING_SIGNATURE, ApplicationState.RETURNED)
WRITING = (ReviewState.ASSIGNED, ReviewState.DRAFT)
LAST_MOMENT = timedelta(seconds=1)  # a day closes at 24:00, which is already the next one

Ladders = Mapping[Kind, Ladder]
Team = Mapping[int, tuple[Account, ...]]


@dataclass(frozen=True)
class Duty:
    """An obligation with what its mail needs: the row it is about and the ladders of its call."""

    obligation: Obligation
    subject: str
    programme_id: int
    ladders: Ladders = field(repr=False)
    people: Mapping[str, int] = field(repr=False)  # public id of an account → its key


def all_open(session: Session, at: datetime) -> list[Duty]:
    """Every obligation for which a step of its ladder has just come, at this moment (aware UTC)."""
    calls = list(session.scalars(select(Call).where(Call.state != CallState.DRAFT, Call.imported.is_(False))))
    ladders = {call.id: ladders_of(call.reminders) for call in calls}
    told = (*_drafts(session, at, calls, ladders), *_reviews(session, at, calls, ladders))
    funded = {call.id: call for call in calls}
    later = (*_agreements(session, at, funded, ladders), *_reserves(session, at, calls, ladders))
    return [*told, *later, *_reports(session, at, funded, ladders)]


def ladders_of(reminders: Mapping[str, Any]) -> Ladders:
    """The ladders of a call: what it says (`{"submission": [14, 3, 1], "report": {"before": …}}`), else the usual."""
    return {kind: _ladder(reminders[kind]) if kind in reminders else usual for kind, usual in LADDERS.items()}


def _ladder(said: list[int] | Mapping[str, Any]) -> Ladder:
    if isinstance(said, Mapping):
        return Ladder(tuple(said.get("before", ())), tuple(said.get("late", ())), said.get("then_every"))
    return Ladder(before=tuple(said))


def steps(ladder: Ladder) -> tuple[int, ...]:
    """All steps in days before the day (negative: after it)."""
    late = list(ladder.late)
    if late and ladder.then_every:
        late += [max(ladder.late) + ladder.then_every * n for n in range(1, REPEATS + 1)]
    return (*ladder.before, *(-day for day in late))


def days_concerned(today: date, ladder: Ladder) -> set[date]:
    """The due days of which a step falls on today, or on a day so near that it may have been missed."""
    return {today + timedelta(days=step - missed) for step in steps(ladder) for missed in range(CATCH_UP_DAYS + 1)}


def _comes_due(at: datetime, due_at: datetime, zone: str, ladder: Ladder) -> bool:
    left = days_left(at, due_at, zone)
    return any(0 <= step - left <= CATCH_UP_DAYS for step in steps(ladder))


def _today(at: datetime, zone: str) -> date:
    return at.astimezone(zone_named(zone)).date()


def _drafts(session: Session, at: datetime, calls: Iterable[Call], ladders: Mapping[int, Ladders]) -> list[Duty]:
    """Files that are not deposited, of calls that close soon; those with a date of their own by that date."""
    by_id = {call.id: call for call in calls}
    closing = [
        call.id
        for call in by_id.values()
        if any(_closing(call, until, at, ladders) for until in (call.closes_at, call.full_closes_at))
    ]
    own = Application.own_deadline_at.between(at, at + timedelta(days=_furthest(ladders.values())))
    query = select(Application).where(Application.state.in_(DRAFTING), Application.call_id.in_(by_id))
    files = [
        *session.scalars(query.where(Application.call_id.in_(closing), Application.own_deadline_at.is_(None))),
        *session.scalars(query.where(own)),
    ]
    team = teams(session, {file.organisation_id for file in files})
    duties = []
    for file in files:
        call = by_id[file.call_id]
        due_at = file.own_deadline_at or file.closes_at
        if due_at is None or not _comes_due(at, due_at, call.zone, ladders[call.id][Kind.SUBMISSION]):
            continue
        people = {person.public_id: person.id for person in team.get(file.organisation_id, ())}
        obligation = Obligation(Kind.SUBMISSION, file.public_id, due_at, tuple(people), call.zone, file.created_at)
        duties.append(Duty(obligation, f"application:{file.public_id}", call.programme_id, ladders[call.id], people))
    return duties


def _closing(call: Call, until: datetime | None, at: datetime, ladders: Mapping[int, Ladders]) -> bool:
    """Whether one of the deadlines of a call comes near; a call without any reminds nobody."""
    if until is None or until <= at or (call.opens_at is not None and call.opens_at > at):
        return False
    return _comes_due(at, until, call.zone, ladders[call.id][Kind.SUBMISSION])


def _furthest(all_ladders: Iterable[Ladders]) -> int:
    days = [step for ladders in all_ladders for step in ladders[Kind.SUBMISSION].before]
    return max(days, default=0) + 1


def _reviews(session: Session, at: datetime, calls: Iterable[Call], ladders: Mapping[int, Ladders]) -> list[Duty]:
    """One duty a call and reviewer, however many files are waiting: nobody gets eleven mails."""
    duties = []
    for call in calls:
        due_at = call.reviews_close_at
        if due_at is None or not _comes_due(at, due_at, call.zone, ladders[call.id][Kind.REVIEW]):
            continue
        query = (
            select(Account)
            .join(Review, Review.reviewer_id == Account.id)
            .join(Application, Application.id == Review.application_id)
            .where(Application.call_id == call.id, Review.state.in_(WRITING), Account.disabled_at.is_(None))
            .distinct()
        )
        people = {person.public_id: person.id for person in session.scalars(query)}
        obligation = Obligation(Kind.REVIEW, call.public_id, due_at, tuple(people), call.zone, call.reviews_open_at)
        duties.append(Duty(obligation, f"call:{call.public_id}", call.programme_id, ladders[call.id], people))
    return duties


def _agreements(
    session: Session, at: datetime, calls: Mapping[int, Call], ladders: Mapping[int, Ladders]
) -> list[Duty]:
    query = (
        select(Agreement.public_id, Agreement.sent_at, Project.organisation_id, Project.call_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(Agreement.state == AgreementState.SENT, Agreement.sent_at.is_not(None), Project.call_id.in_(calls))
    )
    rows = [
        row
        for row in session.execute(query)
        if _comes_due(at, row.sent_at + SIGN_WITHIN, calls[row.call_id].zone, ladders[row.call_id][Kind.AGREEMENT])
    ]
    leads = teams(session, {row.organisation_id for row in rows}, frozenset({Role.APPLICANT_LEAD}))
    return [
        _duty(Kind.AGREEMENT, row, row.sent_at + SIGN_WITHIN, calls[row.call_id], ladders, leads, row.sent_at)
        for row in rows
    ]


def _reserves(session: Session, at: datetime, calls: Iterable[Call], ladders: Mapping[int, Ladders]) -> list[Duty]:
    """The end of a reserve list on which somebody still waits, for the managers of its programme."""
    duties = []
    for call in calls:
        if call.reserve_until_on is None:
            continue
        due_at = end_of_day(call.reserve_until_on, call.zone) - LAST_MOMENT
        ladder = ladders[call.id][Kind.RESERVE]
        if due_at < at or not _comes_due(at, due_at, call.zone, ladder) or not reserve_waiting(session, call.id):
            continue
        query = (
            select(Account)
            .join(Appointment, Appointment.account_id == Account.id)
            .where(Appointment.programme_id == call.programme_id, Appointment.role == Role.MANAGER)
            .where(Appointment.ended_at.is_(None), Account.disabled_at.is_(None))
            .distinct()
        )
        people = {person.public_id: person.id for person in session.scalars(query)}
        obligation = Obligation(Kind.RESERVE, call.public_id, due_at, tuple(people), call.zone)
        duties.append(Duty(obligation, f"call:{call.public_id}", call.programme_id, ladders[call.id], people))
    return duties


def _reports(session: Session, at: datetime, calls: Mapping[int, Call], ladders: Mapping[int, Ladders]) -> list[Duty]:
    wanted = {call.id: days_concerned(_today(at, call.zone), ladders[call.id][Kind.REPORT]) for call in calls.values()}
    query = (
        select(Report.public_id, Report.due_on, Project.organisation_id, Project.call_id)
        .join(Project, Project.id == Report.project_id)
        .where(Report.state.in_(OPEN_REPORTS), Report.due_on.in_(set().union(*wanted.values())))
        .where(Project.state.in_(RUNNING), Project.call_id.in_(calls))
    )
    rows = [row for row in session.execute(query) if row.due_on in wanted[row.call_id]]
    team = teams(session, {row.organisation_id for row in rows})
    return [
        _duty(
            Kind.REPORT,
            row,
            end_of_day(row.due_on, calls[row.call_id].zone) - LAST_MOMENT,
            calls[row.call_id],
            ladders,
            team,
        )
        for row in rows
    ]


def _duty(  # noqa: PLR0913, PLR0917 -- one row and what surrounds it
    kind: Kind,
    row: Any,  # noqa: ANN401 -- a line of a query: its id, its organisation
    due_at: datetime,
    call: Call,
    ladders: Mapping[int, Ladders],
    team: Team,
    since: datetime | None = None,
) -> Duty:
    people = {person.public_id: person.id for person in team.get(row.organisation_id, ())}
    obligation = Obligation(kind, row.public_id, due_at, tuple(people), call.zone, since)
    return Duty(obligation, f"{kind}:{row.public_id}", call.programme_id, ladders[call.id], people)


def teams(session: Session, organisations: Iterable[int], roles: frozenset[Role] = ORGANISATION_ROLES) -> Team:
    """The active accounts that write for these organisations, each once, in a stable order."""
    query = (
        select(Appointment.organisation_id, Account)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.organisation_id.in_(set(organisations)), Appointment.role.in_(roles))
        .where(Appointment.ended_at.is_(None), Account.disabled_at.is_(None))
        .order_by(Account.id)
    )
    found: dict[int, dict[int, Account]] = defaultdict(dict)
    for organisation_id, person in session.execute(query):
        if organisation_id is not None:
            found[organisation_id][person.id] = person
    return {organisation_id: tuple(people.values()) for organisation_id, people in found.items()}
