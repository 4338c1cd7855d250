"""Tables, columns, constraints; no rules. Importing this package registers every table."""

from grants.models import append_only, words
from grants.models.account import Account, Appointment, UserSession
from grants.models.application import (
    Application,
    Attachment,
    BudgetLine,
    LateAttempt,
    Partner,
    Snapshot,
    Territory,
)
from grants.models.call import Call, Criterion, Envelope
from grants.models.decision import Decision
from grants.models.document import Document
from grants.models.evidence import AuditEntry, CommandLog, Heartbeat, SecurityEvent, Slot
from grants.models.finance import Payment, Posting, Tranche
from grants.models.organisation import BankAccount, Membership, Organisation
from grants.models.outbox import Promise, PromiseState
from grants.models.programme import Phase, Programme
from grants.models.project import Agreement, Amendment, Milestone, Project, Report, SupportSession
from grants.models.review import Interest, Mark, Review
from grants.models.screening import Check, Waiver
from grants.models.selection import Attendance, Meeting

__all__ = [
    "Account",
    "Agreement",
    "Amendment",
    "Application",
    "Appointment",
    "Attachment",
    "Attendance",
    "AuditEntry",
    "BankAccount",
    "BudgetLine",
    "Call",
    "Check",
    "CommandLog",
    "Criterion",
    "Decision",
    "Document",
    "Envelope",
    "Heartbeat",
    "Interest",
    "LateAttempt",
    "Mark",
    "Meeting",
    "Membership",
    "Milestone",
    "Organisation",
    "Partner",
    "Payment",
    "Phase",
    "Posting",
    "Programme",
    "Project",
    "Promise",
    "PromiseState",
    "Report",
    "Review",
    "SecurityEvent",
    "Slot",
    "Snapshot",
    "SupportSession",
    "Territory",
    "Tranche",
    "UserSession",
    "Waiver",
    "append_only",
    "words",
]
