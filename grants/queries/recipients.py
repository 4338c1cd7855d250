"""To whom a mail goes: the persons behind an audience, at the instant of the promise."""

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import Session, aliased

from grants.models import Account, Appointment
from grants.policies.actors import Role, Subject
from grants.workflow.effects import Audience


def behind(session: Session, audience: Audience, subject: Subject) -> tuple[Account, ...]:
    """The active accounts of `audience` for this subject, in a stable order, each once."""
    if audience is Audience.REVIEWER:
        query = select(Account).where(Account.id == subject.author_id)
    else:
        query = select(Account).join(Appointment).where(Appointment.ended_at.is_(None), _seat(audience, subject))
        if audience in (Audience.MANAGERS, Audience.FINANCE):
            query = query.where(Account.id.not_in(subject.conflicted), ~_writes(subject))
    return tuple(session.scalars(query.where(Account.disabled_at.is_(None)).distinct().order_by(Account.id)))


def _writes(subject: Subject) -> ColumnElement[bool]:
    """`Account` writes for the organisation behind the subject: to a manager who does, its files are closed."""
    own = aliased(Appointment)
    writing = (own.account_id == Account.id) & (own.organisation_id == subject.organisation_id)
    live = exists().where(writing, own.ended_at.is_(None)).correlate(Account)
    return live if subject.organisation_id is not None else false()


def _seat(audience: Audience, subject: Subject):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- SQL condition
    if audience is Audience.MANAGERS:
        return (Appointment.role == Role.MANAGER) & (Appointment.programme_id == subject.programme_id)
    if audience is Audience.FINANCE:
        return (Appointment.role == Role.FINANCE_OFFICER) & (Appointment.programme_id == subject.programme_id)
    roles = [Role.APPLICANT_LEAD] if audience is Audience.LEADS else [Role.APPLICANT_LEAD, Role.APPLICANT_MEMBER]
    return Appointment.role.in_(roles) & (Appointment.organisation_id == subject.organisation_id)
