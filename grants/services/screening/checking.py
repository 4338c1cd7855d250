"""Judging a file: what the rules find by themselves, what a person corrects, what is to be mended."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.eligibility import Outcome
from grants.errors import Invalid, NotFound, Reason
from grants.models import Application, Check
from grants.policies import Actor
from grants.queries.locking import locked
from grants.queries.screening import checks_of, examined, picture
from grants.queries.terms import form_of
from grants.services import lifecycle
from grants.services.screening.recording import COMMENT_LIMIT, REASON_LIMIT, Finding, put, read, settled, traced
from grants.workflow.actions import Action


def take(*, actor: Actor, application: str) -> Application:
    """Take charge of a file: it stands in one's own list from now on. Raises NotFound, NotAllowed, NotPossible."""
    with transaction() as session:
        row = locked(session, actor, Application, application)
        take_in(session, actor, row)
        return row


def take_in(session: Session, actor: Actor, row: Application) -> None:
    """The same inside a transaction of its caller, on a file that is locked."""
    facts = picture(session, row, lifecycle.moment(session))
    lifecycle.perform(session, actor=actor, action=Action.SCREENING_TAKE, row=row, facts=facts)
    row.officer_id = actor.id


def run_checks(*, actor: Actor, application: str) -> list[Check]:
    """Record what the rules find by themselves; what a person corrected or waived stays as it was."""
    with transaction() as session:
        row = locked(session, actor, Application, application)
        return check_all(session, actor, row)


def check_all(session: Session, actor: Actor, row: Application) -> list[Check]:
    """The same inside a transaction of its caller, on a file that is locked."""
    at = lifecycle.moment(session)
    checks = checks_of(session, row.id)
    seen, verdicts = examined(session, row, at)
    fresh = [v for v in verdicts if not settled(checks.get(v.rule.key))]
    note = {"verdicts": {verdict.rule.key: str(verdict.outcome) for verdict in fresh}}
    facts = picture(session, row, at)
    lifecycle.perform(session, actor=actor, action=Action.SCREENING_CHECK, row=row, facts=facts, note=note)
    for verdict in fresh:
        found = Finding(verdict.rule.key, verdict.outcome, "", by_hand=False, trace=traced(row, verdict, seen))
        put(session, actor, row, found, checks, at)
    session.flush()
    return list(checks_of(session, row.id).values())


def check(*, actor: Actor, application: str, rule: str, outcome: str, comment: str = "") -> Check:
    """Judge one rule by hand. What differs from what the rule finds needs a comment (Invalid without)."""
    words = read("comment", comment, COMMENT_LIMIT)
    if outcome not in (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE):
        raise Invalid({"outcome": Reason("missing")})
    with transaction() as session:
        row = locked(session, actor, Application, application)
        at = lifecycle.moment(session)
        seen, verdicts = examined(session, row, at)
        verdict = next((one for one in verdicts if one.rule.key == rule), None)
        if verdict is None:
            raise NotFound(rule)
        differs = verdict.outcome != outcome
        facts = picture(session, row, at)
        note = {"verdicts": {rule: outcome}, "by_hand": differs}
        lifecycle.perform(session, actor=actor, action=Action.SCREENING_CHECK, row=row, facts=facts, note=note)
        if differs and not words:
            raise Invalid({"comment": Reason("correction_explained")})
        finding = Finding(rule, outcome, words, differs, traced(row, verdict, seen))
        return put(session, actor, row, finding, checks_of(session, row.id), at)


def return_for_correction(
    *, actor: Actor, application: str, sections: Iterable[str], due_at: datetime | None, reason: str
) -> Application:
    """Give the file back to be mended: which sections, until when, why. Raises NotPossible, Invalid."""
    words = read("reason", reason, REASON_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        keys = [section.key for section in form_of(row).sections if section.key in set(sections)]
        if not keys:
            raise Invalid({"sections": Reason("missing")})
        facts = picture(session, row, lifecycle.moment(session), own_deadline_at=due_at, reason=words)
        note = {"sections": keys, "due_at": due_at.isoformat() if due_at else "", "reason": words}
        lifecycle.perform(session, actor=actor, action=Action.SCREENING_RETURN, row=row, facts=facts, note=note)
        row.own_deadline_at, row.return_reason, row.return_sections = due_at, words, keys
        return row
