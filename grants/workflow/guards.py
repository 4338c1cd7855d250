"""The conditions of the tables: two-line statements that are true or not. Their names are the reason codes."""

from grants.workflow.facts import (
    AgreementFacts,
    AmendmentFacts,
    ApplicationFacts,
    CallFacts,
    DecisionFacts,
    MeetingFacts,
    ProjectFacts,
    ReportFacts,
    ReviewFacts,
    TrancheFacts,
)

WHOLE_WEIGHT = 100
WHOLE_SHARE_BP = 10_000


# calls
def weights_sum_to_hundred(facts: CallFacts) -> bool:
    return facts.weights_sum == WHOLE_WEIGHT


def tranches_sum_to_whole(facts: CallFacts) -> bool:
    return facts.shares_sum_bp == WHOLE_SHARE_BP


def dates_in_order(facts: CallFacts) -> bool:
    return facts.dates_in_order


def envelope_set(facts: CallFacts) -> bool:
    return facts.envelope_cents > 0


def source_cited(facts: CallFacts) -> bool:
    return facts.source_cited


def every_file_decided(facts: CallFacts) -> bool:
    return facts.open_files == 0


# applications
def call_open(facts: ApplicationFacts) -> bool:
    """The call has opened; its end is `before_deadline`."""
    return facts.now >= facts.opens_at


def before_deadline(facts: ApplicationFacts) -> bool:
    """The deadline is exclusive: 11:59:59.999 is in time, 12:00:00 is late."""
    return facts.now < max(facts.closes_at, facts.own_deadline_at or facts.closes_at)


def complete(facts: ApplicationFacts) -> bool:
    return not facts.missing


def rules_respected(facts: ApplicationFacts) -> bool:
    """The eligibility rules that act at submission."""
    return not facts.blocking_rules


def late_attempt_recorded(facts: ApplicationFacts) -> bool:
    return facts.late_attempt_at is not None


def waiver_asked(facts: ApplicationFacts) -> bool:
    return facts.waiver_pending


def no_waiver_pending(facts: ApplicationFacts) -> bool:
    return not facts.waiver_pending


def every_rule_checked(facts: ApplicationFacts) -> bool:
    return not facts.unchecked_rules


def no_rule_failed(facts: ApplicationFacts) -> bool:
    return not facts.failed_rules


def a_rule_failed(facts: ApplicationFacts) -> bool:
    return bool(facts.failed_rules)


def correction_date_ahead(facts: ApplicationFacts) -> bool:
    return facts.own_deadline_at is not None and facts.own_deadline_at > facts.now


def reason_given(facts: ApplicationFacts | ProjectFacts | ReportFacts | AmendmentFacts) -> bool:
    return facts.reason_given


def enough_reviewers(facts: ApplicationFacts) -> bool:
    return facts.reviews_assigned >= facts.reviews_required


def enough_reviews(facts: ApplicationFacts) -> bool:
    return facts.reviews_given >= facts.reviews_required


def decision_not_released(facts: ApplicationFacts) -> bool:
    return not facts.decision_released


# reviews
def interest_declared(facts: ReviewFacts) -> bool:
    return facts.interest_declared


def unconflicted(facts: ReviewFacts) -> bool:
    return not facts.conflicted


def review_window_open(facts: ReviewFacts) -> bool:
    return facts.opens_at <= facts.now < facts.closes_at


def every_criterion_marked(facts: ReviewFacts) -> bool:
    return not facts.missing_marks


def extremes_commented(facts: ReviewFacts) -> bool:
    """A mark at either end of the scale needs its sentence."""
    return not facts.missing_comments


def deliberation_not_closed(facts: ReviewFacts) -> bool:
    return not facts.deliberation_closed


# the committee's sitting
def quorum_reached(facts: MeetingFacts) -> bool:
    return facts.present >= facts.quorum


def every_review_given(facts: MeetingFacts) -> bool:
    return facts.missing_reviews == 0


def every_file_proposed(facts: MeetingFacts) -> bool:
    return facts.undecided == 0


# decisions
def meeting_open(facts: DecisionFacts) -> bool:
    return facts.meeting_open


def meeting_closed(facts: DecisionFacts) -> bool:
    return facts.meeting_closed


def quorum_without_recused(facts: DecisionFacts) -> bool:
    return facts.voters >= facts.quorum


def within_budget(facts: DecisionFacts) -> bool:
    """What the envelope has left bears the award."""
    return facts.awarded_cents <= facts.left_cents


def within_request(facts: DecisionFacts) -> bool:
    return facts.awarded_cents <= facts.requested_cents


def amount_fits_outcome(facts: DecisionFacts) -> bool:
    """An award has an amount; a reserve or a refusal has none."""
    return (facts.awarded_cents > 0) == facts.outcome.startswith("awarded")


def motive_given(facts: DecisionFacts) -> bool:
    return bool(facts.motive.strip())


def conditions_written(facts: DecisionFacts) -> bool:
    return facts.outcome != "awarded_with_conditions" or bool(facts.conditions.strip())


def reserve_ranked(facts: DecisionFacts) -> bool:
    return (facts.outcome == "reserve") == (facts.reserve_rank is not None)


def board_act_entered(facts: DecisionFacts) -> bool:
    """The board decides; its date and the reference of its act are entered by the manager."""
    return facts.board_on is not None and bool(facts.board_reference.strip())


def no_project_yet(facts: DecisionFacts) -> bool:
    return not facts.funded


def conditional_award(facts: DecisionFacts) -> bool:
    return facts.outcome == "awarded_with_conditions"


# agreements
def document_ready(facts: AgreementFacts) -> bool:
    return facts.document_ready


def conditions_lifted(facts: AgreementFacts) -> bool:
    return not facts.conditions_open


def signature_dated(facts: AgreementFacts) -> bool:
    return facts.signed_on is not None and facts.today is not None and facts.signed_on <= facts.today


# projects
def agreement_signed(facts: ProjectFacts) -> bool:
    return facts.agreement_signed


def project_ended(facts: ProjectFacts) -> bool:
    return facts.ends_on is not None and facts.today is not None and facts.today >= facts.ends_on


def every_report_accepted(facts: ProjectFacts) -> bool:
    return facts.reports_outstanding == 0


def every_tranche_settled(facts: ProjectFacts) -> bool:
    return facts.tranches_outstanding == 0


# reports and amendments
def report_complete(facts: ReportFacts) -> bool:
    return not facts.missing


def variances_explained(facts: ReportFacts) -> bool:
    """A gap beyond the tolerance on a heading asks for a sentence."""
    return not facts.variances


def project_running(facts: ReportFacts | TrancheFacts | AmendmentFacts) -> bool:
    return facts.project_running


def end_within_call(facts: AmendmentFacts) -> bool:
    return facts.new_end_on is None or facts.latest_end_on is None or facts.new_end_on <= facts.latest_end_on


# tranches
def condition_met(facts: TrancheFacts) -> bool:
    return facts.condition_met


def bank_verified(facts: TrancheFacts) -> bool:
    return facts.bank_verified


def second_person(facts: TrancheFacts) -> bool:
    """Who ordered a payment does not pay it."""
    return facts.second_person


def within_award(facts: TrancheFacts) -> bool:
    return facts.paid_before_cents + facts.amount_cents <= facts.awarded_cents


def payment_referenced(facts: TrancheFacts) -> bool:
    return bool(facts.reference.strip())
