"""The life of a decision: proposed by the committee, approved on the board's act, released to the applicant."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Document, Mail
from grants.workflow.facts import DecisionFacts
from grants.workflow.machine import Machine, Move


class DecisionState(StrEnum):
    """Nobody outside the committee and the programme knows of a decision before it is released."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Outcome(StrEnum):
    """What is decided about a file."""

    AWARDED = "awarded"
    AWARDED_WITH_CONDITIONS = "awarded_with_conditions"
    RESERVE = "reserve"
    DEFERRED = "deferred"
    REJECTED = "rejected"


S = DecisionState
ACTIVE = (S.PROPOSED, S.APPROVED, S.RELEASED)  # an award in one of these states is held by the envelope
SOUND = (
    g.amount_fits_outcome,
    g.within_request,
    g.within_budget,
    g.motive_given,
    g.conditions_written,
    g.reserve_ranked,
)

DECISION: Machine[DecisionFacts] = Machine(
    "decision",
    DecisionState,
    initial=S.PROPOSED,
    finals=[S.SUPERSEDED, S.REVOKED],
    moves=[
        Move(Action.DECISION_PROPOSE, (S.PROPOSED,), guards=(g.meeting_open, g.quorum_without_recused, *SOUND)),
        Move(Action.DECISION_UNDO, (S.PROPOSED,), S.REVOKED, (g.meeting_open,)),
        Move(Action.DECISION_LAPSE, (S.PROPOSED, S.APPROVED), S.REVOKED),  # the applicant withdrew
        Move(Action.DECISION_APPROVE, (S.PROPOSED,), S.APPROVED, (g.meeting_closed, g.board_act_entered)),
        Move(
            Action.DECISION_RELEASE,
            (S.APPROVED,),
            S.RELEASED,
            effects=(
                Document("decision-letter"),
                Mail("accepted", Audience.TEAM, when=Outcome.AWARDED, attach="decision-letter"),
                Mail(
                    "accepted-with-conditions",
                    Audience.TEAM,
                    when=Outcome.AWARDED_WITH_CONDITIONS,
                    attach="decision-letter",
                ),
                Mail("reserve", Audience.TEAM, when=Outcome.RESERVE, attach="decision-letter"),
                Mail("deferred", Audience.TEAM, when=Outcome.DEFERRED, attach="decision-letter"),
                Mail("rejected", Audience.TEAM, when=Outcome.REJECTED, attach="decision-letter"),
            ),
        ),
        Move(Action.DECISION_LIFT_CONDITION, (S.RELEASED,), guards=(g.conditional_award,)),
        Move(Action.DECISION_REVOKE, (S.APPROVED, S.RELEASED), S.SUPERSEDED, (g.no_project_yet, g.motive_given)),
    ],
)
