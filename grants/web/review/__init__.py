"""Review: interests, the queue, the sheet, and who reads what."""

from grants.web.review import assigning, members, proposing, register, writing
from grants.web.review.blueprint import blueprint

__all__ = ["assigning", "blueprint", "members", "proposing", "register", "writing"]
