"""The people and the call of the journey, entered through the use cases: what an administrator prepares beforehand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from grants.db import reading
from grants.models import Account
from grants.policies import SYSTEM, Actor, Role
from grants.queries.account import actor_for
from grants.services import account, call, organisation, programme

PARIS = ZoneInfo("Europe/Paris")
PASSWORD = "des rives qui se parlent"
TITLE = "Alliances des deux rives 2027"
PROJECT = "Pêche artisanale et filières courtes"
HOLDER = "Association Rives Communes"


def paris(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment as the clock on the wall tells it in Paris."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


CALL: dict[str, Any] = {
    "slug": "rives-2027",
    "title": TITLE,
    "edition": "2027",
    "kind": "members_only",
    "summary": "Des alliances entre deux rives, accompagnées six mois.",
    "text": "Ce que vous ne feriez pas seuls.",
    "contact": "appel@exemple.invalid",
    "opens_at": paris(2027, 1, 4),
    "closes_at": paris(2027, 1, 29, 12),
    "corrections_due_at": paris(2027, 2, 5, 18),
    "reviews_open_at": paris(2027, 2, 8),
    "reviews_close_at": paris(2027, 2, 26, 18),
    "committee_at": paris(2027, 3, 4, 9, 30),
    "board_on": date(2027, 3, 10),
    "results_public_at": paris(2027, 3, 15),
    "projects_from_on": date(2027, 4, 1),
    "projects_until_on": date(2028, 3, 31),
    "places": 2,
    "min_cents": 800_000,
    "max_cents": 1_600_000,
    "max_rate_bp": 7_000,
    "max_in_kind_bp": 2_500,
    "min_other_cash_bp": 3_000,
    "min_months": 6,
    "max_months": 12,
    "min_actor_kinds": 2,
    "reviews_required": 2,
    "quorum": 2,
    "threshold": 60,
    "tranches": [
        {"share_bp": 6_000, "condition": "agreement_signed"},
        {"share_bp": 3_000, "condition": "interim_report_accepted"},
        {"share_bp": 1_000, "condition": "final_report_accepted"},
    ],
    "milestones": {
        "6": [
            {"code": "M0", "name": "Lancement", "month": 0, "days": 11},
            {"code": "M4", "name": "Rapport intermédiaire, tranche 2", "month": 3, "days": 14, "report": "interim"},
            {"code": "M7", "name": "Restitution", "month": 6},
            {"code": "M8", "name": "Rapport narratif final", "after_end_days": 60, "report": "final"},
        ]
    },
}
WEIGHTS = {"C1": 20, "C2": 25, "C3": 15, "C4": 10, "C5": 15, "C6": 10, "C7": 5}
ENVELOPE_CENTS = 2_000_000
# key → name, address, function, role
PEOPLE: dict[str, tuple[str, str, Role]] = {
    "manager": ("Nadia Belkacem", "nadia@reseau.exemple.invalid", Role.MANAGER),
    "finance": ("Jeanne Astruc", "jeanne@reseau.exemple.invalid", Role.FINANCE_OFFICER),
    "lead": ("Awa Diop", "awa@rives.exemple.invalid", Role.APPLICANT_LEAD),
    "member": ("Moussa Ndiaye", "moussa@rives.exemple.invalid", Role.APPLICANT_MEMBER),
    "chair": ("Bernard Le Goff", "bernard@comite.exemple.invalid", Role.CHAIR),
    "reader": ("Salimata Keïta", "salimata@comite.exemple.invalid", Role.REVIEWER),
    "second": ("Olivier Traoré", "olivier@comite.exemple.invalid", Role.REVIEWER),
    "recused": ("Hélène Garrigue", "helene@comite.exemple.invalid", Role.REVIEWER),
}


@dataclass(frozen=True)
class Cast:
    """Public ids of what the journey begins with."""

    accounts: dict[str, str]
    programme: str
    call: str
    holder: str


def engaged() -> Cast:
    """Enter the network, the programme, the holder, the draft of the call and its committee."""
    network = organisation.register(
        actor=SYSTEM,
        name="Réseau des Deux Rives",
        actor_kind="network",
        legal_form="Association loi 1901",
        address_lines=["12 rue des Deux Rives", "59000 Lille"],
        representative="Aïssatou Lenglet",
        representative_function="présidente",
    )
    holder = organisation.register(
        actor=SYSTEM,
        name=HOLDER,
        actor_kind="ngo",
        legal_form="Association loi 1901",
        address_lines=["4 quai du Port", "29200 Brest"],
        representative="Awa Diop",
        representative_function="présidente",
    )
    owner = programme.found(actor=SYSTEM, network=network.public_id, slug="deux-rives", name="Alliances des deux rives")
    accounts = {key: _account(name, email) for key, (name, email, _role) in PEOPLE.items()}
    _appoint(accounts, ("manager", "finance"), programme=owner.public_id)
    _appoint(accounts, ("lead", "member"), organisation=holder.public_id)
    manager = actor_of(accounts["manager"])
    organisation.enrol(
        actor=manager, programme=owner.public_id, organisation=holder.public_id, joined_on=date(2020, 1, 1)
    )
    criteria = [
        {"key": key, "name": f"Critère {key}", "question": "Est-ce le cas ?", "weight": weight}
        for key, weight in WEIGHTS.items()
    ]
    drafted = call.draft(
        actor=manager, programme=owner.public_id, values=CALL, criteria=criteria, envelope_cents=ENVELOPE_CENTS
    )
    _appoint(accounts, ("chair", "reader", "second", "recused"), call=drafted.public_id)
    return Cast(accounts, owner.public_id, drafted.public_id, holder.public_id)


def actor_of(public_id: str) -> Actor:
    """A person with the roles held now."""
    with reading() as session:
        row = session.query(Account).filter_by(public_id=public_id).one()
        return actor_for(session, row.id)


def _account(name: str, email: str) -> str:
    return account.create(actor=SYSTEM, email=email, name=name, password=PASSWORD).public_id


def _appoint(accounts: dict[str, str], keys: tuple[str, ...], **scope: str) -> None:
    for key in keys:
        account.appoint(actor=SYSTEM, account=accounts[key], role=PEOPLE[key][2], **scope)
