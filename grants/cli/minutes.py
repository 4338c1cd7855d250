"""`flask minutes`: the minutes of a sitting written again from the file of its log alone, as the PDF that was signed."""

import json
from pathlib import Path
from typing import BinaryIO

import click

from grants.delivery.templating import Renderer
from grants.domain.minutes import minutes_of
from grants.domain.sitting_log import read
from grants.queries.minutes import KIND, words_of
from grants.services.document import drawn

HERE = Path(__file__).parents[1]


@click.command("minutes")
@click.argument("log", type=click.File("rb"))
@click.argument("pdf", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def minutes(log: BinaryIO, pdf: Path) -> None:
    """Write the PDF of signed minutes from LOG (the file « Journal de la séance »), byte for byte as it was kept.

    Nothing is asked of the database. An extract's log gives the extract.
    """
    try:
        found = json.load(log)
        told = minutes_of(read(found["entries"]), extract=bool(found.get("extract")))
    except (ValueError, KeyError, TypeError) as error:
        message = f"this is not the log of a sitting: {error}"
        raise click.ClickException(message) from error
    if told.signed is None:
        message = "these minutes are not signed: their document does not exist yet"
        raise click.ClickException(message)
    renderer = Renderer(HERE / "templates", HERE / "translations", "")
    pdf.write_bytes(drawn(renderer, KIND, words_of(told), told.signed.at))
    click.echo(f"{pdf}: {told.call.get('title', '')}, {told.held_on}")
