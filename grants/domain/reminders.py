"""Reminders: what falls due, told once a step and a person, however often and however late the clock asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from grants.domain.deadlines import DEFAULT_ZONE, days_left, zone_named


class Kind(StrEnum):
    """What is waited for."""

    SUBMISSION = "submission"
    REVIEW = "review"
    AGREEMENT = "agreement"
    REPORT = "report"
    RESERVE = "reserve"  # the last day of a reserve list


@dataclass(frozen=True)
class Obligation:
    """Something that someone has to do by a moment (aware UTC).

    `object_id` is public. `since`: steps that lie before this moment are not told (the draft did not exist then).
    """

    kind: Kind
    object_id: str
    due_at: datetime
    recipients: tuple[str, ...]
    zone: str = DEFAULT_ZONE
    since: datetime | None = None


@dataclass(frozen=True)
class Ladder:
    """Days before and days after on which a kind is told of; then every so many days after the last step."""

    before: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    then_every: int | None = None


@dataclass(frozen=True)
class Reminder:
    """One message to one person. `key` is the same however often it is asked for; `days_left` is as of now."""

    key: str
    obligation: Obligation = field(repr=False)
    recipient: str
    step: int
    days_left: int


LADDERS: Mapping[Kind, Ladder] = {
    Kind.SUBMISSION: Ladder(before=(14, 3, 1)),
    Kind.REVIEW: Ladder(before=(7, 2, 1)),
    Kind.AGREEMENT: Ladder(before=(14, 7, 1), late=(7,), then_every=14),
    Kind.REPORT: Ladder(before=(30, 7, 1), late=(1, 7), then_every=14),
    Kind.RESERVE: Ladder(before=(30, 7, 1)),
}


def due(
    now: datetime,
    obligations: Iterable[Obligation],
    ladders: Mapping[Kind, Ladder] = LADDERS,
) -> tuple[Reminder, ...]:
    """Reminders whose step has come, the nearest step only: after a week of silence nobody gets a burst.

    The caller keeps keys unique; asking twice gives the same keys, `reminder:<kind>:<object>:<due day>:<step>:<to>`.
    Steps before the day are counted down (14, 3, 1), steps after it are written below zero (-1, -7, -21).
    """
    return tuple(
        Reminder(_key(obligation, step, recipient), obligation, recipient, step, left)
        for obligation in obligations
        for left in (days_left(now, obligation.due_at, obligation.zone),)
        for step in (_step(now, obligation, ladders.get(obligation.kind, Ladder())),)
        if step is not None
        for recipient in obligation.recipients
    )


def _key(obligation: Obligation, step: int, recipient: str) -> str:
    due_on = obligation.due_at.astimezone(zone_named(obligation.zone)).date()
    return f"reminder:{obligation.kind}:{obligation.object_id}:{due_on.isoformat()}:{step}:{recipient}"


def _step(now: datetime, obligation: Obligation, ladder: Ladder) -> int | None:
    """The nearest step that has come, unless it came before the obligation was there."""
    left = days_left(now, obligation.due_at, obligation.zone)
    step = _early(left, ladder) if now < obligation.due_at else _late(-left, ladder)
    if step is None or obligation.since is None:
        return step
    left_then = days_left(obligation.since, obligation.due_at, obligation.zone)
    return step if step <= left_then else None


def _early(left: int, ladder: Ladder) -> int | None:
    return min((step for step in ladder.before if step >= left), default=None)


def _late(days: int, ladder: Ladder) -> int | None:
    """The last late step reached, below zero: of (1, 7) then every 14, day 30 has reached 21."""
    reached = max((step for step in ladder.late if step <= days), default=None)
    if reached is None:
        return None
    if ladder.then_every and reached == max(ladder.late):
        reached += (days - reached) // ladder.then_every * ladder.then_every
    return -reached
