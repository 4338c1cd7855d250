"""The demonstration: load it, list its accounts, or seed a small scenario for a test."""

import json

import click

from grants.cli.loading import doors, load_if_empty, print_accounts, refuse_in_production, say, settings
from grants.demo import replay, scenarios


@click.group("demo")
def demo() -> None:
    """The demonstration and the seeds of the tests."""


@demo.command("load")
def load() -> None:
    """Live the two invented calls through, in an empty database; a second time nothing is done."""
    if not load_if_empty():
        say("The database is not empty: nothing was loaded.")
    print_accounts()


@demo.command("accounts")
def accounts() -> None:
    """Whom one may sign in as, and what there is to see."""
    print_accounts()


@demo.command("seed")
@click.option("--scenario", required=True, help="network, draft, deadline-in-<seconds>, under-review, …")
@click.option("--json", "as_json", is_flag=True, help="Print accounts, objects and canaries as JSON.")
def seed(scenario: str, as_json: bool) -> None:  # noqa: FBT001 -- click gives it so
    """Fill an empty database with a small situation, as of now."""
    refuse_in_production()
    if not replay.is_empty():
        message = "the database is not empty"
        raise click.ClickException(message)
    try:
        told = scenarios.seed(scenario, doors(), settings().base_url, say)
    except scenarios.UnknownScenario as error:
        raise click.ClickException(str(error)) from error
    if scenario == scenarios.NETWORK:
        replay.set_clock(settings().data_dir)
    click.echo(json.dumps(told, ensure_ascii=False, indent=None if as_json else 2))
