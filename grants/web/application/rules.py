"""What the rules of the call say of a file as it stands: on its task list, and on the page before its submission."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from grants.domain.eligibility import Outcome, Stage, Verdict
from grants.domain.eligibility_facts import Facts
from grants.domain.terms import Terms
from grants.models import Application
from grants.queries.screening import examined
from grants.queries.terms import terms_of
from grants.web.kit.labels import sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.rule_words import name_of, text_of

#: What is true of every draft, or said elsewhere on the same page.
UNSAID = frozenset({"signed", "received_before_deadline", "complete"})
LOOKS = {"pass": ("ok", "check"), "judged": ("warn", "warn"), "blocks": ("danger", "cross")}


@dataclass(frozen=True)
class Told:
    """A rule and what it says now. `standing`: pass, judged (refuses, and somebody will judge it), blocks."""

    key: str
    name: str
    article: str
    text: str
    standing: str
    word: str
    tone: str
    glyph: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """Every rule that can be tried on a draft, those that keep it from being submitted first."""

    told: tuple[Told, ...]

    @property
    def blocking(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.standing == "blocks")

    @property
    def refusing(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.standing != "pass")


def rules_told(session: Session, row: Application, now: datetime) -> Rules:
    """What the rules say of the file at `now`, as the next submission would meet them."""
    facts, verdicts = examined(session, row, now)
    terms = terms_of(row)
    told = [
        _told(verdict, facts, terms)
        for verdict in verdicts
        if verdict.outcome is not Outcome.NOT_APPLICABLE and verdict.rule.test not in UNSAID
    ]
    order = ("blocks", "judged", "pass")
    return Rules(tuple(sorted(told, key=lambda one: order.index(one.standing))))


def _told(verdict: Verdict, facts: Facts, terms: Terms) -> Told:
    rule = verdict.rule
    standing = "pass"
    if verdict.outcome is Outcome.FAIL:
        standing = "blocks" if rule.stage is Stage.SUBMISSION and not rule.soft else "judged"
    words = {"pass": _("Respectée"), "judged": _("Sera jugée"), "blocks": _("Empêche le dépôt")}
    details = tuple(sentence(reason) for reason in verdict.details)
    text = text_of(rule, facts, terms)
    return Told(
        rule.key, name_of(rule, terms), rule.article, text, standing, words[standing], *LOOKS[standing], details
    )
