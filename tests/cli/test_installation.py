"""A new installation, from nothing to a draft that can be written, by commands alone."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from grants import clock
from grants.db import reading
from grants.demo.calls import CALL_2027, CRITERIA, ENVELOPE_2027
from grants.models import Call, Organisation
from grants.queries.account import actor_by_email
from grants.services import application, call

pytestmark = pytest.mark.db

NETWORK = ("programme", "found", "alliances", "Alliances", "--network", "Réseau")
MANAGER = ("account", "create", "m@example.org", "M", "--role", "manager", "--programme", "alliances")
APPLICANT = ("account", "create", "l@example.org", "L", "--role", "applicant_lead", "--organisation", "Rivages")


def run(app: Flask, *arguments: str, fails: bool = False) -> str:
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert (result.exit_code != 0) is fails, result.output
    return result.output


def drafted(app: Flask, folder: Path) -> str:
    values = {k: v.isoformat() if isinstance(v, datetime | date) else v for k, v in CALL_2027.items()}
    file = folder / "call.json"
    file.write_text(json.dumps({"values": values, "criteria": CRITERIA, "envelope_cents": ENVELOPE_2027}), "utf-8")
    return run(app, "call", "draft", str(file), "--programme", "alliances", "--as", "m@example.org")


def test_a_new_installation_reaches_its_first_file(app: Flask, tmp_path: Path) -> None:
    run(app, *NETWORK)
    run(app, *MANAGER)
    assert "/gestion/appels/alliances-2027" in drafted(app, tmp_path)
    run(app, "organisation", "register", "Rivages", "--programme", "alliances")
    email, password = run(app, *APPLICANT).split()
    assert (email, len(password)) == ("l@example.org", 16)
    run(app, "account", "appoint", "m@example.org", "--role", "chair", "--call", "alliances-2027")
    with reading() as session:
        published = session.scalars(select(Call.public_id)).one()
        home = session.scalars(select(Organisation.public_id).where(Organisation.name == "Rivages")).one()
        manager, lead = (actor_by_email(session, f"{letter}@example.org") for letter in "ml")
    assert all((manager.manages, manager.chairs))
    opened = call.publish(actor=manager, call=published)
    with clock.frozen(opened.opens_at):
        assert application.start(actor=lead, call=published, organisation=home).state == "draft"


def test_what_is_not_there_is_named(app: Flask) -> None:
    run(app, *NETWORK)
    assert "no organisation with name 'Rivages'" in run(app, *APPLICANT, fails=True)
