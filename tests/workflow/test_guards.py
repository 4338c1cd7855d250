"""Every guard is seen saying yes and seen saying no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from grants.workflow import guards as g
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

pytestmark = pytest.mark.pure

NOON = datetime(2025, 11, 3, 11, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = date(2026, 2, 16)
FILE = ApplicationFacts(now=NOON - SECOND, opens_at=NOON - 100 * SECOND, closes_at=NOON)
READING = ReviewFacts(now=NOON - SECOND, opens_at=NOON - 9 * SECOND, closes_at=NOON, interest_declared=True)
AWARD = DecisionFacts("awarded", awarded_cents=100, requested_cents=100, left_cents=100, motive="Oui")
CASES: list[tuple[Any, Any, dict[str, Any]]] = [
    # guard, facts for which it holds, the change that breaks it
    (g.weights_sum_to_hundred, CallFacts(weights_sum=100), {"weights_sum": 95}),
    (g.tranches_sum_to_whole, CallFacts(shares_sum_bp=10_000), {"shares_sum_bp": 9_000}),
    (g.dates_in_order, CallFacts(dates_in_order=True), {"dates_in_order": False}),
    (g.stages_set, CallFacts(), {"stages_missing": True}),
    (g.envelope_set, CallFacts(envelope_cents=1), {"envelope_cents": 0}),
    (g.envelope_covers_awards, CallFacts(envelope_cents=1, committed_cents=1), {"committed_cents": 2}),
    (g.deadline_ahead, CallFacts(), {"deadline_moved_into_past": True}),
    (g.kind_kept, CallFacts(), {"kind_changed": True}),
    (g.chart_kept, CallFacts(), {"chart_changed": True}),
    (g.rubric_kept_while_read, CallFacts(), {"rubric_changed_while_read": True}),
    (g.every_file_decided, CallFacts(), {"open_files": 1}),
    (g.source_cited, CallFacts(source_cited=True), {"source_cited": False}),
    (g.call_open, FILE, {"now": NOON - 101 * SECOND}),
    (g.call_not_closed, FILE, {"call_closed": True}),
    (g.before_deadline, FILE, {"now": NOON}),
    (g.before_deadline, replace(FILE, now=NOON, closes_at=None), {"closes_at": NOON}),
    (g.before_deadline, replace(FILE, now=NOON, own_deadline_at=NOON + SECOND), {"own_deadline_at": NOON}),
    (g.complete, FILE, {"missing": ("title",)}),
    (g.partners_attested, FILE, {"attestations_missing": ("Lycée",)}),
    (g.operator_signed, FILE, {"operator_missing": True}),
    (g.rules_respected, FILE, {"blocking_rules": ("budget_balanced",)}),
    (g.power_attached, FILE, {"power_missing": True}),
    (g.before_deadline, replace(FILE, now=NOON + SECOND, grace_seconds=2), {"now": NOON + 2 * SECOND}),
    (g.submitted_before, replace(FILE, submitted_before=True), {"submitted_before": False}),
    (g.never_submitted, FILE, {"submitted_before": True}),
    (g.a_note, replace(FILE, note=True), {"note": False}),
    (g.a_full_file, FILE, {"note": True}),
    (g.full_deadline_ahead, replace(FILE, full_closes_at=NOON), {"full_closes_at": FILE.now}),
    (g.full_deadline_ahead, replace(FILE, full_closes_at=NOON), {"full_closes_at": None}),
    (g.deadline_not_passed, FILE, {"deadline_passed": True}),
    (g.waiver_dated, replace(FILE, waiver_of="rule"), {"waiver_of": "deadline"}),
    (g.waiver_dated, replace(FILE, own_deadline_at=NOON), {"own_deadline_at": None}),
    (g.late_attempt_recorded, replace(FILE, late_attempt_at=NOON), {"late_attempt_at": None}),
    (g.waiver_asked, replace(FILE, waiver_pending=True), {"waiver_pending": False}),
    (g.no_waiver_pending, FILE, {"waiver_pending": True}),
    (g.every_rule_checked, FILE, {"unchecked_rules": ("signed",)}),
    (g.no_rule_failed, FILE, {"failed_rules": ("signed",)}),
    (g.a_rule_failed, replace(FILE, failed_rules=("signed",)), {"failed_rules": ()}),
    (g.correction_date_ahead, replace(FILE, own_deadline_at=NOON), {"own_deadline_at": FILE.now}),
    (g.correction_date_ahead, replace(FILE, own_deadline_at=NOON), {"own_deadline_at": None}),
    (g.reason_given, replace(FILE, reason_given=True), {"reason_given": False}),
    (g.enough_reviewers, replace(FILE, reviews_assigned=3, reviews_required=3), {"reviews_assigned": 2}),
    (g.enough_reviews, replace(FILE, reviews_given=3, reviews_required=3), {"reviews_given": 2}),
    (g.decision_not_released, FILE, {"decision_released": True}),
    (g.interest_declared, READING, {"interest_declared": False}),
    (g.unconflicted, READING, {"conflicted": True}),
    (g.review_window_open, READING, {"now": NOON}),
    (g.review_window_open, READING, {"opens_at": NOON}),
    (g.every_criterion_marked, READING, {"missing_marks": ("C1",)}),
    (g.extremes_commented, READING, {"missing_comments": ("C1",)}),
    (g.deliberation_not_closed, READING, {"deliberation_closed": True}),
    (g.opinion_written, READING, {"opinion_missing": True}),
    (g.file_still_judged, READING, {"file_settled": True}),
    (g.quorum_reached, MeetingFacts(present=4, quorum=4), {"present": 3}),
    (g.every_review_given, MeetingFacts(), {"missing_reviews": 1}),
    (g.every_file_proposed, MeetingFacts(), {"undecided": 1}),
    (g.sitting_closed, MinutesFacts(sitting_closed=True), {"sitting_closed": False}),
    (g.amendment_can_be_read, MinutesFacts(text="Lire douze."), {"text": ""}),
    (g.amendment_can_be_read, MinutesFacts(text="Lire douze."), {"already_struck": True}),
    (g.approved_by_another, MinutesFacts(), {"approved_by_oneself": True}),
    (g.every_file_seen, MinutesFacts(), {"files_hidden": True}),
    (g.meeting_open, replace(AWARD, meeting_open=True), {"meeting_open": False}),
    (g.meeting_closed, replace(AWARD, meeting_closed=True), {"meeting_closed": False}),
    (g.quorum_without_recused, replace(AWARD, voters=4, quorum=4), {"voters": 3}),
    (g.within_budget, AWARD, {"left_cents": 99}),
    (g.within_request, AWARD, {"requested_cents": 99}),
    (g.amount_fits_outcome, AWARD, {"awarded_cents": 0}),
    (g.amount_fits_outcome, replace(AWARD, outcome="rejected", awarded_cents=0), {"awarded_cents": 1}),
    (g.motive_given, AWARD, {"motive": "  "}),
    (g.conditions_written, AWARD, {"outcome": "awarded_with_conditions"}),
    (g.reserve_ranked, AWARD, {"reserve_rank": 1}),
    (g.reserve_ranked, replace(AWARD, outcome="reserve", reserve_rank=1), {"reserve_rank": None}),
    (g.board_act_entered, replace(AWARD, board_on=DAY, board_reference="CA-4"), {"board_reference": " "}),
    (g.board_act_entered, replace(AWARD, board_on=DAY, board_reference="CA-4"), {"board_on": None}),
    (g.no_project_yet, AWARD, {"funded": True}),
    (g.board_decides, AWARD, {"origin": "reissue"}),
    (g.letter_written_anew, replace(AWARD, origin="reissue"), {"origin": "revision"}),
    (g.prepared_outside_a_sitting, replace(AWARD, origin="succession"), {"origin": "board"}),
    (g.why_given, replace(AWARD, why="Erreur."), {"why": " "}),
    (g.departure_not_planned, AWARD, {"planned": True}),
    (g.somebody_to_write_to, AWARD, {"readers": 0}),
    (g.on_the_reserve, replace(AWARD, outcome="reserve"), {"outcome": "rejected"}),
    (g.reserve_over, replace(AWARD, reserve_until_on=DAY, today=DAY + timedelta(days=1)), {"today": DAY}),
    (g.reserve_over, replace(AWARD, reserve_until_on=DAY, today=DAY + timedelta(days=1)), {"reserve_until_on": None}),
    (g.something_to_renounce, AWARD, {"outcome": "rejected"}),
    (g.moment_ahead, DepartureFacts(now=NOON, leaves_at=NOON + SECOND), {"leaves_at": NOON}),
    (g.moment_come, DepartureFacts(now=NOON, leaves_at=NOON), {"leaves_at": NOON + SECOND}),
    (g.decisions_in_it, DepartureFacts(now=NOON, leaves_at=NOON, decisions=1), {"decisions": 0}),
    (g.somebody_enters, SuccessionFacts(entering=1), {"entering": 0}),
    (g.award_lowered, ProjectFacts(awarded_cents=2, lowered_cents=1), {"lowered_cents": 2}),
    (g.award_lowered, ProjectFacts(awarded_cents=2, lowered_cents=1), {"lowered_cents": 0}),
    (g.above_what_is_bound, ProjectFacts(lowered_cents=1, bound_cents=1), {"bound_cents": 2}),
    (g.agreement_not_out, ProjectFacts(), {"agreement_out": True}),
    (g.conditional_award, replace(AWARD, outcome="awarded_with_conditions"), {"outcome": "awarded"}),
    (g.document_ready, AgreementFacts(document_ready=True), {"document_ready": False}),
    (g.conditions_lifted, AgreementFacts(), {"conditions_open": True}),
    (g.signature_dated, AgreementFacts(signed_on=DAY, today=DAY), {"today": DAY - timedelta(days=1)}),
    (g.signature_dated, AgreementFacts(signed_on=DAY, today=DAY), {"signed_on": None}),
    (g.agreement_signed, ProjectFacts(agreement_signed=True), {"agreement_signed": False}),
    (g.agreement_signed, ProjectFacts(agreement_asked=False), {"agreement_asked": True}),
    (g.project_ended, ProjectFacts(ends_on=DAY, today=DAY), {"today": DAY - timedelta(days=1)}),
    (g.every_report_accepted, ProjectFacts(), {"reports_outstanding": 1}),
    (g.every_tranche_settled, ProjectFacts(), {"tranches_outstanding": 1}),
    (g.report_complete, ReportFacts("interim"), {"missing": ("narrative",)}),
    (g.variances_explained, ReportFacts("interim"), {"variances": ("62",)}),
    (g.project_running, ReportFacts("interim"), {"project_running": False}),
    (g.end_within_call, AmendmentFacts(new_end_on=DAY, latest_end_on=DAY), {"latest_end_on": DAY - timedelta(days=1)}),
    (g.condition_met, TrancheFacts(condition_met=True), {"condition_met": False}),
    (g.bank_verified, TrancheFacts(bank_verified=True), {"bank_verified": False}),
    (g.second_person, TrancheFacts(), {"second_person": False}),
    (g.within_award, TrancheFacts(amount_cents=1, paid_before_cents=9, awarded_cents=10), {"paid_before_cents": 10}),
    (g.payment_referenced, TrancheFacts(reference="VIR-1"), {"reference": " "}),
]


@pytest.mark.parametrize(("guard", "facts", "change"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_guard_holds_and_then_refuses(guard: Any, facts: Any, change: dict[str, Any]) -> None:
    assert guard(facts)
    assert not guard(replace(facts, **change))


def test_every_guard_is_seen_refusing() -> None:
    written = {name for name, value in vars(g).items() if callable(value) and value.__module__ == g.__name__}
    assert {case[0].__name__ for case in CASES} == written


def test_facts_speak_in_plain_values_and_know_their_kind() -> None:
    assert AWARD.words()["awarded_cents"] == 100
    assert (AWARD.kind(), ReportFacts("final").kind(), FILE.kind()) == ("awarded", "final", "")
