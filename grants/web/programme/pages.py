"""The manager's tasks and the dates of a call in words, with the address of the act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from grants.domain.deadlines import days_left
from grants.models import Call, Meeting
from grants.queries.programme import Funnel
from grants.queries.waiting import Task, Waiting
from grants.web.kit.language import gettext as _
from grants.web.kit.language import ngettext
from grants.workflow.actions import Action
from grants.workflow.facts import CallFacts
from grants.workflow.meeting import MeetingState


@dataclass(frozen=True)
class Told:
    """A task in words: what, where, until when, how late."""

    title: str
    call: str
    href: str
    due_at: datetime | None
    state: str  # of ui.task: todo, fix
    status: str


def told(task: Task, now: datetime) -> Told:
    """A task as the page shows it."""
    words, href = WORDS[task.kind](task.count), _address(task)
    if task.due_at is None:
        return Told(words, task.title, href, None, "todo", _("à faire"))
    days = days_left(now, task.due_at)
    if days < 0:
        return Told(
            words, task.title, href, task.due_at, "fix", ngettext("depuis %(num)s jour", "depuis %(num)s jours", -days)
        )
    status = _("aujourd’hui") if days == 0 else ngettext("dans %(num)s jour", "dans %(num)s jours", days)
    return Told(words, task.title, href, task.due_at, "fix" if days <= 1 else "todo", status)


WORDS: dict[Waiting, Callable[[int], str]] = {
    Waiting.WAIVERS: lambda n: _("Répondre à une demande de dérogation"),  # noqa: ARG005
    Waiting.SCREENING: lambda n: ngettext("Examiner %(num)s dossier déposé", "Examiner %(num)s dossiers déposés", n),
    Waiting.CORRECTIONS_LATE: lambda n: ngettext(
        "%(num)s correction demandée n’est pas revenue", "%(num)s corrections demandées ne sont pas revenues", n
    ),
    Waiting.DOUBTS: lambda n: ngettext(
        "Trancher %(num)s doute de lien d’intérêt", "Trancher %(num)s doutes de lien d’intérêt", n
    ),
    Waiting.COPIES: lambda n: ngettext(
        "%(num)s pièce n’a pas pu être rendue anonyme pour le comité",
        "%(num)s pièces n’ont pas pu être rendues anonymes pour le comité",
        n,
    ),
    Waiting.ASSIGNMENTS: lambda n: ngettext(
        "Attribuer la lecture de %(num)s dossier éligible", "Attribuer la lecture de %(num)s dossiers éligibles", n
    ),
    Waiting.REVIEWS: lambda n: ngettext("%(num)s évaluation attendue", "%(num)s évaluations attendues", n),
    Waiting.MEETING: lambda n: _("Séance du comité"),  # noqa: ARG005
    Waiting.APPROVALS: lambda n: ngettext(
        "Saisir l’acte du conseil pour %(num)s proposition", "Saisir l’acte du conseil pour %(num)s propositions", n
    ),
    Waiting.CONFIRMATIONS: lambda n: ngettext(
        "Confirmer %(num)s lettre réécrite", "Confirmer %(num)s lettres réécrites", n
    ),
    Waiting.SUCCESSIONS: lambda n: ngettext(
        "Somme libérée : voir qui peut entrer", "%(num)s sommes libérées : voir qui peut entrer", n
    ),
    Waiting.RELEASES: lambda n: ngettext("Notifier %(num)s décision", "Notifier %(num)s décisions", n),
    Waiting.CONDITIONS: lambda n: ngettext("%(num)s condition à lever", "%(num)s conditions à lever", n),
    Waiting.PROJECTS: lambda n: ngettext("Ouvrir %(num)s projet retenu", "Ouvrir %(num)s projets retenus", n),
    Waiting.AGREEMENTS: lambda n: ngettext("Envoyer %(num)s convention", "Envoyer %(num)s conventions", n),
    Waiting.AMENDMENTS: lambda n: ngettext(
        "Répondre à %(num)s demande d’avenant", "Répondre à %(num)s demandes d’avenant", n
    ),
    Waiting.REPORTS_TO_READ: lambda n: ngettext("Lire %(num)s rapport reçu", "Lire %(num)s rapports reçus", n),
    Waiting.REPORTS_LATE: lambda n: ngettext(
        "Suivre %(num)s rapport en retard", "Suivre %(num)s rapports en retard", n
    ),
    Waiting.TRANCHES: lambda n: ngettext("Ordonner %(num)s tranche due", "Ordonner %(num)s tranches dues", n),
}
ON_PROJECTS = (
    Waiting.PROJECTS,
    Waiting.AGREEMENTS,
    Waiting.AMENDMENTS,
    Waiting.REPORTS_TO_READ,
    Waiting.REPORTS_LATE,
    Waiting.TRANCHES,
)


def _address(task: Task) -> str:
    if task.kind in ON_PROJECTS:
        return f"/projets/{task.object}" if task.object else "/projets"
    places: dict[Waiting, Callable[[], str]] = {
        Waiting.WAIVERS: lambda: (
            url_for("screening.show", public_id=task.object)
            if task.object
            else url_for("screening.extensions", slug=task.call)
        ),
        Waiting.COPIES: lambda: url_for("screening.show", public_id=task.object, _anchor="copies"),
        Waiting.SUCCESSIONS: lambda: url_for("decision.reserve", appel=task.call),
        Waiting.RELEASES: lambda: url_for("decision.release_page", appel=task.call),
        Waiting.MEETING: lambda: url_for("selection.show", public_id=task.object),
        Waiting.SCREENING: lambda: url_for("screening.browse", appel=task.call, etat="submitted"),
        Waiting.CORRECTIONS_LATE: lambda: url_for("screening.browse", appel=task.call, etat="returned"),
        **{
            kind: lambda: url_for("review.assignments", slug=task.call)
            for kind in (Waiting.DOUBTS, Waiting.ASSIGNMENTS, Waiting.REVIEWS)
        },
    }
    return places.get(task.kind, lambda: url_for("decision.browse", appel=task.call))()


def dates_of(call: Call, now: datetime) -> list[tuple[str, datetime | None, str]]:
    """(name, instant, "done" | "now" | "") of the steps of a call; the first that is not past is now."""
    steps: list[tuple[str, datetime | None]] = [
        (_("Ouverture"), call.opens_at),
        (_("Date limite des notes") if call.full_closes_at else _("Date limite"), call.closes_at),
        (_("Dossiers complets"), call.full_closes_at),
        (_("Corrections"), call.corrections_due_at),
        (_("Début des lectures"), call.reviews_open_at),
        (_("Fin des lectures"), call.reviews_close_at),
        (_("Comité"), call.committee_at),
        (_("Résultats publics"), call.results_public_at),
    ]
    known = sorted(((name, at) for name, at in steps if at is not None), key=lambda step: step[1])
    ahead = next((name for name, at in known if at > now), None)
    return [(name, at, "done" if at <= now else "now" if name == ahead else "") for name, at in known]


def facts_of(funnel: Funnel) -> CallFacts:
    """What closing the call looks at."""
    finals = ("decided", "ineligible", "inadmissible", "not_kept", "withdrawn", "withdrawn_before")
    drafting = ("draft", "awaiting_signature")
    return CallFacts(open_files=sum(n for state, n in funnel.states.items() if state not in finals + drafting))


def next_acts(
    call: Call, funnel: Funnel, meeting: Meeting | None, permits: Callable[[Action, Any], bool]
) -> list[tuple[str, str]]:
    """(words, address) of what the call's state leads to, for a person who may go there."""
    states, slug = funnel.states, call.slug
    decided = funnel.awarded or funnel.reserve or funnel.refused
    closed = meeting is not None and meeting.state == MeetingState.CLOSED
    acts: list[tuple[object, Action, str, str]] = [
        (True, Action.SCREENING_BROWSE, _("Dossiers reçus"), url_for("screening.browse", appel=slug)),
        (
            states.get("eligible") or states.get("in_review"),
            Action.REVIEW_READ_ASSIGNMENTS,
            _("Affectations"),
            url_for("review.assignments", slug=slug),
        ),
        (
            funnel.scored or states.get("in_review"),
            Action.REVIEW_READ_INTERESTS,
            _("Liens d’intérêt"),
            url_for("review.register", slug=slug),
        ),
        (funnel.scored, Action.SELECTION_READ, _("Classement"), url_for("selection.ranking", slug=slug)),
    ]
    if meeting is not None:
        words = _("Séance close") if closed else _("Séance du comité")
        acts.append((True, Action.SELECTION_READ, words, url_for("selection.show", public_id=meeting.public_id)))
    acts.append((decided, Action.SCREENING_BROWSE, _("Décisions"), url_for("decision.browse", appel=slug)))
    return [(words, href) for there, action, words, href in acts if there and permits(action, call)]
