"""Accounts and the roles that people hold."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.delivery import passwords
from grants.domain.addresses import canonical
from grants.domain.reasons import Unreadable
from grants.domain.text import TextError, clean_line
from grants.errors import Invalid, NotFound, Reason
from grants.models import Account, Appointment, Call, Organisation, Programme, UserSession
from grants.policies import Actor, Role, may
from grants.policies.actors import CALL_ROLES, ORGANISATION_ROLES, PROGRAMME_ROLES, SERVICE
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

LANGUAGES = ("fr", "en")
LONGEST_LINE = 120


def create(*, actor: Actor, email: str, name: str, password: str, function: str = "", language: str = "fr") -> Account:
    """Open an account. Raises NotAllowed, Invalid (email, name, function, password), also for an address in use."""
    problems: dict[str, Reason] = {}
    address = _read(problems, "email", lambda: canonical(email))
    line = _read(problems, "name", lambda: _filled(clean_line(name, LONGEST_LINE)))
    work = _read(problems, "function", lambda: clean_line(function, LONGEST_LINE))
    if weak := passwords.objection(password, email, name):
        problems["password"] = weak
    if problems:
        raise Invalid(problems)
    stored = passwords.hashed(password)
    with transaction() as session:
        if session.scalar(select(Account.id).where(Account.email == address)) is not None:
            raise Invalid({"email": Reason("address_in_use")})
        row = Account(
            email=address,
            name=line,
            function=work,
            language=language if language in LANGUAGES else LANGUAGES[0],
            password_hash=stored,
            created_at=lifecycle.moment(session),
        )
        session.add(row)
        lifecycle.act(session, actor=actor, action=Action.ADMINISTRATION_CREATE_ACCOUNT, row=row)
    return row


def appoint(  # noqa: PLR0913 -- a role is held for one of three things
    *,
    actor: Actor,
    account: str,
    role: Role,
    organisation: str | None = None,
    call: str | None = None,
    programme: str | None = None,
    title: str = "",
) -> Appointment:
    """Give a role, for the one thing that this role is held for. Raises NotAllowed, NotFound, Invalid (role)."""
    wanted = {
        "organisation": role in ORGANISATION_ROLES,
        "call": role in CALL_ROLES,
        "programme": role in PROGRAMME_ROLES,
    }
    given = {"organisation": organisation, "call": call, "programme": programme}
    if any(wanted[name] != bool(given[name]) for name in wanted):
        raise Invalid({"role": Reason("wrong_scope", {"role": str(role)})})
    with transaction() as session:
        holder = _account(session, account)
        row = Appointment(
            account_id=holder.id,
            role=role,
            organisation_id=_id_of(session, Organisation, organisation),
            call_id=_id_of(session, Call, call),
            programme_id=_id_of(session, Programme, programme),
            title=clean_line(title, LONGEST_LINE),
            since_at=lifecycle.moment(session),
        )
        session.add(row)
        note = {"account": account, "role": str(role), **{name: value for name, value in given.items() if value}}
        lifecycle.act(session, actor=actor, action=Action.ADMINISTRATION_APPOINT, row=row, note=note)
    return row


def end_appointment(*, actor: Actor, appointment: str) -> Appointment:
    """Take a role back; it counts for nothing from the next request on. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = session.scalar(select(Appointment).where(Appointment.public_id == appointment))
        if row is None or not (may(actor, Action.ADMINISTRATION_BROWSE_ACCOUNTS, SERVICE) or actor.system):
            raise NotFound(appointment)
        note = {"role": str(row.role)}
        lifecycle.act(session, actor=actor, action=Action.ADMINISTRATION_REVOKE_APPOINTMENT, row=row, note=note)
        row.ended_at = row.ended_at or lifecycle.moment(session)
    return row


def disable(*, actor: Actor, account: str) -> Account:
    """Close an account and all its sessions at once. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = one_for(session, actor, Account, account)
        lifecycle.act(session, actor=actor, action=Action.ADMINISTRATION_DISABLE_ACCOUNT, row=row)
        row.disabled_at = row.disabled_at or lifecycle.moment(session)
        _end_sessions(session, row)
    return row


def enable(*, actor: Actor, account: str) -> Account:
    """Open a closed account again. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = one_for(session, actor, Account, account)
        lifecycle.act(session, actor=actor, action=Action.ADMINISTRATION_ENABLE_ACCOUNT, row=row)
        row.disabled_at = None
    return row


def change_password(*, actor: Actor, current: str, new: str) -> Account:
    """Change one's own password; every session ends, this one too: the caller signs in anew.

    Raises Invalid (current_password, new_password).
    """
    with transaction() as session:
        stored = one_for(session, actor, Account, actor.public_id).password_hash
    if not passwords.matches(stored, current):
        raise Invalid({"current_password": Reason("wrong_password")})
    if weak := passwords.objection(new, actor.email, actor.name, current):
        raise Invalid({"new_password": weak})
    replacement = passwords.hashed(new)
    with transaction() as session:
        row = one_for(session, actor, Account, actor.public_id)
        lifecycle.act(session, actor=actor, action=Action.ACCOUNT_CHANGE_PASSWORD, row=row)
        row.password_hash = replacement
        _end_sessions(session, row)
    return row


def edit(*, actor: Actor, name: str, function: str = "") -> Account:
    """Change one's own name and function. Raises Invalid (name, function)."""
    problems: dict[str, Reason] = {}
    line = _read(problems, "name", lambda: _filled(clean_line(name, LONGEST_LINE)))
    work = _read(problems, "function", lambda: clean_line(function, LONGEST_LINE))
    if problems:
        raise Invalid(problems)
    with transaction() as session:
        row = one_for(session, actor, Account, actor.public_id)
        lifecycle.act(session, actor=actor, action=Action.ACCOUNT_EDIT, row=row)
        row.name, row.function = line, work
    return row


def prefer_language(*, actor: Actor, language: str) -> Account:
    """Choose the language of pages and mails (fr, en). Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid({"language": Reason("unknown_language")})
    with transaction() as session:
        row = one_for(session, actor, Account, actor.public_id)
        lifecycle.act(session, actor=actor, action=Action.ACCOUNT_PREFER, row=row, note={"language": language})
        row.language = language
    return row


def _read(problems: dict[str, Reason], name: str, read):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What `read` gives; a value that cannot be kept becomes a problem of this field."""
    try:
        return read()
    except Unreadable as error:
        problems[name] = error.as_reason
        return ""


def _filled(line: str) -> str:
    if not line:
        raise TextError("empty")
    return line


def _account(session: Session, public_id: str) -> Account:
    found = session.scalar(select(Account).where(Account.public_id == public_id))
    if found is None:
        raise NotFound(public_id)
    return found


def _id_of(session: Session, model, public_id: str | None) -> int | None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The internal id of what a role is held for. Appointing is the administration's: it need not see inside."""
    if public_id is None:
        return None
    found: int | None = session.scalar(select(model.id).where(model.public_id == public_id))
    if found is None:
        raise NotFound(public_id)
    return found


def _end_sessions(session: Session, account: Account) -> None:
    session.execute(
        update(UserSession)
        .where(UserSession.account_id == account.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=lifecycle.moment(session))
    )
