"""Calls: drafted by the programme, published when fit, amended by versions, closed when decided; or told from a source."""

from grants.services.call.cloning import clone
from grants.services.call.drafting import discard, draft, import_call, save
from grants.services.call.inviting import invite_organisations, withdraw_invitation
from grants.services.call.packing import bring, export
from grants.services.call.prospects import facts_of
from grants.services.call.publishing import amend, begin_amendment, close, prolong, publish, stop
from grants.services.call.terms import as_if

__all__ = [
    "amend",
    "as_if",
    "begin_amendment",
    "bring",
    "clone",
    "close",
    "discard",
    "draft",
    "export",
    "facts_of",
    "import_call",
    "invite_organisations",
    "prolong",
    "publish",
    "save",
    "stop",
    "withdraw_invitation",
]
