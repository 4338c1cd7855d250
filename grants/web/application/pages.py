"""What the pages of a file show, decided before the template: task list, steps, answers to read again."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from grants.domain import completeness
from grants.domain.budget import Totals
from grants.domain.completeness import Problem, SectionState, SectionStatus
from grants.domain.deadlines import days_left, zone_named
from grants.domain.forms import ACCEPTED, DOCUMENT_LABELS, FieldKind, Section, SectionKind
from grants.models import Application, Partner
from grants.queries import eligibility
from grants.web.application import words
from grants.web.kit.countries import name_of
from grants.web.kit.labels import label_of_actor_kind
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
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
        self.form = eligibility.form_of(self.call)
        self.statuses = eligibility.statuses_of(application, self.call)
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
        return self.deadline is not None and self._now >= self.deadline

    @property
    def days(self) -> int | None:
        """Days until the deadline, on the call's calendar."""
        return days_left(self._now, self.deadline, self.call.zone) if self.deadline is not None else None

    @property
    def writable(self) -> bool:
        return self.application.state in (S.DRAFT, S.RETURNED)

    def open_for(self, key: str) -> bool:
        """Whether this section may be written now."""
        if self.application.state == S.RETURNED and self.application.return_sections:
            return key in self.application.return_sections
        return self.writable

    @property
    def tasks(self) -> list[Task]:
        return [self._task(section, status) for section, status in zip(self.form.sections, self.statuses, strict=True)]

    def _task(self, section: Section, status: SectionStatus) -> Task:
        if not self.open_for(section.key):
            return Task(
                _(section.title),
                None,
                "locked",
                _("Fermé"),
                words.section_hint(self.form, section, status, self.application),
            )
        state = {SectionState.OPTIONAL: "todo"}.get(status.state, str(status.state))
        hint = words.section_hint(self.form, section, status, self.application)
        return Task(
            _(section.title), section_address(self.application, section), state, words.status_word(status), hint
        )

    @property
    def missing(self) -> list[tuple[str, str]]:
        """(address, sentence) of everything that keeps the file from being submitted."""
        return [
            (self._address(key, problem), words.problem_words(self.form, problem))
            for key, problem in completeness.missing(self.statuses)
        ]

    @property
    def remarks(self) -> list[tuple[str, str]]:
        """(address, sentence) of what does not keep it from being submitted but will be judged."""
        return [
            (self._address(status.key, problem), words.problem_words(self.form, problem))
            for status in self.statuses
            for problem in status.problems
            if not problem.blocking
        ]

    def _address(self, key: str, problem: Problem) -> str:
        section = self.form.section(key)
        assert section is not None
        known = self.form.field(problem.field) is not None or problem.field in DOCUMENT_LABELS
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
        return [self._part(section) for section in self.form.sections]

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
        return Part(_(section.title), href, readers[section.kind](section, href))

    def _field_rows(self, section: Section, href: str | None) -> list[Row]:
        rows: list[Row] = []
        for asked in section.fields:
            answer = str(self.application.answers.get(asked.key, ""))
            if asked.kind is FieldKind.DECLARATION:
                answer = _("Oui") if answer == ACCEPTED else ""
            elif asked.kind is FieldKind.DAY:
                answer = _day_words(answer)
            rows.append((_(asked.label), answer, f"{href}#{asked.key}" if href else None))
        return rows

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
        asked = eligibility.requirements_of(self.call).documents
        kinds = [*asked, *(kind for kind in DOCUMENT_LABELS if kind not in asked and any(i.kind == kind for i in live))]
        return [
            (
                _(DOCUMENT_LABELS[kind]),
                ", ".join(item.filename for item in live if item.kind == kind),
                f"{href}#{kind}" if href else None,
            )
            for kind in kinds
        ]


def _partner_words(partner: Partner) -> str:
    where = name_of(partner.country, current_language())
    return f"{label_of_actor_kind(partner.actor_kind)}, {where}. {partner.role}".strip()


def _day_words(answer: str) -> str:
    """A day that could be read, as people write it; else what was typed."""
    try:
        return day_short(date.fromisoformat(answer))
    except ValueError:
        return answer


def _position(application: Application) -> int:
    """Which of the six steps the file is at."""
    state = application.state
    if state in DRAFTING:
        return 0
    if state in (S.SUBMITTED, S.RETURNED, S.INELIGIBLE, S.INADMISSIBLE):
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
