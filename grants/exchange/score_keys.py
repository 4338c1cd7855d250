"""What a workbook of score sheets carries for being recognised when it comes back, signed so that nobody alters it.

Whose it is, of which call, and every review with its version and the fields as they stood when it was taken away.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grants.domain.score_sheets import Fields

_PURPOSE = b"palabre score sheets 1"


@dataclass(frozen=True)
class Base:
    """A review as it was taken away."""

    review: str
    version: int
    fields: Fields


@dataclass(frozen=True)
class Keys:
    """Call and reviewer by their public ids; `made_at`: when it was taken away (aware)."""

    call: str
    reviewer: str
    made_at: datetime
    bases: tuple[Base, ...]

    @property
    def by_review(self) -> Mapping[str, Base]:
        """The reviews by their public ids."""
        return {one.review: one for one in self.bases}


def packed(keys: Keys) -> str:
    """The keys as letters that every spreadsheet program keeps as they are."""
    told = {
        "call": keys.call,
        "reviewer": keys.reviewer,
        "at": keys.made_at.isoformat(),
        "reviews": [[one.review, one.version, dict(one.fields)] for one in keys.bases],
    }
    raw = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def unpacked(text: str) -> Keys:
    """The keys in these letters, whose signature was found true before."""
    told = json.loads(zlib.decompress(base64.b64decode(text)))
    bases = tuple(Base(review, version, fields) for review, version, fields in told["reviews"])
    return Keys(told["call"], told["reviewer"], datetime.fromisoformat(told["at"]), bases)


def signature_of(text: str, secret: str) -> str:
    """The signature of packed keys with the secret of the site, for this purpose alone."""
    own = hmac.digest(secret.encode(), _PURPOSE, "sha256")
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()


def genuine(text: str, signature: str, secret: str) -> bool:
    """Whether this site signed these packed keys."""
    return hmac.compare_digest(signature_of(text, secret).encode(), signature.encode())
