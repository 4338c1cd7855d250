"""Rows for tests: plain functions with defaults, keyword-only, one row (and what it cannot do without) each.

They write straight into the tables: a test of one use case should not depend on all those before it.
"""

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from grants import clock
from grants.models import (
    Account,
    Application,
    Appointment,
    Attachment,
    Attendance,
    BudgetLine,
    Call,
    Criterion,
    Envelope,
    Interest,
    Mark,
    Meeting,
    Organisation,
    Partner,
    Programme,
    Review,
    Territory,
    UserSession,
)
from grants.policies.actors import Role
from grants.workflow.application import ApplicationState
from grants.workflow.call import CallState
from grants.workflow.review import ReviewState

NUMBERS = count(1)
PASSWORD = "une phrase assez longue"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = QUICK.hash(PASSWORD)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def an_organisation(session: Session, **values: Any) -> Organisation:
    """An association with nothing particular."""
    row = Organisation(
        **{
            "name": f"Organisation {next(NUMBERS)}",
            "address_lines": ["1 rue de la Paix", "75002 Paris"],
            "created_at": NOW,
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row


def an_account(session: Session, *, role: Role | None = None, **values: Any) -> Account:
    """A person; with `role`, also the appointment: pass organisation_id, call_id or programme_id beside it."""
    scope = {name: values.pop(name) for name in ("organisation_id", "call_id", "programme_id") if name in values}
    number = next(NUMBERS)
    row = Account(
        **{
            "email": f"personne{number}@exemple.invalid",
            "name": f"Personne {number}",
            "password_hash": PASSWORD_HASH,
            "created_at": NOW,
            **values,
        }
    )
    session.add(row)
    session.flush()
    if role is not None:
        an_appointment(session, row, role, **scope)
    return row


def an_appointment(session: Session, account: Account, role: Role, **scope: Any) -> Appointment:
    """A role held by `account`."""
    row = Appointment(account_id=account.id, role=role, since_at=NOW, **scope)
    session.add(row)
    session.flush()
    return row


def a_session(session: Session, account: Account) -> str:
    """A live sign-in; returns what the cookie holds."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_sha256=hashlib.sha256(token.encode()).hexdigest(),
            account_id=account.id,
            created_at=clock.now(),
            last_seen_at=clock.now(),
        )
    )
    session.flush()
    return token


def a_programme(session: Session, **values: Any) -> Programme:
    """A programme and its network."""
    network = values.pop("network", None) or an_organisation(session, actor_kind="network")
    number = next(NUMBERS)
    row = Programme(
        **{"slug": f"programme-{number}", "name": f"Programme {number}", "network_id": network.id, **values}
    )
    session.add(row)
    session.flush()
    return row


def a_call(
    session: Session, *, programme: Programme | None = None, envelope_cents: int = 10_500_000, **values: Any
) -> Call:
    """A published call, open now, with the rubric and the rules of the worked example."""
    programme = programme or a_programme(session)
    number, now = next(NUMBERS), clock.now()
    row = Call(
        **{
            "slug": f"appel-{number}",
            "programme_id": programme.id,
            "title": f"Appel {number}",
            "edition": "2027",
            "state": CallState.PUBLISHED,
            "opens_at": now - timedelta(days=10),
            "closes_at": now + timedelta(days=16),
            "reviews_open_at": now + timedelta(days=20),
            "reviews_close_at": now + timedelta(days=40),
            "min_cents": 800_000,
            "max_cents": 1_600_000,
            "max_rate_bp": 7_000,
            "max_in_kind_bp": 2_500,
            "min_other_cash_bp": 3_000,
            "min_months": 6,
            "max_months": 12,
            "min_actor_kinds": 2,
            "reviews_required": 3,
            "quorum": 4,
            "threshold": 60,
            "tranches": [
                {"share_bp": 6000, "condition": "agreement_signed"},
                {"share_bp": 3000, "condition": "interim_report_accepted"},
                {"share_bp": 1000, "condition": "final_report_accepted"},
            ],
            **values,
        }
    )
    session.add(row)
    session.flush()
    weights = {"C1": 20, "C2": 25, "C3": 15, "C4": 10, "C5": 15, "C6": 10, "C7": 5}
    for position, (key, weight) in enumerate(weights.items(), start=1):
        session.add(
            Criterion(
                call_id=row.id,
                key=key,
                position=position,
                name=f"Critère {position}",
                weight=weight,
                minimum_half_points=5 if key == "C2" else None,
            )
        )
    session.add(Envelope(call_id=row.id, total_cents=envelope_cents))
    session.flush()
    return row


def an_application(session: Session, *, call: Call, **values: Any) -> Application:
    """A received file of a new organisation: submitted, numbered, asking for 10 000 €."""
    organisation_id = values.pop("organisation_id", None) or an_organisation(session).id
    author = (
        values.pop("created_by_id", None)
        or an_account(session, role=Role.APPLICANT_LEAD, organisation_id=organisation_id).id
    )
    number, now = next(NUMBERS), clock.now()
    row = Application(
        **{
            "call_id": call.id,
            "organisation_id": organisation_id,
            "created_by_id": author,
            "number": f"2027-{number:03}",
            "title": f"Projet {number}",
            "state": ApplicationState.SUBMITTED,
            "requested_cents": 1_000_000,
            "created_at": now,
            "edited_at": now,
            "submitted_at": now,
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row


def a_review(
    session: Session, *, application: Application, reviewer: Account, halves: int | None = None, **values: Any
) -> Review:
    """A review; with `halves` (half points) it is given, the same mark on every criterion, commented."""
    given = halves is not None
    row = Review(
        **{
            "application_id": application.id,
            "reviewer_id": reviewer.id,
            "state": ReviewState.GIVEN if given else ReviewState.ASSIGNED,
            "assigned_at": clock.now(),
            "given_at": clock.now() if given else None,
            **values,
        }
    )
    session.add(row)
    session.flush()
    if given:
        for criterion in session.get_one(Call, application.call_id).criteria:
            session.add(Mark(review_id=row.id, criterion_id=criterion.id, half_points=halves, comment="Dit pourquoi."))
        session.flush()
    return row


def an_interest(session: Session, *, application: Application, account: Account, stand: str = "free") -> Interest:
    """A declaration in force."""
    row = Interest(application_id=application.id, account_id=account.id, stand=stand, declared_at=clock.now())
    session.add(row)
    session.flush()
    return row


def a_meeting(
    session: Session, *, call: Call, secretary: Account, present: tuple[Account, ...] = (), **values: Any
) -> Meeting:
    """A sitting, convened unless said otherwise."""
    row = Meeting(call_id=call.id, secretary_id=secretary.id, **{"held_at": clock.now(), **values})
    row.attendance = [Attendance(account_id=person.id, recorded_at=clock.now()) for person in present]
    session.add(row)
    session.flush()
    return row


ANSWERS = {
    "signatory_name": "Awa Diop",
    "signatory_function": "Présidente",
    "contact_name": "Awa Diop",
    "contact_phone": "01 23 45 67 89",
    "title": "Pêche artisanale et filières courtes",
    "theme": "Alimentation",
    "summary": "Relier deux côtes.",
    "context": "Un enjeu partagé.",
    "activities": "Quatre ateliers.",
    "alliance": "Chacun décide.",
    "learning": "Une méthode.",
    "effects": "Des prix plus justes.",
    "equality_climate": "Des femmes aux commandes.",
    "starts_on": "01/03/2027",
    "ends_on": "31/08/2027",
    "exact": "yes",
    "republican_commitment": "yes",
}


def a_draft(session: Session, *, call: Call, lead: Account, organisation: Organisation, **values: Any) -> Application:
    """A draft that lacks nothing: submitting it is all that is left. Give `answers={}` for a bare one."""
    row = Application(
        **{
            "call_id": call.id,
            "organisation_id": organisation.id,
            "created_by_id": lead.id,
            "title": ANSWERS["title"],
            "answers": dict(ANSWERS),
            "requested_cents": 1_000_000,
            "starts_on": date(2027, 3, 1),
            "ends_on": date(2027, 8, 31),
            "created_at": clock.now(),
            "edited_at": clock.now(),
            **values,
        }
    )
    row.partners = [
        Partner(name="Ville de Nort", actor_kind="local_authority"),
        Partner(name="Coop Marée", actor_kind="company", country="SN"),
    ]
    row.territories = [
        Territory(side="here", code="REG-53", label="Bretagne"),
        Territory(side="there", code="SN", label="Sénégal"),
    ]
    lines = [
        ("expense", "other_services.travel", "Voyages", "", 1_500_000),
        ("income", "grants.this_fund", "", "", 1_000_000),
        ("income", "grants.region", "Région", "granted", 300_000),
        ("income", "own_funds.other", "", "", 200_000),
    ]
    row.budget_lines = [
        BudgetLine(position=rank, side=side, key=key, label=label, status=status, amount_cents=cents)
        for rank, (side, key, label, status, cents) in enumerate(lines, start=1)
    ]
    row.attachments = [
        Attachment(
            kind=kind,
            filename=f"{kind}.pdf",
            media_type="application/pdf",
            size=1200,
            sha256=hashlib.sha256(kind.encode()).hexdigest(),
            added_by_id=lead.id,
            added_at=clock.now(),
        )
        for kind in ("statutes", "accounts", "bank_statement", "partner_letters")
    ]
    session.add(row)
    session.flush()
    return row
