"""The people of the matrix: one of each role, the same role elsewhere, and those whom a conflict of interest closes out."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants import clock
from grants.models import Account, Call, Organisation, Programme, UserSession
from grants.policies import Role
from grants.queries.account import token_sha256
from tests import builders

WHO = {
    "AN": "nobody signed in",
    "AM": "member of the applicant",
    "AL": "lead of the applicant",
    "CO": "somebody from outside who writes one draft of the applicant",
    "RV": "reviewer named to read, free of interests",
    "R2": "another one, who has given every review",
    "RN": "committee member who reads nothing and declared nothing",
    "RX": "committee member in conflict with every file",
    "CH": "chair",
    "CX": "chair in conflict with every file",
    "PM": "manager of the programme",
    "PX": "manager in conflict with every file",
    "PL": "manager of the programme who also leads the applicant",
    "FO": "finance officer of the programme",
    "FL": "finance officer of the programme who ordered and entered what another must confirm",
    "AD": "administrator",
    "AU": "auditor",
    "AX": "auditor in conflict with every file",
    "xAM": "member of another applicant",
    "xAL": "lead of another applicant",
    "xRV": "reviewer of another call",
    "xCH": "chair of another call",
    "xPM": "manager of another programme",
    "xFO": "finance officer of another programme",
    "NO": "an account that holds no role",
    "DI": "a manager whose account is closed, with a cookie that still lives",
}
EVERYBODY = tuple(WHO)
CONFLICTED = ("RX", "CX", "PX", "AX")
FREE = ("RV", "R2", "CH")


@dataclass
class Cast:
    """Accounts by code, and the cookie of each."""

    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Account:
        return self.accounts[code]


def engage(
    session: Session,
    *,
    holder: Organisation,
    stranger: Organisation,
    programme: Programme,
    other_programme: Programme,
    calls: list[Call],
    other_call: Call,
) -> Cast:
    """Everybody, with their roles and a live session that has confirmed its password just now."""
    cast = Cast()
    home: dict[str, tuple[Role | None, dict[str, Any]]] = {
        "AM": (Role.APPLICANT_MEMBER, {"organisation_id": holder.id}),
        "AL": (Role.APPLICANT_LEAD, {"organisation_id": holder.id}),
        "xAM": (Role.APPLICANT_MEMBER, {"organisation_id": stranger.id}),
        "xAL": (Role.APPLICANT_LEAD, {"organisation_id": stranger.id}),
        "xRV": (Role.REVIEWER, {"call_id": other_call.id}),
        "xCH": (Role.CHAIR, {"call_id": other_call.id}),
        "PL": (Role.APPLICANT_LEAD, {"organisation_id": holder.id}),
        "PM": (Role.MANAGER, {"programme_id": programme.id}),
        "PX": (Role.MANAGER, {"programme_id": programme.id}),
        "DI": (Role.MANAGER, {"programme_id": programme.id}),
        "xPM": (Role.MANAGER, {"programme_id": other_programme.id}),
        "FO": (Role.FINANCE_OFFICER, {"programme_id": programme.id}),
        "FL": (Role.FINANCE_OFFICER, {"programme_id": programme.id}),
        "xFO": (Role.FINANCE_OFFICER, {"programme_id": other_programme.id}),
        "AD": (Role.ADMINISTRATOR, {}),
        "AU": (Role.AUDITOR, {}),
        "AX": (Role.AUDITOR, {}),
    }
    for code in EVERYBODY:
        if code != "AN":
            role, scope = home.get(code, (None, {}))
            account = builders.an_account(session, role=role, name=f"Personne {code}", **scope)
            cast.accounts[code] = account
            cast.tokens[code] = _sign_in(session, account)
    builders.an_appointment(session, cast["PL"], Role.MANAGER, programme_id=programme.id)
    for call in calls:
        for code in ("RV", "R2", "RN", "RX"):
            builders.an_appointment(session, cast[code], Role.REVIEWER, call_id=call.id)
        for code in ("CH", "CX"):
            builders.an_appointment(session, cast[code], Role.CHAIR, call_id=call.id)
    cast["DI"].disabled_at = clock.now() - timedelta(minutes=1)
    return cast


def _sign_in(session: Session, account: Account) -> str:
    token = builders.a_session(session, account)
    session.query(UserSession).filter_by(token_sha256=token_sha256(token)).one().reauth_at = clock.now()
    return token
