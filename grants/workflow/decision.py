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
    SUPERSEDED = "superseded"  # another left in its place
    REVOKED = "revoked"  # taken back
    DECLINED = "declined"  # the board did not follow the committee
    EXPIRED = "expired"  # the reserve list is over
    RENOUNCED = "renounced"  # by its applicant


class Outcome(StrEnum):
    """What is decided about a file."""

    AWARDED = "awarded"
    AWARDED_WITH_CONDITIONS = "awarded_with_conditions"
    RESERVE = "reserve"
    DEFERRED = "deferred"
    REJECTED = "rejected"


class Origin(StrEnum):
    """Who brought a decision about: the committee in a sitting, the board by not following it, or a later need."""

    COMMITTEE = "committee"
    BOARD = "board"
    REVISION = "revision"  # another decision about a file that had one
    REISSUE = "reissue"  # the same decision, its letter written anew
    SUCCESSION = "succession"  # a file of the reserve list enters with freed money


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
    finals=[S.SUPERSEDED, S.REVOKED, S.DECLINED, S.EXPIRED, S.RENOUNCED],
    moves=[
        Move(Action.DECISION_PROPOSE, (S.PROPOSED,), guards=(g.meeting_open, g.quorum_without_recused, *SOUND)),
        Move(Action.DECISION_UNDO, (S.PROPOSED,), S.REVOKED, (g.meeting_open,)),
        Move(Action.DECISION_LAPSE, (S.PROPOSED, S.APPROVED), S.REVOKED),  # the applicant withdrew
        Move(
            Action.DECISION_APPROVE,
            (S.PROPOSED,),
            S.APPROVED,
            (g.meeting_closed, g.board_decides, g.board_act_entered),
        ),
        # the board does not follow: the committee's proposal ends, the board's own decision stands in its place
        Move(
            Action.DECISION_DECLINE,
            (S.PROPOSED,),
            S.DECLINED,
            (g.meeting_closed, g.board_decides, g.board_act_entered, g.why_given),
        ),
        Move(
            Action.DECISION_DECIDE_OTHERWISE,
            (S.PROPOSED,),
            S.APPROVED,
            (g.meeting_closed, g.board_act_entered, *SOUND),
        ),
        # after the sitting: another decision, or the same one in a letter written anew
        Move(Action.DECISION_REVISE, (S.PROPOSED,), guards=(g.no_project_yet, g.why_given, *SOUND)),
        Move(Action.DECISION_REISSUE, (S.PROPOSED,), guards=(g.letter_written_anew, g.why_given, *SOUND)),
        Move(Action.DECISION_CONFIRM, (S.PROPOSED,), S.APPROVED, (g.letter_written_anew,)),
        Move(
            Action.DECISION_ABANDON,
            (S.PROPOSED, S.APPROVED),
            S.REVOKED,
            (g.prepared_outside_a_sitting, g.departure_not_planned, g.within_budget),
        ),
        Move(
            Action.DECISION_RELEASE,
            (S.APPROVED,),
            S.RELEASED,
            (g.departure_not_planned, g.somebody_to_write_to),
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
        Move(Action.DECISION_SUPERSEDE, (S.RELEASED,), S.SUPERSEDED),
        Move(
            Action.DECISION_REVOKE,
            (S.APPROVED,),
            S.REVOKED,
            (g.no_project_yet, g.motive_given, g.departure_not_planned),
        ),
        Move(
            Action.DECISION_REVOKE,
            (S.RELEASED,),
            S.REVOKED,
            (g.no_project_yet, g.motive_given),
            (Document("revocation"), Mail("decision-revoked", Audience.TEAM, attach="revocation")),
        ),
        Move(
            Action.DECISION_EXPIRE,
            (S.RELEASED,),
            S.EXPIRED,
            (g.on_the_reserve, g.reserve_over),
            (Mail("reserve-over", Audience.TEAM),),
        ),
        Move(
            Action.DECISION_RENOUNCE,
            (S.RELEASED,),
            S.RENOUNCED,
            (g.something_to_renounce, g.no_project_yet),
            (Mail("renounced", Audience.MANAGERS), Mail("renunciation-noted", Audience.TEAM)),
        ),
    ],
)
