"""Exports: lists that are asked for, waited for and taken away."""

from grants.web.export.views import blueprint

__all__ = ["blueprint"]
