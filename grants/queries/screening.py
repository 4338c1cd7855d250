"""What the officer reads when judging a file: its checks, its waivers, the list of a call's files."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    String,
    bindparam,
    select,
)
from sqlalchemy.orm import Session, aliased

from grants.domain import eligibility
from grants.domain.eligibility import Outcome, RuleKind
from grants.domain.eligibility_facts import Facts
from grants.domain.forms import FileStage
from grants.models import Account, Application, AuditEntry, Check, Decision, Waiver
from grants.queries.eligibility import facts_of, rules_of
from grants.queries.subjects import name_of
from grants.workflow.call import CallState
from grants.workflow.facts import ApplicationFacts

REFUSING = (Outcome.FAIL,)


def checks_of(session: Session, application_id: int) -> dict[str, Check]:
    """The verdicts recorded on a file, by rule."""
    return {
        row.rule: row
        for row in session.scalars(select(Check).where(Check.application_id == application_id, Check.stage == ""))
    }


def verdicts_of(session: Session, application: Application, now: datetime) -> tuple[eligibility.Verdict, ...]:
    """What the rules find by themselves at this instant."""
    return examined(session, application, now)[1]


def examined(
    session: Session, application: Application, now: datetime
) -> tuple[Facts, tuple[eligibility.Verdict, ...]]:
    """The figures that the rules look at, and what they find."""
    facts = facts_of(session, application, now)
    return facts, eligibility.evaluate(rules_of(application), eligibility.Stage.SCREENING, facts)


@dataclass(frozen=True)
class Standing:
    """What is recorded about a file and judged with: its checks by rule, the names of who made them, and three facts."""

    checks: dict[str, Check]
    checkers: dict[int, str]
    waiver_pending: bool
    decision_released: bool
    waivers: bool = False


def standing_of(session: Session, application: Application) -> Standing:
    """Where a file stands, in two questions."""
    rows = session.execute(_CHECKS, {"file": application.id}).all()
    released, pending, waivers = session.execute(_AROUND, {"file": application.id}).one()
    checks, names = {row.rule: row for row, _ in rows}, {row.checked_by_id: name for row, name in rows}
    return Standing(checks, names, bool(pending), bool(released), bool(waivers))


_FILE = bindparam("file", type_=BigInteger())
_CHECKS = (
    select(Check, Account.name)
    .join(Account, Account.id == Check.checked_by_id)
    .where(Check.application_id == _FILE, Check.stage == "")
)
_AROUND = select(
    select(Decision.id).where(Decision.application_id == _FILE, Decision.released_at.is_not(None)).exists(),
    select(Waiver.id).where(Waiver.application_id == _FILE, Waiver.granted.is_(None)).exists(),
    select(Waiver.id).where(Waiver.application_id == _FILE).exists(),
)


def picture(
    session: Session,
    application: Application,
    now: datetime,
    *,
    kind: RuleKind | None = None,
    own_deadline_at: datetime | None = None,
    reason: str = "",
    **more: Any,  # noqa: ANN401 -- other facts, by their name
) -> ApplicationFacts:
    """The facts of a screening act. `kind`: only failures of the form, or of the substance, count as failures.

    `more`: passed (the deadline), waiver_of, failed (the rules that count as failed).
    """
    standing = standing_of(session, application)
    found = pictured(application, standing, now, kind=kind)
    return replace(
        found,
        own_deadline_at=own_deadline_at,
        reason_given=bool(reason.strip()),
        deadline_passed=bool(more.get("passed")),
        waiver_of=str(more.get("waiver_of", "")),
        failed_rules=more.get("failed", found.failed_rules),
    )


def pictured(
    application: Application, standing: Standing, now: datetime, *, kind: RuleKind | None = None
) -> ApplicationFacts:
    """The same facts from what was read already, before anybody typed anything."""
    rules, checks = rules_of(application), standing.checks
    failed = [
        rule.key
        for rule in rules
        if rule.key in checks and checks[rule.key].outcome in REFUSING and kind in (None, rule.kind)
    ]
    return ApplicationFacts(
        now=now,
        opens_at=application.call.opens_at or now,
        closes_at=application.closes_at,
        call_closed=application.call.state == CallState.CLOSED,
        note=application.stage == FileStage.NOTE,
        full_closes_at=application.call.full_closes_at,
        late_attempt_at=application.late_attempt_at,
        failed_rules=tuple(failed),
        unchecked_rules=tuple(rule.key for rule in rules if rule.key not in checks),
        waiver_pending=standing.waiver_pending,
        decision_released=standing.decision_released,
    )


def waivers_of(session: Session, application_id: int) -> list[tuple[Waiver, str, str | None]]:
    """The waivers of a file with the names of who asked and who answered, the newest first."""
    asked, answered = aliased(Account), aliased(Account)
    rows = session.execute(
        select(Waiver, asked.name, answered.name)
        .join(asked, asked.id == Waiver.asked_by_id)
        .outerjoin(answered, answered.id == Waiver.answered_by_id)
        .where(Waiver.application_id == application_id)
        .order_by(Waiver.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def officer_of(session: Session, application: Application) -> str:
    """Who took charge of the file; empty: nobody."""
    if application.officer_id is None:
        return ""
    return session.scalar(select(Account.name).where(Account.id == application.officer_id)) or ""


def history_of(session: Session, application: Application, most: int = 15) -> list[tuple[AuditEntry, str]]:
    """The last acts on the file and who did them, the newest first."""
    rows = session.execute(_HISTORY, {"object": name_of(application), "most": most})
    return [(row[0], row[1] or "Palabre") for row in rows]


_HISTORY = (
    select(AuditEntry, Account.name)
    .outerjoin(Account, Account.public_id == AuditEntry.actor)
    .where(AuditEntry.object == bindparam("object", type_=String()))
    .order_by(AuditEntry.seq.desc())
    .limit(bindparam("most", type_=Integer()))
)
