"""The life of a funded project, from its agreement to its closing."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import ProjectFacts
from grants.workflow.machine import Machine, Move


class ProjectState(StrEnum):
    """Whether something is late is computed from dates, never stored."""

    AGREEMENT_PENDING = "agreement_pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REPORTING = "reporting"
    CLOSED = "closed"
    TERMINATED = "terminated"


S = ProjectState
RUNNING = (S.ACTIVE, S.REPORTING)

PROJECT: Machine[ProjectFacts] = Machine(
    "project",
    ProjectState,
    initial=S.AGREEMENT_PENDING,
    finals=[S.CLOSED, S.TERMINATED],
    moves=[
        Move(Action.PROJECT_START, (S.AGREEMENT_PENDING,), S.ACTIVE, (g.agreement_signed,)),
        Move(Action.PROJECT_REACH_MILESTONE, RUNNING),
        Move(Action.ACCOMPANIMENT_RECORD_SESSION, RUNNING),
        Move(
            Action.PROJECT_SUSPEND,
            (S.ACTIVE,),
            S.SUSPENDED,
            (g.reason_given,),
            (Mail("project-suspended", Audience.TEAM),),
        ),
        Move(
            Action.PROJECT_RESUME,
            (S.SUSPENDED,),
            S.ACTIVE,
            (g.reason_given,),
            (Mail("project-resumed", Audience.TEAM),),
        ),
        Move(Action.PROJECT_AWAIT_FINAL_REPORT, (S.ACTIVE,), S.REPORTING, (g.project_ended,)),
        Move(
            Action.PROJECT_CLOSE,
            RUNNING,
            S.CLOSED,
            (g.every_report_accepted, g.every_tranche_settled),
            (Mail("project-closed", Audience.TEAM),),
        ),
        Move(
            Action.PROJECT_LOWER_AWARD,
            (S.AGREEMENT_PENDING, S.ACTIVE, S.SUSPENDED, S.REPORTING),
            guards=(g.award_lowered, g.above_what_is_bound, g.agreement_not_out, g.reason_given),
            effects=(Mail("award-lowered", Audience.TEAM),),
        ),
        Move(
            Action.PROJECT_TERMINATE,
            (S.AGREEMENT_PENDING, S.ACTIVE, S.SUSPENDED, S.REPORTING),
            S.TERMINATED,
            (g.reason_given,),
            (Mail("project-terminated", Audience.TEAM),),
        ),
    ],
)
