"""The pictures that guards look at: frozen, taken by a service, without a database behind them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Picture:
    """What all facts share."""

    def words(self) -> dict[str, object]:
        """The facts as plain values, for the sentence that explains a refusal."""
        return dict(vars(self))

    def kind(self) -> str:
        """No kind: every effect of the row applies."""
        return ""


@dataclass(frozen=True)
class NoFacts(Picture):
    """For moves that look at nothing."""


@dataclass(frozen=True)
class CallFacts(Picture):
    """Is a call fit to be published or closed?"""

    weights_sum: int = 0
    shares_sum_bp: int = 0
    dates_in_order: bool = False
    envelope_cents: int = 0
    open_files: int = 0  # files that are not decided yet
    source_cited: bool = False


@dataclass(frozen=True)
class ApplicationFacts(Picture):
    """A file at one instant. Missing answers and refusing rules are codes, in the order of the form."""

    now: datetime
    opens_at: datetime
    closes_at: datetime
    own_deadline_at: datetime | None = None  # a return for mending, or a waiver granted
    late_attempt_at: datetime | None = None
    missing: tuple[str, ...] = ()
    blocking_rules: tuple[str, ...] = ()  # rules that act at submission and refuse
    failed_rules: tuple[str, ...] = ()  # rules that act at screening and refuse, not waived
    unchecked_rules: tuple[str, ...] = ()
    waiver_pending: bool = False
    reviews_assigned: int = 0
    reviews_required: int = 0
    reviews_given: int = 0
    committee_open: bool = False
    decision_released: bool = False
    reason_given: bool = False


@dataclass(frozen=True)
class ReviewFacts(Picture):
    """A review and the window in which it may be written."""

    now: datetime
    opens_at: datetime
    closes_at: datetime
    interest_declared: bool = False
    conflicted: bool = False
    missing_marks: tuple[str, ...] = ()
    missing_comments: tuple[str, ...] = ()
    deliberation_closed: bool = False


@dataclass(frozen=True)
class MeetingFacts(Picture):
    """A sitting of the committee."""

    present: int = 0
    quorum: int = 0
    undecided: int = 0
    missing_reviews: int = 0


@dataclass(frozen=True)
class DecisionFacts(Picture):
    """A decision about one file, beside its envelope and its committee."""

    outcome: str
    awarded_cents: int = 0
    requested_cents: int = 0
    left_cents: int = 0  # of the envelope, before this decision
    motive: str = ""
    conditions: str = ""
    reserve_rank: int | None = None
    meeting_open: bool = False
    meeting_closed: bool = False
    voters: int = 0  # members present who are not recused from this file
    quorum: int = 0
    board_on: date | None = None
    board_reference: str = ""
    funded: bool = False  # a project stands on it already
    second_person: bool = True
    conditions_lifted: bool = False

    def kind(self) -> str:
        """The outcome chooses the letter."""
        return self.outcome


@dataclass(frozen=True)
class AgreementFacts(Picture):
    """The paper between the funder and the holder."""

    document_ready: bool = False
    conditions_open: bool = False
    signed_on: date | None = None
    today: date | None = None


@dataclass(frozen=True)
class ProjectFacts(Picture):
    """A funded project."""

    agreement_signed: bool = False
    reports_outstanding: int = 0
    tranches_outstanding: int = 0
    ends_on: date | None = None
    today: date | None = None
    reason_given: bool = False


@dataclass(frozen=True)
class ReportFacts(Picture):
    """A report of a project. `variances`: headings above the tolerance without an explanation."""

    report_kind: str
    missing: tuple[str, ...] = ()
    variances: tuple[str, ...] = ()
    project_running: bool = True
    reason_given: bool = False

    def kind(self) -> str:
        """Interim and final reports unlock different things."""
        return self.report_kind


@dataclass(frozen=True)
class TrancheFacts(Picture):
    """A planned payment."""

    condition_met: bool = False
    project_running: bool = True
    bank_verified: bool = False
    second_person: bool = True
    amount_cents: int = 0
    paid_before_cents: int = 0
    awarded_cents: int = 0
    reference: str = ""


@dataclass(frozen=True)
class AmendmentFacts(Picture):
    """A change asked for by the holder."""

    project_running: bool = True
    reason_given: bool = False
    new_end_on: date | None = None
    latest_end_on: date | None = None
