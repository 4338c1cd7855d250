"""WHO may do what: one line an action.

`may(actor, action, subject)` and `require(...)` are the two askers. A rule is any of several statements about the
actor and the subject; statements in brackets must hold together. A live conflict of interest beats every role,
chair and auditor included: what is left is what the person may do as an applicant, and `DESPITE_CONFLICT`. Writing for
the organisation behind the object, or on the file itself, is such a conflict, declared or not.

What may be *seen* in lists is the same table in SQL: `grants.queries.visibility`.
"""

from collections.abc import Callable

from grants.errors import NotAllowed
from grants.policies.actors import ANONYMOUS, SYSTEM, Actor, Role, Subject
from grants.policies.predicates import (
    administrator,
    anyone,
    applicant,
    applicant_lead,
    applicant_of_any,
    assigned_reviewer,
    auditor,
    author_of_review,
    award_funded,
    chair,
    collaborator,
    collaborator_of_any,
    committee_member,
    deliberation_begun,
    draft_call_insider,
    fellow_reader,
    finance_officer,
    for_judging,
    given_own_review,
    identified,
    interest_free,
    manager,
    manager_of_any,
    network_staff,
    not_oneself,
    on_ones_own_account,
    received,
    released,
    reviewer_of_any,
    staff_of_any,
    the_system,
    themselves,
)
from grants.workflow.actions import Action as A

Statement = Callable[[Actor, Subject], bool]
Rule = tuple[Statement | tuple[Statement, ...], ...]

READS_FILE: Rule = (
    applicant,
    collaborator,
    (manager, received),
    (chair, received, interest_free),
    (assigned_reviewer, interest_free),
    (auditor, received),
    (finance_officer, award_funded),
)
READS_ATTACHMENT: Rule = (
    applicant,
    (collaborator, for_judging),
    (manager, received),
    (chair, received, interest_free, for_judging),
    (assigned_reviewer, interest_free, for_judging),
    (auditor, received),
    (finance_officer, award_funded),
)
READS_SCENARIO: Rule = (
    manager,
    (chair, deliberation_begun, interest_free),
    (committee_member, deliberation_begun, given_own_review, interest_free, released),
    auditor,
)
KEEPS_SCENARIO: Rule = (manager, (chair, deliberation_begun, interest_free))
CONDUCTS: Rule = (manager, (chair, interest_free))  # the discussion of one file
READS_DECISION: Rule = (
    manager,
    (chair, interest_free),
    auditor,
    (applicant, released),
    (finance_officer, award_funded),
)
READS_PROJECT: Rule = (applicant, manager, finance_officer, auditor)

WHO: dict[A, Rule] = {
    A.ACCOUNT_SIGN_IN: (anyone,),
    A.ACCOUNT_SIGN_OUT: (anyone,),
    A.ACCOUNT_PREFER: (anyone,),
    A.ACCOUNT_READ: (identified,),
    A.ACCOUNT_CHANGE_PASSWORD: (identified,),
    A.ACCOUNT_REVOKE_SESSION: (themselves,),
    A.ACCOUNT_EDIT: (identified,),
    A.ACCOUNT_REGISTER: (anyone,),
    A.ACCOUNT_ACCEPT_INVITATION: (anyone,),
    A.ACCOUNT_REVOKE_INVITATION: (applicant_lead, manager, administrator, themselves),
    A.ORGANISATION_REGISTER: (manager_of_any, the_system),
    A.ORGANISATION_ENROL: (manager, the_system),
    A.ORGANISATION_READ: (applicant, network_staff, auditor),
    A.ORGANISATION_EDIT: (applicant_lead,),
    A.ORGANISATION_READ_BANK: (applicant_lead, finance_officer),
    A.ORGANISATION_CHANGE_BANK: (applicant_lead,),
    A.ORGANISATION_VERIFY_BANK: ((finance_officer, not_oneself),),
    A.ORGANISATION_FOUND: (on_ones_own_account,),
    A.ORGANISATION_BROWSE: (manager_of_any, auditor),
    A.ORGANISATION_INVITE: (applicant_lead,),
    A.ORGANISATION_INVITE_FIRST_LEAD: (manager_of_any,),
    A.ORGANISATION_REMOVE_MEMBER: (applicant_lead,),
    A.ORGANISATION_KEEP_PAPER: (applicant,),
    A.ORGANISATION_READ_PAPER: (applicant, (staff_of_any, for_judging), finance_officer, auditor),
    A.PROGRAMME_FOUND: (administrator, the_system),
    A.CALL_BROWSE: (anyone,),
    A.CALL_OVERSEE: (manager, auditor, draft_call_insider),
    A.CALL_BEGIN: (manager_of_any,),
    A.CALL_DRAFT: (manager,),
    A.CALL_PUBLISH: (manager,),
    A.CALL_AMEND: (manager,),
    A.CALL_REHEARSE: (manager,),
    A.CALL_CLOSE: (manager,),
    A.CALL_IMPORT: (manager, the_system),
    A.CALL_INVITE: (manager,),
    A.CALL_INVITE_ORGANISATION: (manager,),
    A.CALL_WITHDRAW_INVITATION: (manager,),
    A.CALL_READ_INVITED: (manager, auditor, applicant),
    A.APPLICATION_BROWSE: (applicant_of_any, collaborator_of_any),
    A.APPLICATION_START: (applicant,),
    A.APPLICATION_READ: READS_FILE,
    A.APPLICATION_EDIT: (applicant, collaborator),
    A.APPLICATION_ATTACH: (applicant, (collaborator, for_judging)),
    A.APPLICATION_DETACH: (applicant, (collaborator, for_judging)),
    A.APPLICATION_READ_ATTACHMENT: READS_ATTACHMENT,
    A.APPLICATION_READ_RECEIPT: (applicant, (manager, received), (auditor, received)),
    A.APPLICATION_REQUEST_SIGNATURE: (applicant,),
    A.APPLICATION_RESUME_DRAFTING: (applicant,),
    A.APPLICATION_SUBMIT: (applicant_lead,),
    A.APPLICATION_RECORD_LATE_ATTEMPT: (applicant_lead,),
    A.APPLICATION_WITHHOLD_DOCUMENT: (the_system,),
    A.APPLICATION_MOVE: (the_system,),  # to the terms that come into force
    A.APPLICATION_ASK_WAIVER: (applicant_lead,),
    A.APPLICATION_WITHDRAW: (applicant_lead,),
    A.APPLICATION_TAKE_BACK: (applicant_lead,),
    A.APPLICATION_REINSTATE: (applicant_lead,),
    A.APPLICATION_READ_TEAM: (applicant, collaborator),
    A.APPLICATION_INVITE: (applicant_lead,),
    A.APPLICATION_REMOVE_COLLABORATOR: (applicant_lead,),
    A.APPLICATION_ASK_ATTESTATION: (applicant,),
    A.APPLICATION_ATTEST: (anyone,),
    A.SCREENING_BROWSE: (manager_of_any, auditor),
    A.SCREENING_READ: ((manager, received), (auditor, received)),
    A.SCREENING_TAKE: ((manager, received),),
    A.SCREENING_CHECK: ((manager, received),),
    A.SCREENING_RETURN: ((manager, received),),
    # a later date may be granted to a draft that the programme does not see
    A.SCREENING_EXTEND: (manager,),
    A.SCREENING_ASK_EXTENSION: (manager,),
    A.SCREENING_PROPOSE_WAIVER: ((manager, received),),
    A.SCREENING_GRANT_WAIVER: ((manager, not_oneself),),
    A.SCREENING_REFUSE_WAIVER: ((manager, not_oneself),),
    A.SCREENING_DECLARE_ELIGIBLE: ((manager, received),),
    A.SCREENING_DECLARE_INELIGIBLE: ((manager, received),),
    A.SCREENING_DECLARE_INADMISSIBLE: ((manager, received),),
    A.SCREENING_REOPEN: ((manager, received),),
    A.SCREENING_KEEP_NOTE: ((manager, received),),
    A.SCREENING_DECLINE_NOTE: ((manager, received),),
    A.SCREENING_SETTLE_COPY: ((manager, received),),
    A.REVIEW_BROWSE: (reviewer_of_any,),
    A.REVIEW_DECLARE_INTEREST: ((committee_member, received),),
    A.REVIEW_READ_INTERESTS: (manager, chair, auditor),
    A.REVIEW_SETTLE_INTEREST: (manager, chair),
    A.REVIEW_OPEN: (manager,),
    A.REVIEW_ASSIGN: (manager,),
    A.REVIEW_UNASSIGN: (manager,),
    A.REVIEW_READ_ASSIGNMENTS: (manager, chair, auditor),
    A.REVIEW_PROPOSE: (manager,),
    A.REVIEW_DESCRIBE_MEMBER: (manager,),
    A.REVIEW_ASK_OVERRIDE: (manager,),
    A.REVIEW_GRANT_OVERRIDE: ((manager, not_oneself),),
    A.REVIEW_REFUSE_OVERRIDE: ((manager, not_oneself),),
    A.REVIEW_READ: (
        author_of_review,
        (fellow_reader, interest_free),
        manager,
        (chair, deliberation_begun, interest_free),
        auditor,
    ),
    A.REVIEW_SAVE: (author_of_review,),
    A.REVIEW_SCORE: (author_of_review,),
    A.REVIEW_RETURN: (manager,),
    A.REVIEW_RECUSE: (author_of_review, the_system),
    A.PRINTING_READ: (
        (manager, received),
        (chair, received, interest_free),
        (assigned_reviewer, interest_free),
        (auditor, received),
    ),
    A.SELECTION_READ: (
        manager,
        (chair, deliberation_begun),
        (committee_member, deliberation_begun, given_own_review),
        auditor,
    ),
    A.SELECTION_CONVENE: (manager,),
    A.SELECTION_OPEN: (manager, chair, the_system),
    A.SELECTION_RECORD_ATTENDANCE: (manager, chair),
    A.SELECTION_CLOSE: (manager, chair),
    A.SELECTION_ANALYSE: (manager, (chair, deliberation_begun)),
    A.SELECTION_PROMISE_LOT: (manager,),
    A.SELECTION_DRAW_LOT: (manager, chair),
    A.SELECTION_ORDER_AGENDA: (manager, chair),
    A.SELECTION_CALL_FILE: CONDUCTS,
    A.SELECTION_EMPTY_ROOM: CONDUCTS,
    A.SELECTION_NOTE: (manager, (committee_member, deliberation_begun, interest_free)),
    A.SELECTION_OPEN_BALLOT: CONDUCTS,
    A.SELECTION_COUNT_BALLOT: CONDUCTS,
    A.SELECTION_STOP_BALLOT: (*CONDUCTS, the_system),
    A.SELECTION_VOTE: ((committee_member, deliberation_begun, interest_free),),
    A.SELECTION_ISSUE_PROJECTION: (manager, chair),
    A.SELECTION_PROJECT: (anyone,),  # the address is the right
    A.SELECTION_AMEND_MINUTES: (manager, chair),
    A.SELECTION_APPROVE_MINUTES: (manager, chair),
    A.SELECTION_SIGN_MINUTES: (manager, chair),
    A.SCENARIO_READ: READS_SCENARIO,
    A.SCENARIO_PROPOSE: (manager, (chair, deliberation_begun)),
    A.SCENARIO_EDIT: KEEPS_SCENARIO,
    A.SCENARIO_SHARE: KEEPS_SCENARIO,
    A.SCENARIO_REFER: KEEPS_SCENARIO,
    A.SCENARIO_DISCARD: KEEPS_SCENARIO,
    A.DECISION_READ: READS_DECISION,
    A.DECISION_PROPOSE: (manager, (chair, interest_free)),
    A.DECISION_UNDO: (manager, (chair, interest_free)),
    A.DECISION_APPROVE: (manager,),
    A.DECISION_RELEASE: (manager, the_system),
    A.DECISION_REVOKE: (manager,),
    A.DECISION_LAPSE: (the_system,),
    A.DECISION_LIFT_CONDITION: (manager,),
    A.DECISION_DECLINE: (manager,),
    A.DECISION_DECIDE_OTHERWISE: (manager,),
    A.DECISION_REVISE: (manager,),
    A.DECISION_REISSUE: (manager,),
    A.DECISION_CONFIRM: ((manager, not_oneself),),
    A.DECISION_ABANDON: (manager,),
    A.DECISION_SUPERSEDE: (manager, the_system),
    A.DECISION_EXPIRE: (the_system,),
    A.DECISION_RENOUNCE: ((applicant_lead, released),),
    A.DECISION_PLAN: (manager,),
    A.DECISION_CANCEL_PLAN: (manager,),
    A.DECISION_HOLD_BACK: (the_system,),
    A.DECISION_SEEK_SUCCESSOR: (manager, the_system),
    A.DECISION_NAME_SUCCESSOR: (the_system,),
    A.DECISION_TAKE_SUCCESSOR: (manager,),
    A.DECISION_PASS_OVER: (manager,),
    A.DECISION_READ_LETTER: (
        (applicant, released),
        (manager, released),
        (chair, released, interest_free),
        (auditor, released),
        (finance_officer, award_funded),
    ),
    A.DECISION_WRITE_FEEDBACK: (manager,),
    A.EXPORT_READ: (manager, committee_member, auditor),
    A.EXPORT_READ_OWN: ((themselves, manager), (themselves, committee_member), (themselves, auditor)),
    A.AGREEMENT_PREPARE: (manager,),
    A.AGREEMENT_SEND: (manager,),
    A.AGREEMENT_SIGN: (manager,),
    A.AGREEMENT_READ: READS_PROJECT,
    A.PROJECT_BROWSE_PUBLIC: (anyone,),
    A.PROJECT_BROWSE: (staff_of_any, applicant_of_any),
    A.PROJECT_READ: READS_PROJECT,
    A.PROJECT_OPEN: (manager,),
    A.PROJECT_START: (manager,),
    A.PROJECT_SUSPEND: (manager,),
    A.PROJECT_RESUME: (manager,),
    A.PROJECT_AWAIT_FINAL_REPORT: (manager, the_system),
    A.PROJECT_CLOSE: (manager,),
    A.PROJECT_TERMINATE: (manager,),
    A.PROJECT_LOWER_AWARD: (manager,),
    A.PROJECT_REACH_MILESTONE: (manager,),
    A.PROJECT_IMPORT: (manager, the_system),
    A.ACCOMPANIMENT_RECORD_SESSION: (manager,),
    A.REPORT_READ: READS_PROJECT,
    A.REPORT_SAVE: (applicant,),
    A.REPORT_SUBMIT: (applicant,),
    A.REPORT_RETURN: (manager,),
    A.REPORT_ACCEPT: (manager,),
    A.AMENDMENT_REQUEST: (applicant_lead,),
    A.AMENDMENT_ACCEPT: (manager,),
    A.AMENDMENT_REFUSE: (manager,),
    A.TRANCHE_FALL_DUE: (manager, the_system),
    A.TRANCHE_ORDER: (manager,),
    A.TRANCHE_PAY: ((finance_officer, not_oneself),),
    A.TRANCHE_RETURN: (finance_officer,),
    A.TRANCHE_CANCEL: (manager,),
    A.FINANCE_BROWSE: (finance_officer, manager_of_any, auditor),
    A.MESSAGE_BROWSE_MAILBOX: (manager_of_any,),
    A.MESSAGE_BROWSE_OUTBOX: (manager_of_any, auditor),
    A.MESSAGE_RETRY: (manager,),
    A.ADMINISTRATION_CREATE_ACCOUNT: (administrator, the_system),
    A.ADMINISTRATION_BROWSE_ACCOUNTS: (administrator, auditor),
    A.ADMINISTRATION_DISABLE_ACCOUNT: ((administrator, not_oneself),),
    A.ADMINISTRATION_ENABLE_ACCOUNT: ((administrator, not_oneself),),
    A.ADMINISTRATION_APPOINT: ((administrator, not_oneself), the_system),
    A.ADMINISTRATION_REVOKE_APPOINTMENT: ((administrator, not_oneself),),
    A.ADMINISTRATION_INVITE: (administrator,),
    A.ADMINISTRATION_READ_AUDIT: (manager_of_any, auditor),
    A.SERVICE_READ_PUBLIC: (anyone,),
    A.SERVICE_READ_HEALTH: (anyone,),
    A.SERVICE_READ_DEMO: (anyone,),
}

# A recused person still sees that the file exists when declaring, and still holds an account.
DESPITE_CONFLICT = frozenset({A.REVIEW_DECLARE_INTEREST, A.REVIEW_RECUSE})


def may(actor: Actor, action: A, subject: Subject) -> bool:
    """Whether `actor` may ever do `action` to `subject`; whether now is the moment is the workflow's question."""
    conflicted = (
        actor.id in subject.conflicted
        or subject.organisation_id in actor.writes_for
        or subject.application_id in actor.writes_on
    )
    if conflicted and action not in DESPITE_CONFLICT:
        actor, subject = actor.as_applicant(), subject.without_readers()
    return any(_holds(statement, actor, subject) for statement in WHO[action])


def require(actor: Actor, action: A, subject: Subject) -> None:
    """Raise NotAllowed, with the statements of which one was needed, unless `may`."""
    if not may(actor, action, subject):
        raise NotAllowed(action, tuple(name for statement in WHO[action] for name in _names(statement)))


def _holds(statement: Statement | tuple[Statement, ...], actor: Actor, subject: Subject) -> bool:
    together = statement if isinstance(statement, tuple) else (statement,)
    return all(one(actor, subject) for one in together)


def _names(statement: Statement | tuple[Statement, ...]) -> tuple[str, ...]:
    together = statement if isinstance(statement, tuple) else (statement,)
    return tuple(one.__name__ for one in together)


__all__ = ["ANONYMOUS", "DESPITE_CONFLICT", "SYSTEM", "WHO", "Actor", "Role", "Subject", "may", "require"]
