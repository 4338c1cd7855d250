"""Selection: the ranking, what the scores say, the committee's sitting, what it writes down."""

from grants.web.selection import analysing, lots, minutes, projecting, room, views
from grants.web.selection.blueprint import blueprint

__all__ = ["analysing", "blueprint", "lots", "minutes", "projecting", "room", "views"]
