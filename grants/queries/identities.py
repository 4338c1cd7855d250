"""The names that tell whose a file is: of its organisations, its people, their addresses and numbers. For masking them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from grants.domain.forms import ROWS, Field, FieldKind, Mark
from grants.domain.redaction import Names, address_names, exact_names, organisation_names, person_names
from grants.models import Account, Application, Appointment, Attestation, Collaborator, Organisation, Partner
from grants.queries.terms import form_of

ADDRESSES = frozenset({FieldKind.EMAIL, FieldKind.LINK})
NUMBERS = frozenset({FieldKind.PHONE, FieldKind.SIRET, FieldKind.RNA})
SIREN = 9  # digits of a SIRET that number the body itself
NOBODY = Names()


def names_of(session: Session, files: Sequence[Application]) -> dict[int, Names]:
    """The names of each file by its internal id, in six queries whatever their number.

    A file whose lead has no name is left out: what is said of it cannot be masked.
    """
    if not files:
        return {}
    partners = _partners(session, [file.id for file in files])
    linked = {one.organisation_id for some in partners.values() for one in some if one.organisation_id is not None}
    bodies = {
        row.id: row
        for row in session.scalars(
            select(Organisation).where(Organisation.id.in_(linked | {file.organisation_id for file in files}))
        )
    }
    people = _people(session, files)
    found = {}
    for file in files:
        lead = bodies.get(file.organisation_id)
        if lead is None or not lead.name.strip():
            continue
        own = [*_alliance(partners[file.id], bodies), *people[file.id], *_answered(file)]
        found[file.id] = _together([_of_body(lead), *own])
    return found


def _together(lists: Iterable[Names]) -> Names:
    found = NOBODY
    for one in lists:
        found |= one
    return found


def _of_body(body: Organisation) -> Names:
    numbers = (body.siret, body.siret[:SIREN], body.rna, body.registration, body.register_number, body.vat_number)
    return _together(
        (
            organisation_names(body.name),
            person_names(body.representative),
            address_names(body.website),
            exact_names((*numbers, *(str(line) for line in body.address_lines))),
        )
    )


def _alliance(partners: Iterable[Partner], bodies: Mapping[int, Organisation]) -> Iterable[Names]:
    for one in partners:
        yield organisation_names(one.name)
        yield person_names(one.contact_name)
        yield address_names(one.contact_email)
        if one.organisation_id is not None and one.organisation_id in bodies:
            yield _of_body(bodies[one.organisation_id])


def _partners(session: Session, ids: list[int]) -> dict[int, list[Partner]]:
    found: dict[int, list[Partner]] = defaultdict(list)
    for row in session.scalars(select(Partner).where(Partner.application_id.in_(ids))):
        found[row.application_id].append(row)
    return found


def _people(session: Session, files: Sequence[Application]) -> dict[int, list[Names]]:
    """Who writes the file, writes for its lead (now or before), or attests something in it."""
    ids = [file.id for file in files]
    found: dict[int, list[Names]] = defaultdict(list)
    for file_id, name, function, email in session.execute(
        select(Partner.application_id, Attestation.name, Attestation.contact, Attestation.email)
        .join(Partner, Partner.id == Attestation.partner_id)
        .where(Partner.application_id.in_(ids))
    ):
        found[file_id] += [person_names(name), person_names(function), address_names(email)]
    for file_id, name, email in session.execute(
        select(Application.id, Account.name, Account.email)
        .outerjoin(Collaborator, Collaborator.application_id == Application.id)
        .join(Account, or_(Account.id == Collaborator.account_id, Account.id == Application.created_by_id))
        .where(Application.id.in_(ids))
    ):
        found[file_id] += [person_names(name), address_names(email)]
    teams: dict[int, list[Names]] = defaultdict(list)
    for house, name, email in session.execute(
        select(Appointment.organisation_id, Account.name, Account.email)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.organisation_id.in_({file.organisation_id for file in files}))
    ):
        teams[house or 0] += [person_names(name), address_names(email)]
    for file in files:
        found[file.id] += teams[file.organisation_id]
    return found


def _answered(file: Application) -> Iterable[Names]:
    """What the answers themselves tell: addresses, numbers, and lines that are marked as somebody's own."""
    for section in form_of(file).sections:
        for field in section.fields:
            yield from _answer(field, file.answers.get(field.key))


def _answer(field: Field, answer: Any) -> Iterable[Names]:  # noqa: ANN401 -- a text, texts, or rows
    if field.kind in ROWS:
        for row in answer if isinstance(answer, list) else ():
            for column in field.columns:
                yield from _answer(column, row.get(column.key) if isinstance(row, Mapping) else None)
    elif isinstance(answer, str) and answer.strip():
        if field.kind in ADDRESSES:
            yield address_names(answer)
        elif field.kind in NUMBERS:
            yield exact_names((answer,))
        elif field.kind is FieldKind.LINE and field.marks & {Mark.PERSONAL, Mark.BLIND}:
            yield _line(answer, personal=Mark.PERSONAL in field.marks)


def _line(answer: str, *, personal: bool) -> Names:
    """A line of its own: a person's name, where it is written like one; else the name of some body."""
    if not personal:
        return organisation_names(answer)
    return person_names(answer) if sum(word[:1].isupper() for word in answer.split()) > 1 else NOBODY
