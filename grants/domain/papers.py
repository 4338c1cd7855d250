"""Papers that an organisation keeps for its files: what they are, how long they speak for it."""

from dataclasses import dataclass
from datetime import date, timedelta

from grants.domain.calendar import add_months

SOON = timedelta(days=30)


@dataclass(frozen=True)
class PaperKind:
    """`months`: how long it holds after its date (0: until replaced); `yearly`: one a year (accounts)."""

    label: str
    hint: str = ""
    months: int = 0
    yearly: bool = False


# The keys that calls name in their kinds of documents; others of a call simply find no paper to reuse.
#: Where money is sent: not for those who judge, nor for partners who help to write.
BANK_STATEMENT = "bank_statement"

PAPERS = {
    "statutes": PaperKind("Statuts signés", "Datés et signés, dans leur dernière version."),
    "declaration": PaperKind(
        "Récépissé de déclaration", "Ou l’extrait du registre du tribunal (57, 67, 68), ou l’équivalent à l’étranger."
    ),
    "officers": PaperKind("Liste des dirigeants", "Le bureau ou le conseil, de moins de douze mois.", months=12),
    "bank_statement": PaperKind("Relevé d’identité bancaire", "Au nom de l’organisation."),
    "accounts": PaperKind("Comptes annuels approuvés", "Bilan, compte de résultat et annexe.", yearly=True),
    "activity_report": PaperKind("Rapport d’activité", "Avec le procès-verbal de l’assemblée.", yearly=True),
    "auditor_report": PaperKind(
        "Rapport du commissaire aux comptes", "Au-delà de 153 000 € de subventions par an.", yearly=True
    ),
    "mandate": PaperKind("Pouvoir donné au signataire", "Si ce n’est pas la personne qui représente l’organisation."),
    "republican_contract": PaperKind("Contrat d’engagement républicain", "Signé, si l’appel le demande."),
}


def valid_until(kind: str, issued_on: date | None) -> date | None:
    """The last day on which a paper of this kind speaks for its organisation; None where it has no end."""
    months = PAPERS[kind].months
    return add_months(issued_on, months) if months and issued_on is not None else None


def expired(valid_until_on: date | None, today: date) -> bool:
    """Its last day has passed."""
    return valid_until_on is not None and valid_until_on < today


def expires_soon(valid_until_on: date | None, today: date) -> bool:
    """It still holds, for less than a month."""
    return valid_until_on is not None and today <= valid_until_on < today + SOON
