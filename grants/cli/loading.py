"""Loading the demonstration from a command: the doors of this deployment, progress on standard error."""

import click
from flask import Flask
from flask.cli import ScriptInfo

from config.settings import Settings
from grants.delivery.doors import Doors, open_doors
from grants.demo import replay
from grants.demo.accounts import DEMO_ACCOUNTS


def application() -> Flask:
    """The application whose command runs."""
    script = click.get_current_context().find_object(ScriptInfo)
    assert script is not None
    return script.load_app()


def settings() -> Settings:
    """Its settings."""
    found: Settings = application().config["SETTINGS"]
    return found


def doors() -> Doors:
    """The doors of a replay: mails always stay in the folder, whatever mail server there is."""
    own = settings()
    return open_doors(
        base_url=own.base_url,
        mail_from=own.mail_from,
        smtp_url="",
        mailbox_dir=own.mailbox_dir,
        blob_dir=own.blob_dir,
    )


def say(words: str) -> None:
    """Progress, beside what the command answers."""
    click.echo(words, err=True)


def refuse_in_production() -> None:
    """Invented people have no business among real ones."""
    if settings().is_production:
        message = "the demonstration is never loaded in production"
        raise click.ClickException(message)


def load_if_empty() -> bool:
    """Load the demonstration unless somebody is there already; afterwards it is its day. False: nothing done."""
    if not replay.is_empty():
        return False
    refuse_in_production()
    replay.load(doors(), say)
    replay.set_clock(settings().data_dir)
    return True


def print_accounts() -> None:
    """Whom one may sign in as, on standard output."""
    click.echo(f"\nComptes de démonstration (mot de passe : {DEMO_ACCOUNTS[0].password})\n")
    width = max(len(line.email) for line in DEMO_ACCOUNTS)
    for line in DEMO_ACCOUNTS:
        click.echo(f"  {line.email:<{width}}  {line.role}\n  {'':<{width}}    {line.hint}")
