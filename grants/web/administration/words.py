"""The activity log in words: acts, objects and states as people say them. The codes stay in the addresses."""

from collections.abc import Mapping

from grants.queries.administration import TrailLine
from grants.web.kit import labels, project_words
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l

# what the histories of files and projects do not tell
ACTS = {
    "account.change-password": _l("Mot de passe changé"),
    "organisation.register": _l("Organisation enregistrée"),
    "organisation.enrol": _l("Adhésion enregistrée"),
    "organisation.edit": _l("Fiche modifiée"),
    "organisation.change-bank": _l("Coordonnées bancaires changées"),
    "organisation.verify-bank": _l("Coordonnées bancaires vérifiées"),
    "programme.found": _l("Programme créé"),
    "call.draft": _l("Appel préparé"),
    "call.publish": _l("Appel publié"),
    "call.amend": _l("Appel modifié"),
    "call.rehearse": _l("Essai de l’appel"),
    "call.close": _l("Appel clos"),
    "call.import": _l("Appel repris d’une source"),
    "review.save": _l("Évaluation commencée"),
    "review.score": _l("Évaluation rendue"),
    "review.return": _l("Évaluation renvoyée"),
    "review.recuse": _l("Déport"),
    "review.unassign": _l("Évaluation retirée"),
    "review.propose": _l("Répartition des lectures demandée"),
    "review.describe-member": _l("Compétences du comité notées"),
    "selection.record-attendance": _l("Présence notée"),
    "selection.close": _l("Séance close"),
    "selection.analyse": _l("Analyse des notes demandée"),
    "selection.promise-lot": _l("Graine du tirage au sort engagée"),
    "selection.draw-lot": _l("Tirage au sort"),
    "selection.amend-minutes": _l("Procès-verbal rectifié"),
    "selection.approve-minutes": _l("Procès-verbal approuvé"),
    "selection.sign-minutes": _l("Procès-verbal signé"),
    "decision.propose": _l("Décision proposée"),
    "decision.undo": _l("Proposition annulée"),
    "decision.approve": _l("Décision approuvée"),
    "decision.revoke": _l("Décision retirée"),
    "decision.lapse": _l("Décision tombée avec le retrait du dossier"),
    "decision.lift-condition": _l("Condition levée"),
    "decision.decline": _l("Proposition non suivie par le conseil"),
    "decision.decide-otherwise": _l("Décision propre au conseil"),
    "decision.revise": _l("Autre décision préparée"),
    "decision.reissue": _l("Lettre réécrite"),
    "decision.confirm": _l("Lettre réécrite confirmée"),
    "decision.abandon": _l("Préparation abandonnée"),
    "decision.supersede": _l("Décision remplacée"),
    "decision.expire": _l("Liste d’attente échue"),
    "decision.renounce": _l("Désistement"),
    "decision.plan": _l("Départ des lettres prévu"),
    "decision.cancel-plan": _l("Départ des lettres annulé"),
    "decision.hold-back": _l("Lettres retenues"),
    "decision.seek-successor": _l("Somme libérée : qui peut entrer"),
    "decision.name-successor": _l("Entrée possible proposée"),
    "decision.take-successor": _l("Entrée de la liste d’attente préparée"),
    "decision.pass-over": _l("Place laissée libre"),
    "project.import": _l("Projet repris d’une source"),
    "message.retry": _l("Nouvel essai d’envoi"),
    "administration.create-account": _l("Compte ouvert"),
    "administration.disable-account": _l("Compte suspendu"),
    "administration.enable-account": _l("Compte rouvert"),
    "administration.appoint": _l("Rôle donné"),
    "administration.revoke-appointment": _l("Rôle retiré"),
}
OBJECTS = {
    "account": _l("Compte"),
    "agreement": _l("Convention"),
    "amendment": _l("Avenant"),
    "application": _l("Dossier"),
    "appointment": _l("Rôle"),
    "bank-account": _l("Coordonnées bancaires"),
    "call": _l("Appel"),
    "conflict-override": _l("Ouverture malgré un lien"),
    "decision": _l("Décision"),
    "departure": _l("Départ de lettres"),
    "meeting": _l("Séance"),
    "organisation": _l("Organisation"),
    "programme": _l("Programme"),
    "project": _l("Projet"),
    "report": _l("Rapport"),
    "review": _l("Évaluation"),
    "succession": _l("Somme libérée"),
    "tranche": _l("Tranche"),
}
ALL_ACTS: dict[str, object] = {**ACTS, **project_words.ACTS, **labels.ACTS}


def act(action: str) -> str:
    """What was done; the code of what nobody named."""
    return str(ALL_ACTS.get(action, action))


def acts() -> list[tuple[str, str]]:
    """(code, words) of every act, in the order of the words."""
    return sorted(((code, str(words)) for code, words in ALL_ACTS.items()), key=lambda one: one[1])


def subject(name: str, titles: Mapping[str, str]) -> str:
    """What it was done to: `Dossier 2026-001, Semences paysannes`."""
    kind = str(OBJECTS.get(name.partition(":")[0], name))
    return f"{kind} {titles[name]}" if titles.get(name) else kind


def states(line: TrailLine) -> str:
    """The state, before and after when it changed; empty for an object that has none."""
    kind = line.object.partition(":")[0]
    before, after = _state(kind, line.before), _state(kind, line.after)
    return str(_("%(before)s → %(after)s", before=before, after=after)) if before and before != after else after


def _state(kind: str, state: str) -> str:
    known = labels.STATES.get(kind, {}).get(state)
    return str(known[0]) if known else state
