"""Reminders: what falls due is promised as mails, once a step and a person, however often the clock asks."""

from collections.abc import Iterable
from datetime import datetime

from grants import outbox
from grants.clock import now
from grants.db import reading, transaction
from grants.domain import reminders
from grants.domain.deadlines import zone_named
from grants.domain.reminders import Reminder
from grants.queries import deadline, letter
from grants.queries.deadline import Duty


def promise_due(at: datetime | None = None) -> int:
    """Promise every reminder whose step has come at this moment (aware UTC; now). Returns how many are new."""
    at = at or now()
    with reading() as session:
        told = [(duty, due) for duty in deadline.all_open(session, at) for due in _due(at, duty)]
        known = letter.promised(session, [due.key for _, due in told])
    fresh = [(duty, due) for duty, due in told if due.key not in known]
    if not fresh:
        return 0
    with transaction() as session:
        return sum(
            outbox.put(
                session,
                due.key,
                kind="mail",
                name=f"reminder-{due.obligation.kind}",
                subject=duty.subject,
                recipient_id=duty.people[due.recipient],
                programme_id=duty.programme_id,
                made_at=at,
                payload=_told(due),
            )
            for duty, due in fresh
        )


def _due(at: datetime, duty: Duty) -> Iterable[Reminder]:
    return reminders.due(at, (duty.obligation,), duty.ladders)


def _told(due: Reminder) -> dict[str, object]:
    """What the mail says of the date: the day in the zone of the call, and how far away it was."""
    obligation = due.obligation
    return {
        "due_at": obligation.due_at.isoformat(),
        "due_on": obligation.due_at.astimezone(zone_named(obligation.zone)).date().isoformat(),
        "days_left": due.days_left,
        "step": due.step,
    }
