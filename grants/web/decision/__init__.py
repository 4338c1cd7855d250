"""Decisions: the board's act, the letters that leave, the reserve list, mistakes mended."""

from grants.web.decision import leaving, mending, reserve, views
from grants.web.decision.blueprint import blueprint

__all__ = ["blueprint", "leaving", "mending", "reserve", "views"]
