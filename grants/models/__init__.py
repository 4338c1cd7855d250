"""Tables, columns, constraints; no rules. Importing this package registers every table."""

from grants.models import append_only, words
from grants.models.account import Account, Appointment, Invitation, UserSession
from grants.models.application import (
    Application,
    Attachment,
    Attestation,
    BudgetLine,
    Collaborator,
    LateAttempt,
    Partner,
    Snapshot,
    Territory,
    Upload,
)
from grants.models.call import Call, Criterion, Envelope, Invitee
from grants.models.decision import Decision
from grants.models.document import Document
from grants.models.drafting import AnswerChange, FieldComment, Presence
from grants.models.evidence import AuditEntry, CommandLog, Heartbeat, SecurityEvent, Slot
from grants.models.finance import Payment, Posting, Tranche
from grants.models.organisation import BankAccount, Membership, Organisation, Paper
from grants.models.outbox import Promise, PromiseState
from grants.models.programme import Phase, Programme
from grants.models.project import Agreement, Amendment, Milestone, Project, Report, SupportSession
from grants.models.review import Interest, Mark, Override, Proposal, Review
from grants.models.screening import Batch, BatchItem, Check, Waiver
from grants.models.selection import Attendance, Lot, Meeting, ScoreAnalysis
from grants.models.terms import CallVersion, Rehearsal, TermsText

__all__ = [
    "Account",
    "Agreement",
    "Amendment",
    "AnswerChange",
    "Application",
    "Appointment",
    "Attachment",
    "Attendance",
    "Attestation",
    "AuditEntry",
    "BankAccount",
    "Batch",
    "BatchItem",
    "BudgetLine",
    "Call",
    "CallVersion",
    "Check",
    "Collaborator",
    "CommandLog",
    "Criterion",
    "Decision",
    "Document",
    "Envelope",
    "FieldComment",
    "Heartbeat",
    "Interest",
    "Invitation",
    "Invitee",
    "LateAttempt",
    "Lot",
    "Mark",
    "Meeting",
    "Membership",
    "Milestone",
    "Organisation",
    "Override",
    "Paper",
    "Partner",
    "Payment",
    "Phase",
    "Posting",
    "Presence",
    "Programme",
    "Project",
    "Promise",
    "PromiseState",
    "Proposal",
    "Rehearsal",
    "Report",
    "Review",
    "ScoreAnalysis",
    "SecurityEvent",
    "Slot",
    "Snapshot",
    "SupportSession",
    "TermsText",
    "Territory",
    "Tranche",
    "Upload",
    "UserSession",
    "Waiver",
    "append_only",
    "words",
]
