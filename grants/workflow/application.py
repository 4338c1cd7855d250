"""The life of an application, from its first word to the decision."""

from enum import StrEnum

from grants.workflow import guards as g
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Document, Mail
from grants.workflow.facts import ApplicationFacts
from grants.workflow.machine import Machine, Move


class ApplicationState(StrEnum):
    """Where the file stands. What its reviews say is derived from them and never a state."""

    DRAFT = "draft"
    AWAITING_SIGNATURE = "awaiting_signature"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    INADMISSIBLE = "inadmissible"
    INELIGIBLE = "ineligible"
    NOT_KEPT = "not_kept"
    ELIGIBLE = "eligible"
    IN_REVIEW = "in_review"
    IN_DELIBERATION = "in_deliberation"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


S = ApplicationState
DRAFTING = (S.DRAFT, S.AWAITING_SIGNATURE)
EDITABLE = (S.DRAFT, S.RETURNED)
UNDER_STUDY = (S.SUBMITTED, S.RETURNED, S.ELIGIBLE, S.IN_REVIEW, S.IN_DELIBERATION)
#: Not before the committee yet, whatever sittings there were.
BEFORE_COMMITTEE = (S.SUBMITTED, S.RETURNED, S.ELIGIBLE, S.IN_REVIEW)
RECEIVED = (
    S.SUBMITTED,
    S.RETURNED,
    S.INADMISSIBLE,
    S.INELIGIBLE,
    S.NOT_KEPT,
    S.ELIGIBLE,
    S.IN_REVIEW,
    S.IN_DELIBERATION,
    S.DECIDED,
)

APPLICATION: Machine[ApplicationFacts] = Machine(
    "application",
    ApplicationState,
    initial=S.DRAFT,
    finals=[S.INELIGIBLE, S.INADMISSIBLE, S.NOT_KEPT, S.DECIDED],
    moves=[
        # drafting: nothing is refused to a draft but time
        Move(Action.APPLICATION_EDIT, EDITABLE, guards=(g.call_open,)),
        Move(Action.APPLICATION_ATTACH, EDITABLE, guards=(g.call_open, g.call_not_closed, g.before_deadline)),
        Move(Action.APPLICATION_DETACH, EDITABLE, guards=(g.call_open,)),
        Move(
            Action.APPLICATION_REQUEST_SIGNATURE,
            (S.DRAFT,),
            S.AWAITING_SIGNATURE,
            (g.call_open, g.call_not_closed, g.before_deadline, g.complete, g.rules_respected),
            (Mail("signature-requested", Audience.LEADS),),
        ),
        Move(Action.APPLICATION_RESUME_DRAFTING, (S.AWAITING_SIGNATURE,), S.DRAFT),
        Move(
            Action.APPLICATION_SUBMIT,
            (S.DRAFT, S.AWAITING_SIGNATURE, S.RETURNED),
            S.SUBMITTED,
            (
                g.call_open,
                g.call_not_closed,
                g.before_deadline,
                g.complete,
                g.rules_respected,
                g.partners_attested,
                g.operator_signed,
                g.power_attached,
            ),
            (Document("receipt"), Mail("submitted", Audience.TEAM, attach="receipt")),
        ),
        Move(Action.APPLICATION_RECORD_LATE_ATTEMPT, (S.DRAFT, S.AWAITING_SIGNATURE, S.RETURNED)),
        Move(
            Action.APPLICATION_ASK_WAIVER,
            DRAFTING,
            guards=(g.late_attempt_recorded, g.no_waiver_pending, g.reason_given),
            effects=(Mail("waiver-asked", Audience.MANAGERS),),
        ),
        Move(
            Action.APPLICATION_WITHDRAW,
            (*DRAFTING, *UNDER_STUDY),
            S.WITHDRAWN,
            effects=(Mail("withdrawn", Audience.TEAM),),
        ),
        # a withdrawal is undone until the call closes: as it was, a draft or a submitted file
        Move(
            Action.APPLICATION_TAKE_BACK,
            (S.WITHDRAWN,),
            S.DRAFT,
            (g.never_submitted, g.call_open, g.call_not_closed, g.before_deadline),
        ),
        Move(
            Action.APPLICATION_REINSTATE,
            (S.WITHDRAWN,),
            S.SUBMITTED,
            (g.submitted_before, g.call_open, g.call_not_closed, g.before_deadline),
            (Mail("reinstated", Audience.TEAM),),
        ),
        # the call's terms were amended: the file is written under the new ones
        Move(Action.APPLICATION_MOVE, DRAFTING, effects=(Mail("call-amended", Audience.TEAM),)),
        # with others: a partner attests what concerns it, somebody from outside helps to write
        Move(Action.APPLICATION_INVITE, EDITABLE),
        Move(Action.APPLICATION_ASK_ATTESTATION, EDITABLE, guards=(g.call_open, g.before_deadline)),
        # a virus found after reception, whatever became of the file meanwhile
        Move(
            Action.APPLICATION_WITHHOLD_DOCUMENT,
            tuple(ApplicationState),
            effects=(Mail("document-withheld", Audience.LEADS),),
        ),
        # screening: admissibility is the form, eligibility the substance
        Move(Action.SCREENING_TAKE, (*DRAFTING, *UNDER_STUDY)),
        Move(Action.SCREENING_CHECK, (S.SUBMITTED, S.RETURNED, *DRAFTING)),
        Move(
            Action.SCREENING_RETURN,
            (S.SUBMITTED,),
            S.RETURNED,
            (g.correction_date_ahead, g.reason_given),
            (Mail("returned", Audience.TEAM),),
        ),
        # a later date for one file: one manager grants it before the deadline, two after it
        Move(
            Action.SCREENING_EXTEND,
            (*DRAFTING, S.RETURNED),
            guards=(g.deadline_not_passed, g.correction_date_ahead, g.reason_given),
            effects=(Mail("waiver-granted", Audience.TEAM),),
        ),
        Move(
            Action.SCREENING_ASK_EXTENSION,
            (*DRAFTING, S.RETURNED),
            guards=(g.no_waiver_pending, g.correction_date_ahead, g.reason_given),
        ),
        Move(
            Action.SCREENING_PROPOSE_WAIVER,
            (S.SUBMITTED, S.RETURNED),
            guards=(g.no_waiver_pending, g.a_rule_failed, g.reason_given),
        ),
        Move(
            Action.SCREENING_GRANT_WAIVER,
            (*DRAFTING, S.SUBMITTED, S.RETURNED),
            guards=(g.waiver_asked, g.waiver_dated, g.reason_given),
            effects=(Mail("waiver-granted", Audience.TEAM, when="deadline"),),
        ),
        Move(
            Action.SCREENING_REFUSE_WAIVER,
            (*DRAFTING, S.SUBMITTED, S.RETURNED),
            guards=(g.waiver_asked, g.reason_given),
            effects=(Mail("waiver-refused", Audience.TEAM, when="deadline"),),
        ),
        Move(
            Action.SCREENING_DECLARE_ELIGIBLE,
            (S.SUBMITTED,),
            S.ELIGIBLE,
            (g.every_rule_checked, g.no_rule_failed),
            (Mail("eligible", Audience.TEAM),),
        ),
        Move(
            Action.SCREENING_DECLARE_INELIGIBLE,
            (S.SUBMITTED, S.RETURNED),
            S.INELIGIBLE,
            (g.a_rule_failed, g.no_waiver_pending),
            (Document("ineligible"), Mail("ineligible", Audience.TEAM, attach="ineligible")),
        ),
        Move(
            Action.SCREENING_DECLARE_INADMISSIBLE,
            (*DRAFTING, S.SUBMITTED, S.RETURNED),
            S.INADMISSIBLE,
            (g.a_rule_failed, g.no_waiver_pending),
            (Document("inadmissible"), Mail("inadmissible", Audience.TEAM, attach="inadmissible")),
        ),
        # a call in two stages: a note is kept and its full file may be written, or it stops there
        Move(
            Action.SCREENING_KEEP_NOTE,
            (S.SUBMITTED, S.ELIGIBLE),
            S.DRAFT,
            (g.a_note, g.every_rule_checked, g.no_rule_failed, g.full_deadline_ahead),
            (Mail("note-kept", Audience.TEAM),),
        ),
        Move(
            Action.SCREENING_DECLINE_NOTE,
            (S.SUBMITTED, S.ELIGIBLE),
            S.NOT_KEPT,
            (g.a_note, g.no_waiver_pending, g.reason_given),
            (Document("note-not-kept"), Mail("note-not-kept", Audience.TEAM, attach="note-not-kept")),
        ),
        # review and deliberation
        Move(Action.REVIEW_ASSIGN, (S.ELIGIBLE, S.IN_REVIEW)),
        Move(Action.REVIEW_OPEN, (S.ELIGIBLE,), S.IN_REVIEW, (g.a_full_file, g.enough_reviewers)),
        Move(Action.SELECTION_OPEN, (S.IN_REVIEW,), S.IN_DELIBERATION, (g.enough_reviews,)),
        # a later decision (a place freed on the reserve list, a mistake mended) replaces the first
        Move(Action.DECISION_PROPOSE, (S.IN_DELIBERATION, S.DECIDED)),
        Move(Action.DECISION_REVISE, (S.IN_DELIBERATION, S.DECIDED)),
        Move(Action.DECISION_RELEASE, (S.IN_DELIBERATION, S.DECIDED), S.DECIDED),
        Move(
            Action.SCREENING_REOPEN,
            (S.RETURNED, S.ELIGIBLE),
            S.SUBMITTED,
            (g.reason_given, g.decision_not_released),
            (Mail("reopened", Audience.TEAM),),
        ),
    ],
)
