"""Who is invited to a call, what became of each invitation, and who of the register could be."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from grants.models import Account, Application, Appointment, Invitee, Organisation
from grants.policies.actors import ORGANISATION_ROLES
from grants.workflow.application import ApplicationState

MOST_FOUND = 30


@dataclass(frozen=True)
class Invited:
    """An invitation: by whom, who could be told (`people`), and the file that was begun under it, if any."""

    invitee: Invitee
    by: str
    people: int
    file: Application | None

    @property
    def live(self) -> bool:
        """Not taken back."""
        return self.invitee.withdrawn_at is None

    @property
    def used(self) -> bool:
        """A file was begun: the invitation cannot be taken back any more."""
        return self.file is not None


def invitees_of(session: Session, call_id: int) -> list[Invited]:
    """Every invitation to the call, also those taken back, by the name of the organisation."""
    writes = (
        select(func.count(Appointment.id))
        .where(
            Appointment.organisation_id == Invitee.organisation_id,
            Appointment.role.in_(ORGANISATION_ROLES),
            Appointment.ended_at.is_(None),
        )
        .correlate(Invitee)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Invitee, Account.name, writes)
        .join(Organisation, Organisation.id == Invitee.organisation_id)
        .outerjoin(Account, Account.id == Invitee.invited_by_id)
        .options(joinedload(Invitee.organisation))
        .where(Invitee.call_id == call_id)
        .order_by(Organisation.name, Invitee.id)
    ).all()
    files = _files(session, call_id, [row[0].organisation_id for row in rows])
    return [Invited(row[0], row[1] or "", row[2], files.get(row[0].organisation_id)) for row in rows]


def _files(session: Session, call_id: int, organisations: list[int]) -> dict[int, Application]:
    query = select(Application).where(Application.call_id == call_id, Application.organisation_id.in_(organisations))
    files = sorted(session.scalars(query), key=lambda file: (file.state != ApplicationState.WITHDRAWN, file.id))
    return {file.organisation_id: file for file in files}


def could_be_invited(session: Session, call_id: int, words: str) -> Sequence[Organisation]:
    """Organisations of the register that are not invited yet and whose name or number holds these words; so many."""
    invited = exists().where(
        and_(
            Invitee.call_id == call_id,
            Invitee.organisation_id == Organisation.id,
            Invitee.withdrawn_at.is_(None),
        )
    )
    query = select(Organisation).where(~invited).order_by(func.lower(Organisation.name), Organisation.id)
    if words:
        held = f"%{_escaped(words.lower())}%"
        query = query.where(
            or_(
                func.lower(Organisation.name).like(held, escape="\\"),
                Organisation.siret == words.replace(" ", ""),
                Organisation.rna == words.upper(),
            )
        )
    return session.scalars(query.limit(MOST_FOUND)).all()


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
