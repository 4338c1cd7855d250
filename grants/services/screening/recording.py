"""What checks are written with: a verdict and its trace, and the words that a person types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from grants.domain.eligibility import Outcome, Verdict, trace
from grants.domain.eligibility_data import rule_data
from grants.domain.eligibility_facts import Facts
from grants.domain.reasons import Unreadable
from grants.domain.text import clean_text
from grants.errors import Invalid
from grants.models import Application, Check
from grants.policies import Actor
from grants.queries.terms import terms_of

COMMENT_LIMIT = 2000
REASON_LIMIT = 4000
BY_HAND = "by_hand"


@dataclass(frozen=True)
class Finding:
    """A verdict about to be written, by the rules or by hand. `trace`: what the rules looked at and found."""

    rule: str
    outcome: str
    comment: str
    by_hand: bool
    trace: Mapping[str, object] = field(default_factory=dict)


def traced(row: Application, verdict: Verdict, seen: Facts) -> dict[str, object]:
    """All that the verdict was reached with, as it is kept."""
    return trace(verdict, seen, rule_data(verdict.rule), terms_of(row).sha256)


def settled(found: Check | None) -> bool:
    """A person corrected it, or two lifted it: the rules alone do not change it any more."""
    return found is not None and (found.outcome == Outcome.WAIVED or bool(found.trace.get(BY_HAND)))


def put(
    session: Session, actor: Actor, row: Application, finding: Finding, checks: dict[str, Check], at: datetime
) -> Check:
    """Write a verdict on a file, over the one that stands; what a waiver lifts is still what the rule found."""
    assert actor.id is not None  # a manager, as the policy says
    found = checks.get(finding.rule)
    if found is None:
        found = Check(application_id=row.id, rule=finding.rule)
        session.add(found)
    found.outcome, found.comment = str(finding.outcome), finding.comment
    found.trace = {**(found.trace or {}), **finding.trace, BY_HAND: finding.by_hand}
    found.checked_by_id, found.checked_at = actor.id, at
    session.flush()
    return found


def read(name: str, text: str, limit: int) -> str:
    """What was typed in the field `name`. Raises Invalid."""
    try:
        return clean_text(text, limit)
    except Unreadable as error:
        raise Invalid({name: error.as_reason}) from error
