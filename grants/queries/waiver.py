"""Later dates given to files of a call: by whom, until when, confirmed or not."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from grants.models import Account, Application, Organisation, Waiver
from grants.workflow.application import DRAFTING, ApplicationState


class Extension(NamedTuple):
    """A later date that a manager proposed or granted."""

    waiver: Waiver
    organisation: str
    asked_by: str
    answered_by: str | None


def extensions_of(session: Session, call_id: int) -> list[Extension]:
    """The later dates of the call's files that its programme gave by itself, the newest first."""
    asked, answered = aliased(Account), aliased(Account)
    rows = session.execute(
        select(Waiver, Organisation.name, asked.name, answered.name)
        .join(Application, Application.id == Waiver.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(asked, asked.id == Waiver.asked_by_id)
        .outerjoin(answered, answered.id == Waiver.answered_by_id)
        .where(Application.call_id == call_id, Waiver.until_at.is_not(None))
        .order_by(Waiver.id.desc())
    )
    return [Extension(*row) for row in rows]


def organisations_writing(session: Session, call_id: int) -> list[tuple[str, str]]:
    """(public id, name) of the organisations that are writing a file of the call, by name."""
    rows = session.execute(
        select(Organisation.public_id, Organisation.name)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Application.call_id == call_id, Application.state.in_((*DRAFTING, ApplicationState.RETURNED)))
        .distinct()
        .order_by(Organisation.name, Organisation.public_id)
    )
    return [(row.public_id, row.name) for row in rows]
