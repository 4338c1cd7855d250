"""Review: interests, the queue, the sheet, and who reads what."""

from grants.web.review import assigning, history, members, offline, proposing, register, writing
from grants.web.review.blueprint import blueprint

__all__ = ["assigning", "blueprint", "history", "members", "offline", "proposing", "register", "writing"]
