"""Sentences about a file: what a section lacks, what was changed, where the file stands."""

from collections.abc import Mapping
from typing import Any

from grants.domain.completeness import Problem, SectionState, SectionStatus
from grants.domain.forms import DOCUMENT_LABELS, Form, Section, SectionKind
from grants.errors import Reason
from grants.models import Application
from grants.queries import eligibility
from grants.web.kit.labels import named, sentence
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.language import ngettext
from grants.web.kit.typography import euros

STATUS = {
    SectionState.TODO: _l("À faire"),
    SectionState.DOING: _l("En cours"),
    SectionState.FIX: _l("À corriger"),
    SectionState.DONE: _l("Terminé"),
    SectionState.OPTIONAL: _l("Facultatif"),
}
CHANGES = {
    "application.start": _l("Dossier commencé"),
    "application.attach": _l("Pièce ajoutée"),
    "application.detach": _l("Pièce retirée"),
    "application.request-signature": _l("Signature demandée"),
    "application.resume-drafting": _l("Rédaction reprise"),
    "application.submit": _l("Dossier déposé"),
    "application.record-late-attempt": _l("Dépôt refusé : hors délai"),
    "application.ask-waiver": _l("Dérogation demandée"),
    "application.withdraw": _l("Dossier retiré"),
    "screening.return": _l("Compléments demandés"),
    "screening.grant-waiver": _l("Dérogation accordée"),
    "screening.refuse-waiver": _l("Dérogation refusée"),
}
MOST_NAMED = 2


def status_word(status: SectionStatus) -> str:
    """The word of a section's tag; a section under way says how far."""
    if status.state is SectionState.DOING and status.total > 1:
        return str(_("%(done)s sur %(total)s", done=status.done, total=status.total))
    return str(STATUS[status.state])


def problem_words(form: Form, problem: Problem) -> str:
    """One thing that is missing or wrong, by itself."""
    if problem.code == "missing_document":
        return named(_("Pièces à joindre"), _(DOCUMENT_LABELS.get(problem.field, problem.field)))
    asked = form.field(problem.field)
    if problem.code == "missing":
        return named(_(asked.label), _("à remplir")) if asked else str(_("Le budget n’est pas commencé."))
    words = sentence(Reason(problem.code, problem.params))
    return named(_(asked.label), words) if asked else words


def section_hint(form: Form, section: Section, status: SectionStatus, application: Application) -> str:
    """The reason beside the tag: what comes next, or what the section holds."""
    blocking = [problem for problem in status.problems if problem.blocking]
    if not blocking:
        noted = [problem_words(form, problem) for problem in status.problems]
        return noted[0] if noted else _content(section, application)
    wrong = [problem for problem in blocking if problem.code not in ("missing", "missing_document")]
    if wrong:
        return problem_words(form, wrong[0])
    return "" if status.state is SectionState.TODO else _lacks(form, blocking)


def _lacks(form: Form, blocking: list[Problem]) -> str:
    names = [_name(form, problem) for problem in blocking]
    if len(names) <= MOST_NAMED:
        return str(_("Il manque : %(names)s", names=", ".join(names)))
    rest = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    sentence_of = ngettext(
        "Il manque : %(names)s et %(num)s autre réponse",
        "Il manque : %(names)s et %(num)s autres réponses",
        rest,
        names=shown,
    )
    return str(sentence_of)


def _name(form: Form, problem: Problem) -> str:
    asked = form.field(problem.field)
    name = asked.label if asked else DOCUMENT_LABELS.get(problem.field)
    return str(_(name) if name else _("le budget"))


def _content(section: Section, application: Application) -> str:
    """What a finished section holds, in a few words."""
    if section.kind is SectionKind.PARTNERS:
        return ", ".join(partner.name for partner in application.partners)
    if section.kind is SectionKind.TERRITORIES:
        return ", ".join(_(territory.label) for territory in application.territories)
    if section.kind is SectionKind.DOCUMENTS:
        count = sum(1 for item in application.attachments if item.removed_at is None)
        return str(ngettext("%(num)s fichier", "%(num)s fichiers", count))
    if section.kind is SectionKind.BUDGET and (sums := eligibility.totals_of(application)) is not None:
        whole, asked = euros(sums.cash_expenses), euros(sums.requested)
        return str(_("%(whole)s, dont %(asked)s demandés", whole=whole, asked=asked))
    return ""


def change_words(form: Form, action: str, note: Mapping[str, Any]) -> str:
    """A line of the history in words."""
    known = CHANGES.get(action)
    if known is not None:
        kind = DOCUMENT_LABELS.get(str(note.get("kind", "")))
        return named(known, _(kind)) if kind else str(known)
    keys = [str(note["section"])] if "section" in note else [str(key) for key in note.get("sections", [])]
    titles = [_(section.title) for key in keys if (section := form.section(key))]
    return named(_("Mise à jour"), ", ".join(titles)) if titles else str(_("Mise à jour du dossier"))
