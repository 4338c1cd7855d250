"""Typed values that cannot be kept: a stable reason code and the figures that a sentence about it needs."""

from collections.abc import Mapping

from grants.errors import Reason


class Unreadable(ValueError):
    """A typed value that cannot be kept.

    `reason` is a stable code (`ambiguous`), `params` its figures (`{"limit": 150}`). Words are the page's.
    """

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: Mapping[str, str | int] = params

    @property
    def as_reason(self) -> Reason:
        """The same, as `grants.errors.Invalid` takes it."""
        return Reason(self.reason, self.params)
