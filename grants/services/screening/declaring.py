"""What becomes of a file after its checks: through to the committee, out with a letter, or back into screening."""

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.eligibility import RuleKind
from grants.models import Application
from grants.policies import Actor
from grants.queries.locking import locked
from grants.queries.screening import picture
from grants.services import interests, lifecycle
from grants.services.screening.recording import REASON_LIMIT, read
from grants.workflow.actions import Action

#: Which failures an action looks at: of the form, of the substance, or both.
JUDGED = {
    Action.SCREENING_DECLARE_ELIGIBLE: None,
    Action.SCREENING_DECLARE_INELIGIBLE: RuleKind.ELIGIBILITY,
    Action.SCREENING_DECLARE_INADMISSIBLE: RuleKind.ADMISSIBILITY,
}


def declare_eligible(*, actor: Actor, application: str) -> Application:
    """Let the file through to the committee: every rule checked, none refusing."""
    with transaction() as session:
        row = locked(session, actor, Application, application)
        declare_in(session, actor, row, Action.SCREENING_DECLARE_ELIGIBLE)
        return row


def declare_ineligible(*, actor: Actor, application: str) -> Application:
    """Close the file on its substance: a rule of eligibility refuses it; a letter says which."""
    with transaction() as session:
        row = locked(session, actor, Application, application)
        declare_in(session, actor, row, Action.SCREENING_DECLARE_INELIGIBLE)
        return row


def declare_inadmissible(*, actor: Actor, application: str) -> Application:
    """Close the file on its form: late, incomplete or unsigned; a letter says which."""
    with transaction() as session:
        row = locked(session, actor, Application, application)
        declare_in(session, actor, row, Action.SCREENING_DECLARE_INADMISSIBLE)
        return row


def reopen(*, actor: Actor, application: str, reason: str) -> Application:
    """Take a file back into screening, with the reason, before the reviews begin."""
    words = read("reason", reason, REASON_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        facts = picture(session, row, lifecycle.moment(session), reason=words)
        lifecycle.perform(
            session, actor=actor, action=Action.SCREENING_REOPEN, row=row, facts=facts, note={"reason": words}
        )
        return row


def declare_in(session: Session, actor: Actor, row: Application, action: Action) -> None:
    """The same inside a transaction of its caller, on a file that is locked."""
    facts = picture(session, row, lifecycle.moment(session), kind=JUDGED[action])
    note = {"failed": list(facts.failed_rules)}
    lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, note=note)
    if action is Action.SCREENING_DECLARE_ELIGIBLE:
        interests.find(session, row)
