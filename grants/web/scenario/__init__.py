"""Scenarios: sets of files that serve the call best under some rules, tried, read, compared, shared. They advise."""

from grants.web.scenario import comparing, views
from grants.web.scenario.blueprint import blueprint

__all__ = ["blueprint", "comparing", "views"]
