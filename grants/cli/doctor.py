"""The doctor: whether the ten statements hold, and whether the machine below is sound."""

import json
from typing import Any

import click
from sqlalchemy import text
from sqlalchemy.orm import Session

from grants import clock
from grants.cli.loading import application
from grants.db import examining
from grants.delivery.sealed import sealed_from_network
from grants.queries.doctor import Ward, examine
from grants.services.lifecycle import sealed_part

SOUND = "ok"


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def doctor(as_json: bool) -> None:  # noqa: FBT001 -- click gives it so
    """Examine everything; ends with 1 when something does not hold. Changes nothing."""
    told = _examined()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print(told)
    if not told["ok"]:
        raise SystemExit(1)


def _examined() -> dict[str, Any]:
    now = clock.now()
    ward = Ward(store=application().config["STORE"], now=now, sealed=sealed_part)
    with examining() as session:
        database = _database(session)
        findings = examine(session, ward)
    return {
        "ok": all(finding.ok for finding in findings) and database["integrity"] == SOUND,
        "at": now.isoformat(),
        "invariants": {
            finding.name: {"ok": finding.ok, "detail": finding.statement, "problems": list(finding.problems)}
            for finding in findings
        },
        "database": database,
        "pdf_sealed_from_network": sealed_from_network(),
    }


def _database(session: Session) -> dict[str, str]:
    """Which database, how it keeps its journal, whether it finds itself whole."""
    name = session.get_bind().dialect.name
    if name != "sqlite":
        return {"name": name, "version": str(session.scalar(text("SHOW server_version"))), "integrity": SOUND}
    strays = session.execute(text("PRAGMA foreign_key_check")).first()
    return {
        "name": name,
        "version": str(session.scalar(text("SELECT sqlite_version()"))),
        "journal": str(session.scalar(text("PRAGMA journal_mode"))),
        "integrity": str(session.scalar(text("PRAGMA integrity_check")))
        if strays is None
        else f"stray row in {strays[0]}",
    }


def _print(told: dict[str, Any]) -> None:
    for name, finding in told["invariants"].items():
        click.echo(f"{'✓' if finding['ok'] else '✗'} {name:<4} {finding['detail']}")
        for problem in finding["problems"]:
            click.echo(f"         {problem}")
    shown = ", ".join(f"{name} {value}" for name, value in told["database"].items())
    click.echo(f"  database: {shown}")
    click.echo(f"  drawing of letters cut off from the network: {'yes' if told['pdf_sealed_from_network'] else 'no'}")
