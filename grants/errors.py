"""The refusals of the product: what every layer may raise and the pages know how to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class Refusal(Exception):
    """Something was not done, for a reason that a person can be told."""


class NotFound(Refusal):
    """The object does not exist, or the actor has no right to know that it does: the two look the same (404)."""


class NotAllowed(Refusal):
    """The actor may see the object but may not do this (403).

    `reasons`: names of the predicates of the policy of which one would have been needed.
    """

    def __init__(self, action: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(f"{action}: {', '.join(reasons) or 'not allowed'}")
        self.action = action
        self.reasons = reasons


@dataclass(frozen=True)
class Reason:
    """Why something is not possible now: the name of the guard that refused, and figures for its sentence."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class NotPossible(Refusal):
    """The action is not possible in this state or with these facts (409); carries every reason, not the first."""

    def __init__(self, action: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(f"{action}: {', '.join(reason.code for reason in reasons)}")
        self.action = action
        self.reasons = reasons


class Conflict(Refusal):
    """Somebody else changed the object meanwhile (409). `by` and `at` say who and when, where known."""

    def __init__(self, what: str, by: str | None = None, at: object = None) -> None:
        super().__init__(what)
        self.what = what
        self.by = by
        self.at = at


class Invalid(Refusal):
    """A value cannot be accepted (422): `problems` maps a field to its reasons."""

    def __init__(self, problems: Mapping[str, Reason]) -> None:
        super().__init__(", ".join(f"{name}: {reason.code}" for name, reason in problems.items()))
        self.problems = dict(problems)


class Throttled(Refusal):
    """Too many tries in a while (429): wait `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class ClockSkew(Refusal):
    """Application and database disagree on the time by more than five seconds (503): no deadline may be judged."""


class Busy(Refusal):
    """The database asks to try the whole use case again (deadlock, lock time-out); 503 when tries are used up."""
