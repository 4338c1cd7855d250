"""Asking a partner to attest: at first, and again when what it attested has changed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import outbox
from grants.models import Application, Attestation, Partner
from grants.queries.consortium import sha256_of
from grants.queries.subjects import name_of, subject_of
from grants.services import lifecycle

LIFE = timedelta(days=60)


def ask(  # noqa: PLR0913 -- whom, about what, why
    session: Session,
    row: Application,
    partner: Partner,
    now: datetime,
    mail: str,
    *,
    asked_by: int | None = None,
    renews: int | None = None,
) -> Attestation:
    """A request to attest, and the promise of its mail where the partner has an address."""
    request = Attestation(
        partner_id=partner.id,
        email=partner.contact_email,
        contact=partner.contact_name,
        asked_at=now,
        asked_by_id=asked_by,
        renews_id=renews,
        expires_at=now + LIFE,
    )
    session.add(request)
    session.flush()
    if request.email:
        outbox.put(
            session,
            f"attestation:{request.public_id}",
            kind="mail",
            name=mail,
            subject=name_of(row),
            programme_id=subject_of(row, session).programme_id,
            made_at=now,
            payload={"attestation": request.public_id},
        )
    return request


def settle(session: Session, application_id: int) -> None:
    """After a change of the file: end every attestation of something else than what stands there now, and ask again.

    Runs at the end of the transaction that changed it; the contact is written to once for each attestation ended.
    """
    row = session.get(Application, application_id)
    if row is None:
        return
    given = session.scalars(
        select(Attestation)
        .join(Partner, Partner.id == Attestation.partner_id)
        .where(Partner.application_id == row.id, Attestation.attested_at.is_not(None), Attestation.ended_at.is_(None))
    ).all()
    if given:
        session.expire(row, ["budget_lines", "partners"])
    for former in given:
        if former.content_sha256 != sha256_of(row, former.partner):
            now = lifecycle.moment(session)
            former.ended_at = now
            ask(session, row, former.partner, now, "attestation-renewed", renews=former.id)
