"""Pages of the register: an organisation's passport, its papers, its people, its bank details; the network's members."""

from grants.web.organisation import founding, papers, register, team, views
from grants.web.organisation.blueprint import blueprint

__all__ = ["blueprint", "founding", "papers", "register", "team", "views"]
