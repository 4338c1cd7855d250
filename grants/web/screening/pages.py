"""What the page of a file offers its officer: verdicts beside checks, the next legal step, what is not possible yet."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from grants.domain.eligibility import RuleKind, Verdict
from grants.errors import Reason
from grants.models import Application, Check
from grants.queries import screening as queries
from grants.services.lifecycle import obstacles
from grants.web.kit.access import permits
from grants.web.kit.labels import label_of_rule, sentence
from grants.web.kit.language import gettext as _
from grants.web.screening.figures import figures
from grants.workflow.actions import Action
from grants.workflow.application import ApplicationState as State

JUDGED = (Action.SCREENING_DECLARE_ELIGIBLE, Action.SCREENING_DECLARE_INELIGIBLE, Action.SCREENING_DECLARE_INADMISSIBLE)
TYPED_LATER = frozenset({"reason_given", "correction_date_ahead"})
FAILURES = {
    Action.SCREENING_DECLARE_INELIGIBLE: RuleKind.ELIGIBILITY,
    Action.SCREENING_DECLARE_INADMISSIBLE: RuleKind.ADMISSIBILITY,
}


@dataclass(frozen=True)
class Verified:
    """A rule on the page: what the rules find now, what was recorded, by whom."""

    key: str
    name: str
    article: str
    kind: str
    found: str
    figures: str
    details: tuple[str, ...]
    outcome: str
    comment: str
    by_hand: bool
    who: str
    at: datetime | None

    @property
    def stale(self) -> bool:
        """The recorded verdict is not what the rules find today, and nobody said why."""
        return bool(self.outcome) and not self.by_hand and self.outcome not in (self.found, "waived")


@dataclass(frozen=True)
class Step:
    """A button of the page, or the reasons why it is not one yet."""

    action: Action
    label: str
    url: str
    confirm: bool
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Judging:
    """The side column."""

    rules: tuple[Verified, ...]
    primary: Step | None
    steps: tuple[Step, ...]
    refused: tuple[Step, ...]
    judges: bool
    checkable: bool
    unchecked: int
    failed: int


def judging(session: Session, application: Application, now: datetime, *, pending: bool | None = None) -> Judging:
    """Everything about the checks and the next steps of a file. `pending`: a waiver waits, where that is known."""
    standing = queries.standing_of(session, application, pending=pending)
    facts, verdicts = queries.examined(session, application, now)
    checks, names = standing.checks, standing.checkers
    rules = tuple(_verified(one, checks.get(one.rule.key), names, figures(one.rule.key, facts)) for one in verdicts)
    judges = permits(Action.SCREENING_CHECK, application)
    steps = _steps(application, standing, now) if judges else ()
    possible = tuple(step for step in steps if not step.reasons)
    primary = _primary(application, rules, possible)
    return Judging(
        rules=rules,
        primary=primary,
        steps=tuple(step for step in possible if step is not primary),
        refused=tuple(step for step in steps if step.reasons and "not_from_here" not in dict(step.reasons)),
        judges=judges,
        checkable=judges and not obstacles(application, Action.SCREENING_CHECK),
        unchecked=sum(1 for rule in rules if not rule.outcome),
        failed=sum(1 for rule in rules if rule.outcome == "fail"),
    )


def _verified(verdict: Verdict, check: Check | None, names: dict[int, str], seen: str) -> Verified:
    return Verified(
        key=verdict.rule.key,
        name=label_of_rule(verdict.rule.key),
        article=verdict.rule.article,
        kind=str(verdict.rule.kind),
        found=str(verdict.outcome),
        figures=seen,
        details=tuple(sentence(reason) for reason in verdict.details),
        outcome=check.outcome if check else "",
        comment=check.comment if check else "",
        by_hand=bool(check and check.trace.get("by_hand")),
        who=names.get(check.checked_by_id, "") if check else "",
        at=check.checked_at if check else None,
    )


def _steps(application: Application, standing: queries.Standing, now: datetime) -> tuple[Step, ...]:
    file = application.public_id
    told = (
        (
            Action.SCREENING_DECLARE_ELIGIBLE,
            _("Déclarer éligible"),
            url_for("screening.declare_eligible", public_id=file),
            False,
        ),
        (
            Action.SCREENING_DECLARE_INELIGIBLE,
            _("Déclarer inéligible"),
            url_for("screening.confirm_out", verdict="ineligible", public_id=file),
            True,
        ),
        (
            Action.SCREENING_DECLARE_INADMISSIBLE,
            _("Déclarer irrecevable"),
            url_for("screening.confirm_out", verdict="irrecevable", public_id=file),
            True,
        ),
        (
            Action.SCREENING_RETURN,
            _("Demander des corrections"),
            url_for("screening.return_page", public_id=file),
            True,
        ),
        (Action.SCREENING_REOPEN, _("Reprendre l’examen"), url_for("screening.reopen_page", public_id=file), True),
    )
    return tuple(Step(*one, _refusals(application, standing, now, one[0])) for one in told)


def _refusals(
    application: Application, standing: queries.Standing, now: datetime, action: Action
) -> tuple[tuple[str, str], ...]:
    facts = queries.pictured(application, standing, now, kind=FAILURES.get(action))
    found = obstacles(application, action, facts)
    # what the person will type on the next page is not missing yet
    return tuple((one.code, _told(action, one)) for one in found if one.code not in TYPED_LATER)


def _told(action: Action, reason: Reason) -> str:
    if reason.code == "a_rule_failed":
        form = action is Action.SCREENING_DECLARE_INADMISSIBLE
        return str(
            _("Aucune règle de forme n’est notée « non respectée ».")
            if form
            else _("Aucune règle de fond n’est notée « non respectée ».")
        )
    return sentence(reason)


def _primary(application: Application, rules: tuple[Verified, ...], possible: tuple[Step, ...]) -> Step | None:
    """The one next legal step; None while the checks themselves are what comes next."""
    if application.state == State.SUBMITTED and any(not rule.outcome for rule in rules):
        return None
    order = (
        (Action.SCREENING_DECLARE_ELIGIBLE,)
        if not any(rule.outcome == "fail" for rule in rules)
        else (Action.SCREENING_RETURN, Action.SCREENING_DECLARE_INADMISSIBLE, Action.SCREENING_DECLARE_INELIGIBLE)
    )
    by_action = {step.action: step for step in possible}
    return next((by_action[action] for action in order if action in by_action), None)
