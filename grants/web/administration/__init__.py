"""Administration: accounts and roles, the audit trail."""

from grants.web.administration.views import blueprint

__all__ = ["blueprint"]
