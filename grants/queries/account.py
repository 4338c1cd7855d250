"""Who is behind a cookie, an id or an address, with the roles held at this instant; and one's own account page."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from grants.domain.addresses import canonical
from grants.errors import NotFound
from grants.models import (
    Account,
    Appointment,
    Call,
    Collaborator,
    Organisation,
    Programme,
    SecurityEvent,
    UserSession,
)
from grants.policies.actors import Actor, Role

STAFF_IDLE = timedelta(minutes=60)
APPLICANT_IDLE = timedelta(hours=8)
LIFETIME = timedelta(hours=12)
FAILED_SIGN_IN = "sign-in-failed"


# Asked at every request of every page: tables and not models, built once.
_SESSION, _ACCOUNT, _ROLE, _FILE = (model.__table__.c for model in (UserSession, Account, Appointment, Collaborator))
_BEHIND_COOKIE = (
    select(
        _SESSION.public_id.label("sign_in"),
        _SESSION.last_seen_at,
        _SESSION.reauth_at,
        *(_ACCOUNT.id, _ACCOUNT.public_id, _ACCOUNT.name, _ACCOUNT.email, _ACCOUNT.language),
        *(_ROLE.role, _ROLE.organisation_id, _ROLE.call_id, _ROLE.programme_id, _FILE.application_id),
    )
    .join_from(UserSession.__table__, Account.__table__, _ACCOUNT.id == _SESSION.account_id)
    .outerjoin(Appointment.__table__, and_(_ROLE.account_id == _ACCOUNT.id, _ROLE.ended_at.is_(None)))
    .outerjoin(Collaborator.__table__, and_(_FILE.account_id == _ACCOUNT.id, _FILE.removed_at.is_(None)))
    .where(
        _SESSION.token_sha256 == bindparam("token"),
        _SESSION.revoked_at.is_(None),
        _SESSION.created_at > bindparam("begun_after", type_=_SESSION.created_at.type),
        _SESSION.last_seen_at > bindparam("seen_after", type_=_SESSION.last_seen_at.type),
        _ACCOUNT.disabled_at.is_(None),
    )
)


@dataclass(frozen=True)
class SignedIn(Actor):
    """A person who came with a cookie: the actor, and what is known of this sign-in (moments in UTC)."""

    sign_in: str = ""  # public id of the session
    seen_at: datetime | None = None
    reauth_at: datetime | None = None


@dataclass(frozen=True)
class HeldRole:
    """A role as its holder reads it. `scope`: the organisation, call or programme; empty for the whole service."""

    role: Role
    scope: str
    title: str
    since_at: datetime
    organisation: str = ""  # its public id, where the role is held for one


def token_sha256(token: str) -> str:
    """What is stored of a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of(
    session: Session,
    token: str,
    now: datetime,
    *,
    staff_idle: timedelta = STAFF_IDLE,
    applicant_idle: timedelta = APPLICANT_IDLE,
    lifetime: timedelta = LIFETIME,
) -> SignedIn | None:
    """The person behind a session cookie, with today's roles; None when the session is unknown, ended or too old.

    One query. Staff (every role beyond writing for an organisation) is signed out after a shorter rest.
    """
    values = {
        "token": token_sha256(token),
        "begun_after": now - lifetime,
        "seen_after": now - max(staff_idle, applicant_idle),
    }
    rows = session.connection().execute(_BEHIND_COOKIE, values).all()
    if not rows:
        return None
    found = rows[0]
    actor = _actor(found, rows)
    if _staff(actor) and found.last_seen_at <= now - staff_idle:
        return None
    return SignedIn(**actor.__dict__, sign_in=found.sign_in, seen_at=found.last_seen_at, reauth_at=found.reauth_at)


def actor_for(session: Session, account_id: int) -> Actor:
    """The person with this internal id, roles read now. Raises NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound(str(account_id))
    return _actor(account, _roles(session, account))


def actor_by_email(session: Session, email: str) -> Actor:
    """The person with this address, roles read now. Raises NotFound."""
    account = session.scalar(select(Account).where(Account.email == canonical(email)))
    if account is None:
        raise NotFound(email)
    return _actor(account, _roles(session, account))


def names_of(session: Session, public_ids: Iterable[str]) -> dict[str, str]:
    """The names of these accounts, by public id: for pages that may tell them."""
    rows = session.execute(select(Account.public_id, Account.name).where(Account.public_id.in_(list(public_ids))))
    return {row[0]: row[1] for row in rows}


def failures_since(session: Session, since: datetime, *, address_sha256: str, ip_prefix: str) -> tuple[int, int]:
    """How many sign-ins failed since then: for this mail address, and from this network address (0 without one)."""
    recent = select(func.count(SecurityEvent.id)).where(SecurityEvent.kind == FAILED_SIGN_IN, SecurityEvent.at > since)
    person = session.scalar(recent.where(SecurityEvent.object == address_sha256)) or 0
    place = session.scalar(recent.where(SecurityEvent.ip_prefix == ip_prefix)) or 0 if ip_prefix else 0
    return person, place


def sessions_of(session: Session, account_id: int, now: datetime) -> Sequence[UserSession]:
    """The live sessions of a person, the one used last first."""
    return session.scalars(
        select(UserSession)
        .where(
            UserSession.account_id == account_id,
            UserSession.revoked_at.is_(None),
            UserSession.created_at > now - LIFETIME,
            UserSession.last_seen_at > now - APPLICANT_IDLE,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    ).all()


def roles_of(session: Session, account_id: int) -> list[HeldRole]:
    """The roles a person holds now, with what they are held for."""
    rows = session.execute(
        select(Appointment, Organisation.name, Call.title, Programme.name, Organisation.public_id)
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(Call, Call.id == Appointment.call_id)
        .outerjoin(Programme, Programme.id == Appointment.programme_id)
        .where(Appointment.account_id == account_id, Appointment.ended_at.is_(None))
        .order_by(Appointment.id)
    )
    return [
        HeldRole(Role(row.role), organisation or call or programme or "", row.title, row.since_at, public_id or "")
        for row, organisation, call, programme, public_id in rows
    ]


def _roles(session: Session, account: Account) -> Sequence[Any]:
    return session.execute(
        select(*(_ROLE.role, _ROLE.organisation_id, _ROLE.call_id, _ROLE.programme_id, _FILE.application_id))
        .select_from(Account.__table__)
        .outerjoin(Appointment.__table__, and_(_ROLE.account_id == _ACCOUNT.id, _ROLE.ended_at.is_(None)))
        .outerjoin(Collaborator.__table__, and_(_FILE.account_id == _ACCOUNT.id, _FILE.removed_at.is_(None)))
        .where(_ACCOUNT.id == account.id)
    ).all()


def _actor(account: Any, held: Sequence[Any]) -> Actor:  # noqa: ANN401 -- a row or a model with the account's columns
    """The person, from the rows of the roles held and the files written on (None where there is none)."""

    def among(role: Role, scope: str) -> frozenset[int]:
        return _ids(getattr(row, scope) for row in held if row.role == role)

    return Actor(
        id=account.id,
        public_id=account.public_id,
        name=account.name,
        email=account.email,
        language=account.language,
        member_of=among(Role.APPLICANT_MEMBER, "organisation_id"),
        leads=among(Role.APPLICANT_LEAD, "organisation_id"),
        writes_on=_ids(row.application_id for row in held),
        reviews=among(Role.REVIEWER, "call_id"),
        chairs=among(Role.CHAIR, "call_id"),
        manages=among(Role.MANAGER, "programme_id"),
        pays=among(Role.FINANCE_OFFICER, "programme_id"),
        administers=any(row.role == Role.ADMINISTRATOR for row in held),
        audits=any(row.role == Role.AUDITOR for row in held),
    )


def _ids(values: Iterable[int | None]) -> frozenset[int]:
    return frozenset(value for value in values if value is not None)


def _staff(actor: Actor) -> bool:
    return bool(actor.manages or actor.pays or actor.sits_on or actor.administers or actor.audits)
