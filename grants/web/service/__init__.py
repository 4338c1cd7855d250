"""The service itself: help, accessibility, personal data, health, the demo's accounts."""

from grants.web.service.views import blueprint

__all__ = ["blueprint"]
