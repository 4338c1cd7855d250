"""What somebody wishes a decision to say, cleaned before it is kept."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from grants.models import Decision
from grants.services.decision import picture
from grants.workflow.decision import Outcome

TEXTS = ("motive", "conditions", "why", "reason_code")


@dataclass(frozen=True)
class Wish:
    """A decision as it is typed (cents). `why`: the reason for which it takes the place of another."""

    outcome: str
    awarded_cents: int = 0
    motive: str = ""
    conditions: str = ""
    conditions_due_on: date | None = None
    reserve_rank: int | None = None
    reason_code: str = ""
    why: str = ""

    def cleaned(self) -> "Wish":
        """The same, as it can be kept. Raises Invalid."""
        picture.refuse_wild(self.outcome, self.awarded_cents, self.reserve_rank)
        said: dict[str, Any] = {name: picture.cleaned(name, getattr(self, name)) for name in TEXTS}
        kept = replace(self, **said)
        if kept.outcome == Outcome.AWARDED_WITH_CONDITIONS:
            return kept
        return replace(kept, conditions="", conditions_due_on=None)

    def columns(self) -> dict[str, Any]:
        """What a row holds of it, but the reason."""
        return {
            "outcome": Outcome(self.outcome),
            "awarded_cents": self.awarded_cents,
            "motive": self.motive,
            "conditions": self.conditions,
            "conditions_due_on": self.conditions_due_on,
            "reserve_rank": self.reserve_rank,
            "reason_code": self.reason_code,
        }


def same_as(decision: Decision, **changed: Any) -> Wish:  # noqa: ANN401 -- fields of a wish
    """The wish that a decision was, with some of it said otherwise."""
    held = {name: getattr(decision, name) for name in Wish.__dataclass_fields__ if name != "why"}
    return Wish(**{**held, "outcome": str(decision.outcome), **changed})
