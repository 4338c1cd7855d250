"""Partners of a file: named, changed, taken out; each once, by name and country."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.addresses import canonical
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_line, clean_text, comparison_key
from grants.errors import Invalid, NotFound, Reason
from grants.models import Application, Partner
from grants.policies import Actor
from grants.queries.consortium import known_organisation
from grants.services.application import picture
from grants.services.application.budgeting import release
from grants.workflow.actions import Action

LIMITS = {"name": 200, "actor_kind": 40, "country": 2, "contact_name": 120}
OPTIONAL = frozenset({"role", "contact_name", "contact_email"})
PARTS = ("co_applicant", "partner", "support_operator")
ROLE = 2000
MOST_ROWS = 60


def add_partner(  # noqa: PLR0913 -- the columns of a partner
    *,
    actor: Actor,
    application: str,
    name: str,
    actor_kind: str,
    country: str = "FR",
    role: str = "",
    part: str = "partner",
    contact_name: str = "",
    contact_email: str = "",
) -> Partner:
    """Name a partner. Raises NotFound, NotAllowed, NotPossible, Invalid (by column; `name` for one named already)."""
    typed = {"name": name, "actor_kind": actor_kind, "country": country, "role": role, "contact_name": contact_name}
    values = _read(typed, contact_email, part)
    with transaction() as session:
        row = _opened(session, actor, application)
        if len(row.partners) >= MOST_ROWS:
            raise Invalid({"name": Reason("too_many", {"most": MOST_ROWS})})
        _refuse_twin(row, values, None)
        partner = Partner(**values, organisation_id=_known(session, values))
        row.partners.append(partner)
    return partner


def change_partner(  # noqa: PLR0913 -- the columns of a partner
    *,
    actor: Actor,
    application: str,
    partner: str,
    name: str,
    actor_kind: str,
    country: str = "FR",
    role: str = "",
    part: str = "partner",
    contact_name: str = "",
    contact_email: str = "",
) -> Partner:
    """Change a partner of the file (public ids). Raises as `add_partner`."""
    typed = {"name": name, "actor_kind": actor_kind, "country": country, "role": role, "contact_name": contact_name}
    values = _read(typed, contact_email, part)
    with transaction() as session:
        row = _opened(session, actor, application)
        found = partner_of(session, row, partner)
        _refuse_twin(row, values, found)
        for column, value in values.items():
            setattr(found, column, value)
        found.organisation_id = _known(session, values)
    return found


def remove_partner(*, actor: Actor, application: str, partner: str) -> Application:
    """Take a partner out of the file. Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        row = _opened(session, actor, application)
        leaving = partner_of(session, row, partner)
        release(row, leaving)
        row.partners.remove(leaving)
    return row


def partner_of(session: Session, row: Application, public_id: str) -> Partner:
    """A partner of this file. Raises NotFound, also for one of another file."""
    found = session.scalar(select(Partner).where(Partner.application_id == row.id, Partner.public_id == public_id))
    if found is None:
        raise NotFound(public_id)
    return found


def _opened(session: Session, actor: Actor, application: str) -> Application:
    return picture.change(
        session, actor=actor, action=Action.APPLICATION_EDIT, public_id=application, section="partners"
    )


def _known(session: Session, values: dict[str, str]) -> int | None:
    return known_organisation(session, comparison_key(values["name"]), values["country"])


def _refuse_twin(row: Application, values: dict[str, str], ours: Partner | None) -> None:
    key = (comparison_key(values["name"]), values["country"])
    if any((comparison_key(one.name), one.country) == key for one in row.partners if one is not ours):
        raise Invalid({"name": Reason("partner_twice")})


def _read(typed: dict[str, str], contact_email: str, part: str) -> dict[str, str]:
    values = {"part": part if part in PARTS else "partner"}
    problems: dict[str, Reason] = {}
    for column, text in {**typed, "contact_email": contact_email}.items():
        try:
            values[column] = _cleaned(column, text)
        except Unreadable as error:
            problems[column] = error.as_reason
            continue
        if not values[column] and column not in OPTIONAL:
            problems[column] = Reason("empty")
    if problems:
        raise Invalid(problems)
    return values


def _cleaned(column: str, text: str) -> str:
    if column == "contact_email":
        return canonical(text) if text.strip() else ""
    limit = LIMITS.get(column)
    return clean_line(text, limit) if limit else clean_text(text, ROLE)
