"""Applications, as those who write them see them."""

from grants.web.application import documents, money, submitting, views, writing
from grants.web.application.blueprint import blueprint

__all__ = ["blueprint", "documents", "money", "submitting", "views", "writing"]
