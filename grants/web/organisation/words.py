"""What the passport remarks upon: nothing of it blocks."""

from grants.models import Organisation
from grants.web.kit.language import gettext as _

ASSOCIATIONS = frozenset({"ngo", "diaspora"})


def remarks_of(row: Organisation) -> list[str]:
    """Sentences about what is missing or looks odd; existence is never asked of anybody."""
    found: list[str] = []
    if not (row.siret or row.rna or row.registration):
        found.append(
            _("Aucune immatriculation n’est indiquée : SIRET, RNA, registre d’un tribunal ou registre à l’étranger.")
        )
    elif row.country == "FR" and not row.siret:
        found.append(_("Le SIRET manque : il est demandé avant tout versement en France."))
    if row.country == "FR" and row.actor_kind in ASSOCIATIONS and not (row.rna or row.court):
        found.append(_("Association : le numéro RNA n’est pas indiqué. Il est facultatif."))
    if not row.representative:
        found.append(_("La personne qui représente l’organisation n’est pas indiquée."))
    if not row.address_lines:
        found.append(_("L’adresse n’est pas indiquée."))
    return found
