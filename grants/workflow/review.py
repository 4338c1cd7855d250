"""The life of one review: a reader is named, declares an interest or reads and scores."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import ReviewFacts
from grants.workflow.machine import Machine, Move


class ReviewState(StrEnum):
    """A recusal voids a review and keeps it."""

    ASSIGNED = "assigned"
    DRAFT = "draft"
    GIVEN = "given"
    RECUSED = "recused"
    UNASSIGNED = "unassigned"


S = ReviewState
LIVE = (S.ASSIGNED, S.DRAFT, S.GIVEN)
WRITABLE = (g.interest_declared, g.unconflicted, g.review_window_open, g.deliberation_not_closed, g.file_still_judged)

REVIEW: Machine[ReviewFacts] = Machine(
    "review",
    ReviewState,
    initial=S.ASSIGNED,
    finals=[],  # a recusal may be overridden by two managers
    moves=[
        Move(Action.REVIEW_SAVE, (S.ASSIGNED, S.DRAFT), S.DRAFT, WRITABLE),
        Move(
            Action.REVIEW_SCORE,
            (S.ASSIGNED, S.DRAFT),
            S.GIVEN,
            (*WRITABLE, g.every_criterion_marked, g.extremes_commented, g.opinion_written),
        ),
        Move(
            Action.REVIEW_RETURN,
            (S.GIVEN,),
            S.DRAFT,
            (g.deliberation_not_closed, g.file_still_judged),
            (Mail("review-returned", Audience.REVIEWER),),
        ),
        Move(Action.REVIEW_RECUSE, LIVE, S.RECUSED),
        Move(Action.REVIEW_UNASSIGN, (S.ASSIGNED, S.DRAFT), S.UNASSIGNED),
        Move(Action.REVIEW_ASSIGN, (S.UNASSIGNED, S.RECUSED), S.ASSIGNED, (g.unconflicted,)),
    ],
)
