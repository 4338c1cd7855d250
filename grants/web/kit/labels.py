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
    "decision": {
        "proposed": (_l("Proposée"), "info", "pen"),
        "approved": (_l("Approuvée"), "info", "check"),
        "released": (_l("Notifiée"), "ok", "send"),
        "superseded": (_l("Remplacée"), "neutral", "undo"),
        "revoked": (_l("Annulée"), "neutral", "cross"),
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
    "application.ask-waiver": _l("Dérogation demandée"),
    "application.withdraw": _l("Dossier retiré"),
    "screening.check": _l("Règles vérifiées"),
    "screening.return": _l("Corrections demandées"),
    "screening.grant-waiver": _l("Dérogation accordée"),
    "screening.refuse-waiver": _l("Dérogation refusée"),
    "screening.declare-eligible": _l("Déclaré éligible"),
    "screening.declare-ineligible": _l("Déclaré inéligible"),
    "screening.declare-inadmissible": _l("Déclaré irrecevable"),
    "screening.reopen": _l("Examen repris"),
    "review.assign": _l("Évaluations attribuées"),
    "review.open": _l("Évaluation ouverte"),
    "review.declare-interest": _l("Lien d’intérêt déclaré"),
    "review.settle-interest": _l("Doute tranché"),
    "selection.convene": _l("Séance convoquée"),
    "selection.open": _l("Porté devant le comité"),
    "decision.release": _l("Décision notifiée"),
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
    "envelope_set": _l("L’enveloppe de l’appel doit être renseignée."),
    "every_file_decided": _l("Il reste des dossiers sans décision."),
    # applications
    "call_open": _l("L’appel ouvre le %(opens_at)s."),
    "before_deadline": _l("La date limite est passée : l’appel a fermé le %(closes_at)s."),
    "complete": _l("Le dossier n’est pas complet : des réponses manquent."),
    "rules_respected": _l("Une règle de l’appel n’est pas respectée."),
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
    "unconflicted": _l("Vous vous êtes retiré de ce dossier."),
    "review_window_open": _l("L’évaluation est ouverte du %(opens_at)s au %(closes_at)s."),
    "every_criterion_marked": _l("Il manque une note sur : %(missing_marks)s."),
    "extremes_commented": _l("Une note aux extrêmes demande une phrase d’explication : %(missing_comments)s."),
    "deliberation_not_closed": _l("La délibération est close : les notes ne changent plus."),
    "reviewer_in_conflict": _l("%(name)s a un lien d’intérêt avec ce dossier : choisissez une autre personne."),
    "doubt_declared": _l("Aucun doute n’est déclaré : il n’y a rien à trancher."),
    "correction_explained": _l("Expliquez pourquoi votre avis diffère de la vérification automatique."),
    # sittings
    "no_other_sitting": _l("Une séance de cet appel n’est pas close."),
    "quorum_reached": _l("Le quorum n’est pas atteint : %(present)s présents pour %(quorum)s requis."),
    "every_review_given": _l("Il manque des évaluations."),
    "every_file_proposed": _l("Il reste des dossiers sans proposition du comité."),
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
    "no_project_yet": _l("Un projet existe déjà sur cette décision."),
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
    "too_long": _l("%(length)s caractères pour %(limit)s au plus."),
    "not_a_number": _l("Écrivez un nombre, par exemple 1 250,50."),
    "ambiguous": _l("Écriture ambiguë : 1 500 ou 1,50 ?"),
    "negative": _l("Le montant doit être positif."),
    "zero": _l("Le montant ne peut pas être nul."),
    "too_many_decimals": _l("Deux décimales au plus (euros entiers si l’appel le demande)."),
    "too_large": _l("Ce montant est trop grand."),
    "not_a_date": _l("Écrivez une date, par exemple 12/03/2027."),
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
    "file_missing": _l("Choisissez un fichier."),
    "consent_missing": _l("Cochez l’engagement pour déposer le dossier."),
    "unassigned": _l("Ce texte contient un caractère inconnu qui ne peut pas être gardé."),
    # budget and rules of a call
    "no_expense": _l("Le budget ne comporte encore aucune dépense."),
    "nothing_requested": _l("Le budget ne dit pas encore quelle subvention est demandée."),
    "unbalanced": _l("Les ressources et les dépenses diffèrent de %(gap)s."),
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
    # predicates of the policy, for a 403
    "applicant": _l("L’équipe de l’organisation candidate peut le faire."),
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
MONEY_CODES = frozenset({"above_ceiling", "below_floor", "unbalanced", "in_kind_unbalanced"})


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
