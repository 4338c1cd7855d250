"""The sentences of reasons: what files, their answers and their people refuse. %(…)s are the figures of the reason."""

from grants.web.kit.language import lazy_gettext as _l

FILES = {
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
}
