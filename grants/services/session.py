"""Signing in and out. A session is a row; the cookie holds a random value of which only the hash is stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from grants import clock
from grants.db import reading, transaction
from grants.delivery import passwords
from grants.domain.addresses import AddressError, canonical
from grants.errors import Invalid, NotFound, Reason, Throttled
from grants.models import Account, SecurityEvent, UserSession
from grants.policies import Actor
from grants.queries.account import FAILED_SIGN_IN, failures_since, token_sha256
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action

TOKEN_BYTES = 32
# sign-ins that may fail within a while, for one mail address and from one network address
MOST_FAILURES = 10
WINDOW = timedelta(minutes=5)
TOUCH_EVERY = timedelta(minutes=5)


def sign_in(*, email: str, password: str, ip_prefix: str = "", user_agent: str = "") -> str:
    """Open a session and return its cookie value (256 random bits).

    An unknown address, a closed account and a wrong password get the same answer after the same work: Invalid with
    `wrong_credentials`. Raises Throttled when too many sign-ins failed lately for this address or from this place.
    """
    address = _address(email)
    account = _account(address, ip_prefix)
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        _note_failure(address, account, ip_prefix)
        raise Invalid({"password": Reason("wrong_credentials")})
    return _open(account.id, ip_prefix, user_agent)


def confirm(*, token: str, password: str, ip_prefix: str = "", user_agent: str = "") -> str:
    """Ask the password again before a grave act; returns a new cookie value, the old one is worth nothing any more.

    Raises Invalid (`wrong_password`), Throttled, NotFound for a session that ended meanwhile.
    """
    with reading() as session:
        query = select(Account, UserSession.created_at).join(UserSession, UserSession.account_id == Account.id)
        live = (UserSession.token_sha256 == token_sha256(token), UserSession.revoked_at.is_(None))
        found = session.execute(query.where(*live)).one_or_none()
    if found is None:
        raise NotFound("session")
    account, begun_at = found
    _refuse_storm(account.email, ip_prefix)
    if not passwords.matches(account.password_hash, password):
        _note_failure(account.email, account, ip_prefix)
        raise Invalid({"password": Reason("wrong_password")})
    sign_out(token=token)
    return _open(account.id, ip_prefix, user_agent, begun_at=begun_at, reauth_at=clock.now())


def sign_out(*, token: str) -> None:
    """End the session behind this cookie; nothing happens when there is none."""
    with transaction() as session:
        session.execute(
            update(UserSession)
            .where(UserSession.token_sha256 == token_sha256(token), UserSession.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


def revoke(*, actor: Actor, user_session: str) -> UserSession:
    """End one of one's own sessions, by its public id. Raises NotFound."""
    with transaction() as session:
        row = one_for(session, actor, UserSession, user_session)
        lifecycle.act(session, actor=actor, action=Action.ACCOUNT_REVOKE_SESSION, row=row)
        if row.revoked_at is None:
            row.revoked_at = clock.now()
    return row


def touch(*, sign_in: str, seen_at: datetime | None) -> None:
    """Note that a session is in use, at most once in five minutes. `sign_in`: its public id."""
    now = clock.now()
    if seen_at is not None and now - seen_at < TOUCH_EVERY:
        return
    with transaction() as session:
        session.execute(
            update(UserSession)
            .where(UserSession.public_id == sign_in, UserSession.last_seen_at < now)
            .values(last_seen_at=now)
        )


def _address(email: str) -> str:
    """The canonical address; an impossible one is nobody's, and is treated as any unknown one."""
    try:
        return canonical(email)
    except AddressError:
        return ""


def _account(address: str, ip_prefix: str) -> Account | None:
    _refuse_storm(address, ip_prefix)
    with reading() as session:
        query = select(Account).where(Account.email == address, Account.disabled_at.is_(None))
        return session.scalar(query)


def _refuse_storm(address: str, ip_prefix: str) -> None:
    now = clock.now()
    with reading() as session:
        counts = failures_since(session, now - WINDOW, address_sha256=_sha256(address), ip_prefix=ip_prefix)
    if max(counts) >= MOST_FAILURES:
        raise Throttled(int(WINDOW.total_seconds()))


def _note_failure(address: str, account: Account | None, ip_prefix: str) -> None:
    """Known and unknown addresses leave the same row, but for the account: the address itself is not stored."""
    with transaction() as session:
        session.add(
            SecurityEvent(
                at=clock.now(),
                kind=FAILED_SIGN_IN,
                account_id=account.id if account else None,
                action=str(Action.ACCOUNT_SIGN_IN),
                object=_sha256(address),
                ip_prefix=ip_prefix,
            )
        )


def _open(
    account_id: int,
    ip_prefix: str,
    user_agent: str,
    *,
    begun_at: datetime | None = None,
    reauth_at: datetime | None = None,
) -> str:
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    with transaction() as session:
        session.add(
            UserSession(
                token_sha256=token_sha256(token),
                account_id=account_id,
                created_at=begun_at or now,
                last_seen_at=now,
                reauth_at=reauth_at,
                ip_prefix=ip_prefix,
                user_agent_sha256=_sha256(user_agent),
            )
        )
    return token


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
