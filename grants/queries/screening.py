"""What the officer reads when judging a file: its checks, its waivers, the list of a call's files."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.domain import eligibility
from grants.domain.eligibility import Outcome, RuleKind
from grants.models import Application, Check, Decision, Waiver
from grants.queries.eligibility import facts_of, rules_of
from grants.workflow.facts import ApplicationFacts

REFUSING = (Outcome.FAIL,)


def checks_of(session: Session, application_id: int) -> dict[str, Check]:
    """The verdicts recorded on a file, by rule."""
    return {row.rule: row for row in session.scalars(select(Check).where(Check.application_id == application_id))}


def verdicts_of(session: Session, application: Application, now: datetime) -> tuple[eligibility.Verdict, ...]:
    """What the rules find by themselves at this instant."""
    facts = facts_of(session, application, now)
    return eligibility.evaluate(rules_of(application.call), eligibility.Stage.SCREENING, facts)


def pending_waiver(session: Session, application_id: int) -> Waiver | None:
    """The waiver that waits for its answer."""
    return session.scalar(select(Waiver).where(Waiver.application_id == application_id, Waiver.granted.is_(None)))


def picture(  # noqa: PLR0913 -- what the person adds to what is stored
    session: Session,
    application: Application,
    now: datetime,
    *,
    kind: RuleKind | None = None,
    own_deadline_at: datetime | None = None,
    reason: str = "",
) -> ApplicationFacts:
    """The facts of a screening act. `kind`: only failures of the form, or of the substance, count as failures."""
    rules = rules_of(application.call)
    checks = checks_of(session, application.id)
    failed = [
        rule.key
        for rule in rules
        if rule.key in checks and checks[rule.key].outcome in REFUSING and kind in (None, rule.kind)
    ]
    released = session.scalar(
        select(Decision.id).where(Decision.application_id == application.id, Decision.released_at.is_not(None))
    )
    return ApplicationFacts(
        now=now,
        opens_at=application.call.opens_at or now,
        closes_at=application.call.closes_at or now,
        own_deadline_at=own_deadline_at,
        late_attempt_at=application.late_attempt_at,
        failed_rules=tuple(failed),
        unchecked_rules=tuple(rule.key for rule in rules if rule.key not in checks),
        waiver_pending=pending_waiver(session, application.id) is not None,
        decision_released=released is not None,
        reason_given=bool(reason.strip()),
    )
