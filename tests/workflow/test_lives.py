"""The lives, written a second time in words: possible exactly here, nowhere else, with exactly these guards."""

import pytest

from grants.workflow import guards
from grants.workflow.actions import Action
from grants.workflow.diagram import LIVES, document, mermaid, table
from grants.workflow.machine import Machine

pytestmark = pytest.mark.pure

# life → action → "from[,from] > to : guards". "=" stays. Everything that is not here must be refused.
EXPECTED: dict[str, dict[str, list[str]]] = {
    "call": {
        "call.publish": [
            "draft > published : weights_sum_to_hundred tranches_sum_to_whole dates_in_order stages_set envelope_set"
        ],
        "call.amend": [
            (
                "published > = : weights_sum_to_hundred tranches_sum_to_whole dates_in_order stages_set envelope_set "
                "envelope_covers_awards deadline_ahead kind_kept chart_kept rubric_kept_while_read reason_given"
            )
        ],
        "call.close": ["published > closed : every_file_decided"],
        "call.import": ["draft > closed : source_cited"],
    },
    "application": {
        "application.edit": ["draft,returned > = : call_open"],
        "application.invite": ["draft,returned > = :"],
        "application.ask-attestation": ["draft,returned > = : call_open before_deadline"],
        "application.attach": ["draft,returned > = : call_open call_not_closed before_deadline"],
        "application.detach": ["draft,returned > = : call_open"],
        "application.request-signature": [
            "draft > awaiting_signature : call_open call_not_closed before_deadline complete rules_respected"
        ],
        "application.resume-drafting": ["awaiting_signature > draft :"],
        "application.submit": [
            (
                "draft,awaiting_signature,returned > submitted : call_open call_not_closed before_deadline complete rules_respected"
                " partners_attested operator_signed power_attached"
            )
        ],
        "application.record-late-attempt": ["draft,awaiting_signature,returned > = :"],
        "application.withhold-document": [
            (
                "draft,awaiting_signature,submitted,returned,inadmissible,ineligible,not_kept,eligible,in_review,in_deliberation,"
                "decided,withdrawn > = :"
            )
        ],
        "application.move": ["draft,awaiting_signature > = :"],
        "application.ask-waiver": [
            "draft,awaiting_signature > = : late_attempt_recorded no_waiver_pending reason_given"
        ],
        "application.withdraw": [
            "draft,awaiting_signature,submitted,returned,eligible,in_review,in_deliberation > withdrawn :"
        ],
        "application.take-back": ["withdrawn > draft : never_submitted call_open call_not_closed before_deadline"],
        "application.reinstate": ["withdrawn > submitted : submitted_before call_open call_not_closed before_deadline"],
        "screening.take": ["draft,awaiting_signature,submitted,returned,eligible,in_review,in_deliberation > = :"],
        "screening.check": ["draft,awaiting_signature,submitted,returned > = :"],
        "screening.extend": [
            "draft,awaiting_signature,returned > = : deadline_not_passed correction_date_ahead reason_given"
        ],
        "screening.ask-extension": [
            "draft,awaiting_signature,returned > = : no_waiver_pending correction_date_ahead reason_given"
        ],
        "screening.propose-waiver": ["submitted,returned > = : no_waiver_pending a_rule_failed reason_given"],
        "screening.return": ["submitted > returned : correction_date_ahead reason_given"],
        "screening.grant-waiver": [
            "draft,awaiting_signature,submitted,returned > = : waiver_asked waiver_dated reason_given"
        ],
        "screening.refuse-waiver": ["draft,awaiting_signature,submitted,returned > = : waiver_asked reason_given"],
        "screening.declare-eligible": ["submitted > eligible : every_rule_checked no_rule_failed"],
        "screening.declare-ineligible": ["submitted,returned > ineligible : a_rule_failed no_waiver_pending"],
        "screening.declare-inadmissible": [
            "draft,awaiting_signature,submitted,returned > inadmissible : a_rule_failed no_waiver_pending"
        ],
        "screening.reopen": ["returned,eligible > submitted : reason_given decision_not_released"],
        "review.assign": ["eligible,in_review > = :"],
        "screening.keep-note": [
            "submitted,eligible > draft : a_note every_rule_checked no_rule_failed full_deadline_ahead"
        ],
        "screening.decline-note": ["submitted,eligible > not_kept : a_note no_waiver_pending reason_given"],
        "review.open": ["eligible > in_review : a_full_file enough_reviewers"],
        "selection.open": ["in_review > in_deliberation : enough_reviews"],
        "decision.propose": ["in_deliberation,decided > = :"],
        "decision.revise": ["in_deliberation,decided > = :"],
        "decision.release": ["in_deliberation,decided > decided :"],
    },
    "review": {
        "review.save": [
            (
                "assigned,draft > draft : interest_declared unconflicted review_window_open deliberation_not_closed"
                " file_still_judged"
            )
        ],
        "review.score": [
            (
                "assigned,draft > given : interest_declared unconflicted review_window_open deliberation_not_closed"
                " file_still_judged every_criterion_marked extremes_commented opinion_written"
            )
        ],
        "review.return": ["given > draft : deliberation_not_closed file_still_judged"],
        "review.recuse": ["assigned,draft,given > recused :"],
        "review.unassign": ["assigned,draft > unassigned :"],
        "review.assign": ["recused,unassigned > assigned : unconflicted"],
    },
    "meeting": {
        "selection.record-attendance": ["convened,open > = :"],
        "selection.open": ["convened > open : quorum_reached every_review_given"],
        "selection.order-agenda": ["open > = :"],
        "selection.call-file": ["open > = :"],
        "selection.empty-room": ["open > = :"],
        "selection.note": ["open > = :"],
        "selection.open-ballot": ["open > = :"],
        "selection.vote": ["open > = :"],
        "selection.count-ballot": ["open > = :"],
        "selection.stop-ballot": ["open > = :"],
        "selection.issue-projection": ["convened,open > = :"],
        "selection.close": ["open > closed : every_file_proposed"],
    },
    "minutes": {
        "selection.amend-minutes": ["draft,approved > draft : sitting_closed amendment_can_be_read"],
        "selection.approve-minutes": ["draft > approved : sitting_closed"],
        "selection.sign-minutes": ["approved > signed : approved_by_another every_file_seen"],
    },
    "decision": {
        "decision.propose": [
            (
                "proposed > = : meeting_open quorum_without_recused amount_fits_outcome within_request within_budget"
                " motive_given conditions_written reserve_ranked"
            )
        ],
        "decision.undo": ["proposed > revoked : meeting_open"],
        "decision.lapse": ["proposed,approved > revoked :"],
        "decision.approve": ["proposed > approved : meeting_closed board_decides board_act_entered"],
        "decision.decline": ["proposed > declined : meeting_closed board_decides board_act_entered why_given"],
        "decision.decide-otherwise": [
            (
                "proposed > approved : meeting_closed board_act_entered amount_fits_outcome within_request within_budget"
                " motive_given conditions_written reserve_ranked"
            )
        ],
        "decision.revise": [
            (
                "proposed > = : no_project_yet why_given amount_fits_outcome within_request within_budget motive_given"
                " conditions_written reserve_ranked"
            )
        ],
        "decision.reissue": [
            (
                "proposed > = : letter_written_anew why_given amount_fits_outcome within_request within_budget motive_given"
                " conditions_written reserve_ranked"
            )
        ],
        "decision.confirm": ["proposed > approved : letter_written_anew"],
        "decision.abandon": [
            "proposed,approved > revoked : prepared_outside_a_sitting departure_not_planned within_budget"
        ],
        "decision.release": ["approved > released : departure_not_planned somebody_to_write_to"],
        "decision.lift-condition": ["released > = : conditional_award"],
        "decision.supersede": ["released > superseded :"],
        "decision.revoke": [
            "approved > revoked : no_project_yet motive_given departure_not_planned",
            "released > revoked : no_project_yet motive_given",
        ],
        "decision.expire": ["released > expired : on_the_reserve reserve_over"],
        "decision.renounce": ["released > renounced : something_to_renounce no_project_yet"],
    },
    "departure": {
        "decision.plan": ["planned > = : moment_ahead decisions_in_it"],
        "decision.cancel-plan": ["planned > cancelled :"],
        "decision.release": ["planned > left : moment_come"],
        "decision.hold-back": ["planned > held : moment_come"],
    },
    "succession": {
        "decision.seek-successor": ["sought,named > sought :"],
        "decision.name-successor": ["sought > named :"],
        "decision.take-successor": ["named > taken : somebody_enters"],
        "decision.pass-over": ["named > left : why_given"],
    },
    "agreement": {
        "agreement.send": ["draft > sent : conditions_lifted"],
        "agreement.sign": ["sent > signed : document_ready signature_dated"],
    },
    "project": {
        "project.start": ["agreement_pending > active : agreement_signed"],
        "project.reach-milestone": ["active,reporting > = :"],
        "accompaniment.record-session": ["active,reporting > = :"],
        "project.suspend": ["active > suspended : reason_given"],
        "project.resume": ["suspended > active : reason_given"],
        "project.await-final-report": ["active > reporting : project_ended"],
        "project.close": ["active,reporting > closed : every_report_accepted every_tranche_settled"],
        "project.lower-award": [
            (
                "agreement_pending,active,suspended,reporting > = : award_lowered above_what_is_bound agreement_not_out"
                " reason_given"
            )
        ],
        "project.terminate": ["agreement_pending,active,suspended,reporting > terminated : reason_given"],
    },
    "report": {
        "report.save": ["expected,draft > draft : project_running", "changes_requested > = : project_running"],
        "report.submit": [
            "expected,draft,changes_requested > submitted : project_running report_complete variances_explained"
        ],
        "report.return": ["submitted > changes_requested : reason_given"],
        "report.accept": ["submitted > accepted :"],
    },
    "tranche": {
        "tranche.fall-due": ["planned > due : condition_met project_running"],
        "tranche.order": ["due > ordered : project_running within_award"],
        "tranche.pay": ["ordered > paid : project_running bank_verified second_person within_award payment_referenced"],
        "tranche.return": ["paid > returned : second_person payment_referenced"],
        "tranche.cancel": ["planned,due > cancelled :"],
    },
    "amendment": {
        "amendment.request": ["requested > = : project_running reason_given end_within_call"],
        "amendment.accept": ["requested > accepted : project_running end_within_call"],
        "amendment.refuse": ["requested > refused : reason_given"],
    },
}


def spoken(life: Machine) -> dict[str, list[str]]:  # type: ignore[type-arg]
    """The table of `life` in the words of EXPECTED."""
    found: dict[str, list[str]] = {}
    for move in life.moves:
        froms = ",".join(state for state in life.states if state in move.frm)
        names = " ".join(guard.__name__ for guard in move.guards)
        found.setdefault(str(move.action), []).append(f"{froms} > {move.to or '='} : {names}".rstrip())
    return found


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_the_table_is_what_these_words_say(life: Machine) -> None:  # type: ignore[type-arg]
    assert spoken(life) == EXPECTED[life.name]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_every_pair_of_state_and_action_is_possible_exactly_where_it_says(life: Machine) -> None:  # type: ignore[type-arg]
    possible = {
        (state, action)
        for action, rows in EXPECTED[life.name].items()
        for row in rows
        for state in row.split(" > ")[0].split(",")
    }
    for state in life.states:
        for action in Action:
            listed = action in life.actions_from(state)
            assert listed == ((str(state), str(action)) in possible), (state, action)


def test_every_guard_serves_in_a_table() -> None:
    used = {guard.__name__ for life in LIVES for move in life.moves for guard in move.guards}
    written = {name for name, value in vars(guards).items() if callable(value) and value.__module__ == guards.__name__}
    assert written == used


def test_the_drawing_has_an_arrow_for_each_move_that_changes_the_state() -> None:
    for life in LIVES:
        arrows = mermaid(life).count(" --> ") - 1 - len(life.finals)
        assert arrows == sum(
            len(move.frm) for move in life.moves if move.to is not None and move.to not in move.frm
        ) + sum(sum(state is not move.to for state in move.frm) for move in life.moves if move.to in move.frm)
        assert table(life).count("\n") == len(life.moves) + 1


def test_the_document_draws_every_life() -> None:
    assert all(f"## {life.name.capitalize()}" in document() for life in LIVES)
