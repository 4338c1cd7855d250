"""The life of a tranche: a planned payment, its condition, the order, the act."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import TrancheFacts
from grants.workflow.machine import Machine, Move


class TrancheState(StrEnum):
    """That a tranche is blocked by a late report is computed, never stored."""

    PLANNED = "planned"
    DUE = "due"
    ORDERED = "ordered"
    PAID = "paid"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Condition(StrEnum):
    """What a tranche waits for."""

    AGREEMENT_SIGNED = "agreement_signed"
    INTERIM_REPORT_ACCEPTED = "interim_report_accepted"
    FINAL_REPORT_ACCEPTED = "final_report_accepted"
    AWARD_RELEASED = "award_released"  # a prize: nothing but the letter


S = TrancheState

TRANCHE: Machine[TrancheFacts] = Machine(
    "tranche",
    TrancheState,
    initial=S.PLANNED,
    finals=[S.RETURNED, S.CANCELLED],
    moves=[
        Move(Action.TRANCHE_FALL_DUE, (S.PLANNED,), S.DUE, (g.condition_met, g.project_running)),
        Move(
            Action.TRANCHE_ORDER,
            (S.DUE,),
            S.ORDERED,
            (g.project_running, g.within_award),
            (Mail("payment-ordered", Audience.FINANCE),),
        ),
        Move(
            Action.TRANCHE_PAY,
            (S.ORDERED,),
            S.PAID,
            (g.project_running, g.bank_verified, g.second_person, g.within_award, g.payment_referenced),
            (Mail("payment-made", Audience.TEAM),),
        ),
        Move(Action.TRANCHE_RETURN, (S.PAID,), S.RETURNED, (g.second_person, g.payment_referenced)),
        Move(Action.TRANCHE_CANCEL, (S.PLANNED, S.DUE), S.CANCELLED),
    ],
)
