"""Passwords: hashed with Argon2id, compared in the same time whether the person exists or not."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from grants.errors import Reason

SHORTEST = 12
LONGEST = 128
_HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
# hash of a random value that nobody knows: what an unknown address is compared with
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$4Lyjt+i5Y+2PsJQ5x/i3dw$n0aiDk0AYMGEan1UzqFfJSJhUjEiC31Ea7t2VFcMsII"
_FEWEST_SIGNS = 5


def objection(password: str, *others: str) -> Reason | None:
    """Why a new password is not taken: password_too_short, password_too_long, password_too_plain; None when it is.

    `others`: what the password must not repeat (mail address, name).
    """
    plain = _spelling(password)
    if len(plain) < SHORTEST:
        return Reason("password_too_short", {"limit": SHORTEST})
    if len(plain) > LONGEST:
        return Reason("password_too_long", {"limit": LONGEST})
    if len(set(plain)) < _FEWEST_SIGNS or plain.casefold() in {_spelling(other).casefold() for other in others}:
        return Reason("password_too_plain")
    return None


def hashed(password: str) -> str:
    """The hash to store."""
    return _HASHER.hash(_spelling(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one; `stored` None (nobody) takes as long and is never right."""
    try:
        found = _HASHER.verify(stored or _NOBODY, _spelling(password[: LONGEST * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return found and stored is not None


def _spelling(password: str) -> str:
    """One spelling for what different keyboards send."""
    return unicodedata.normalize("NFKC", password)
