"""Keys: integer ones for the server, random public ones for people."""

import secrets
from base64 import b32encode
from typing import Annotated

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import mapped_column

PUBLIC_ID_BYTES = 10


def new_public_id() -> str:
    """Sixteen characters that nobody guesses (80 random bits), lower case, readable aloud."""
    return b32encode(secrets.token_bytes(PUBLIC_ID_BYTES)).decode("ascii").lower()


# SQLite only counts up by itself on a plain INTEGER
Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
PublicId = Annotated[str, mapped_column(String(24), unique=True, default=new_public_id)]
