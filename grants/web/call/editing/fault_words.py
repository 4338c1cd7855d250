"""What is wrong with the terms of a call, in words: a sentence for every code of the readers of `grants.domain`."""

from grants.errors import Reason
from grants.web.kit.labels import sentence
from grants.web.kit.language import lazy_gettext as _l

FAULTS = {
    "needed": _l("À remplir."),
    "empty": _l("À remplir."),
    "too_long": _l("Ce texte est trop long."),
    "too_many": _l("Il y en a trop."),
    "twice": _l("Deux ont le même nom interne : renommez-en un."),
    "not_a_key": _l("Ce nom interne ne convient pas : des lettres sans accent, des chiffres et le trait bas."),
    "not_a_text": _l("Écrivez un texte."),
    "not_a_whole_number": _l("Écrivez un nombre entier."),
    "not_yes_or_no": _l("Choisissez oui ou non."),
    "not_a_list": _l("Une liste est attendue ici."),
    "not_an_object": _l("Cette partie ne peut pas être lue."),
    "not_plain": _l("Cette partie ne peut pas être lue."),
    "not_readable": _l("Cette valeur ne convient pas ici."),
    "not_a_choice": _l("Choisissez une réponse de la liste."),
    "unknown_test": _l("Cette règle n’est pas connue : choisissez-en une de la liste."),
    "unknown_version": _l("Ce document vient d’une version que ce logiciel ne connaît pas."),
    "unknown_key": _l("Cette rubrique n’existe pas."),
    "unknown_kind": _l("Ce type n’existe pas."),
    "no_fields_here": _l("Cette rubrique a sa propre page : elle ne contient pas de questions."),
    "not_in_a_row": _l("Ce type de question n’entre pas dans un tableau ou un groupe."),
    "not_for_this_kind": _l("Ce type de question n’en a pas."),
    "below_least": _l("Le maximum est plus petit que le minimum."),
    "not_after": _l("Cette date doit venir après celle qui la précède."),
    "unknown_field": _l("Une condition ou un calcul regarde une question qui n’existe pas, ou qui vient plus loin."),
    "not_a_condition": _l("Complétez la condition : une question, une comparaison, une valeur."),
    "not_a_formula": _l("Complétez le calcul : une opération et les questions sur lesquelles elle porte."),
    "too_deep": _l("Cette condition a trop d’étages : quatre au plus."),
    "partners_twice": _l("Il y a deux rubriques de partenaires : une seule est possible."),
    "territories_twice": _l("Il y a deux rubriques de territoires : une seule est possible."),
    "budget_twice": _l("Il y a deux rubriques de budget : une seule est possible."),
    "documents_twice": _l("Il y a deux rubriques de pièces : une seule est possible."),
    "missing": _l("Cette heure n’existe pas : les horloges avancent cette nuit-là. Choisissez une heure plus tard."),
    "ambiguous_hour": _l("Cette heure vient deux fois : les horloges reculent cette nuit-là. Dites laquelle des deux."),
    "unknown_zone": _l("Ce fuseau horaire n’existe pas."),
}


def fault_words(reason: Reason) -> str:
    """The sentence of a fault; of any other reason, its own."""
    code = reason.code
    if code == "ambiguous" and "zone" in reason.params:
        code = "ambiguous_hour"
    if code == "too_long" and "limit" in reason.params:
        return sentence(reason)
    return str(FAULTS[code]) if code in FAULTS else sentence(reason)
