"""What an examination needs from outside the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grants.delivery.files import Store
from grants.models import AuditEntry


@dataclass(frozen=True)
class Ward:
    """`now`: the moment of the service, by which files are dated too (aware UTC).

    `sealed`: what the hash of an entry of the trail covers.
    """

    store: Store
    now: datetime
    sealed: Callable[[AuditEntry], dict[str, Any]]
