"""Mail addresses of people: one spelling, so that one person has one account."""

import re
import unicodedata

from grants.domain.reasons import Unreadable

LONGEST = 254
_SHAPE = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,253}\Z")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_TOP_LABEL = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})\Z")


class AddressError(Unreadable):
    """Reasons: empty, not_an_email."""


def canonical(text: str) -> str:
    """The address without spaces around, composed and in lower case: `  Awa@Exemple.ORG` gives `awa@exemple.org`.

    Case is folded before the at sign too: no provider in use tells `Awa@` from `awa@`, and telephones begin words with
    a capital. A domain with accents is kept as the network writes it (`exämple.org` is `xn--exmple-cua.org`): one
    spelling, to which mail can be sent, and which shows a letter that only looks like another. Raises AddressError.
    """
    if len(text) > LONGEST * 2:
        raise AddressError("not_an_email")
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if not address:
        raise AddressError("empty")
    if not _SHAPE.match(address):
        raise AddressError("not_an_email")
    local, _, domain = address.partition("@")
    address = f"{local}@{_ascii(domain)}"
    if len(address) > LONGEST:
        raise AddressError("not_an_email")
    return address


def _ascii(domain: str) -> str:
    """The domain as it travels; every label of letters, digits and dashes, the last one of two letters or more."""
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:  # a label that is empty, too long, or of signs that no domain has
        raise AddressError("not_an_email") from None
    if len(labels) <= 1 or not all(map(_LABEL.match, labels)) or not _TOP_LABEL.match(labels[-1]):
        raise AddressError("not_an_email")
    return ".".join(labels)
