"""The lives of the objects, as documentation."""

import click

from grants.workflow.diagram import document


@click.command("lives")
def lives() -> None:
    """Print the lives of the objects as diagrams and tables (docs/lives.md)."""
    click.echo(document(), nl=False)
