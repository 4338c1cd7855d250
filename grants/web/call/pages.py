"""What the public pages of a call show, decided before the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from grants.domain.deadlines import days_left
from grants.domain.forms import SectionKind
from grants.domain.money import WHOLE_BP
from grants.domain.terms import Terms
from grants.domain.terms_parts import paid_at_once
from grants.models import Call
from grants.queries.call import Listed, Stage
from grants.queries.eligibility import INVITED_KIND, MEMBERS_ONLY_KIND, NO_LIMIT_MONTHS, call_facts
from grants.queries.terms import terms_of
from grants.web.kit.language import gettext as _
from grants.web.kit.rule_words import text_of
from grants.web.kit.selection_words import wanted_words

SOON_DAYS = 7
#: Said elsewhere on the page: dates, amounts, durations; or true of every file.
SAID_ELSEWHERE = frozenset(
    {"received_before_deadline", "complete", "signed", "within_grant_bounds", "within_rate", "duration_between"}
    | {"dates_in_window", "budget_balanced", "invited", "member_in_good_standing"}
)
#: Rules on who the lead may be: without one, anybody may be it.
ON_LEADS = frozenset({"lead_kind_allowed", "legal_form_allowed", "country_allowed"})
Look = tuple[str, str, str]


@dataclass(frozen=True)
class Group:
    """Calls of the list that stand at the same point."""

    title: str
    calls: list["Card"]


@dataclass(frozen=True)
class Card:
    """A call of the list."""

    listed: Listed
    look: Look
    line: str  # the date that matters now


def look_of(stage: Stage, days: int | None = None) -> Look:
    """Words, tone and glyph of a stage; `days` until the deadline, where the call is open."""
    if stage is Stage.OPEN and days is not None and days <= SOON_DAYS:
        words = _("Dernier jour") if days == 0 else _("Ferme dans %(days)s jours", days=days)
        return (words if days != 1 else _("Ferme demain"), "warn", "clock")
    looks = {
        Stage.DRAFT: (_("Brouillon"), "neutral", "pen"),
        Stage.COMING: (_("À venir"), "info", "cal"),
        Stage.OPEN: (_("Ouvert"), "ok", "dot"),
        Stage.CLOSED: (_("Clos"), "neutral", "lock"),
        Stage.SELECTION: (_("En sélection"), "info", "eye"),
        Stage.RESULTS: (_("Résultats connus"), "neutral", "check"),
        Stage.TOLD: (_("Édition passée"), "neutral", "file"),
    }
    return looks[stage]


def days_to(call: Call, now: datetime) -> int | None:
    """Days until the deadline on the call's own calendar; None without one."""
    return days_left(now, call.closes_at, call.zone) if call.closes_at is not None else None


def groups(listed: Iterable[Listed], now: datetime) -> list[Group]:
    """The list in its groups; empty groups are left out."""
    titles = {
        Stage.OPEN: _("Appels ouverts"),
        Stage.COMING: _("À venir"),
        Stage.CLOSED: _("En cours d’examen"),
        Stage.SELECTION: _("En cours d’examen"),
        Stage.RESULTS: _("Éditions passées"),
        Stage.TOLD: _("Éditions passées"),
    }
    found: dict[str, Group] = {}
    for item in listed:
        title = titles[item.stage]
        group = found.setdefault(title, Group(title, []))
        group.calls.append(Card(item, look_of(item.stage, days_to(item.call, now)), item.call.summary))
    return list(found.values())


@dataclass(frozen=True)
class Step:
    """A date of the calendar. `at` an instant (told in the call's zone) or a day; None: not said by the source."""

    name: str
    at: datetime | date | None
    passed: bool

    @property
    def exact(self) -> bool:
        """Whether an hour is known."""
        return isinstance(self.at, datetime)


class Sheet:
    """One call as its page tells it."""

    def __init__(self, call: Call, stage: Stage, now: datetime, terms: Terms | None = None) -> None:
        self.call = call
        self.terms = terms or terms_of(call)
        self.stage = stage
        self.days = days_to(call, now) if stage is Stage.OPEN else None
        self.look = look_of(stage, self.days)
        self._now = now

    @property
    def open(self) -> bool:
        return self.stage is Stage.OPEN

    @property
    def told(self) -> bool:
        """Run elsewhere: what the source does not say is not shown as a zero."""
        return self.call.imported

    @property
    def by_invitation(self) -> bool:
        """Only organisations that the programme invited may apply."""
        return self.call.kind == INVITED_KIND or any(rule.test == "invited" for rule in self.terms.rules)

    @property
    def rules(self) -> list[tuple[str, str]]:
        """(article, sentence) of the rules that the call states itself and that the page says nowhere else."""
        facts = call_facts(self.call)
        stated = [rule for rule in self.terms.rules if rule.test not in SAID_ELSEWHERE]
        return [(rule.article, text) for rule in stated if (text := text_of(rule, facts, self.terms))]

    @property
    def wanted(self) -> list[str]:
        """What the call wants of the set of files; empty where it says nothing but the ordinary."""
        return wanted_words(self.call)

    @property
    def stated(self) -> frozenset[str]:
        """The tests of the rules that the call states itself; empty: the ordinary rules of its kind."""
        return frozenset(rule.test for rule in self.terms.rules)

    @property
    def limits_leads(self) -> bool:
        """Whether a rule says which organisations may lead."""
        return bool(self.stated & ON_LEADS)

    @property
    def two_stages(self) -> bool:
        """A short note first, then a full file of those that are kept."""
        return self.terms.form.staged

    @property
    def prize(self) -> bool:
        """Paid at once, without agreement or report."""
        return paid_at_once(self.call.tranches)

    @property
    def members_only(self) -> bool:
        return self.call.kind == MEMBERS_ONLY_KIND

    @property
    def envelope_cents(self) -> int | None:
        envelope = self.call.envelope
        return envelope.total_cents if envelope is not None and not self.told else None

    @property
    def amounts(self) -> bool:
        """Whether the call bounds the grant."""
        return bool(self.call.max_cents) and not self.told

    @property
    def rate_bp(self) -> int | None:
        return self.call.max_rate_bp if self.call.max_rate_bp < WHOLE_BP and not self.told else None

    @property
    def in_kind_bp(self) -> int | None:
        return self.call.max_in_kind_bp if self.call.max_in_kind_bp < WHOLE_BP and not self.told else None

    @property
    def other_cash_bp(self) -> int | None:
        return self.call.min_other_cash_bp or None if not self.told else None

    @property
    def months(self) -> tuple[int, int] | None:
        """Shortest and longest duration, where the call says both."""
        call = self.call
        known = call.min_months > 0 and call.max_months < NO_LIMIT_MONTHS
        return (call.min_months, call.max_months) if known else None

    @property
    def documents(self) -> list[str]:
        """The documents asked for."""
        terms = self.terms
        asks = any(section.kind is SectionKind.DOCUMENTS for section in terms.form.sections) and not self.told
        return [_(kind.label) for kind in terms.documents if kind.required] if asks else []

    @property
    def calendar(self) -> list[Step]:
        """The dates, in their order; a round told from a source shows only those that are known."""
        call = self.call
        named: list[tuple[str, datetime | date | None]] = [
            (_("Ouverture"), call.opens_at),
            (_("Date limite des notes") if self.two_stages else _("Date limite de dépôt"), call.closes_at),
            (_("Date limite des dossiers complets"), call.full_closes_at),
            (_("Compléments demandés, au plus tard"), call.corrections_due_at),
            (_("Début de l’évaluation"), call.reviews_open_at),
            (_("Fin de l’évaluation"), call.reviews_close_at),
            (_("Comité de sélection"), call.committee_at),
            (_("Décision"), call.board_on),
            (_("Résultats publics"), call.results_public_at),
            (_("Début des projets, au plus tôt"), call.projects_from_on),
            (_("Fin des projets, au plus tard"), call.projects_until_on),
        ]
        return [Step(name, at, self._passed(at)) for name, at in named if at is not None]

    def _passed(self, at: datetime | date | None) -> bool:
        if isinstance(at, datetime):
            return at <= self._now
        return at is not None and at < self._now.date()

    @property
    def next_step(self) -> Step | None:
        """The date that comes first from now on."""
        return next((step for step in self.calendar if not step.passed), None)
