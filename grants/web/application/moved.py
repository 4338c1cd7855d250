"""A file whose call was amended while it was written: what changed since, until its team puts the list away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import flash
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from grants.domain.terms import Terms
from grants.domain.terms_changes import PUBLIC, How, Part, Told, told
from grants.models import Application
from grants.queries.terms import terms_named, terms_of, versions_of
from grants.services import application as use_cases
from grants.web.application.blueprint import blueprint
from grants.web.kit.access import current_actor, may
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.questions import in_words, speaker
from grants.web.kit.responses import back
from grants.web.kit.typography import day_short, moment
from grants.workflow.actions import Action

DATES = {
    "opens_at": _l("Ouverture des dépôts"),
    "closes_at": _l("Date limite de dépôt"),
    "full_closes_at": _l("Date limite des dossiers complets"),
    "corrections_due_at": _l("Fin des corrections"),
    "reviews_open_at": _l("Début des lectures"),
    "reviews_close_at": _l("Fin des lectures"),
    "committee_at": _l("Séance du comité"),
    "results_public_at": _l("Publication des résultats"),
    "board_on": _l("Décision de l’instance"),
    "reserve_until_on": _l("Dernier jour de la liste d’attente"),
    "projects_from_on": _l("Premier jour possible des projets"),
    "projects_until_on": _l("Dernier jour possible des projets"),
}
PARTS = {
    Part.TEXT: _l("Le texte de l’appel est précisé."),
    Part.DATES: _l("Une règle du calendrier change."),
    Part.AMOUNTS: _l("Un montant, un taux ou une durée change."),
    Part.RULES: _l("Les conditions pour candidater changent."),
    Part.RUBRIC: _l("La grille d’évaluation change."),
}
QUESTIONS = {
    How.ADDED: _l("Question ajoutée : %(name)s"),
    How.REMOVED: _l("Question retirée : %(name)s"),
    How.CHANGED: _l("Question modifiée : %(name)s"),
    How.MOVED: _l("L’ordre change : %(name)s"),
}
DOCUMENTS = {
    How.ADDED: _l("Pièce ajoutée : %(name)s"),
    How.REMOVED: _l("Pièce qui n’est plus demandée : %(name)s"),
    How.CHANGED: _l("Pièce modifiée : %(name)s"),
    How.MOVED: _l("L’ordre change : %(name)s"),
}


@dataclass(frozen=True)
class Moved:
    """What the page of a file tells of an amendment: its reasons, its changes."""

    reasons: list[str]
    lines: list[str]


def moved(session: Session, row: Application) -> Moved | None:
    """What changed since the terms that the team last saw; None where nothing did."""
    if not row.moved_from_sha256:
        return None
    before, after = terms_named(session, row.moved_from_sha256), terms_of(row)
    lines = [
        words for one in told(before.data, after.data) if one.part in PUBLIC and (words := _line(one, row.call.zone))
    ]
    versions = versions_of(session, row.call)
    since = next((one.rank for one in versions if one.sha256 == row.moved_from_sha256), 0)
    reasons = [one.reason for one in reversed(versions) if one.rank > since and one.reason]
    return Moved(reasons, list(dict.fromkeys(lines)))


def _line(one: Told, zone: str) -> str:
    if one.part is Part.DATES and one.subject in DATES:
        return _date(one, zone)
    if one.part in (Part.FORM, Part.DOCUMENTS):
        words: Mapping[How, object] = DOCUMENTS if one.part is Part.DOCUMENTS else QUESTIONS
        how = one.how if not one.what or one.how is How.MOVED else How.CHANGED
        return str(words[how]) % {"name": one.subject} if one.subject else ""
    return str(PARTS.get(one.part, ""))


def _date(one: Told, zone: str) -> str:
    name, before, after = DATES[one.subject], _when(one.before, zone), _when(one.after, zone)
    if not after:
        return _("%(name)s : plus de date", name=name)
    if not before:
        return _("%(name)s : %(after)s", name=name, after=after)
    return _("%(name)s : %(after)s, au lieu de %(before)s", name=name, after=after, before=before)


def _when(value: object, zone: str) -> str:
    if not isinstance(value, str):
        return ""
    if "T" in value:
        return moment(datetime.fromisoformat(value), zone)
    return day_short(date.fromisoformat(value))


def gone(session: Session, row: Application) -> list[tuple[str, str]]:
    """(question, answer) of what was answered to questions that the call asks no more: kept, and shown as such."""
    terms = terms_of(row)
    left = [key for key, answer in row.answers.items() if answer and terms.form.field(key) is None]
    if not left:
        return []
    older = [terms_named(session, one.sha256 or "") for one in versions_of(session, row.call)]
    return [told_answer for key in left if (told_answer := _answered(key, row, older)) is not None]


def _answered(key: str, row: Application, older: list[Terms]) -> tuple[str, str] | None:
    for terms in older:
        field = terms.form.field(key)
        if field is not None:
            say = speaker(terms)
            return say(field.label), in_words(field, row.answers[key], say)
    return None


@blueprint.post("/candidatures/<public_id>/nouveautes")
@may(Action.APPLICATION_EDIT)
def put_away(public_id: str) -> ResponseReturnValue:
    """The list of what changed is seen."""
    use_cases.put_changes_away(actor=current_actor(), application=public_id)
    flash(_("La liste des changements est rangée. Elle reste dans l’historique de l’appel."), "ok")
    return back("application.show", public_id=public_id)
