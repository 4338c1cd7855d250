"""What the page of a file offers its officer: verdicts beside checks, the next legal step, what is not possible yet."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from grants.domain.eligibility import RuleKind, Verdict
from grants.domain.eligibility_facts import Facts
from grants.domain.forms import FileStage
from grants.domain.terms import Terms
from grants.errors import Reason
from grants.models import Application, Check
from grants.queries import screening as queries
from grants.queries.terms import terms_of
from grants.services.lifecycle import obstacles
from grants.web.kit.access import permits
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.rule_words import name_of, text_of
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
    text: str
    trace: tuple[tuple[str, str], ...]
    terms: str
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
    waiver_pending: bool
    waivers: bool


def judging(session: Session, application: Application, now: datetime) -> Judging:
    """Everything about the checks and the next steps of a file."""
    standing = queries.standing_of(session, application)
    facts, verdicts = queries.examined(session, application, now)
    checks, names = standing.checks, standing.checkers
    terms = terms_of(application)
    rules = tuple(_verified(one, checks.get(one.rule.key), names, facts, terms) for one in verdicts)
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
        waiver_pending=standing.waiver_pending,
        waivers=standing.waivers,
    )


def _verified(verdict: Verdict, check: Check | None, names: dict[int, str], facts: Facts, terms: Terms) -> Verified:
    rule = verdict.rule
    return Verified(
        key=rule.key,
        name=name_of(rule, terms),
        text=text_of(rule, facts, terms) if rule.text else "",  # ordinary words say no more than the figures
        trace=_trace(check),
        terms=str(check.trace.get("terms", ""))[:12] if check else "",
        article=rule.article,
        kind=str(rule.kind),
        found=str(verdict.outcome),
        figures=figures(rule.test or rule.key, facts),
        details=tuple(sentence(reason) for reason in verdict.details),
        outcome=check.outcome if check else "",
        comment=check.comment if check else "",
        by_hand=bool(check and check.trace.get("by_hand")),
        who=names.get(check.checked_by_id, "") if check else "",
        at=check.checked_at if check else None,
    )


def _trace(check: Check | None) -> tuple[tuple[str, str], ...]:
    """What a recorded verdict looked at, as it was: the name of each fact and its plain value."""
    seen = check.trace.get("facts") if check else None
    return tuple((name, _plain(value)) for name, value in sorted(seen.items())) if isinstance(seen, dict) else ()


def _plain(value: object) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def _steps(application: Application, standing: queries.Standing, now: datetime) -> tuple[Step, ...]:
    file = application.public_id
    note = url_for("screening.note_page", public_id=file)
    told: tuple[tuple[Action, str, str, bool], ...] = (
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
        *(
            (
                (Action.SCREENING_KEEP_NOTE, _("Retenir la note"), note, True),
                (Action.SCREENING_DECLINE_NOTE, _("Ne pas retenir la note"), f"{note}#ecarter", True),
            )
            if application.stage == FileStage.NOTE
            else ()
        ),
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
    through = Action.SCREENING_KEEP_NOTE if application.stage == FileStage.NOTE else Action.SCREENING_DECLARE_ELIGIBLE
    order = (
        (through,)
        if not any(rule.outcome == "fail" for rule in rules)
        else (Action.SCREENING_RETURN, Action.SCREENING_DECLARE_INADMISSIBLE, Action.SCREENING_DECLARE_INELIGIBLE)
    )
    by_action = {step.action: step for step in possible}
    return next((by_action[action] for action in order if action in by_action), None)
