"""The doors to the world, opened once by a composition root and handed to those who keep promises."""

from dataclasses import dataclass
from pathlib import Path

from grants.delivery.files import Store
from grants.delivery.scanning import Scanner, scanner_for
from grants.delivery.smtp import Transport, transport_for
from grants.delivery.templating import Renderer

GRANTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Doors:
    """What the worker needs to write to people: words, the way out, the store of bytes, our own address."""

    renderer: Renderer
    transport: Transport
    store: Store
    base_url: str
    mail_from: str
    scanner: Scanner | None = None


def open_doors(
    *, base_url: str, mail_from: str, smtp_url: str, mailbox_dir: Path, blob_dir: Path, scan_url: str = ""
) -> Doors:
    """The doors of a deployment; without a mail server (`smtp_url` empty) mails go to the folder."""
    return Doors(
        renderer=Renderer(GRANTS / "templates", GRANTS / "translations", base_url),
        transport=transport_for(smtp_url, mailbox_dir),
        store=Store(blob_dir),
        base_url=base_url,
        mail_from=mail_from,
        scanner=scanner_for(scan_url),
    )
