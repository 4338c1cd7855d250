"""The life of a sitting of the committee."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.facts import MeetingFacts
from grants.workflow.machine import Machine, Move


class MeetingState(StrEnum):
    """Nothing decided in a sitting leaves before it is closed."""

    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"


MEETING: Machine[MeetingFacts] = Machine(
    "meeting",
    MeetingState,
    initial=MeetingState.CONVENED,
    finals=[MeetingState.CLOSED],
    moves=[
        Move(Action.SELECTION_RECORD_ATTENDANCE, (MeetingState.CONVENED, MeetingState.OPEN)),
        Move(
            Action.SELECTION_OPEN,
            (MeetingState.CONVENED,),
            MeetingState.OPEN,
            (g.quorum_reached, g.every_review_given),
        ),
        Move(Action.SELECTION_CLOSE, (MeetingState.OPEN,), MeetingState.CLOSED, (g.every_file_proposed,)),
    ],
)
