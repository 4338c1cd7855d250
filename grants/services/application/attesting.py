"""Attestations: a partner is shown what concerns it and nothing else, attests it, and is asked again when it changes."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.reasons import Unreadable
from grants.domain.receipts import fingerprint
from grants.domain.text import clean_line
from grants.errors import Invalid, NotFound, NotPossible, Reason, Throttled
from grants.models import Account, Application, Attestation, Collaborator, Partner
from grants.policies import ANONYMOUS, Actor
from grants.queries import consortium
from grants.queries.visibility import one_for
from grants.services import lifecycle, sealing
from grants.services.application import asking, picture
from grants.services.application.partners import partner_of
from grants.workflow.actions import Action
from grants.workflow.application import DRAFTING, ApplicationState

ATTEST = Action.APPLICATION_ATTEST
AGAIN = timedelta(minutes=10)  # between two mails to the same partner
MOST_A_DAY = 60  # mails about one file
MOST_TO_ONE = 20  # to one address in an hour, whoever asks
LONGEST_LINE = 120
OPEN = (*DRAFTING, ApplicationState.RETURNED)


def ask_attestation(*, actor: Actor, application: str, partner: str) -> Attestation:
    """Write to a partner's contact; a former link opens nothing any more.

    Raises NotFound, NotAllowed, NotPossible (closed, attested already), Invalid (contact_email), Throttled.
    """
    action = Action.APPLICATION_ASK_ATTESTATION
    with transaction() as session:
        whose = partner_of(session, one_for(session, actor, Application, application), partner)
        row = picture.change(session, actor=actor, action=action, public_id=application, note={"partner": partner})
        now = row.edited_at
        if not whose.contact_email:
            raise Invalid({"contact_email": Reason("contact_missing")})
        live = _live(session, whose)
        if (
            live is not None
            and live.attested_at is not None
            and live.content_sha256 == consortium.sha256_of(row, whose)
        ):
            raise NotPossible(action, (Reason("attested_already"),))
        if live is not None and live.attested_at is None and now - live.asked_at < AGAIN:
            raise Throttled(int(AGAIN.total_seconds()))
        about, to = consortium.asked_lately(session, row, whose.contact_email, now)
        if about >= MOST_A_DAY or to >= MOST_TO_ONE:  # partners come and go: the mails that left are counted
            raise Throttled(int(timedelta(hours=1).total_seconds()))
        if live is not None:
            live.ended_at = now
        renews = live.renews_id if live is not None and live.attested_at is None else None
        return asking.ask(session, row, whose, now, "attestation-asked", asked_by=actor.id, renews=renews)


def attest(*, token: str, name: str, function: str, seen: str) -> Attestation:
    """The partner's contact attests what the page showed, of which `seen` is the fingerprint. Nobody is signed in.

    Raises NotFound (no such link), NotPossible (over, the file is closed, or the content has changed since), Invalid.
    """
    words = _signature(name, function)
    with transaction() as session:
        row = consortium.by_token(session, sealing.sha256(token))
        if row is None:
            raise NotFound("attestation")
        file = session.get_one(Application, row.partner.application_id)
        now = lifecycle.moment(session)
        if reason := closed(row, file, now):
            raise NotPossible(ATTEST, (Reason(reason),))
        content = consortium.content_of(file, row.partner)
        sha256 = fingerprint(content)
        if seen != sha256:
            raise NotPossible(ATTEST, (Reason("content_changed"),))
        given = session.execute(
            update(Attestation)
            .where(Attestation.id == row.id, Attestation.attested_at.is_(None), Attestation.ended_at.is_(None))
            .values(attested_at=now, shown=content, content_sha256=sha256, **words)
            .execution_options(synchronize_session=False)
        )
        if given.rowcount != 1:  # type: ignore[attr-defined]
            raise NotPossible(ATTEST, (Reason("attestation_over"),))
        note = {"partner": row.partner.public_id, "sha256": sha256}
        lifecycle.act(session, actor=ANONYMOUS, action=ATTEST, row=file, note=note)
        session.refresh(row)
    return row


def closed(row: Attestation, file: Application, now: datetime) -> str:
    """Why nothing can be attested by this link any more; empty while it can."""
    if row.attested_at is not None or row.ended_at is not None or now >= row.expires_at:
        return "attestation_over"
    return "" if file.state in OPEN else "attestation_closed"


def _signature(name: str, function: str) -> dict[str, str]:
    values: dict[str, str] = {}
    problems: dict[str, Reason] = {}
    for column, text in (("name", name), ("function", function)):
        try:
            values[column] = clean_line(text, LONGEST_LINE)
        except Unreadable as error:
            problems[column] = error.as_reason
            continue
        if not values[column]:
            problems[column] = Reason("empty")
    if problems:
        raise Invalid(problems)
    return values


def _live(session: Session, partner: Partner) -> Attestation | None:
    query = select(Attestation).where(Attestation.partner_id == partner.id, Attestation.ended_at.is_(None))
    return session.scalar(query.order_by(Attestation.id.desc()).limit(1))


def remove_collaborator(*, actor: Actor, application: str, collaborator: str) -> Collaborator:
    """Somebody from outside writes this file no more, from the next request on. Raises NotFound, NotAllowed."""
    action = Action.APPLICATION_REMOVE_COLLABORATOR
    with transaction() as session:
        row = one_for(session, actor, Application, application)
        held = session.scalar(
            select(Collaborator).where(
                Collaborator.application_id == row.id,
                Collaborator.public_id == collaborator,
                Collaborator.removed_at.is_(None),
            )
        )
        if held is None:
            raise NotFound(collaborator)
        account = session.get_one(Account, held.account_id).public_id
        lifecycle.act(session, actor=actor, action=action, row=row, note={"account": account})
        held.removed_at = lifecycle.moment(session)
    return held
