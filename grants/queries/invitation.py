"""Invitations as those who send them and those who receive them read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from grants.models import (
    Account,
    Application,
    Appointment,
    Call,
    Collaborator,
    Invitation,
    Organisation,
    Partner,
    Programme,
    SecurityEvent,
)
from grants.policies import Actor
from grants.policies.actors import Role
from grants.queries.visibility import visible_to
from grants.workflow.call import CallState

PER_PAGE = 50
REGISTRATION = "registration-asked"
_CALL_OF_FILE = aliased(Call)


@dataclass(frozen=True)
class Asked:
    """An invitation in words. `scope`: what the role is held for, or the title of the file; `by`: who invites."""

    invitation: Invitation
    scope: str
    by: str
    call: str = ""  # title of the call of a file


def waiting() -> ColumnElement[bool]:
    """Neither accepted nor taken back (it may have expired)."""
    return and_(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))


def usable(row: Invitation, now: datetime) -> bool:
    """The link still opens something."""
    return row.accepted_at is None and row.revoked_at is None and now < row.expires_at


def by_token(session: Session, token_sha256: str) -> Invitation | None:
    """The invitation behind a link, whatever became of it."""
    return session.scalar(select(Invitation).where(Invitation.token_sha256 == token_sha256)) if token_sha256 else None


def told(session: Session, invitation: Invitation) -> Asked:
    """What an invitation is for, and who sends it."""
    return _asked(session.execute(_named().where(Invitation.id == invitation.id)).one())


def of_organisation(session: Session, organisation_id: int) -> list[Asked]:
    """Those that wait for an answer, for the team of an organisation."""
    query = _named().where(Invitation.organisation_id == organisation_id, waiting())
    return [_asked(row) for row in session.execute(query.order_by(Invitation.id))]


def of_application(session: Session, application_id: int) -> list[Asked]:
    """Those that wait for an answer, for one file."""
    query = _named().where(Invitation.application_id == application_id, waiting())
    return [_asked(row) for row in session.execute(query.order_by(Invitation.id))]


def all_for(session: Session, actor: Actor, number: int) -> tuple[list[Asked], int]:
    """One page of what the actor may follow beyond files, newest first, and how many there are."""
    mine = and_(
        visible_to(actor, Invitation), Invitation.application_id.is_(None), Invitation.invited_by_id.is_not(None)
    )
    query = _named().where(mine).order_by(Invitation.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    total = session.scalar(select(func.count(Invitation.id)).where(mine)) or 0
    return [_asked(row) for row in session.execute(query)], total


def sent_by(session: Session, account_id: int, since: datetime) -> int:
    """How many invitations this person has sent since then."""
    query = select(func.count(Invitation.id)).where(Invitation.invited_by_id == account_id)
    return session.scalar(query.where(Invitation.invited_at > since)) or 0


def to_address(session: Session, email: str, since: datetime) -> int:
    """How many invitations went to this address since then."""
    query = select(func.count(Invitation.id)).where(Invitation.email == email, Invitation.invited_at > since)
    return session.scalar(query) or 0


def registrations_from(session: Session, ip_prefix: str, since: datetime) -> int:
    """How many accounts were asked for from this network since then."""
    query = select(func.count(SecurityEvent.id)).where(
        SecurityEvent.kind == REGISTRATION, SecurityEvent.at > since, SecurityEvent.ip_prefix == ip_prefix
    )
    return session.scalar(query) or 0


def registration_open(session: Session, now: datetime) -> bool:
    """Whether a call is open: only then does a stranger need an account."""
    query = select(Call.id).where(
        Call.state == CallState.PUBLISHED,
        Call.imported.is_(False),
        Call.opens_at <= now,
        or_(Call.closes_at.is_(None), Call.closes_at > now),
    )
    return session.scalar(query.limit(1)) is not None


def holds(session: Session, account_id: int, invitation: Invitation) -> bool:
    """Whether this person holds already what the invitation offers."""
    if invitation.application_id is not None:
        writes = select(Collaborator.id).where(
            Collaborator.application_id == invitation.application_id,
            Collaborator.account_id == account_id,
            Collaborator.removed_at.is_(None),
        )
        return session.scalar(writes.limit(1)) is not None
    held = select(Appointment.id).where(
        Appointment.account_id == account_id,
        Appointment.role == invitation.role,
        Appointment.ended_at.is_(None),
        Appointment.organisation_id.is_not_distinct_from(invitation.organisation_id),
        Appointment.call_id.is_not_distinct_from(invitation.call_id),
        Appointment.programme_id.is_not_distinct_from(invitation.programme_id),
    )
    return session.scalar(held.limit(1)) is not None


def leads_of(session: Session, organisation_id: int) -> int:
    """How many persons may commit this organisation now."""
    query = (
        select(func.count(Appointment.account_id.distinct()))
        .join(Account, Account.id == Appointment.account_id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.role == Role.APPLICANT_LEAD,
            Appointment.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    return session.scalar(query) or 0


def calls_to_staff(session: Session, actor: Actor) -> Sequence[Call]:
    """The calls whose committee the actor may invite, the latest first."""
    query = select(Call).where(Call.programme_id.in_(actor.manages), Call.imported.is_(False))
    return session.scalars(query.order_by(Call.id.desc())).all()


def programmes(session: Session) -> Sequence[Programme]:
    """All programmes, for the administration."""
    return session.scalars(select(Programme).order_by(Programme.name, Programme.id)).all()


def without_lead(session: Session) -> Sequence[Organisation]:
    """Organisations that nobody leads yet, by name."""
    led = select(Appointment.organisation_id).where(
        Appointment.role == Role.APPLICANT_LEAD,
        Appointment.ended_at.is_(None),
        Appointment.organisation_id.is_not(None),
    )
    query = select(Organisation).where(Organisation.id.not_in(led))
    return session.scalars(query.order_by(Organisation.name, Organisation.id).limit(500)).all()


def recent(now: datetime) -> datetime:
    """Since when what was sent counts: one hour."""
    return now - timedelta(hours=1)


def _named() -> Select[Invitation, str, str, str, str, str, str, str]:
    return (
        select(
            Invitation,
            func.coalesce(Organisation.name, ""),
            func.coalesce(Call.title, ""),
            func.coalesce(Programme.name, ""),
            func.coalesce(Application.title, ""),
            func.coalesce(Partner.name, ""),
            func.coalesce(Account.name, ""),
            func.coalesce(_CALL_OF_FILE.title, ""),
        )
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Call, Call.id == Invitation.call_id)
        .outerjoin(Programme, Programme.id == Invitation.programme_id)
        .outerjoin(Application, Application.id == Invitation.application_id)
        .outerjoin(_CALL_OF_FILE, _CALL_OF_FILE.id == Application.call_id)
        .outerjoin(Partner, Partner.id == Invitation.partner_id)
        .outerjoin(Account, Account.id == Invitation.invited_by_id)
    )


def _asked(row) -> Asked:  # type: ignore[no-untyped-def]  # noqa: ANN001 -- a row of `_named`
    invitation, organisation, call, programme, title, _partner, by, call_of_file = row
    return Asked(invitation, organisation or call or programme or title, by, call_of_file)
