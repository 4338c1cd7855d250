"""The life of a planned departure: letters that leave together at a moment, unless somebody stops them before."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import DepartureFacts
from grants.workflow.machine import Machine, Move


class DepartureState(StrEnum):
    """Until its moment comes, nobody outside the programme knows of it."""

    PLANNED = "planned"
    LEFT = "left"
    CANCELLED = "cancelled"
    HELD = "held"  # its moment came and something stood in the way: none left


S = DepartureState

DEPARTURE: Machine[DepartureFacts] = Machine(
    "departure",
    DepartureState,
    initial=S.PLANNED,
    finals=[S.LEFT, S.CANCELLED, S.HELD],
    moves=[
        Move(Action.DECISION_PLAN, (S.PLANNED,), guards=(g.moment_ahead, g.decisions_in_it)),
        Move(Action.DECISION_CANCEL_PLAN, (S.PLANNED,), S.CANCELLED),
        Move(Action.DECISION_RELEASE, (S.PLANNED,), S.LEFT, (g.moment_come,)),
        Move(
            Action.DECISION_HOLD_BACK,
            (S.PLANNED,),
            S.HELD,
            (g.moment_come,),
            (Mail("departure-held", Audience.MANAGERS),),
        ),
    ],
)
