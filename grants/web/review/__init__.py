"""Review: interests, the queue, the sheet, and who reads what."""

from grants.web.review import assigning, writing
from grants.web.review.blueprint import blueprint

__all__ = ["assigning", "blueprint", "writing"]
