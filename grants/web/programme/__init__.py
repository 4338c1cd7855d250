"""The programme team's day, and the overview of a call."""

from grants.web.programme.views import blueprint

__all__ = ["blueprint"]
