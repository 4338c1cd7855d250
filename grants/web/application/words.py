"""Sentences about a file: what a section lacks, what was changed, where the file stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from grants.delivery import typography
from grants.domain.answering import Problem
from grants.domain.completeness import SectionState, SectionStatus
from grants.domain.forms import Section, SectionKind
from grants.domain.terms import Terms
from grants.errors import Reason
from grants.models import Application
from grants.queries import eligibility
from grants.web.kit.labels import named, sentence
from grants.web.kit.language import current_language, ngettext
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.questions import speaker
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
    "application.withhold-document": _l("Pièce retenue : virus détecté"),
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


def problem_words(terms: Terms, problem: Problem) -> str:
    """One thing that is missing or wrong, by itself."""
    if problem.code == "missing_document":
        return named(_("Pièces à joindre"), _(_document(terms, problem.field)))
    asked = terms.form.field(problem.field)
    if problem.code == "missing":
        return named(speaker(terms)(asked.label), _("à remplir")) if asked else str(_("Le budget n’est pas commencé."))
    words = field_words(problem)
    return named(speaker(terms)(asked.label), words) if asked else words


def field_words(problem: Problem) -> str:
    """What is wrong with one answer, without the name of its question; in a table or a group, where."""
    if problem.code != "in_a_row":
        return sentence(Reason(problem.code, problem.params))
    why = sentence(Reason(str(problem.params["why"]), problem.params))
    return str(
        _("ligne %(row)s, %(column)s : %(why)s", row=problem.params["row"], column=problem.params["column"], why=why)
    )


def hour(at: datetime, zone: str) -> str:
    """The hour of an instant as the reader writes it."""
    return typography.hour(at, zone, language=current_language())


def moment(at: datetime, zone: str) -> str:
    """Day and hour of an instant, short."""
    return typography.moment_short(at, zone, language=current_language())


def writing_too(names: str, count: int) -> str:
    """Who else has this section open."""
    return str(
        ngettext(
            "%(names)s rédige aussi cette rubrique.", "%(names)s rédigent aussi cette rubrique.", count, names=names
        )
    )


def section_hint(terms: Terms, section: Section, status: SectionStatus, application: Application) -> str:
    """The reason beside the tag: what comes next, or what the section holds."""
    blocking = [problem for problem in status.problems if problem.blocking]
    if not blocking:
        noted = [problem_words(terms, problem) for problem in status.problems]
        return noted[0] if noted else _content(section, application)
    wrong = [problem for problem in blocking if problem.code not in ("missing", "missing_document")]
    if wrong:
        return problem_words(terms, wrong[0])
    return "" if status.state is SectionState.TODO else _lacks(terms, blocking)


def _lacks(terms: Terms, blocking: list[Problem]) -> str:
    names = [_name(terms, problem) for problem in blocking]
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


def _name(terms: Terms, problem: Problem) -> str:
    asked = terms.form.field(problem.field)
    name = asked.label if asked else _document(terms, problem.field)
    return str(speaker(terms)(name) if name else _("le budget"))


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


def change_words(terms: Terms, action: str, note: Mapping[str, Any]) -> str:
    """A line of the history in words."""
    known = CHANGES.get(action)
    if known is not None:
        kind = _document(terms, str(note.get("kind", "")))
        return named(known, _(kind)) if kind else str(known)
    keys = [str(note["section"])] if "section" in note else [str(key) for key in note.get("sections", [])]
    titles = [speaker(terms)(section.title) for key in keys if (section := terms.form.section(key))]
    return named(_("Mise à jour"), ", ".join(titles)) if titles else str(_("Mise à jour du dossier"))


def _document(terms: Terms, key: str) -> str:
    """What the call names a kind of document; its key where it does not know it any more."""
    kind = terms.document(key)
    return kind.label if kind else key
