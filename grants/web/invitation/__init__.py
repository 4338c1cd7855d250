"""Links that invite: accept one, ask for an account, and what the programme has sent."""

from grants.web.invitation.views import blueprint

__all__ = ["blueprint"]
