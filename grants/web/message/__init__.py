"""What was sent: the log of promises, the mailbox of a demonstration, the documents produced."""

from grants.web.message.views import blueprint

__all__ = ["blueprint"]
