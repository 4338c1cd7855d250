"""The life of an amendment: asked for by the holder, accepted or refused."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import AmendmentFacts
from grants.workflow.machine import Machine, Move


class AmendmentState(StrEnum):
    """A change of dates without a change of money is the only kind so far."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"


S = AmendmentState

AMENDMENT: Machine[AmendmentFacts] = Machine(
    "amendment",
    AmendmentState,
    initial=S.REQUESTED,
    finals=[S.ACCEPTED, S.REFUSED],
    moves=[
        Move(
            Action.AMENDMENT_REQUEST,
            (S.REQUESTED,),
            guards=(g.project_running, g.reason_given, g.end_within_call),
            effects=(Mail("amendment-requested", Audience.MANAGERS),),
        ),
        Move(
            Action.AMENDMENT_ACCEPT,
            (S.REQUESTED,),
            S.ACCEPTED,
            (g.project_running, g.end_within_call),
            (Mail("amendment-accepted", Audience.TEAM),),
        ),
        Move(
            Action.AMENDMENT_REFUSE,
            (S.REQUESTED,),
            S.REFUSED,
            (g.reason_given,),
            (Mail("amendment-refused", Audience.TEAM),),
        ),
    ],
)
