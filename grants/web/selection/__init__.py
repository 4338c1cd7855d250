"""Selection: the ranking, the committee's sitting, what it writes down."""

from grants.web.selection.views import blueprint

__all__ = ["blueprint"]
