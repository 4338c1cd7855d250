"""Whole files on paper, for those who read them."""

from grants.web.printing.views import blueprint

__all__ = ["blueprint"]
