"""Asking people in by mail, one link each, used once; and opening an account of one's own accord."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.delivery import passwords
from grants.domain.addresses import canonical
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line
from grants.errors import Invalid, NotAllowed, NotFound, NotPossible, Reason, Throttled
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
from grants.policies import Actor, Role, may, require
from grants.policies.actors import CALL_ROLES, ORGANISATION_ROLES, PROGRAMME_ROLES, SERVICE, SERVICE_ROLES
from grants.queries import invitation as asked
from grants.queries.account import actor_for
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle, sealing
from grants.workflow.actions import Action

LANGUAGES = ("fr", "en")
LIFE = timedelta(days=14)
LONGEST_LINE = 120
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_A_DAY = 60  # invitations by one person
MOST_TO_ONE = 5  # to one address in an hour, whoever sends them
MOST_REGISTRATIONS = 20  # asked from one network in an hour
ACCEPT = Action.ACCOUNT_ACCEPT_INVITATION


def invite_to_organisation(
    *, actor: Actor, organisation: str, email: str, name: str = "", role: Role = Role.APPLICANT_MEMBER
) -> Invitation:
    """Ask somebody to write for an organisation: by its lead; or by a programme, for the first lead of it.

    Raises NotFound, NotAllowed, NotPossible (there is a lead already), Invalid (email, name, role), Throttled.
    """
    if role not in ORGANISATION_ROLES:
        raise Invalid({"role": Reason("wrong_scope", {"role": str(role)})})
    with transaction() as session:
        row = one_for(session, actor, Organisation, organisation)
        action = Action.ORGANISATION_INVITE
        if not may(actor, action, subject_of(row, session)) and actor.manages:
            action = Action.ORGANISATION_INVITE_FIRST_LEAD
            if role != Role.APPLICANT_LEAD or asked.leads_of(session, row.id):
                raise NotPossible(action, (Reason("first_lead"),))
        return _invite(session, actor, action, row, email, name, role=role, organisation_id=row.id)


def invite_to_call(
    *, actor: Actor, call: str, email: str, name: str = "", role: Role = Role.REVIEWER, title: str = ""
) -> Invitation:
    """Ask somebody to sit on the committee of a call. Raises as `invite_to_organisation`."""
    if role not in CALL_ROLES:
        raise Invalid({"role": Reason("wrong_scope", {"role": str(role)})})
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        seat = {"role": role, "call_id": row.id, "title": _line("title", title)}
        return _invite(session, actor, Action.CALL_INVITE, row, email, name, **seat)


def invite_to_service(
    *, actor: Actor, role: Role, email: str, name: str = "", programme: str | None = None
) -> Invitation:
    """Ask somebody to manage or pay for a programme, to administer or to audit. Raises as `invite_to_organisation`."""
    if role not in PROGRAMME_ROLES | SERVICE_ROLES or (role in PROGRAMME_ROLES) != bool(programme):
        raise Invalid({"role": Reason("wrong_scope", {"role": str(role)})})
    with transaction() as session:
        row = one_for(session, actor, Programme, programme) if programme else None
        return _invite(
            session,
            actor,
            Action.ADMINISTRATION_INVITE,
            row,
            email,
            name,
            role=role,
            programme_id=row.id if row is not None else None,
        )


def invite_to_application(
    *, actor: Actor, application: str, email: str, name: str = "", partner: str | None = None
) -> Invitation:
    """Ask somebody from outside to write one file, e.g. for a partner of it. Raises as `invite_to_organisation`."""
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        whose = None
        if partner:
            whose = session.scalar(
                select(Partner).where(Partner.application_id == row.id, Partner.public_id == partner)
            )
            if whose is None:
                raise NotFound(partner)
        return _invite(
            session,
            actor,
            Action.APPLICATION_INVITE,
            row,
            email,
            name,
            application_id=row.id,
            partner_id=whose.id if whose is not None else None,
        )


def _invite(
    session: Session,
    actor: Actor,
    action: Action,
    row: Any,  # noqa: ANN401 -- any model with a subject
    email: str,
    name: str,
    **offer: Any,  # noqa: ANN401
) -> Invitation:
    """Write the invitation and promise its mail; a former one to the same address for the same thing is taken back."""
    now = lifecycle.moment(session)
    require(actor, action, subject_of(row, session) if row is not None else SERVICE)
    address, line = _address(email), _line("name", name)
    if address == actor.email:
        raise Invalid({"email": Reason("own_address")})
    _refuse_flood(session, actor, address, now)
    asking = Invitation(
        email=address,
        name=line,
        language=actor.language,
        invited_by_id=actor.id,
        invited_at=now,
        expires_at=now + LIFE,
        **{"role": "", **offer},
    )
    known = session.scalar(select(Account).where(Account.email == address))
    if known is not None and asked.holds(session, known.id, asking):
        raise Invalid({"email": Reason("already_in")})
    _take_back(session, asking, now)
    session.add(asking)
    session.flush()
    note = {"invitation": asking.public_id, **({"role": str(offer["role"])} if offer.get("role") else {})}
    if action is Action.APPLICATION_INVITE:
        lifecycle.perform(session, actor=actor, action=action, row=row, note=note)
    else:
        lifecycle.act(session, actor=actor, action=action, row=row if row is not None else asking, note=note)
    _promise(session, asking, row if action is Action.APPLICATION_INVITE else asking, now)
    return asking


def _promise(session: Session, asking: Invitation, subject: Any, now: datetime) -> None:  # noqa: ANN401
    name = "invitation-file" if asking.application_id else "invitation" if asking.role else "registration"
    outbox.put(
        session,
        f"invitation:{asking.public_id}",
        kind="mail",
        name=name,
        subject=name_of(subject),
        programme_id=subject_of(asking, session).programme_id,
        made_at=now,
        payload={"invitation": asking.public_id},
    )


def _refuse_flood(session: Session, actor: Actor, address: str, now: datetime) -> None:
    if actor.id is not None and asked.sent_by(session, actor.id, now - DAY) >= MOST_A_DAY:
        raise Throttled(int(HOUR.total_seconds()))
    if asked.to_address(session, address, now - HOUR) >= MOST_TO_ONE:
        raise Throttled(int(HOUR.total_seconds()))


def _take_back(session: Session, asking: Invitation, now: datetime) -> None:
    same = (
        getattr(Invitation, column).is_not_distinct_from(getattr(asking, column))
        for column in ("organisation_id", "call_id", "programme_id", "application_id")
    )
    session.execute(
        update(Invitation)
        .where(Invitation.email == asking.email, Invitation.role == asking.role, asked.waiting(), *same)
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def revoke(*, actor: Actor, invitation: str) -> Invitation:
    """Take an invitation back; its link opens nothing any more. Raises NotFound, NotAllowed, NotPossible (accepted)."""
    action = Action.ACCOUNT_REVOKE_INVITATION
    with transaction() as session:
        row = one_for(session, actor, Invitation, invitation)
        lifecycle.act(session, actor=actor, action=action, row=row)
        if row.accepted_at is not None:
            raise NotPossible(action, (Reason("invitation_accepted"),))
        row.revoked_at = row.revoked_at or lifecycle.moment(session)
    return row


def accept(*, actor: Actor, token: str, name: str = "", password: str = "") -> Account:
    """Take what the link offers: signed in with the address that it went to, or by opening an account for it.

    Raises NotFound (no such link), NotAllowed (it went to somebody else), NotPossible (used, taken back, too old, or
    an account exists and nobody is signed in), Invalid (name, password).
    """
    person = _newcomer(token, name, password) if actor.id is None else None
    with transaction() as session:
        row = _opened(session, token)
        if actor.id is not None and actor.email != row.email:
            raise NotAllowed(ACCEPT, ("invited_address",))
        _require_backed(session, row)
        now = lifecycle.moment(session)
        account = (
            session.get_one(Account, actor.id) if actor.id is not None else _open_account(session, row, person, now)
        )
        _use(session, row, account, now)
        _grant(session, row, account, now)
    return account


def _require_backed(session: Session, row: Invitation) -> None:
    """Whoever invited may still do so: what somebody sent before leaving opens nothing after. Raises NotPossible."""
    if row.invited_by_id is None:  # somebody asked for an account of one's own
        return
    offers: tuple[tuple[Any, int | None, tuple[Action, ...]], ...] = (
        (Application, row.application_id, (Action.APPLICATION_INVITE,)),
        (Organisation, row.organisation_id, (Action.ORGANISATION_INVITE, Action.ORGANISATION_INVITE_FIRST_LEAD)),
        (Call, row.call_id, (Action.CALL_INVITE,)),
    )
    found = next(((session.get_one(model, key), actions) for model, key, actions in offers if key is not None), None)
    subject = subject_of(found[0], session) if found else SERVICE
    actions = found[1] if found else (Action.ADMINISTRATION_INVITE,)
    closed = session.get_one(Account, row.invited_by_id).disabled_at is not None
    inviter = actor_for(session, row.invited_by_id)
    if closed or not any(may(inviter, action, subject) for action in actions):
        raise NotPossible(ACCEPT, (Reason("invitation_over"),))


def _newcomer(token: str, name: str, password: str) -> Mapping[str, str]:
    """Name and hash of the password, judged before any lock is taken: hashing is slow on purpose."""
    with transaction() as session:
        email = _opened(session, token).email
    problems: dict[str, Reason] = {}
    try:
        line = clean_line(name, LONGEST_LINE)
        if not line:
            problems["name"] = Reason("empty")
    except Unreadable as error:
        problems["name"], line = error.as_reason, ""
    if weak := passwords.objection(password, email, name):
        problems["password"] = weak
    if problems:
        raise Invalid(problems)
    return {"name": line, "password_hash": passwords.hashed(password)}


def _opened(session: Session, token: str) -> Invitation:
    row = asked.by_token(session, sealing.sha256(token))
    if row is None:
        raise NotFound("invitation")
    if not asked.usable(row, lifecycle.moment(session)):
        raise NotPossible(ACCEPT, (Reason("invitation_over"),))
    return row


def _open_account(session: Session, row: Invitation, person: Mapping[str, str] | None, now: datetime) -> Account:
    if person is None or session.scalar(select(Account.id).where(Account.email == row.email)) is not None:
        raise NotPossible(ACCEPT, (Reason("sign_in_first"),))
    account = Account(email=row.email, language=row.language, created_at=now, **person)
    session.add(account)
    session.flush()
    return account


def _use(session: Session, row: Invitation, account: Account, now: datetime) -> None:
    """Once: of two who press the button at the same time, one is refused."""
    used = session.execute(
        update(Invitation)
        .where(Invitation.id == row.id, asked.waiting())
        .values(accepted_at=now, accepted_by_id=account.id)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossible(ACCEPT, (Reason("invitation_over"),))


def _grant(session: Session, row: Invitation, account: Account, now: datetime) -> None:
    who = Actor(id=account.id, public_id=account.public_id, name=account.name, email=account.email)
    note = {"account": account.public_id, "invitation": row.public_id, "role": row.role}
    given: Any = row
    if not asked.holds(session, account.id, row):
        if row.application_id is not None:
            given = Collaborator(
                application_id=row.application_id, account_id=account.id, partner_id=row.partner_id, accepted_at=now
            )
        elif row.role:
            given = Appointment(
                account_id=account.id,
                role=Role(row.role),
                organisation_id=row.organisation_id,
                call_id=row.call_id,
                programme_id=row.programme_id,
                title=row.title,
                since_at=now,
            )
        session.add(given)
    lifecycle.act(session, actor=who, action=ACCEPT, row=given, note=note)


def ask_account(*, email: str, language: str = "fr", ip_prefix: str = "") -> None:
    """Somebody wants an account: a mail goes to the address, whatever the address is, and the answer is the same.

    A known one is told, at most once an hour, that it has an account. Raises Invalid (email), NotPossible (no call is
    open), Throttled.
    """
    address = _address(email)
    with transaction() as session:
        now = lifecycle.moment(session)
        if not asked.registration_open(session, now):
            raise NotPossible(Action.ACCOUNT_REGISTER, (Reason("registration_open"),))
        if ip_prefix and asked.registrations_from(session, ip_prefix, now - HOUR) >= MOST_REGISTRATIONS:
            raise Throttled(int(HOUR.total_seconds()))
        session.add(
            SecurityEvent(
                at=now,
                kind=asked.REGISTRATION,
                action=str(Action.ACCOUNT_REGISTER),
                object=sealing.sha256(address),
                ip_prefix=ip_prefix,
            )
        )
        known = session.scalar(select(Account).where(Account.email == address))
        if known is not None:
            _tell_known(session, known, now)
        elif asked.to_address(session, address, now - HOUR) < MOST_TO_ONE:
            asking = Invitation(
                email=address,
                language=language if language in LANGUAGES else LANGUAGES[0],
                invited_at=now,
                expires_at=now + LIFE,
                role="",
            )
            _take_back(session, asking, now)
            session.add(asking)
            session.flush()
            _promise(session, asking, asking, now)


def _tell_known(session: Session, account: Account, now: datetime) -> None:
    outbox.put(
        session,
        f"registration-known:{account.public_id}:{now:%Y-%m-%dT%H}",
        kind="mail",
        name="registration-known",
        subject=name_of(account),
        recipient_id=account.id,
        made_at=now,
    )


def _address(email: str) -> str:
    try:
        return canonical(email)
    except Unreadable as error:
        raise Invalid({"email": error.as_reason}) from error


def _line(field: str, text: str) -> str:
    try:
        return clean_line(text, LONGEST_LINE)
    except Unreadable as error:
        raise Invalid({field: error.as_reason}) from error
