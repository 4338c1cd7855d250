"""The words of states, actions, roles and reasons. Words never decide anything: codes do, and come here to be read.

French is the source language; every sentence goes through the catalogue when it is shown.
"""

from datetime import date, datetime
from typing import Any

from grants.delivery import typography
from grants.errors import Reason
from grants.models import Application
from grants.web.kit.counts import counted
from grants.web.kit.language import current_language, gettext
from grants.web.kit.language import lazy_gettext as _l

Tone = tuple[Any, str, str]

# state of an object: words, tone, glyph
STATES: dict[str, dict[str, Tone]] = {
    "call": {
        "draft": (_l("Brouillon"), "neutral", "pen"),
        "published": (_l("Publié"), "ok", "dot"),
        "closed": (_l("Clos"), "neutral", "lock"),
    },
    "application": {
        "draft": (_l("Brouillon"), "info", "pen"),
        "awaiting_signature": (_l("En attente de signature"), "warn", "clock"),
        "submitted": (_l("Déposé"), "info", "check"),
        "returned": (_l("À corriger"), "warn", "undo"),
        "inadmissible": (_l("Irrecevable"), "neutral", "cross"),
        "ineligible": (_l("Inéligible"), "neutral", "cross"),
        "not_kept": (_l("Note non retenue"), "neutral", "cross"),
        "eligible": (_l("Éligible"), "ok", "check"),
        "in_review": (_l("En évaluation"), "info", "eye"),
        "in_deliberation": (_l("En comité"), "info", "chat"),
        "decided": (_l("Décidé"), "ok", "check"),
        "withdrawn": (_l("Retiré"), "neutral", "cross"),
    },
    "review": {
        "assigned": (_l("À lire"), "neutral", "circle"),
        "draft": (_l("En cours"), "info", "pen"),
        "given": (_l("Rendue"), "ok", "check"),
        "recused": (_l("Déport"), "neutral", "cross"),
        "unassigned": (_l("Retirée"), "neutral", "cross"),
    },
    "meeting": {
        "convened": (_l("Convoquée"), "neutral", "cal"),
        "open": (_l("Séance ouverte"), "ok", "dot"),
        "closed": (_l("Séance close"), "neutral", "lock"),
    },
    "minutes": {
        "draft": (_l("Projet"), "neutral", "pen"),
        "approved": (_l("Approuvé"), "info", "check"),
        "signed": (_l("Signé"), "ok", "lock"),
    },
    "decision": {
        "proposed": (_l("Proposée"), "info", "pen"),
        "approved": (_l("Approuvée"), "info", "check"),
        "released": (_l("Notifiée"), "ok", "send"),
        "superseded": (_l("Remplacée"), "neutral", "undo"),
        "revoked": (_l("Annulée"), "neutral", "cross"),
        "declined": (_l("Non suivie"), "neutral", "undo"),
        "expired": (_l("Liste close"), "neutral", "lock"),
        "renounced": (_l("Désistement"), "neutral", "cross"),
    },
    "departure": {
        "planned": (_l("Départ prévu"), "info", "clock"),
        "left": (_l("Parti"), "ok", "send"),
        "cancelled": (_l("Départ annulé"), "neutral", "undo"),
        "held": (_l("Retenu"), "danger", "warn"),
    },
    "succession": {
        "sought": (_l("Recherche en cours"), "info", "clock"),
        "named": (_l("À regarder"), "warn", "eye"),
        "taken": (_l("Entrée préparée"), "ok", "check"),
        "left": (_l("Laissée libre"), "neutral", "lock"),
    },
    "agreement": {
        "draft": (_l("À envoyer"), "neutral", "pen"),
        "sent": (_l("À signer"), "warn", "clock"),
        "signed": (_l("Signée"), "ok", "check"),
    },
    "project": {
        "agreement_pending": (_l("Convention en attente"), "warn", "clock"),
        "active": (_l("En accompagnement"), "info", "dot"),
        "suspended": (_l("Suspendu"), "warn", "pause"),
        "reporting": (_l("Rapport final attendu"), "info", "file"),
        "closed": (_l("Clos"), "ok", "check"),
        "terminated": (_l("Interrompu"), "danger", "cross"),
    },
    "report": {
        "expected": (_l("Attendu"), "neutral", "cal"),
        "draft": (_l("En cours"), "info", "pen"),
        "submitted": (_l("À lire"), "warn", "eye"),
        "changes_requested": (_l("À compléter"), "warn", "undo"),
        "accepted": (_l("Accepté"), "ok", "check"),
    },
    "tranche": {
        "planned": (_l("Prévue"), "neutral", "cal"),
        "due": (_l("À ordonner"), "warn", "euro"),
        "ordered": (_l("À payer"), "info", "send"),
        "paid": (_l("Versée"), "ok", "check"),
        "returned": (_l("Revenue"), "danger", "undo"),
        "cancelled": (_l("Annulée"), "neutral", "cross"),
    },
    "amendment": {
        "requested": (_l("Demandé"), "warn", "clock"),
        "accepted": (_l("Accepté"), "ok", "check"),
        "refused": (_l("Refusé"), "neutral", "cross"),
    },
    "outcome": {
        "awarded": (_l("Retenu"), "ok", "check"),
        "awarded_with_conditions": (_l("Retenu sous condition"), "ok", "check"),
        "reserve": (_l("Liste d’attente"), "info", "pause"),
        "deferred": (_l("Ajourné"), "warn", "clock"),
        "rejected": (_l("Non retenu"), "neutral", "cross"),
    },
    "check": {
        "pass": (_l("Respectée"), "ok", "check"),
        "fail": (_l("Non respectée"), "danger", "cross"),
        "not_applicable": (_l("Sans objet"), "neutral", "dot"),
        "waived": (_l("Dérogation"), "warn", "undo"),
    },
    "promise": {
        "queued": (_l("En attente"), "neutral", "clock"),
        "leased": (_l("En cours"), "info", "dot"),
        "handed": (_l("Remis, réponse attendue"), "info", "send"),
        "sent": (_l("Fait"), "ok", "check"),
        "failed": (_l("Refusé"), "danger", "cross"),
        "dead": (_l("Abandonné"), "danger", "warn"),
        "paused": (_l("Suspendu"), "warn", "pause"),
    },
}

ROLES = {
    "applicant_member": _l("Membre de l’équipe candidate"),
    "applicant_lead": _l("Responsable de l’organisation candidate"),
    "reviewer": _l("Membre du comité"),
    "chair": _l("Présidence du comité"),
    "manager": _l("Équipe du programme"),
    "finance_officer": _l("Finances"),
    "administrator": _l("Administration"),
    "auditor": _l("Contrôle"),
}

ACTOR_KINDS = {
    "ngo": _l("Association, ONG"),
    "local_authority": _l("Collectivité territoriale"),
    "company": _l("Entreprise"),
    "research": _l("Université, recherche, formation"),
    "union": _l("Syndicat"),
    "diaspora": _l("Organisation de migrants, diaspora"),
    "social_economy": _l("Économie sociale et solidaire"),
    "public_body": _l("Établissement public"),
    "collective": _l("Collectif informel"),
    "network": _l("Réseau, fédération"),
    "foundation": _l("Fondation"),
}

VAT_REGIMES = {
    "": _l("Je ne sais pas encore"),
    "not_liable": _l("Pas de TVA récupérée : budget toutes taxes comprises"),
    "liable": _l("TVA récupérée : budget hors taxes"),
    "partial": _l("TVA récupérée en partie"),
}

PARTS = {
    "co_applicant": _l("Organisation co-porteuse"),
    "partner": _l("Partenaire"),
    "support_operator": _l("Opérateur d’appui"),
}

REASON_CODES = {
    "envelope_exhausted": _l("Enveloppe épuisée"),
    "below_threshold": _l("Note sous le seuil de l’appel"),
    "below_minimum": _l("Note insuffisante sur un critère à minimum"),
    "ranked": _l("Classement du comité"),
}

# what was done, as a line of a history
ACTS = {
    "application.start": _l("Dossier commencé"),
    "application.edit": _l("Réponses modifiées"),
    "application.attach": _l("Pièce ajoutée"),
    "application.detach": _l("Pièce retirée"),
    "application.request-signature": _l("Signature demandée"),
    "application.resume-drafting": _l("Rédaction reprise"),
    "application.submit": _l("Dossier déposé"),
    "application.record-late-attempt": _l("Dépôt refusé : hors délai"),
    "application.move": _l("Passé au nouveau texte de l’appel"),
    "application.withhold-document": _l("Pièce retenue : virus détecté"),
    "application.ask-waiver": _l("Dérogation demandée"),
    "application.withdraw": _l("Dossier retiré"),
    "application.invite": _l("Invitation à écrire envoyée"),
    "application.remove-collaborator": _l("Accès d’un partenaire retiré"),
    "application.ask-attestation": _l("Attestation demandée à un partenaire"),
    "application.attest": _l("Attestation d’un partenaire reçue"),
    "application.take-back": _l("Retrait annulé"),
    "application.reinstate": _l("Retrait annulé : dossier remis"),
    "screening.take": _l("Dossier pris en charge"),
    "screening.extend": _l("Délai accordé"),
    "screening.ask-extension": _l("Délai proposé à une seconde personne"),
    "screening.propose-waiver": _l("Dérogation proposée à une seconde personne"),
    "screening.check": _l("Règles vérifiées"),
    "screening.return": _l("Corrections demandées"),
    "screening.grant-waiver": _l("Dérogation accordée"),
    "screening.refuse-waiver": _l("Dérogation refusée"),
    "screening.declare-eligible": _l("Déclaré éligible"),
    "screening.declare-ineligible": _l("Déclaré inéligible"),
    "screening.declare-inadmissible": _l("Déclaré irrecevable"),
    "screening.reopen": _l("Examen repris"),
    "screening.keep-note": _l("Note retenue : dossier complet demandé"),
    "screening.decline-note": _l("Note non retenue"),
    "review.assign": _l("Évaluations attribuées"),
    "review.open": _l("Évaluation ouverte"),
    "review.declare-interest": _l("Lien d’intérêt déclaré"),
    "review.settle-interest": _l("Doute tranché"),
    "review.ask-override": _l("Ouverture malgré un lien proposée à une seconde personne"),
    "review.grant-override": _l("Ouverture malgré un lien accordée"),
    "review.refuse-override": _l("Ouverture malgré un lien refusée"),
    "scenario.propose": _l("Scénario demandé"),
    "scenario.edit": _l("Scénario renommé"),
    "scenario.share": _l("Scénario partagé avec le comité"),
    "scenario.refer": _l("Scénario choisi comme référence de la séance"),
    "scenario.discard": _l("Scénario retiré"),
    "selection.convene": _l("Séance convoquée"),
    "selection.open": _l("Porté devant le comité"),
    "selection.order-agenda": _l("Ordre du jour de la séance modifié"),
    "selection.call-file": _l("Dossier appelé en séance"),
    "selection.empty-room": _l("Sortie des membres retirés du dossier notée"),
    "selection.note": _l("Note versée à la séance"),
    "selection.open-ballot": _l("Vote ouvert"),
    "selection.vote": _l("Vote d’un membre"),
    "selection.count-ballot": _l("Vote dépouillé"),
    "selection.stop-ballot": _l("Vote arrêté sans résultat"),
    "selection.issue-projection": _l("Adresse de projection ouverte"),
    "decision.release": _l("Décision notifiée"),
    "decision.write-feedback": _l("Retour à l’équipe candidate écrit"),
    "export.read": _l("Liste exportée"),
    "printing.read": _l("Dossier imprimé"),
    "screening.settle-copy": _l("Copie d’une pièce réglée à la main"),
}

# what a call asks, rule by rule
RULES = {
    "received_before_deadline": _l("Dépôt avant la date limite"),
    "complete": _l("Dossier complet"),
    "signed": _l("Dossier signé"),
    "member_in_good_standing": _l("Adhésion au réseau, à jour"),
    "within_grant_bounds": _l("Montant demandé dans les limites"),
    "within_rate": _l("Taux et parts du budget"),
    "budget_balanced": _l("Budget équilibré"),
    "dates_in_window": _l("Dates du projet dans la période"),
    "duration_between": _l("Durée du projet"),
    "enough_actor_kinds": _l("Diversité des acteurs de l’alliance"),
    "territory_in_france": _l("Un territoire en France"),
    "one_file_per_lead": _l("Un seul dossier par organisation"),
    "invited": _l("Appel sur invitation"),
    "lead_kind_allowed": _l("Nature de l’organisation porteuse"),
    "legal_form_allowed": _l("Forme juridique"),
    "old_enough": _l("Ancienneté de l’organisation"),
    "country_allowed": _l("Pays de l’organisation"),
    "resources_below": _l("Ressources de l’organisation"),
    "obligations_met": _l("Obligations des projets précédents"),
    "total_budget_between": _l("Budget total du projet"),
    "no_refused_cost": _l("Dépenses admises"),
    "enough_partners": _l("Nombre de partenaires"),
    "enough_of_each_kind": _l("Nature des partenaires"),
    "territories_allowed": _l("Territoires d’action à l’étranger"),
    "documents_in_date": _l("Pièces en cours de validité"),
    "partners_attested": _l("Attestation des partenaires"),
    "operator_signed": _l("Cosignature de l’opérateur d’appui"),
}

# what a guard, a rule or a typed value says when it refuses; %(…)s are the figures of the reason
SENTENCES = {
    # machines
    "not_from_here": _l("Cette action n’existe pas dans l’état actuel (%(state)s)."),
    "version": _l("Quelqu’un a modifié ces informations pendant que vous aviez la page ouverte."),
    # calls
    "weights_sum_to_hundred": _l("Les poids des critères doivent faire 100 (ici %(weights_sum)s)."),
    "tranches_sum_to_whole": _l("Les parts des tranches doivent faire 100 %%."),
    "dates_in_order": _l("Les dates de l’appel doivent se suivre : ouverture, date limite, évaluation, comité."),
    "stages_set": _l(
        "Un appel en deux temps a des rubriques demandées avec le dossier complet, et la date limite de ce dossier."
    ),
    "by_invitation": _l("Cet appel n’est pas sur invitation."),
    "organisation_invited": _l(
        "Cet appel est sur invitation, et %(organisation)s n’y est pas invitée. Pour demander à l’être, écrivez à : %(contact)s."
    ),
    "invitation_not_used": _l("%(organisation)s a déjà commencé un dossier : son invitation ne se retire plus."),
    "taken_as_they_come": _l("Cet appel a une date limite : prolongez-le, ou attendez-la."),
    "envelope_left": _l("Les places ou l’enveloppe de cet appel sont épuisées : il ne prend plus de dossiers."),
    "envelope_set": _l("L’enveloppe de l’appel doit être renseignée."),
    "rehearsal_running": _l("Un essai est déjà en cours : attendez son résultat."),
    "feedback_before_release": _l(
        "Le retour s’écrit avant la notification : la lettre est partie, ou le moment de son départ est fixé."
    ),
    "feedback_mend": _l("Des passages ne peuvent pas partir : ils sont montrés au-dessus du texte."),
    "feedback_confirm": _l("Des passages sont à confirmer : ils sont montrés au-dessus du texte."),
    "analysis_running": _l("Une analyse est déjà en cours : attendez son résultat."),
    "scenario_running": _l("Un de vos scénarios est déjà en cours de calcul : attendez son résultat."),
    "scenario_envelope": _l("Choisissez un montant au-dessus de zéro, et d’au plus %(total_cents)s : l’enveloppe de l’appel."),
    "scenario_aside": _l("Un dossier sans note, ou sous un seuil de l’appel, ne peut pas être imposé."),
    "scenario_both": _l("Un dossier ne peut pas être à la fois imposé et écarté."),
    "scenario_amount": _l("Un montant d’essai est au-dessus de zéro et ne dépasse pas la demande du dossier."),
    "scenario_finished": _l("Ce scénario n’a pas encore de résultat."),
    "scenario_feasible": _l("Aucun ensemble de dossiers ne respecte ces règles : il ne peut pas servir de référence."),
    "scenario_fresh": _l("Des notes ou des dossiers ont changé depuis ce scénario : refaites-le d’abord."),
    "scenario_whole": _l(
        "La référence d’une séance porte sur tous ses dossiers : une personne qui les voit tous doit la choisir."
    ),
    "scenario_sitting": _l("Aucune séance n’est convoquée ni ouverte pour cet appel."),
    "scenario_not_reference": _l("Ce scénario est la référence d’une séance : choisissez-en une autre d’abord."),
    "no_scores": _l("Aucune note n’est encore rendue : il n’y a rien à analyser."),
    "lot_not_foreseen": _l("Le règlement de cet appel ne prévoit pas de tirage au sort."),
    "lot_before_sitting": _l("La graine s’engage avant l’ouverture de la séance : celle-ci a commencé."),
    "lot_during_sitting": _l("Le tirage se fait pendant la séance, devant ses membres."),
    "lot_promised": _l("Aucune graine n’a été engagée avant l’ouverture de la séance : il n’y a pas de tirage."),
    "lot_once": _l("Le tirage est fait : il ne se refait pas."),
    "lot_seen_whole": _l("Le tirage est tenu par quelqu’un qui n’est retiré d’aucun dossier de l’appel."),
    "file_undecided": _l("Une décision est déjà consignée pour ce dossier : annulez-la d’abord."),
    "file_called": _l("Appelez d’abord le dossier : le vote porte sur celui qui est en discussion."),
    "room_emptied": _l("Des membres se sont retirés de ce dossier : notez d’abord qu’ils ont quitté la salle."),
    "in_the_room": _l("Un dossier est en discussion pour lequel vous avez quitté la salle : attendez d’y revenir."),
    "no_ballot_open": _l("Un vote est ouvert : dépouillez-le ou arrêtez-le d’abord."),
    "ballot_open": _l("Ce vote est clos."),
    "not_voted_yet": _l("Vous avez déjà voté : un vote ne se reprend pas."),
    "somebody_voted": _l("Personne n’a encore voté : il n’y a rien à dépouiller."),
    "votes_not_secret": _l("Le règlement de cet appel veut un vote secret : chaque membre vote sur sa page."),
    "votes_within_voters": _l("Plus de votes que de votants : %(votes)s pour %(voters)s membres qui peuvent voter."),
    "votes_within_quorum": _l("Le quorum n’est pas atteint pour ce dossier : %(voters)s votants, il en faut %(quorum)s."),
    "secret_enough": _l("À moins de trois votants, un vote secret ne cacherait rien."),
    "present_member": _l("Vous n’êtes pas noté présent à cette séance : la présidence peut noter votre arrivée."),
    "note_given": _l("Écrivez d’abord la note."),
    "analysis_fresh": _l("Les notes ont changé depuis l’analyse, ou elle n’est pas faite : demandez-la d’abord."),
    "line_cuts_a_group": _l("La ligne ne coupe aucun groupe de dossiers : il n’y a rien à tirer au sort."),
    "scores_kept": _l("Les notes ont changé depuis l’engagement de la graine : le tirage ne vaut plus."),
    "pack_missing": _l("Choisissez un modèle ou un fichier."),
    "pack_too_large": _l("Ce fichier est trop grand pour être un appel."),
    "pack_not_json": _l("Ce fichier n’est pas un appel exporté de Palabre : il ne se lit pas comme du JSON."),
    "pack_not_a_pack": _l("Ce fichier n’est pas un appel exporté de Palabre."),
    "pack_unknown_version": _l("Cet appel vient d’une version plus récente de Palabre."),
    "pack_not_a_text": _l("Le nom ou la présentation de l’appel ne se lit pas."),
    "taken": _l("Cette adresse est déjà prise par un autre appel : choisissez une autre édition."),
    "envelope_covers_awards": _l("L’enveloppe ne peut pas descendre sous ce qui est déjà engagé."),
    "deadline_ahead": _l("La nouvelle date de clôture est déjà passée : choisissez un moment à venir."),
    "kind_kept": _l("Le type d’appel ne change plus une fois l’appel publié."),
    "chart_kept": _l("Le plan de comptes ne change plus une fois l’appel publié : des budgets sont écrits avec lui."),
    "rubric_kept_while_read": _l(
        "Des lectures sont attribuées : les critères, leurs poids, leurs minimums et qui lit les évaluations des autres "
        "ne changent plus. Un nom, une question ou un repère peut encore être précisé."
    ),
    "every_file_decided": _l("Il reste des dossiers sans décision."),
    # applications
    "call_open": _l("L’appel ouvre le %(opens_at)s."),
    "call_not_closed": _l("L’appel est clos : il ne reçoit plus de dossiers."),
    "a_note": _l("Ce dossier n’est pas une note d’intention."),
    "a_full_file": _l("C’est une note d’intention : le comité lit les dossiers complets."),
    "full_deadline_ahead": _l(
        "La date limite des dossiers complets n’est pas dans l’avenir : modifiez d’abord le calendrier de l’appel."
    ),
    "before_deadline": _l("La date limite est passée : l’appel a fermé le %(closes_at)s."),
    "complete": _l("Le dossier n’est pas complet : des réponses manquent."),
    "rules_respected": _l("Une règle de l’appel n’est pas respectée."),
    "partners_attested": _l("Des partenaires n’ont pas encore attesté leur part du projet : %(attestations_missing)s."),
    "operator_signed": _l("L’opérateur d’appui n’a pas encore cosigné le dossier."),
    "power_attached": _l(
        "Joignez le pouvoir donné à la personne qui signe, ou faites signer la représentante ou le représentant légal."
    ),
    "submitted_before": _l("Ce dossier n’a jamais été déposé."),
    "never_submitted": _l("Ce dossier a été déposé : il peut être remis tel quel."),
    "deadline_not_passed": _l("La date limite est passée : une seconde personne doit confirmer ce délai."),
    "no_file": _l("Cette organisation n’a pas de dossier en cours d’écriture pour cet appel."),
    "not_later": _l("Cette date n’est pas plus tard que la date limite du dossier : %(closes_at)s."),
    "waiver_dated": _l("La date accordée doit être dans l’avenir."),
    "late_attempt_recorded": _l("Une dérogation ne se demande qu’après un dépôt refusé pour retard."),
    "waiver_asked": _l("Aucune dérogation n’est en attente de réponse."),
    "no_waiver_pending": _l("Une demande de dérogation attend sa réponse."),
    "every_rule_checked": _l("Il reste des règles à vérifier."),
    "no_rule_failed": _l("Une règle au moins n’est pas respectée et n’a pas de dérogation."),
    "a_rule_failed": _l("Toutes les règles vérifiées sont respectées."),
    "correction_date_ahead": _l("La date accordée doit être dans l’avenir."),
    "reason_given": _l("Indiquez un motif."),
    "enough_reviewers": _l(
        "Il faut %(reviews_required)s évaluations par dossier : %(reviews_assigned)s sont attribuées."
    ),
    "enough_reviews": _l("Il manque des évaluations : %(reviews_given)s rendues sur %(reviews_required)s."),
    "decision_not_released": _l("La décision a déjà été notifiée."),
    # reviews
    "interest_declared": _l("Déclarez d’abord si vous avez un lien avec ce dossier."),
    "unconflicted": _l("Un lien d’intérêt vous ferme ce dossier."),
    "review_window_open": _l("L’évaluation est ouverte du %(opens_at)s au %(closes_at)s."),
    "every_criterion_marked": _l("Il manque une note sur : %(missing_marks)s."),
    "extremes_commented": _l("Une note aux extrêmes demande une phrase d’explication : %(missing_comments)s."),
    "deliberation_not_closed": _l(
        "La délibération a été close le %(closed_at)s par %(closed_by)s : les notes ne changent plus."
    ),
    "opinion_written": _l("Écrivez votre avis pour le comité : le rendre ouvre ceux des autres."),
    "file_still_judged": _l("Ce dossier n’est plus devant le comité : ses notes ne changent plus."),
    "criterion_applies": _l("Ce critère s’applique à tous les dossiers : choisissez une note."),
    "reviewer_in_conflict": _l("%(name)s a un lien d’intérêt avec ce dossier : choisissez une autre personne."),
    "review_taken_back": _l(
        "Cette évaluation vous a été retirée entre-temps : rien n’est enregistré. Votre texte est ci-dessous."
    ),
    "reviewer_in_doubt": _l(
        "%(name)s : un doute sur un lien d’intérêt n’est pas levé pour ce dossier. Choisissez une autre personne, ou faites trancher ce doute."
    ),
    "found_from_facts": _l(
        "Un indice a été relevé pour %(name)s : ouvrir ce dossier demande deux responsables. Proposez-le depuis le registre des liens d’intérêt."
    ),
    "nothing_to_read": _l("Aucun dossier éligible n’est à lire pour l’instant."),
    "nobody_to_read": _l("Le comité de cet appel n’a pas encore de membres."),
    "proposal_running": _l("Une répartition est déjà en cours de calcul : attendez son résultat."),
    "proposal_unfinished": _l("Cette répartition n’est pas prête, ou elle est déjà appliquée."),
    "proposal_conflicts": _l("Depuis cette proposition, un lien d’intérêt a été déclaré, constaté ou levé."),
    "proposal_readers": _l("Depuis cette proposition, des affectations ou des évaluations ont changé."),
    "proposal_files": _l("Depuis cette proposition, les dossiers à lire ont changé."),
    "proposal_committee": _l("Depuis cette proposition, le comité ou ses compétences ont changé."),
    "proposal_rules": _l("Depuis cette proposition, les règles de l’appel ont changé."),
    "conflict_in_force": _l("%(name)s n’a ni lien ni doute en vigueur sur ce dossier."),
    "conflict_may_be_overridden": _l(
        "Le registre relie %(name)s à l’organisation qui porte ce dossier, ou à sa rédaction : rien ne le lui ouvre."
    ),
    "no_override_waiting": _l("Une ouverture est déjà proposée pour %(name)s : une seconde personne doit répondre."),
    "override_waits": _l("Cette proposition d’ouverture a déjà sa réponse."),
    "doubt_declared": _l("Aucun doute n’est déclaré : il n’y a rien à trancher."),
    "correction_explained": _l("Expliquez pourquoi votre avis diffère de la vérification automatique."),
    # sittings
    "no_other_sitting": _l("Une séance de cet appel n’est pas close."),
    "quorum_reached": _l("Le quorum n’est pas atteint. Membres présents : %(present)s sur %(quorum)s requis."),
    "every_review_given": _l("Il manque des évaluations."),
    "every_file_proposed": _l("Il reste des dossiers sans proposition du comité."),
    "sitting_closed": _l("La séance n’est pas close."),
    "amendment_can_be_read": _l("Écrivez la rectification ; celle qui est rayée ne l’est pas deux fois."),
    "approved_by_another": _l("La personne qui a approuvé le procès-verbal ne le signe pas : il faut deux personnes."),
    "every_file_seen": _l("Un dossier de cette séance vous est fermé : une autre personne signe."),
    # decisions
    "meeting_open": _l("La séance du comité n’est pas ouverte."),
    "meeting_closed": _l("La séance du comité n’est pas close."),
    "quorum_without_recused": _l(
        "Le quorum n’est pas atteint sur ce dossier, déports déduits (%(voters)s pour %(quorum)s)."
    ),
    "within_budget": _l("L’enveloppe n’y suffit pas : il reste %(left_cents)s."),
    "within_request": _l("Le montant dépasse la demande (%(requested_cents)s)."),
    "amount_fits_outcome": _l("Un accord demande un montant ; les autres décisions n’en ont pas."),
    "motive_given": _l("Indiquez un motif : il sera repris au procès-verbal."),
    "conditions_written": _l("Écrivez la condition à lever."),
    "reserve_ranked": _l("La liste d’attente demande un rang."),
    "board_act_entered": _l("Indiquez la date et la référence de l’acte de l’instance qui décide."),
    "no_project_yet": _l(
        "Un projet repose déjà sur cette décision : elle ne se retire ni ne se remplace. Sur sa page, son montant se réduit ou il s’interrompt."
    ),
    "board_decides": _l("Une lettre réécrite ne se décide pas au conseil : une autre personne de l’équipe la confirme."),
    "letter_written_anew": _l("Seule une lettre réécrite se confirme ; toute autre décision se prend au conseil."),
    "prepared_outside_a_sitting": _l("Cette décision vient du comité ou du conseil : elle se retire, avec un motif."),
    "why_given": _l("Indiquez pourquoi."),
    "departure_not_planned": _l("Le départ de cette lettre est déjà prévu : annulez-le d’abord."),
    "somebody_to_write_to": _l("Personne, dans l’équipe candidate, ne recevrait le message : invitez-y quelqu’un."),
    "on_the_reserve": _l("Ce dossier n’est pas sur la liste d’attente."),
    "reserve_over": _l("La liste d’attente n’est pas encore close."),
    "something_to_renounce": _l("Cette décision n’accorde rien à quoi renoncer."),
    "newest_decision": _l("Une lettre plus récente existe : c’est elle qui se remplace."),
    "moment_ahead": _l("Ce moment est passé : choisissez-en un à venir."),
    "moment_come": _l("Le moment prévu n’est pas venu."),
    "decisions_in_it": _l("Cochez au moins une décision."),
    "somebody_enters": _l("Personne ne peut entrer avec cette somme."),
    "award_lowered": _l("Le nouveau montant doit être plus petit que l’ancien, et positif."),
    "above_what_is_bound": _l("Il ne peut pas descendre sous ce qui est versé, ordonné ou dû : %(bound_cents)s."),
    "agreement_not_out": _l("La convention est à la signature : attendez qu’elle soit signée."),
    "conditional_award": _l("Cette décision n’a pas de condition à lever."),
    # agreements, projects, reports, money
    "document_ready": _l("Le document est en préparation : réessayez dans une minute."),
    "conditions_lifted": _l("La condition de la décision n’est pas levée."),
    "signature_dated": _l("La date de signature ne peut pas être dans l’avenir."),
    "agreement_signed": _l("La convention n’est pas signée."),
    "project_ended": _l("Le projet se termine le %(ends_on)s."),
    "every_report_accepted": _l("Il reste des rapports à accepter."),
    "every_tranche_settled": _l("Il reste des tranches à verser ou à annuler."),
    "report_complete": _l("Il manque : %(missing)s."),
    "variances_explained": _l("Un écart de plus de 10 %% demande une phrase : %(variances)s."),
    "project_running": _l("Le projet n’est pas en cours."),
    "end_within_call": _l("La nouvelle fin dépasse la limite de l’appel (%(latest_end_on)s)."),
    "amendment_waiting": _l("Une demande d’avenant attend déjà sa réponse."),
    "day_ahead": _l("Cette date est dans l’avenir."),
    "out_of_range": _l("Choisissez un nombre entre %(least)s et %(most)s."),
    "unknown_heading": _l("Ce poste n’existe pas dans le plan de comptes."),
    "condition_met": _l("La condition de cette tranche n’est pas remplie."),
    "bank_verified": _l("Les coordonnées bancaires n’ont pas été vérifiées par les finances."),
    "second_person": _l("Une autre personne que celle qui a préparé doit confirmer."),
    "within_award": _l("Le total versé dépasserait la subvention accordée."),
    "payment_referenced": _l("Indiquez la référence du virement."),
    # typed values
    "empty": _l("Remplissez ce champ."),
    "missing": _l("Réponse manquante."),
    # answers
    "not_a_link": _l("Écrivez une adresse complète, par exemple https://exemple.org."),
    "unknown_choice": _l("Choisissez dans la liste."),
    "below_least": _l("Écrivez un nombre d’au moins %(least)s."),
    "above_most": _l("Écrivez un nombre d’au plus %(most)s."),
    "too_few": _l("Il en faut au moins %(least)s."),
    "not_a_percentage": _l("Écrivez un pourcentage entre 0 et 100."),
    "not_whole": _l("Écrivez un nombre entier."),
    "too_long": _l("%(length)s caractères pour %(limit)s au plus."),
    "not_a_number": _l("Écrivez un nombre, par exemple 1 250,50."),
    "ambiguous": _l("Écriture ambiguë : 1 500 ou 1,50 ?"),
    "negative": _l("Le montant doit être positif."),
    "zero": _l("Le montant ne peut pas être nul."),
    "too_many_decimals": _l("Deux décimales au plus (euros entiers si l’appel le demande)."),
    "too_large": _l("Ce montant est trop grand."),
    "not_a_date": _l("Écrivez une date, par exemple 12/03/2027."),
    "hour_skipped": _l("Cette heure n’existe pas : les horloges avancent cette nuit-là. Choisissez une autre heure."),
    "hour_twice": _l("Cette heure vient deux fois : les horloges reculent cette nuit-là. Choisissez une autre heure."),
    "not_an_hour": _l("Écrivez une heure, par exemple 18:00."),
    "not_a_phone": _l("Écrivez un numéro de téléphone, par exemple 03 20 42 83 11 ou +223 20 22 33 44."),
    "not_an_email": _l("Écrivez une adresse électronique, par exemple nom@exemple.org."),
    "not_a_mark": _l("Choisissez une note de 0 à 5, par demi-point."),
    "out_of_scale": _l("La note va de 0 à 5."),
    "not_a_half_point": _l("La note va par demi-point."),
    "control": _l("Ce texte contient un caractère invisible qui ne peut pas être gardé."),
    "invisible": _l("Ce texte contient un caractère invisible qui ne peut pas être gardé."),
    "surrogate": _l("Ce texte contient un caractère qui ne peut pas être lu."),
    "marks": _l("Ce texte empile trop d’accents sur une lettre."),
    "checksum": _l("Un chiffre est faux : vérifiez la saisie."),
    "shape": _l("La forme n’est pas celle attendue."),
    "characters": _l("Il y a un caractère de trop."),
    "length": _l("La longueur n’est pas la bonne."),
    "all_zeros": _l("Ce numéro n’existe pas."),
    # accounts, organisations, files of an applicant
    "wrong_credentials": _l("L’adresse ou le mot de passe ne convient pas."),
    "wrong_password": _l("Ce n’est pas votre mot de passe actuel."),
    "password_too_short": _l("Choisissez au moins %(limit)s caractères : une petite phrase se retient bien."),
    "password_too_long": _l("%(limit)s caractères au plus."),
    "password_too_plain": _l("Ce mot de passe se devine trop facilement : choisissez une petite phrase à vous."),
    "address_in_use": _l("Cette adresse a déjà un compte."),
    "own_address": _l("C’est votre propre adresse : demandez à une autre personne de vous confier ce rôle."),
    "already_in": _l("Cette personne y est déjà."),
    "first_lead": _l(
        "Cette organisation a déjà une personne responsable : c’est elle qui invite. "
        "Le programme n’invite que la première."
    ),
    "last_lead": _l("C’est la dernière personne responsable de l’organisation : confiez d’abord ce rôle à une autre."),
    "invitation_accepted": _l("Cette invitation est déjà acceptée : retirez plutôt la personne."),
    "invitation_over": _l(
        "Ce lien n’est plus valable. Demandez une nouvelle invitation à la personne qui vous a écrit."
    ),
    "sign_in_first": _l("Un compte existe pour cette adresse : connectez-vous, puis ouvrez de nouveau le lien."),
    "registration_open": _l("Aucun appel n’est ouvert : les inscriptions rouvriront avec le prochain."),
    "name_in_use": _l(
        "Une organisation est déjà inscrite sous ce nom : demandez à la personne qui en est responsable de vous inviter."
    ),
    "siret_in_use": _l(
        "Une organisation est déjà inscrite avec ce SIRET : demandez à la personne qui en est responsable de vous inviter."
    ),
    "siret_form": _l(
        "Le SIRET comporte 14 chiffres ; vérifiez le dernier chiffre. Exemple de forme : 732 829 320 00074."
    ),
    "rna_form": _l("Le numéro RNA commence par W, suivi de neuf chiffres ou lettres. Exemple : W503726238."),
    "vat_number_form": _l(
        "Le numéro de TVA comporte FR, une clé de deux signes, puis le SIREN. Exemple : FR83404833048."
    ),
    "vat_number_siren": _l(
        "Ce numéro de TVA n’est pas celui de l’organisation : il doit finir par son SIREN. Exemple : FR83404833048."
    ),
    "register_incomplete": _l(
        "Tribunal, volume, folio et date vont ensemble : remplissez les quatre, ou aucun. "
        "Exemple : Strasbourg, volume 92, folio 137, 12/03/2015."
    ),
    "register_department": _l(
        "Un registre de tribunal n’existe qu’en Moselle (57), dans le Bas-Rhin (67) et le Haut-Rhin (68) : "
        "indiquez le département du siège."
    ),
    "register_abroad": _l("Un registre étranger va avec un autre pays que la France : choisissez le pays."),
    "register_foreign_incomplete": _l(
        "Donnez le nom du registre et le numéro, ou aucun des deux. Exemple : Registre des associations, 0123."
    ),
    "not_a_year": _l("Écrivez une année, par exemple 2025."),
    "paper_expired": _l("Cette pièce est expirée depuis le %(until_on)s : ajoutez-en une plus récente."),
    "partner_twice": _l("Ce partenaire est déjà nommé dans le dossier."),
    "contact_missing": _l("Indiquez d’abord l’adresse électronique de la personne à qui écrire."),
    "attested_already": _l("Ce partenaire a déjà attesté ce qui est écrit : il n’y a rien à demander."),
    "attestation_over": _l(
        "Ce lien n’est plus valable : il a déjà servi ou a été remplacé. Demandez-en un autre à l’organisation qui dépose."
    ),
    "attestation_closed": _l("Ce dossier n’est plus en rédaction : il n’y a plus rien à attester."),
    "content_changed": _l("Le contenu a changé pendant que vous le lisiez. Relisez-le, puis attestez."),
    "wrong_scope": _l("Ce rôle se donne pour une organisation, un appel ou un programme, selon le rôle."),
    "unknown_language": _l("Langue inconnue."),
    "unknown_field": _l("Ce champ n’existe pas ici."),
    "too_many": _l("%(most)s lignes au plus."),
    "siren": _l("Le numéro SIREN (neuf premiers chiffres) est faux : vérifiez la saisie."),
    "country": _l("Le pays %(country)s ne convient pas ici."),
    "bank_in_force": _l("Ces coordonnées bancaires ont été remplacées depuis."),
    "bank_unverified": _l("Ces coordonnées bancaires sont déjà vérifiées."),
    "call_published": _l("Cet appel ne reçoit pas de candidatures."),
    "call_dated": _l("Cet appel n’a pas de dates : il ne reçoit pas de candidatures."),
    "source_cited": _l("Indiquez d’où ces informations viennent."),
    "section_reopened": _l(
        "Cette rubrique n’est pas à corriger : seules celles qui sont nommées dans la demande sont ouvertes."
    ),
    "unknown_account": _l("Ce poste n’existe pas dans le plan de comptes."),
    "file_empty": _l("Ce fichier est vide."),
    "file_too_large": _l("Ce fichier dépasse %(bytes)s : réduisez la photo ou envoyez un PDF."),
    "file_type_not_allowed": _l(
        "Ce genre de fichier n’est pas accepté : envoyez un PDF, une image (JPG, PNG) ou un document DOCX, XLSX, ODT, ODS."
    ),
    "file_type_mismatch": _l("Le contenu de ce fichier n’est pas celui que son nom annonce."),
    "file_damaged": _l("Ce fichier est abîmé : ouvrez-le, enregistrez-le de nouveau, puis renvoyez-le."),
    "file_encrypted": _l("Ce fichier est protégé par un mot de passe : envoyez-le sans protection."),
    "file_macros": _l("Ce document contient des macros : enregistrez-le sans macros ou en PDF."),
    "file_nested_file": _l("Ce document en contient un autre : envoyez-les séparément."),
    "file_expands_too_much": _l("Ce document est trop volumineux une fois ouvert : envoyez un PDF."),
    "file_unsafe_names": _l("Ce document contient des noms de fichiers impossibles : enregistrez-le en PDF."),
    "file_external_content": _l("Ce document va chercher du contenu ailleurs : enregistrez-le en PDF."),
    "file_active_content": _l("Ce document contient du code qui s’exécute : enregistrez-le en PDF simple."),
    "file_embedded_files": _l("Ce PDF contient d’autres fichiers : envoyez-les séparément."),
    "file_too_many_pages": _l("Ce PDF a plus de 500 pages : envoyez-le en plusieurs fois."),
    "file_too_many_pixels": _l("Cette image est trop grande : réduisez-la."),
    "file_animated": _l("Une image animée n’est pas acceptée."),
    "file_took_too_long": _l("Ce fichier n’a pas pu être vérifié à temps : enregistrez-le de nouveau en PDF simple."),
    "file_unreadable": _l("Ce fichier n’a pas pu être lu : enregistrez-le de nouveau, puis renvoyez-le."),
    "file_not_checked": _l("La vérification n’a pas pu se faire : essayez de nouveau dans une minute."),
    "file_quota": _l("La place de ce dossier est prise : %(bytes)s et %(most)s fichiers au plus. Retirez un fichier."),
    "workbook_formula": _l("Une formule ne peut pas être reprise : écrivez la réponse elle-même."),
    "workbook_strange": _l("Cette case ne contient ni texte, ni nombre, ni date."),
    "workbook_not_form": _l("Ce fichier n’est pas le tableur du formulaire téléchargé ici : reprenez celui-là."),
    "workbook_unknown": _l("Ce fichier n’est pas le tableur du budget téléchargé ici : reprenez celui-là."),
    "workbook_chart": _l("Ce tableur suit un autre plan de comptes que celui de l’appel : téléchargez-le de nouveau."),
    "workbook_other_file": _l("Ce tableur est celui d’un autre dossier."),
    # score sheets that come back
    "not_a_grade": _l("« %(typed)s » n’est pas une note : de 0 à 5, par demi-point."),
    "not_a_grade_or_na": _l("« %(typed)s » n’est pas une note : de 0 à 5, par demi-point, ou « s.o. »."),
    "always_applies": _l("Ce critère vaut pour tous les dossiers : « %(typed)s » ne peut pas remplacer la note."),
    "sheets_unknown": _l("Ce fichier n’est pas le tableur des grilles téléchargé ici : reprenez celui-là."),
    "sheets_tampered": _l(
        "Les repères cachés de ce tableur ne sont plus ceux que nous y avons mis : téléchargez-le de nouveau et "
        "recopiez vos notes."
    ),
    "sheets_other_person": _l("Ce tableur a été téléchargé par une autre personne : chacun rapporte le sien."),
    "sheets_other_call": _l("Ce tableur est celui d’un autre appel : rapportez-le à la page de cet appel."),
    "nothing_to_write": _l("Aucune évaluation n’est à écrire maintenant dans cet appel."),
    "sheet_not_open": _l("Cette feuille n’est pas celle d’un dossier ouvert à votre lecture."),
    "sheet_withdrawn": _l("Ce dossier vous a été retiré entre-temps : cette feuille n’est pas reprise."),
    "sheet_given": _l("Votre évaluation de ce dossier est déjà rendue : elle ne change plus."),
    "sheet_twice": _l("Cette feuille est la copie d’une autre, qui est prise à sa place."),
    "sheet_row_lost": _l("Des lignes de cette feuille ont perdu leur repère : elles ne sont pas reprises."),
    "sheet_incomplete": _l("Dossier %(number)s : il manque une note ou son explication (%(missing)s). Rien n’est rendu."),
    "formula_uncounted": _l("Cette formule n’a pas de résultat : écrivez le montant."),
    "account_missing": _l("Choisissez un poste dans la liste."),
    "unknown_status": _l("Choisissez un état dans la liste."),
    "unknown_partner": _l("Choisissez un partenaire du dossier dans la liste."),
    "unknown_proof": _l("Ce justificatif n’est plus dans le dossier : choisissez-en un autre."),
    "file_missing": _l("Choisissez un fichier."),
    # copies without who made them
    "copy_withheld": _l(
        "Cette pièce est retenue : elle n’a pas pu être rendue anonyme. L’équipe du programme en est prévenue."
    ),
    "copy_not_withheld": _l("Cette pièce n’est pas retenue : il n’y a rien à régler."),
    "copy_kind": _l("Ce genre de fichier ne peut pas être rendu anonyme : donnez un PDF."),
    "copy_encrypted": _l("Le fichier est protégé par un mot de passe."),
    "copy_damaged": _l("Le fichier est abîmé."),
    "copy_unfit": _l("Le fichier contient ce que Palabre n’accepte plus, ou il est abîmé."),
    "copy_unknown_part": _l("Le fichier contient une image ou un objet d’un genre inconnu."),
    "copy_animated": _l("L’image est animée."),
    "copy_too_large": _l("Le fichier est trop grand une fois ouvert."),
    "copy_took_too_long": _l("Le fichier demande trop de temps."),
    "copy_not_cleaned": _l("Le nettoyage n’a pas abouti."),
    "copy_not_stored": _l("Le fichier n’est plus dans les fichiers conservés."),
    # files on paper
    "printout_too_long": _l("Ces dossiers sont trop longs pour un seul document : imprimez-les un par un."),
    "printout_empty": _l("Aucun dossier n’est ouvert à votre lecture pour cet appel."),
    "file_infected": _l("Un virus a été trouvé dans ce fichier : il est retenu et personne ne peut l’ouvrir."),
    "file_pending": _l("Ce fichier attend son contrôle antivirus : il pourra être ouvert ensuite."),
    "file_withheld": _l("Un virus a été trouvé dans ce fichier : il est retenu et personne ne peut l’ouvrir."),
    "file_quota_kept": _l("Trop de versions ont été envoyées pour ce dossier (%(bytes)s ou %(most)s fichiers)."),
    "file_changed": _l("Le fichier reçu n’est pas celui qui a été annoncé : envoyez-le de nouveau."),
    "file_unfinished": _l("L’envoi n’est pas terminé : reprenez-le, rien de ce qui est arrivé n’est perdu."),
    "slot_replaced": _l(
        "%(name)s a changé cette pièce entre-temps. Votre fichier n’a pas pris sa place : il est gardé dans les versions "
        "précédentes, d’où vous pouvez le remettre."
    ),
    "upload_offset": _l("La suite attendue n’est pas celle qui a été envoyée."),
    "uploads_waiting": _l("%(most)s envois sont déjà commencés : terminez-les ou abandonnez-les."),
    "consent_missing": _l("Cochez l’engagement pour déposer le dossier."),
    "unassigned": _l("Ce texte contient un caractère inconnu qui ne peut pas être gardé."),
    # budget and rules of a call
    "no_expense": _l("Le budget ne comporte encore aucune dépense."),
    "nothing_requested": _l("Le budget ne dit pas encore quelle subvention est demandée."),
    "unbalanced": _l("Les ressources et les dépenses diffèrent de %(gap)s."),
    "proof_missing": _l("Financements acquis sans justificatif : %(count)s."),
    "proof_required": _l("Joignez un justificatif à chaque financement acquis : il en manque %(count)s."),
    "in_kind_unbalanced": _l("Les contributions volontaires diffèrent de %(gap)s entre emplois et ressources."),
    "above_ceiling": _l("La demande (%(requested)s) dépasse le plafond de %(limit)s."),
    "below_floor": _l("La demande (%(requested)s) est sous le plancher de %(limit)s."),
    "rate_above_maximum": _l("Le taux demandé (%(rate_bp)s) dépasse %(limit_bp)s."),
    "in_kind_above_maximum": _l("La part en nature (%(rate_bp)s) dépasse %(limit_bp)s."),
    "other_cash_below_minimum": _l("Les autres ressources (%(rate_bp)s) sont sous %(limit_bp)s."),
    "too_few_actor_kinds": _l("Il faut au moins %(asked)s autres natures d’acteurs : %(there)s pour l’instant."),
    "too_few_territories_here": _l("Indiquez un territoire en France."),
    "too_few_territories_there": _l("Indiquez un territoire à l’étranger."),
    "no_territory_in_france": _l("Aucun territoire en France n’est indiqué."),
    "missing_document": _l("Il manque une pièce : %(document)s."),
    "ends_before_start": _l("La fin précède le début."),
    "starts_too_early": _l("Le projet commence avant le %(first_on)s."),
    "ends_too_late": _l("Le projet se termine après le %(last_on)s."),
    "duration_too_short": _l("Le projet dure %(months)s mois, moins que les %(limit)s demandés."),
    "duration_too_long": _l("Le projet dure %(months)s mois, plus que les %(limit)s permis."),
    "no_dates": _l("Les dates du projet manquent."),
    "not_a_member": _l("L’organisation n’est pas membre du réseau à jour à la date limite."),
    "membership_unknown": _l("L’adhésion au réseau n’est pas connue à la date limite."),
    "not_received": _l("Le dossier n’a pas été reçu."),
    "late": _l("Le dossier est arrivé après la date limite."),
    "incomplete": _l("Le dossier n’est pas complet."),
    "not_signed": _l("Le dossier n’est pas signé."),
    "several_files": _l("L’organisation a déposé %(files)s dossiers."),
    "condition_unmet": _l("Les réponses du dossier ne remplissent pas cette condition."),
    "lead_kind_not_allowed": _l("L’organisation porteuse n’est pas d’une nature que l’appel admet."),
    "legal_form_unknown": _l("La forme juridique de l’organisation n’est pas connue."),
    "legal_form_not_allowed": _l("La forme juridique « %(form)s » n’est pas de celles que l’appel admet."),
    "foundation_unknown": _l("La date de création de l’organisation n’est pas connue (%(years)s ans demandés)."),
    "too_young": _l("L’organisation existe depuis le %(since_on)s : l’appel demande %(years)s ans."),
    "country_not_allowed": _l("L’appel n’est pas ouvert aux organisations de ce pays (%(codes)s)."),
    "territory_not_allowed": _l("L’appel ne soutient pas de projet dans ce territoire (%(codes)s)."),
    "too_few_partners": _l("Il faut au moins %(asked)s partenaires : %(there)s pour l’instant."),
    "too_many_partners": _l("%(limit)s partenaires au plus : il y en a %(there)s."),
    "too_few_of_kind": _l("Partenaires de cette nature (%(kind)s) : %(asked)s au moins, %(there)s pour l’instant."),
    "total_below_floor": _l("Le budget total (%(total)s) est sous %(limit)s."),
    "total_above_ceiling": _l("Le budget total (%(total)s) dépasse %(limit)s."),
    "resources_unknown": _l("Les ressources annuelles de l’organisation ne sont pas indiquées (%(limit)s au plus)."),
    "resources_above": _l("Les ressources annuelles (%(resources)s) dépassent %(limit)s."),
    "cost_not_allowed": _l("Des dépenses ne sont pas admises par l’appel : %(keys)s."),
    "documents_expired": _l("Des pièces ne seront plus valables à la date limite : %(documents)s."),
    "reports_overdue": _l("Des rapports de projets précédents sont en retard : %(count)s."),
    "not_invited": _l("L’organisation n’est pas de celles que l’appel invite."),
    "operator_not_signed": _l("L’opérateur d’appui n’a pas cosigné."),
    "partners_not_attested": _l("Des partenaires n’ont pas attesté."),
    # predicates of the policy, for a 403
    "applicant": _l("L’équipe de l’organisation candidate peut le faire."),
    "on_ones_own_account": _l("Un compte d’administration ou de contrôle n’inscrit pas d’organisation."),
    "invited_address": _l("Cette invitation a été envoyée à une autre adresse que celle de votre compte."),
    "collaborator": _l("Les personnes invitées à écrire ce dossier peuvent le faire."),
    "collaborator_of_any": _l("Les personnes invitées à écrire un dossier peuvent le faire."),
    "applicant_lead": _l("Seule la personne responsable de l’organisation peut le faire."),
    "manager": _l("L’équipe du programme peut le faire."),
    "finance_officer": _l("Les finances peuvent le faire."),
    "chair": _l("La présidence du comité peut le faire."),
    "committee_member": _l("Les membres du comité peuvent le faire."),
    "author_of_review": _l("La personne qui évalue peut le faire."),
    "administrator": _l("L’administration peut le faire."),
    "auditor": _l("Le contrôle peut le lire."),
    "not_oneself": _l("Une autre personne doit le faire."),
    "themselves": _l("La personne concernée peut le faire."),
    "applicant_of_any": _l("L’équipe de l’organisation candidate peut le faire."),
    "assigned_reviewer": _l("Les personnes qui évaluent ce dossier peuvent le faire."),
    "reviewer_of_any": _l("Les membres du comité peuvent le faire."),
    "given_own_review": _l("Pour un membre du comité : une fois ses propres évaluations rendues."),
    "deliberation_begun": _l("Pour le comité : une fois la séance commencée."),
    "interest_free": _l("Un lien d’intérêt ferme le dossier à la personne qui l’a déclaré."),
    "manager_of_any": _l("L’équipe du programme peut le faire."),
    "network_staff": _l("L’équipe du programme et les finances peuvent le faire."),
    "staff_of_any": _l("L’équipe du programme et les finances peuvent le faire."),
    "draft_call_insider": _l("L’appel n’est pas encore publié."),
}


# reasons whose bare figures are amounts
MONEY_CODES = frozenset({"above_ceiling", "below_floor", "unbalanced", "in_kind_unbalanced"}) | {
    *("total_below_floor", "total_above_ceiling", "resources_unknown", "resources_above"),
}


def label_of_state(kind: str, state: object) -> Tone:
    """(words, tone, glyph) of a state of one kind of object. Raises KeyError for a state that nobody named."""
    return STATES[kind][str(state)]


def label_of_role(role: object) -> str:
    """The words of a role."""
    return str(ROLES[str(role)])


def label_of_actor_kind(kind: str) -> str:
    """The words of a kind of actor; the code itself when an import brought an unknown one."""
    return str(ACTOR_KINDS.get(kind, kind))


def label_of_act(action: str) -> str:
    """The words of something that was done; the code where nobody needs words."""
    return str(ACTS.get(action, action))


def label_of_rule(key: str) -> str:
    """The words of a rule of a call."""
    return str(RULES.get(key, key))


def label_of_reason(code: str) -> str:
    """The words of a coded motive of a decision."""
    return str(REASON_CODES.get(code, code))


def named(name: object, words: object) -> str:
    """A name and what is said of it, with the colon of the reader’s language: `Titre : réponse manquante`."""
    return str(gettext("%(name)s : %(words)s", name=name, words=words))


def places_of(application: Application) -> str:
    """The territories of a file in one line."""
    return ", ".join(gettext(one.label) for one in application.territories)


def sentence(reason: Reason) -> str:
    """A reason in words, its figures written as the reader writes them."""
    known = SENTENCES.get(reason.code)
    if (told := counted(reason.code, reason.params)) is not None:
        return str(told)
    if known is None:
        return str(gettext("Ce n’est pas possible (%(code)s).", code=reason.code))
    in_cents = reason.code in MONEY_CODES
    words = {name: _word(name, value, in_cents=in_cents) for name, value in reason.params.items()}
    found: str = str(known) % _Words(words)
    return found


class _Words(dict[str, str]):
    """A figure that a reason does not carry is shown as unknown rather than breaking the page."""

    def __missing__(self, name: str) -> str:
        return "–"


def _word(name: str, value: object, *, in_cents: bool) -> str:
    language = current_language()
    match value:
        case datetime():
            words = typography.moment(value, language=language)
        case date():
            words = typography.day(value, language=language)
        case str() if name.endswith("_on") and value:
            words = typography.day(date.fromisoformat(value), language=language)
        case int():
            words = _figure(name, value, language, in_cents=in_cents)
        case str() if name == "kind":
            words = label_of_actor_kind(value)
        case tuple() | list():
            words = ", ".join(str(item) for item in value)
        case _:
            known = (states[str(value)][0] for states in STATES.values() if name == "state" and str(value) in states)
            words = str(next(known, value))
    return words


def _figure(name: str, value: int, language: str, *, in_cents: bool) -> str:
    if name.endswith("_bp"):
        return typography.percent(value, language=language)
    if name == "bytes":
        return typography.file_size(value, language=language)
    if in_cents or name.endswith("_cents"):
        return typography.euros(abs(value), language=language)
    return str(value)
