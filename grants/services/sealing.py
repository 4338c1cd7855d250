"""Links that open one thing for whoever received them by mail: random values of which only the hash is stored.

A value is made when the mail that carries it is written, never before: no row and no promise ever holds it. Written
anew (the first bytes never left), a mail has another value, and the former opens nothing.
"""

import hashlib
import secrets
from typing import Any

from sqlalchemy import select

from grants.db import transaction
from grants.models import Attestation, Invitation

TOKEN_BYTES = 32
OPENED: dict[str, Any] = {"invitation": Invitation, "attestation": Attestation}


def sha256(token: str) -> str:
    """What is stored of a link."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def issue(kind: str, public_id: str) -> str:
    """A new value (256 random bits) for the link to this invitation or attestation; the former one is worth nothing."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    model = OPENED[kind]
    with transaction() as session:
        row = session.scalar(select(model).where(model.public_id == public_id))
        if row is not None:
            row.token_sha256 = sha256(token)
    return token
