"""The words of a list that is taken away, in the language of the page: they go with the request to the worker."""

from typing import Any

from grants.queries.export import Words
from grants.web.kit.labels import REASON_CODES, STATES
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l

#: name, what stands in it, name of the file
CONTENTS: dict[str, tuple[Any, Any, str]] = {
    "ranking": (
        _l("Classement"),
        _l("Rangs, moyennes, étendues, chances de passer devant la ligne et décisions, dossier par dossier."),
        "classement",
    ),
    "files": (
        _l("Dossiers"),
        _l("Numéro, titre, organisation, partenaires, territoires, dates, montants et état."),
        "dossiers",
    ),
    "reviews": (
        _l("Évaluations rendues"),
        _l("Une ligne par critère : note, commentaire, avis pour le comité. Jamais les notes privées."),
        "evaluations",
    ),
    "decisions": (
        _l("Décisions"),
        _l("Décision, montant, motif, condition, acte du conseil et date de notification."),
        "decisions",
    ),
}

COLUMNS = {
    "rank": _l("Rang"),
    "number": _l("Numéro"),
    "title": _l("Titre"),
    "lead": _l("Organisation"),
    "siret": _l("SIRET"),
    "country": _l("Pays"),
    "partners": _l("Partenaires"),
    "territories": _l("Territoires"),
    "starts_on": _l("Début"),
    "ends_on": _l("Fin"),
    "requested": _l("Montant demandé (€)"),
    "budget": _l("Budget hors valorisations (€)"),
    "state": _l("État"),
    "received_at": _l("Reçu le"),
    "zone": _l("Fuseau"),
    "officer": _l("Suivi par"),
    "mean": _l("Moyenne sur 100"),
    "reviews": _l("Évaluations rendues"),
    "expected": _l("Évaluations prévues"),
    "spread": _l("Étendue"),
    "lowest": _l("Note la plus basse"),
    "highest": _l("Note la plus haute"),
    "above": _l("Devant la ligne"),
    "expected_rank": _l("Rang attendu"),
    "rank_low": _l("Rang, une chance sur deux : de"),
    "rank_high": _l("Rang, une chance sur deux : à"),
    "chance": _l("Chance de passer devant la ligne"),
    "outcome": _l("Décision"),
    "awarded": _l("Montant accordé (€)"),
    "reviewer": _l("Lectrice ou lecteur"),
    "given_at": _l("Rendue le"),
    "total": _l("Note sur 100"),
    "criterion": _l("Critère"),
    "criterion_name": _l("Intitulé du critère"),
    "weight": _l("Poids"),
    "mark": _l("Note sur 5"),
    "comment": _l("Commentaire"),
    "opinion": _l("Avis pour le comité"),
    "decision_state": _l("État de la décision"),
    "reserve_rank": _l("Rang sur la liste d’attente"),
    "reason": _l("Raison"),
    "motive": _l("Motif"),
    "conditions": _l("Condition"),
    "due_on": _l("À lever avant le"),
    "lifted_at": _l("Levée le"),
    "votes": _l("Vote"),
    "board_on": _l("Date de l’acte"),
    "board_reference": _l("Référence de l’acte"),
    "released_at": _l("Notifiée le"),
}


def words_of(content: str) -> Words:
    """The words of a list. Raises KeyError for one that there is not."""
    codes = {f"state:{code}": str(tone[0]) for code, tone in STATES["application"].items()}
    codes |= {f"outcome:{code}": str(tone[0]) for code, tone in STATES["outcome"].items()}
    codes |= {f"decision:{code}": str(tone[0]) for code, tone in STATES["decision"].items()}
    codes |= {f"reason:{code}": str(words) for code, words in REASON_CODES.items()}
    return Words(
        sheet=str(CONTENTS[content][0]),
        columns={key: str(words) for key, words in COLUMNS.items()},
        codes=codes,
        yes=_("oui"),
        no=_("non"),
        note=_(" […] (texte coupé : la cellule était pleine)"),
        mean=_("Moyenne {key} sur 5"),
    )
