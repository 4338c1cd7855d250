"""The conditions of the tables: two-line statements that are true or not. Their names are the reason codes."""

from datetime import timedelta

from grants.workflow.facts import (
    AgreementFacts,
    AmendmentFacts,
    ApplicationFacts,
    CallFacts,
    DecisionFacts,
    DepartureFacts,
    MeetingFacts,
    MinutesFacts,
    ProjectFacts,
    ReportFacts,
    ReviewFacts,
    SuccessionFacts,
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


def stages_set(facts: CallFacts) -> bool:
    """A call in two stages says what the full file asks beside the note, and until when."""
    return not facts.stages_missing


def envelope_set(facts: CallFacts) -> bool:
    return facts.envelope_cents > 0


def envelope_covers_awards(facts: CallFacts) -> bool:
    return facts.envelope_cents >= facts.committed_cents


def deadline_ahead(facts: CallFacts) -> bool:
    return not facts.deadline_moved_into_past


def kind_kept(facts: CallFacts) -> bool:
    return not facts.kind_changed


def chart_kept(facts: CallFacts) -> bool:
    return not facts.chart_changed


def rubric_kept_while_read(facts: CallFacts) -> bool:
    return not facts.rubric_changed_while_read


def source_cited(facts: CallFacts) -> bool:
    return facts.source_cited


def every_file_decided(facts: CallFacts) -> bool:
    return facts.open_files == 0


# applications
def call_open(facts: ApplicationFacts) -> bool:
    """The call has opened; its end is `before_deadline`."""
    return facts.now >= facts.opens_at


def call_not_closed(facts: ApplicationFacts) -> bool:
    """A call is closed by hand as well, above all one that has no deadline."""
    return not facts.call_closed


def before_deadline(facts: ApplicationFacts) -> bool:
    """The deadline is exclusive: 11:59:59.999 is in time, 12:00:00 is late, the grace of the call apart."""
    if facts.closes_at is None:
        return True
    deadline = max(facts.closes_at, facts.own_deadline_at or facts.closes_at)
    return facts.now < deadline + timedelta(seconds=facts.grace_seconds)


def complete(facts: ApplicationFacts) -> bool:
    return not facts.missing


def rules_respected(facts: ApplicationFacts) -> bool:
    """The eligibility rules that act at submission."""
    return not facts.blocking_rules


def partners_attested(facts: ApplicationFacts) -> bool:
    return not facts.attestations_missing


def operator_signed(facts: ApplicationFacts) -> bool:
    return not facts.operator_missing


def power_attached(facts: ApplicationFacts) -> bool:
    """Who signs in the place of the representative shows the power to."""
    return not facts.power_missing


def submitted_before(facts: ApplicationFacts) -> bool:
    return facts.submitted_before


def never_submitted(facts: ApplicationFacts) -> bool:
    return not facts.submitted_before


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


def a_note(facts: ApplicationFacts) -> bool:
    return facts.note


def a_full_file(facts: ApplicationFacts) -> bool:
    """The committee reads and decides on full files."""
    return not facts.note


def full_deadline_ahead(facts: ApplicationFacts) -> bool:
    return facts.full_closes_at is not None and facts.full_closes_at > facts.now


def deadline_not_passed(facts: ApplicationFacts) -> bool:
    """After the deadline, a second person confirms."""
    return not facts.deadline_passed


def waiver_dated(facts: ApplicationFacts) -> bool:
    """A waiver of the deadline comes with another one, ahead; any other rule needs none."""
    return facts.waiver_of == "rule" or correction_date_ahead(facts)


def correction_date_ahead(facts: ApplicationFacts) -> bool:
    return facts.own_deadline_at is not None and facts.own_deadline_at > facts.now


def reason_given(facts: CallFacts | ApplicationFacts | ProjectFacts | ReportFacts | AmendmentFacts) -> bool:
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


def opinion_written(facts: ReviewFacts) -> bool:
    """Where one's own review opens those of the others, it says something itself."""
    return not facts.opinion_missing


def deliberation_not_closed(facts: ReviewFacts) -> bool:
    return not facts.deliberation_closed


def file_still_judged(facts: ReviewFacts) -> bool:
    return not facts.file_settled


# the committee's sitting
def quorum_reached(facts: MeetingFacts) -> bool:
    return facts.present >= facts.quorum


def every_review_given(facts: MeetingFacts) -> bool:
    return facts.missing_reviews == 0


def every_file_proposed(facts: MeetingFacts) -> bool:
    return facts.undecided == 0


# its minutes
def sitting_closed(facts: MinutesFacts) -> bool:
    return facts.sitting_closed


def amendment_can_be_read(facts: MinutesFacts) -> bool:
    """It says something, or strikes what stands."""
    return bool(facts.text) and not facts.already_struck


def approved_by_another(facts: MinutesFacts) -> bool:
    """Two persons answer for the minutes."""
    return not facts.approved_by_oneself


def every_file_seen(facts: MinutesFacts) -> bool:
    """Nobody signs what they may not read."""
    return not facts.files_hidden


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


def board_decides(facts: DecisionFacts) -> bool:
    """A letter written anew decides nothing: another person confirms it, not the board."""
    return facts.origin != "reissue"


def letter_written_anew(facts: DecisionFacts) -> bool:
    return facts.origin == "reissue"


def prepared_outside_a_sitting(facts: DecisionFacts) -> bool:
    return facts.origin in ("revision", "reissue", "succession")


def why_given(facts: DecisionFacts | SuccessionFacts) -> bool:
    return bool(facts.why.strip())


def departure_not_planned(facts: DecisionFacts) -> bool:
    return not facts.planned


def somebody_to_write_to(facts: DecisionFacts) -> bool:
    return facts.readers > 0


def on_the_reserve(facts: DecisionFacts) -> bool:
    return facts.outcome == "reserve"


def reserve_over(facts: DecisionFacts) -> bool:
    """The last day of the reserve list is past."""
    return facts.reserve_until_on is not None and facts.today is not None and facts.today > facts.reserve_until_on


def something_to_renounce(facts: DecisionFacts) -> bool:
    return facts.outcome in ("awarded", "awarded_with_conditions", "reserve")


# planned departures of letters
def moment_ahead(facts: DepartureFacts) -> bool:
    return facts.leaves_at > facts.now


def moment_come(facts: DepartureFacts) -> bool:
    return facts.leaves_at <= facts.now


def decisions_in_it(facts: DepartureFacts) -> bool:
    return facts.decisions > 0


# freed money
def somebody_enters(facts: SuccessionFacts) -> bool:
    return facts.entering > 0


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
    """A prize has no agreement."""
    return facts.agreement_signed or not facts.agreement_asked


def award_lowered(facts: ProjectFacts) -> bool:
    return 0 < facts.lowered_cents < facts.awarded_cents


def above_what_is_bound(facts: ProjectFacts) -> bool:
    """What is paid, ordered or due does not come back by a stroke of the pen."""
    return facts.lowered_cents >= facts.bound_cents


def agreement_not_out(facts: ProjectFacts) -> bool:
    """The paper that is being signed says the amount."""
    return not facts.agreement_out


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
