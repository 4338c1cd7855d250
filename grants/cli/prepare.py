"""Making a deployment ready to start, in one process: tables up to date, demonstration loaded where it belongs."""

import click
import flask_migrate
from flask.cli import with_appcontext

from grants.cli.loading import load_if_empty, print_accounts, settings


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Bring the database up to date; in the demo, load the demonstration once. Says whom one may sign in as."""
    own = settings()
    own.data_dir.mkdir(parents=True, exist_ok=True)
    flask_migrate.upgrade()
    if own.env == "demo":
        load_if_empty()
        print_accounts()
