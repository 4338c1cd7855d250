"""The calls, for everybody."""

from grants.web.call import editing, inviting, packs, rehearsals, self_testing
from grants.web.call.views import blueprint

__all__ = ["blueprint", "editing", "inviting", "packs", "rehearsals", "self_testing"]
