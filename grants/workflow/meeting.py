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
        Move(Action.SELECTION_ORDER_AGENDA, (MeetingState.OPEN,)),
        Move(Action.SELECTION_CALL_FILE, (MeetingState.OPEN,)),
        Move(Action.SELECTION_EMPTY_ROOM, (MeetingState.OPEN,)),
        Move(Action.SELECTION_NOTE, (MeetingState.OPEN,)),
        Move(Action.SELECTION_OPEN_BALLOT, (MeetingState.OPEN,)),
        Move(Action.SELECTION_VOTE, (MeetingState.OPEN,)),
        Move(Action.SELECTION_COUNT_BALLOT, (MeetingState.OPEN,)),
        Move(Action.SELECTION_STOP_BALLOT, (MeetingState.OPEN,)),
        Move(Action.SELECTION_ISSUE_PROJECTION, (MeetingState.CONVENED, MeetingState.OPEN)),
        Move(Action.SELECTION_CLOSE, (MeetingState.OPEN,), MeetingState.CLOSED, (g.every_file_proposed,)),
    ],
)
