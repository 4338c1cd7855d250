"""`flask analyse`: sums for analysts, from JSON to JSON, without database, queue or network."""

import click

from grants.cli.analyse.frame import Analyses
from grants.cli.analyse.scores import alpha, rank
from grants.cli.analyse.selection import assign_reviewers, choose_portfolio


@click.group("analyse", cls=Analyses)
def analyse() -> None:
    """Sums for analysts: read JSON in FILE (or - for standard input), print JSON (docs/analysis.md)."""


for command in (rank, alpha, choose_portfolio, assign_reviewers):
    analyse.add_command(command)
