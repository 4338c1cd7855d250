"""The calls, for everybody."""

from grants.web.call.views import blueprint

__all__ = ["blueprint"]
