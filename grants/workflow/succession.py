"""The life of freed money: who of the reserve list could enter is worked out, then taken or left, with a reason."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import SuccessionFacts
from grants.workflow.machine import Machine, Move


class SuccessionState(StrEnum):
    """It advises: nobody enters without a decision of the board."""

    SOUGHT = "sought"
    NAMED = "named"
    TAKEN = "taken"
    LEFT = "left"


S = SuccessionState

SUCCESSION: Machine[SuccessionFacts] = Machine(
    "succession",
    SuccessionState,
    initial=S.SOUGHT,
    finals=[S.TAKEN, S.LEFT],
    moves=[
        Move(Action.DECISION_SEEK_SUCCESSOR, (S.SOUGHT, S.NAMED), S.SOUGHT),
        Move(
            Action.DECISION_NAME_SUCCESSOR,
            (S.SOUGHT,),
            S.NAMED,
            effects=(Mail("place-freed", Audience.MANAGERS),),
        ),
        Move(Action.DECISION_TAKE_SUCCESSOR, (S.NAMED,), S.TAKEN, (g.somebody_enters,)),
        Move(Action.DECISION_PASS_OVER, (S.NAMED,), S.LEFT, (g.why_given,)),
    ],
)
