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
    committed_cents: int = 0
    deadline_moved_into_past: bool = False
    kind_changed: bool = False
    chart_changed: bool = False
    rubric_changed_while_read: bool = False  # criteria or weights, once a review is assigned
    reason_given: bool = False
    open_files: int = 0  # files that are not decided yet
    source_cited: bool = False
    stages_missing: bool = False  # two stages without sections of the full file, or without its deadline


@dataclass(frozen=True)
class ApplicationFacts(Picture):
    """A file at one instant. Missing answers and refusing rules are codes, in the order of the form."""

    now: datetime
    opens_at: datetime
    closes_at: datetime | None  # None: files are taken as they come
    call_closed: bool = False  # by hand
    own_deadline_at: datetime | None = None  # a return for mending, or a waiver granted
    grace_seconds: int = 0  # after the deadline, in which a file is accepted and flagged
    late_attempt_at: datetime | None = None
    missing: tuple[str, ...] = ()
    blocking_rules: tuple[str, ...] = ()  # rules that act at submission and refuse
    attestations_missing: tuple[str, ...] = ()  # partners who have not attested, where the call asks for it
    operator_missing: bool = False  # the support operator that the call asks for has not co-signed
    power_missing: bool = False  # a delegate signs, and no document gives the power
    submitted_before: bool = False
    failed_rules: tuple[str, ...] = ()  # rules that act at screening and refuse, not waived
    unchecked_rules: tuple[str, ...] = ()
    waiver_pending: bool = False
    deadline_passed: bool = False
    waiver_of: str = ""  # what a waiver lifts: `deadline`, or `rule`
    reviews_assigned: int = 0
    reviews_required: int = 0
    reviews_given: int = 0
    committee_open: bool = False
    decision_released: bool = False
    reason_given: bool = False
    note: bool = False  # the short note of a call in two stages
    full_closes_at: datetime | None = None  # the deadline of the full file that would follow it

    def kind(self) -> str:
        """What a waiver lifts: a granted date is told to the applicants, another rule is the programme's own business."""
        return self.waiver_of


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
    opinion_missing: bool = False  # where giving one's own review opens those of the others
    deliberation_closed: bool = False
    closed_at: datetime | None = None  # the deliberation, and by whom
    closed_by: str = ""
    file_settled: bool = False  # withdrawn, decided: no committee marks it any more


@dataclass(frozen=True)
class MeetingFacts(Picture):
    """A sitting of the committee."""

    present: int = 0
    quorum: int = 0
    undecided: int = 0
    missing_reviews: int = 0


@dataclass(frozen=True)
class MinutesFacts(Picture):
    """The minutes of a sitting, and who would write in them."""

    sitting_closed: bool = False
    text: str = ""
    already_struck: bool = False
    approved_by_oneself: bool = False
    files_hidden: bool = False  # the actor is recused from a file of the sitting


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
    funded: bool = False  # a project stands on it already, or on the decision that it replaces
    second_person: bool = True
    conditions_lifted: bool = False
    origin: str = "committee"  # who brought it: committee, board, revision, reissue, succession
    why: str = ""  # why it takes the place of another
    replaces: bool = False  # it takes the place of another
    planned: bool = False  # its letter leaves at a planned moment
    readers: int = 1  # people of the applicant who would get its letter
    reserve_until_on: date | None = None
    today: date | None = None

    def kind(self) -> str:
        """The outcome chooses the letter."""
        return self.outcome


@dataclass(frozen=True)
class DepartureFacts(Picture):
    """A planned departure of letters, when somebody looks at it."""

    now: datetime
    leaves_at: datetime
    decisions: int = 0


@dataclass(frozen=True)
class SuccessionFacts(Picture):
    """Freed money, and who could have it."""

    entering: int = 0
    why: str = ""


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
    agreement_asked: bool = True  # a prize is paid on its letter
    reports_outstanding: int = 0
    tranches_outstanding: int = 0
    ends_on: date | None = None
    today: date | None = None
    reason_given: bool = False
    awarded_cents: int = 0
    lowered_cents: int = 0  # what the award would become
    bound_cents: int = 0  # what is paid, ordered or due of it
    agreement_out: bool = False  # its agreement is with the holder, to be signed


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
