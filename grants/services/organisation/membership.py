"""Belonging: of an organisation to a network, over time; of people to an organisation."""

from datetime import date

from sqlalchemy import select, update

from grants.db import transaction
from grants.errors import Invalid, NotFound, NotPossible, Reason
from grants.models import Account, Appointment, Membership, Organisation, Programme
from grants.policies import Actor, Role
from grants.policies.actors import ORGANISATION_ROLES
from grants.queries.invitation import leads_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action


def enrol(
    *, actor: Actor, programme: str, organisation: str, joined_on: date, good_standing_until_on: date | None = None
) -> Membership:
    """Note a period in which an organisation belongs to the network of a programme; without an end it holds.

    A period that begins on the same day is the same one, told again: its former row stays, replaced. Raises NotFound,
    NotAllowed, Invalid (the end comes before the beginning).
    """
    if good_standing_until_on is not None and good_standing_until_on < joined_on:
        raise Invalid({"good_standing_until_on": Reason("ends_before_start")})
    with transaction() as session:
        network = one_for(session, actor, Programme, programme)
        member = one_for(session, actor, Organisation, organisation)
        now = lifecycle.moment(session)
        session.execute(
            update(Membership)
            .where(
                Membership.programme_id == network.id,
                Membership.organisation_id == member.id,
                Membership.joined_on == joined_on,
                Membership.replaced_at.is_(None),
            )
            .values(replaced_at=now)
        )
        row = Membership(
            programme_id=network.id,
            organisation_id=member.id,
            joined_on=joined_on,
            good_standing_until_on=good_standing_until_on,
            noted_by_id=actor.id,
            noted_at=now,
        )
        session.add(row)
        note = {
            "organisation": organisation,
            "from": joined_on.isoformat(),
            "until": good_standing_until_on.isoformat() if good_standing_until_on else "",
        }
        lifecycle.act(session, actor=actor, action=Action.ORGANISATION_ENROL, row=network, note=note)
    return row


def remove_member(*, actor: Actor, organisation: str, account: str) -> Organisation:
    """Take from a person every role held for an organisation; it counts for nothing from the next request on.

    Raises NotFound, NotAllowed, NotPossible (nobody would lead the organisation any more).
    """
    action = Action.ORGANISATION_REMOVE_MEMBER
    with transaction() as session:
        row = one_for(session, actor, Organisation, organisation)
        held = session.scalars(
            select(Appointment)
            .join(Account, Account.id == Appointment.account_id)
            .where(
                Account.public_id == account,
                Appointment.organisation_id == row.id,
                Appointment.role.in_(ORGANISATION_ROLES),
                Appointment.ended_at.is_(None),
            )
        ).all()
        if not held:
            raise NotFound(account)
        lifecycle.act(session, actor=actor, action=action, row=row, note={"account": account})
        if any(one.role == Role.APPLICANT_LEAD for one in held) and leads_of(session, row.id) <= 1:
            raise NotPossible(action, (Reason("last_lead"),))
        for one in held:
            one.ended_at = lifecycle.moment(session)
    return row
