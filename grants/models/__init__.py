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
from grants.models.copies import CleanedCopy
from grants.models.decision import Decision, Departure, Succession
from grants.models.document import Document
from grants.models.drafting import AnswerChange, FieldComment, Presence
from grants.models.evidence import AuditEntry, CommandLog, Heartbeat, SecurityEvent, Slot
from grants.models.export import Export
from grants.models.feedback import Feedback
from grants.models.finance import Payment, Posting, Tranche
from grants.models.minutes import Minutes
from grants.models.organisation import BankAccount, Membership, Organisation, Paper
from grants.models.outbox import Promise, PromiseState
from grants.models.printout import Printout
from grants.models.programme import Phase, Programme
from grants.models.project import Agreement, Amendment, Milestone, Project, Report, SupportSession
from grants.models.review import GivenReview, Interest, Mark, Override, Proposal, Review
from grants.models.scenario import Scenario, ScenarioFile
from grants.models.screening import Batch, BatchItem, Check, Waiver
from grants.models.selection import Attendance, Lot, Meeting, ScoreAnalysis
from grants.models.sitting import (
    AgendaLine,
    Ballot,
    BallotVoter,
    Calling,
    OpenVote,
    ProjectorKey,
    SittingEvent,
    SittingNote,
    Urn,
)
from grants.models.terms import CallVersion, Rehearsal, TermsText

__all__ = [
    "Account",
    "AgendaLine",
    "Agreement",
    "Amendment",
    "AnswerChange",
    "Application",
    "Appointment",
    "Attachment",
    "Attendance",
    "Attestation",
    "AuditEntry",
    "Ballot",
    "BallotVoter",
    "BankAccount",
    "Batch",
    "BatchItem",
    "BudgetLine",
    "Call",
    "CallVersion",
    "Calling",
    "Check",
    "CleanedCopy",
    "Collaborator",
    "CommandLog",
    "Criterion",
    "Decision",
    "Departure",
    "Document",
    "Envelope",
    "Export",
    "Feedback",
    "FieldComment",
    "GivenReview",
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
    "Minutes",
    "OpenVote",
    "Organisation",
    "Override",
    "Paper",
    "Partner",
    "Payment",
    "Phase",
    "Posting",
    "Presence",
    "Printout",
    "Programme",
    "Project",
    "ProjectorKey",
    "Promise",
    "PromiseState",
    "Proposal",
    "Rehearsal",
    "Report",
    "Review",
    "Scenario",
    "ScenarioFile",
    "ScoreAnalysis",
    "SecurityEvent",
    "SittingEvent",
    "SittingNote",
    "Slot",
    "Snapshot",
    "Succession",
    "SupportSession",
    "TermsText",
    "Territory",
    "Tranche",
    "Upload",
    "Urn",
    "UserSession",
    "Waiver",
    "append_only",
    "words",
]
