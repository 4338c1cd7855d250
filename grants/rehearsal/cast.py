"""Who lives through a rehearsal: a network, its staff, a committee, applicants of every situation that matters."""

from dataclasses import dataclass
from datetime import date

from grants.db import reading
from grants.domain.terms import Terms
from grants.policies import SYSTEM, Actor, Role
from grants.queries.account import actor_for
from grants.services import account, organisation, programme

PASSWORD = "essai sans aucune valeur 9041"  # noqa: S105 -- of people who exist for a minute


@dataclass(frozen=True)
class Part:
    """An invented applicant. `plan`: complete | late | unfinished | above: what becomes of the file."""

    key: str
    name: str
    plan: str
    country: str = "FR"
    legal_form: str = "Association loi 1901"
    registration: str = ""


PARTS = (
    Part("essai-1", "Association d’essai n° 1", "complete"),
    Part("essai-2", "Association d’essai n° 2", "complete"),
    Part("essai-3", "Syndicat d’essai n° 3", "complete", legal_form="Syndicat professionnel"),
    Part("essai-4", "Organisation d’essai n° 4, Bamako", "complete", "ML", "Association étrangère", "ESSAI 0004"),
    Part("essai-5", "Association d’essai n° 5", "above"),
    Part("essai-6", "Association d’essai n° 6", "unfinished"),
    Part("essai-7", "Association d’essai n° 7", "late"),
)
MANAGER, SECOND, FINANCE = "gestion", "seconde", "finances"
JUDGES = "comite"
JOINED_ON = date(2000, 1, 1)


class Cast:
    """The people by their part. Addresses are `<part>@<part>.invalid`: a mail says whom it is for, and nobody shares a domain."""

    def __init__(self) -> None:
        self._ids: dict[str, tuple[int, str]] = {}
        self.organisations: dict[str, str] = {}
        self.programme = ""
        self.attesting: list[tuple[str, str]] = []  # (part, partner) whose attestation the call asks for

    def engage(self, key: str, name: str) -> str:
        """Open an account; its public id."""
        row = account.create(actor=SYSTEM, email=f"{key}@{key}.invalid", name=name, password=PASSWORD)
        self._ids[key] = (row.id, row.public_id)
        return row.public_id

    def actor(self, key: str) -> Actor:
        """The person with the roles held now."""
        with reading() as session:
            return actor_for(session, self._ids[key][0])

    def public(self, key: str) -> str:
        """The public id of a person."""
        return self._ids[key][1]

    def install(self, terms: Terms) -> None:
        """The network with its staff, then the applicants, members for long: of the kind and country that the rules ask."""
        kind, country = _asked(terms, "lead_kind_allowed", "kinds"), _asked(terms, "country_allowed", "allowed")
        network = organisation.register(actor=SYSTEM, name="Réseau d’essai", actor_kind="network")
        self.programme = programme.found(
            actor=SYSTEM, network=network.public_id, slug="essai", name="Programme d’essai"
        ).public_id
        for key, name in ((MANAGER, "Équipe du programme"), (SECOND, "Seconde personne"), (FINANCE, "Finances")):
            self.engage(key, name)
            role = Role.FINANCE_OFFICER if key == FINANCE else Role.MANAGER
            account.appoint(actor=SYSTEM, account=self.public(key), role=role, programme=self.programme)
        for part in PARTS:
            self._register(part, kind or "ngo", country or part.country)

    def _register(self, part: Part, kind: str, country: str) -> None:
        row = organisation.register(
            actor=SYSTEM,
            name=part.name,
            actor_kind=kind,
            legal_form=part.legal_form,
            country=country,
            registration=part.registration or (f"ESSAI {part.key}" if country != "FR" else ""),
        )
        self.organisations[part.key] = row.public_id
        organisation.enrol(actor=SYSTEM, programme=self.programme, organisation=row.public_id, joined_on=JOINED_ON)
        self.engage(part.key, part.name)
        account.appoint(
            actor=SYSTEM, account=self.public(part.key), role=Role.APPLICANT_LEAD, organisation=row.public_id
        )

    def seat(self, call: str, seats: int) -> list[str]:
        """A committee of so many people, the first of whom chairs it; their parts."""
        keys = [f"{JUDGES}-{rank}" for rank in range(1, seats + 1)]
        for rank, key in enumerate(keys):
            self.engage(key, f"Comité, personne {rank + 1}")
            role = Role.CHAIR if rank == 0 else Role.REVIEWER
            account.appoint(actor=SYSTEM, account=self.public(key), role=role, call=call)
        return keys


def _asked(terms: Terms, test: str, parameter: str) -> str:
    """The first value that a rule of the call allows; empty where it has no such rule."""
    for rule in terms.rules:
        allowed = rule.parameters.get(parameter) if rule.test == test else None
        if isinstance(allowed, list | tuple) and allowed:
            return str(allowed[0])
    return ""
