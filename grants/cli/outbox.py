"""The promises that wait, are kept, or need a person."""

import json
from typing import Any

import click
from sqlalchemy import func, select

from grants.clock import now
from grants.db import reading
from grants.models import Promise, PromiseState
from grants.services import relay

WAITING = (PromiseState.QUEUED, PromiseState.LEASED, PromiseState.HANDED)


@click.group("outbox", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def outbox(context: click.Context, as_json: bool) -> None:  # noqa: FBT001 -- click gives it so
    """Count the promises by state; the age of the oldest one that should have been kept, in seconds."""
    if context.invoked_subcommand:
        return
    told = summary()
    if as_json:
        click.echo(json.dumps(told))
        return
    for state, count in told["states"].items():
        click.echo(f"{state:<8} {count}")
    click.echo(f"oldest   {told['oldest_seconds'] or 0} s")


@outbox.command("resume")
def resume() -> None:
    """Let what a restored backup paused leave, once somebody has looked at it (Courrier, Journal des envois)."""
    click.echo(f"{relay.resume_all()} promises are back in the queue")


def summary() -> dict[str, Any]:
    """`states`: how many in each, zeros too; `waiting`; `oldest_seconds`: since the oldest fell due, None without."""
    with reading() as session:
        rows = session.execute(select(Promise.state, func.count()).group_by(Promise.state)).all()
        oldest = session.scalar(select(func.min(Promise.due_at)).where(Promise.state.in_(WAITING)))
    counted = {str(row[0]): int(row[1]) for row in rows}
    states = {str(state): counted.get(str(state), 0) for state in PromiseState}
    return {
        "states": states,
        "waiting": sum(states[state] for state in WAITING),
        "oldest_seconds": max(0, round((now() - oldest).total_seconds())) if oldest else None,
    }
