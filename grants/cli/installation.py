"""What a new installation needs before its first page: a programme, its network, organisations, people, a call."""

import json
import secrets
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from grants import clock
from grants.db import Base, reading
from grants.errors import Refusal
from grants.models import Account, Call, Organisation, Programme
from grants.policies import SYSTEM, Role
from grants.queries.account import actor_by_email
from grants.services import account as accounts
from grants.services import call as calls
from grants.services import organisation as organisations
from grants.services import programme as programmes

ROLES = click.Choice([str(role) for role in Role])
PASSWORD_BYTES = 12


@click.group("programme")
def programme() -> None:
    """Programmes and their networks."""


@programme.command("found")
@click.argument("slug")
@click.argument("name")
@click.option("--network", required=True, help="Name of the network that runs it; registered if it is new.")
def found(slug: str, name: str, network: str) -> None:
    """Found programme NAME, reachable as SLUG."""
    owner = _find(Organisation, "name", network)
    row = owner or organisations.register(actor=SYSTEM, name=network, actor_kind="network")
    made = _tell(lambda: programmes.found(actor=SYSTEM, slug=slug, name=name, network=row.public_id))
    click.echo(f"programme {made.slug}")


@click.group("account")
def account() -> None:
    """People and their roles."""


def _place(command: Any) -> Any:  # noqa: ANN401 -- a click decorator
    """The options that say which role, and where."""
    for option in (
        click.option("--programme", "of_programme", help="Slug of the programme (manager, finance_officer)."),
        click.option("--call", help="Slug of the call (reviewer, chair)."),
        click.option("--organisation", help="Name of the organisation (applicant_lead, applicant_member)."),
        click.option("--role", type=ROLES, required=True),
    ):
        command = option(command)
    return command


@account.command("create")
@click.argument("email")
@click.argument("name")
@_place
def create(email: str, name: str, role: str, **place: str | None) -> None:
    """Open an account for NAME with one role, and print a password to hand over and to change."""
    where = _where(**place)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    made = _tell(lambda: accounts.create(actor=SYSTEM, email=email, name=name, password=password))
    _tell(lambda: accounts.appoint(actor=SYSTEM, account=made.public_id, role=Role(role), **where))
    click.echo(f"{made.email}\t{password}")


@account.command("appoint")
@click.argument("email")
@_place
def appoint(email: str, role: str, **place: str | None) -> None:
    """Give one more role to somebody who has an account."""
    person, where = _public_id(Account, "email", email) or "", _where(**place)
    _tell(lambda: accounts.appoint(actor=SYSTEM, account=person, role=Role(role), **where))
    click.echo(f"{email}\t{role}")


def _where(organisation: str | None, call: str | None, of_programme: str | None) -> dict[str, Any]:
    return {
        "organisation": _public_id(Organisation, "name", organisation),
        "call": _public_id(Call, "slug", call),
        "programme": _public_id(Programme, "slug", of_programme),
    }


@click.group("organisation")
def organisation() -> None:
    """Organisations that apply, and their standing in a network."""


@organisation.command("register")
@click.argument("name")
@click.option(
    "--kind",
    default="ngo",
    help="ngo (the default), local_authority, company, research, union, diaspora, social_economy, foundation…",
)
@click.option("--programme", "of_programme", help="Slug of a programme of whose network it is a member, from today.")
def register(name: str, kind: str, of_programme: str | None) -> None:
    """Enter organisation NAME into the register; its own people complete the entry on its page."""
    network = _public_id(Programme, "slug", of_programme)
    made = _tell(lambda: organisations.register(actor=SYSTEM, name=name, actor_kind=kind))
    if network:
        today = clock.now().date()
        _tell(
            lambda: organisations.enrol(actor=SYSTEM, programme=network, organisation=made.public_id, joined_on=today)
        )
    click.echo(f"organisation {made.name}")


@click.group("call")
def call() -> None:
    """Calls."""


@call.command("draft")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", "of_programme", required=True, help="Slug of the programme.")
@click.option("--as", "email", required=True, help="E-mail of the manager who drafts it.")
def draft(file: Path, of_programme: str, email: str) -> None:
    """Draft a call from FILE: {"values": columns, "criteria": […], "envelope_cents": n}; see docs/operator.md."""
    told = json.loads(file.read_text("utf-8"))
    with reading() as session:
        actor = actor_by_email(session, email)
    values = {name: _read(name, value) for name, value in told["values"].items()}
    made = _tell(
        lambda: calls.draft(
            actor=actor,
            programme=_public_id(Programme, "slug", of_programme) or "",
            values=values,
            criteria=told.get("criteria", ()),
            envelope_cents=told.get("envelope_cents", 0),
        )
    )
    click.echo(f"call {made.slug}: publish it on its page, /gestion/appels/{made.slug}")


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Instants (`…_at`, with their offset) and days (`…_on`) are ISO 8601 texts in the file."""
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    return value


def _find(model: type[Base], column: str, value: str) -> Any:  # noqa: ANN401 -- any model
    with reading() as session:
        return session.scalar(select(model).where(model.__table__.c[column] == value))


def _public_id(model: type[Base], column: str, value: str | None) -> str | None:
    if value is None:
        return None
    row = _find(model, column, value)
    if row is None:
        message = f"no {model.__tablename__} with {column} {value!r}"
        raise click.ClickException(message)
    found_id: str = row.public_id
    return found_id


def _tell(act: Any) -> Any:  # noqa: ANN401 -- a use case and its row
    """Run a use case; a refusal is one line."""
    try:
        return act()
    except Refusal as error:
        raise click.ClickException(str(error)) from None
