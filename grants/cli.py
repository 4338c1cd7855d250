"""Commands: the demo, the doctor, the trail, the promises. Each is also `./palabre NAME`."""

import click
from flask import Flask

from grants.workflow.diagram import document


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(lives)


@click.command("lives")
def lives() -> None:
    """Print the lives of the objects as diagrams and tables (docs/lives.md)."""
    click.echo(document(), nl=False)
