"""Signing in and out, and one's own account."""

from grants.web.account.views import blueprint

__all__ = ["blueprint"]
