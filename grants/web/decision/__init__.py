"""Decisions: the board's act, the letters that leave, conditions, mistakes mended."""

from grants.web.decision.views import blueprint

__all__ = ["blueprint"]
