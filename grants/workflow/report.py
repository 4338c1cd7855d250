"""The life of a report of a project."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import ReportFacts
from grants.workflow.machine import Machine, Move


class ReportState(StrEnum):
    """Late is computed, never stored."""

    EXPECTED = "expected"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"


class ReportKind(StrEnum):
    """A final report is narrative and financial; both are asked for before the balance."""

    INTERIM = "interim"
    FINAL = "final"
    FINANCIAL = "financial"


S = ReportState
OPEN = (S.EXPECTED, S.DRAFT, S.CHANGES_REQUESTED)

REPORT: Machine[ReportFacts] = Machine(
    "report",
    ReportState,
    initial=S.EXPECTED,
    finals=[S.ACCEPTED],
    moves=[
        Move(Action.REPORT_SAVE, (S.EXPECTED, S.DRAFT), S.DRAFT, (g.project_running,)),
        Move(Action.REPORT_SAVE, (S.CHANGES_REQUESTED,), guards=(g.project_running,)),
        Move(
            Action.REPORT_SUBMIT,
            OPEN,
            S.SUBMITTED,
            (g.project_running, g.report_complete, g.variances_explained),
            (Mail("report-received", Audience.TEAM), Mail("report-to-read", Audience.MANAGERS)),
        ),
        Move(
            Action.REPORT_RETURN,
            (S.SUBMITTED,),
            S.CHANGES_REQUESTED,
            (g.reason_given,),
            (Mail("report-returned", Audience.TEAM),),
        ),
        Move(Action.REPORT_ACCEPT, (S.SUBMITTED,), S.ACCEPTED, effects=(Mail("report-accepted", Audience.TEAM),)),
    ],
)
