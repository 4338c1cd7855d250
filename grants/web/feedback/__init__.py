"""Feedback: what a decision tells its applicants beside its motive, composed before the letter leaves."""

from grants.web.feedback.views import blueprint

__all__ = ["blueprint"]
