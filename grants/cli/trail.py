"""The audit trail, looked at from outside: is the chain whole, and where does its head stand?"""

import json
from pathlib import Path

import click
from sqlalchemy import select

from grants.db import examining, reading
from grants.domain.audit_chain import Anchor, Entry, verify
from grants.models import AuditEntry
from grants.services.lifecycle import sealed_part


@click.group("audit")
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option("--anchor", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Kept elsewhere.")
def verify_trail(file: Path | None) -> None:
    """Go through the whole chain. Ends with 1 and the first bad number when something was changed."""
    anchor = _anchor(file) if file else None
    with examining() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500))
        count = 0

        def entries() -> object:
            nonlocal count
            for row in rows:
                count += 1
                yield Entry(row.seq, sealed_part(row), row.prev_hash, row.hash)

        bad = verify(entries(), anchor)  # type: ignore[arg-type]
    if bad is not None:
        click.echo(f"the trail is broken at {bad}")
        raise SystemExit(1)
    click.echo(f"{count} entries, the chain is whole")


@audit.command("anchor")
def anchor_trail() -> None:
    """Print number and hash of the newest entry, to be kept where nobody who writes here can change it."""
    with reading() as session:
        head = session.execute(
            select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
        ).one_or_none()
    if head is None:
        message = "the trail is empty"
        raise click.ClickException(message)
    click.echo(json.dumps({"seq": head.seq, "hash": head.hash}))


def _anchor(file: Path) -> Anchor:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Anchor(int(told["seq"]), str(told["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        message = f"{file} holds no anchor"
        raise click.ClickException(message) from error
