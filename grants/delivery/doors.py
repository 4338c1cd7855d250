"""The doors to the world, opened once by a composition root and handed to those who keep promises."""

from dataclasses import dataclass

from grants.delivery.files import Store
from grants.delivery.smtp import Transport
from grants.delivery.templating import Renderer


@dataclass(frozen=True)
class Doors:
    """What the worker needs to write to people: words, the way out, the store of bytes, our own address."""

    renderer: Renderer
    transport: Transport
    store: Store
    base_url: str
    mail_from: str
