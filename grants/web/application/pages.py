"""What the pages of a file show, decided before the template: task list, steps, answers to read again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for

from grants.domain import completeness
from grants.domain.answering import Problem
from grants.domain.asking import asked_fields, counted
from grants.domain.budget import Totals
from grants.domain.completeness import SectionState, SectionStatus
from grants.domain.deadlines import days_left, zone_named
from grants.domain.forms import SHOWN_ONLY, FieldKind, Section, SectionKind
from grants.models import Application, Partner
from grants.queries import eligibility
from grants.queries.application import reopened
from grants.queries.terms import form_of, terms_of
from grants.web.application import words
from grants.web.kit.countries import name_of
from grants.web.kit.labels import label_of_actor_kind
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.questions import in_words, speaker
from grants.web.kit.typography import day_short, euros, percent
from grants.workflow.application import DRAFTING, ApplicationState

S = ApplicationState
SCREENED = (S.ELIGIBLE, S.IN_REVIEW, S.IN_DELIBERATION, S.DECIDED)
ENDPOINTS = {
    SectionKind.PARTNERS: "application.partners",
    SectionKind.TERRITORIES: "application.territories",
    SectionKind.BUDGET: "application.budget",
    SectionKind.DOCUMENTS: "application.documents",
}
Row = tuple[str, str, str | None]


@dataclass(frozen=True)
class Task:
    """A line of the task list."""

    title: str
    href: str | None
    state: str
    word: str
    hint: str


@dataclass(frozen=True)
class Part:
    """A section to read again: its answers, and where to change them (None: it cannot be changed now)."""

    title: str
    href: str | None
    rows: list[Row]


def section_address(application: Application, section: Section, anchor: str = "") -> str:
    """The page on which a section is written."""
    endpoint = ENDPOINTS.get(section.kind)
    if endpoint is not None:
        return url_for(endpoint, public_id=application.public_id, _anchor=anchor or None)
    return url_for("application.section", public_id=application.public_id, key=section.key, _anchor=anchor or None)


class Overview:
    """A file at one instant: how far it is, what is left, until when."""

    def __init__(self, application: Application, now: datetime) -> None:
        self.application = application
        self.call = application.call
        self.terms = terms_of(application)
        self.form = form_of(application)
        self.told = counted(self.form, application.answers)
        self.say = speaker(self.terms)
        self.aside: dict[str, list[str]] = {}  # by section: what the task list says beside it
        self.statuses = eligibility.statuses_of(application)
        self.deadline = eligibility.deadline_of(application)
        self._now = now

    @property
    def totals(self) -> Totals | None:
        return eligibility.totals_of(self.application)

    @property
    def percent(self) -> int:
        return completeness.percent(self.statuses)

    @property
    def done(self) -> int:
        """Sections that nothing is left to do in."""
        return sum(1 for status in self.statuses if status.state in (SectionState.DONE, SectionState.OPTIONAL))

    @property
    def late(self) -> bool:
        grace = timedelta(seconds=self.call.grace_seconds)  # of the call: a file is accepted in it, and flagged
        return self.deadline is not None and self._now >= self.deadline + grace

    @property
    def days(self) -> int | None:
        """Days until the deadline, on the call's calendar."""
        return days_left(self._now, self.deadline, self.call.zone) if self.deadline is not None else None

    @property
    def writable(self) -> bool:
        return self.application.state in (S.DRAFT, S.RETURNED)

    def open_for(self, key: str) -> bool:
        """Whether this section may be written now."""
        return self.writable and reopened(self.application, key)

    @property
    def tasks(self) -> list[Task]:
        return [
            self._task(section, status)
            for section, status in zip(self.form.asked(self.told), self.statuses, strict=True)
        ]

    def _task(self, section: Section, status: SectionStatus) -> Task:
        if not self.open_for(section.key):
            return Task(
                self.say(section.title),
                None,
                "locked",
                _("Fermé"),
                words.section_hint(self.terms, section, status, self.application),
            )
        state = {SectionState.OPTIONAL: "todo"}.get(status.state, str(status.state))
        hint = words.section_hint(self.terms, section, status, self.application)
        hint = " · ".join(filter(None, [hint, *self.aside.get(section.key, [])]))
        return Task(
            self.say(section.title), section_address(self.application, section), state, words.status_word(status), hint
        )

    @property
    def missing(self) -> list[tuple[str, str]]:
        """(address, sentence) of everything that keeps the file from being submitted."""
        return [
            (self._address(key, problem), words.problem_words(self.terms, problem))
            for key, problem in completeness.missing(self.statuses)
        ]

    @property
    def remarks(self) -> list[tuple[str, str]]:
        """(address, sentence) of what does not keep it from being submitted but will be judged."""
        return [
            (self._address(status.key, problem), words.problem_words(self.terms, problem))
            for status in self.statuses
            for problem in status.problems
            if not problem.blocking
        ]

    def _address(self, key: str, problem: Problem) -> str:
        section = self.form.section(key)
        assert section is not None
        known = self.form.field(problem.field) is not None or self.terms.document(problem.field) is not None
        return section_address(self.application, section, problem.field if known else "")

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """The public steps: (name, date in words, done | now | empty)."""
        call, place = self.call, _position(self.application)
        dates: list[tuple[str, datetime | date | None]] = [
            (_("Brouillon"), self.application.created_at),
            (_("Dépôt"), self.application.submitted_at or self.deadline),
            (_("Recevabilité"), call.corrections_due_at),
            (_("Évaluation"), call.reviews_close_at),
            (_("Décision"), call.board_on or call.committee_at),
            (_("Accompagne\u00adment"), call.projects_from_on),
        ]
        return [
            (name, _day(at, call.zone), "done" if rank < place else "now" if rank == place else "")
            for rank, (name, at) in enumerate(dates)
        ]

    @property
    def parts(self) -> list[Part]:
        """All answers, section by section."""
        return [self._part(section) for section in self.form.asked(self.told)]

    def _part(self, section: Section) -> Part:
        application = self.application
        href = section_address(application, section) if self.open_for(section.key) else None
        readers = {
            SectionKind.FIELDS: self._field_rows,
            SectionKind.PARTNERS: self._partner_rows,
            SectionKind.TERRITORIES: self._territory_rows,
            SectionKind.BUDGET: self._budget_rows,
            SectionKind.DOCUMENTS: self._document_rows,
        }
        return Part(self.say(section.title), href, readers[section.kind](section, href))

    def _field_rows(self, section: Section, href: str | None) -> list[Row]:
        return [
            (
                self.say(asked.label),
                in_words(asked, self.told.get(asked.key, ""), self.say),
                f"{href}#{asked.key}" if href and asked.kind not in SHOWN_ONLY else None,
            )
            for asked in asked_fields(section, self.told)
            if asked.kind is not FieldKind.NOTE
        ]

    def _partner_rows(self, _section: Section, href: str | None) -> list[Row]:
        rows: list[Row] = [
            (
                partner.name,
                _partner_words(partner),
                href,
            )
            for partner in self.application.partners
        ]
        return rows or [(_("Partenaires"), "", href)]

    def _territory_rows(self, _section: Section, href: str | None) -> list[Row]:
        sides = {"here": _("En France"), "there": _("À l’étranger")}
        found = {side: ", ".join(_(t.label) for t in self.application.territories if t.side == side) for side in sides}
        return [(name, found[side], href) for side, name in sides.items()]

    def _budget_rows(self, _section: Section, href: str | None) -> list[Row]:
        sums = self.totals
        if sums is None:
            return [(_("Budget"), "", href)]
        return [
            (_("Dépenses"), euros(sums.cash_expenses), href),
            (_("Ressources"), euros(sums.cash_income), href),
            (_("Subvention demandée"), euros(sums.requested), href),
            (_("Taux demandé"), percent(sums.rate_bp), href),
            (_("Contributions volontaires"), euros(sums.in_kind_expenses), href),
        ]

    def _document_rows(self, _section: Section, href: str | None) -> list[Row]:
        live = [item for item in self.application.attachments if item.removed_at is None]
        kinds = [kind for kind in self.terms.documents if kind.required or any(i.kind == kind.key for i in live)]
        return [
            (
                self.say(kind.label),
                ", ".join(item.filename for item in live if item.kind == kind.key),
                f"{href}#{kind.key}" if href else None,
            )
            for kind in kinds
        ]


def _partner_words(partner: Partner) -> str:
    where = name_of(partner.country, current_language())
    return f"{label_of_actor_kind(partner.actor_kind)}, {where}. {partner.role}".strip()


def _position(application: Application) -> int:
    """Which of the six steps the file is at."""
    state = application.state
    if state in DRAFTING:
        return 0
    if state in (S.SUBMITTED, S.RETURNED, S.INELIGIBLE, S.INADMISSIBLE, S.NOT_KEPT):
        return 2
    if state in (S.ELIGIBLE, S.IN_REVIEW):
        return 3
    if state == S.IN_DELIBERATION:
        return 4
    return 5 if state == S.DECIDED else 1


def _day(at: datetime | date | None, zone: str) -> str:
    if at is None:
        return ""
    if isinstance(at, datetime):
        return day_short(at.astimezone(zone_named(zone)).date())
    return day_short(at)
