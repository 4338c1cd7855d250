"""The alliance behind a file: what concerns each partner, its share of the budget, what it has attested and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.domain.chart import Side
from grants.domain.receipts import fingerprint
from grants.models import Account, Application, Attestation, Collaborator, Organisation, Partner, Promise
from grants.queries.subjects import name_of

CONTENT_VERSION = 1
SUMMARY = "summary"
OPERATOR = "support_operator"


class AttestationState(StrEnum):
    """How a partner's attestation stands."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    ATTESTED = "attested"
    TO_RENEW = "to_renew"  # what was attested has changed since


@dataclass(frozen=True)
class Shares:
    """What a partner spends and brings, in cents of the call's currency."""

    expense_cents: int = 0
    income_cents: int = 0


@dataclass(frozen=True)
class Standing:
    """A partner, its shares, and its newest attestation; `at`: when it was asked or given (UTC)."""

    partner: Partner
    shares: Shares
    state: AttestationState
    attestation: Attestation | None

    @property
    def at(self) -> datetime | None:
        """When it was given, else asked."""
        found = self.attestation
        return (found.attested_at or found.asked_at) if found is not None else None


@dataclass(frozen=True)
class Helper:
    """Somebody from outside who writes this file."""

    collaborator: Collaborator
    name: str
    email: str
    partner: str


def shares_of(application: Application) -> dict[int, Shares]:
    """Shares by the internal id of the partner; partners without a line are not there."""
    sums: dict[int, dict[str, int]] = {}
    for line in application.budget_lines:
        if line.partner_id is not None:
            sides = sums.setdefault(line.partner_id, {})
            sides[line.side] = sides.get(line.side, 0) + line.amount_cents
    return {
        partner_id: Shares(sides.get(str(Side.EXPENSE), 0), sides.get(str(Side.INCOME), 0))
        for partner_id, sides in sums.items()
    }


def content_of(application: Application, partner: Partner) -> dict[str, Any]:
    """Exactly what a partner is shown and attests, as plain values: nothing else of the file."""
    shares = shares_of(application).get(partner.id, Shares())
    return {
        "v": CONTENT_VERSION,
        "call": application.call.title,
        "lead": application.organisation.name,
        "title": application.title,
        "summary": str(application.answers.get(SUMMARY, "")),
        "partner": partner.name,
        "country": partner.country,
        "part": partner.part,
        "role": partner.role,
        "expense_cents": shares.expense_cents,
        "income_cents": shares.income_cents,
    }


def sha256_of(application: Application, partner: Partner) -> str:
    """The fingerprint of what a partner would attest now."""
    return fingerprint(content_of(application, partner))


def standings_of(session: Session, application: Application) -> list[Standing]:
    """Every partner of the file, in its order; one query for all attestations."""
    newest: dict[int, Attestation] = {}
    query = select(Attestation).join(Partner, Partner.id == Attestation.partner_id)
    for row in session.scalars(query.where(Partner.application_id == application.id).order_by(Attestation.id)):
        newest[row.partner_id] = row
    shares = shares_of(application)
    return [
        Standing(
            partner,
            shares.get(partner.id, Shares()),
            _state(application, partner, newest.get(partner.id)),
            newest.get(partner.id),
        )
        for partner in application.partners
    ]


def _state(application: Application, partner: Partner, row: Attestation | None) -> AttestationState:
    if row is None:
        return AttestationState.NOT_ASKED
    if row.attested_at is None:
        return AttestationState.TO_RENEW if row.renews_id is not None else AttestationState.ASKED
    current = row.ended_at is None and row.content_sha256 == sha256_of(application, partner)
    return AttestationState.ATTESTED if current else AttestationState.TO_RENEW


def fingerprints_attested(session: Session, application: Application) -> dict[int, str]:
    """What each partner attested and still stands: the fingerprint, by the internal id of the partner."""
    return {
        one.partner.id: one.attestation.content_sha256
        for one in standings_of(session, application)
        if one.attestation is not None and one.state is AttestationState.ATTESTED
    }


def unattested(session: Session, application: Application) -> tuple[str, ...]:
    """Names of the partners and co-applicants who have not attested what stands in the file now."""
    return tuple(
        one.partner.name
        for one in standings_of(session, application)
        if one.partner.part != OPERATOR and one.state is not AttestationState.ATTESTED
    )


def operator_signed(session: Session, application: Application) -> bool:
    """A support operator is named, and every one named has co-signed what stands in the file now."""
    operators = [one for one in standings_of(session, application) if one.partner.part == OPERATOR]
    return bool(operators) and all(one.state is AttestationState.ATTESTED for one in operators)


@dataclass(frozen=True)
class Operator:
    """A support operator of a file, and when it co-signed what stands there now (UTC); None: not yet."""

    name: str
    contact: str
    email: str
    signed_at: datetime | None
    signature: str = ""  # public id of what it signed


def operators_of(session: Session, application: Application) -> list[Operator]:
    """The support operators named in the file, in its order."""
    return [
        Operator(
            one.partner.name,
            one.partner.contact_name,
            one.partner.contact_email,
            one.at if one.state is AttestationState.ATTESTED else None,
            one.attestation.public_id if one.attestation is not None else "",
        )
        for one in standings_of(session, application)
        if one.partner.part == OPERATOR
    ]


def cosigned(session: Session, public_id: str) -> Attestation | None:
    """The co-signature of this mail, while it stands."""
    row = session.scalar(select(Attestation).where(Attestation.public_id == public_id))
    return row if row is not None and row.attested_at is not None and row.ended_at is None else None


def asked_lately(session: Session, application: Application, email: str, now: datetime) -> tuple[int, int]:
    """Requests to attest: mails about this file in a day, requests to this address, whoever asked, in an hour."""
    about = select(func.count(Promise.id)).where(
        Promise.subject == name_of(application),
        Promise.name == "attestation-asked",
        Promise.made_at > now - timedelta(days=1),
    )
    to = select(func.count(Attestation.id)).where(
        Attestation.email == email, Attestation.asked_at > now - timedelta(hours=1)
    )
    return session.scalar(about) or 0, session.scalar(to) or 0


def by_token(session: Session, token_sha256: str) -> Attestation | None:
    """The request behind a link, whatever became of it."""
    if not token_sha256:
        return None
    return session.scalar(select(Attestation).where(Attestation.token_sha256 == token_sha256))


def known_organisation(session: Session, name_key: str, country: str) -> int | None:
    """The organisation of the register that has this name in this country."""
    query = select(Organisation.id).where(Organisation.name_key == name_key, Organisation.country == country)
    return session.scalar(query) if name_key else None


def helpers_of(session: Session, application_id: int) -> list[Helper]:
    """Who writes this file from outside, by name."""
    rows = session.execute(
        select(Collaborator, Account.name, Account.email, Partner.name)
        .join(Account, Account.id == Collaborator.account_id)
        .outerjoin(Partner, Partner.id == Collaborator.partner_id)
        .where(
            Collaborator.application_id == application_id,
            Collaborator.removed_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    return [Helper(row, name, email, partner or "") for row, name, email, partner in rows]
