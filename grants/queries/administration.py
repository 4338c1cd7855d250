"""Accounts with their roles, and the audit trail, as lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    AuditEntry,
    BankAccount,
    Call,
    Decision,
    Organisation,
    Programme,
    Project,
    Report,
    Review,
    Tranche,
)
from grants.policies import Actor
from grants.queries.visibility import received, visible_to

PER_PAGE = 50
# kind of object: its public id and what people call it, or what it belongs to
TITLES: dict[str, Select[*tuple[Any, ...]]] = {
    "account": select(Account.public_id, Account.name),
    # a draft has no number, and its title is its authors'
    "application": select(
        Application.public_id,
        func.coalesce(Application.number, case((received(), Application.title), else_="")),
    ),
    "bank-account": select(BankAccount.public_id, Organisation.name).join(
        Organisation, Organisation.id == BankAccount.organisation_id
    ),
    "call": select(Call.public_id, Call.title),
    "organisation": select(Organisation.public_id, Organisation.name),
    "programme": select(Programme.public_id, Programme.name),
    "project": select(Project.public_id, Project.number),
    **{
        name: select(kind.public_id, Application.number).join(Application, Application.id == kind.application_id)
        for name, kind in (("decision", Decision), ("review", Review))
    },
    **{
        name: select(kind.public_id, Project.number).join(Project, Project.id == kind.project_id)
        for name, kind in (("agreement", Agreement), ("amendment", Amendment), ("report", Report), ("tranche", Tranche))
    },
}


@dataclass(frozen=True)
class TrailLine:
    """One act, with the name of the person as it is today."""

    seq: int
    at: datetime
    who: str
    action: str
    object: str
    before: str
    after: str


def accounts(session: Session, actor: Actor, page: int, q: str = "") -> tuple[list[Account], int]:
    """(accounts of this page with their appointments, how many in all), by name."""
    rule = visible_to(actor, Account)
    if q:
        like = f"%{q}%"
        rule = rule & or_(Account.name.ilike(like), Account.email.ilike(like))
    total = session.scalar(select(func.count()).select_from(Account).where(rule)) or 0
    query = select(Account).where(rule).options(selectinload(Account.appointments)).order_by(Account.name, Account.id)
    return list(session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))), total


def scopes(session: Session) -> dict[str, dict[int, str]]:
    """Names of what appointments are for: organisations, calls, programmes by id."""
    return {
        "organisation": dict(session.execute(select(Organisation.id, Organisation.name)).all()),
        "call": dict(session.execute(select(Call.id, Call.title)).all()),
        "programme": dict(session.execute(select(Programme.id, Programme.name)).all()),
    }


def trail(session: Session, actor: Actor, page: int, q: str = "", obj: str = "") -> tuple[list[TrailLine], int]:
    """(acts of this page, newest first, how many in all); `q` filters on the action, `obj` on the object."""
    rule = visible_to(actor, AuditEntry)
    if q:
        rule = rule & AuditEntry.action.ilike(f"%{q}%")
    if obj:
        rule = rule & (AuditEntry.object == obj)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(rule)) or 0
    query = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.public_id == AuditEntry.actor)
        .where(rule)
        .order_by(AuditEntry.seq.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [_line(entry, name) for entry, name in session.execute(query)], total


def _line(entry: AuditEntry, name: str | None) -> TrailLine:
    return TrailLine(
        entry.seq,
        entry.at,
        name or ("Palabre" if entry.actor == "system" else entry.actor),
        entry.action,
        entry.object,
        str(entry.body.get("from", "")),
        str(entry.body.get("to", "")),
    )


def titles(session: Session, objects: Iterable[str]) -> dict[str, str]:
    """What people call these objects (`type:public_id`), which the reader is known to see; a query a kind."""
    asked: dict[str, set[str]] = {}
    for name in objects:
        kind, _colon, public_id = name.partition(":")
        asked.setdefault(kind, set()).add(public_id)
    return {
        f"{kind}:{public_id}": words or ""
        for kind, ids in asked.items()
        if kind in TITLES
        for public_id, words in session.execute(TITLES[kind].where(TITLES[kind].selected_columns["public_id"].in_(ids)))
    }
