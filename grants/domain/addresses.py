"""Mail addresses of people: one spelling, so that one person has one account."""

import re
import unicodedata

from grants.domain.reasons import Unreadable

LONGEST = 254
_SHAPE = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\Z")


class AddressError(Unreadable):
    """Reasons: empty, not_an_email."""


def canonical(text: str) -> str:
    """The address without spaces around, composed and in lower case: `  Awa@Exemple.ORG` gives `awa@exemple.org`.

    Case is folded before the at sign too: no provider in use tells `Awa@` from `awa@`, and telephones begin words with
    a capital. Raises AddressError.
    """
    if len(text) > LONGEST * 2:
        raise AddressError("not_an_email")
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if not address:
        raise AddressError("empty")
    if len(address) > LONGEST or not _SHAPE.match(address):
        raise AddressError("not_an_email")
    return address
