"""The sentences of reasons: what reading, sitting and deciding refuse. %(…)s are the figures of the reason."""

from grants.web.kit.language import lazy_gettext as _l

SELECTION = {
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
    "board_decides": _l(
        "Une lettre réécrite ne se décide pas au conseil : une autre personne de l’équipe la confirme."
    ),
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
    "sheet_incomplete": _l(
        "Dossier %(number)s : il manque une note ou son explication (%(missing)s). Rien n’est rendu."
    ),
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
}
