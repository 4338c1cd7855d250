"""Calls by invitation: which organisations the programme asks, told by mail once the call is published."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.db import transaction
from grants.domain.text import TextError, clean_text
from grants.errors import Invalid, NotPossible, Reason
from grants.models import Application, Call, Invitee, Organisation
from grants.policies import Actor, require
from grants.queries.eligibility import by_invitation
from grants.queries.invitee import invitees_of
from grants.queries.recipients import behind
from grants.queries.subjects import name_of, subject_of
from grants.queries.visibility import one_for
from grants.services import lifecycle
from grants.workflow.actions import Action
from grants.workflow.call import CallState
from grants.workflow.effects import Audience

LONGEST_REASON = 2000
INVITE = Action.CALL_INVITE_ORGANISATION
WITHDRAW = Action.CALL_WITHDRAW_INVITATION


def invite_organisations(*, actor: Actor, call: str, organisations: Iterable[str], reason: str = "") -> list[Invitee]:
    """Invite these organisations (public ids) to a call by invitation; those that are invited already stay as they are.

    Everybody who writes for them gets one mail: at once in a published call, at its publication before. `reason`: why
    this organisation, for the programme's own record and for the mail. Raises NotFound, NotAllowed, Invalid (nobody
    chosen, reason), NotPossible (a call open to others, or closed).
    """
    try:
        words = clean_text(reason, LONGEST_REASON)
    except TextError as error:
        raise Invalid({"reason": error.as_reason}) from error
    wanted = list(dict.fromkeys(organisations))
    with transaction() as session:
        row = one_for(session, actor, Call, call)
        require(actor, INVITE, subject_of(row, session))
        if not wanted:
            raise Invalid({"organisations": Reason("missing")})
        _refuse_others(session, row)
        known = {one.invitee.organisation_id for one in invitees_of(session, row.id) if one.live}
        now = lifecycle.moment(session)
        made = []
        for public_id in wanted:
            organisation = one_for(session, actor, Organisation, public_id)
            if organisation.id in known:
                continue
            asked = Invitee(call=row, organisation=organisation, reason=words, invited_by_id=actor.id, invited_at=now)
            session.add(asked)
            lifecycle.act(
                session, actor=actor, action=INVITE, row=row, note={"organisation": public_id, "reason": words}
            )
            if row.state == CallState.PUBLISHED:
                _tell(session, asked)
            made.append(asked)
    return made


def withdraw_invitation(*, actor: Actor, invitee: str) -> Invitee:
    """Take back an invitation under which no file was begun. Raises NotFound, NotAllowed, NotPossible (it was used)."""
    with transaction() as session:
        row = one_for(session, actor, Invitee, invitee)
        require(actor, WITHDRAW, subject_of(row, session))
        begun = select(Application.id).where(
            Application.call_id == row.call_id, Application.organisation_id == row.organisation_id
        )
        if session.scalar(begun.limit(1)) is not None:
            raise NotPossible(WITHDRAW, (Reason("invitation_not_used", {"organisation": row.organisation.name}),))
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by_id = lifecycle.moment(session), actor.id
            note = {"organisation": row.organisation.public_id}
            lifecycle.act(session, actor=actor, action=WITHDRAW, row=row, note=note)
    return row


def tell_all(session: Session, call: Call) -> None:
    """Promise the mails of a call that is published now: whoever was invited while it was written."""
    for one in invitees_of(session, call.id):
        if one.live and one.invitee.told_at is None:
            _tell(session, one.invitee)


def _tell(session: Session, asked: Invitee) -> None:
    session.flush()
    now = lifecycle.moment(session)
    subject = subject_of(asked, session)
    for person in behind(session, Audience.TEAM, subject):
        outbox.put(
            session,
            f"invitee:{asked.public_id}:{person.public_id}",
            kind="mail",
            name="call-invitation",
            subject=name_of(asked),
            recipient_id=person.id,
            programme_id=subject.programme_id,
            made_at=now,
            payload={},
        )
    asked.told_at = now


def _refuse_others(session: Session, call: Call) -> None:
    if not by_invitation(session, call):
        raise NotPossible(INVITE, (Reason("by_invitation"),))
    if call.state == CallState.CLOSED or call.imported:
        raise NotPossible(INVITE, (Reason("not_from_here", {"state": str(call.state), "machine": "call"}),))
