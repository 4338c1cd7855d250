"""The life of the minutes of a sitting: written by the log, amended, approved by one person, signed by another."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Document
from grants.workflow.facts import MinutesFacts
from grants.workflow.machine import Machine, Move


class MinutesState(StrEnum):
    """An amendment after the approval asks for another one; what is signed stays."""

    DRAFT = "draft"
    APPROVED = "approved"
    SIGNED = "signed"


S = MinutesState

MINUTES: Machine[MinutesFacts] = Machine(
    "minutes",
    MinutesState,
    initial=S.DRAFT,
    finals=[S.SIGNED],
    moves=[
        Move(
            Action.SELECTION_AMEND_MINUTES, (S.DRAFT, S.APPROVED), S.DRAFT, (g.sitting_closed, g.amendment_can_be_read)
        ),
        Move(Action.SELECTION_APPROVE_MINUTES, (S.DRAFT,), S.APPROVED, (g.sitting_closed,)),
        Move(
            Action.SELECTION_SIGN_MINUTES,
            (S.APPROVED,),
            S.SIGNED,
            (g.approved_by_another, g.every_file_seen),
            (Document("minutes"),),
        ),
    ],
)
