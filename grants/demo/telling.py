"""What a seeded situation is told as: people to sign in as, objects by type, the strings that must not leak."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import reading
from grants.demo.accounts import PASSWORD
from grants.models import (
    Account,
    Agreement,
    Amendment,
    Application,
    Appointment,
    Attachment,
    BankAccount,
    Call,
    Decision,
    Document,
    Meeting,
    Milestone,
    Organisation,
    Programme,
    Project,
    Report,
    Review,
    Tranche,
)

#: public id and state are enough for these
STATEFUL: tuple[Any, ...] = (Agreement, Amendment, Decision, Meeting, Project, Report, Review, Tranche)
NAMELESS: tuple[Any, ...] = (Attachment, BankAccount, Document, Milestone)


def told(scenario: str, base_url: str, canaries: dict[str, str]) -> dict[str, Any]:
    """The answer of `demo seed --json`."""
    with reading() as session:
        return {
            "scenario": scenario,
            "base_url": base_url,
            "accounts": _accounts(session),
            "objects": _objects(session),
            "canaries": canaries,
        }


def _accounts(session: Session) -> list[dict[str, Any]]:
    query = (
        select(Account.email, Appointment.role, Organisation.name, Call.slug, Programme.slug)
        .join(Appointment, Appointment.account_id == Account.id)
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(Call, Call.id == Appointment.call_id)
        .outerjoin(Programme, Programme.id == Appointment.programme_id)
        .where(Appointment.ended_at.is_(None))
        .order_by(Appointment.id)
    )
    return [
        {
            "role": str(role),
            "email": email,
            "password": PASSWORD,
            "totp": None,
            "organisation": organisation,
            "call": call,
            "programme": programme,
        }
        for email, role, organisation, call, programme in session.execute(query)
    ]


def _objects(session: Session) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        "programme": [_named(row) for row in session.scalars(select(Programme).order_by(Programme.id))],
        "organisation": [_named(row) for row in session.scalars(select(Organisation).order_by(Organisation.id))],
        "call": [
            {"id": row.public_id, "name": row.title, "slug": row.slug, "state": str(row.state)}
            for row in session.scalars(select(Call).order_by(Call.id))
        ],
        "application": [
            {"id": file.public_id, "number": file.number, "state": str(file.state), "lead": lead}
            for file, lead in session.execute(
                select(Application, Organisation.name).join(Application.organisation).order_by(Application.id)
            )
        ],
    }
    for model in STATEFUL:
        rows = session.execute(select(model.public_id, model.state).order_by(model.id))
        found[model.__tablename__] = [{"id": name, "state": str(state)} for name, state in rows]
    for model in NAMELESS:
        names = session.scalars(select(model.public_id).order_by(model.id))
        found[model.__tablename__] = [{"id": name} for name in names]
    return found


def _named(row: Programme | Organisation) -> dict[str, str]:
    return {"id": row.public_id, "name": row.name}
