"""Judging a file: admissible in its form, eligible in its substance; mended, waived, or out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.db import transaction
from grants.domain.eligibility import Outcome, RuleKind, Verdict
from grants.domain.forms import DEFAULT_FORM, FORMS
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text
from grants.errors import Invalid, NotFound, Reason
from grants.models import Application, Check, Waiver
from grants.policies import Actor
from grants.queries.locking import locked
from grants.queries.screening import checks_of, picture, verdicts_of
from grants.services import interests, lifecycle
from grants.workflow.actions import Action

COMMENT_LIMIT = 2000
REASON_LIMIT = 4000
BY_HAND = "by_hand"


@dataclass(frozen=True)
class _Finding:
    """A verdict about to be written, by the rules or by hand."""

    rule: str
    outcome: str
    comment: str
    by_hand: bool
    details: tuple[Reason, ...] = ()
    article: str = ""


def run_checks(*, actor: Actor, application: str) -> list[Check]:
    """Record what the rules find by themselves; what a person corrected or waived stays as it was."""
    with transaction() as session:
        row = locked(session, actor, Application, application)
        at = lifecycle.moment(session)
        checks = checks_of(session, row.id)
        fresh = [v for v in verdicts_of(session, row, at) if not _settled(checks.get(v.rule.key))]
        note = {"verdicts": {verdict.rule.key: str(verdict.outcome) for verdict in fresh}}
        facts = picture(session, row, at)
        lifecycle.perform(session, actor=actor, action=Action.SCREENING_CHECK, row=row, facts=facts, note=note)
        for verdict in fresh:
            _put(session, actor, row, _found(verdict), checks, at)
        session.flush()
        return list(checks_of(session, row.id).values())


def check(*, actor: Actor, application: str, rule: str, outcome: str, comment: str = "") -> Check:
    """Judge one rule by hand. What differs from what the rule finds needs a comment (Invalid without)."""
    words = _text("comment", comment, COMMENT_LIMIT)
    if outcome not in (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE):
        raise Invalid({"outcome": Reason("missing")})
    with transaction() as session:
        row = locked(session, actor, Application, application)
        at = lifecycle.moment(session)
        verdict = next((one for one in verdicts_of(session, row, at) if one.rule.key == rule), None)
        if verdict is None:
            raise NotFound(rule)
        differs = verdict.outcome != outcome
        facts = picture(session, row, at)
        note = {"verdicts": {rule: outcome}, "by_hand": differs}
        lifecycle.perform(session, actor=actor, action=Action.SCREENING_CHECK, row=row, facts=facts, note=note)
        if differs and not words:
            raise Invalid({"comment": Reason("correction_explained")})
        finding = _Finding(rule, outcome, words, differs, () if differs else verdict.details, verdict.rule.article)
        return _put(session, actor, row, finding, checks_of(session, row.id), at)


def return_for_correction(
    *, actor: Actor, application: str, sections: Iterable[str], due_at: datetime | None, reason: str
) -> Application:
    """Give the file back to be mended: which sections, until when, why. Raises NotPossible, Invalid."""
    words = _text("reason", reason, REASON_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        form = FORMS.get(row.call.form_version, DEFAULT_FORM)
        keys = [section.key for section in form.sections if section.key in set(sections)]
        if not keys:
            raise Invalid({"sections": Reason("missing")})
        facts = picture(session, row, lifecycle.moment(session), own_deadline_at=due_at, reason=words)
        note = {"sections": keys, "due_at": due_at.isoformat() if due_at else "", "reason": words}
        lifecycle.perform(session, actor=actor, action=Action.SCREENING_RETURN, row=row, facts=facts, note=note)
        row.own_deadline_at, row.return_reason, row.return_sections = due_at, words, keys
        return row


def grant_waiver(*, actor: Actor, waiver: str, own_deadline_at: datetime | None, answer: str) -> Waiver:
    """Let the file in although a rule refuses it: with a date of its own and a reason, by a second person."""
    return _answer(actor, waiver, answer, own_deadline_at, granted=True)


def refuse_waiver(*, actor: Actor, waiver: str, answer: str) -> Waiver:
    """Say no to a waiver, with the reason."""
    return _answer(actor, waiver, answer, None, granted=False)


def _answer(actor: Actor, waiver: str, answer: str, own_deadline_at: datetime | None, *, granted: bool) -> Waiver:
    words = _text("answer", answer, REASON_LIMIT)
    action = Action.SCREENING_GRANT_WAIVER if granted else Action.SCREENING_REFUSE_WAIVER
    with transaction() as session:
        row, application = _waiver(session, actor, waiver)
        at = lifecycle.moment(session)
        facts = picture(session, application, at, own_deadline_at=own_deadline_at, reason=words)
        note = {"waiver": row.public_id, "rule": row.rule, "reason": words}
        lifecycle.perform(session, actor=actor, action=action, row=application, facts=facts, note=note)
        row.granted, row.answer, row.answered_by_id, row.answered_at = granted, words, actor.id, at
        if granted:
            application.own_deadline_at = own_deadline_at
            finding = _Finding(row.rule, Outcome.WAIVED, words, by_hand=True)
            _put(session, actor, application, finding, checks_of(session, application.id), at)
        session.flush()
        return row


def declare_eligible(*, actor: Actor, application: str) -> Application:
    """Let the file through to the committee: every rule checked, none refusing."""
    with transaction() as session:
        row = _declare(session, actor, application, Action.SCREENING_DECLARE_ELIGIBLE, None)
        interests.find(session, row)
        return row


def declare_ineligible(*, actor: Actor, application: str) -> Application:
    """Close the file on its substance: a rule of eligibility refuses it; a letter says which."""
    with transaction() as session:
        return _declare(session, actor, application, Action.SCREENING_DECLARE_INELIGIBLE, RuleKind.ELIGIBILITY)


def declare_inadmissible(*, actor: Actor, application: str) -> Application:
    """Close the file on its form: late, incomplete or unsigned; a letter says which."""
    with transaction() as session:
        return _declare(session, actor, application, Action.SCREENING_DECLARE_INADMISSIBLE, RuleKind.ADMISSIBILITY)


def reopen(*, actor: Actor, application: str, reason: str) -> Application:
    """Take a file back into screening, with the reason, before the reviews begin."""
    words = _text("reason", reason, REASON_LIMIT)
    with transaction() as session:
        row = locked(session, actor, Application, application)
        facts = picture(session, row, lifecycle.moment(session), reason=words)
        lifecycle.perform(
            session, actor=actor, action=Action.SCREENING_REOPEN, row=row, facts=facts, note={"reason": words}
        )
        return row


def _declare(session: Session, actor: Actor, application: str, action: Action, kind: RuleKind | None) -> Application:
    row = locked(session, actor, Application, application)
    facts = picture(session, row, lifecycle.moment(session), kind=kind)
    note = {"failed": list(facts.failed_rules)}
    lifecycle.perform(session, actor=actor, action=action, row=row, facts=facts, note=note)
    return row


def _waiver(session: Session, actor: Actor, public_id: str) -> tuple[Waiver, Application]:
    row = session.scalar(select(Waiver).where(Waiver.public_id == public_id))
    if row is None:
        raise NotFound(public_id)
    file = session.get_one(Application, row.application_id)
    application = locked(session, actor, Application, file.public_id)
    session.refresh(row)
    return row, application


def _settled(found: Check | None) -> bool:
    return found is not None and (found.outcome == Outcome.WAIVED or bool(found.trace.get(BY_HAND)))


def _found(verdict: Verdict) -> _Finding:
    return _Finding(verdict.rule.key, verdict.outcome, "", False, verdict.details, verdict.rule.article)


def _put(
    session: Session, actor: Actor, row: Application, finding: _Finding, checks: dict[str, Check], at: datetime
) -> Check:
    assert actor.id is not None  # a manager, as the policy says
    found = checks.get(finding.rule)
    if found is None:
        found = Check(application_id=row.id, rule=finding.rule)
        session.add(found)
    found.outcome, found.comment = str(finding.outcome), finding.comment
    details = [[reason.code, _plain(reason)] for reason in finding.details]
    found.trace = {BY_HAND: finding.by_hand, "details": details, "article": finding.article}
    found.checked_by_id, found.checked_at = actor.id, at
    session.flush()
    return found


def _plain(reason: Reason) -> dict[str, object]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in reason.params.items()}


def _text(name: str, text: str, limit: int) -> str:
    try:
        return clean_text(text, limit)
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error
