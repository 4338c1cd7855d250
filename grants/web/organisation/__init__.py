"""Organisations: their entry in the register, their standing, their bank details."""

from grants.web.organisation.views import blueprint

__all__ = ["blueprint"]
