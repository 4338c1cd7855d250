"""The kinds of questions and of sections in words, and what each of them may have."""

from grants.domain.form_data import IN_ROWS
from grants.domain.forms import FieldKind, FileStage, Mark, SectionKind
from grants.web.kit.language import lazy_gettext as _l

K = FieldKind
FIELD_KINDS = {
    K.LINE: (_l("Texte court"), _l("Une ligne.")),
    K.TEXT: (_l("Texte long"), _l("Plusieurs paragraphes, avec une longueur maximale.")),
    K.WHOLE: (_l("Nombre entier"), _l("Par exemple un nombre de personnes.")),
    K.NUMBER: (_l("Nombre à virgule"), _l("Par exemple des équivalents temps plein.")),
    K.AMOUNT: (_l("Montant en euros"), _l("Lu comme une somme, avec ou sans centimes.")),
    K.PERCENT: (_l("Pourcentage"), _l("De 0 à 100.")),
    K.DAY: (_l("Date"), _l("Un jour du calendrier.")),
    K.PHONE: (_l("Téléphone"), _l("Français ou étranger, avec son indicatif.")),
    K.EMAIL: (_l("Adresse électronique"), _l("Vérifiée dans sa forme.")),
    K.LINK: (_l("Adresse d’un site"), _l("Commence par https.")),
    K.CHOICE: (_l("Un choix dans une liste"), _l("Une seule réponse parmi celles que vous écrivez.")),
    K.CHOICES: (_l("Plusieurs choix"), _l("Des cases à cocher.")),
    K.COUNTRY: (_l("Pays"), _l("La liste des pays est donnée.")),
    K.PLACE: (_l("Région ou département"), _l("La liste des territoires de France est donnée.")),
    K.POSTCODE: (_l("Code postal"), _l("Français, cinq chiffres.")),
    K.SIRET: (_l("Numéro SIRET"), _l("Sa clé est vérifiée.")),
    K.RNA: (_l("Numéro RNA"), _l("Celui d’une association déclarée en France.")),
    K.DECLARATION: (_l("Engagement"), _l("Une case à cocher ; sans elle, le dossier ne peut pas être déposé.")),
    K.CONSENT: (_l("Consentement"), _l("Une case libre ; qui l’a cochée, et quand, est gardé.")),
    K.TABLE: (_l("Tableau"), _l("Des lignes et des colonnes que vous nommez.")),
    K.GROUP: (_l("Lignes à ajouter"), _l("Autant de lignes que l’équipe en a besoin, avec vos colonnes.")),
    K.COMPUTED: (_l("Valeur calculée"), _l("Faite d’autres réponses ; personne ne la tape.")),
    K.NOTE: (_l("Texte à lire"), _l("Une explication entre deux questions ; rien à répondre.")),
}
SECTION_KINDS = {
    SectionKind.FIELDS: (_l("Questions"), _l("Les questions que vous écrivez.")),
    SectionKind.PARTNERS: (_l("Partenaires"), _l("Les organisations de l’alliance, chacune avec son rôle.")),
    SectionKind.TERRITORIES: (_l("Territoires"), _l("Où le projet agit, ici et ailleurs.")),
    SectionKind.BUDGET: (_l("Budget"), _l("Dépenses et ressources, avec leurs totaux.")),
    SectionKind.DOCUMENTS: (_l("Pièces à joindre"), _l("Les fichiers que l’appel demande.")),
}
STAGES = {
    FileStage.NOTE: _l("Avec la note seulement"),
    FileStage.FULL: _l("Avec le dossier complet seulement"),
}
MARKS = {
    Mark.PERSONAL: (
        _l("Donnée personnelle"),
        _l("Le nom ou les coordonnées d’une personne : effacé quand le délai de conservation est passé."),
    ),
    Mark.BLIND: (
        _l("Cachée au comité"),
        _l("Masquée aux personnes qui évaluent tant qu’elles ne doivent pas savoir qui candidate."),
    ),
    Mark.PUBLIC: (_l("Publique"), _l("Reprise sur la fiche publique du projet s’il est soutenu.")),
    Mark.CONFIDENTIAL: (_l("Confidentielle"), _l("Lue par l’équipe du programme seulement, jamais par le comité.")),
}
#: What a kind of question has beside its words.
WITH_LIMIT = frozenset({K.LINE, K.TEXT})
WITH_BOUNDS = frozenset({K.WHOLE, K.NUMBER, K.AMOUNT, K.PERCENT, K.CHOICES, K.GROUP})
WITH_CHOICES = frozenset({K.CHOICE, K.CHOICES})
WITH_COLUMNS = frozenset({K.TABLE, K.GROUP})
ASKED_NOTHING = frozenset({K.COMPUTED, K.NOTE})
COLUMN_KINDS = tuple((str(kind), words) for kind, (words, _hint) in FIELD_KINDS.items() if kind in IN_ROWS)
NUMBERS = frozenset({K.WHOLE, K.NUMBER, K.AMOUNT, K.PERCENT, K.COMPUTED})

FORMULAS = {
    "sum": _l("la somme de"),
    "difference": _l("la première moins la seconde :"),
    "product": _l("le produit de"),
    "share": _l("la part, en pour cent, de la première dans la seconde :"),
    "months": _l("le nombre de mois entre deux dates :"),
    "count": _l("le nombre de lignes de"),
    "sum_of": _l("la somme d’une colonne de"),
}
TESTS = {
    "is": _l("est"),
    "is_not": _l("n’est pas"),
    "one_of": _l("est l’une de (séparées par des points-virgules)"),
    "contains": _l("a parmi ses choix"),
    "filled": _l("a une réponse"),
    "empty": _l("n’a pas de réponse"),
    "at_least": _l("vaut au moins (ou vient après)"),
    "at_most": _l("vaut au plus (ou vient avant)"),
}
GROUPS = {
    "all": _l("si toutes ces conditions sont vraies"),
    "any": _l("si l’une au moins est vraie"),
    "not": _l("si aucune n’est vraie"),
}
