"""What a team sees of each other while it writes a file: who is there, what is said beside a question, who changed what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from grants.domain.receipts import fingerprint
from grants.models import Account, AnswerChange, Application, FieldComment, Presence
from grants.queries.subjects import name_of

#: Somebody who was not seen for so long has gone.
GONE = timedelta(seconds=60)
MOST_CHANGES = 200


@dataclass(frozen=True)
class Present:
    """Somebody else who has this section open."""

    name: str
    section: str
    since_at: datetime


@dataclass(frozen=True)
class Remark:
    """A comment beside a question. `settled_by` is empty while it is open."""

    public_id: str
    key: str
    text: str
    who: str
    at: datetime
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True)
class Change:
    """An answer as somebody left it."""

    key: str
    value: Any
    who: str
    began_at: datetime
    at: datetime


def present_in(session: Session, application: Application, but: int | None, now: datetime) -> list[Present]:
    """Who has a section of the file open now, oneself (`but`) left out."""
    query = (
        select(Account.name, Presence.section, Presence.since_at)
        .join(Account, Account.id == Presence.account_id)
        .where(Presence.application_id == application.id, Presence.seen_at > now - GONE)
        .order_by(Presence.since_at, Account.name)
    )
    return [Present(*row) for row in session.execute(query.where(Presence.account_id != but) if but else query)]


def remarks_on(session: Session, application: Application, keys: Iterable[str]) -> dict[str, list[Remark]]:
    """The comments beside these questions, by key, in the order in which they were written."""
    settler = aliased(Account)
    rows = session.execute(
        select(FieldComment, Account.name, settler.name)
        .join(Account, Account.id == FieldComment.account_id)
        .outerjoin(settler, settler.id == FieldComment.settled_by_id)
        .where(FieldComment.application_id == application.id, FieldComment.key.in_(list(keys)))
        .order_by(FieldComment.id)
    )
    found: dict[str, list[Remark]] = {}
    for one, who, settled_by in rows:
        remark = Remark(one.public_id, one.key, one.text, who, one.written_at, settled_by or "", one.settled_at)
        found.setdefault(one.key, []).append(remark)
    return found


def open_remarks(session: Session, application: Application) -> dict[str, int]:
    """How many comments wait to be settled, by key of the question."""
    rows = session.execute(
        select(FieldComment.key, func.count())
        .where(FieldComment.application_id == application.id, FieldComment.settled_at.is_(None))
        .group_by(FieldComment.key)
    )
    return {key: int(count) for key, count in rows}


def answers_left(session: Session, application: Application, limit: int = MOST_CHANGES) -> Sequence[Change]:
    """The last answers that somebody left, the newest first."""
    rows = session.execute(
        select(AnswerChange, Account.name)
        .join(Account, Account.id == AnswerChange.account_id)
        .where(AnswerChange.application_id == application.id)
        .order_by(AnswerChange.at.desc(), AnswerChange.id.desc())
        .limit(limit)
    )
    return [Change(one.key, one.value, who, one.began_at, one.at) for one, who in rows]


def last_left(session: Session, application: Application, keys: Iterable[str]) -> dict[str, Change]:
    """Who left the answers to these questions as they are, by key."""
    wanted = list(keys)
    if not wanted:
        return {}
    newest = (
        select(func.max(AnswerChange.id))
        .where(AnswerChange.application_id == application.id, AnswerChange.key.in_(wanted))
        .group_by(AnswerChange.key)
    )
    rows = session.execute(
        select(AnswerChange, Account.name)
        .join(Account, Account.id == AnswerChange.account_id)
        .where(AnswerChange.id.in_(newest))
    )
    return {one.key: Change(one.key, one.value, who, one.began_at, one.at) for one, who in rows}


def copy_name(application: Application) -> str:
    """Under which name the paper copy of the file as it stands is kept: the same content, the same name."""
    stands = (application.public_id, application.version, application.saves, application.state)
    terms = application.terms_sha256 or application.call.terms_sha256
    return f"{name_of(application)}/{fingerprint([str(one) for one in (*stands, terms)])[:16]}"
