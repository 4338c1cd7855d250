"""The facts that hint at conflicts of interest, read for many people and files at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from grants import clock
from grants.domain.conflicts import Hint, Judge, Judged, hints
from grants.models import (
    Account,
    Application,
    Appointment,
    Attestation,
    BudgetLine,
    Collaborator,
    Organisation,
    Partner,
    Project,
)

#: A common project is a fact for so long after it opened.
COMMON_PROJECT_FOR = timedelta(days=5 * 365)
NAMED_IN_ANSWERS = ("signatory_name", "contact_name")


def found(
    session: Session, accounts: Iterable[int], files: Sequence[Application]
) -> dict[tuple[int, int], tuple[Hint, ...]]:
    """What facts say of these people (internal ids) and files: by (file, account), where they say something."""
    people, about = judges(session, accounts), judged(session, files)
    told = {(file, person): hints(judge, known) for file, known in about.items() for person, judge in people.items()}
    return {pair: facts for pair, facts in told.items() if facts}


def judges(session: Session, accounts: Iterable[int]) -> dict[int, Judge]:
    """What is known of these people, by internal id."""
    ids = list(accounts)
    people = session.execute(select(Account.id, Account.name, Account.email).where(Account.id.in_(ids))).all()
    houses: dict[int, dict[int, str]] = defaultdict(dict)
    for row in session.execute(
        select(Appointment.account_id, Organisation.id, Organisation.name)
        .join(Organisation, Appointment.organisation_id == Organisation.id)
        .where(Appointment.account_id.in_(ids), Appointment.ended_at.is_(None))
    ):
        houses[row[0]][row[1]] = row[2]
    writes: dict[int, set[str]] = defaultdict(set)
    for account, file in session.execute(
        select(Collaborator.account_id, Collaborator.application_id).where(
            Collaborator.account_id.in_(ids), Collaborator.removed_at.is_(None)
        )
    ):
        writes[account].add(str(file))
    together = _worked_with(session, {house for some in houses.values() for house in some})
    return {
        row.id: Judge(
            name=row.name,
            email=row.email,
            organisations=frozenset(str(house) for house in houses[row.id]),
            organisation_names=frozenset(houses[row.id].values()),
            worked_with=frozenset(str(other) for house in houses[row.id] for other in together[house]),
            files=frozenset(writes[row.id]),
        )
        for row in people
    }


def _worked_with(session: Session, houses: set[int]) -> dict[int, set[int]]:
    """With which organisations each of these stood in a funded project of the last years."""
    together: dict[int, set[int]] = defaultdict(set)
    if not houses:
        return together
    since = clock.now() - COMMON_PROJECT_FOR
    recent = select(Project.id, Project.application_id, Project.organisation_id).where(Project.opened_at >= since)
    projects = recent.subquery()
    members = union(
        select(projects.c.id.label("project"), projects.c.organisation_id.label("house")).where(
            projects.c.organisation_id.is_not(None)
        ),
        select(projects.c.id, Partner.organisation_id)
        .join(Partner, Partner.application_id == projects.c.application_id)
        .where(Partner.organisation_id.is_not(None)),
    ).subquery()
    ours = select(members.c.project).where(members.c.house.in_(houses))
    alliances: dict[int, set[int]] = defaultdict(set)
    for project, house in session.execute(select(members).where(members.c.project.in_(ours))):
        alliances[project].add(house)
    for alliance in alliances.values():
        for house in alliance & houses:
            together[house] |= alliance - {house}
    return together


def judged(session: Session, files: Sequence[Application]) -> dict[int, Judged]:
    """What these files say of organisations, people and addresses, by internal id."""
    ids = [file.id for file in files]
    partners = session.scalars(select(Partner).where(Partner.application_id.in_(ids))).all()
    bodies = dict(
        session.execute(
            select(Organisation.id, Organisation.representative).where(
                Organisation.id.in_({file.organisation_id for file in files})
            )
        ).all()
    )
    people, emails = _named(session, ids)
    funders: dict[int, set[str]] = defaultdict(set)
    for file_id, label in session.execute(
        select(BudgetLine.application_id, BudgetLine.label).where(
            BudgetLine.application_id.in_(ids), BudgetLine.side == "income", BudgetLine.label != ""
        )
    ):
        funders[file_id].add(label)
    houses = _addresses(session, {file.organisation_id for file in files})
    known = {}
    for file in files:
        own = [partner for partner in partners if partner.application_id == file.id]
        told = {str(file.answers.get(key, "")) for key in NAMED_IN_ANSWERS} | {bodies.get(file.organisation_id, "")}
        known[file.id] = Judged(
            lead=str(file.organisation_id),
            partners=frozenset(str(one.organisation_id) for one in own if one.organisation_id is not None),
            partner_names=frozenset(one.name for one in own),
            people=frozenset(told | people[file.id] | {one.contact_name for one in own}),
            emails=frozenset(houses[file.organisation_id] | emails[file.id] | {one.contact_email for one in own}),
            funders=frozenset(funders[file.id]),
            file=str(file.id),
        )
    return known


def _named(session: Session, ids: Sequence[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Names and addresses of those who attest and of those who write from outside, by file."""
    people: dict[int, set[str]] = defaultdict(set)
    emails: dict[int, set[str]] = defaultdict(set)
    for row in session.execute(
        select(Partner.application_id, Attestation.contact, Attestation.name, Attestation.email)
        .join(Partner, Partner.id == Attestation.partner_id)
        .where(Partner.application_id.in_(ids))
    ):
        people[row[0]] |= {row[1], row[2]}
        emails[row[0]].add(row[3])
    for file_id, email in session.execute(
        select(Collaborator.application_id, Account.email)
        .join(Account, Account.id == Collaborator.account_id)
        .where(Collaborator.application_id.in_(ids), Collaborator.removed_at.is_(None))
    ):
        emails[file_id].add(email)
    return people, emails


def _addresses(session: Session, organisations: set[int]) -> dict[int, set[str]]:
    """The addresses of those who write for these organisations."""
    emails: dict[int, set[str]] = defaultdict(set)
    for house, email in session.execute(
        select(Appointment.organisation_id, Account.email)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.organisation_id.in_(organisations), Appointment.ended_at.is_(None))
    ):
        if house is not None:
            emails[house].add(email)
    return emails
