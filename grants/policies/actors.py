"""Who acts, and on what: the two pictures that predicates look at."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """A role is held for an organisation, a call or a programme, or for the whole service."""

    APPLICANT_MEMBER = "applicant_member"
    APPLICANT_LEAD = "applicant_lead"
    REVIEWER = "reviewer"
    CHAIR = "chair"
    MANAGER = "manager"
    FINANCE_OFFICER = "finance_officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ORGANISATION_ROLES = frozenset({Role.APPLICANT_MEMBER, Role.APPLICANT_LEAD})
CALL_ROLES = frozenset({Role.REVIEWER, Role.CHAIR})
PROGRAMME_ROLES = frozenset({Role.MANAGER, Role.FINANCE_OFFICER})
SERVICE_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class Actor:
    """A person with the roles held at this instant (read at each request), the scheduler, or nobody.

    The sets hold internal ids: organisations written for, organisations led, single files written on (for a partner),
    calls reviewed or chaired, programmes managed or paid.
    """

    id: int | None = None
    public_id: str = ""
    name: str = ""
    email: str = ""
    language: str = "fr"
    member_of: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    writes_on: frozenset[int] = frozenset()
    reviews: frozenset[int] = frozenset()
    chairs: frozenset[int] = frozenset()
    manages: frozenset[int] = frozenset()
    pays: frozenset[int] = frozenset()
    administers: bool = False
    audits: bool = False
    system: bool = False

    @property
    def writes_for(self) -> frozenset[int]:
        """Organisations this person writes for, as member or lead."""
        return self.member_of | self.leads

    @property
    def sits_on(self) -> frozenset[int]:
        """Calls on whose committee this person sits."""
        return self.reviews | self.chairs

    def as_applicant(self) -> "Actor":
        """The same person, writing for organisations and on files alone: what a conflict of interest leaves."""
        nothing: frozenset[int] = frozenset()
        return replace(self, reviews=nothing, chairs=nothing, manages=nothing, pays=nothing, audits=False)


ANONYMOUS = Actor()
SYSTEM = Actor(public_id="system", name="Palabre", system=True)


@dataclass(frozen=True)
class Subject:
    """What an action touches, as far as rights go. Ids are internal; sets hold account ids.

    `conflicted`: persons with a live conflict of interest with the file behind the object.
    `assigned`: persons named to review it; `declared_free`: those who declared that they have no conflict.
    `opened_to`: those who read the file too, to whom the call opens this given review.
    `beyond_judging`: what a file holds for the programme alone, e.g. a bank statement.
    `author_id`: the author of the review, report, session; `maker_id`: who prepared what a second person confirms.
    """

    kind: str = "service"
    organisation_id: int | None = None
    application_id: int | None = None
    call_id: int | None = None
    programme_id: int | None = None
    account_id: int | None = None
    author_id: int | None = None
    opened_to: frozenset[int] = frozenset()
    maker_id: int | None = None
    received: bool = False
    released: bool = False
    funded: bool = False
    deliberation_begun: bool = False
    beyond_judging: bool = False
    assigned: frozenset[int] = frozenset()
    declared_free: frozenset[int] = frozenset()
    own_reviews_pending: frozenset[int] = frozenset()
    conflicted: frozenset[int] = frozenset()

    def without_readers(self) -> "Subject":
        """The same object, read by nobody: how a person in conflict meets it."""
        return replace(self, assigned=frozenset(), declared_free=frozenset(), opened_to=frozenset(), author_id=None)


SERVICE = Subject()
